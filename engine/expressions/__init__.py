"""Expressions and scripts of process definitions: Python, checked before deployment and evaluated within limits."""

from engine.expressions.check import check
from engine.expressions.evaluator import Evaluation, Evaluator, Session
from engine.expressions.names import names_assigned, names_read
from engine.expressions.problems import ExpressionProblem, ExpressionProblemError
from engine.expressions.sandbox import Limits
from engine.expressions.source import is_expression, normalise

__all__ = [
    "Evaluation",
    "Evaluator",
    "ExpressionProblem",
    "ExpressionProblemError",
    "Limits",
    "Session",
    "check",
    "is_expression",
    "names_assigned",
    "names_read",
    "normalise",
]
