"""Copy cards: in the platform's order, only for those who may see identity numbers, and what became of the case there."""

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from casework.errors import SiteInvalidError
from casework.platforms import platforms
from casework.store.tables import outside_record
from tests.integration.api.service_desk import ServiceDesk


def test_a_card_holds_what_to_type_in_the_order_of_the_form(desk: ServiceDesk) -> None:
    case = desk.case()
    cards = {card["platform"]: card for card in desk.get(f"/cases/{case['id']}/copy-cards")["items"]}
    assert list(cards) == ["internet-mediation", "court-mediation", "one-stop"]
    told = [(each["heading"], each["value"]) for each in cards["internet-mediation"]["fields"]]
    assert told[:4] == [("申请人姓名", "张三"), ("证件类型", "居民身份证"), ("证件号码", "370402199001011234"), ("联系电话", "13800000000")]  # fmt: skip
    assert dict(told)["调解员"] is None
    answer = desk.call("GET", f"/cases/{case['id']}/copy-cards/internet-mediation/content")
    rows = list(load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True))
    assert rows[1:] == [tuple(name for name, _ in told), tuple(value for _, value in told)]


def test_number_and_state_there_are_kept_with_what_was_before(desk: ServiceDesk) -> None:
    case = desk.case()
    path = f"/cases/{case['id']}/copy-cards/court-mediation"
    for state, number in (
        ("entered", "（2026）鲁0402诉前调1号"),
        ("entered", "（2026）鲁0402诉前调1号"),
        ("closed", None),
    ):
        assert desk.call("PUT", path, {"state": state, "outside_number": number}).status_code == 204
    rows = desk.rows(outside_record)
    assert [(row.state, row.superseded_at is None) for row in rows] == [("entered", False), ("closed", True)]
    card = desk.get(f"/cases/{case['id']}/copy-cards")["items"][1]
    assert (card["record"]["state"], card["record"]["recorded_by"]) == ("closed", "window")
    assert [(each["state"], each["outside_number"], each["recorded_by_name"]) for each in card["history"]] == [
        ("closed", None, "window"),
        ("entered", "（2026）鲁0402诉前调1号", "window"),
    ]
    assert card["history"][0] == card["record"]
    titles = [each["title"] for each in desk.get(f"/cases/{case['id']}/timeline")["items"]]
    assert titles.count("登记在人民法院调解平台的编号和状态") == 2
    assert desk.problem("PUT", path, {"state": "eaten"}) == (422, "input_invalid")
    assert desk.problem("PUT", f"/cases/{case['id']}/copy-cards/none", {"state": "open"}) == (404, "not_found")


def test_nobody_else_gets_a_card(desk: ServiceDesk) -> None:
    case = desk.case()
    for method, path, body in (
        ("GET", "", None),
        ("GET", "/one-stop/content", None),
        ("PUT", "/one-stop", {"state": "open"}),
    ):
        for username in ("mediator", "head", "clerk", "court"):
            assert desk.problem(method, f"/cases/{case['id']}/copy-cards{path}", body, by=username) == (
                404,
                "not_found",
            )
        for username in ("supervisor", "worker", "employer", "union", "admin"):
            assert desk.problem(method, f"/cases/{case['id']}/copy-cards{path}", body, by=username) == (
                403,
                "forbidden",
            )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("platforms: []", "not empty"),
        ("a: [", "no YAML"),
        ("platforms: [{key: a}]", "needs a list `states`"),
        ("platforms: [{key: a, name: b, name_en: c, states: [{code: o, name: o, name_en: o}], columns: [{heading: h}]}]", "either `source` or `text`"),
        ("platforms: [{key: a, name: b, name_en: c, states: [{code: o, name: o, name_en: o}], columns: [{heading: h, source: secret}]}]", "unknown source 'secret'"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_is_told_with_its_place(tmp_path: Path, content: str, problem: str) -> None:
    (tmp_path / "platforms.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(SiteInvalidError) as told:
        platforms(tmp_path)
    assert problem in told.value.sentence("en")
    assert platforms(tmp_path / "elsewhere") == {}
