"""Evaluates expressions and scripts of process definitions: harmless ones at once, all others in a sandbox."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.domain.host import HostFunction
from engine.domain.values import Value
from engine.expressions.failures import undefined_name
from engine.expressions.host_calls import HostCalls
from engine.expressions.problems import ExpressionProblemError, failure
from engine.expressions.programs import Program, program
from engine.expressions.quick import Frame, NotQuickError, UndefinedNameError
from engine.expressions.results import accepted
from engine.expressions.sandbox import Checkout, Limits, Pool

FALLS_BACK = (NotQuickError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError, RecursionError)
"""What the shortcut may raise without that being the answer."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an expression gave."""

    value: Value
    """A value, or a `timedelta`."""
    explanations: tuple[Mapping[str, Any], ...] = ()
    """What the host functions said about their results, in the order of the calls."""


class Session:
    """Evaluations within one step of one case; made by `Evaluator.session`, for one thread."""

    def __init__(self, checkout: Checkout, functions: Mapping[str, HostFunction]) -> None:
        self._checkout = checkout
        self._functions = functions

    def evaluate(self, source: str, variables: Mapping[str, Value]) -> Evaluation:
        """Return what an expression (normalised, see `normalise`) gives.

        Only the names it reads are taken from `variables`. Raises ExpressionProblemError when it is refused or fails;
        errors of host functions that are not about their arguments pass as they are.
        """
        compiled = program(source, "expression")
        calls = HostCalls(self._functions)
        self._refuse_functions_as_values(compiled)
        if compiled.quick is not None:
            try:
                return Evaluation(accepted(compiled.quick(Frame(variables, calls))), tuple(calls.explanations))
            except ExpressionProblemError:
                raise
            except UndefinedNameError as error:
                raise undefined_name(error.args[0]) from None
            except FALLS_BACK:
                if calls.failure is not None:
                    raise
                # Too large for the shortcut, or it failed: the sandbox gives the answer, or says why there is none.
                calls.restart()
        inputs = self._inputs(compiled, variables)
        return Evaluation(accepted(self._checkout.evaluate(compiled, inputs, calls)), tuple(calls.explanations))

    def execute(self, script: str, variables: Mapping[str, Value]) -> dict[str, Value]:
        """Run a script; return the variables it assigned or changed in place (see `names_assigned`).

        Raises ExpressionProblemError when it is refused or fails; errors of host functions that are not about their
        arguments pass as they are.
        """
        compiled = program(script, "script")
        self._refuse_functions_as_values(compiled)
        for name in sorted(compiled.assigns & self._functions.keys()):
            raise failure("function-assigned", f"{name} 是函数，不能赋值。", f"{name} is a function; do not assign it.")
        inputs = self._inputs(compiled, variables)
        changeable = {name for name, value in inputs.items() if isinstance(value, list | dict)}
        left = self._checkout.execute(compiled, inputs, compiled.assigns | changeable, HostCalls(self._functions))
        return {
            name: accepted(value, name=name)
            for name, value in left.items()
            if name in compiled.assigns or value != inputs[name]
        }

    def _refuse_functions_as_values(self, compiled: Program) -> None:
        if not compiled.names_as_values.isdisjoint(self._functions):
            name = min(compiled.names_as_values & self._functions.keys())
            raise failure("function-as-value", f"{name} 是函数，请写成 {name}(…)。", f"{name} is a function; call it.")

    def _inputs(self, compiled: Program, variables: Mapping[str, Value]) -> dict[str, Value]:
        wanted = sorted(compiled.reads - self._functions.keys())
        return {name: variables[name] for name in wanted if name in variables}


class Evaluator:
    """The sandboxes of one serving process; may be made before a fork, and starts nothing until it is needed."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._pool = Pool(limits or Limits())

    @contextmanager
    def session(self, functions: Mapping[str, HostFunction], now: datetime) -> Iterator[Session]:
        """Open a session for one step: its host functions, and the instant at which the step takes place."""
        checkout = Checkout(self._pool, now)
        try:
            yield Session(checkout, functions)
        finally:
            checkout.close()

    def close(self) -> None:
        """End the sandbox processes; nothing can be evaluated in them afterwards."""
        self._pool.close()
