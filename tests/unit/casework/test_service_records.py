"""What may stand in the register of service."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from casework.deadlines.work_calendar import WorkCalendar
from casework.errors import InputInvalidError
from casework.event_dates import EVENT_DATES
from casework.service_records import SERVED_PAPERS, Addressee, addressees_of, read_rows

TODAY = date(2026, 9, 30)
DAY = date(2026, 9, 28)
PARTIES = [
    Addressee(UUID(int=1), "applicant", 1),
    Addressee(UUID(int=2), "applicant", 2),
    Addressee(UUID(int=3), "respondent", 1),
]


def row(**changes: Any) -> dict[str, Any]:
    return {"party": "applicant", "method": "direct", "served_on": DAY} | changes


def read(*rows: Any, kind: str = "review-acceptance-notice"):
    return read_rows(kind, list(rows), PARTIES, TODAY)


@pytest.mark.parametrize(
    ("kind", "given", "problem"),
    [
        ("award", row(party="applicant-3"), "no party"),
        ("award", row(method="pigeon"), "no way of service"),
        ("award", row(served_on=date(2026, 10, 1)), "after today"),
        ("award", row(sent_on=date(2026, 9, 29)), "before the day of sending"),
        ("award", row(method="left", has_photographs=True), "signed for"),
        ("award", row(method="electronic", has_consent=True), "signed for"),
        ("award", row(method="notice"), "signed for"),
        ("rights-notice", row(method="electronic"), "consent"),
        ("rights-notice", row(method="left"), "photographs"),
        ("rights-notice", row(refused=True), "no day of service"),
        ("rights-notice", row(served_on=None), "day of sending"),
        ("rights-notice", row(served_on="2026-13-01"), "is no day"),
        ("rights-notice", row(proof="x"), "document of the case"),
        ("rights-notice", "x", "not a row"),
    ],
)
def test_a_service_that_the_law_does_not_let_stand_is_taken(kind: str, given: Any, problem: str) -> None:
    with pytest.raises(InputInvalidError, match=problem) as told:
        read(row(party="respondent"), given, kind=kind)
    assert "row 2" in str(told.value)


def test_the_same_party_stands_in_two_rows() -> None:
    with pytest.raises(InputInvalidError, match="twice"):
        read(row(party="applicants"), row(party="applicant-2"))


def test_a_refused_paper_that_was_left_and_photographed_counts_after_three_working_days() -> None:
    (service,) = read(row(method="left", refused=True, has_photographs=True, served_on=date(2026, 9, 30)))
    # National Day lies between, and 10 October is worked
    assert service.counts_on(WorkCalendar()) == date(2026, 10, 10)


def test_a_public_notice_counts_when_thirty_days_have_passed() -> None:
    (service,) = read(row(method="notice", served_on=date(2026, 9, 1)))
    assert service.counts_on(WorkCalendar()) == date(2026, 10, 1)


def test_a_letter_on_its_way_and_a_refusal_do_not_count() -> None:
    on_the_way, refused = read(
        row(method="post", served_on=None, sent_on=DAY), row(party="respondent", served_on=None, refused=True)
    )
    assert on_the_way.counts_on(WorkCalendar()) is None
    assert refused.counts_on(WorkCalendar()) is None


def test_a_notice_to_the_applicant_is_served_on_the_applicants_alone() -> None:
    assert [each.code for each in addressees_of("mediation-refusal-notice", PARTIES)] == ["applicant", "applicant-2"]
    assert len(addressees_of("award", PARTIES)) == 3


def test_a_paper_that_is_served_has_no_event_date() -> None:
    for paper in SERVED_PAPERS.values():
        assert EVENT_DATES[paper.event_date].stage == paper.stage
    assert not EVENT_DATES["award_served_on"].may_be_future
