"""Handlers that follow a scenario's script: fail so often, never work, throw, or return what was written down."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

from handlers.errors import BpmnError, JobFailedError
from handlers.registry import HandlerDefinition, HandlerJob
from tingzhu.scenarios.names import Names, Place
from tingzhu.scenarios.scenario import Script

PlaceOf = Callable[[UUID], Place]
"""Tells at which element a job stands."""


def scripted(
    definitions: Mapping[str, HandlerDefinition], scripts: Mapping[str, Script], names: Names, place_of: PlaceOf
) -> Mapping[str, HandlerDefinition]:
    """Return the handlers, those that a script speaks of replaced.

    A script's key is an element of the process or a job type; an element's own script goes first.
    """
    by_place = {place: script for key, script in scripts.items() for place in names.places(key)}
    by_type = {key: script for key, script in scripts.items() if key in definitions}
    touched = {*by_type, *(names.elements[place].topic or "" for place in by_place)}
    return MappingProxyType(
        {
            name: _follow(definition, by_place, by_type.get(name), place_of) if name in touched else definition
            for name, definition in definitions.items()
        }
    )


def _follow(
    definition: HandlerDefinition, by_place: Mapping[Place, Script], by_type: Script | None, place_of: PlaceOf
) -> HandlerDefinition:
    def run(context: Any, job: HandlerJob, given: Any) -> Any:
        script = by_place.get(place_of(job.id), by_type)
        if script is None:
            return definition.run(context, job, given)
        if script.never or job.attempts <= script.fails:
            raise JobFailedError(f"情景设定：第 {job.attempts} 次执行失败。")
        if script.throws is not None:
            raise BpmnError(script.throws, script.message or "情景设定的错误。", script.variables)
        if script.returns is not None:
            return dict(script.returns)
        return definition.run(context, job, given)

    return replace(definition, run=run)
