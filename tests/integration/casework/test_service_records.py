"""The register of service on a real database: what is derived, what a correction moves, what is kept."""

import itertools
from datetime import date, datetime
from uuid import UUID

import pytest

from casework.commands.record_services import record_services
from casework.commands.register_dispute import RegisteredDispute
from casework.documents import store_document
from casework.errors import EventDateDerivedError, InputInvalidError, PaperNotServedError, ReasonMissingError
from casework.queries.list_services import list_services
from casework.service_records import Service
from casework.store.tables import event_date, party, service_record
from engine.domain.clock import SHANGHAI
from engine.store.history import verify
from engine.store.tables import timer
from tests.bpmn_builder import END, boundary, file, node, process
from tests.bpmn_builder import START as START_EVENT
from tests.bpmn_builder import timer as timer_part
from tests.integration.casework.office import Office, company, person

SERVED = file(
    process(
        "dispute",
        START_EVENT,
        END,
        node("userTask", "a", camunda_candidateGroups="mediator"),
        boundary(
            "late",
            "a",
            timer_part("Date", "${deadline('REV-5', review_acceptance_notice_served_on)}"),
            interrupting=False,
        ),
        node("userTask", "b", camunda_candidateGroups="supervisor"),
        "start>a",
        "a>end",
        "late>b",
        "b>end",
    )
)


@pytest.fixture
def registered(office: Office) -> RegisteredDispute:
    office.clock.set(datetime(2026, 9, 30, 10, tzinfo=SHANGHAI))
    return office.register(applicants=(person("张三"), person("李一")), respondents=(company(),))


def paper(office: Office, case_id: UUID, kind: str = "award", version: int = 1) -> UUID:
    with office.as_user("clerk") as uow:
        return store_document(
            uow,
            office.bureau,
            case_id,
            kind=kind,
            title="文书",
            content=f"%PDF {kind} {version}".encode(),
            media_type="application/pdf",
            idempotency_key=f"{case_id}{kind}{version}",
        ).document_id


def party_ids(office: Office, case_id: UUID) -> list[UUID]:
    rows = office.rows(party, party.c.case_id == case_id)
    return [row.id for row in sorted(rows, key=lambda row: (row.side, row.position))]


def service(party_id: UUID, day: date | None, method="direct", **changes) -> Service:
    told = {
        "sent_on": None if day else date(2026, 9, 1),
        "is_refused": False,
        "has_consent": True,
        "has_photographs": True,
        "proof_document_id": None,
        "note": None,
    } | changes
    return Service(party_id=party_id, method=method, served_on=day, **told)


def record(office: Office, document_id: UUID, *services: Service):
    with office.as_user("clerk") as uow:
        return record_services(uow, office.bureau, document_id, services)


def keep(office: Office, case_id: UUID, **values):
    with office.as_user("clerk") as uow:
        return office.platform.host.record_inputs(
            uow.connection, case_id, values, actor_id=uow.actor.id, now=uow.now, reason=None
        )


def inputs(office: Office, case_id: UUID) -> dict:
    with office.begin() as connection:
        return dict(office.platform.host.context(connection, case_id, office.clock.now()).inputs)


def test_the_order_of_recording_changes_the_day_of_service(office: Office, registered: RegisteredDispute) -> None:
    ids = party_ids(office, registered.case_id)
    days = [date(2026, 9, 3), date(2026, 9, 9), date(2026, 9, 5)]
    for version, order in enumerate(itertools.permutations(range(3)), 1):
        document_id = paper(office, registered.case_id, version=version)
        for step, at in enumerate(order):
            result = record(office, document_id, service(ids[at], days[at]))
            assert result.state == ("complete" if step == 2 else "partial")
        assert result.served_on == date(2026, 9, 9)
        assert inputs(office, registered.case_id)["award_services"] == "complete"


def test_expressions_do_not_see_how_far_service_has_come(office: Office, registered: RegisteredDispute) -> None:
    assert "award_services" not in inputs(office, registered.case_id)
    paper(office, registered.case_id)
    assert inputs(office, registered.case_id)["award_services"] == "none"
    keep(
        office,
        registered.case_id,
        award_services=[{"party": "applicants", "method": "direct", "served_on": "2026-09-03"}],
    )
    assert inputs(office, registered.case_id)["award_services"] == "partial"
    keep(office, registered.case_id, award_services=[{"party": "respondent", "method": "direct", "refused": True}])
    assert inputs(office, registered.case_id)["award_services"] == "refused"
    assert "award_served_on" not in inputs(office, registered.case_id)
    changes = keep(
        office,
        registered.case_id,
        award_services=[{"party": "respondent", "method": "agent", "served_on": date(2026, 9, 8)}],
    )
    assert [(change.name, change.old, change.new) for change in changes] == [
        ("award_services", "refused", "complete"),
        ("award_served_on", None, date(2026, 9, 8)),
    ]
    seen = inputs(office, registered.case_id)
    assert (seen["award_services"], seen["award_served_on"]) == ("complete", date(2026, 9, 8))


