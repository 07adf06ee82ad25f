"""What a model says about each element, read from BPMN and the `camunda:` attributes (BPMN 2.0.2; Camunda 7 dialect)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn.xml import BPMN, CAMUNDA, NS, camunda, tag
from engine.expressions import is_expression, normalise

ACTIVITIES = frozenset(
    [
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "sendTask",
        "scriptTask",
        "businessRuleTask",
        "receiveTask",
        "callActivity",
        "subProcess",
    ]
)
GATEWAYS = frozenset(["exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"])
EVENTS = frozenset(["startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"])
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS
JOB_TYPES = frozenset({"serviceTask", "sendTask"})


@dataclass(frozen=True, slots=True)
class Mapping:
    """One `camunda:in`, `camunda:out`, input or output parameter: `target` gets the value of `source`."""

    target: str
    source: str
    is_expression: bool


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """`multiInstanceLoopCharacteristics` of an activity."""

    is_sequential: bool
    collection: str | None
    cardinality: str | None
    item_name: str | None
    output_collection: str | None
    output_item: str | None
    condition: str | None


@dataclass(frozen=True, slots=True)
class Element:
    """One flow node of a process, with everything the engine needs to know of it beside its place in the flow."""

    id: str
    name: str
    type: str
    process_key: str
    lane: str | None = None
    form_key: str | None = None
    assignee: str | None = None
    candidate_groups: str | None = None
    candidate_users: str | None = None
    due_date: str | None = None
    follow_up_date: str | None = None
    priority: str | None = None
    topic: str | None = None
    inputs: tuple[Mapping, ...] = ()
    outputs: tuple[Mapping, ...] = ()
    retry_cycle: str | None = None
    decision_ref: str | None = None
    result_variable: str | None = None
    map_result: str = "resultList"
    called_element: str | None = None
    pass_all_in: bool = False
    pass_all_out: bool = False
    in_mappings: tuple[Mapping, ...] = ()
    out_mappings: tuple[Mapping, ...] = ()
    script: str | None = None
    timer_kind: str | None = None
    timer: str | None = None
    message_name: str | None = None
    error_code: str | None = None
    escalation_code: str | None = None
    condition: str | None = None
    event: str | None = None
    """Local name of the event definition without `EventDefinition`: timer, message, error, ..."""
    attached_to: str | None = None
    is_interrupting: bool = True
    multi_instance: MultiInstance | None = None
    loop_condition: str | None = None
    variables: tuple[tuple[str, str], ...] = field(default=())
    """Names (with type) that the element brings in from outside, declared by the property `variables`."""


def read_elements(root: etree._Element) -> dict[str, dict[str, Element]]:
    """Return process key -> element id -> Element for every executable process of a file."""
    definitions = _Definitions(root)
    return {
        process.get("id", ""): {
            node.get("id", ""): _read_element(node, process.get("id", ""), definitions)
            for node in process.iter()
            if tag(node) in FLOW_NODES
        }
        for process in root.iterfind("bpmn:process", NS)
    }


def declared_variables(node: etree._Element) -> tuple[tuple[str, str], ...]:
    """Return the names declared by `<camunda:property name="variables" value="case_id: str, amount: Decimal"/>`."""
    found = []
    for prop in node.iterfind("bpmn:extensionElements/camunda:properties/camunda:property", NS):
        if prop.get("name") == "variables":
            for part in (prop.get("value") or "").split(","):
                name, _, type_name = part.partition(":")
                if name.strip():
                    found.append((name.strip(), type_name.strip() or "Any"))
    return tuple(found)


def text_of(node: etree._Element | None) -> str | None:
    """Return an element's text without surrounding white space, or None."""
    return None if node is None else "".join(str(part) for part in node.itertext()).strip()


