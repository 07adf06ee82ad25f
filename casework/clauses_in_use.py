"""Clauses of the library put into an agreement: filled with the case's names and with what was agreed, and kept as filled."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from casework.amounts import chinese_date
from casework.clauses import PLACEHOLDERS_EN, Clause, clauses, fill, money_words
from casework.errors import InputInvalidError
from casework.queries.read_dispute import DisputeRecord
from engine.domain.values import Value

CLAUSE_STATEMENTS = ("agreement_clauses", "settlement_clauses")
"""Statements that hold clauses."""


def clauses_text(site_folder: Path, dispute: DisputeRecord, name: str, codes: Value, due_on: date | None) -> str:
    """Return what is encrypted for the clauses of an agreement: their codes and their words, filled.

    `due_on`: the day by which the agreement is performed. Raises InputInvalidError for a clause that is not in the
    library, and for one that needs what the case does not know.
    """
    if not isinstance(codes, list) or len(set(map(str, codes))) != len(codes):
        raise InputInvalidError(
            name=name, problem_zh="应为不重复的条款代码列表。", problem_en="a list of different clauses is needed."
        )
    known = {"due_on": chinese_date(due_on) if due_on else None}
    rows = []
    for code in codes:
        clause = _clause(site_folder, name, str(code), "")
        rows.append({"code": clause.code, "text": _filled(clause, dispute, known, name, "")})
    return json.dumps(rows, ensure_ascii=False)


def clause_codes(text: str) -> list[str]:
    """Return the codes of the clauses that `clauses_text` wrote down."""
    return [row["code"] for row in json.loads(text)]


def with_clauses(
    site_folder: Path, dispute: DisputeRecord, name: str, rows: Sequence[dict[str, Any]], due_on: date | None
) -> list[dict[str, Any]]:
    """Return the rows of an agreement's items, those that name a clause with its words as their content.

    Amount, day, payer and worker are those of the row; `rows` were checked, `due_on` stands for a row without a day.
    Raises InputInvalidError.
    """
    parties = {str(each.party_id): each for each in dispute.parties}
    found = []
    for position, row in enumerate(rows, 1):
        if "clause" not in row:
            found.append(row)
            continue
        where_zh, where_en = f"第 {position} 项", f"item {position}: "
        clause = _clause(site_folder, name, row["clause"], where_zh, where_en)
        worker = parties.get(row.get("worker") or row.get("payee_party_id") or "")
        payer = parties.get(row.get("payer_party_id") or "")
        amount: Decimal | None = row.get("amount")
        day = row.get("due_on") or due_on
        known = {
            "amount": None if amount is None else money_words(amount),
            "due_on": chinese_date(day) if day else None,
            **({"worker": worker.name} if worker and worker.kind == "person" else {}),
            **({"employer": payer.name} if payer and payer.kind == "organisation" else {}),
        }
        found.append({**row, "content": _filled(clause, dispute, known, name, where_zh, where_en)})
    return found


def _clause(site_folder: Path, name: str, code: str, where_zh: str, where_en: str = "") -> Clause:
    for clause in clauses(site_folder):
        if clause.code == code:
            return clause
    raise InputInvalidError(
        name=name, problem_zh=f"{where_zh}条款库中没有“{code}”。", problem_en=f"{where_en}there is no clause {code!r}."
    )


def _filled(
    clause: Clause,
    dispute: DisputeRecord,
    known: Mapping[str, str | None],
    name: str,
    where_zh: str,
    where_en: str = "",
) -> str:
    filled = fill(clause, dispute, known)
    if filled.missing:
        raise InputInvalidError(
            name=name,
            problem_zh=f"{where_zh}条款“{clause.title}”缺少：{'、'.join(filled.missing)}。",
            problem_en=f"{where_en}the clause {clause.title_en!r} lacks: {', '.join(PLACEHOLDERS_EN[each] for each in filled.missing)}.",
        )
    return filled.text
