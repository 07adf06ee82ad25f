"""The same drawing with other names in it, e.g. those of another language: to look at, not to deploy."""

from collections.abc import Callable

from lxml import etree

from engine.diagram.text import wrap
from engine.hostile_xml import read_xml

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
FONT = 11.0
"""Size of the letters of a label."""
LETTER = 6.5
"""Width of a Latin letter in a label, in the units of the drawing."""
LINE = 13.5
"""Height of a line of a label."""
WIDEST_LABEL = 90.0


def rename(xml: bytes, named: Callable[[str], str]) -> bytes:
    """Return a BPMN file whose elements and notes are called what `named` says; a file that cannot be read as it is.

    The place of a name beside its element was drawn for the old one: where the new one is longer it becomes wider around
    its middle, so that no word is broken; a name above its element grows upwards, off the element.
    """
    root, _ = read_xml("drawing", xml)
    if root is None:
        return xml
    changed: dict[str, str] = {}
    for node in root.iter(f"{_BPMN}*"):
        name = node.get("name")
        if name and named(name) != name:
            node.set("name", named(name))
            changed[node.get("id", "")] = named(name)
        if node.tag == f"{_BPMN}text" and node.text:
            node.text = named(node.text)
    for kind in ("BPMNShape", "BPMNEdge"):
        for shape in root.iter(f"{_DI}{kind}"):
            bounds = shape.find(f"{_DI}BPMNLabel/{_DC}Bounds")
            name = changed.get(shape.get("bpmnElement", ""))
            if bounds is not None and name is not None:
                _widen(bounds, name)
                own = shape.find(f"{_DC}Bounds")
                if own is not None and _bottom(bounds) <= float(own.get("y", "0")) + float(own.get("height", "0")) / 2:
                    _raise(bounds, name)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _widen(bounds: etree._Element, name: str) -> None:
    width = float(bounds.get("width", "0"))
    wanted = max(min(len(name) * LETTER, WIDEST_LABEL), max(map(len, name.split()), default=0) * LETTER) + LETTER
    if wanted > width:
        bounds.set("x", f"{float(bounds.get('x', '0')) - (wanted - width) / 2:g}")
        bounds.set("width", f"{wanted:g}")


def _bottom(bounds: etree._Element) -> float:
    return float(bounds.get("y", "0")) + float(bounds.get("height", "0"))


def _raise(bounds: etree._Element, name: str) -> None:
    """Make room for every line of a name, the foot of the last one where it was."""
    height = len(wrap(name, float(bounds.get("width", "0")) / FONT)) * LINE
    if height > float(bounds.get("height", "0")):
        bounds.set("y", f"{_bottom(bounds) - height:g}")
        bounds.set("height", f"{height:g}")
