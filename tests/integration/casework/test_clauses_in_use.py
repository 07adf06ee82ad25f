"""Clauses chosen in a form: their words reach the agreement with what was agreed, and are kept as they were."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from casework.errors import InputInvalidError
from casework.named_inputs import keep_inputs
from casework.queries.form_values import form_values
from casework.queries.read_dispute import read_dispute
from tests.integration.casework.office import Office

ITEM = {
    "clause": "wages-lump-sum",
    "cause_code": "wages",
    "worker": "applicant-1",
    "amount": "15600",
    "payer_party_id": "respondent-1",
    "payee_party_id": "applicant-1",
    "due_on": date(2026, 4, 15),
}
WORDS = (
    "某某机械有限公司于2026年4月15日前一次性支付张三劳动报酬（含加班费等）"
    "人民币15,600.00元（大写：壹万伍仟陆佰元整），汇入张三本人银行账户。"
)


@pytest.fixture
def office(engine: sa.Engine, tmp_path: Path) -> Office:
    return Office(engine, tmp_path)


def keep(office: Office, case_id: UUID, **values: Any) -> None:
    with office.as_user("mediator") as uow:
        keep_inputs(
            uow.connection,
            office.bureau,
            uow.ids,
            case_id,
            values,
            actor_id="user:mediator",
            now=uow.now,
            reason=None,
        )


def terms(office: Office, case_id: UUID, what: str = "agreement") -> list[str]:
    with office.begin() as connection:
        found = read_dispute(connection, office.bureau, case_id)
    return found.statements.get(f"{what}_terms", "").splitlines()


@pytest.mark.parametrize("what", ["agreement", "settlement"])
def test_items_clauses_and_free_text_stand_in_this_order_with_what_was_agreed(office: Office, what: str) -> None:
    case_id = office.register().case_id
    keep(
        office,
        case_id,
        **{
            f"{what}_items": [ITEM],
            f"{what}_clauses": ["no-further-claims", "breach-acceleration"],
            f"{what}_terms": "工资条由被申请人补发。",
        },
    )
    found = terms(office, case_id, what)
    assert found[0] == WORDS
    assert found[1].startswith("本协议履行完毕后")
    assert found[2].startswith("某某机械有限公司未按期足额支付")
    assert found[3:] == ["工资条由被申请人补发。"]


def test_a_redraft_fills_the_clause_anew_and_takes_clauses_away(office: Office) -> None:
    case_id = office.register().case_id
    keep(office, case_id, agreement_items=[ITEM], agreement_clauses=["no-further-claims"])
    with office.begin() as connection:
        wanted = frozenset({"agreement_items", "agreement_clauses", "clause_options", "item_clause_options"})
        shown = form_values(connection, office.bureau, case_id, wanted, sees_confidential=True)
    assert shown["agreement_clauses"] == ["no-further-claims"]
    assert "content" not in shown["agreement_items"][0]
    assert "wages-lump-sum" in {each["value"] for each in shown["item_clause_options"]}
    assert {each["value"] for each in shown["clause_options"]}.isdisjoint({"payment-account", "wages-lump-sum"})
    (row,) = shown["agreement_items"]
    keep(office, case_id, agreement_items=[{**row, "amount": "12000"}], agreement_clauses=[])
    assert terms(office, case_id) == [WORDS.replace("15,600.00", "12,000.00").replace("壹万伍仟陆佰", "壹万贰仟")]


def test_words_written_by_hand_stand_before_those_of_the_clause(office: Office) -> None:
    case_id = office.register().case_id
    keep(office, case_id, agreement_items=[{**ITEM, "content": "付清工资。"}])
    assert terms(office, case_id) == ["付清工资。"]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        (
            {"agreement_items": [{**ITEM, "amount": None, "due_on": None}]},
            "第 1 项条款“一次性支付劳动报酬”缺少：履行期限、金额",
        ),
        ({"agreement_items": [{**ITEM, "clause": "severance"}]}, "缺少：劳动关系终止日期"),
        ({"agreement_items": [{**ITEM, "clause": "poem"}]}, "没有“poem”"),
        ({"agreement_clauses": ["poem"]}, "没有“poem”"),
        ({"agreement_clauses": ["confidentiality", "confidentiality"]}, "不重复"),
        ({"agreement_items": [{**ITEM, "clause": ""}]}, "应写明内容"),
    ],
)
def test_a_clause_that_cannot_be_filled_is_refused_with_what_is_missing(
    office: Office, values: dict[str, Any], problem: str
) -> None:
    case_id = office.register().case_id
    with pytest.raises(InputInvalidError) as refused:
        keep(office, case_id, **values)
    assert problem in refused.value.sentence("zh")
    assert terms(office, case_id) == []
