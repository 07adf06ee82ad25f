"""Clauses for agreements: a library, the site's own on top, filled with what the case knows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any

import yaml

from casework.amounts import capital_amount, chinese_date, figure_amount
from casework.causes import causes
from casework.errors import SiteInvalidError
from casework.queries.read_dispute import DisputeRecord, PartyRecord
from casework.vocabulary import terms

LIBRARY = Path(__file__).with_name("clauses.yaml")
FILE = "clauses.yaml"
"""The site's own, beside site.yaml."""
BLANK_MARK = "＿"
BLANK = BLANK_MARK * 4

TOPICS = terms(
    ("wages", "劳动报酬", "Wages"),
    ("compensation", "经济补偿和赔偿", "Severance pay and damages"),
    ("injury", "工伤", "Work injury"),
    ("labour-relation", "劳动关系和社会保险", "Employment relationship and social insurance"),
    ("payment", "付款", "Payment"),
    ("no-further-claims", "再无争议", "No further claims"),
    ("confidentiality", "保密", "Confidentiality"),
    ("breach", "违约", "Breach"),
)

PLACEHOLDERS: Mapping[str, str] = MappingProxyType(
    {
        "worker": "劳动者",
        "employer": "用人单位",
        "applicants": "申请人",
        "respondents": "被申请人",
        "amount": "金额",
        "due_on": "履行期限",
        "employment_ended_on": "劳动关系终止日期",
    }
)
"""What a text may hold, and what people call it."""

PLACEHOLDERS_EN: Mapping[str, str] = MappingProxyType(
    {
        "劳动者": "the worker",
        "用人单位": "the employer",
        "申请人": "the applicants",
        "被申请人": "the respondents",
        "金额": "the amount",
        "履行期限": "the day of performance",
        "劳动关系终止日期": "the day on which the employment ended",
    }
)
"""The same in English."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of the library."""

    code: str
    topic: str
    title: str
    title_en: str
    text: str
    """With PLACEHOLDERS in braces."""
    causes: tuple[str, ...] = ()
    """Causes of action it is meant for; none: any."""


@dataclass(frozen=True, slots=True, repr=False)
class FilledClause:
    """A clause with the case's names, amounts and dates in it."""

    clause: Clause
    text: str
    missing: tuple[str, ...]
    """What the case does not know, in Chinese: blanks to fill by hand."""


@cache
def clauses(site_folder: Path) -> tuple[Clause, ...]:
    """Return the library with the site's own clauses in it, in order. Raises SiteInvalidError naming what is wrong."""
    found = {clause.code: clause for clause in _read(LIBRARY)}
    own = site_folder / FILE
    if own.exists():
        for clause in _read(own):
            found[clause.code] = clause
    return tuple(clause for clause in found.values() if clause.text)


def meant_for(library: Iterable[Clause], cause_codes: Iterable[str]) -> list[Clause]:
    """Return the clauses for these causes of action, and those for any."""
    wanted = set(cause_codes)
    return [clause for clause in library if not clause.causes or wanted.intersection(clause.causes)]


@cache
def clause_options(site_folder: Path, *, for_items: bool, language: str = "zh") -> tuple[dict[str, str], ...]:
    """Return the clauses that need no pen, to choose from in a form: those about claims for an item, else those for any.

    A clause with a blank in its own text is proposed by `GET /clauses` alone: somebody has to complete it.
    """
    return tuple(
        {"value": clause.code, "label": clause.title if language == "zh" else clause.title_en}
        for clause in clauses(site_folder)
        if bool(clause.causes) is for_items and BLANK_MARK not in clause.text
    )