def test_the_state_seen_by_expressions_and_the_state_listed_differ(
    office: Office, registered: RegisteredDispute
) -> None:
    ids = party_ids(office, registered.case_id)
    document_id = paper(office, registered.case_id, "mediation-refusal-notice")
    for step in (
        [],
        [service(ids[0], None)],
        [service(ids[1], None, is_refused=True)],
        [service(ids[0], date(2026, 9, 2))],
    ):
        if step:
            record(office, document_id, *step)
        with office.begin() as connection:
            (listed,) = list_services(connection, office.bureau, registered.case_id)
        assert listed["state"] == inputs(office, registered.case_id)["mediation_refusal_notice_services"]
    record(office, document_id, service(ids[1], date(2026, 9, 4)))
    with office.begin() as connection:
        (listed,) = list_services(connection, office.bureau, registered.case_id)
    assert (listed["state"], listed["served_on"], listed["missing"]) == ("complete", date(2026, 9, 4), [])
    assert inputs(office, registered.case_id)["mediation_refusal_notice_services"] == "complete"


def test_a_new_version_of_a_paper_counts_as_served_because_the_old_one_was(
    office: Office, registered: RegisteredDispute
) -> None:
    first = paper(office, registered.case_id)
    record(office, first, *(service(each, date(2026, 9, 3)) for each in party_ids(office, registered.case_id)))
    paper(office, registered.case_id, version=2)
    assert inputs(office, registered.case_id)["award_services"] == "none"


def test_a_service_that_counted_is_changed_without_a_reason(office: Office, registered: RegisteredDispute) -> None:
    document_id = paper(office, registered.case_id)
    ids = party_ids(office, registered.case_id)
    record(office, document_id, *(service(each, date(2026, 9, 3)) for each in ids))
    with pytest.raises(ReasonMissingError):
        record(office, document_id, service(ids[2], date(2026, 9, 7)))
    assert record(office, document_id, service(ids[2], date(2026, 9, 7), note="回证日期看错")).served_on == date(
        2026, 9, 7
    )
    rows = office.rows(service_record, service_record.c.party_id == ids[2])
    assert [row.superseded_by is None for row in rows] == [False, True]
    assert rows[0].superseded_by == rows[1].id
    assert rows[1].note != "回证日期看错"
    values = [
        (row.value, row.superseded_at is None)
        for row in office.rows(event_date, event_date.c.name == "award_served_on")
    ]
    assert values == [(date(2026, 9, 3), False), (date(2026, 9, 7), True)]


def test_a_correction_that_takes_service_back_leaves_its_day_standing(
    office: Office, registered: RegisteredDispute
) -> None:
    document_id = paper(office, registered.case_id)
    ids = party_ids(office, registered.case_id)
    record(office, document_id, *(service(each, date(2026, 9, 3)) for each in ids))
    result = record(office, document_id, service(ids[2], None, is_refused=True, note="签收人并非本人"))
    assert (result.state, result.served_on) == ("refused", None)
    assert "award_served_on" not in inputs(office, registered.case_id)
    assert record(office, document_id, service(ids[2], date(2026, 9, 8))).served_on == date(2026, 9, 8)


def test_the_same_service_again_is_a_change(office: Office, registered: RegisteredDispute) -> None:
    document_id = paper(office, registered.case_id)
    ids = party_ids(office, registered.case_id)
    record(office, document_id, service(ids[0], date(2026, 9, 3), note="本人"))
    assert record(office, document_id, service(ids[0], date(2026, 9, 3), note="本人")).changes == ()
    assert len(office.rows(service_record)) == 1


def test_a_day_that_follows_from_the_register_is_set_by_hand(office: Office, registered: RegisteredDispute) -> None:
    keep(office, registered.case_id, award_served_on=date(2026, 9, 1))  # nothing in the register: told by hand
    document_id = paper(office, registered.case_id)
    record(office, document_id, *(service(each, date(2026, 9, 3)) for each in party_ids(office, registered.case_id)))
    assert inputs(office, registered.case_id)["award_served_on"] == date(2026, 9, 3)
    with pytest.raises(EventDateDerivedError):
        keep(office, registered.case_id, award_served_on=date(2026, 9, 2))


def test_the_clock_that_starts_with_service_moves_with_a_correction(office: Office) -> None:
    office.clock.set(datetime(2026, 9, 30, 10, tzinfo=SHANGHAI))
    office.deploy(SERVED)
    registered = office.register(event_dates={"review_acceptance_notice_served_on": date(2026, 9, 1)})
    document_id = paper(office, registered.case_id, "review-acceptance-notice")
    ids = party_ids(office, registered.case_id)
    result = record(office, document_id, *(service(each, date(2026, 9, 28), "left") for each in ids))
    assert result.served_on == date(2026, 10, 8)  # the third working day after, National Day between
    (moved,) = result.moved_timers
    (waiting,) = office.rows(timer)
    assert waiting.due_at == moved.new_due_at
    with office.begin() as connection:
        verify(connection, registered.case_id)


def test_a_paper_that_nobody_is_served_with_has_services(office: Office, registered: RegisteredDispute) -> None:
    document_id = paper(office, registered.case_id, "evidence")
    with pytest.raises(PaperNotServedError):
        record(office, document_id, service(party_ids(office, registered.case_id)[0], date(2026, 9, 3)))


def test_a_proof_from_another_case_is_taken(office: Office, registered: RegisteredDispute) -> None:
    other = office.register()
    proof = paper(office, other.case_id, "evidence")
    document_id = paper(office, registered.case_id)
    ids = party_ids(office, registered.case_id)
    with pytest.raises(InputInvalidError, match="not a document of this case"):
        record(office, document_id, service(ids[0], date(2026, 9, 3), proof_document_id=proof))
