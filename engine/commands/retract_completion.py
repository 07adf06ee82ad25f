"""Takes back the actor's own completion of a user task (撤回): the process stands exactly as it stood before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.commands.unit_of_work import UnitOfWork
from engine.commands.user_task_access import user_task_event
from engine.domain.errors import ConflictError, ForbiddenError
from engine.store import history
from engine.store.cases import lock_case
from engine.store.completions import latest_completion
from engine.store.instances import case_of, get_instance, get_row
from engine.store.raw import Batch
from engine.store.retraction import opened_since, retraction_obstacles
from engine.store.tables import (
    incident,
    job,
    message_subscription,
    process_instance,
    timer,
    user_task,
    user_task_completion,
)
from engine.store.timer_notices import announce_timers


class UserTaskNotCompletedError(ConflictError):
    """The user task is not completed."""

    zh = "任务“{element_name}”尚未提交，没有可以撤回或更正的内容。"
    en = "The user task {element_name!r} is not completed: there is nothing to retract or to correct."


class CompletionOfAnotherError(ForbiddenError):
    """Only one's own completion can be retracted."""

    zh = "任务“{element_name}”由 {by} 提交，只有本人可以撤回。"
    en = "{by} completed the user task {element_name!r}; only they can retract it."


class CompletionNotRetractableError(ConflictError):
    """Something has come of the completion that cannot be undone; `obstacles` names all of it."""

    zh = "任务“{element_name}”的提交不能撤回：{obstacles_zh}。如内容有误，请使用“更正”。"
    en = "The completion of {element_name!r} cannot be retracted: {obstacles_en}. Correct its data instead."


@dataclass(frozen=True)
class Retraction:
    """What taking a completion back undid."""

    user_task_id: UUID
    case_id: UUID
    instance_id: UUID
    undone: Mapping[str, tuple[UUID, ...]]
    """Table -> rows that the completion had opened and that are ended now."""


_ENDED = {
    "user_task": "canceled",
    "job": "canceled",
    "timer": "canceled",
    "message_subscription": "ended",
    "incident": "resolved",
}
_TABLES = {table.name: table for table in (user_task, job, timer, message_subscription, incident)}


def retract_completion(uow: UnitOfWork, user_task_id: UUID) -> Retraction:
    """Undo the actor's completion of a user task while nothing has come of it.

    Tokens, variables, user tasks, jobs, timers, subscriptions, incidents and the host's inputs are as they were before;
    what the completion had opened is ended, and history keeps both. Raises NotFoundError, UserTaskNotCompletedError,
    CompletionOfAnotherError, and CompletionNotRetractableError once a following task is claimed or begun, a job ran, a
    message went out, a timer fired, or anything else happened in the case that rests on it.
    """
    locked = lock_case(uow.connection, case_of(uow.connection, user_task, user_task_id, "user task"))
    row = get_row(uow.connection, user_task, user_task_id, "user task")
    completion = latest_completion(uow.connection, user_task_id) if row.state == "completed" else None
    if completion is None:
        raise UserTaskNotCompletedError(id=str(row.id), element_name=row.element_name)
    if completion.completed_by != uow.actor.id:
        raise CompletionOfAnotherError(id=str(row.id), element_name=row.element_name, by=completion.completed_by)
    obstacles = retraction_obstacles(uow.connection, completion)
    if obstacles:
        raise CompletionNotRetractableError(
            id=str(row.id),
            element_name=row.element_name,
            obstacles=[each.code for each in obstacles],
            obstacles_zh="；".join(each.zh for each in obstacles),
            obstacles_en="; ".join(each.en for each in obstacles),
        )
    undone = _undo(uow, completion)
    instance = get_instance(uow.connection, completion.instance_id)
    event = user_task_event(
        "user-task-completion-retracted",
        row,
        completion_id=str(completion.id),
        completed_at=completion.completed_at.isoformat(),
        undone={str(name): [str(each) for each in ids] for name, ids in undone.items() if ids},
    )
    history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
    return Retraction(user_task_id, locked.id, instance.id, undone)


def _undo(uow: UnitOfWork, completion: sa.Row[Any]) -> dict[str, tuple[UUID, ...]]:
    before = completion.before
    undone: dict[str, tuple[UUID, ...]] = {}
    for name, table in _TABLES.items():
        opened = opened_since(uow.connection, completion, table)
        undone[name] = tuple(row.id for row in opened)
        ended = (
            {"resolved_at": uow.now, "resolved_by": uow.actor.id, "resolution": "retracted"}
            if name == "incident"
            else {"ended_at": uow.now}
        )
        uow.connection.execute(sa.update(table).where(table.c.id.in_(undone[name])).values(state=_ENDED[name], **ended))
        for stored in before[name]:
            _revive(uow, table, stored)
    task = {name: sa.null() if value is None else value for name, value in before["task"].items()}
    uow.connection.execute(
        sa.update(user_task)
        .where(user_task.c.id == completion.user_task_id)
        .values(**task, ended_at=None, ended_by=None, on_behalf_of=sa.null())
    )
    uow.connection.execute(
        sa.update(process_instance)
        .where(process_instance.c.id == completion.instance_id)
        .values(snapshot=before["snapshot"], state="active", ended_at=None)
    )
    uow.platform.host.return_to(uow.connection, completion.case_id, before["host"], now=uow.now)
    uow.connection.execute(
        sa.update(user_task_completion)
        .where(user_task_completion.c.id == completion.id)
        .values(retracted_at=uow.now, before=sa.null())
    )
    _announce(uow, before)
    return undone


def _revive(uow: UnitOfWork, table: sa.Table, stored: Mapping[str, Any]) -> None:
    """Give a row that waited before the completion its state and its times back."""
    ended: dict[str, Any] = (
        {"resolved_at": None, "resolved_by": None, "resolution": None}
        if table.name == "incident"
        else {"ended_at": None}
    )
    row_id = UUID(stored["id"])
    uow.connection.execute(
        sa.update(table)
        .where(table.c.id == row_id, table.c.state == _ENDED[table.name])
        .values(state=stored["state"], **ended)
    )
    times = {name: _read(name, value) for name, value in stored.items() if name not in ("id", "state")}
    if "escalated_at" in times:  # what was escalated meanwhile stays so: nobody is told twice
        times["escalated_at"] = sa.func.coalesce(table.c.escalated_at, times["escalated_at"])
    if times:
        uow.connection.execute(sa.update(table).where(table.c.id == row_id).values(times))


def _read(name: str, value: Any) -> Any:
    if value is None:
        return sa.null()  # in a JSON column too: the value is absent, it is not JSON's null
    if name.endswith("_at"):
        return datetime.fromisoformat(value)
    if name.endswith("_on"):
        return date.fromisoformat(value)
    return value


def _announce(uow: UnitOfWork, before: Mapping[str, Any]) -> None:
    """Let clocks and workers look at what waits again."""
    batch = Batch()
    announce_timers(batch, (datetime.fromisoformat(each["due_at"]) for each in before["timer"]), uow.now)
    batch.send(uow.connection)
    waiting = [UUID(each["id"]) for each in before["job"] if each["state"] == "waiting"]
    if waiting:
        rows = uow.connection.execute(sa.select(job.c.id, job.c.run_at).where(job.c.id.in_(waiting))).all()
        uow.platform.queue.defer(uow.connection, [(row.id, row.run_at) for row in rows])
