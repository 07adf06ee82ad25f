"""Forms of user tasks: the form-js JSON, and the values already known for its fields."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import orjson

from api.context import RequestContext
from casework.event_dates import EVENT_DATES
from casework.store.named_inputs import current_dates
from engine.domain.errors import NotFoundError
from engine.domain.values import plain
from engine.queries.work import get_process_instance
from engine.store.deployments import latest_deployment
from engine.store.instances import get_instance


def form_of(context: RequestContext, task: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the form that a user task's instance is pinned to; None for a task without one."""
    if task["form_key"] is None:
        return None
    instance = get_instance(context.connection, task["instance_id"])
    return _form(context, instance.deployment_id, task["form_key"])


def latest_form(context: RequestContext, key: str) -> dict[str, Any]:
    """Return the newest form with this key. Raises NotFoundError."""
    deployment = latest_deployment(context.connection)
    if deployment is None:
        raise NotFoundError(what="form", id=key)
    return _form(context, deployment.id, key)


def known_values(context: RequestContext, task: Mapping[str, Any], form: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what the process and the case's event dates say already about the form's fields, as plain JSON."""
    if form is None:
        return {}
    wanted = set(_keys(form.get("components", ())))
    variables = get_process_instance(context.connection, task["instance_id"])["variables"]
    dates = current_dates(context.connection, task["case_id"]) if wanted.intersection(EVENT_DATES) else {}
    known = {**variables, **dates}
    return {name: plain(known[name]) for name in sorted(wanted) if name in known}


def _form(context: RequestContext, deployment_id: UUID, key: str) -> dict[str, Any]:
    bundle = context.runtime.platform.definitions.bundle(context.connection, deployment_id)
    form = bundle.forms.get(key)
    if form is None:
        raise NotFoundError(what="form", id=key)
    content: dict[str, Any] = orjson.loads(bundle.resources[form.file].content)
    return content


def _keys(components: Any) -> Iterator[str]:
    """Yield the top-level names that the components read and write: keys, and the paths of groups and lists."""
    for component in components:
        path = component.get("path")
        if path:
            yield str(path).split(".")[0]
        elif "components" in component:
            yield from _keys(component["components"])
        if component.get("key"):
            yield str(component["key"]).split(".")[0]
