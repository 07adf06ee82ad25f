"""Every deadline of a case, running or past: both dates, every date it ever had, and why."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.deadlines.rules import deadline_rules
from engine.store.tables import history, timer, user_task

_KINDS = ("timer-set", "timer-moved", "user-task-created", "due-date-moved")
_RUNNING = ("waiting", "created", "assigned")


def list_case_deadlines(connection: sa.Connection, case_id: UUID, language: str) -> list[dict[str, Any]]:
    """Return the deadlines of a case, running ones first, each by due date.

    A deadline is a rule and the day it counts from; timers and user tasks that aim at it are its `uses`. `dates` are
    the dates it had, oldest first: when it came out so, both dates, and the `cause` (`set`, `inputs-changed` with the
    event dates, `calendar-year`, `deadline-rule`, `deadline-event`).
    """
    told = _told(connection, case_id)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for use in [*_timers(connection, case_id), *_user_tasks(connection, case_id)]:
        explanation = use.pop("explanation")
        rule = explanation.get("rule")
        if rule is None:
            continue
        key = (rule, explanation.get("start", ""))
        entry = found.get(key)
        if entry is None or (use["is_running"] and not entry["is_running"]):
            known = deadline_rules()[rule]
            entry = found[key] = {
                **(entry or {"uses": [], "dates": []}),
                "rule": rule,
                "name": known.name.of(language),
                "version": explanation.get("version"),
                "start": explanation.get("start"),
                "due_on": None if explanation.get("suspended") else explanation.get("due"),
                "safe_on": None if explanation.get("suspended") else explanation.get("safe"),
                "is_provisional": bool(explanation.get("provisional") and not explanation.get("suspended")),
                "is_suspended": bool(explanation.get("suspended")),
                "is_running": use["is_running"],
                "explanation": _words(explanation, "explanation", language),
                "safe_explanation": _words(explanation, "safe_explanation", language),
            }
        entry["uses"].append(use)
        entry["dates"] += told.get(use["id"], [])
    for entry in found.values():
        entry["dates"] = _distinct(entry["dates"])
    return sorted(found.values(), key=lambda each: (not each["is_running"], each["due_on"] or "9", each["rule"]))


def _words(explanation: Mapping[str, Any], name: str, language: str) -> str | None:
    found = explanation.get(name if language == "zh" else f"{name}_en")
    return str(found) if found is not None else None


def _timers(connection: sa.Connection, case_id: UUID) -> list[dict[str, Any]]:
    rows = connection.execute(
        sa.select(timer).where(timer.c.case_id == case_id, timer.c.explanation.is_not(None)).order_by(timer.c.id)
    )
    return [_use("timer", row, row.explanation) for row in rows]


def _user_tasks(connection: sa.Connection, case_id: UUID) -> list[dict[str, Any]]:
    rows = connection.execute(
        sa.select(user_task)
        .where(user_task.c.case_id == case_id, user_task.c.due_explanation.is_not(None))
        .order_by(user_task.c.id)
    )
    return [_use("user-task", row, row.due_explanation) for row in rows]


def _use(what: str, row: Any, explanation: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "what": what,
        "id": str(row.id),
        "process_key": row.process_key,
        "element_id": row.element_id,
        "element_name": row.element_name,
        "state": row.state,
        "due_at": row.due_at,
        "is_running": row.state in _RUNNING,
        "explanation": explanation,
    }


def _told(connection: sa.Connection, case_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return id of a timer or user task -> the dates that history tells of it."""
    rows = connection.execute(
        sa.select(history.c.seq, history.c.at, history.c.kind, history.c.facts)
        .where(history.c.case_id == case_id, history.c.kind.in_(_KINDS))
        .order_by(history.c.seq)
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        explanation = row.facts.get("explanation")
        if not explanation or explanation.get("rule") is None:
            continue
        suspended = bool(explanation.get("suspended"))
        found.setdefault(row.facts["id"], []).append(
            {
                "seq": row.seq,
                "at": row.at,
                "start": explanation.get("start"),
                "due_on": None if suspended else explanation.get("due"),
                "safe_on": None if suspended else explanation.get("safe"),
                "is_provisional": bool(explanation.get("provisional")) and not suspended,
                "is_suspended": suspended,
                "cause": row.facts.get("cause") or {"kind": "set"},
            }
        )
    return found


def _distinct(dates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the dates in the order of history, each once however many timers aim at it."""
    found: list[dict[str, Any]] = []
    for each in sorted(dates, key=lambda each: each["seq"]):
        told = {name: value for name, value in each.items() if name != "seq"}
        same = ("start", "due_on", "safe_on", "is_provisional", "is_suspended")
        if found and all(found[-1][name] == told[name] for name in same):
            continue
        found.append(told)
    return found
