"""Which event dates a caseworker is offered to record."""

from casework.queries.offered_event_dates import sensible_event_dates


def names(stages: list[str], *recorded: str) -> set[str]:
    return {entry.name for entry in sensible_event_dates(stages, recorded)}


def test_a_date_of_a_procedure_that_the_case_was_never_in_is_offered() -> None:
    assert names(["registered"], "received_on") == set()
    offered = names(["registered", "med_received"], "received_on")
    assert "mediation_application_received_on" in offered
    assert not any(name.startswith(("review_", "confirmation_", "payment_order_")) for name in offered)


def test_a_date_is_offered_that_is_recorded_already_or_before_what_it_follows() -> None:
    before = names(["med_received"], "received_on")
    assert "mediation_accepted_on" not in before
    after = names(["med_received"], "received_on", "mediation_application_received_on")
    assert "mediation_accepted_on" in after
    assert "mediation_application_received_on" not in after
    accepted = names(["med_running"], "received_on", "mediation_application_received_on", "mediation_accepted_on")
    assert "mediation_refused_on" not in accepted


def test_a_date_is_offered_that_follows_from_signatures_or_the_register_of_service() -> None:
    offered = names(["med_running", "rev_accepted"], "received_on", "mediation_accepted_on", "award_made_on")
    assert "agreement_effective_on" not in offered
    assert "award_served_on" not in offered
    assert not {"closed_on", "withdrawn_on"} & offered
