"""Where a process instance stands and what it has passed, element by element, for every diagram that it takes part in."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bpmn.bundle import Bundle
from engine.queries.work import get_process_instance
from engine.store.tables import history, incident, process_definition, process_instance, timer, user_task

ELEMENT_STATES = ("idle", "done", "active", "incident")
"""Of an element: never reached; passed and left; a token is there; a token is there and cannot go on."""


def get_progress(connection: sa.Connection, bundle: Bundle, instance_id: UUID) -> list[dict[str, Any]]:
    """Return the diagrams of a process instance in the order in which they were reached, its own first.

    `bundle` is that of the instance's deployment. Of each process: `process_key`, `name`, `definition_id` (whose XML is
    the diagram), and `elements`, every flow node in the order of the file, with `state` (ELEMENT_STATES), `passes`,
    `first_at`, `last_at`, `tokens`, `incidents` (ids) and, at open user tasks and running timers, `due_at`.
    Processes that were not reached yet are left out. Raises NotFoundError.
    """
    found = get_process_instance(connection, instance_id)
    passed = _passed(connection, instance_id)
    tokens = _tokens(found["tokens"], bundle)
    incidents = _open_incidents(connection, instance_id)
    due = _due(connection, instance_id)
    reached = [found["process_key"]]
    for key, _ in (*passed, *tokens, *incidents):
        if key not in reached:
            reached.append(key)
    definitions = _definitions(connection, bundle, reached)
    return [
        {
            "process_key": key,
            "name": bundle.processes[key].name,
            "definition_id": definitions.get(key),
            "elements": [
                _element(bundle, key, element_id, passed, tokens, incidents, due) for element_id in bundle.elements[key]
            ],
        }
        for key in reached
        if key in bundle.processes
    ]


_Place = tuple[str, str]


def _element(
    bundle: Bundle,
    key: str,
    element_id: str,
    passed: Mapping[_Place, Any],
    tokens: Mapping[_Place, int],
    incidents: Mapping[_Place, list[Any]],
    due: Mapping[_Place, Any],
) -> dict[str, Any]:
    element = bundle.elements[key][element_id]
    place = (key, element_id)
    count, first_at, last_at = passed.get(place, (0, None, None))
    stuck = incidents.get(place, [])
    state = "incident" if stuck else "active" if tokens.get(place) else "done" if count else "idle"
    return {
        "id": element_id,
        "name": element.name,
        "type": element.type,
        "event": element.event,
        "attached_to": element.attached_to,
        "called_process": element.called_element,
        "lane": element.lane,
        "state": state,
        "tokens": tokens.get(place, 0),
        "passes": count,
        "first_at": first_at,
        "last_at": last_at,
        "due_at": due.get(place),
        "incidents": stuck,
    }


def _passed(connection: sa.Connection, instance_id: UUID) -> dict[_Place, tuple[int, Any, Any]]:
    rows = connection.execute(
        sa.select(history.c.at, history.c.facts)
        .where(
            history.c.case_id == _case_id(instance_id),
            history.c.instance_id == instance_id,
            history.c.kind == "elements-passed",
        )
        .order_by(history.c.seq)
    )
    found: dict[_Place, tuple[int, Any, Any]] = {}
    for row in rows:
        for key, element_id, _name in row.facts["elements"]:
            count, first_at, _ = found.get((key, element_id), (0, row.at, None))
            found[key, element_id] = (count + 1, first_at, row.at)
    return found


def _tokens(tokens: Iterable[Mapping[str, Any]], bundle: Bundle) -> dict[_Place, int]:
    found: dict[_Place, int] = {}
    for token in tokens:
        key = bundle.owners.get(token["process"], token["process"])
        if token["element_id"] in bundle.elements.get(key, {}):
            place = (key, token["element_id"])
            found[place] = found.get(place, 0) + 1
    return found


def _open_incidents(connection: sa.Connection, instance_id: UUID) -> dict[_Place, list[Any]]:
    rows = connection.execute(
        sa.select(incident.c.process_key, incident.c.element_id, incident.c.id)
        .where(incident.c.instance_id == instance_id, incident.c.state == "open")
        .order_by(incident.c.raised_at, incident.c.id)
    )
    found: dict[_Place, list[Any]] = {}
    for row in rows:
        found.setdefault((row.process_key, row.element_id), []).append(row.id)
    return found


def _due(connection: sa.Connection, instance_id: UUID) -> dict[_Place, Any]:
    tasks = sa.select(user_task.c.process_key, user_task.c.element_id, user_task.c.due_at).where(
        user_task.c.instance_id == instance_id,
        user_task.c.state.in_(("created", "assigned")),
        user_task.c.due_at.is_not(None),
    )
    timers = sa.select(timer.c.process_key, timer.c.element_id, timer.c.due_at).where(
        timer.c.instance_id == instance_id, timer.c.state.in_(("waiting", "failed"))
    )
    found: dict[_Place, Any] = {}
    for row in connection.execute(sa.union_all(tasks, timers)):
        place = (row.process_key, row.element_id)
        found[place] = min(found.get(place, row.due_at), row.due_at)
    return found


def _definitions(connection: sa.Connection, bundle: Bundle, keys: Iterable[str]) -> dict[str, UUID]:
    """Return process key -> a definition with the very file of the bundle: all of them have the same diagram."""
    files = {key: bundle.resources[bundle.processes[key].resource_name].hash for key in keys if key in bundle.processes}
    rows = connection.execute(
        sa.select(process_definition.c.key, process_definition.c.id)
        .where(sa.tuple_(process_definition.c.key, process_definition.c.resource_hash).in_(list(files.items())))
        .order_by(process_definition.c.version)
    )
    return {row.key: row.id for row in rows}


def _case_id(instance_id: UUID) -> sa.ScalarSelect[Any]:
    return sa.select(process_instance.c.case_id).where(process_instance.c.id == instance_id).scalar_subquery()
