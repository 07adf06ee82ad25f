"""Builds small BPMN files for tests: a test reads better with the three elements it is about."""

from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'targetNamespace="http://tingzhu.example/test">'
)
START = '<bpmn:startEvent id="start"/>'
END = '<bpmn:endEvent id="end"/>'


def node(kind: str, element_id: str, inner: str = "", **attributes: str) -> str:
    """Return a flow node; `camunda_x=` becomes `camunda:x=`."""
    written = "".join(
        f" {name.replace('camunda_', 'camunda:')}={quoteattr(value)}" for name, value in attributes.items()
    )
    return f'<bpmn:{kind} id="{element_id}" name="{element_id}"{written}>{inner}</bpmn:{kind}>'


def user(element_id: str, inner: str = "", **attributes: str) -> str:
    """Return a user task for the group `clerk`."""
    return node("userTask", element_id, inner, camunda_candidateGroups="clerk", **attributes)


def service(element_id: str, topic: str, inner: str = "", **attributes: str) -> str:
    """Return a service task of a job type."""
    return node("serviceTask", element_id, inner, camunda_type="external", camunda_topic=topic, **attributes)


def parameters(inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None, retry: str = "") -> str:
    """Return the extension elements for input and output parameters and the retry cycle."""
    ins = "".join(
        f'<camunda:inputParameter name="{n}">{escape(v)}</camunda:inputParameter>' for n, v in (inputs or {}).items()
    )
    outs = "".join(
        f'<camunda:outputParameter name="{n}">{escape(v)}</camunda:outputParameter>' for n, v in (outputs or {}).items()
    )
    cycle = f"<camunda:failedJobRetryTimeCycle>{retry}</camunda:failedJobRetryTimeCycle>" if retry else ""
    return f"<bpmn:extensionElements><camunda:inputOutput>{ins}{outs}</camunda:inputOutput>{cycle}</bpmn:extensionElements>"


def call(element_id: str, key: str, ins: dict[str, str] | None = None, outs: dict[str, str] | None = None) -> str:
    """Return a call activity; mappings are target -> expression."""
    mappings = "".join(
        f"<camunda:{kind} sourceExpression={quoteattr('${' + source + '}')} target={quoteattr(target)}/>"
        for kind, items in (("in", ins or {}), ("out", outs or {}))
        for target, source in items.items()
    )
    inner = f"<bpmn:extensionElements>{mappings}</bpmn:extensionElements>" if mappings else ""
    return node("callActivity", element_id, inner, calledElement=key)


def timer(kind: str, text: str) -> str:
    """Return a timer event definition: kind is Date, Duration or Cycle."""
    return f"<bpmn:timerEventDefinition><bpmn:time{kind}>{escape(text)}</bpmn:time{kind}></bpmn:timerEventDefinition>"


def boundary(element_id: str, attached_to: str, definition: str, interrupting: bool = True) -> str:
    """Return a boundary event."""
    return node(
        "boundaryEvent", element_id, definition, attachedToRef=attached_to, cancelActivity=str(interrupting).lower()
    )


def multi_instance(
    collection: str,
    item: str = "item",
    sequential: bool = False,
    condition: str = "",
    output: tuple[str, str] | None = None,
) -> str:
    """Return multi-instance characteristics; `output` is (collection variable, item variable)."""
    collect = (
        f"<bpmn:loopDataOutputRef>{output[0]}</bpmn:loopDataOutputRef><bpmn:outputDataItem id='o' name='{output[1]}'/>"
        if output
        else ""
    )
    done = f"<bpmn:completionCondition>{escape(condition)}</bpmn:completionCondition>" if condition else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}" '
        f"camunda:collection={quoteattr(collection)} camunda:elementVariable={quoteattr(item)}>{collect}{done}"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def flows(prefix: str, *pairs: str) -> str:
    """Return sequence flows from "a>b" and "a>b:condition"."""
    out = []
    for index, pair in enumerate(pairs):
        way, _, condition = pair.partition(":")
        source, _, target = way.partition(">")
        inner = f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>" if condition else ""
        out.append(
            f'<bpmn:sequenceFlow id="{prefix}_{index}_{source}_{target}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'
        )
    return "".join(out)


def process(key: str, *parts: str, variables: str = "") -> str:
    """Return an executable process; parts are nodes, or flows written "a>b" / "a>b:condition"."""
    nodes = [part for part in parts if part.startswith("<")]
    ways = [part for part in parts if not part.startswith("<")]
    declared = (
        "<bpmn:extensionElements><camunda:properties>"
        f'<camunda:property name="variables" value="{variables}"/>'
        "</camunda:properties></bpmn:extensionElements>"
        if variables
        else ""
    )
    return f'<bpmn:process id="{key}" name="{key}" isExecutable="true">{declared}{"".join(nodes)}{flows(key, *ways)}</bpmn:process>'


def subprocess(element_id: str, *parts: str, **attributes: str) -> str:
    """Return an embedded sub-process."""
    nodes = [part for part in parts if part.startswith("<")]
    ways = [part for part in parts if not part.startswith("<")]
    return node("subProcess", element_id, "".join(nodes) + flows(element_id, *ways), **attributes)


def file(*parts: str) -> bytes:
    """Return a whole BPMN file of processes, messages and errors."""
    return (HEAD + "".join(parts) + "</bpmn:definitions>").encode()


def error(error_id: str, code: str) -> str:
    """Return an error definition."""
    return f'<bpmn:error id="{error_id}" name="{error_id}" errorCode="{code}"/>'


def message(message_id: str, name: str) -> str:
    """Return a message definition."""
    return f'<bpmn:message id="{message_id}" name="{name}"/>'


def catches_error(error_id: str) -> str:
    """Return an error event definition."""
    return f'<bpmn:errorEventDefinition errorRef="{error_id}"/>'


def catches_message(message_id: str) -> str:
    """Return a message event definition."""
    return f'<bpmn:messageEventDefinition messageRef="{message_id}"/>'
