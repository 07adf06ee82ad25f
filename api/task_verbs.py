"""What the office has done with a user task, as a viewer may see it; and the sealing of the words in it."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from flask import request

from api.actors import shown_actor
from api.context import RequestContext
from api.languages import language_of
from api.model_texts import shown_sentence
from api.task_access import TaskAccess
from casework.encryption import place
from casework.queries.find_own_parties import own_parties
from engine.domain.clock import shanghai_date
from engine.queries.office_verbs import find_obstacles, list_verbs

_ACTORS = (
    "handed_by",
    "holder_before",
    "to_user",
    "owner",
    "delegate",
    "ended_by",
    "urged_by",
    "reader",
    "sent_by",
    "asked_by",
    "asked_user",
    "corrected_by",
)
_SEALED = {
    "handovers": ("user_task_handover", ("reason",)),
    "delegations": ("user_task_delegation", ("request", "answer")),
    "urgings": ("user_task_urging", ("text",)),
    "copies": ("user_task_copy", ("text",)),
    "correction_requests": ("user_task_correction_request", ("missing", "answer")),
    "corrections": ("user_task_correction", ("reason",)),
}


def sealed(context: RequestContext, table: str, column: str, user_task_id: UUID, text: str) -> str:
    """Return a text as it is stored with a user task; only `opened` reads it."""
    return context.bureau.keyring.seal(text.strip(), place(table, column, user_task_id))


def opened(context: RequestContext, table: str, column: str, user_task_id: UUID, text: str | None) -> str | None:
    """Return a text that `sealed` sealed."""
    return context.bureau.keyring.open_optional(text, place(table, column, user_task_id))


def shown_verbs(context: RequestContext, user_task_id: UUID, access: TaskAccess) -> dict[str, list[dict[str, Any]]]:
    """Return what the office has done with a user task; of a party's viewer, only what they are asked for."""
    found = list_verbs(context.connection, user_task_id)
    if not access.reads_notes:
        mine = {str(party_id) for party_id in own_parties(context.connection, context.viewer, access.case_id)}
        asked = [row for row in found["correction_requests"] if row["asked_party"] in mine]
        found = {name: asked if name == "correction_requests" else [] for name in found}
    today = shanghai_date(context.now)
    return {name: [_shown(context, name, row, today) for row in rows] for name, rows in found.items()}


def _shown(context: RequestContext, name: str, row: Mapping[str, Any], today: date) -> dict[str, Any]:
    table, columns = _SEALED[name]
    shown = dict(row) | {column: opened(context, table, column, row["user_task_id"], row[column]) for column in columns}
    shown |= {key: shown_actor(row[key]) for key in _ACTORS if key in row}
    if name == "urgings":
        shown["told"] = [shown_actor(each) for each in row["told"]]
    if name == "correction_requests":
        ended_on = shanghai_date(row["ended_at"]) if row["ended_at"] else today
        shown["missing"] = orjson.loads(shown["missing"])
        shown["party_id"] = row["asked_party"]
        shown["is_late"] = row["state"] != "withdrawn" and ended_on > row["due_on"]
    if name == "corrections":
        shown["settled"] = [shown_settled(each) for each in row["consequences"]["settled"]]
    return shown


def shown_settled(settled: Mapping[str, Any]) -> dict[str, Any]:
    """Return what can no longer change with its sentence in the reader's language."""
    return dict(settled) | {"message": shown_sentence(settled["zh" if language_of(request) == "zh" else "en"])}


def retractability(context: RequestContext, task: Mapping[str, Any]) -> dict[str, Any]:
    """Return whether the viewer may take back their completion of a user task, and what stands in the way."""
    is_own = task["state"] == "completed" and task["ended_by"] == context.actor.id
    found = find_obstacles(context.connection, task["id"]) if is_own else None
    obstacles = found or []
    language = language_of(request)
    return {
        "may_retract": found is not None and not obstacles,
        "obstacles": [
            {"code": each.code, "message": shown_sentence(each.zh if language == "zh" else each.en)}
            for each in obstacles
        ],
    }
