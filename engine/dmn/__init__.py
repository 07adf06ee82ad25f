"""Decisions: DMN decision tables and literal expressions, read with findings and evaluated with FEEL."""

from engine.dmn.decision import Decision
from engine.dmn.reading import parse_decisions
from engine.dmn.results import MAP_RESULTS, DecisionResult

__all__ = ["MAP_RESULTS", "Decision", "DecisionResult", "parse_decisions"]
