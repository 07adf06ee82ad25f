"""Free text that forms collect: it speaks of persons, so it is kept encrypted and the process sees a reference only."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from casework.errors import InputInvalidError
from engine.domain.values import Value, decode, encode

MAX_STATEMENT_LENGTH = 20_000
MAX_INSTALMENTS = 120
ROW_STATEMENTS = frozenset({"instalments", "negotiation_helpers", "agreement_clauses", "settlement_clauses"})
"""Statements that hold rows, not text."""

CONSENT_COPY = "record_consent_copy"
"""The statement that holds the id of a document: both parties' written consent to the use of a confidential record."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A named text of a case."""

    name: str
    zh: str
    en: str
    is_confidential: bool = False
    """Seen by the parties and the mediator alone (企业劳动争议协商调解规定 Art. 11, 24)."""


STATEMENTS: Mapping[str, Statement] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Statement("remark", "备注", "Remark"),
            Statement("refusal_reason", "不予受理或不同意的理由", "Reason for refusal"),
            Statement("recusal_reason", "回避决定的说明", "Reason of a decision on recusal"),
            Statement("withdrawal_reason", "撤回理由", "Reason for withdrawal"),
            Statement("internal_complaint", "内部申诉事项", "Internal complaint"),
            Statement("complaint_answer", "申诉核实和答复", "Answer to the internal complaint"),
            Statement("negotiation_matter", "协商事项和请求", "What is to be negotiated"),
            Statement("negotiation_proposal", "建议的协商安排", "Proposed time, place and way of negotiating"),
            Statement("negotiation_helpers", "协助协商的人员", "Helpers of the negotiation"),
            Statement("negotiation_representative", "对方协商代表", "Who negotiates for the other party"),
            Statement("service_note", "送达说明", "Note on service"),
            Statement("negotiation_place", "协商地点", "Place of a negotiation"),
            Statement(CONSENT_COPY, "使用协商记录的双方书面同意", "Both parties' consent to the use of a record"),
            Statement("round_participants", "协商参加人员", "Who took part in a round", True),
            Statement("negotiation_record", "协商记录", "Record of the negotiation", True),
            Statement("breach_terms", "违约责任", "What follows on breach"),
            Statement("settlement_review_opinion", "和解协议审查意见", "Opinion on the settlement"),
            Statement("settlement_terms", "和解协议内容", "Terms of the settlement"),
            Statement("settlement_clauses", "和解协议标准条款", "Clauses of the settlement"),
            Statement("settlement_items", "和解协议条款", "Items of the settlement"),
            Statement("mediation_record", "调解笔录", "Record of the mediation", True),
            Statement("false_mediation_report", "疑似虚假调解的情形", "Signs of a false mediation", True),
            Statement("undisputed_facts", "双方没有争议的事实", "Facts that are not in dispute"),
            Statement("extension_reason", "延期的理由", "Reason for an extension"),
            Statement("dispute_facts", "争议事实", "Facts of the dispute"),
            Statement("agreement_terms", "调解协议内容", "Terms of the mediation agreement"),
            Statement("agreement_clauses", "调解协议标准条款", "Clauses of the mediation agreement"),
            Statement("agreement_items", "调解协议条款", "Items of the mediation agreement"),
            Statement("instalments", "分期履行", "Instalments"),
            Statement("performance_method", "履行方式", "Way of performance"),
            Statement("performance_place", "履行地点", "Place of performance"),
            Statement("mediation_place", "调解地点", "Place of mediation"),
            Statement("capacity_opinion", "履约建议", "Advice on the ability to perform"),
            Statement("review_opinion", "审查意见", "Opinion of the reviewing arbitrator"),
            Statement("court_opinion", "法院意见", "Opinion of the court"),
            Statement("performance_record", "履行情况", "Record of performance"),
            Statement("follow_up_record", "回访记录", "Record of the follow-up"),
            Statement("case_summary", "案情摘要", "Summary of the case"),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment or act that an agreement promises."""

    position: int
    amount: Decimal
    due_on: date
    payer_party_id: str | None = None
    payee_party_id: str | None = None
    account: str | None = None


HELPER_KINDS: Mapping[str, str] = MappingProxyType(
    {"union": "工会", "representative": "职工代表", "legal-aid": "法律援助人员", "other": "其他组织或者个人"}
)
HELPER_SIDES: Mapping[str, str] = MappingProxyType({"applicant": "申请人", "respondent": "被申请人"})
HELPER_WAYS: Mapping[str, str] = MappingProxyType(
    {"asked": "劳动者要求参与", "itself": "工会主动参与", "appointed": "书面委托"}
)


@dataclass(frozen=True, slots=True)
class Helper:
    """Who helps a party to negotiate (企业劳动争议协商调解规定 Art. 9)."""

    kind: str
    """A key of `HELPER_KINDS`."""
    name: str
    side: str
    """Whom they help: a key of `HELPER_SIDES`."""
    came_by: str
    """How they came to: a key of `HELPER_WAYS`."""


def statement_text(name: str, value: Value) -> str:
    """Return what is encrypted for the statement `name`.

    `instalments` and `negotiation_helpers` are lists of dicts and become JSON; everything else is text. Raises
    InputInvalidError.
    """
    if name == "instalments":
        return json.dumps(
            encode([_checked(index, row) for index, row in enumerate(_rows(name, value), 1)]), ensure_ascii=False
        )
    if name == "negotiation_helpers":
        return json.dumps(
            encode([_checked_helper(index, row) for index, row in enumerate(_rows(name, value), 1)]),
            ensure_ascii=False,
        )
    if not isinstance(value, str):
        raise InputInvalidError(name=name, problem_zh="应为文字。", problem_en="a text is needed.")
    if len(value) > MAX_STATEMENT_LENGTH:
        raise InputInvalidError(
            name=name,
            problem_zh=f"超过 {MAX_STATEMENT_LENGTH} 字。",
            problem_en=f"it is longer than {MAX_STATEMENT_LENGTH} characters.",
        )
    return value.strip()


def instalments(text: str | None) -> tuple[Instalment, ...]:
    """Return the instalments kept as `statement_text` wrote them; none for None."""
    if not text:
        return ()
    return tuple(Instalment(position=index, **row) for index, row in enumerate(decode(json.loads(text)), 1))


def helpers(text: str | None) -> tuple[Helper, ...]:
    """Return the helpers kept as `statement_text` wrote them; none for None."""
    return tuple(Helper(**row) for row in decode(json.loads(text))) if text else ()


def _rows(name: str, value: Value) -> list[Any]:
    if not isinstance(value, list) or len(value) > MAX_INSTALMENTS:
        raise InputInvalidError(
            name=name,
            problem_zh=f"应为不超过 {MAX_INSTALMENTS} 行的列表。",
            problem_en=f"a list of at most {MAX_INSTALMENTS} rows is needed.",
        )
    return value


def _checked(position: int, row: Any) -> dict[str, Value]:
    if not isinstance(row, dict):
        raise _wrong_row(position, "格式不正确。", "it is not a row.")
    try:
        amount = Decimal(str(row.get("amount"))).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise _wrong_row(position, "金额不是数字。", "the amount is not a number.") from None
    if not amount.is_finite() or amount <= 0:
        raise _wrong_row(position, "金额应大于零。", "the amount must be above zero.")
    due_on = row.get("due_on")
    if isinstance(due_on, str):
        try:
            due_on = date.fromisoformat(due_on)
        except ValueError:
            due_on = None
    if type(due_on) is not date:
        raise _wrong_row(position, "缺少履行日期。", "the due day is missing.")
    checked: dict[str, Value] = {"amount": amount, "due_on": due_on}
    for key in ("payer_party_id", "payee_party_id", "account"):
        if row.get(key):
            checked[key] = str(row[key])[:200]
    return checked


def _checked_helper(position: int, row: Any) -> dict[str, Value]:
    words = row if isinstance(row, dict) else {}
    checked: dict[str, Value] = {key: str(words.get(key) or "").strip()[:100] for key in Helper.__slots__}
    for key, known in (("kind", HELPER_KINDS), ("side", HELPER_SIDES), ("came_by", HELPER_WAYS)):
        if checked[key] not in known:
            raise _wrong_row(
                position,
                f"的 {key} 应为 {'、'.join(known)} 之一。",
                f"{key} must be one of {', '.join(known)}.",
                "negotiation_helpers",
            )
    if not checked["name"]:
        raise _wrong_row(position, "缺少姓名或者名称。", "the name is missing.", "negotiation_helpers")
    return checked


def _wrong_row(position: int, zh: str, en: str, name: str = "instalments") -> InputInvalidError:
    return InputInvalidError(name=name, problem_zh=f"第 {position} 行{zh}", problem_en=f"row {position}: {en}")
