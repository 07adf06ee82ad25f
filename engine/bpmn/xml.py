"""Reads BPMN XML that may be hostile: no DOCTYPE, no entities, no network, bounded size and depth."""

from lxml import etree

from engine.domain.findings import Finding

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
NS = {"bpmn": BPMN, "camunda": CAMUNDA}

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 100
MAX_ELEMENTS = 50_000


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


def read_xml(name: str, content: bytes) -> tuple[etree._Element | None, list[Finding]]:
    """Parse a file; return its root, or None and the findings that say why it was refused."""
    if len(content) > MAX_BYTES:
        return None, [
            Finding(
                name,
                "file-too-large",
                f"文件 {len(content)} 字节，超过上限 {MAX_BYTES} 字节。请拆分流程。",
                f"The file has {len(content)} bytes; the limit is {MAX_BYTES}. Split the process.",
            )
        ]
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or "<!DOCTYPE".encode("utf-16-le") in content:
        return None, [_doctype(name)]
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return None, [
            Finding(
                name,
                "xml-not-well-formed",
                f"不是格式正确的 XML：{error}。请用流程编辑器重新保存。",
                f"Not well-formed XML: {error}. Save the file again with the modeler.",
            )
        ]
    if root.getroottree().docinfo.internalDTD is not None:
        return None, [_doctype(name)]
    count = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        count += event == "start"
    if count > MAX_ELEMENTS or _depth(root) > MAX_DEPTH:
        return None, [
            Finding(
                name,
                "file-too-complex",
                f"文件结构过大（{count} 个节点）或嵌套超过 {MAX_DEPTH} 层。",
                f"The file has {count} nodes or is nested deeper than {MAX_DEPTH}.",
            )
        ]
    return root, []


def _doctype(name: str) -> Finding:
    return Finding(
        name,
        "doctype-refused",
        "文件含有 DOCTYPE 或实体声明，出于安全原因不予接受。请删除后再部署。",
        "The file holds a DOCTYPE or an entity declaration, which is refused for safety. Remove it.",
    )


def _depth(root: etree._Element) -> int:
    deepest = current = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            current += 1
            deepest = max(deepest, current)
        else:
            current -= 1
    return deepest
