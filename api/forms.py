"""Forms of user tasks: the form-js JSON, and the values already known for its fields."""

import re
from collections.abc import Iterator, Mapping, Set
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from flask import request

from api.context import RequestContext
from api.languages import language_of
from api.model_texts import shown_label
from casework.access import may
from casework.queries.form_values import form_values
from engine.bpmn.visible import visible_variables
from engine.domain.errors import NotFoundError
from engine.domain.host import Explained
from engine.domain.values import decode, plain
from engine.store.completions import latest_completion
from engine.store.deployments import latest_deployment
from engine.store.instances import get_instance

_WORD = re.compile(r"\w+")
_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_WINDOWS: Mapping[str, tuple[str, str, str]] = {
    "review_until": ("agreement_effective_on", "deadline", "REV-APPLY"),
    "review_safe_until": ("agreement_effective_on", "safe_deadline", "REV-APPLY"),
    "confirmation_until": ("agreement_effective_on", "deadline", "JC-APPLY"),
    "confirmation_safe_until": ("agreement_effective_on", "safe_deadline", "JC-APPLY"),
    "court_acceptance_expected_on": ("confirmation_applied_on", "deadline", "JC-ACC"),
    "court_ruling_expected_on": ("confirmation_accepted_on", "deadline", "JC-DEC"),
    "court_ruling_latest_on": ("confirmation_accepted_on", "deadline", "JC-DEC30"),
}
"""Days that a form can show -> the event date from which they are counted, the function that counts, and the rule."""


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
    """Return what the form is opened with, as plain JSON: the variables, event dates, texts, choices of parties and
    signatures that its fields and its conditions name, as they stand where the task waits; of a completed task, what it
    said. Fields whose property `prefill` names a suggestion show it while they have nothing of their own. Choices, and
    words of the models that a text of the form shows, are in the reader's language; what fields hold is as it is stored.
    """
    if form is None:
        return {}
    text = orjson.dumps(form).decode()
    instance = get_instance(context.connection, task["instance_id"])
    wanted = set(_WORD.findall(text))
    language = language_of(request)
    if task["state"] == "completed":
        completion = latest_completion(context.connection, task["id"])
        said = {} if completion is None else completion.variables
        variables = {name: decode(value) for name, value in said.items()}
    else:
        variables = visible_variables(instance.snapshot, task["token_id"])
    sees_confidential = may(context.connection, context.viewer, "read-confidential", task["case_id"])
    inputs = form_values(
        context.connection,
        context.bureau,
        task["case_id"],
        wanted,
        sees_confidential=sees_confidential,
        language=language,
    )
    known = {name: plain(value) for name, value in variables.items() if name in wanted} | inputs
    if wanted & _WINDOWS.keys():
        known |= {name: plain(day) for name, day in _windows(context, task["case_id"], wanted).items()}
    for key, source in _prefilled(form["components"]):
        if known.get(key) is None and known.get(source) is not None:
            known[key] = known[source]
    shown = known if language == "zh" else _in_words(known, text, form["components"])
    return dict(sorted(shown.items()))


def _in_words(known: Mapping[str, Any], text: str, components: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what is known with choices, and words in the place of placeholders, named as the reader reads them."""
    told = set(_PLACEHOLDER.findall(text))
    fields = set(_keys(components))
    shown = dict(known)
    for name in known.keys() - fields:
        value = known[name]
        if isinstance(value, str) and name in told:
            shown[name] = shown_label(value)
        elif isinstance(value, list):
            shown[name] = [
                each | {"label": shown_label(each["label"])}
                if isinstance(each, dict) and isinstance(each.get("label"), str)
                else each
                for each in value
            ]
    return shown


def _keys(components: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the key of every field, and the path of every group and list."""
    for component in components:
        yield from (component[name] for name in ("key", "path") if component.get(name))
        yield from _keys(component.get("components") or [])


def _windows(context: RequestContext, case_id: UUID, wanted: Set[str]) -> dict[str, date]:
    """Return the last days, computed and safe, on which both parties may ask for review or for confirmation, and those by
    which the court is expected to answer.

    Counted when the form is opened, so that a corrected signature or a calendar that was entered meanwhile shows.
    """
    found = context.runtime.platform.host.context(context.connection, case_id, context.uow.now)
    windows = {}
    for name, (start, function, rule) in _WINDOWS.items():
        if name in wanted and found.inputs.get(start) is not None:
            day = found.functions[function].call(rule, found.inputs[start])
            windows[name] = day.value if isinstance(day, Explained) else day
    return windows


def _prefilled(components: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield (key, name of what is known) for every field whose custom property `prefill` names its suggestion."""
    for component in components:
        source = (component.get("properties") or {}).get("prefill")
        if source and component.get("key"):
            yield component["key"], source


def _form(context: RequestContext, deployment_id: UUID, key: str) -> dict[str, Any]:
    bundle = context.runtime.platform.definitions.bundle(context.connection, deployment_id)
    form = bundle.forms.get(key)
    if form is None:
        raise NotFoundError(what="form", id=key)
    content: dict[str, Any] = orjson.loads(bundle.resources[form.file].content)
    return content