class _Definitions:
    """Messages, errors, escalations and lanes of one file, by id."""

    def __init__(self, root: etree._Element) -> None:
        def by_id(name: str, attribute: str) -> dict[str, str | None]:
            return {node.get("id", ""): node.get(attribute) for node in root.iterfind(f"bpmn:{name}", NS)}

        self.messages = by_id("message", "name")
        self.errors = by_id("error", "errorCode")
        self.escalations = by_id("escalation", "escalationCode")
        self.lanes = {
            (ref.text or "").strip(): lane.get("name")
            for lane in root.iter("{" + BPMN + "}lane")
            for ref in lane.iterfind("bpmn:flowNodeRef", NS)
        }


def _read_element(node: etree._Element, process_key: str, definitions: _Definitions) -> Element:
    element_id = node.get("id", "")
    kind = tag(node)
    event = _event_definition(node)
    event_name = tag(event).removesuffix("EventDefinition") if event is not None else None
    timer_kind, timer = _timer(event)
    return Element(
        id=element_id,
        name=" ".join((node.get("name") or element_id).split()),
        type=kind,
        process_key=process_key,
        lane=definitions.lanes.get(element_id),
        form_key=camunda(node, "formKey") or camunda(node, "formRef"),
        assignee=camunda(node, "assignee"),
        candidate_groups=camunda(node, "candidateGroups"),
        candidate_users=camunda(node, "candidateUsers"),
        due_date=camunda(node, "dueDate"),
        follow_up_date=camunda(node, "followUpDate"),
        priority=camunda(node, "priority"),
        topic=camunda(node, "topic"),
        inputs=_parameters(node, "inputParameter"),
        outputs=_parameters(node, "outputParameter"),
        retry_cycle=text_of(node.find("bpmn:extensionElements/camunda:failedJobRetryTimeCycle", NS)),
        decision_ref=camunda(node, "decisionRef"),
        result_variable=camunda(node, "resultVariable"),
        map_result=camunda(node, "mapDecisionResult") or "resultList",
        called_element=node.get("calledElement"),
        pass_all_in=_passes_all(node, "in"),
        pass_all_out=_passes_all(node, "out"),
        in_mappings=_call_mappings(node, "in"),
        out_mappings=_call_mappings(node, "out"),
        script=text_of(node.find("bpmn:script", NS)),
        timer_kind=timer_kind,
        timer=timer,
        message_name=_message_name(node, event, definitions),
        error_code=definitions.errors.get(event.get("errorRef", "")) if event is not None else None,
        escalation_code=definitions.escalations.get(event.get("escalationRef", "")) if event is not None else None,
        condition=text_of(event.find("bpmn:condition", NS)) if event is not None else None,
        event=event_name,
        attached_to=node.get("attachedToRef"),
        is_interrupting=node.get("cancelActivity", "true").lower() != "false",
        multi_instance=_multi_instance(node),
        loop_condition=text_of(node.find("bpmn:standardLoopCharacteristics/bpmn:loopCondition", NS)),
        variables=declared_variables(node),
    )


def event_definitions(node: etree._Element) -> list[etree._Element]:
    """Return the event definitions inside an event."""
    return [child for child in node if tag(child).endswith("EventDefinition")]


def _event_definition(node: etree._Element) -> etree._Element | None:
    found = event_definitions(node)
    return found[0] if found else None


def _timer(event: etree._Element | None) -> tuple[str | None, str | None]:
    if event is not None:
        for kind, name in (("date", "timeDate"), ("duration", "timeDuration"), ("cycle", "timeCycle")):
            found = event.find(f"bpmn:{name}", NS)
            if found is not None:
                return kind, text_of(found)
    return None, None


def _message_name(node: etree._Element, event: etree._Element | None, definitions: _Definitions) -> str | None:
    reference = node.get("messageRef") or (event.get("messageRef") if event is not None else None)
    return definitions.messages.get(reference) if reference else None


