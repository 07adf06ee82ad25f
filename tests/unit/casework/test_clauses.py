"""The library of clauses: every one can be filled, and a site may change it."""

from datetime import date
from pathlib import Path

import pytest

from casework.causes import causes
from casework.clauses import BLANK, TOPICS, clauses, fill, meant_for
from casework.errors import SiteInvalidError
from tests.integration.handlers.disputes import claim, dispute

OWN = '- {code: severance, topic: compensation, title: 甲, title_en: A, text: "本市：{worker}"}\n'


def library(folder: Path, text: str = "") -> tuple:
    if text:
        (folder / "clauses.yaml").write_text(text, "utf-8")
    return clauses(folder)


def test_every_topic_and_the_causes_people_settle_have_a_clause(tmp_path: Path) -> None:
    found = library(tmp_path)
    assert {each.topic for each in found} == set(TOPICS)
    assert len({each.code for each in found}) == len(found)
    for code in ("wages", "economic-compensation", "damages", "labour-relation", "overtime"):
        assert [each for each in found if code in each.causes], code
    assert all(set(each.causes) <= causes().keys() for each in found)


def test_a_clause_is_filled_with_names_amount_in_both_forms_and_dates(tmp_path: Path) -> None:
    (clause,) = [each for each in library(tmp_path) if each.code == "wages-lump-sum"]
    found = dispute(claims=[claim(1, "wages", "18000.00")], dates={"performance_due_on": date(2026, 4, 15)})
    filled = fill(clause, found)
    assert filled.missing == ()
    assert filled.text == (
        "示例机械有限公司于2026年4月15日前一次性支付示例甲劳动报酬（含加班费等）"
        "人民币18,000.00元（大写：壹万捌仟元整），汇入示例甲本人银行账户。"
    )


def test_the_amount_is_that_of_the_claims_the_clause_is_about(tmp_path: Path) -> None:
    (clause,) = [each for each in library(tmp_path) if each.code == "severance"]
    found = dispute(claims=[claim(1, "wages", "18000.00"), claim(2, "economic-compensation", "100.50")])
    assert "人民币100.50元" in fill(clause, found).text


def test_what_the_case_does_not_know_is_a_blank_and_is_named(tmp_path: Path) -> None:
    (clause,) = [each for each in library(tmp_path) if each.code == "damages"]
    filled = fill(clause, dispute(claims=[claim(1, "damages", None)], dates={}))
    assert filled.missing == ("履行期限", "金额")
    assert BLANK in filled.text
    assert "{" not in filled.text


def test_a_name_with_braces_is_text(tmp_path: Path) -> None:
    from tests.integration.handlers.disputes import employer, worker

    (clause,) = [each for each in library(tmp_path) if each.code == "no-further-claims"]
    found = dispute(parties=[worker(name="{employer}", agents=()), employer()])
    assert "{employer}依法享有" in fill(clause, found).text


def test_many_workers_are_shortened(tmp_path: Path) -> None:
    from tests.integration.handlers.disputes import large

    (clause,) = [each for each in library(tmp_path) if each.code == "no-further-claims"]
    assert "示例工1等30名" in fill(clause, large()).text


def test_only_clauses_for_the_causes_are_offered_and_those_for_any(tmp_path: Path) -> None:
    offered = {each.code for each in meant_for(library(tmp_path), ["labour-relation"])}
    assert {"relation-confirmed", "confidentiality", "breach-acceleration"} <= offered
    assert not {"wages-lump-sum", "severance"} & offered


def test_a_site_replaces_adds_and_takes_away(tmp_path: Path) -> None:
    before = library(tmp_path / "none")
    taken = '- {code: damages, topic: compensation, title: 乙, title_en: B, text: ""}\n'
    added = '- {code: local, topic: breach, title: 丙, title_en: C, text: "本地"}\n'
    found = {each.code: each.text for each in library(tmp_path, OWN + taken + added)}
    assert found["severance"] == "本市：{worker}"
    assert found["local"] == "本地"
    assert "damages" not in found
    assert len(found) == len(before)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x: 1", "a list of clauses"),
        ("- [", "clauses.yaml"),
        ("- {topic: breach}", "needs a code"),
        (OWN.replace("title: 甲, ", ""), "title of the clause severance"),
        (OWN.replace("compensation", "weather"), "unknown topic weather"),
        (OWN.replace("{worker}", "{salary}"), "unknown placeholders"),
        (OWN.replace("{worker}", "{worker.__class__}"), "unknown placeholders"),
        (OWN.replace("{worker}", "{worker"), "cannot be filled"),
        (OWN.replace("text:", "causes: [rain], text:"), "unknown causes"),
    ],
)
def test_a_mistake_in_a_site_s_clauses_is_named(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(SiteInvalidError, match=problem):
        library(tmp_path, text)
