"""Event dates, statements and appointments: what is kept, what expressions see, what a correction moves."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from casework.calendar_days import put_calendar_days
from casework.commands.correct_event_date import correct_event_date
from casework.commands.record_event_dates import record_event_dates
from casework.commands.register_dispute import RegisteredDispute
from casework.deadlines.work_calendar import DayOverride
from casework.errors import (
    EventDateInvalidError,
    EventDateMissingError,
    EventDateUnknownError,
    InputInvalidError,
    ReasonMissingError,
)
from casework.organisations import assign_organisation
from casework.queries.get_dispute import get_dispute, list_deadlines, list_event_dates
from casework.queries.read_dispute import read_dispute
from casework.store.tables import appointment, event_date, statement
from engine.domain.errors import NotFoundError
from engine.store.history import verify
from engine.store.tables import history
from tests.bpmn_builder import END, boundary, file, node, process, timer
from tests.bpmn_builder import START as START_EVENT
from tests.integration.casework.office import Office

TIMED = file(
    process(
        "dispute",
        START_EVENT,
        END,
        node("userTask", "a", camunda_candidateGroups="mediator"),
        boundary("late", "a", timer("Date", "${deadline('MED-15S', received_on)}"), interrupting=False),
        node("userTask", "b", camunda_candidateGroups="supervisor"),
        "start>a",
        "a>end",
        "late>b",
        "b>end",
    )
)


@pytest.fixture
def registered(office: Office) -> RegisteredDispute:
    office.deploy(TIMED)
    return office.register()


def keep(office: Office, case_id: UUID, **values):
    with office.as_user("mediator") as uow:
        return office.platform.host.record_inputs(
            uow.connection, case_id, values, actor_id=uow.actor.id, now=uow.now, reason=None
        )


def seen_by_expressions(office: Office, case_id: UUID) -> dict:
    with office.begin() as connection:
        return dict(office.platform.host.context(connection, case_id, office.clock.now()).inputs)


def correct(office: Office, case_id: UUID, name: str, value: date, reason: str = "原件日期看错"):
    with office.as_user("window") as uow:
        return correct_event_date(uow, office.bureau, case_id, name, value, reason)


def test_a_recorded_date_is_seen_by_expressions_as_a_date(office: Office, registered: RegisteredDispute) -> None:
    (change,) = keep(office, registered.case_id, mediation_accepted_on=date(2026, 3, 1))
    assert (change.name, change.old, change.new) == ("mediation_accepted_on", None, date(2026, 3, 1))
    seen = seen_by_expressions(office, registered.case_id)
    assert {name: value for name, value in seen.items() if name.endswith("_on")} == {
        "received_on": date(2026, 3, 2),
        "mediation_accepted_on": date(2026, 3, 1),
    }
    assert [option["value"] for option in seen["party_options"]] == ["applicant-1", "respondent-1"]
    assert "张三" not in str(seen)


def test_the_same_date_again_is_no_change(office: Office, registered: RegisteredDispute) -> None:
    assert keep(office, registered.case_id, received_on=date(2026, 3, 2)) == []
    assert len(office.rows(event_date)) == 1


def test_free_text_reads_as_a_reference_never_as_text(office: Office, registered: RegisteredDispute) -> None:
    (change,) = keep(office, registered.case_id, agreement_terms="张三得一万元")
    seen = seen_by_expressions(office, registered.case_id)["agreement_terms"]
    assert seen == change.new == str(office.rows(statement)[0].id)
    assert "张三" not in str(office.rows(statement))
    with office.begin() as connection:
        assert read_dispute(connection, office.bureau, registered.case_id).statements == {
            "agreement_terms": "张三得一万元"
        }


def test_every_version_of_a_text_is_kept(office: Office, registered: RegisteredDispute) -> None:
    keep(office, registered.case_id, agreement_terms="一稿")
    keep(office, registered.case_id, agreement_terms="二稿")
    first, second = office.rows(statement)
    assert first.superseded_by == second.id
    assert second.superseded_at is None


def test_an_appointed_mediator_is_known_by_username_and_the_former_one_ended(
    office: Office, registered: RegisteredDispute
) -> None:
    office.user("wang", "mediator", organisation="SZ-GML-MED")
    office.user("li", "mediator", organisation="SZ-GML-MED")
    keep(office, registered.case_id, mediator_username="wang")
    (change,) = keep(office, registered.case_id, mediator_username="li")
    assert (change.old, change.new) == ("wang", "li")
    assert seen_by_expressions(office, registered.case_id)["mediator_username"] == "li"
    assert [row.ended_at is None for row in office.rows(appointment)] == [False, True]
    with office.begin() as connection:
        assert read_dispute(connection, office.bureau, registered.case_id).mediator_name == "li 的姓名"


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("mediator_username", "nobody", "no open account"),
        ("mediator_username", "rev", "no open account"),
        ("mediator_username", "elsewhere", "does not belong"),
        ("reviewer_username", "both", "nobody reviews what they mediated"),
    ],
)
def test_an_appointment_that_cannot_be_is_refused(
    office: Office, registered: RegisteredDispute, name: str, value: str, problem: str
) -> None:
    office.user("rev", "reviewer")
    office.user("elsewhere", "mediator", organisation="XC-LC-MED")
    office.user("both", "mediator", "reviewer", organisation="SZ-GML-MED")
    with office.as_user("window") as uow:
        assign_organisation(uow, registered.case_id, office.organisation_id("SZ-GML-MED"), "street")
    keep(office, registered.case_id, mediator_username="both")
    with pytest.raises(InputInvalidError, match=problem):
        keep(office, registered.case_id, **{name: value})


def test_a_date_of_the_wrong_kind_is_refused_before_anything_is_kept(
    office: Office, registered: RegisteredDispute
) -> None:
    with pytest.raises(EventDateInvalidError):
        keep(office, registered.case_id, remark="好", mediation_accepted_on="2026-03-01")
    with pytest.raises(InputInvalidError):
        keep(office, registered.case_id, no_such_input=1)
    assert office.rows(statement) == []


def test_a_case_that_is_no_dispute_keeps_nothing(office: Office) -> None:
    assert seen_by_expressions(office, UUID(int=7)) == {}
    with pytest.raises(NotFoundError):
        keep(office, UUID(int=7), received_on=date(2026, 3, 2))


def test_a_corrected_date_moves_the_deadline_and_keeps_both_values(
    office: Office, registered: RegisteredDispute
) -> None:
    with office.begin() as connection:
        (before,) = list_deadlines(connection, registered.case_id, office.clock.now())
    result = correct(office, registered.case_id, "received_on", date(2026, 2, 27))
    with office.begin() as connection:
        (after,) = list_deadlines(connection, registered.case_id, office.clock.now())
        current, former = list_event_dates(connection, office.bureau, registered.case_id)
    assert (before["due_on"], after["due_on"]) == ("2026-03-17", "2026-03-16")
    assert (result.old, result.new, result.passed) == (date(2026, 3, 2), date(2026, 2, 27), ())
    (moved,) = result.moved_timers
    assert (moved.element_id, moved.has_passed) == ("late", False)
    assert (current["value"], current["is_current"], current["reason"]) == ("2026-02-27", True, "原件日期看错")
    assert (former["value"], former["is_current"]) == ("2026-03-02", False)


def test_a_correction_says_which_deadline_has_passed_by_it(office: Office, registered: RegisteredDispute) -> None:
    result = correct(office, registered.case_id, "received_on", date(2026, 1, 5))
    assert [timer.element_id for timer in result.passed] == ["late"]
    with office.begin() as connection:
        (deadline,) = list_deadlines(connection, registered.case_id, office.clock.now())
    assert deadline["has_passed"]
    assert office.pass_time(timedelta(seconds=1)) == 1
    assert office.open_tasks() == ["a", "b"]


def test_the_correction_is_in_history_with_both_days_but_without_the_words(
    office: Office, registered: RegisteredDispute
) -> None:
    correct(office, registered.case_id, "received_on", date(2026, 2, 27), "张三说错了")
    (event,) = office.rows(history, history.c.kind == "event-date-corrected")
    assert event.actor_id == "user:window"
    assert event.facts == {"name": "received_on", "old": "2026-03-02", "new": "2026-02-27", "has_reason": True}
    assert "张三" not in str(office.rows(history)) + str(office.rows(event_date))
    with office.begin() as connection:
        verify(connection, registered.case_id)


@pytest.mark.parametrize(
    ("name", "value", "reason", "error"),
    [
        ("received_on", date(2026, 3, 1), "  ", ReasonMissingError),
        ("received_on", date(2026, 3, 3), "晚了", EventDateInvalidError),
        ("received_on", date(2001, 3, 3), "早了", EventDateInvalidError),
        ("mediation_accepted_on", date(2026, 3, 1), "未登记", EventDateMissingError),
        ("accepted_on", date(2026, 3, 1), "无此名", EventDateUnknownError),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    office: Office, registered: RegisteredDispute, name: str, value: date, reason: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        correct(office, registered.case_id, name, value, reason)


def test_dates_recorded_outside_a_form_move_deadlines_and_warn_of_a_strange_order(
    office: Office, registered: RegisteredDispute
) -> None:
    with office.as_user("window") as uow:
        result = record_event_dates(
            uow,
            office.bureau,
            registered.case_id,
            {"received_on": date(2026, 2, 20), "mediation_application_received_on": date(2026, 2, 10)},
        )
    assert [change.name for change in result.changes] == ["received_on", "mediation_application_received_on"]
    assert [moved.element_id for moved in result.moved_timers] == ["late"]
    assert [warning.later for warning in result.warnings] == ["mediation_application_received_on"]
    (event,) = office.rows(history, history.c.kind == "event-dates-recorded")
    assert event.facts["event_dates"]["received_on"] == "2026-02-20"


def test_a_rest_day_entered_by_the_office_counts_in_the_next_deadline(office: Office) -> None:
    office.deploy(TIMED)
    with office.as_user("admin") as uow:
        put_calendar_days(uow, {date(2026, 3, 17): DayOverride(False, "本市放假")}, "office")
    office.register()
    (row,) = office.timers()
    assert row.due_on == date(2026, 3, 18)
    assert "本市放假" in str(row.explanation)


def test_a_calendar_day_changed_later_is_seen_by_a_host_that_has_one_in_memory(office: Office) -> None:
    host = office.platform.host
    with office.begin() as connection:
        assert host.calendar(connection).is_working_day(date(2026, 3, 17))
        assert host.calendar(connection) is host.calendar(connection)
    with office.as_user("admin") as uow:
        put_calendar_days(uow, {date(2026, 3, 17): DayOverride(False)}, "office")
    with office.begin() as connection:
        assert not host.calendar(connection).is_working_day(date(2026, 3, 17))


def test_running_deadlines_come_with_their_explanation_and_the_days_left(
    office: Office, registered: RegisteredDispute
) -> None:
    viewer = office.user("city", "supervisor", area="370400")
    with office.begin() as connection:
        seen = get_dispute(connection, office.bureau, viewer, registered.case_id, office.clock.now())
    (deadline,) = seen["deadlines"]
    assert (deadline["due_on"], deadline["days_left"], deadline["has_passed"]) == ("2026-03-17", 15, False)
    assert deadline["explanation"]["rule"] == "MED-15S"
    assert "2026-03-17" in deadline["explanation"]["explanation"]
