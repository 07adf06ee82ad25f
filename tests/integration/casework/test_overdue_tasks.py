"""A user task that is left lying reaches those responsible and their supervisors, once, in office hours."""

from datetime import datetime

import sqlalchemy as sa

from casework.commands.escalate_overdue_tasks import escalate_overdue_tasks
from casework.store.tables import notification, user_account
from engine.commands.claim_user_task import claim_user_task
from engine.commands.complete_user_task import complete_user_task
from engine.commands.suspend_instance import suspend_instance
from engine.domain.clock import SHANGHAI
from engine.store.tables import history, user_task
from tests.bpmn_builder import END, START, file, node, process
from tests.integration.casework.office import Office

FRIDAY = datetime(2026, 9, 18, 9, tzinfo=SHANGHAI)
DATED = file(
    process(
        "dispute",
        START,
        END,
        node("userTask", "a", camunda_candidateGroups="window-clerk", camunda_dueDate="${today()}"),
        "start>a",
        "a>end",
    )
)


def opened(office: Office) -> sa.Row:
    """Register a dispute on a Friday whose only task is due that day; return the task."""
    office.deploy(DATED)
    office.clock.set(FRIDAY)
    office.user("window", "window-clerk", area="370402006")
    office.user("district", "supervisor", area="370402")
    office.user("elsewhere", "supervisor", area="370481")
    office.register()
    (task,) = office.rows(user_task)
    return task


def escalate(office: Office, at: datetime) -> int:
    office.clock.set(at)
    return escalate_overdue_tasks(office.platform, office.bureau, office.begin)


def told(office: Office) -> list[str]:
    names = {row.id: row.username for row in office.rows(user_account)}
    return sorted(names[row.user_id] for row in office.rows(notification) if row.template == "user-task-overdue")


def test_nobody_is_told_before_the_day_has_run_out_or_the_office_is_open(office: Office) -> None:
    opened(office)
    assert escalate(office, FRIDAY.replace(hour=16)) == 0
    assert escalate(office, datetime(2026, 9, 19, 10, tzinfo=SHANGHAI)) == 0, "a Saturday"
    assert escalate(office, datetime(2026, 9, 20, 8, 59, tzinfo=SHANGHAI)) == 0, "before the office opens"
    assert told(office) == []


def test_candidates_and_supervisors_of_the_area_are_told_once_on_the_next_working_day(office: Office) -> None:
    task = opened(office)
    make_up_sunday = datetime(2026, 9, 20, 9, tzinfo=SHANGHAI)
    assert escalate(office, make_up_sunday) == 1
    assert escalate(office, make_up_sunday.replace(hour=10)) == 0
    assert told(office) == ["district", "window"]
    (row,) = office.rows(user_task)
    assert (row.state, row.escalated_at) == ("created", make_up_sunday)
    facts = {row.kind: row.facts for row in office.rows(history)}["user-task-escalated"]
    assert facts == {"id": str(task.id), "due_at": "2026-09-18T16:00:00+00:00"}


def test_whoever_holds_the_task_is_told_instead_of_all_candidates(office: Office) -> None:
    task = opened(office)
    office.user("window2", "window-clerk", area="370402006")
    with office.as_user("window2") as uow:
        claim_user_task(uow, task.id)
    assert escalate(office, datetime(2026, 9, 21, 9, tzinfo=SHANGHAI)) == 1
    assert told(office) == ["district", "window2"]


def test_completed_and_suspended_tasks_are_left_alone(office: Office) -> None:
    task = opened(office)
    office.register()
    with office.as_user("window") as uow:
        complete_user_task(uow, task.id, {})
    other = next(row for row in office.rows(user_task) if row.id != task.id)
    with office.as_user("district") as uow:
        suspend_instance(uow, other.instance_id, "等待核对")
    assert escalate(office, datetime(2026, 9, 21, 9, tzinfo=SHANGHAI)) == 0
    assert told(office) == []


def test_a_case_that_somebody_works_on_is_left_for_the_next_sweep(office: Office) -> None:
    task = opened(office)
    with office.as_user("window") as uow:
        claim_user_task(uow, task.id)
        assert escalate(office, datetime(2026, 9, 21, 9, tzinfo=SHANGHAI)) == 0
    assert escalate(office, datetime(2026, 9, 21, 9, 1, tzinfo=SHANGHAI)) == 1
