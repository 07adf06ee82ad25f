"""Rewrites constructs that SpiffWorkflow refuses or gets wrong into ones it executes as BPMN means them.

Ids of the author's elements are kept; what is added carries ids with a double underscore, which no author may use.
"""

from copy import deepcopy

from lxml import etree

from engine.bpmn.elements import ACTIVITIES, EVENTS, FLOW_NODES
from engine.bpmn.xml import BPMN, NS, tag

ADDED = "__"


def normalise(root: etree._Element) -> etree._Element:
    """Return a rewritten copy of a checked file."""
    copy = deepcopy(root)
    for process in copy.iterfind("bpmn:process", NS):
        _rewrite(process)
    return copy


def _rewrite(scope: etree._Element) -> None:
    for node in list(scope):
        if tag(node) == "subProcess":
            _rewrite(node)
        if tag(node) in FLOW_NODES:
            _strip(node)
    for node in [node for node in scope if tag(node) in FLOW_NODES]:
        outgoing = [flow for flow in scope.iterfind("bpmn:sequenceFlow", NS) if flow.get("sourceRef") == node.get("id")]
        if tag(node) in ACTIVITIES | (EVENTS - {"endEvent"}):
            if not outgoing:
                # An activity without outgoing flow ends its path (BPMN 2.0.2, 10.3); the library would wait for ever.
                _add_end(scope, node)
            elif len(outgoing) > 1 or outgoing[0].find("bpmn:conditionExpression", NS) is not None:
                _add_split(scope, node, outgoing)
    for name in ("dataObject", "dataObjectReference", "dataStoreReference", "ioSpecification"):
        for node in scope.findall(f"bpmn:{name}", NS):
            scope.remove(node)


def _strip(node: etree._Element) -> None:
    for name in ("dataInputAssociation", "dataOutputAssociation", "ioSpecification", "property"):
        for child in node.findall(f"bpmn:{name}", NS):
            node.remove(child)


def _element(scope: etree._Element, kind: str, **attributes: str) -> etree._Element:
    return etree.SubElement(scope, "{" + BPMN + "}" + kind, attributes)


def _add_end(scope: etree._Element, node: etree._Element) -> None:
    end_id = f"{node.get('id')}{ADDED}end"
    _element(scope, "endEvent", id=end_id)
    _element(scope, "sequenceFlow", id=f"{end_id}_flow", sourceRef=node.get("id") or "", targetRef=end_id)


def _add_split(scope: etree._Element, node: etree._Element, outgoing: list[etree._Element]) -> None:
    """Move several or conditional outgoing flows behind a gateway (BPMN 2.0.2, 13.3.1: an implicit split)."""
    gateway_id = f"{node.get('id')}{ADDED}split"
    conditional = [flow for flow in outgoing if flow.find("bpmn:conditionExpression", NS) is not None]
    gateway = _element(scope, "inclusiveGateway" if conditional else "parallelGateway", id=gateway_id)
    default = node.get("default")
    if default:
        del node.attrib["default"]
    if conditional:
        if default:
            gateway.set("default", default)
        for flow in outgoing:
            if flow not in conditional and flow.get("id") != default:
                condition = etree.SubElement(flow, "{" + BPMN + "}conditionExpression")
                condition.text = "True"
    for flow in outgoing:
        flow.set("sourceRef", gateway_id)
    _element(scope, "sequenceFlow", id=f"{gateway_id}_flow", sourceRef=node.get("id") or "", targetRef=gateway_id)
