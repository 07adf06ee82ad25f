"""FEEL, the expression language of decision tables and form conditions, run by the browser's own interpreter."""

from engine.feel.interpreter import (
    FeelInterpreter,
    FeelLimits,
    FeelOutcome,
    FeelRequest,
    default_assets_dir,
    shared_interpreter,
)
from engine.feel.problems import FeelProblem

__all__ = [
    "FeelInterpreter",
    "FeelLimits",
    "FeelOutcome",
    "FeelProblem",
    "FeelRequest",
    "default_assets_dir",
    "shared_interpreter",
]
