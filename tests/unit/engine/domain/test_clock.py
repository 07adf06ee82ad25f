"""Clocks, and days of Asia/Shanghai."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.clock import SHANGHAI, ManualClock, SystemClock, day_end, day_start, shanghai_date, today

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_a_manual_clock_stands_still_until_it_is_moved() -> None:
    clock = ManualClock(START)
    assert clock.now() == clock.now() == START
    clock.advance(timedelta(days=365))
    assert clock.now() == START + timedelta(days=365)


def test_a_clock_never_goes_back() -> None:
    clock = ManualClock(START)
    with pytest.raises(ValueError, match="cannot go back"):
        clock.set(START - timedelta(microseconds=1))
    assert clock.now() == START


def test_a_clock_may_be_set_to_where_it_is() -> None:
    clock = ManualClock(START)
    clock.set(START)
    assert clock.now() == START


def test_a_clock_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="timezone"):
        ManualClock(datetime(2026, 11, 23))


@pytest.mark.parametrize("clock", [SystemClock(), ManualClock(START.astimezone(SHANGHAI))])
def test_every_clock_tells_utc(clock: SystemClock | ManualClock) -> None:
    assert clock.now().tzinfo is UTC


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-11-23T15:59:59.999999+00:00", "2026-11-23"),
        ("2026-11-23T16:00:00+00:00", "2026-11-24"),
        ("2026-11-23T23:59:59-12:00", "2026-11-24"),
    ],
)
def test_a_day_begins_at_midnight_in_shanghai(instant: str, day: str) -> None:
    assert shanghai_date(datetime.fromisoformat(instant)).isoformat() == day
    assert today(ManualClock(datetime.fromisoformat(instant))).isoformat() == day


def test_a_period_that_ends_on_a_day_runs_out_at_midnight_after_it() -> None:
    assert day_end(date(2026, 2, 24)) == datetime(2026, 2, 24, 16, 0, tzinfo=UTC)


@given(st.dates(date(1992, 1, 1), date(2100, 12, 31)))
def test_a_day_lasts_from_its_start_to_the_start_of_the_next(day: date) -> None:
    assert day_end(day) == day_start(day + timedelta(days=1))
    assert day_end(day) - day_start(day) == timedelta(days=1)
    assert shanghai_date(day_start(day)) == day
    assert shanghai_date(day_end(day) - timedelta(microseconds=1)) == day
    assert day_start(day).tzinfo is UTC
