"""Suspension, restart and extension against a clock that is watched day by day and shares no code with ours."""

import random
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.deadlines.clock_events import ClockEvent, compute_with_events
from casework.deadlines.computation import compute
from casework.deadlines.rules import deadline_rules
from casework.deadlines.work_calendar import WorkCalendar
from tests import effort
from tests.property.test_deadlines import is_worked

ONE_DAY = timedelta(days=1)
CALENDAR = WorkCalendar()
RULES = ["MED-15R", "ARB-45", "JC-APPLY", "REV-5", "MED-ACC", "ARB-CMED", "INSP"]

starts = st.dates(date(2024, 1, 1), date(2025, 6, 30))


@st.composite
def clocks(draw: st.DrawFn) -> tuple[str, date, list[ClockEvent]]:
    rule, start = draw(st.sampled_from(RULES)), draw(starts)
    reach = st.integers(-10, 120)
    events = []
    for _ in range(draw(st.integers(0, 5))):
        on = start + timedelta(days=draw(reach))
        match draw(st.sampled_from(["suspension", "restart", "extension"])):
            case "suspension":
                events.append(ClockEvent("suspension", on, on + timedelta(days=draw(st.integers(1, 40)))))
            case "restart":
                events.append(ClockEvent("restart", on))
            case _:
                events.append(ClockEvent("extension", on, units=draw(st.integers(1, 20))))
    return rule, start, events


@settings(max_examples=effort.examples(300), deadline=None)
@given(clocks(), st.randoms())
def test_the_order_of_recording_decides_nothing(
    clock: tuple[str, date, list[ClockEvent]], chance: random.Random
) -> None:
    rule, start, events = clock
    shuffled = events[:]
    chance.shuffle(shuffled)
    one = compute_with_events(rule, start, CALENDAR, events=events)
    other = compute_with_events(rule, start, CALENDAR, events=shuffled)
    assert (one.deadline.due, one.deadline.safe_due, one.began_on) == (
        other.deadline.due,
        other.deadline.safe_due,
        other.began_on,
    )


@settings(max_examples=effort.examples(300), deadline=None)
@given(st.sampled_from(RULES), starts, st.integers(1, 10), st.integers(1, 60), st.integers(0, 20))
def test_a_suspended_clock_stands_still_and_runs_down_the_rest_after_it(
    rule_id: str, start: date, after: int, length: int, extended_by: int
) -> None:
    rule = deadline_rules()[rule_id]
    first = start + timedelta(days=after)
    until = first + timedelta(days=length)
    event = ClockEvent("suspension", first, until)
    plain = compute(rule_id, start, CALENDAR, extended_by=extended_by)
    found = compute_with_events(rule_id, start, CALENDAR, extended_by=extended_by, events=[event])
    left, day = rule.length + extended_by, start
    while left:
        day += ONE_DAY
        if first <= day < until:
            continue
        left -= 1 if rule.unit != "working-day" or is_worked(day) else 0
    if first > plain.ends_on:
        assert found.deadline.due == plain.due
        assert found.applied[0].effect == "too-late"
        return
    if rule.unit != "working-day":
        assert found.deadline.ends_on == day
    while not is_worked(day):
        day += ONE_DAY
    assert found.deadline.due == day
    assert found.deadline.safe_due <= found.deadline.due


@settings(max_examples=effort.examples(300), deadline=None)
@given(st.sampled_from(RULES), starts, st.integers(0, 60), st.integers(1, 30))
def test_a_restart_or_an_extension_in_time_counts_as_if_it_had_been_so_from_the_beginning(
    rule_id: str, start: date, after: int, units: int
) -> None:
    plain = compute(rule_id, start, CALENDAR)
    on = start + timedelta(days=after)
    again = compute_with_events(rule_id, start, CALENDAR, events=[ClockEvent("restart", on)])
    longer = compute_with_events(rule_id, start, CALENDAR, events=[ClockEvent("extension", on, units=units)])
    if on > plain.due:
        assert again.deadline.due == longer.deadline.due == plain.due
        assert again.applied[0].effect == longer.applied[0].effect == "too-late"
    else:
        assert again.deadline.due == compute(rule_id, on, CALENDAR).due
        assert longer.deadline.due == compute(rule_id, start, CALENDAR, extended_by=units).due
        assert again.deadline.start == longer.deadline.start == start


@settings(max_examples=effort.examples(300), deadline=None)
@given(clocks())
def test_no_event_makes_a_period_end_before_its_plain_end_except_a_restart(
    clock: tuple[str, date, list[ClockEvent]],
) -> None:
    rule, start, events = clock
    without = [each for each in events if each.kind != "restart"]
    found = compute_with_events(rule, start, CALENDAR, events=without)
    assert found.deadline.due >= compute(rule, start, CALENDAR).due
    assert found.deadline.safe_due <= found.deadline.due
    assert CALENDAR.is_working_day(found.deadline.due)
    assert {each.event for each in found.applied} == set(without)
