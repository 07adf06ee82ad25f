"""The measures of the monthly sheet (K1, K3, K13, K14): each a question about one stage of one case, and what follows from it.

A number is the count of the cases for which its question is true, so the same question lists them.
"""

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from uuid import UUID

from casework.statistics.stages import COUNTED_STAGES, Outcome


@dataclass(frozen=True, slots=True)
class StageRecord:
    """One stage of one case."""

    case_id: UUID
    stage: str
    organisation_id: UUID | None
    accepted_on: date
    ended_on: date | None
    """None: it still runs."""
    outcome: Outcome | None
    due_on: date | None
    """None: no day is known by which it is due."""
    worker_count: int
    claim_total: Decimal

    @property
    def days(self) -> int | None:
        """Calendar days from acceptance to the end; None while it runs."""
        return None if self.ended_on is None else (self.ended_on - self.accepted_on).days

    def is_overdue(self, today: date) -> bool:
        """Tell whether it ended, or runs, past the day by which it is due."""
        return self.due_on is not None and (self.ended_on or today) > self.due_on


@dataclass(frozen=True, slots=True)
class Measure:
    """A question about one stage of one case."""

    code: str
    zh: str
    en: str
    holds: Callable[[StageRecord, date], bool]
    """Takes the record and today."""


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        measure.code: measure
        for measure in (
            Measure("all", "受理数", "Accepted", lambda record, today: True),
            Measure("agreed", "成功", "Agreed", lambda record, today: record.outcome == "agreed"),
            Measure("failed", "不成", "Failed", lambda record, today: record.outcome == "failed"),
            Measure("withdrawn", "撤回", "Withdrawn", lambda record, today: record.outcome == "withdrawn"),
            Measure("running", "在办", "Running", lambda record, today: record.ended_on is None),
            Measure("ended", "办结", "Ended", lambda record, today: record.ended_on is not None),
            Measure("with-due-date", "有期限", "With a due date", lambda record, today: record.due_on is not None),
            Measure("overdue", "超期", "Overdue", lambda record, today: record.is_overdue(today)),
        )
    }
)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """The figures of one organisation's stage."""

    stage: str
    organisation_id: UUID | None
    counts: Mapping[str, int]
    """Measure -> number of cases."""
    worker_count: int
    claim_total: Decimal
    success_rate: Decimal | None
    """K3, in percent: agreed / (agreed + failed), withdrawn left out; None without either, or where none is kept."""
    mean_days: Decimal | None
    """K13 over what has ended; None while nothing has."""
    median_days: Decimal | None
    overdue_rate: Decimal | None
    """K14, in percent: overdue / with a due date."""


def sheet_row(stage: str, organisation_id: UUID | None, records: Sequence[StageRecord], today: date) -> SheetRow:
    """Return the figures over the records of one stage."""
    counts = {code: sum(measure.holds(record, today) for record in records) for code, measure in MEASURES.items()}
    days = [record.days for record in records if record.days is not None]
    decided = counts["agreed"] + counts["failed"]
    return SheetRow(
        stage=stage,
        organisation_id=organisation_id,
        counts=counts,
        worker_count=sum(record.worker_count for record in records),
        claim_total=sum((record.claim_total for record in records), Decimal(0)),
        success_rate=percent(counts["agreed"], decided) if COUNTED_STAGES[stage].has_rate else None,
        mean_days=_rounded(Decimal(sum(days)) / len(days)) if days else None,
        median_days=_rounded(Decimal(str(statistics.median(days)))) if days else None,
        overdue_rate=percent(counts["overdue"], counts["with-due-date"]),
    )


def sheet_rows(records: Iterable[StageRecord], today: date) -> list[SheetRow]:
    """Return a row per stage and organisation, in the order of the chain."""
    found: dict[str, dict[UUID | None, list[StageRecord]]] = {}
    for record in records:
        found.setdefault(record.stage, {}).setdefault(record.organisation_id, []).append(record)
    rows = []
    for stage in COUNTED_STAGES:
        for organisation_id, own in found.get(stage, {}).items():
            rows.append(sheet_row(stage, organisation_id, own, today))
    return rows


def stage_totals(records: Sequence[StageRecord], today: date) -> list[SheetRow]:
    """Return a row per stage over all organisations, for every stage, in the order of the chain."""
    return [sheet_row(code, None, [each for each in records if each.stage == code], today) for code in COUNTED_STAGES]


def percent(part: int, whole: int) -> Decimal | None:
    """Return a share in percent with one decimal place; None of nothing."""
    return _rounded(Decimal(100 * part) / whole) if whole else None


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)
