"""How far a variable reaches: under which names each process of a bundle sees it, and which elements read it."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from engine.bpmn.bundle import Bundle
from engine.bpmn.elements import Element
from engine.bpmn.elements import Mapping as ElementMapping
from engine.bpmn.xml import NS
from engine.expressions import is_expression, names_assigned, names_read, normalise
from engine.hostile_xml import read_xml

Reach = Mapping[str, Set[str]]
"""Process key -> names under which values that rest on some variable are seen there."""


@dataclass(frozen=True, slots=True)
class Way:
    """A sequence flow with a condition, or a default one, out of an element."""

    flow_id: str
    target_id: str
    condition: str | None
    """None: the default flow."""


def reach_of(bundle: Bundle, process_key: str, names: Iterable[str], shared: Iterable[str]) -> Reach:
    """Return where values go that rest on variables `names` of a process or on the host's inputs `shared`.

    They go into called processes and back, through scripts and through decisions; what a handler makes of them is not
    followed.
    """
    everywhere = frozenset(shared)
    reach = {key: set(everywhere) for key in bundle.processes}
    reach[process_key] |= set(names)
    before = -1
    while before != (before := sum(map(len, reach.values()))):
        for key, elements in bundle.elements.items():
            for element in elements.values():
                _spread(bundle, reach, key, element)
    return reach


def _spread(bundle: Bundle, reach: dict[str, set[str]], key: str, element: Element) -> None:
    here = reach[key]
    called = element.called_element
    if called in reach:
        assert called is not None
        reach[called] |= _reached(element.in_mappings, here) | (here if element.pass_all_in else set())
        here |= _reached(element.out_mappings, reach[called]) | (reach[called] if element.pass_all_out else set())
    if element.type == "scriptTask" and element.script and names_read(element.script) & here:
        here |= names_assigned(element.script)
    if element.decision_ref in bundle.decisions:
        assert element.decision_ref is not None
        if bundle.decisions[element.decision_ref].inputs_read & here and element.result_variable:
            here.add(element.result_variable)
    if element.type == "subProcess":
        here |= _reached(element.inputs, here) | _reached(element.outputs, here)


def _reached(mappings: Iterable[ElementMapping], names: Set[str]) -> set[str]:
    return {each.target for each in mappings if each.is_expression and names_read(each.source) & names}


def read_by_job(element: Element, names: Set[str]) -> frozenset[str]:
    """Return those of `names` that the input of a service task reads."""
    read: frozenset[str] = frozenset().union(
        *(names_read(each.source) for each in element.inputs if each.is_expression)
    )
    return read & names


def read_by_call(element: Element, names: Set[str]) -> frozenset[str]:
    """Return those of `names` that a call activity hands to the process it calls."""
    if element.pass_all_in:
        return frozenset(names)
    read = frozenset().union(*(names_read(each.source) for each in element.in_mappings if each.is_expression))
    return read & names


def read_by_text(text: str | None, names: Set[str]) -> frozenset[str]:
    """Return those of `names` that an attribute reads, which is a literal unless it is written as an expression."""
    return names_read(normalise(text)) & names if text and is_expression(text) else frozenset()


def ways_out(bundle: Bundle, process_key: str) -> dict[str, tuple[Way, ...]]:
    """Return element id -> its outgoing flows for every element of a process with a condition on one of them."""
    content = bundle.resources[bundle.processes[process_key].resource_name]
    root, _ = read_xml(content.name, content.content)
    if root is None:  # it was read when it was deployed
        raise AssertionError(content.name)
    found: dict[str, list[Way]] = {}
    defaults = {node.get("default") for node in root.iter() if node.get("default")}
    for flow in root.iter("{" + NS["bpmn"] + "}sequenceFlow"):
        condition = flow.find("bpmn:conditionExpression", NS)
        text = None if condition is None or flow.get("id") in defaults else (condition.text or "").strip()
        if text is None and flow.get("id") not in defaults:
            continue
        found.setdefault(flow.get("sourceRef", ""), []).append(Way(flow.get("id", ""), flow.get("targetRef", ""), text))
    own = bundle.elements[process_key]
    return {
        source: tuple(sorted(ways, key=lambda way: way.condition is None))
        for source, ways in found.items()
        if source in own and any(way.condition for way in ways)
    }


def read_by_ways(ways: Iterable[Way], names: Set[str]) -> frozenset[str]:
    """Return those of `names` that the conditions of flows read."""
    read = frozenset().union(*(names_read(normalise(way.condition)) for way in ways if way.condition))
    return read & names
