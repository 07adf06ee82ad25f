"""The monthly sheet: every number is the length of the list behind it, and totals are sums."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casework.queries.monthly_sheet import cases_of, month_of
from casework.statistics.measures import MEASURES, StageRecord, sheet_row, sheet_rows, stage_totals
from casework.statistics.stages import COUNTED_STAGES, OUTCOMES

TODAY = date(2026, 11, 24)
DAYS = st.integers(0, 60).map(lambda n: date(2026, 9, 20) + timedelta(days=n))


@st.composite
def records(draw: st.DrawFn) -> list[StageRecord]:
    """Draw records; a case has each stage at most once."""
    keys = draw(
        st.lists(st.tuples(st.integers(1, 15), st.sampled_from(list(COUNTED_STAGES))), unique=True, max_size=25)
    )
    found = []
    for number, stage in keys:
        ended_on = draw(st.none() | DAYS)
        found.append(
            StageRecord(
                case_id=UUID(int=number),
                stage=stage,
                organisation_id=draw(st.sampled_from([None, UUID(int=101), UUID(int=102)])),
                accepted_on=draw(DAYS),
                ended_on=ended_on,
                outcome=draw(st.none() | st.sampled_from(OUTCOMES)) if ended_on else None,
                due_on=draw(st.none() | DAYS),
                worker_count=draw(st.integers(1, 50)),
                claim_total=draw(st.decimals(0, 100_000, places=2)),
            )
        )
    return found


@given(records())
def test_every_number_is_the_length_of_the_list_behind_it(drawn: list[StageRecord]) -> None:
    for row in sheet_rows(drawn, TODAY):
        for measure in MEASURES:
            own = [each for each in drawn if each.stage == row.stage]
            behind = cases_of(own, measure, TODAY, row.organisation_id, every_organisation=False)
            assert row.counts[measure] == len(behind)
    for total in stage_totals(drawn, TODAY):
        own = [each for each in drawn if each.stage == total.stage]
        for measure in MEASURES:
            assert total.counts[measure] == len(cases_of(own, measure, TODAY, None, every_organisation=True))


@given(records())
def test_totals_are_the_sums_of_their_rows_and_parts_add_up(drawn: list[StageRecord]) -> None:
    rows = sheet_rows(drawn, TODAY)
    for total in stage_totals(drawn, TODAY):
        own = [row for row in rows if row.stage == total.stage]
        assert {name: sum(row.counts[name] for row in own) for name in MEASURES} == total.counts
        assert sum(row.worker_count for row in own) == total.worker_count
        assert sum((row.claim_total for row in own), Decimal(0)) == total.claim_total
        assert total.counts["running"] + total.counts["ended"] == total.counts["all"]
        assert total.counts["overdue"] <= total.counts["with-due-date"] <= total.counts["all"]
        assert total.counts["agreed"] + total.counts["failed"] + total.counts["withdrawn"] <= total.counts["ended"]
        for rate in (total.success_rate, total.overdue_rate):
            assert rate is None or 0 <= rate <= 100


@given(st.integers(2008, 2199), st.integers(1, 12))
def test_months_follow_each_other_without_gap(year: int, month: int) -> None:
    first, last = month_of(year, month)
    following, _ = month_of(year + month // 12, month % 12 + 1)
    assert (first.day, last + timedelta(days=1)) == (1, following)


def test_the_figures_of_a_small_month_by_hand() -> None:
    def record(number: int, days: int | None, outcome: str | None, due: int) -> StageRecord:
        start = date(2026, 10, 1)
        ended = None if days is None else start + timedelta(days=days)
        return StageRecord(
            UUID(int=number), "mediation", None, start, ended, outcome, start + timedelta(days=due), 2, Decimal("10.50")
        )  # type: ignore[arg-type]

    row = sheet_row(
        "mediation",
        None,
        [record(1, 3, "agreed", 15), record(2, 8, "agreed", 15), record(3, 20, "failed", 15), record(4, 1, "withdrawn", 15), record(5, None, None, 15)],
        TODAY,
    )  # fmt: skip
    assert (row.success_rate, row.mean_days, row.median_days, row.overdue_rate) == (
        Decimal("66.7"),
        Decimal("8.0"),
        Decimal("5.5"),
        Decimal("40.0"),
    )
    assert (row.worker_count, row.claim_total) == (10, Decimal("52.50"))
