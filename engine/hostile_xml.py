"""Reads XML that may be hostile: no DOCTYPE, no entities, no network, bounded size and depth."""

from lxml import etree

from engine.domain.findings import Finding

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 60
MAX_ELEMENTS = 60_000


def read_xml(name: str, content: bytes) -> tuple[etree._Element | None, list[Finding]]:
    """Parse a file; return its root, or None and the finding that says why it was refused."""
    if len(content) > MAX_BYTES:
        return None, [
            Finding(
                name,
                "file-too-large",
                f"文件 {len(content)} 字节，超过上限 {MAX_BYTES} 字节。请拆分文件。",
                f"The file has {len(content)} bytes; the limit is {MAX_BYTES}. Split it.",
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
                f"不是格式正确的 XML：{error}。请用编辑器重新保存。",
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
