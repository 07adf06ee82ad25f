"""Which handler does which job type: found in `handlers/job_types` and through entry points, doubles refused."""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from importlib.metadata import entry_points
from types import MappingProxyType, ModuleType
from typing import Any
from uuid import UUID

from marshmallow import Schema

import handlers.job_types
from engine.domain.job_type import JobType
from handlers.errors import HandlerDefinitionInvalidError, HandlerDoubledError

ENTRY_POINT_GROUP = "tingzhu.handlers"
"""Distributions outside the repository name their handler functions (or modules) in this group."""

_ATTRIBUTE = "__tingzhu_handler__"
_KEBAB_CASE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class HandlerJob:
    """The job a handler is given."""

    id: UUID
    case_id: UUID
    idempotency_key: str
    """The same for every attempt of one activity: what is done under it must be done once."""
    attempts: int
    """How often this job was begun, this time included."""


HandlerFunction = Callable[[Any, HandlerJob, Any], Any]
"""`(context, job, input) -> output`: input as its schema loads it, output a mapping that the output schema accepts."""


@dataclass(frozen=True, slots=True)
class HandlerDefinition:
    """A handler with everything the worker, the model check and the reference page need of it."""

    job_type: str
    run: HandlerFunction
    input_schema: type[Schema]
    output_schema: type[Schema]
    zh: str
    en: str
    time_limit: timedelta | None = None
    """None: the installation's own limit for jobs."""
    bpmn_errors: Mapping[str, str] = field(default_factory=dict)
    """Error code -> when it is raised; these are what boundary events may catch."""

    @property
    def where(self) -> str:
        """Return where the handler is written, for messages."""
        return f"{self.run.__module__}:{self.run.__qualname__}"

    def as_job_type(self) -> JobType:
        """Return what the check of models knows of it."""
        fields = self.input_schema().fields
        return JobType(
            name=self.job_type,
            inputs=frozenset(fields),
            outputs=frozenset(self.output_schema().fields),
            required_inputs=frozenset(name for name, each in fields.items() if each.required),
        )


def handles(
    job_type: str,
    *,
    input: type[Schema],
    output: type[Schema],
    zh: str,
    en: str,
    time_limit: timedelta | None = None,
    bpmn_errors: Mapping[str, str] | None = None,
) -> Callable[[HandlerFunction], HandlerFunction]:
    """Mark a function as the handler of `job_type`; it is found by its file or its entry point, not by import order.

    `zh` and `en` are one sentence each for people. After `time_limit` (by default the
    installation's limit) the process that runs it is killed.
    Raises HandlerDefinitionInvalidError when the job type is not kebab-case.
    """
    if not _KEBAB_CASE.fullmatch(job_type):
        raise HandlerDefinitionInvalidError(
            where=repr(job_type),
            problem_zh="作业类型须为小写短横线形式，如 render-document。",
            problem_en="a job type is written in kebab-case, like render-document.",
        )

    def mark(function: HandlerFunction) -> HandlerFunction:
        definition = HandlerDefinition(
            job_type=job_type,
            run=function,
            input_schema=input,
            output_schema=output,
            zh=zh,
            en=en,
            time_limit=time_limit,
            bpmn_errors=MappingProxyType(dict(bpmn_errors or {})),
        )
        setattr(function, _ATTRIBUTE, definition)
        return function

    return mark


@cache
def load_handlers() -> Mapping[str, HandlerDefinition]:
    """Return job type -> handler: ours and those of installed distributions; read once per process.

    Raises HandlerDoubledError and HandlerDefinitionInvalidError.
    """
    return collect([*shipped_handlers(), *installed_handlers()])


def job_types(definitions: Mapping[str, HandlerDefinition] | None = None) -> Mapping[str, JobType]:
    """Return job type -> its inputs and outputs, for the check of models."""
    chosen = load_handlers() if definitions is None else definitions
    return MappingProxyType({name: definition.as_job_type() for name, definition in chosen.items()})


def collect(definitions: Iterable[HandlerDefinition]) -> Mapping[str, HandlerDefinition]:
    """Return the definitions by job type, sorted; raises HandlerDoubledError."""
    found: dict[str, HandlerDefinition] = {}
    for definition in definitions:
        other = found.setdefault(definition.job_type, definition)
        if other is not definition:
            raise HandlerDoubledError(job_type=definition.job_type, first=other.where, second=definition.where)
    return MappingProxyType(dict(sorted(found.items())))


def shipped_handlers(package: ModuleType = handlers.job_types) -> Iterator[HandlerDefinition]:
    """Yield the one handler of every file of the package; raises HandlerDefinitionInvalidError on none or several."""
    for module_found in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{module_found.name}")
        definitions = definitions_in(module)
        if len(definitions) != 1:
            raise HandlerDefinitionInvalidError(
                where=module.__name__,
                problem_zh=f"一个文件应恰有一个 @handles 函数，此处有 {len(definitions)} 个。",
                problem_en=f"a file holds exactly one @handles function; this one has {len(definitions)}.",
            )
        yield definitions[0]


def installed_handlers() -> Iterator[HandlerDefinition]:
    """Yield the handlers that installed distributions name; raises HandlerDefinitionInvalidError."""
    for entry_point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda each: (each.name, each.value)):
        try:
            loaded = entry_point.load()
        except (ImportError, AttributeError) as error:
            raise HandlerDefinitionInvalidError(
                where=f"{entry_point.name} = {entry_point.value}",
                problem_zh=f"无法载入：{error}",
                problem_en=f"it cannot be loaded: {error}",
            ) from error
        definitions = definitions_in(loaded) if isinstance(loaded, ModuleType) else _definition_of(loaded)
        if not definitions:
            raise HandlerDefinitionInvalidError(
                where=f"{entry_point.name} = {entry_point.value}",
                problem_zh="其中没有 @handles 函数。",
                problem_en="it holds no @handles function.",
            )
        yield from definitions


def definitions_in(module: ModuleType) -> list[HandlerDefinition]:
    """Return the handlers written in the module itself (imported ones belong to their own file)."""
    members = [member for member in vars(module).values() if getattr(member, "__module__", None) == module.__name__]
    return [definition for member in members for definition in _definition_of(member)]


def _definition_of(candidate: object) -> list[HandlerDefinition]:
    definition = getattr(candidate, _ATTRIBUTE, None)
    return [definition] if isinstance(definition, HandlerDefinition) else []
