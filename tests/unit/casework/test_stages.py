"""How the stage of a dispute follows its process."""

from typing import Any

import pytest

from casework.stages import STAGES, new_stages, outcome_stages, run_start, running_stage


@pytest.mark.parametrize(
    ("active", "dates", "stage"),
    [
        (["dispute"], set(), None),
        (["dispute", "negotiation"], set(), "neg_requested"),
        (["dispute", "negotiation"], {"negotiation_answered_on"}, "neg_running"),
        (["dispute", "mediation"], set(), "med_received"),
        (["dispute", "mediation"], {"mediation_accepted_on"}, "med_running"),
        (["dispute", "mediation"], {"mediation_accepted_on", "agreement_effective_on"}, "med_agreed"),
        (["dispute", "arbitration-review"], {"agreement_effective_on"}, "rev_applied"),
        (["dispute", "arbitration-review"], {"review_accepted_on"}, "rev_accepted"),
        (["dispute", "judicial-confirmation"], set(), "jc_applied"),
        (["dispute", "performance"], {"performance_due_on"}, "perf_running"),
        (["dispute", "mediation", "negotiation"], set(), "neg_requested"),
        (["dispute", "something-else"], set(), None),
    ],
)
def test_the_running_process_and_the_recorded_dates_tell_the_stage(
    active: list[str], dates: set[str], stage: str | None
) -> None:
    assert running_stage(active, dates) == stage


@pytest.mark.parametrize(
    ("variables", "stages"),
    [
        ({}, []),
        ({"negotiation_outcome": "settled"}, ["neg_settled"]),
        ({"negotiation_outcome": "failed", "mediation_outcome": "agreed"}, ["neg_failed", "med_agreed"]),
        ({"mediation_outcome": "med_not_accepted"}, ["med_not_accepted"]),
        ({"mediation_outcome": "not-accepted"}, ["med_not_accepted"]),
        ({"confirmation_outcome": "confirmed"}, ["jc_confirmed"]),
        ({"confirmation_outcome": "rejected"}, ["jc_rejected"]),
        ({"confirmation_outcome": "not-accepted"}, ["jc_not_accepted"]),
        ({"confirmation_outcome": "withdrawn"}, ["jc_withdrawn"]),
        ({"confirmation_outcome": "not-filed"}, ["jc_not_filed"]),
        ({"review_outcome": "withdrawn", "confirmation_outcome": "withdrawn"}, ["rev_withdrawn", "jc_withdrawn"]),
        ({"outcome": "arb_handed_over"}, ["arb_handed_over"]),
        ({"outcome": "nonsense", "review_outcome": None}, []),
    ],
)
def test_outcome_variables_name_stages_in_the_order_of_the_chain(variables: dict[str, Any], stages: list[str]) -> None:
    assert list(outcome_stages(variables)) == stages


def following(history: list[str], **changes: Any) -> list[str]:
    given: dict[str, Any] = {"active_processes": ["dispute"], "state": "active", "variables": {}, "dates": set()}
    return new_stages(history, **{**given, **changes})


def test_a_step_that_ends_one_stage_and_begins_the_next_keeps_both() -> None:
    assert following(
        ["registered", "neg_running"],
        active_processes=["dispute", "mediation"],
        variables={"negotiation_outcome": "failed"},
    ) == ["neg_failed", "med_received"]


def test_an_outcome_counts_once() -> None:
    assert (
        following(
            ["registered", "neg_failed", "med_received"],
            active_processes=["dispute", "mediation"],
            variables={"negotiation_outcome": "failed"},
        )
        == []
    )


def test_between_two_stages_the_last_outcome_stands() -> None:
    assert following(["med_running"], variables={"mediation_outcome": "agreed"}) == ["med_agreed"]


def test_nothing_happens_while_nothing_happens() -> None:
    assert following(["registered"]) == []


@pytest.mark.parametrize(
    ("current", "variables", "stages"),
    [
        ("perf_running", {"performance_outcome": "performed"}, ["perf_done"]),
        ("med_failed", {"mediation_outcome": "failed"}, []),
        ("registered", {}, ["closed"]),
        ("neg_running", {"outcome": "withdrawn"}, ["withdrawn"]),
    ],
)
def test_a_completed_process_leaves_its_outcome_as_the_stage(
    current: str, variables: dict[str, Any], stages: list[str]
) -> None:
    assert following([current], state="completed", variables=variables) == stages


def test_a_canceled_process_closes_the_dispute() -> None:
    assert following(["med_running"], state="canceled") == ["closed"]


def test_every_stage_has_both_names() -> None:
    assert all(stage.zh and stage.en for stage in STAGES.values())


MEDIATED_TWICE = ["registered", "med_received", "med_running", "med_agreed", "jc_applied", "jc_rejected"]


@pytest.mark.parametrize(
    ("process", "history", "start"),
    [
        ("mediation", ["registered"], None),
        ("mediation", ["registered", "med_received", "med_running"], None),
        ("mediation", MEDIATED_TWICE, 6),
        ("mediation", [*MEDIATED_TWICE, "med_received"], 6),
        ("mediation", [*MEDIATED_TWICE, "med_received", "med_running"], 6),
        ("performance", ["neg_settled", "perf_running", "perf_breach", "med_received", "med_agreed"], 5),
        # a payment order is a part of the performance that called it
        ("performance", ["med_agreed", "perf_running", "perf_breach", "po_applied", "po_ended"], None),
        ("dispute", MEDIATED_TWICE, None),
    ],
)
def test_a_process_that_runs_again_has_a_run_of_its_own(process: str, history: list[str], start: int | None) -> None:
    assert run_start(process, history) == start


def test_a_second_review_that_is_withdrawn_is_withdrawn_again() -> None:
    once = ["med_agreed", "rev_applied", "rev_withdrawn"]
    withdrawn = {"review_outcome": "withdrawn", "mediation_outcome": "agreed"}
    assert following(once, variables=withdrawn) == []
    again = [*once, "rev_applied"]
    assert following(again, variables=withdrawn, active_processes=["dispute", "arbitration-review"]) == []
    assert following(again, variables=withdrawn) == ["rev_withdrawn"]


def test_leaving_a_second_mediation_does_not_bring_the_first_agreement_back() -> None:
    history = [*MEDIATED_TWICE, "med_received", "med_running"]
    assert following(history, variables={"mediation_outcome": "agreed", "confirmation_outcome": "rejected"}) == []
