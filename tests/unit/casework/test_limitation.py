"""The limitation of arbitration: what starts, interrupts and suspends it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework.deadlines.work_calendar import WorkCalendar
from casework.limitation import KINDS, Entry, Limitation, LimitedClaim, basis_words, derived_entries, limitation

CALENDAR = WorkCalendar()
TODAY = date(2026, 11, 24)
KNOWN = LimitedClaim(date(2026, 3, 2), None, is_wage_arrears=False)


def run(*entries: Entry, claim: LimitedClaim = KNOWN, today: date = TODAY) -> Limitation:
    return limitation(claim, entries, today=today, calendar=CALENDAR)


def derived(today: date = TODAY, **dates: date) -> list[tuple[str, date, str]]:
    return [(each.kind, each.on, each.source) for each in derived_entries(dates, today=today, calendar=CALENDAR)]


def test_one_year_runs_from_the_day_the_party_knew() -> None:
    found = run()
    assert (found.status, found.due_on, found.safe_on) == ("running", date(2027, 3, 2), date(2027, 3, 2))
    assert found.is_provisional
    assert "可在2027-03-02（暂定）前申请仲裁" in found.sentence.zh
    assert "以仲裁机构认定为准" in found.sentence.zh


def test_the_last_day_moves_past_a_rest_day_but_the_safe_one_does_not() -> None:
    claim = LimitedClaim(date(2025, 10, 3), None, is_wage_arrears=False)
    found = run(claim=claim, today=date(2026, 10, 8))
    assert (found.ends_on, found.due_on, found.safe_on) == (
        date(2026, 10, 3),
        date(2026, 10, 8),
        date(2026, 10, 3),
    )
    assert found.status == "running"
    assert run(claim=claim, today=date(2026, 10, 9)).status == "expired"


def test_an_interruption_starts_the_year_anew_and_one_after_its_end_does_not() -> None:
    claim = LimitedClaim(date(2025, 3, 3), None, is_wage_arrears=False)
    in_time = Entry("asked-competent-body", date(2026, 3, 3))
    assert run(in_time, claim=claim).due_on == date(2027, 3, 3)
    late = Entry("asked-competent-body", date(2026, 3, 4))
    found = run(late, claim=claim)
    assert (found.due_on, found.status) == (date(2026, 3, 3), "expired")
    assert [link.effect for link in found.links] == ["too-late"]


def test_what_lies_before_the_beginning_interrupts_nothing() -> None:
    found = run(Entry("claimed-from-other-party", date(2026, 2, 1)))
    assert found.due_on == date(2027, 3, 2)
    assert [link.effect for link in found.links] == ["before-start"]


def test_a_suspension_moves_the_end_by_its_days_and_an_open_one_hides_it() -> None:
    stood_still = Entry("force-majeure", date(2026, 5, 1), date(2026, 5, 11))
    assert run(stood_still).ends_on == date(2027, 3, 12)
    twice = Entry("incapacity", date(2026, 5, 6), date(2026, 5, 16))
    assert run(stood_still, twice).ends_on == date(2027, 3, 17)
    lasts = run(replace(stood_still, until=None), today=date(2026, 5, 21))
    assert (lasts.status, lasts.due_on, lasts.safe_on) == ("suspended", None, None)
    assert "2027-03-22" in lasts.sentence.zh


def test_a_suspension_before_an_interruption_moves_nothing_that_was_started_anew() -> None:
    stood_still = Entry("force-majeure", date(2026, 5, 1), date(2026, 5, 11))
    claimed = Entry("claimed-from-other-party", date(2026, 5, 6))
    # from the 7th to the 10th it stands still: the day of the event does not count anyway
    assert run(stood_still, claimed).ends_on == date(2027, 5, 10)


def test_the_safe_date_relies_on_what_is_proven_alone() -> None:
    said = Entry("claimed-from-other-party", date(2026, 6, 1), is_proven=False)
    found = run(said)
    assert (found.due_on, found.safe_on) == (date(2027, 6, 1), date(2027, 3, 2))


def test_wages_are_not_limited_during_the_employment_and_by_a_year_after_it() -> None:
    during = run(claim=LimitedClaim(date(2020, 1, 1), None, is_wage_arrears=True))
    assert (during.status, during.due_on) == ("not-limited", None)
    after = run(claim=LimitedClaim(date(2020, 1, 1), date(2026, 6, 30), is_wage_arrears=True))
    assert (after.status, after.due_on) == ("running", date(2027, 6, 30))


def test_without_the_day_of_knowing_nothing_is_counted() -> None:
    found = run(claim=LimitedClaim(None, date(2026, 6, 30), is_wage_arrears=False))
    assert (found.status, found.due_on, found.is_near(TODAY, 365)) == ("unknown", None, False)


def test_it_is_near_within_the_days_of_the_site_counted_to_the_safe_date() -> None:
    claim = LimitedClaim(date(2025, 12, 24), None, is_wage_arrears=False)
    assert run(claim=claim).is_near(TODAY, 30)
    assert not run(claim=claim).is_near(TODAY, 29)
    assert not run(claim=claim, today=date(2027, 1, 5)).is_near(date(2027, 1, 5), 30)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (
            {"negotiation_request_received_on": date(2026, 9, 1), "negotiation_refused_on": date(2026, 9, 3)},
            [("claimed-from-other-party", date(2026, 9, 1)), ("negotiation-refused", date(2026, 9, 3))],
        ),
        (
            {"negotiation_term_until": date(2026, 9, 20), "negotiation_ended_on": date(2026, 9, 10)},
            [("negotiation-stopped", date(2026, 9, 10))],
        ),
        (
            {"negotiation_term_until": date(2026, 9, 20), "negotiation_ended_on": date(2026, 9, 20)},
            [("negotiation-failed", date(2026, 9, 20))],
        ),
        (
            {"settlement_signed_on": date(2026, 9, 1), "performance_breached_on": date(2026, 9, 15)},
            [("other-party-agreed", date(2026, 9, 1)), ("settlement-breached", date(2026, 9, 15))],
        ),
        (
            {"mediation_application_received_on": date(2026, 9, 1), "mediation_refused_on": date(2026, 9, 3)},
            [("claimed-from-other-party", date(2026, 9, 1)), ("mediation-refused", date(2026, 9, 3))],
        ),
        (
            {"mediation_accepted_on": date(2026, 9, 1), "mediation_ended_on": date(2026, 9, 8)},
            [("mediation-stopped", date(2026, 9, 8))],
        ),
        (
            {"mediation_accepted_on": date(2026, 9, 1), "mediation_ended_on": date(2026, 9, 16)},
            [("mediation-failed", date(2026, 9, 16))],
        ),
        (
            {"agreement_effective_on": date(2026, 9, 1), "performance_breached_on": date(2026, 9, 30)},
            [("other-party-agreed", date(2026, 9, 1)), ("agreement-breached", date(2026, 9, 30))],
        ),
        (
            {"payment_order_applied_on": date(2026, 9, 1)},
            [("asked-competent-body", date(2026, 9, 1))],
        ),
    ],
)
def test_each_event_of_the_regulations_is_read_off_the_event_dates(
    dates: dict[str, date], expected: list[tuple[str, date]]
) -> None:
    assert [(kind, on) for kind, on, _ in derived(**dates)] == expected


def test_silence_is_deemed_refusal_once_the_five_days_are_over_and_a_late_answer_undoes_it() -> None:
    asked = date(2026, 9, 29)
    assert derived(today=date(2026, 10, 8), negotiation_request_received_on=asked)[1:] == []
    assert derived(today=date(2026, 10, 9), negotiation_request_received_on=asked)[1:] == [
        ("negotiation-refused", date(2026, 10, 8), "deemed")
    ]
    answered = {"negotiation_request_received_on": asked, "negotiation_answered_on": date(2026, 10, 3)}
    assert derived(today=date(2026, 10, 9), **answered)[1:] == []


def test_a_mediation_whose_period_ran_out_counts_as_failed_until_somebody_says_what_happened() -> None:
    accepted = {"mediation_accepted_on": date(2026, 9, 1)}
    assert derived(**accepted) == [("mediation-failed", date(2026, 9, 16), "deemed")]
    extended = {**accepted, "mediation_extended_until": date(2026, 10, 16)}
    assert derived(**extended) == [("mediation-failed", date(2026, 10, 16), "deemed")]
    agreed = {**extended, "agreement_effective_on": date(2026, 9, 30)}
    assert derived(**agreed) == [("other-party-agreed", date(2026, 9, 30), "event-date")]
    assert derived(today=date(2026, 9, 16), **accepted) == []


def test_the_eight_events_bear_their_items_of_article_31() -> None:
    items = [basis_words(kind).en for kind in KINDS.values() if "31 item" in basis_words(kind).en]
    assert [text.rsplit(" ", 1)[1] for text in items] == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert "第二十七条第二款" in basis_words(KINDS["asked-competent-body"]).zh


def test_an_interruption_on_the_day_after_a_rest_day_at_the_end_is_in_time() -> None:
    claim = LimitedClaim(date(2025, 10, 3), None, is_wage_arrears=False)
    on_the_rolled_day = Entry("asked-competent-body", date(2026, 10, 8))
    found = run(on_the_rolled_day, claim=claim)
    assert found.due_on == date(2027, 10, 8)
    assert found.safe_on == date(2026, 10, 3)
    assert TODAY + timedelta(days=1) > found.safe_on
