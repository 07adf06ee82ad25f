"""What an event date may be."""

from datetime import UTC, date, datetime

import pytest

from casework.errors import EventDateInvalidError, EventDateUnknownError
from casework.event_dates import EVENT_DATES, ORDER, check_event_date, order_warnings

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize("value", [TODAY, date(2026, 3, 1), date(2008, 5, 1)])
def test_a_day_up_to_today_is_taken(value: date) -> None:
    assert check_event_date("mediation_accepted_on", value, TODAY) == value


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("received_on", date(2026, 3, 3), "after today"),
        ("received_on", date(2007, 1, 1), "before 2008-05-01"),
        ("received_on", "2026-03-01", "a day"),
        ("received_on", datetime(2026, 3, 1, tzinfo=UTC), "a day"),
        ("received_on", None, "a day"),
        ("performance_due_on", date(1926, 3, 1), "before 2008-05-01"),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_the_reason(name: str, value: object, problem: str) -> None:
    with pytest.raises(EventDateInvalidError, match=problem):
        check_event_date(name, value, TODAY)


@pytest.mark.parametrize("name", ["performance_due_on", "negotiation_term_until"])
def test_an_agreed_day_may_lie_ahead(name: str) -> None:
    assert check_event_date(name, date(2027, 1, 1), TODAY) == date(2027, 1, 1)


def test_an_unknown_name_is_told_with_the_known_ones() -> None:
    with pytest.raises(EventDateUnknownError, match="mediation_accepted_on"):
        check_event_date("accepted_on", TODAY, TODAY)


def test_an_acceptance_before_the_application_is_worth_a_look() -> None:
    (warning,) = order_warnings(
        {"mediation_application_received_on": date(2026, 3, 2), "mediation_accepted_on": date(2026, 3, 1)}
    )
    assert (warning.earlier, warning.later) == ("mediation_application_received_on", "mediation_accepted_on")
    assert "2026-03-02" in warning.zh


def test_days_in_order_and_on_the_same_day_are_fine() -> None:
    assert order_warnings(dict.fromkeys(EVENT_DATES, TODAY)) == []


def test_every_date_in_the_order_is_in_the_catalogue() -> None:
    assert {name for pair in ORDER for name in pair} <= EVENT_DATES.keys()
