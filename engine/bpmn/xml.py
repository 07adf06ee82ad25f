"""Names of BPMN elements and of the `camunda:` attributes."""

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
NS = {"bpmn": BPMN, "camunda": CAMUNDA}


def tag(element: etree._Element) -> str:
    """Return the local name of a BPMN element, or "" for anything outside the BPMN namespace."""
    name = element.tag
    if not isinstance(name, str):
        return ""
    prefix = "{" + BPMN + "}"
    return name.removeprefix(prefix) if name.startswith(prefix) else ""


def camunda(element: etree._Element, attribute: str) -> str | None:
    """Return an attribute of the camunda namespace."""
    return element.get("{" + CAMUNDA + "}" + attribute)
