"""Platforms where a case must be typed again, and the copy cards that hold what to type, field by field, in their order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from casework.errors import PlatformsInvalidError
from casework.event_dates import EVENT_DATES
from casework.queries.read_dispute import DisputeRecord
from casework.stages import STAGES
from casework.vocabulary import Term, terms
from engine.domain.errors import NotFoundError

FILE = "platforms.yaml"


def _first(side: str, name: str) -> Callable[[DisputeRecord], str | None]:
    def read(record: DisputeRecord) -> str | None:
        found = [getattr(each, name) for each in record.parties if each.side == side]
        return found[0] if found else None

    return read


def _names(side: str) -> Callable[[DisputeRecord], str | None]:
    return lambda record: "、".join(each.name for each in record.parties if each.side == side) or None


def _claims(record: DisputeRecord) -> str:
    return "\n".join(
        f"{each.position}. {each.cause.zh}" + (f" {each.amount}元" if each.amount is not None else "")
        for each in record.claims
    )


def _event_date(name: str) -> Callable[[DisputeRecord], str | None]:
    return lambda record: record.event_dates[name].isoformat() if name in record.event_dates else None


SOURCES: Mapping[str, Callable[[DisputeRecord], str | None]] = MappingProxyType(
    {
        "number": lambda record: record.number,
        "registered_on": lambda record: record.registered_on.isoformat(),
        "area": lambda record: record.area_name,
        "industry": lambda record: record.industry,
        "cause": lambda record: record.cause.zh,
        "court_cause": lambda record: record.cause.court_zh,
        "stage": lambda record: STAGES[record.stage].zh,
        "worker_count": lambda record: str(record.worker_count),
        "claim_total": lambda record: str(record.claim_total),
        "claims": _claims,
        "facts": lambda record: "\n".join(each.facts for each in record.claims if each.facts) or None,
        "applicant_name": _names("applicant"),
        "applicant_id_number": _first("applicant", "id_number"),
        "applicant_phone": _first("applicant", "phone"),
        "applicant_address": _first("applicant", "address"),
        "respondent_name": _names("respondent"),
        "respondent_id_number": _first("respondent", "id_number"),
        "respondent_representative": _first("respondent", "legal_representative"),
        "respondent_phone": _first("respondent", "phone"),
        "respondent_address": _first("respondent", "address"),
        "organisation": lambda record: record.organisation.name if record.organisation else None,
        "arbitration": lambda record: record.arbitration.name if record.arbitration else None,
        "court": lambda record: record.court.name if record.court else None,
        "mediator": lambda record: record.appointments.get("mediator"),
        **{name: _event_date(name) for name in EVENT_DATES},
    }
)
"""What a column may hold; nothing that is confidential is among it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a platform's form."""

    heading: str
    source: str | None
    text: str | None

    def value(self, record: DisputeRecord) -> str | None:
        """Return what to type; None where the case does not know it."""
        return self.text if self.source is None else SOURCES[self.source](record)


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform with its form."""

    key: str
    name: str
    name_en: str
    states: Mapping[str, Term]
    columns: tuple[Column, ...]


@cache
def platforms(folder: Path) -> Mapping[str, Platform]:
    """Return the platforms of a site by key, none where it has no `platforms.yaml`.

    Raises PlatformsInvalidError with what is wrong, where, and what would be right.
    """
    path = folder / FILE
    if not path.exists():
        return MappingProxyType({})
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise _invalid(f"不是有效的 YAML：{error}", f"it is no YAML: {error}") from None
    found: dict[str, Platform] = {}
    for entry in _list(content, "platforms", ("文件", "the file")):
        platform = _platform(entry)
        if platform.key in found:
            zh = f"标识 {platform.key} 重复"
            raise _invalid(zh, f"the key {platform.key!r} stands there twice")
        found[platform.key] = platform
    return MappingProxyType(found)


def platform_of(folder: Path, key: str) -> Platform:
    """Return one platform of a site; raises NotFoundError."""
    found = platforms(folder).get(key)
    if found is None:
        raise NotFoundError(what="platform", id=key)
    return found


_Where = tuple[str, str]
"""A place in the file, in both languages."""


def _platform(entry: Any) -> Platform:
    key = _text(entry, "key", ("某个平台", "a platform"))
    where = (f"平台 {key}", f"platform {key!r}")
    states = terms(
        *((_text(each, "code", where), _text(each, "name", where), _text(each, "name_en", where)) for each in _list(entry, "states", where))
    )  # fmt: skip
    columns = tuple(_column(each, where) for each in _list(entry, "columns", where))
    return Platform(key, _text(entry, "name", where), _text(entry, "name_en", where), states, columns)


def _column(entry: Any, where: _Where) -> Column:
    zh, en = where
    heading = _text(entry, "heading", (f"{zh}的某一列", f"a column of {en}"))
    source, text = entry.get("source"), entry.get("text")
    if (source is None) == (text is None):
        raise _invalid(
            f"{zh}的列“{heading}”应有 source 或 text，且只能有一个",
            f"the column {heading!r} of {en} needs either `source` or `text`",
        )
    if source is not None and source not in SOURCES:
        known = ", ".join(sorted(SOURCES))
        raise _invalid(
            f"{zh}的列“{heading}”的 source“{source}”不存在；可用的有 {known}",
            f"the column {heading!r} of {en} has the unknown source {source!r}; known are {known}",
        )
    return Column(heading, source, None if text is None else str(text))


def _list(entry: Any, name: str, where: _Where) -> list[Any]:
    found = entry.get(name) if isinstance(entry, dict) else None
    if not isinstance(found, list) or not found:
        raise _invalid(f"{where[0]}缺少非空的列表 {name}", f"{where[1]} needs a list `{name}` that is not empty")
    return found


def _text(entry: Any, name: str, where: _Where) -> str:
    found = entry.get(name) if isinstance(entry, dict) else None
    if not isinstance(found, str) or not found.strip():
        raise _invalid(f"{where[0]}缺少文字 {name}", f"{where[1]} needs a text `{name}`")
    return found


def _invalid(zh: str, en: str) -> PlatformsInvalidError:
    return PlatformsInvalidError(file=FILE, problem=en, problem_zh=zh)
