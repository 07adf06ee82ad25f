"""Compiles the files of a deployment into a bundle: frozen definitions, decisions, forms, and every finding at once."""

from collections.abc import Iterable, Mapping
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.bpmn.bundle import Bundle, ProcessModel, Surroundings, variable_types
from engine.bpmn.elements import Element, declared_variables, read_elements
from engine.bpmn.lint import lint
from engine.bpmn.normalise import normalise
from engine.bpmn.parser import build_specs
from engine.bpmn.structure import structure_findings
from engine.bpmn.xml import NS, tag
from engine.dmn import Decision, parse_decisions
from engine.domain.findings import Finding, errors
from engine.domain.resource import Resource
from engine.feel import FeelInterpreter
from engine.forms import Form, parse_form
from engine.hostile_xml import read_xml
from engine.soundness import soundness_findings


def compile_bundle(
    resources: Iterable[Resource], surroundings: Surroundings | None = None, feel: FeelInterpreter | None = None
) -> Bundle:
    """Compile files; with `surroundings` also check everything they refer to.

    Never raises for a bad file: what is wrong is in `findings`, and a bundle with errors has no specs.
    """
    files = {resource.name: resource for resource in resources}
    findings: list[Finding] = []
    roots: dict[str, etree._Element] = {}
    decisions: dict[str, Decision] = {}
    forms: dict[str, Form] = {}
    for resource in files.values():
        match resource.kind:
            case "bpmn":
                root, found = read_xml(resource.name, resource.content)
                findings += found
                if root is not None:
                    roots[resource.name] = root
            case "dmn":
                parsed, found = parse_decisions(resource.name, resource.content, feel)
                findings += found
                for decision in parsed:
                    findings += _taken(resource.name, "decision", decision.key, decisions)
                    decisions[decision.key] = decision
            case "form":
                form, found = parse_form(resource.name, resource.content, feel)
                findings += found
                if form is not None:
                    findings += _taken(resource.name, "form", form.key, forms)
                    forms[form.key] = form
            case None:
                findings.append(
                    Finding(
                        resource.name,
                        "unknown-file-kind",
                        "只能部署 .bpmn、.dmn、.form 文件。",
                        "Only .bpmn, .dmn and .form files can be deployed.",
                    )
                )
    for name, root in roots.items():
        findings += structure_findings(name, root)
    findings += _process_ids(roots)
    elements: dict[str, Mapping[str, Element]] = {}
    processes: dict[str, ProcessModel] = {}
    owners: dict[str, str] = {}
    for name, root in roots.items():
        if tag(root) != "definitions":
            continue
        elements |= read_elements(root)
        for process in root.iterfind("bpmn:process", NS):
            model = _process(name, process, elements)
            processes[model.key] = model
            owners[model.key] = model.key
            owners |= {node.get("id", ""): model.key for node in process.iter() if tag(node) == "subProcess"}
    names = _names(processes, elements, forms, surroundings)
    draft = Bundle(processes, elements, {}, owners, names, decisions, forms, tuple(findings), files)
    if surroundings is not None:
        findings += lint(draft, surroundings)
        if not errors(findings):
            for name, root in roots.items():
                for process in root.iterfind("bpmn:process", NS):
                    findings += soundness_findings(name, process)
    specs: Mapping[str, Any] = {}
    if not errors(findings):
        try:
            specs = build_specs({name: normalise(root) for name, root in roots.items()})
        except ValidationException as error:
            findings.append(
                Finding(
                    getattr(error, "file_name", None) or "",
                    "cannot-be-built",
                    f"流程无法构建：{error}",
                    f"The process cannot be built: {error}",
                    element_id=getattr(error, "id", None),
                )
            )
    return Bundle(processes, elements, specs, owners, names, decisions, forms, tuple(findings), files)


def _taken(file: str, kind: str, key: str, known: Mapping[str, Any]) -> list[Finding]:
    if key not in known:
        return []
    return [
        Finding(
            file,
            f"duplicate-{kind}-key",
            f"{key} 在同一部署中出现两次。",
            f"The {kind} key {key} occurs twice in the deployment.",
        )
    ]


def _process_ids(roots: Mapping[str, etree._Element]) -> list[Finding]:
    found: dict[str, str] = {}
    findings = []
    for name, root in roots.items():
        for node in root.iter():
            if tag(node) not in ("process", "subProcess"):
                continue
            process_id = node.get("id", "")
            if process_id in found:
                findings.append(
                    Finding(
                        name,
                        "duplicate-process-id",
                        f"流程或子流程编号 {process_id} 与文件 {found[process_id]} 重复。",
                        f"The process or sub-process id {process_id} is used in {found[process_id]} already.",
                        element_id=process_id,
                    )
                )
            found[process_id] = name
    return findings


def _process(file: str, process: etree._Element, elements: Mapping[str, Mapping[str, Element]]) -> ProcessModel:
    key = process.get("id", "")
    top_level = {node.get("id") for node in process if tag(node) == "startEvent"}
    starts = [element for element in elements[key].values() if element.id in top_level]
    return ProcessModel(
        key=key,
        name=process.get("name") or key,
        resource_name=file,
        declared=declared_variables(process),
        start_message=starts[0].message_name if starts else None,
    )


def _names(
    processes: Mapping[str, ProcessModel],
    elements: Mapping[str, Mapping[str, Element]],
    forms: Mapping[str, Form],
    surroundings: Surroundings | None,
) -> dict[str, frozenset[str]]:
    return {key: frozenset(variable_types(key, processes, elements, forms, surroundings)) for key in processes}
