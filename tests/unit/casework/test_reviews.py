"""What a reviewer checks with: grounds with their articles, papers that are missing, items that may be reviewed."""

import json
from typing import Any

import pytest

from casework.agreements import AgreementItem
from casework.reviews import APPLICATION_FORM, DECISIONS_FORM, GROUND_FIELDS, choices, grounds, items, materials
from casework.settings import CHECKOUT


def form(key: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CHECKOUT / "forms" / f"{key}.form").read_text("utf-8"))
    return found


@pytest.mark.parametrize("key", GROUND_FIELDS)
def test_a_ground_of_the_forms_names_no_article(key: str) -> None:
    found = grounds(form(key), GROUND_FIELDS[key])
    assert len(found) >= 5
    assert all(ground.article is not None and ground.label for ground in found)


def test_a_ground_names_another_article_than_its_code() -> None:
    third = grounds(form("review-decision"), "review_decision_ground")[2]
    assert third.article is not None
    assert third.article.zh == "《劳动人事争议仲裁办案规则》第七十八条第（三）项"
    assert third.article.en.endswith("Art. 78 item 3")
    whole = {"components": [{"key": "why", "values": [{"value": "74-materials", "label": "未补正"}, {"value": "x"}]}]}
    whole["components"][0]["values"][1]["label"] = "其他"
    articles = [ground.article for ground in grounds(whole, "why")]
    assert articles[0] is not None
    assert articles[0].zh.endswith("第七十四条")
    assert articles[1] is None


def test_a_paper_that_came_later_is_still_called_missing() -> None:
    said = {"review_materials": ["application", "agreement"], "review_materials_missing": ["identity"]}
    states = {row["code"]: row["state"] for row in materials(form(APPLICATION_FORM), said)}
    assert (states["agreement"], states["identity"], states["evidence"]) == ("received", "missing", "not-noted")
    later = materials(form(APPLICATION_FORM), said | {"review_materials_state": "corrected"})
    assert {row["code"]: row["state"] for row in later}["identity"] == "supplied"
    assert materials(form(APPLICATION_FORM), {}) == []


def test_an_item_that_cannot_be_reviewed_looks_like_any_other() -> None:
    agreement = [
        AgreementItem(1, "确认劳动关系", "labour-relation"),
        AgreementItem(2, "支付工资", "wages", payer_party_id="b"),
    ]
    said = {
        "review_acceptance": "accepted",
        "review_scope": "part",
        "review_item_decisions": [
            {"item_number": 1, "eligible": "no", "item_ground": "75-4"},
            {"item_number": 2, "eligible": "yes"},
        ],
    }
    first, second = items(agreement, form(DECISIONS_FORM), said, {"b": "某公司"})
    assert (first["may_be_reviewed"], first["is_reviewed"], first["ground"]["code"]) == (False, False, "75-4")
    assert first["ground"]["label"] == choices(form(DECISIONS_FORM), "item_ground")["75-4"]
    assert (second["may_be_reviewed"], second["is_reviewed"], second["payer"]) == (True, True, "某公司")


def test_an_item_counts_as_decided_before_anybody_decided() -> None:
    agreement = [AgreementItem(1, "支付工资", "wages")]
    assert items(agreement, None, {"review_scope": "all"}, {})[0]["is_reviewed"] is None
    accepted = {"review_scope": "all", "review_acceptance": "accepted"}
    assert items(agreement, None, accepted, {})[0]["is_reviewed"] is True
