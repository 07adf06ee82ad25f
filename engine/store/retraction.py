"""Why a completion of a user task can no longer be retracted, in sentences; nothing when it can."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.store.instances import WAITING_TABLES
from engine.store.tables import history, job, user_task

HARMLESS = frozenset(
    {
        "document-file-added",
        "document-stored",
        "job-added",
        "limitation-flag-changed",
        "user-task-assigned",
        "user-task-claimed",
        "user-task-commented",
        "user-task-copied",
        "user-task-copy-acknowledged",
        "user-task-correction-answered",
        "user-task-correction-requested",
        "user-task-correction-withdrawn",
        "user-task-delegated",
        "user-task-delegation-recalled",
        "user-task-delegation-resolved",
        "user-task-escalated",
        "user-task-handed-over",
        "user-task-unclaimed",
        "user-task-urged",
    }
)
"""What may happen in a case meanwhile: it changes no token, variable, timer or input. Who holds a following task is looked at
in its row."""

_WORDS = {
    "due-date-moved": ("办理期限已重新计算", "a due date was counted again"),
    "event-dates-derived": ("法定日期已重新得出", "an event date was worked out anew"),
    "incident-raised": ("出现异常", "an incident was raised"),
    "incident-resolved": ("异常已处理", "an incident was resolved"),
    "organisation-assigned": ("已确定承办组织", "an organisation was given the case"),
    "process-instance-resumed": ("流程已恢复办理", "the process was resumed"),
    "process-instance-suspended": ("流程已挂起", "the process is suspended"),
    "timer-moved": ("期限已重新计算", "a time limit was counted again"),
    "user-task-completion-retracted": ("另一项提交已撤回", "another completion was retracted"),
}
"""Other things that may have happened since, in words."""

_STATES = {table.name: states for table, states in WAITING_TABLES.values()} | {"incident": ("open",)}
MAX_TOLD = 5
"""Obstacles that are told; more of them say nothing new."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that stands in the way of a retraction."""

    code: str
    zh: str
    en: str


def opened_since(connection: sa.Connection, completion: Any, table: sa.Table) -> list[sa.Row[Any]]:
    """Return the rows of a table that wait now and did not when the completion began: what its step opened."""
    before = [UUID(each["id"]) for each in completion.before[table.name]]
    return list(
        connection.execute(
            sa.select(table)
            .where(
                table.c.case_id == completion.case_id,
                table.c.state.in_(_STATES[table.name]),
                table.c.id.not_in(before),
                table.c.token_id.is_not(None),  # what people asked for beside the process is none of its steps
            )
            .order_by(table.c.id)
        )
    )


def retraction_obstacles(connection: sa.Connection, completion: Any) -> list[Obstacle]:
    """Return everything that stands in the way of retracting a completion, the first few; empty: it can be."""
    if completion.before is None or completion.seq_after is None:
        return [
            Obstacle("moved-on", "此后同一流程中又有任务提交", "another user task of the process was completed since")
        ]
    found = [*_tasks(connection, completion), *_jobs(connection, completion), *_happened(connection, completion)]
    return list(dict.fromkeys(found))[:MAX_TOLD]


def _tasks(connection: sa.Connection, completion: Any) -> Iterator[Obstacle]:
    for row in opened_since(connection, completion, user_task):
        if row.draft is not None:
            yield Obstacle(
                "begun",
                f"后续任务“{row.element_name}”已有人开始填写",
                f"somebody has begun to fill in the following task {row.element_name!r}",
            )
        elif row.assignee is not None and _was_given(connection, completion, row.id):
            by = row.assignee.removeprefix("user:")
            yield Obstacle(
                "claimed",
                f"后续任务“{row.element_name}”已由 {by} 领取",
                f"the following task {row.element_name!r} was claimed by {by}",
            )


def _was_given(connection: sa.Connection, completion: Any, user_task_id: UUID) -> bool:
    """Tell whether a person claimed a task or gave it to somebody; who the model names is nobody's doing."""
    statement = sa.select(sa.literal(1)).where(
        history.c.case_id == completion.case_id,
        history.c.seq > completion.seq_after,
        history.c.kind.in_(["user-task-claimed", "user-task-assigned", "user-task-handed-over"]),
        history.c.facts["id"].astext == str(user_task_id),
    )
    return connection.execute(statement.limit(1)).first() is not None


def _jobs(connection: sa.Connection, completion: Any) -> Iterator[Obstacle]:
    created = sa.select(sa.cast(history.c.facts["id"].astext, job.c.id.type)).where(
        history.c.case_id == completion.case_id,
        history.c.seq > completion.seq_before,
        history.c.seq <= completion.seq_after,
        history.c.kind == "job-created",
    )
    rows = connection.execute(sa.select(job).where(job.c.id.in_(created), job.c.attempts > 0).order_by(job.c.id))
    for row in rows:
        what_zh = "正在执行" if row.state == "leased" else "已执行"
        what_en = "is running" if row.state == "leased" else "has run"
        yield Obstacle("job-ran", f"自动作业“{row.element_name}”{what_zh}", f"the job {row.element_name!r} {what_en}")


def _beside(case_id: Any) -> sa.ScalarSelect[Any]:
    """Return the ids, as text, of jobs that people asked for beside the process."""
    return (
        sa.select(sa.cast(job.c.id, sa.Text))
        .where(job.c.case_id == case_id, job.c.token_id.is_(None))
        .scalar_subquery()
    )


def _happened(connection: sa.Connection, completion: Any) -> Iterator[Obstacle]:
    rows = connection.execute(
        sa.select(history.c.kind, history.c.element_name, history.c.actor_id, history.c.facts, history.c.seq)
        .where(
            history.c.case_id == completion.case_id,
            history.c.seq > completion.seq_before,
            sa.or_(history.c.seq > completion.seq_after, history.c.kind == "message-thrown"),
            history.c.kind.not_in(HARMLESS),
            sa.func.coalesce(history.c.facts["id"].astext, "").not_in(_beside(completion.case_id)),
        )
        .order_by(history.c.seq)
        .limit(MAX_TOLD)
    )
    for row in rows:
        name, by = row.element_name, row.actor_id.removeprefix("user:")
        match row.kind:
            case "message-thrown":
                yield Obstacle("message-sent", f"已发出消息“{name}”", f"the message {name!r} went out")
            case "timer-fired":
                yield Obstacle("timer-fired", f"期限“{name}”已到", f"the timer {name!r} fired")
            case "user-task-completed":
                yield Obstacle(
                    "moved-on", f"任务“{name}”已由 {by} 提交", f"the user task {name!r} was completed by {by}"
                )
            case "message-received":
                yield Obstacle("moved-on", f"已收到消息“{name}”", f"the message for {name!r} was received")
            case "event-date-corrected" | "event-dates-recorded" | "user-task-corrected":
                yield Obstacle(
                    "corrected", f"此后 {by} 登记或更正了案件数据", f"{by} recorded or corrected data of the case since"
                )
            case _:
                # what a step writes beside its stimulus tells nothing that the stimulus does not tell
                if not row.kind.startswith(("job-", "variables-", "elements-", "user-task-created", "timer-set")):
                    zh, en = _WORDS.get(
                        row.kind, (f"此后案件又有新的记录（{row.kind}）", f"the case has moved on ({row.kind})")
                    )
                    at_zh, at_en = (f"（{name}）", f" at {name!r}") if name else ("", "")
                    yield Obstacle("moved-on", zh + at_zh, en + at_en)
                elif row.kind.startswith("job-"):
                    yield Obstacle("job-ran", f"自动作业“{name}”已执行", f"the job {name!r} has run")
