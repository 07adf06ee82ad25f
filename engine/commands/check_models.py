"""Tells what a deployment of files would find and make, without deploying them."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from engine.commands.deploy import assemble, next_version
from engine.commands.unit_of_work import Platform
from engine.domain.findings import Finding, errors
from engine.domain.resource import Resource
from engine.store.deployments import latest_definitions, latest_deployment


@dataclass(frozen=True, slots=True)
class CheckedDefinition:
    """A process definition as a deployment would leave it."""

    key: str
    name: str
    resource_name: str
    version: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Check:
    """What a deployment would say."""

    findings: tuple[Finding, ...]
    """Of the files given, and of those that would be carried along."""
    process_definitions: tuple[CheckedDefinition, ...]
    """Empty where there is an error."""
    is_deployable: bool


def check_models(connection: sa.Connection, platform: Platform, resources: Sequence[Resource]) -> Check:
    """Check files together with what is live and would be carried along. Writes and locks nothing.

    Raises DeploymentEmptyError, DeploymentTooLargeError; what is wrong with a file is a finding.
    """
    _, bundle = assemble(connection, platform, resources, latest_deployment(connection))
    if errors(list(bundle.findings)):
        return Check(bundle.findings, (), False)
    current = latest_definitions(connection)
    defined = []
    for key, process in sorted(bundle.processes.items()):
        version, is_new = next_version(bundle, key, current.get(key))
        defined.append(CheckedDefinition(key, process.name, process.resource_name, version, is_new))
    return Check(bundle.findings, tuple(defined), True)
