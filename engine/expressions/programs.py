"""Sources that passed the rules, in the forms the evaluator needs them in; made once each and kept."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.expressions.names import assigned_by, read_by
from engine.expressions.problems import ExpressionProblemError, failure
from engine.expressions.quick import Quick, compile_quick
from engine.expressions.syntax import Kind, parse

KEPT = 4_096


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """An expression or script that may be run."""

    source: str
    text: str
    """The source written out again from its syntax tree: what the sandbox gets."""
    lines: Mapping[int, int]
    """Line of `text` -> line of `source`, where a statement begins."""
    reads: frozenset[str]
    names_as_values: frozenset[str]
    """Names read other than by calling them."""
    assigns: frozenset[str]
    quick: Quick | None
    """The expression compiled for this process; None when it is not proven harmless."""


@lru_cache(maxsize=KEPT)
def program(source: str, kind: Kind) -> Program:
    """Return the program of a source. Raises ExpressionProblemError with the first rule it breaks."""
    tree, problems = parse(source, kind)
    if tree is None or problems:
        raise ExpressionProblemError(problems[0])
    try:
        text = ast.unparse(tree)
    except ValueError:
        raise failure(
            "expression-syntax",
            "f 字符串过于复杂，请先把其中的部分算好再拼接。",
            "An f-string in it is too involved: compute its parts first, then join them.",
        ) from None
    return Program(
        source=source,
        text=text,
        lines=_lines(tree, text) if isinstance(tree, ast.Module) else {},
        reads=read_by(tree),
        names_as_values=_names_as_values(tree),
        assigns=assigned_by(tree) if isinstance(tree, ast.Module) else frozenset(),
        quick=compile_quick(tree.body) if isinstance(tree, ast.Expression) else None,
    )


def _lines(tree: ast.Module, text: str) -> dict[int, int]:
    pairs = zip(ast.walk(ast.parse(text)), ast.walk(tree), strict=True)
    return {new.lineno: old.lineno for new, old in pairs if isinstance(new, ast.stmt) and isinstance(old, ast.stmt)}


def _names_as_values(tree: ast.AST) -> frozenset[str]:
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
    return frozenset(node.id for node in names if id(node) not in called)
