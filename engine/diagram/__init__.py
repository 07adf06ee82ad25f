"""Draws a BPMN file as SVG from its diagram interchange, as the modeler would show it."""

from engine.diagram.errors import (
    DiagramMissingError,
    DiagramUnreadableError,
    HighlightUnknownError,
    LayoutUnsupportedError,
)
from engine.diagram.layout import lay_out
from engine.diagram.names import rename
from engine.diagram.render import HIGHLIGHTS, render_svg

__all__ = [
    "HIGHLIGHTS",
    "DiagramMissingError",
    "DiagramUnreadableError",
    "HighlightUnknownError",
    "LayoutUnsupportedError",
    "lay_out",
    "rename",
    "render_svg",
]
