"""Draws a BPMN file as SVG from its diagram interchange, as the modeler would show it."""

from engine.diagram.errors import DiagramMissingError, DiagramUnreadableError, HighlightUnknownError
from engine.diagram.render import HIGHLIGHTS, render_svg

__all__ = ["HIGHLIGHTS", "DiagramMissingError", "DiagramUnreadableError", "HighlightUnknownError", "render_svg"]
