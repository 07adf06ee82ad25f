"""Findings about the shape of a file: ids, references, flows, and elements that are not supported."""

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from engine.bpmn.elements import ACTIVITIES, EVENTS, FLOW_NODES, event_definitions, unknown_camunda
from engine.bpmn.xml import BPMN, NS, tag
from engine.domain.findings import Finding

RESERVED_IDS = frozenset({"Start", "End", "Root"})
"""Names that SpiffWorkflow uses itself: an element with such an id would be skipped in silence."""

NOT_FLOW = frozenset(
    [
        "sequenceFlow",
        "laneSet",
        "documentation",
        "extensionElements",
        "ioSpecification",
        "dataObject",
        "dataObjectReference",
        "association",
        "textAnnotation",
        "group",
        "dataStoreReference",
        "incoming",
        "outgoing",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "property",
        "dataInputAssociation",
        "dataOutputAssociation",
        "script",
        "category",
        "monitoring",
        "auditing",
    ]
)
SUPPORTED_EVENTS = {
    "startEvent": {"message"},
    "endEvent": {"terminate", "error", "escalation", "message"},
    "intermediateCatchEvent": {"timer", "message", "conditional"},
    "intermediateThrowEvent": {"escalation", "message"},
    "boundaryEvent": {"timer", "message", "error", "escalation", "conditional"},
}


def structure_findings(file: str, root: etree._Element) -> list[Finding]:
    """Return what is wrong with the structure of one parsed BPMN file; an empty list lets it be built."""
    return [*_ids(file, root), *_file(file, root), *_dialect(file, root)]


def finding_at(file: str, node: etree._Element, rule: str, zh: str, en: str, *, warning: bool = False) -> Finding:
    """Return a finding at an element."""
    return Finding(
        file, rule, zh, en, "warning" if warning else "error", node.get("id"), node.get("name") or node.get("id")
    )


def _ids(file: str, root: etree._Element) -> Iterator[Finding]:
    counts = Counter(node.get("id") for node in root.iter("{" + BPMN + "}*") if node.get("id"))
    for element_id, count in counts.items():
        if count > 1:
            yield Finding(
                file,
                "duplicate-id",
                f"元素编号 {element_id} 出现 {count} 次。每个元素需有唯一编号。",
                f"The id {element_id} occurs {count} times; ids must be unique.",
                element_id=element_id,
            )


def _file(file: str, root: etree._Element) -> Iterator[Finding]:
    if tag(root) != "definitions":
        yield Finding(
            file,
            "not-bpmn",
            "文件不是 BPMN 2.0（根元素应为 definitions）。",
            "Not a BPMN 2.0 file: its root is not `definitions`.",
        )
        return
    processes = root.findall("bpmn:process", NS)
    if not processes:
        yield Finding(file, "no-process", "文件中没有流程（process）。", "The file holds no process.")
    for process in processes:
        if process.get("isExecutable") != "true":
            yield finding_at(
                file,
                process,
                "not-executable",
                "流程未标记为可执行（isExecutable）。请在编辑器中勾选“可执行”。",
                "The process is not marked executable; tick `Executable` in the modeler.",
            )
        yield from _scope(file, process)
    yield from _references(file, root)


def _scope(file: str, scope: etree._Element) -> Iterator[Finding]:
    nodes = {node.get("id"): node for node in scope if tag(node) in FLOW_NODES}
    flows = [node for node in scope if tag(node) == "sequenceFlow"]
    for node in scope:
        kind = tag(node)
        if kind and kind not in FLOW_NODES and kind not in NOT_FLOW:
            yield finding_at(
                file,
                node,
                "unsupported-element",
                f"暂不支持元素类型 {kind}。请改用受支持的元素。",
                f"Elements of type {kind} are not supported.",
            )
        if kind in FLOW_NODES:
            yield from _node(file, node)
        if kind == "subProcess":
            yield from _scope(file, node)
    starts = [node for node in nodes.values() if tag(node) == "startEvent"]
    if len(starts) != 1:
        yield finding_at(
            file,
            scope,
            "one-start-event",
            f"应当恰有一个开始事件，现有 {len(starts)} 个。",
            f"There must be exactly one start event; there are {len(starts)}.",
        )
    for flow in flows:
        for end in ("sourceRef", "targetRef"):
            if flow.get(end) not in nodes:
                yield finding_at(
                    file,
                    flow,
                    "dangling-flow",
                    f"顺序流 {flow.get('id')} 的 {end}（{flow.get(end)}）不在同一流程内。",
                    f"The {end} of flow {flow.get('id')} ({flow.get(end)}) is not in the same process.",
                )
    targets = {flow.get("targetRef") for flow in flows}
    for element_id, node in nodes.items():
        if tag(node) not in ("startEvent", "boundaryEvent") and element_id not in targets:
            yield finding_at(
                file,
                node,
                "unreachable-element",
                "没有任何顺序流进入此元素，永远不会执行。",
                "No flow leads to this element: it would never run.",
            )
        if tag(node) == "boundaryEvent" and node.get("attachedToRef") not in nodes:
            yield finding_at(
                file,
                node,
                "dangling-boundary-event",
                "边界事件没有附着在任何活动上。",
                "The boundary event is attached to nothing.",
            )
    yield from _gateways(file, nodes, flows)


