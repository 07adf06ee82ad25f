"""Signatures on a mediation agreement: what is kept, the day of effect, the timers that hang on it."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from casework.commands.record_signatures import SigningResult, record_signatures
from casework.commands.register_dispute import RegisteredDispute
from casework.commands.withdraw_signature import withdraw_signature
from casework.documents import store_document
from casework.errors import InputInvalidError, ReasonMissingError, SignatureGoneError
from casework.queries.get_signatures import get_signatures
from casework.queries.read_dispute import read_dispute
from casework.store.tables import event_date, signature
from engine.domain.errors import NotFoundError
from engine.store.history import verify
from engine.store.tables import timer as timer_table
from tests.bpmn_builder import END, boundary, file, node, process, timer
from tests.bpmn_builder import START as START_EVENT
from tests.integration.casework.office import Office, lawyer, person

TIMED = file(
    process(
        "dispute",
        START_EVENT,
        END,
        node("userTask", "sign", camunda_candidateGroups="mediator"),
        node("userTask", "choose", camunda_candidateGroups="mediator"),
        boundary(
            "late", "choose", timer("Date", "${deadline('REV-APPLY', agreement_effective_on)}"), interrupting=False
        ),
        node("userTask", "b", camunda_candidateGroups="supervisor"),
        "start>sign",
        "sign>choose",
        "choose>end",
        "late>b",
        "b>end",
    )
)
FRIDAY, MONDAY = date(2026, 2, 27), date(2026, 3, 2)
EVERYBODY = ("applicant-1", "respondent-1", "mediator-1", "organisation")


@pytest.fixture
def registered(office: Office) -> RegisteredDispute:
    office.deploy(TIMED)
    return office.register()


def scan(office: Office, case_id: UUID) -> UUID:
    with office.as_user("mediator") as uow:
        stored = store_document(
            uow,
            office.bureau,
            case_id,
            kind="signed-agreement",
            title="签署件",
            content=b"%PDF-1.7",
            media_type="application/pdf",
            idempotency_key=f"scan-{uow.ids()}",
        )
    return stored.document_id


def sign(
    office: Office, case_id: UUID, *codes: str, on: date = FRIDAY, copy: UUID | None = None, **row
) -> SigningResult:
    with office.as_user("mediator") as uow:
        return record_signatures(
            uow,
            office.bureau,
            case_id,
            [{"signatory": code, "signed_on": on, **row} for code in codes],
            signed_copy=copy,
        )


def gate(office: Office, case_id: UUID) -> dict:
    with office.begin() as connection:
        return get_signatures(connection, office.bureau, case_id)


def standing(office: Office, case_id: UUID, code: str) -> UUID:
    return next(row.id for row in office.rows(signature) if row.signatory == code and row.superseded_at is None)


def keep(office: Office, case_id: UUID, **values) -> list:
    with office.as_user("mediator") as uow:
        return office.platform.host.record_inputs(
            uow.connection, case_id, values, actor_id=uow.actor.id, now=uow.now, reason=None
        )


def test_a_signature_recorded_on_monday_for_friday_counts_from_monday(
    office: Office, registered: RegisteredDispute
) -> None:
    result = sign(office, registered.case_id, *EVERYBODY, copy=scan(office, registered.case_id))
    assert office.today == MONDAY
    assert result.effective_on == FRIDAY
    assert gate(office, registered.case_id)["gate"] == "satisfied"


def test_without_the_scan_of_the_originals_the_agreement_is_in_effect(
    office: Office, registered: RegisteredDispute
) -> None:
    assert sign(office, registered.case_id, *EVERYBODY).effective_on is None
    assert {each["code"] for each in gate(office, registered.case_id)["missing"]} == {"scan-missing"}
    later = sign(office, registered.case_id, copy=scan(office, registered.case_id))
    assert later.effective_on == FRIDAY
    assert len(office.rows(signature)) == 8


def test_the_same_signature_again_is_a_change(office: Office, registered: RegisteredDispute) -> None:
    copy = scan(office, registered.case_id)
    sign(office, registered.case_id, *EVERYBODY, copy=copy)
    assert sign(office, registered.case_id, *EVERYBODY, copy=copy).changes == ()
    assert sign(office, registered.case_id, *EVERYBODY).changes == ()
    assert len(office.rows(signature)) == 4


def test_a_corrected_signature_leaves_the_day_and_the_timers_as_they_were(
    office: Office, registered: RegisteredDispute
) -> None:
    sign(office, registered.case_id, *EVERYBODY, copy=scan(office, registered.case_id))
    office.complete("sign")
    (due,) = office.rows(timer_table)
    assert due.due_on == date(2026, 3, 16)  # 14 March is a Saturday
    result = sign(office, registered.case_id, "organisation", on=date(2026, 2, 25))
    assert (result.effective_on, result.changes[0].name) == (FRIDAY, "agreement_signatures")
    result = sign(office, registered.case_id, "organisation", on=MONDAY)
    assert result.effective_on == MONDAY
    assert [moved.element_id for moved in result.moved_timers] == ["late"]
    assert office.rows(timer_table)[0].due_on == date(2026, 3, 17)
    days = [
        (row.value, row.superseded_at is None)
        for row in office.rows(event_date, event_date.c.name == "agreement_effective_on")
    ]
    assert days == [(FRIDAY, False), (MONDAY, True)]
    with office.begin() as connection:
        assert verify(connection, registered.case_id) > 0


def test_a_withdrawn_signature_still_counts(office: Office, registered: RegisteredDispute) -> None:
    sign(office, registered.case_id, *EVERYBODY, copy=scan(office, registered.case_id))
    office.complete("sign")
    found = standing(office, registered.case_id, "respondent-1")
    with office.as_user("head") as uow:
        result = withdraw_signature(uow, office.bureau, registered.case_id, found, "签名系他人代签")
    assert (result.effective_on, result.moved_timers) == (None, ())
    told = gate(office, registered.case_id)
    assert told["gate"] == "open"
    assert [each["signatory"] for each in told["missing"]] == ["respondent-1"]
    assert [row["reason"] for row in told["signatures"] if not row["is_current"]] == ["签名系他人代签"]
    assert "代签" not in str(office.rows(signature))
    assert office.rows(timer_table)[0].due_on == date(2026, 3, 16)
    with office.as_user("head") as uow, pytest.raises(SignatureGoneError):
        withdraw_signature(uow, office.bureau, registered.case_id, found, "再次撤销")


def test_a_withdrawal_without_a_reason_or_of_nothing_is_taken(office: Office, registered: RegisteredDispute) -> None:
    sign(office, registered.case_id, "organisation")
    found = standing(office, registered.case_id, "organisation")
    with office.as_user("head") as uow, pytest.raises(ReasonMissingError):
        withdraw_signature(uow, office.bureau, registered.case_id, found, " ")
    with office.as_user("head") as uow, pytest.raises(NotFoundError):
        withdraw_signature(uow, office.bureau, registered.case_id, UUID(int=5), "无")


def test_other_terms_keep_the_signatures_under_the_old_ones(office: Office, registered: RegisteredDispute) -> None:
    keep(office, registered.case_id, agreement_terms="一稿")
    sign(office, registered.case_id, *EVERYBODY, copy=scan(office, registered.case_id))
    changes = keep(office, registered.case_id, agreement_terms="二稿")
    assert [change.name for change in changes] == [
        "agreement_terms",
        "agreement_signatures",
        "agreement_effective_on",
        "agreement_gate",
    ]
    assert {each["code"] for each in gate(office, registered.case_id)["missing"]} == {"not-signed"}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"signatory": "applicant-2", "signed_on": FRIDAY}, "nobody called"),
        ({"signatory": "organisation", "signed_on": MONDAY + timedelta(days=1)}, "today"),
        ({"signatory": "organisation", "signed_on": "soon"}, "none"),
        ({"signatory": "organisation", "signed_on": FRIDAY, "level": "stamp"}, "unknown"),
        ({"signatory": "organisation", "signed_on": FRIDAY, "proof": str(UUID(int=9))}, "upload"),
        ({"signatory": "respondent-1", "signed_on": FRIDAY, "signed_by": "agent"}, "special powers"),
    ],
)
def test_a_signature_that_cannot_be_is_kept(
    office: Office, registered: RegisteredDispute, row: dict, problem: str
) -> None:
    with office.as_user("mediator") as uow, pytest.raises(InputInvalidError, match=problem):
        record_signatures(uow, office.bureau, registered.case_id, [row])


def test_nobody_signs_twice_in_one_form(office: Office, registered: RegisteredDispute) -> None:
    row = {"signatory": "organisation", "signed_on": FRIDAY}
    with office.as_user("mediator") as uow, pytest.raises(InputInvalidError, match="twice"):
        record_signatures(uow, office.bureau, registered.case_id, [row, row])


def test_an_agent_with_special_powers_signs_for_the_party(office: Office) -> None:
    case = office.register(applicants=(person(agents=(lawyer(),)),))
    assert sign(office, case.case_id, "applicant-1", signed_by="agent").changes


def test_workers_whom_nobody_names_are_forgotten(office: Office) -> None:
    case = office.register(worker_count=12)
    assert [each["code"] for each in gate(office, case.case_id)["signatories"]] == [
        "applicant-1",
        "respondent-1",
        "workers",
        "mediator-1",
        "organisation",
    ]


def test_the_day_of_effect_is_entered_by_hand_although_there_are_signatures(
    office: Office, registered: RegisteredDispute
) -> None:
    keep(office, registered.case_id, agreement_effective_on=FRIDAY)
    sign(office, registered.case_id, "organisation")
    assert gate(office, registered.case_id)["gate"] == "open"
    with pytest.raises(InputInvalidError, match="follows from"):
        keep(office, registered.case_id, agreement_effective_on=FRIDAY)


def test_items_set_the_day_of_performance_and_tell_whether_they_can_be_reviewed(
    office: Office, registered: RegisteredDispute
) -> None:
    row = {"content": "支付工资", "cause_code": "wages", "amount": 100, "payer_party_id": "respondent-1"}
    row |= {"payee_party_id": "applicant-1", "due_on": date(2026, 3, 31)}
    keep(
        office, registered.case_id, agreement_items=[row, {"content": "确认劳动关系", "cause_code": "labour-relation"}]
    )
    with office.begin() as connection:
        inputs = office.platform.host.context(connection, registered.case_id, office.clock.now()).inputs
        record = read_dispute(connection, office.bureau, registered.case_id)
    assert inputs["agreement_reviewability"] == "mixed"
    assert inputs["performance_due_on"] == date(2026, 3, 31)
    assert record.statements["agreement_terms"] == "支付工资\n确认劳动关系"
    assert record.agreement_items[0].payer_party_id == str(record.respondents[0].party_id)
