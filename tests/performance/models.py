"""The processes that the bench runs."""

import json
from collections.abc import Mapping

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'targetNamespace="http://tingzhu.example/bench">'
)
GROUP = "window-clerk"
ANSWER = {"outcome": "agreed", "term_days": 15}
"""What a user task is completed with."""
NOOP = "bench-noop"
"""The job type of the bench."""

FORM = json.dumps(
    {
        "type": "default",
        "id": "bench-answer",
        "schemaVersion": 19,
        "components": [
            {
                "type": "select",
                "id": "outcome",
                "key": "outcome",
                "label": "结果",
                "values": [{"label": "达成一致", "value": "agreed"}, {"label": "未达成一致", "value": "failed"}],
                "validate": {"required": True},
            },
            {
                "type": "number",
                "id": "term_days",
                "key": "term_days",
                "label": "给付期限（日）",
                "validate": {"min": 1, "max": 365},
            },
        ],
    },
    ensure_ascii=False,
)


def chain(key: str, length: int) -> str:
    """Return a process of user tasks in a row, each with a boundary timer, and an exclusive gateway after each."""
    nodes = ['<bpmn:startEvent id="begin"/>', '<bpmn:endEvent id="agreed"/>', '<bpmn:endEvent id="failed"/>']
    flows = [_flow("to_1", "begin", "task_1")]
    for number in range(1, length + 1):
        following = f"task_{number + 1}" if number < length else "agreed"
        nodes.append(
            f'<bpmn:userTask id="task_{number}" name="第 {number} 次协商" camunda:candidateGroups="{GROUP}" '
            'camunda:formKey="bench-answer"/>'
            f'<bpmn:boundaryEvent id="late_{number}" name="超期提醒" attachedToRef="task_{number}" cancelActivity="false">'
            "<bpmn:timerEventDefinition><bpmn:timeDuration>P15D</bpmn:timeDuration></bpmn:timerEventDefinition>"
            "</bpmn:boundaryEvent>"
            f'<bpmn:endEvent id="reminded_{number}" name="已提醒"/>'
            f'<bpmn:exclusiveGateway id="decision_{number}" name="是否达成一致" default="other_{number}"/>'
        )
        flows += [
            _flow(f"done_{number}", f"task_{number}", f"decision_{number}"),
            _flow(f"yes_{number}", f"decision_{number}", following, "outcome == 'agreed'"),
            _flow(f"other_{number}", f"decision_{number}", "failed"),
            _flow(f"remind_{number}", f"late_{number}", f"reminded_{number}"),
        ]
    return _file(key, nodes, flows)


def timed(key: str) -> str:
    """Return a process that waits for the instant in its variable `due`."""
    nodes = [
        '<bpmn:startEvent id="begin"/>',
        '<bpmn:intermediateCatchEvent id="wait" name="等待"><bpmn:timerEventDefinition>'
        "<bpmn:timeDate>${due}</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>",
        '<bpmn:endEvent id="over"/>',
    ]
    return _file(key, nodes, [_flow("to_wait", "begin", "wait"), _flow("to_over", "wait", "over")])


def working(key: str) -> str:
    """Return a process of one service task that does nothing."""
    nodes = [
        '<bpmn:startEvent id="begin"/>',
        f'<bpmn:serviceTask id="work" name="空作业" camunda:type="external" camunda:topic="{NOOP}"><bpmn:extensionElements>'
        '<camunda:inputOutput><camunda:inputParameter name="number">${number}</camunda:inputParameter>'
        "</camunda:inputOutput></bpmn:extensionElements></bpmn:serviceTask>",
        '<bpmn:endEvent id="over"/>',
    ]
    return _file(key, nodes, [_flow("to_work", "begin", "work"), _flow("to_over", "work", "over")])


def resources(chain_length: int) -> Mapping[str, str]:
    """Return the files to deploy, by name."""
    return {
        "bench/ten.bpmn": chain("bench-ten", 10),
        "bench/long.bpmn": chain("bench-long", chain_length),
        "bench/timed.bpmn": timed("bench-timed"),
        "bench/working.bpmn": working("bench-working"),
        "bench/answer.form": FORM,
    }


def _file(key: str, nodes: list[str], flows: list[str]) -> str:
    process = (
        f'<bpmn:process id="{key}" name="{key}" isExecutable="true">{"".join(nodes)}{"".join(flows)}</bpmn:process>'
    )
    variables = (
        '<bpmn:extensionElements><camunda:properties><camunda:property name="variables" value="due, number"/>'
        "</camunda:properties></bpmn:extensionElements>"
    )
    return HEAD + process.replace(">", f">{variables}", 1) + "</bpmn:definitions>"


def _flow(flow_id: str, source: str, target: str, condition: str = "") -> str:
    inner = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    return f'<bpmn:sequenceFlow id="{flow_id}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'
