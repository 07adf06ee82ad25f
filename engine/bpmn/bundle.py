"""A bundle: the compiled files of one deployment, and what its parts know of each other."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.bpmn.elements import Element
from engine.dmn import Decision
from engine.domain.findings import Finding
from engine.domain.job_type import JobType
from engine.domain.resource import Resource
from engine.expressions import names_assigned
from engine.forms import Form


@dataclass(frozen=True)
class ProcessModel:
    """One executable process of a bundle."""

    key: str
    name: str
    resource_name: str
    declared: tuple[tuple[str, str], ...]
    """Start variables with their types, as the process declares them."""
    start_message: str | None


@dataclass(frozen=True)
class Bundle:
    """Everything an instance needs of its deployment; immutable, shared by all instances of a process."""

    processes: Mapping[str, ProcessModel]
    elements: Mapping[str, Mapping[str, Element]]
    """process key -> element id -> element"""
    specs: Mapping[str, Any]
    """process or sub-process id -> frozen library spec"""
    owners: Mapping[str, str]
    """process or sub-process id -> process key"""
    names: Mapping[str, frozenset[str]]
    """process key -> every variable name that the model can set"""
    decisions: Mapping[str, Decision]
    forms: Mapping[str, Form]
    findings: tuple[Finding, ...]
    resources: Mapping[str, Resource] = field(default_factory=dict)

    def references(self, process_key: str) -> frozenset[str]:
        """Return names of the files that a process needs: its own, called ones, forms, decisions, and theirs."""
        needed: set[str] = set()
        queue = [process_key]
        seen: set[str] = set()
        while queue:
            key = queue.pop()
            if key in seen or key not in self.processes:
                continue
            seen.add(key)
            needed.add(self.processes[key].resource_name)
            for element in self.elements[key].values():
                if element.called_element:
                    queue.append(element.called_element)
                if element.form_key and element.form_key in self.forms:
                    needed.add(self.forms[element.form_key].file)
                if element.decision_ref and element.decision_ref in self.decisions:
                    needed.add(self.decisions[element.decision_ref].file)
        return frozenset(needed)

    def closure_hash(self, process_key: str) -> str:
        """Return a hash of all files a process depends on: equal hashes behave alike."""
        names = sorted(self.references(process_key))
        text = "\n".join(f"{name} {self.resources[name].hash}" for name in names)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Surroundings:
    """What models may refer to beside the bundle itself; used by the check at deployment."""

    job_types: Mapping[str, JobType]
    function_stubs: Mapping[str, str]
    input_names: Mapping[str, str]
    groups: frozenset[str] | None = None


def variable_types(
    key: str,
    processes: Mapping[str, ProcessModel],
    elements: Mapping[str, Mapping[str, Element]],
    forms: Mapping[str, Form],
    surroundings: Surroundings | None,
) -> dict[str, str]:
    """Return name -> type of every variable that a process can hold, as far as its model and neighbours say."""
    types: dict[str, str] = dict(processes[key].declared)

    def add(name: str | None, type_name: str = "Any") -> None:
        if name:
            types[name] = type_name if types.get(name, type_name) == type_name else "Any"

    for element in elements[key].values():
        for name, type_name in element.variables:
            add(name, type_name)
        if element.form_key and element.form_key in forms:
            for name, info in forms[element.form_key].fields.items():
                add(name, info.type_stub)
        if element.topic:
            for mapping in element.outputs:
                add(mapping.target)
            if not element.outputs and surroundings is not None and element.topic in surroundings.job_types:
                for name in surroundings.job_types[element.topic].outputs:
                    add(name)
        if element.type == "subProcess":
            for mapping in (*element.inputs, *element.outputs):
                add(mapping.target)
        if element.type == "scriptTask" and element.script:
            for name in names_assigned(element.script):
                add(name)
        if element.type == "businessRuleTask":
            add(element.result_variable)
        for mapping in element.out_mappings:
            add(mapping.target)
        if element.multi_instance is not None:
            add(element.multi_instance.item_name)
            add(element.multi_instance.output_collection)
            for name in ("loopCounter", "nrOfInstances", "nrOfCompletedInstances"):
                add(name, "int")
    for caller in elements.values():
        for element in caller.values():
            if element.called_element == key:
                for mapping in element.in_mappings:
                    add(mapping.target)
    return types