def fill(clause: Clause, dispute: DisputeRecord, known_better: Mapping[str, str | None] | None = None) -> FilledClause:
    """Return the clause with the case's own facts; what is not known becomes a blank and is listed.

    `known_better`: facts by placeholder that stand instead of the case's, e.g. the amount that was agreed; None: unknown.
    """
    known = _facts(clause, dispute)
    known |= known_better or {}
    wanted = [name for _, name, _, _ in Formatter().parse(clause.text) if name]
    missing = tuple(dict.fromkeys(PLACEHOLDERS[name] for name in wanted if known[name] is None))
    values = {name: BLANK if value is None else value for name, value in known.items()}
    if "due_on" in wanted and known["due_on"] is None:
        values["due_on"] = "＿＿＿＿年＿＿月＿＿日"
    if "employment_ended_on" in wanted and known["employment_ended_on"] is None:
        values["employment_ended_on"] = "＿＿＿＿年＿＿月＿＿日"
    if known["amount"] is None:
        values["amount"] = f"人民币{BLANK}元（大写：{BLANK}）"
    return FilledClause(clause, clause.text.format(**values), missing)


def _facts(clause: Clause, dispute: DisputeRecord) -> dict[str, str | None]:
    mine = [claim for claim in dispute.claims if not clause.causes or claim.cause.code in clause.causes]
    amounts = [claim.amount for claim in mine if claim.amount is not None]
    due_on: date | None = dispute.event_dates.get("performance_due_on")
    ends = {claim.employment_ended_on for claim in dispute.claims if claim.employment_ended_on is not None}
    ended_on = next(iter(ends)) if len(ends) == 1 else None
    return {
        "worker": _names(each for each in dispute.parties if each.kind == "person"),
        "employer": _names(each for each in dispute.parties if each.kind == "organisation"),
        "applicants": _names(dispute.applicants),
        "respondents": _names(dispute.respondents),
        "amount": money_words(sum(amounts, Decimal(0))) if amounts and clause.causes else None,
        "due_on": None if due_on is None else chinese_date(due_on),
        "employment_ended_on": None if ended_on is None else chinese_date(ended_on),
    }


def _names(parties: Iterable[PartyRecord]) -> str | None:
    found = [each.name for each in parties]
    if len(found) > 3:
        return f"{found[0]}等{len(found)}名"
    return "、".join(found) or None


def money_words(amount: Decimal) -> str:
    """Return an amount in yuan as agreements write it: in figures and in capital numerals."""
    return f"人民币{figure_amount(amount)}元（大写：{capital_amount(amount)}）"


def _read(path: Path) -> list[Clause]:
    try:
        entries = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise SiteInvalidError(file=path.name, problem=str(problem)) from problem
    if not isinstance(entries, list):
        raise SiteInvalidError(file=path.name, problem="a list of clauses is needed at the top")
    return [_clause(entry, path.name) for entry in entries]


def _clause(entry: Any, file: str) -> Clause:
    if not isinstance(entry, dict) or not entry.get("code"):
        raise SiteInvalidError(file=file, problem=f"each clause needs a code: {entry}"[:300])
    code = str(entry["code"])
    for name in ("topic", "title", "title_en"):
        if not entry.get(name):
            raise SiteInvalidError(file=file, problem=f"{name} of the clause {code} is missing")
    if entry["topic"] not in TOPICS:
        raise SiteInvalidError(file=file, problem=f"the clause {code} has the unknown topic {entry['topic']}")
    unknown = sorted(set(entry.get("causes", [])) - causes().keys())
    if unknown:
        raise SiteInvalidError(file=file, problem=f"the clause {code} has unknown causes {unknown}")
    text = str(entry.get("text") or "")
    try:
        named = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as problem:
        raise SiteInvalidError(file=file, problem=f"the text of {code} cannot be filled: {problem}") from None
    if not named <= PLACEHOLDERS.keys():
        strange = sorted(named - PLACEHOLDERS.keys())
        raise SiteInvalidError(file=file, problem=f"the text of {code} holds unknown placeholders {strange}")
    return Clause(
        code=code,
        topic=str(entry["topic"]),
        title=str(entry["title"]),
        title_en=str(entry["title_en"]),
        text=text.strip(),
        causes=tuple(str(each) for each in entry.get("causes", [])),
    )
