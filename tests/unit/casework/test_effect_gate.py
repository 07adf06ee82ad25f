"""The effect gate: who must sign, what counts, and since when the agreement binds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.effect_gate import LEVELS, GateDemand, Missing, Signature, decide, signatories

FRIDAY = date(2026, 9, 25)
TWO_SIDES = signatories(["applicant-1", "respondent-1"], 1, has_unnamed_workers=False)
ALL = [Signature(each.code, FRIDAY) for each in TWO_SIDES]


def without(code: str) -> list[Signature]:
    return [each for each in ALL if each.signatory != code]


def changed(code: str, **changes: object) -> list[Signature]:
    return [replace(each, **changes) if each.signatory == code else each for each in ALL]


def test_both_parties_the_mediator_and_the_seal_are_asked_for() -> None:
    assert [each.code for each in TWO_SIDES] == ["applicant-1", "respondent-1", "mediator-1", "organisation"]


def test_every_member_of_a_panel_signs() -> None:
    codes = [each.code for each in signatories(["applicant-1"], 3, has_unnamed_workers=False)]
    assert codes == ["applicant-1", "mediator-1", "mediator-2", "mediator-3", "organisation"]


def test_workers_whom_no_party_names_consent_together() -> None:
    assert "workers" in [each.code for each in signatories(["applicant-1"], 1, has_unnamed_workers=True)]


def test_a_settlement_needs_the_parties_alone() -> None:
    found = signatories(["applicant-1", "respondent-1"], 0, has_unnamed_workers=False, is_mediated=False)
    assert {each.signer for each in found} == {"party"}


@pytest.mark.parametrize("code", [each.code for each in TWO_SIDES])
def test_without_one_of_them_nothing_is_in_effect(code: str) -> None:
    decision = decide(TWO_SIDES, without(code), GateDemand())
    assert not decision.is_satisfied
    assert decision.missing == (Missing(code, "not-signed"),)


@pytest.mark.parametrize("code", [each.code for each in TWO_SIDES])
def test_the_last_signature_makes_the_day_of_effect(code: str) -> None:
    later = FRIDAY + timedelta(days=3)
    assert decide(TWO_SIDES, changed(code, signed_on=later), GateDemand()).effective_on == later


@pytest.mark.parametrize("demanded", LEVELS)
@pytest.mark.parametrize("given_level", LEVELS)
def test_a_level_below_what_the_office_demands_counts(demanded: str, given_level: str) -> None:
    decision = decide(TWO_SIDES, changed("applicant-1", level=given_level), GateDemand(demanded))
    rank = {"basic": 0, "paper-scan": 1, "certified": 2}
    wanted = rank[given_level] >= rank[demanded] and rank["paper-scan"] >= rank[demanded]
    assert decision.is_satisfied == wanted


def test_paper_without_a_scan_counts_only_where_none_is_demanded() -> None:
    signed = changed("respondent-1", has_proof=False)
    assert decide(TWO_SIDES, signed, GateDemand()).missing == (Missing("respondent-1", "scan-missing"),)
    assert decide(TWO_SIDES, signed, GateDemand(is_scan_required=False)).effective_on == FRIDAY


def test_a_representative_without_the_consent_of_whom_they_represent_signs_for_nobody() -> None:
    signed = changed("applicant-1", signed_by="representative")
    assert decide(TWO_SIDES, signed, GateDemand()).missing == (Missing("applicant-1", "consent-missing"),)
    monday = FRIDAY + timedelta(days=3)
    signed = changed("applicant-1", signed_by="representative", consented_on=monday)
    assert decide(TWO_SIDES, signed, GateDemand()).effective_on == monday


def test_a_signature_of_somebody_who_need_not_sign_changes_the_day() -> None:
    stranger = Signature("applicant-9", FRIDAY + timedelta(days=9))
    assert decide(TWO_SIDES, [*ALL, stranger], GateDemand()).effective_on == FRIDAY


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
records = st.lists(st.tuples(st.integers(0, 5), days, st.sampled_from(LEVELS), st.booleans()), max_size=40)
six = signatories(["applicant-1", "applicant-2", "respondent-1", "respondent-2"], 1, has_unnamed_workers=False)


@given(records, st.randoms(use_true_random=False), st.sampled_from(LEVELS), st.booleans())
def test_the_order_of_recording_changes_the_day_of_effect(found, random, level, is_scan_required) -> None:
    demand = GateDemand(level, is_scan_required)
    last = {index: Signature(six[index].code, day, how, has_proof=proof) for index, day, how, proof in found}
    standing = list(last.values())
    wanted = decide(six, standing, demand)
    random.shuffle(standing)
    assert decide(six, standing, demand) == wanted
    assert wanted.is_satisfied == (not wanted.missing)
    if len(last) < len(six):
        assert wanted.effective_on is None, "in effect although somebody has not signed"
    if wanted.effective_on is not None:
        assert wanted.effective_on == max(each.signed_on for each in standing)
    for index in range(len(standing)):
        assert not decide(six, standing[:index] + standing[index + 1 :], demand).is_satisfied
