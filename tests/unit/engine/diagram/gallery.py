"""A BPMN file with every kind of shape and edge that is drawn, laid out on a grid."""

from collections.abc import Iterable, Mapping

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" '
    'id="Definitions_1" targetNamespace="http://bpmn.io/schema/bpmn">\n'
)
EVENT_DEFINITIONS = ["timer", "message", "error", "escalation", "conditional", "signal", "link", "compensate", "cancel"]
TASKS = ["task", "userTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask", "manualTask"]
GATEWAYS = ["exclusive", "parallel", "inclusive", "eventBased", "complex"]


def bpmn(elements: str, shapes: str) -> bytes:
    """Return a BPMN file with one process and one diagram."""
    return (
        f'{HEAD}<bpmn:process id="gallery" name="图例" isExecutable="true">{elements}</bpmn:process>'
        f'<bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="P" bpmnElement="gallery">{shapes}'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>"
    ).encode()


def shape(element_id: str, x: float, y: float, width: float, height: float, **attributes: str) -> str:
    """Return the BPMNShape of an element."""
    extra = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return (
        f'<bpmndi:BPMNShape id="{element_id}_di" bpmnElement="{element_id}"{extra}>'
        f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/></bpmndi:BPMNShape>'
    )


def edge(element_id: str, points: Iterable[tuple[float, float]]) -> str:
    """Return the BPMNEdge of a connection."""
    waypoints = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
    return f'<bpmndi:BPMNEdge id="{element_id}_di" bpmnElement="{element_id}">{waypoints}</bpmndi:BPMNEdge>'


def gallery() -> bytes:
    """Return the file."""
    elements, shapes = [], []

    def add(
        tag: str, element_id: str, box: tuple[float, float, float, float], inner: str = "", **attributes: str
    ) -> None:
        drawn = {key: attributes.pop(key) for key in ("isExpanded", "isHorizontal") if key in attributes}
        given = "".join(f' {name}="{value}"' for name, value in attributes.items())
        elements.append(f'<bpmn:{tag} id="{element_id}"{given}>{inner}</bpmn:{tag}>')
        shapes.append(shape(element_id, *box, **drawn))

    for column, kind in enumerate(TASKS):
        add(kind, f"Task_{column}", (20 + 130 * column, 20, 100, 80), name="调解员组织双方第一次调解会议")
    loop = "<bpmn:standardLoopCharacteristics/>"
    items = "<bpmn:multiInstanceLoopCharacteristics/>"
    sequence = '<bpmn:multiInstanceLoopCharacteristics isSequential="true"/>'
    for column, inner in enumerate((loop, items, sequence)):
        add("userTask", f"Loop_{column}", (20 + 130 * column, 130, 100, 80), inner, name="征询意见")
    add("callActivity", "Call", (410, 130, 100, 80), name="调解", calledElement="mediation")
    add("subProcess", "Closed", (540, 130, 100, 80), name="收起的子流程", isExpanded="false")
    add("subProcess", "Opened", (670, 130, 380, 80), name="展开的子流程", isExpanded="true")
    for column, kind in enumerate(GATEWAYS):
        add(f"{kind}Gateway", f"Gateway_{column}", (45 + 130 * column, 240, 50, 50), name="双方是否同意？")
    events: Mapping[str, str] = {name: f"<bpmn:{name}EventDefinition/>" for name in EVENT_DEFINITIONS}
    every = {"none": "", **events, "terminate": "<bpmn:terminateEventDefinition/>"}
    for column, (name, definition) in enumerate(every.items()):
        x = 20 + 95 * column
        add("startEvent", f"From_{name}", (x, 340, 36, 36), definition, name=name)
        add("intermediateCatchEvent", f"Catch_{name}", (x, 410, 36, 36), definition, name=name)
        add("intermediateThrowEvent", f"Throw_{name}", (x, 480, 36, 36), definition, name=name)
        add("endEvent", f"To_{name}", (x, 550, 36, 36), definition, name=name)
        add("task", f"Host_{name}", (x, 620, 70, 60), name=name)
        for side, cancel in enumerate(("true", "false")):
            add(
                "boundaryEvent",
                f"On_{name}_{side}",
                (x - 8 + 45 * side, 662, 36, 36),
                definition,
                attachedToRef=f"Host_{name}",
                cancelActivity=cancel,
            )
    add(
        "textAnnotation",
        "Note",
        (720, 230, 220, 60),
        "<bpmn:text>《企业劳动争议协商调解规定》第十条：五日内不作回应的，视为不愿协商。</bpmn:text>",
    )
    elements.append('<bpmn:association id="Link" sourceRef="Gateway_4" targetRef="Note"/>')
    shapes.append(edge("Link", [(615, 265), (720, 265)]))
    elements.append('<bpmn:sequenceFlow id="Flow" name="同意（默认）" sourceRef="Gateway_0" targetRef="Gateway_1"/>')
    shapes.append(edge("Flow", [(95, 265), (175, 265)]))
    elements.append(
        '<bpmn:sequenceFlow id="Bent" name="逾期未答复" sourceRef="Loop_0" targetRef="Call">'
        "<bpmn:conditionExpression>x</bpmn:conditionExpression></bpmn:sequenceFlow>"
    )
    shapes.append(edge("Bent", [(120, 190), (135, 190), (135, 225), (460, 225), (460, 210)]))
    return bpmn("".join(elements).replace('id="Gateway_0"', 'id="Gateway_0" default="Flow"'), "".join(shapes))