def _gateways(file: str, nodes: dict[str | None, etree._Element], flows: list[etree._Element]) -> Iterator[Finding]:
    for element_id, node in nodes.items():
        kind = tag(node)
        outgoing = [flow for flow in flows if flow.get("sourceRef") == element_id]
        if kind in ("exclusiveGateway", "inclusiveGateway") and len(outgoing) > 1:
            for flow in outgoing:
                if flow.get("id") != node.get("default") and flow.find("bpmn:conditionExpression", NS) is None:
                    yield finding_at(
                        file,
                        flow,
                        "flow-without-condition",
                        f"网关“{node.get('name') or element_id}”的分支 {flow.get('id')} 没有条件，也不是默认分支。",
                        f"Flow {flow.get('id')} of gateway {node.get('name') or element_id} has no condition and is not the default.",
                    )
        elif kind in ("exclusiveGateway", "inclusiveGateway") and not outgoing:
            yield finding_at(file, node, "gateway-without-exit", "网关没有出口。", "The gateway has no outgoing flow.")
        if node.get("default") and node.get("default") not in {flow.get("id") for flow in outgoing}:
            yield finding_at(
                file,
                node,
                "dangling-default",
                "默认分支不是此元素的出口。",
                "The default flow does not leave this element.",
            )
        if kind == "eventBasedGateway":
            for flow in outgoing:
                target = nodes.get(flow.get("targetRef"))
                if target is not None and tag(target) not in ("intermediateCatchEvent", "receiveTask"):
                    yield finding_at(
                        file,
                        node,
                        "event-gateway-target",
                        "事件网关之后只能是中间捕获事件或接收任务。",
                        "Only catching events or receive tasks may follow an event-based gateway.",
                    )


def _node(file: str, node: etree._Element) -> Iterator[Finding]:
    kind, element_id = tag(node), node.get("id")
    if not element_id:
        yield finding_at(file, node, "missing-id", f"{kind} 没有编号（id）。", f"A {kind} has no id.")
    if element_id in RESERVED_IDS:
        yield finding_at(
            file,
            node,
            "reserved-id",
            f"编号 {element_id} 被引擎占用，请改名，例如 Event_{element_id}。",
            f"The id {element_id} is reserved by the engine; rename it, e.g. Event_{element_id}.",
        )
    if kind in EVENTS:
        yield from _event(file, node)
    if kind == "subProcess" and node.get("triggeredByEvent", "false").lower() == "true":
        yield finding_at(
            file,
            node,
            "unsupported-element",
            "暂不支持事件子流程；请改用边界事件。",
            "Event sub-processes are not supported; use a boundary event.",
        )
    if kind in ACTIVITIES and node.get("isForCompensation", "false").lower() == "true":
        yield finding_at(file, node, "unsupported-element", "暂不支持补偿活动。", "Compensation is not supported.")
    for attribute in ("startQuantity", "completionQuantity"):
        if node.get(attribute, "1") != "1":
            yield finding_at(
                file, node, "unsupported-attribute", f"暂不支持 {attribute}。", f"{attribute} is not supported."
            )


def _event(file: str, node: etree._Element) -> Iterator[Finding]:
    kind = tag(node)
    found = event_definitions(node)
    if len(found) > 1:
        yield finding_at(
            file,
            node,
            "several-event-definitions",
            "一个事件只能有一种触发方式。",
            "An event may have one event definition only.",
        )
    if not found and (
        kind in ("intermediateCatchEvent", "boundaryEvent") or node.find("bpmn:eventDefinitionRef", NS) is not None
    ):
        yield finding_at(
            file, node, "event-without-definition", "事件没有触发方式。", "The event has no event definition."
        )
    for definition in found:
        name = tag(definition).removesuffix("EventDefinition")
        if name not in SUPPORTED_EVENTS[kind]:
            yield finding_at(
                file,
                node,
                "unsupported-event",
                f"暂不支持 {name} 类型的 {kind}。",
                f"A {kind} of type {name} is not supported.",
            )
        if name == "timer" and not any(
            definition.find(f"bpmn:{t}", NS) is not None for t in ("timeDate", "timeDuration", "timeCycle")
        ):
            yield finding_at(file, node, "timer-without-time", "定时事件没有设定时间。", "The timer has no time.")
    if (
        kind == "boundaryEvent"
        and found
        and tag(found[0]) == "errorEventDefinition"
        and node.get("cancelActivity") == "false"
    ):
        yield finding_at(
            file,
            node,
            "error-event-not-interrupting",
            "错误边界事件必须是中断型。",
            "An error boundary event must interrupt.",
        )


def _references(file: str, root: etree._Element) -> Iterator[Finding]:
    known = {
        node.get("id")
        for name in ("message", "error", "escalation", "signal")
        for node in root.iterfind(f"bpmn:{name}", NS)
    }
    for node in root.iter("{" + BPMN + "}*"):
        for attribute in ("messageRef", "errorRef", "escalationRef"):
            reference = node.get(attribute)
            if reference and reference not in known:
                parent = node.getparent() if tag(node).endswith("EventDefinition") else node
                yield finding_at(
                    file,
                    parent if parent is not None else node,
                    "dangling-reference",
                    f"引用的 {attribute} {reference} 不存在。",
                    f"The {attribute} {reference} does not exist.",
                )
        if tag(node) in ("messageEventDefinition", "receiveTask") and not node.get("messageRef"):
            parent = node.getparent() if tag(node) == "messageEventDefinition" else node
            yield finding_at(
                file,
                parent if parent is not None else node,
                "message-without-name",
                "消息事件没有指定消息。",
                "The message event names no message.",
            )
    for message in root.iterfind("bpmn:message", NS):
        if not message.get("name"):
            yield finding_at(file, message, "message-without-name", "消息没有名称。", "The message has no name.")


def _dialect(file: str, root: etree._Element) -> Iterator[Finding]:
    for node, name in unknown_camunda(root):
        owner = node
        while owner.getparent() is not None and not owner.get("id"):
            owner = owner.getparent()  # type: ignore[assignment]
        yield finding_at(
            file,
            owner,
            "attribute-not-understood",
            f"{name} 不受支持，将被忽略。",
            f"{name} is not supported and has no effect.",
            warning=True,
        )
