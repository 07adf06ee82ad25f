"""Deploys files: all of them go live together, or none does."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bpmn.bundle import Bundle, Surroundings
from engine.bpmn.definitions import compile_bundle
from engine.commands.unit_of_work import Platform, UnitOfWork
from engine.domain.errors import InvalidInputError, ModelInvalidError
from engine.domain.findings import Finding, errors
from engine.domain.resource import Resource
from engine.feel import FeelInterpreter
from engine.store.deployments import (
    deployed_resources,
    insert_resources,
    latest_definitions,
    latest_deployment,
    lock_deployments,
)
from engine.store.tables import deployment, deployment_resource, process_definition

MAX_RESOURCES = 500


class DeploymentEmptyError(InvalidInputError):
    """A deployment without a file."""

    zh = "部署中没有文件。请至少提交一个 .bpmn、.dmn 或 .form 文件。"
    en = "The deployment holds no file. Send at least one .bpmn, .dmn or .form file."


class DeploymentTooLargeError(InvalidInputError):
    """More files than a deployment may hold."""

    zh = "一次部署最多 {limit} 个文件，现有 {count} 个。"
    en = "A deployment may hold {limit} files; there are {count}."


@dataclass(frozen=True)
class DeployedDefinition:
    """A process definition as a deployment left it."""

    id: UUID
    key: str
    version: int
    name: str
    is_new: bool


@dataclass(frozen=True)
class Deployed:
    """What a deployment did."""

    deployment_id: UUID
    process_definitions: tuple[DeployedDefinition, ...]
    findings: tuple[Finding, ...]
    is_new: bool
    """False when the very same files were live already: nothing was written."""


def surroundings(platform: Platform) -> Surroundings:
    """Return what models may refer to on this platform."""
    return Surroundings(
        job_types=platform.job_types,
        function_stubs=platform.host.function_stubs(),
        input_names=platform.host.input_names,
        groups=platform.groups,
    )


def deploy(uow: UnitOfWork, resources: Sequence[Resource], note: str | None = None) -> Deployed:
    """Make files live together; files of the deployment before that are not among them are carried along.

    A process definition gets a new version only when a file that it depends on has changed. Raises ModelInvalidError
    with every finding, DeploymentEmptyError, DeploymentTooLargeError.
    """
    lock_deployments(uow.connection)
    latest = latest_deployment(uow.connection)
    given = {item.name: item for item in resources}
    if latest is not None and given:
        live = {item.name: item for item in deployed_resources(uow.connection, latest.id)}
        if all(live.get(name) == item for name, item in given.items()):
            return _unchanged(uow, latest)  # live already: nothing needs to be compiled to know that
    files, bundle = assemble(uow.connection, uow.platform, resources, latest)
    found = errors(list(bundle.findings))
    if found:
        raise ModelInvalidError(errors=len(found), findings=[finding.as_dict() for finding in bundle.findings])
    content_hash = _content_hash(files.values())
    current = latest_definitions(uow.connection)
    deployment_id = uow.platform.ids()
    _write(uow, deployment_id, content_hash, note, bundle, files, given)
    definitions = tuple(_define(uow, deployment_id, bundle, key, current.get(key)) for key in sorted(bundle.processes))
    return Deployed(deployment_id, definitions, bundle.findings, True)


def assemble(
    connection: sa.Connection, platform: Platform, resources: Sequence[Resource], latest: sa.Row[Any] | None
) -> tuple[dict[str, Resource], Bundle]:
    """Return the files of a deployment made after `latest`, the carried ones included, and what they compile to.

    Raises DeploymentEmptyError, DeploymentTooLargeError.
    """
    if not resources:
        raise DeploymentEmptyError()
    given = {item.name: item for item in resources}
    carried: dict[str, Resource] = {}
    if latest is not None:
        live = {item.name: item for item in deployed_resources(connection, latest.id)}
        carried = _without_replaced(live, platform.definitions.bundle(connection, latest.id), given, platform.feel)
    files = {**carried, **given}
    if len(files) > MAX_RESOURCES:
        raise DeploymentTooLargeError(limit=MAX_RESOURCES, count=len(files))
    return files, compile_bundle(files.values(), surroundings(platform), platform.feel)


def next_version(bundle: Bundle, key: str, current: sa.Row[Any] | None) -> tuple[int, bool]:
    """Return the version that a process has in a bundle, and whether it is a new one, after the definition `current`."""
    if current is None:
        return 1, True
    is_new = current.closure_hash != bundle.closure_hash(key)
    return current.version + is_new, is_new


def _unchanged(uow: UnitOfWork, latest: sa.Row[Any]) -> Deployed:
    definitions = tuple(
        DeployedDefinition(row.id, key, row.version, row.name, False)
        for key, row in sorted(latest_definitions(uow.connection).items())
    )
    return Deployed(latest.id, definitions, tuple(Finding(**finding) for finding in latest.findings), False)


def _without_replaced(
    carried: dict[str, Resource], bundle: Bundle, given: dict[str, Resource], feel: FeelInterpreter
) -> dict[str, Resource]:
    """Leave out carried files that hold a process, decision or form which a given file brings under another name."""
    brought = _keys_by_file(compile_bundle(given.values(), feel=feel))
    new_keys = set().union(*brought.values()) if brought else set()
    old = _keys_by_file(bundle)
    return {name: item for name, item in carried.items() if name in given or not old.get(name, set()) & new_keys}


def _keys_by_file(bundle: Bundle) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for key, process in bundle.processes.items():
        found.setdefault(process.resource_name, set()).add(("process", key))
    for key, decision in bundle.decisions.items():
        found.setdefault(decision.file, set()).add(("decision", key))
    for key, form in bundle.forms.items():
        found.setdefault(form.file, set()).add(("form", key))
    return found


def _content_hash(resources: Any) -> str:
    lines = sorted(f"{item.name} {item.hash}" for item in resources)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _write(
    uow: UnitOfWork,
    deployment_id: UUID,
    content_hash: str,
    note: str | None,
    bundle: Bundle,
    files: dict[str, Resource],
    given: dict[str, Resource],
) -> None:
    insert_resources(uow.connection, files.values())
    uow.connection.execute(
        sa.insert(deployment).values(
            id=deployment_id,
            content_hash=content_hash,
            note=note,
            actor_id=uow.actor.id,
            created_at=uow.now,
            findings=[finding.as_dict() for finding in bundle.findings],
        )
    )
    uow.connection.execute(
        sa.insert(deployment_resource),
        [
            {
                "deployment_id": deployment_id,
                "name": name,
                "kind": item.kind,
                "hash": item.hash,
                "is_carried": name not in given,
            }
            for name, item in files.items()
        ],
    )


def _define(
    uow: UnitOfWork, deployment_id: UUID, bundle: Bundle, key: str, current: sa.Row[Any] | None
) -> DeployedDefinition:
    process = bundle.processes[key]
    version, is_new = next_version(bundle, key, current)
    if current is not None and not is_new:
        return DeployedDefinition(current.id, key, current.version, current.name, False)
    definition_id = uow.platform.ids()
    uow.connection.execute(
        sa.insert(process_definition).values(
            id=definition_id,
            key=key,
            version=version,
            name=process.name,
            deployment_id=deployment_id,
            resource_name=process.resource_name,
            resource_hash=bundle.resources[process.resource_name].hash,
            closure_hash=bundle.closure_hash(key),
            start_messages=[process.start_message] if process.start_message else [],
            created_at=uow.now,
        )
    )
    return DeployedDefinition(definition_id, key, version, process.name, True)