def _parameters(node: etree._Element, name: str) -> tuple[Mapping, ...]:
    found = node.iterfind(f"bpmn:extensionElements/camunda:inputOutput/camunda:{name}", NS)
    return tuple(_mapping(parameter.get("name", ""), text_of(parameter) or "") for parameter in found)


def _mapping(target: str, text: str) -> Mapping:
    return Mapping(target, normalise(text), True) if is_expression(text) else Mapping(target, text, False)


def _call_elements(node: etree._Element, name: str) -> Iterable[etree._Element]:
    return node.iterfind(f"bpmn:extensionElements/camunda:{name}", NS)


def _passes_all(node: etree._Element, name: str) -> bool:
    return any(item.get("variables") == "all" for item in _call_elements(node, name))


def _call_mappings(node: etree._Element, name: str) -> tuple[Mapping, ...]:
    found = []
    for item in _call_elements(node, name):
        target = item.get("target")
        if target is None:
            continue
        if item.get("sourceExpression") is not None:
            mapping = _mapping(target, item.get("sourceExpression") or "")
            found.append(Mapping(target, mapping.source, True))
        elif item.get("source"):
            found.append(Mapping(target, item.get("source") or "", True))
    return tuple(found)


def _multi_instance(node: etree._Element) -> MultiInstance | None:
    loop = node.find("bpmn:multiInstanceLoopCharacteristics", NS)
    if loop is None:
        return None
    item = loop.find("bpmn:inputDataItem", NS)
    output_item = loop.find("bpmn:outputDataItem", NS)
    return MultiInstance(
        is_sequential=loop.get("isSequential", "false").lower() == "true",
        collection=camunda(loop, "collection") or text_of(loop.find("bpmn:loopDataInputRef", NS)),
        cardinality=text_of(loop.find("bpmn:loopCardinality", NS)),
        item_name=camunda(loop, "elementVariable")
        or (item.get("name") or item.get("id") if item is not None else None),
        output_collection=text_of(loop.find("bpmn:loopDataOutputRef", NS)),
        output_item=(output_item.get("name") or output_item.get("id")) if output_item is not None else None,
        condition=text_of(loop.find("bpmn:completionCondition", NS)),
    )


UNDERSTOOD = {
    "process": {"historyTimeToLive", "versionTag", "isStartableInTasklist"},
    "userTask": {
        "assignee",
        "candidateGroups",
        "candidateUsers",
        "dueDate",
        "followUpDate",
        "formKey",
        "formRef",
        "formRefBinding",
        "priority",
    },
    "serviceTask": {"type", "topic"},
    "sendTask": {"type", "topic"},
    "businessRuleTask": {"decisionRef", "decisionRefBinding", "mapDecisionResult", "resultVariable"},
    "callActivity": {"calledElementBinding"},
    "multiInstanceLoopCharacteristics": {"collection", "elementVariable"},
    "startEvent": {"formKey", "formRef", "formRefBinding"},
}
"""`camunda:` attributes that are understood, per element; anything else is a warning at deployment."""

UNDERSTOOD_EXTENSIONS = frozenset(
    [
        "inputOutput",
        "inputParameter",
        "outputParameter",
        "failedJobRetryTimeCycle",
        "in",
        "out",
        "properties",
        "property",
    ]
)


def unknown_camunda(root: etree._Element) -> Iterable[tuple[etree._Element, str]]:
    """Yield (element, attribute or extension name) for everything of the dialect that is not understood."""
    prefix = "{" + CAMUNDA + "}"
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        if node.tag.startswith(prefix):
            if node.tag.removeprefix(prefix) not in UNDERSTOOD_EXTENSIONS:
                yield node, "camunda:" + node.tag.removeprefix(prefix)
            continue
        for attribute in node.attrib:
            name = str(attribute)
            if name.startswith(prefix) and name.removeprefix(prefix) not in UNDERSTOOD.get(tag(node), set()):
                yield node, "camunda:" + name.removeprefix(prefix)
