"""A process as the token game sees it: elements, flows between them, and scopes; read from XML without SpiffWorkflow."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

NodeKind = Literal[
    "start", "activity", "catch", "throw", "end", "exclusive", "parallel", "inclusive", "event-gateway", "sub-process"
]
Trigger = Literal["", "timer", "message", "conditional", "error", "escalation", "terminate"]

_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_PREFIX = "{" + _BPMN + "}"
_CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
_GATEWAYS: Mapping[str, NodeKind] = {
    "exclusiveGateway": "exclusive",
    "parallelGateway": "parallel",
    "inclusiveGateway": "inclusive",
    "eventBasedGateway": "event-gateway",
}
_EVENTS: Mapping[str, NodeKind] = {
    "startEvent": "start",
    "endEvent": "end",
    "intermediateCatchEvent": "catch",
    "intermediateThrowEvent": "throw",
}


@dataclass(frozen=True, slots=True)
class Boundary:
    """An event on the border of an activity."""

    id: str
    name: str
    trigger: Trigger
    code: str | None
    """Error or escalation code it catches; None catches all."""
    is_interrupting: bool
    outgoing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node."""

    id: str
    name: str
    kind: NodeKind
    scope: str
    """Id of the process or sub-process it lies in."""
    incoming: tuple[str, ...]
    outgoing: tuple[str, ...]
    conditional: frozenset[str] = frozenset()
    """Outgoing flows that have a condition."""
    trigger: Trigger = ""
    code: str | None = None
    boundaries: tuple[Boundary, ...] = ()
    is_user_task: bool = False
    is_joined: bool = False
    """A parallel or inclusive gateway with several incoming flows."""
    has_due_date: bool = False


@dataclass(frozen=True)
class Net:
    """One process."""

    key: str
    nodes: Mapping[str, Node]
    flows: Mapping[str, tuple[str, str]]
    """Flow -> (source, target); the source may be a boundary event."""
    flow_names: Mapping[str, str]
    starts: Mapping[str, str]
    """Scope -> its start event."""
    parents: Mapping[str, str | None] = field(default_factory=dict)
    """Scope -> the scope around it."""

    def inside(self, scope: str) -> Iterator[Node]:
        """Yield the nodes of a scope and of those within it."""
        for node in self.nodes.values():
            around: str | None = node.scope
            while around is not None:
                if around == scope:
                    yield node
                    break
                around = self.parents.get(around)


def read_net(process: etree._Element) -> Net:
    """Return the net of a `process` element; what is no flow node is left out."""
    root = process.getroottree().getroot()
    codes = {
        item.get("id"): item.get(attribute)
        for name, attribute in (("error", "errorCode"), ("escalation", "escalationCode"))
        for item in root.iterfind(_PREFIX + name)
    }
    nodes: dict[str, Node] = {}
    flows: dict[str, tuple[str, str]] = {}
    flow_names: dict[str, str] = {}
    starts: dict[str, str] = {}
    parents: dict[str, str | None] = {process.get("id", ""): None}
    for scope in _scopes(process):
        scope_id = scope.get("id", "")
        around = scope.getparent()
        if scope is not process and around is not None:
            parents[scope_id] = around.get("id", "")
        found = [child for child in scope if _tag(child) == "sequenceFlow"]
        for flow in found:
            flows[flow.get("id", "")] = (flow.get("sourceRef", ""), flow.get("targetRef", ""))
            flow_names[flow.get("id", "")] = flow.get("name", "")
        for element in scope:
            node = _node(element, scope_id, found, scope, codes)
            if node is not None:
                nodes[node.id] = node
                if node.kind == "start":
                    starts[scope_id] = node.id
    return Net(process.get("id", ""), nodes, flows, flow_names, starts, parents)


def _scopes(scope: etree._Element) -> Iterator[etree._Element]:
    yield scope
    for child in scope:
        if _tag(child) == "subProcess":
            yield from _scopes(child)


def _node(
    element: etree._Element,
    scope: str,
    flows: list[etree._Element],
    around: etree._Element,
    codes: Mapping[str | None, str | None],
) -> Node | None:
    tag, key = _tag(element), element.get("id", "")
    kind: NodeKind
    if tag in _GATEWAYS:
        kind = _GATEWAYS[tag]
    elif tag in _EVENTS:
        kind = _EVENTS[tag]
    elif tag == "subProcess":
        kind = "sub-process"
    elif tag.endswith("Task") or tag in ("task", "callActivity"):
        kind = "activity"
    else:
        return None
    trigger, code = _trigger(element, codes)
    incoming = tuple(flow.get("id", "") for flow in flows if flow.get("targetRef") == key)
    outgoing = [flow for flow in flows if flow.get("sourceRef") == key]
    default = element.get("default")
    return Node(
        id=key,
        name=element.get("name") or key,
        kind=kind,
        scope=scope,
        incoming=incoming,
        outgoing=tuple(flow.get("id", "") for flow in outgoing),
        conditional=frozenset(
            flow.get("id", "")
            for flow in outgoing
            if flow.find(_PREFIX + "conditionExpression") is not None or flow.get("id") == default
        ),
        trigger=trigger,
        code=code,
        boundaries=tuple(_boundaries(around, key, flows, codes)),
        is_user_task=tag in ("userTask", "manualTask"),
        is_joined=kind in ("parallel", "inclusive") and len(incoming) > 1,
        has_due_date=bool(element.get(_CAMUNDA + "dueDate")),
    )


def _boundaries(
    around: etree._Element, host: str, flows: list[etree._Element], codes: Mapping[str | None, str | None]
) -> Iterator[Boundary]:
    for event in around:
        if _tag(event) == "boundaryEvent" and event.get("attachedToRef") == host:
            trigger, code = _trigger(event, codes)
            key = event.get("id", "")
            yield Boundary(
                id=key,
                name=event.get("name") or key,
                trigger=trigger,
                code=code,
                is_interrupting=event.get("cancelActivity", "true").lower() != "false",
                outgoing=tuple(flow.get("id", "") for flow in flows if flow.get("sourceRef") == key),
            )


def _trigger(element: etree._Element, codes: Mapping[str | None, str | None]) -> tuple[Trigger, str | None]:
    for child in element:
        match _tag(child).removesuffix("EventDefinition"):
            case "timer":
                return "timer", None
            case "message":
                return "message", None
            case "conditional":
                return "conditional", None
            case "terminate":
                return "terminate", None
            case "error":
                return "error", codes.get(child.get("errorRef"))
            case "escalation":
                return "escalation", codes.get(child.get("escalationRef"))
    return "", None


def _tag(element: etree._Element) -> str:
    name = element.tag
    return name.removeprefix(_PREFIX) if isinstance(name, str) and name.startswith(_PREFIX) else ""
