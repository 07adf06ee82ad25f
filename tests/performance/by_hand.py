"""The row changes of one completed user task written by hand: the floor that the product is measured against.

Same tables, same number of rows, same sizes: what to write is copied from a step that the product itself took. Reads
and writes are sent in two pipelines, as good hand-written code would.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

ACTOR = "user:bench"
ROUTE = "POST /completion"
TASKS = 10
"""User tasks of a case; the last one ends it."""


@dataclass(frozen=True)
class Template:
    """One step of the product as rows, ids left out."""

    case: Mapping[str, Any]
    instance: Mapping[str, Any]
    snapshot: Any
    user_task: Mapping[str, Any]
    timers: list[Mapping[str, Any]]
    history: list[Mapping[str, Any]]
    answer: Any

    def write(self, file: Path) -> None:
        """Keep the template for other processes."""
        file.write_text(json.dumps(self.__dict__, default=str))

    @classmethod
    def read(cls, file: Path) -> "Template":
        """Return the template that another process kept."""
        return cls(**json.loads(file.read_text()))


def captured(connection: "psycopg.Connection[Any]", completed_task_id: str, answer: Any) -> Template:
    """Return what the product wrote when it completed a user task; its case must not have moved since."""

    def rows(sql: str, *params: Any) -> list[dict[str, Any]]:
        return connection.cursor(row_factory=dict_row).execute(sql.encode(), params).fetchall()

    task = rows("select * from user_task where id = %s", completed_task_id)[0]
    at, case_id = task["ended_at"], task["case_id"]
    instance = rows("select * from process_instance where id = %s", task["instance_id"])[0]
    opened = rows("select * from user_task where case_id = %s and created_at = %s", case_id, at)
    timers = rows("select * from timer where case_id = %s and created_at = %s", case_id, at)
    canceled = rows("select * from timer where case_id = %s and ended_at = %s", case_id, at)
    history = rows("select * from history where case_id = %s and at = %s order by seq", case_id, at)
    if len(opened) != 1 or len(timers) != 1 or len(canceled) != 1:
        raise AssertionError("a step of the bench opens a user task and a timer and cancels a timer")
    case = rows('select * from "case" where id = %s', case_id)[0]
    snapshot = instance.pop("snapshot")
    return Template(case, instance, snapshot, opened[0], timers, history, answer)


def open_case(connection: "psycopg.Connection[Any]", template: Template) -> str:
    """Add a case with an instance, an open user task and its timer; return the user task's id."""
    now = datetime.now(UTC)
    case_id, instance_id = uuid.uuid4(), uuid.uuid4()
    with connection.transaction():
        connection.execute(
            'insert into "case" (id, business_key, history_seq, head_hash, created_at) values (%s, %s, 0, %s, %s)',
            (case_id, f"by-hand-{case_id}", template.case["head_hash"], now),
        )
        fields = {**template.instance, "id": instance_id, "case_id": case_id, "snapshot": Jsonb(template.snapshot)}
        fields["pending"] = Jsonb(fields["pending"])
        _insert(connection, "process_instance", fields)
        task = _fields(template.user_task, case_id, instance_id, now)
        _insert(connection, "user_task", task)
        for timer in template.timers:
            _insert(connection, "timer", _fields(timer, case_id, instance_id, now))
    return str(task["id"])


def complete(connection: "psycopg.Connection[Any]", template: Template, task_id: str, key: str, body: bytes) -> Any:
    """Complete a user task by hand in one transaction; return the answer, naming the next user task.

    Raises LookupError when the task is not open.
    """
    now = datetime.now(UTC)
    with connection.pipeline():
        found = connection.cursor(row_factory=dict_row).execute(
            'select t.id, t.state, t.case_id, t.instance_id, c.history_seq, c.head_hash from "case" c '
            "join user_task t on t.case_id = c.id where t.id = %s for update of c",
            (task_id,),
        )
        stored = connection.cursor(row_factory=dict_row).execute(
            "select i.snapshot from process_instance i join user_task t on t.instance_id = i.id where t.id = %s",
            (task_id,),
        )
        task = found.fetchone()
        stored.fetchone()
    if task is None or task["state"] not in ("created", "assigned"):
        connection.rollback()
        raise LookupError(task_id)
    case_id, instance_id, seq, head = task["case_id"], task["instance_id"], task["history_seq"], task["head_hash"]
    opened = _fields(template.user_task, case_id, instance_id, now)
    is_last = seq >= (TASKS - 1) * len(template.history)
    next_tasks = [] if is_last else [{**template.answer["user_tasks"][0], "id": str(opened["id"])}]
    answer = {**template.answer, "user_tasks": next_tasks}
    with connection.pipeline():
        connection.execute(
            "update user_task set state = 'completed', ended_at = %s, ended_by = %s, draft = null where id = %s",
            (now, ACTOR, task_id),
        )
        connection.execute(
            "update timer set state = 'canceled', ended_at = %s where instance_id = %s and state = 'waiting'",
            (now, instance_id),
        )
        if not is_last:
            _insert(connection, "user_task", opened)
            for timer in template.timers:
                _insert(connection, "timer", _fields(timer, case_id, instance_id, now))
        connection.execute(
            "update process_instance set state = %s, snapshot = %s, ended_at = %s where id = %s",
            ("completed", None, now, instance_id)
            if is_last
            else ("active", _jsonb(template.snapshot), None, instance_id),
        )
        for row in template.history:
            seq += 1
            changed = {"case_id": case_id, "instance_id": instance_id, "seq": seq, "at": now, "previous_hash": head}
            _insert(connection, "history", {**row, **changed})
        connection.execute('update "case" set history_seq = %s, head_hash = %s where id = %s', (seq, head, case_id))
        connection.execute(
            "insert into idempotency_key (actor_id, route, key, body_hash, status, response, headers, created_at)"
            " values (%s, %s, %s, %s, 200, %s, '{}', %s) on conflict do nothing",
            (ACTOR, ROUTE, key, hashlib.sha256(body).hexdigest(), _jsonb(answer), now),
        )
        connection.commit()
    return answer


def _fields(row: Mapping[str, Any], case_id: Any, instance_id: Any, now: datetime) -> dict[str, Any]:
    fresh = {"id": uuid.uuid4(), "case_id": case_id, "instance_id": instance_id, "created_at": now}
    due = {"due_at": now + timedelta(days=15)} if row.get("due_at") else {}
    return {**row, **fresh, **due, "ended_at": None, **({"ended_by": None} if "ended_by" in row else {})}


def _insert(connection: "psycopg.Connection[Any]", table: str, fields: Mapping[str, Any]) -> None:
    sql = _SQL.get(table)
    if sql is None:
        names = ", ".join(f'"{name}"' for name in fields)
        sql = _SQL[table] = f'insert into "{table}" ({names}) values ({", ".join(["%s"] * len(fields))})'.encode()
    connection.execute(sql, [_jsonb(value) if isinstance(value, dict) else value for value in fields.values()])


def _jsonb(value: Any) -> Jsonb:
    return Jsonb(value, dumps=orjson.dumps)


_SQL: dict[str, bytes] = {}
