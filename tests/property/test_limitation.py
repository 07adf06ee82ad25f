"""The limitation ledger against a walk through the days that shares no code with it."""

import random
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.deadlines.work_calendar import WorkCalendar
from casework.limitation import KINDS, Entry, LimitedClaim, limitation
from tests import effort

ONE_DAY = timedelta(days=1)
CALENDAR = WorkCalendar()
TODAY = date(2026, 11, 24)
INTERRUPTING = sorted(code for code, kind in KINDS.items() if not kind.suspends)
SUSPENDING = sorted(code for code, kind in KINDS.items() if kind.suspends)

days = st.dates(date(2021, 1, 1), date(2024, 6, 30))
interruptions = st.builds(
    Entry, st.sampled_from(INTERRUPTING), days, reference=st.text("abc", max_size=3), is_proven=st.booleans()
)
suspensions = st.builds(
    lambda kind, first, length, reference, proven: Entry(
        kind, first, first + timedelta(days=length), reference=reference, is_proven=proven
    ),
    st.sampled_from(SUSPENDING),
    days,
    st.integers(1, 90),
    st.text("abc", max_size=3),
    st.booleans(),
)
chains = st.lists(st.one_of(interruptions, suspensions), max_size=8)


def anniversary(day: date) -> date:
    following = day
    while (following.year, following.month, following.day) < (day.year + 1, day.month, day.day):
        following += ONE_DAY
    return date(day.year + 1, 2, 28) if (day.month, day.day) == (2, 29) else following


def walked(start: date, entries: list[Entry]) -> tuple[date, date]:
    """Return the last day as counted and moved, day by day: a clock that runs down, stands still, or starts anew."""
    still = {
        entry.on + timedelta(days=n)
        for entry in entries
        if entry.until is not None
        for n in range((entry.until - entry.on).days)
    }
    interrupted = {entry.on for entry in entries if entry.until is None}
    day, left = start, (anniversary(start) - start).days
    while True:
        if left == 0:
            due = day
            while CALENDAR.is_rest_day(due):
                due += ONE_DAY
            late = [each for each in interrupted if day <= each <= due and each > start]
            if not late:
                return day, due
            day = start = min(late)
            left = (anniversary(day) - day).days
        day += ONE_DAY
        left -= day not in still
        if day in interrupted:
            start, left = day, (anniversary(day) - day).days


@settings(max_examples=effort.examples(300), deadline=None)
@given(days, chains)
def test_the_end_is_that_of_a_clock_that_runs_down_day_by_day(start: date, entries: list[Entry]) -> None:
    found = limitation(LimitedClaim(start, None, is_wage_arrears=False), entries, today=TODAY, calendar=CALENDAR)
    assert (found.ends_on, found.due_on) == walked(start, entries)


@settings(max_examples=effort.examples(300), deadline=None)
@given(days, chains, st.randoms())
def test_the_order_of_recording_decides_nothing(start: date, entries: list[Entry], chance: random.Random) -> None:
    claim = LimitedClaim(start, None, is_wage_arrears=False)
    shuffled = entries[:]
    chance.shuffle(shuffled)
    one = limitation(claim, entries, today=TODAY, calendar=CALENDAR)
    other = limitation(claim, shuffled, today=TODAY, calendar=CALENDAR)
    assert (one.due_on, one.safe_on, one.status) == (other.due_on, other.safe_on, other.status)
    assert sorted(map(repr, one.links)) == sorted(map(repr, other.links))


@settings(max_examples=effort.examples(300), deadline=None)
@given(days, chains)
def test_the_end_never_lies_before_a_year_from_an_event_that_interrupted(start: date, entries: list[Entry]) -> None:
    found = limitation(LimitedClaim(start, None, is_wage_arrears=False), entries, today=TODAY, calendar=CALENDAR)
    assert found.ends_on is not None
    assert found.due_on is not None
    assert found.safe_on is not None
    assert found.ends_on >= anniversary(start)
    for link in found.links:
        if link.effect == "interrupts":
            assert found.ends_on >= anniversary(link.entry.on)
        if link.effect == "too-late":
            assert link.entry.on > anniversary(start)
    assert found.safe_on <= found.ends_on <= found.due_on


@settings(max_examples=effort.examples(300), deadline=None)
@given(days, st.integers(1, 364), st.integers(1, 400))
def test_a_suspension_moves_the_end_by_exactly_its_days(start: date, after: int, length: int) -> None:
    claim = LimitedClaim(start, None, is_wage_arrears=False)
    first = start + timedelta(days=after)
    stood_still = Entry("force-majeure", first, first + timedelta(days=length))
    plain = limitation(claim, [], today=TODAY, calendar=CALENDAR).ends_on
    moved = limitation(claim, [stood_still], today=TODAY, calendar=CALENDAR).ends_on
    assert plain is not None
    assert moved == plain + timedelta(days=length)
