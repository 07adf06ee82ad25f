"""Builds the SVG tree: a thin layer over lxml, so that every name on a diagram is escaped by construction."""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from engine.diagram.icons import Stroke
from engine.diagram.model import Bounds, Point

SVG = "http://www.w3.org/2000/svg"
FONTS = "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
INK = "#1f2933"
PAPER = "#ffffff"
HEADER = "#eef2f6"
LINE_HEIGHT = 1.28


@dataclass(frozen=True, slots=True)
class Pen:
    """Colours and weight of one shape."""

    stroke: str = INK
    fill: str = PAPER
    weight: float = 1.6


def number(value: float) -> str:
    """Return a coordinate as short text."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


class Canvas:
    """A group of the SVG tree that shapes are drawn into."""

    def __init__(self, parent: etree._Element) -> None:
        self.parent = parent

    def group(self, **attributes: str) -> "Canvas":
        """Open a group; underscores in attribute names stand for hyphens."""
        return Canvas(self._add("g", attributes))

    def rectangle(self, box: Bounds, pen: Pen, radius: float = 0.0, dash: str | None = None) -> None:
        """Draw a rectangle."""
        self._add(
            "rect",
            {
                "x": number(box.x),
                "y": number(box.y),
                "width": number(box.width),
                "height": number(box.height),
                **({"rx": number(radius)} if radius else {}),
                **_paint(pen, dash),
            },
        )

    def circle(self, centre: Point, radius: float, pen: Pen, dash: str | None = None) -> None:
        """Draw a circle."""
        self._add(
            "circle",
            {"cx": number(centre.x), "cy": number(centre.y), "r": number(max(radius, 0)), **_paint(pen, dash)},
        )

    def path(self, data: str, pen: Pen, dash: str | None = None, **attributes: str) -> None:
        """Draw a path."""
        self._add("path", {"d": data, **_paint(pen, dash), **attributes})

    def icon(self, strokes: Sequence[Stroke], centre: Point, scale: float, pen: Pen) -> None:
        """Draw an icon around `centre`."""
        if not strokes:
            return
        place = f"translate({number(centre.x)} {number(centre.y)})" + (f" scale({number(scale)})" if scale != 1 else "")
        group = self.group(transform=place)
        for stroke in strokes:
            fill = "none" if stroke.is_open else pen.stroke if stroke.is_solid else pen.fill
            line = pen.fill if stroke.is_open and _is_on_solid(strokes) else pen.stroke
            group.path(stroke.path, Pen(line, fill, stroke.weight))

    def lines(
        self,
        lines: Sequence[str],
        centre: Point,
        size: float,
        *,
        colour: str = INK,
        halo: bool = False,
        anchor: str = "middle",
    ) -> None:
        """Write lines of text around `centre` (or from it, with another anchor)."""
        step = size * LINE_HEIGHT
        top = centre.y - step * (len(lines) - 1) / 2
        for index, line in enumerate(lines):
            attributes = {
                "x": number(centre.x),
                "y": number(top + step * index + size * 0.36),
                "font-size": number(size),
                "fill": colour,
                "text-anchor": anchor,
            }
            if halo:
                attributes |= {
                    "stroke": PAPER,
                    "stroke-width": "3",
                    "paint-order": "stroke",
                    "stroke-linejoin": "round",
                }
            self._add("text", attributes).text = line

    def title(self, text: str) -> None:
        """Name this group for screen readers and as a tooltip."""
        self._add("title", {}).text = text

    def _add(self, name: str, attributes: dict[str, str]) -> etree._Element:
        given = {key.replace("_", "-"): value for key, value in attributes.items()}
        return etree.SubElement(self.parent, "{" + SVG + "}" + name, given)


def _paint(pen: Pen, dash: str | None) -> dict[str, str]:
    paint = {"stroke": pen.stroke, "fill": pen.fill, "stroke-width": number(pen.weight), "stroke-linejoin": "round"}
    return paint | ({"stroke-dasharray": dash} if dash else {})


def _is_on_solid(strokes: Sequence[Stroke]) -> bool:
    """Return whether the icon's first stroke is filled, so that lines over it need the paper's colour."""
    return strokes[0].is_solid
