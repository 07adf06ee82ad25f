"""Service on many parties: whatever the order of recording, everybody was served on the latest day or not at all."""

from datetime import date, timedelta
from uuid import UUID

import chinese_calendar
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.deadlines.work_calendar import WorkCalendar
from casework.service_records import Addressee, Service, Standing, addressees_of, read_rows, service_state
from tests import effort

CALENDAR = WorkCalendar()
TODAY = date(2026, 11, 24)
days = st.dates(date(2020, 1, 1), date(2026, 9, 30))
outcomes = st.one_of(days, st.sampled_from(["refused", "on the way"]))


def standing(outcome: date | str) -> Standing:
    if isinstance(outcome, date):
        return Standing(outcome)
    return Standing(None, outcome == "refused")


def parties(applicants: int, respondents: int) -> list[Addressee]:
    sides = ["applicant"] * applicants + ["respondent"] * respondents
    positions = [*range(1, applicants + 1), *range(1, respondents + 1)]
    return [Addressee(UUID(int=n), side, at) for n, (side, at) in enumerate(zip(sides, positions, strict=True), 1)]


@settings(max_examples=effort.examples(300))
@given(st.lists(st.one_of(st.none(), outcomes), min_size=1, max_size=12), st.randoms())
def test_the_order_of_recording_changes_who_counts_as_served(told: list[date | str | None], shuffle) -> None:
    everybody = [UUID(int=n) for n in range(1, len(told) + 1)]
    records = [(party, standing(each)) for party, each in zip(everybody, told, strict=True) if each is not None]
    expected = service_state(everybody, dict(records))
    shuffle.shuffle(records)
    shuffle.shuffle(everybody)
    assert service_state(everybody, dict(records)) == expected
    served = [each for each in told if isinstance(each, date)]
    state, day = expected
    assert (state == "complete") == (len(served) == len(told))
    assert day == (max(served) if state == "complete" else None)
    assert (state == "none") == all(each is None for each in told)


@settings(max_examples=effort.examples(300))
@given(days, st.sampled_from(["left", "affixed"]))
def test_what_was_left_counts_on_another_day_than_the_third_working_day_after(day: date, method) -> None:
    service = Service(UUID(int=1), method, None, day, True, False, True, None, None)
    counts, left = day, 3
    while left:
        counts += timedelta(days=1)
        left -= chinese_calendar.is_workday(counts)
    assert service.counts_on(CALENDAR) == counts


@settings(max_examples=effort.examples(200))
@given(st.integers(1, 40), st.integers(1, 3), st.sampled_from(["all", "applicants", "respondents"]), days)
def test_a_row_for_a_whole_side_leaves_somebody_of_it_out(
    applicants: int, respondents: int, group: str, day: date
) -> None:
    everybody = parties(applicants, respondents)
    rows = read_rows("award", [{"party": group, "method": "direct", "served_on": day}], everybody, TODAY)
    wanted = {each.party_id for each in everybody if group in ("all", each.side + "s")}
    assert {row.party_id for row in rows} == wanted
    one_by_one = [{"party": each.code, "method": "direct", "served_on": day} for each in everybody]
    assert {row.party_id for row in read_rows("award", one_by_one, everybody, TODAY)} == {
        each.party_id for each in addressees_of("award", everybody)
    }
