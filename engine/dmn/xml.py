"""Reads DMN XML that may be hostile: no DOCTYPE, no entities, no network, bounded size and depth."""

from collections.abc import Iterator

from lxml import etree

from engine.domain.findings import Finding

NAMESPACES = (
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
)
"""DMN 1.3, 1.2 and 1.1."""
CAMUNDA = "http://camunda.org/schema/1.0/dmn"

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 60
MAX_ELEMENTS = 60_000


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


def read_xml(name: str, content: bytes) -> tuple[etree._Element | None, list[Finding]]:
    """Parse a file; return its root, or None and the finding that says why it was refused."""
    if len(content) > MAX_BYTES:
        return None, [
            Finding(
                name,
                "file-too-large",
                f"文件 {len(content)} 字节，超过上限 {MAX_BYTES} 字节。请拆分决策。",
                f"The file has {len(content)} bytes; the limit is {MAX_BYTES}. Split the decisions.",
            )
        ]
    if any("<!DOCTYPE".encode(encoding) in content for encoding in ("ascii", "utf-16-le", "utf-16-be")):
        return None, [_doctype(name)]
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return None, [
            Finding(
                name,
                "xml-not-well-formed",
                f"不是格式正确的 XML：{error}。请用决策编辑器重新保存。",
                f"Not well-formed XML: {error}. Save the file again with the modeler.",
            )
        ]
    if root.getroottree().docinfo.internalDTD is not None:
        return None, [_doctype(name)]
    if _is_too_complex(root):
        return None, [
            Finding(
                name,
                "file-too-complex",
                f"文件节点超过 {MAX_ELEMENTS} 个或嵌套超过 {MAX_DEPTH} 层。",
                f"The file has more than {MAX_ELEMENTS} nodes or is nested deeper than {MAX_DEPTH}.",
            )
        ]
    if tag(root) != "definitions":
        return None, [
            Finding(
                name,
                "unsupported-dmn-version",
                "根元素不是 DMN 1.1 至 1.3 的 definitions。请用决策编辑器另存为 DMN 1.3。",
                "The root is not `definitions` of DMN 1.1 to 1.3. Save the file as DMN 1.3.",
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


def _is_too_complex(root: etree._Element) -> bool:
    count = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            count += 1
            depth += 1
            if count > MAX_ELEMENTS or depth > MAX_DEPTH:
                return True
        else:
            depth -= 1
    return False
