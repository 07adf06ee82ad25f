"""Reads DMN files, and names their elements."""

from collections.abc import Iterator

from lxml import etree

from engine.domain.findings import Finding
from engine.hostile_xml import read_xml

NAMESPACES = (
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
)
"""DMN 1.3, 1.2 and 1.1."""
CAMUNDA = "http://camunda.org/schema/1.0/dmn"


def tag(element: etree._Element) -> str:
    """Return the local name of a DMN element, or "" for anything outside the DMN namespaces."""
    name = element.tag
    if not isinstance(name, str) or not name.startswith("{"):
        return ""
    namespace, _, local = name[1:].partition("}")
    return local if namespace in NAMESPACES else ""


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Yield the DMN children of `element` that have one of the local names."""
    return (child for child in element if tag(child) in names)


def child(element: etree._Element, name: str) -> etree._Element | None:
    """Return the first DMN child with the local name."""
    return next(children(element, name), None)


def text_of(element: etree._Element | None) -> str:
    """Return the `text` of an expression element, stripped; "" when there is none."""
    text = child(element, "text") if element is not None else None
    return (text.text or "").strip() if text is not None else ""


def read_decisions_xml(name: str, content: bytes) -> tuple[etree._Element | None, list[Finding]]:
    """Parse a DMN file; return its root, or None and the finding that says why it was refused."""
    root, findings = read_xml(name, content)
    if root is not None and tag(root) != "definitions":
        return None, [
            Finding(
                name,
                "unsupported-dmn-version",
                "根元素不是 DMN 1.1 至 1.3 的 definitions。请用决策编辑器另存为 DMN 1.3。",
                "The root is not `definitions` of DMN 1.1 to 1.3. Save the file as DMN 1.3.",
            )
        ]
    return root, findings
