"""Finds what is wrong with an expression or script before it is deployed."""

import ast
import atexit
import difflib
import json
import os
import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic_monty import MontyCrashedError, MontyError, MontySession, MontyTypingError

from engine.domain.errors import ExpressionsUnavailableError
from engine.expressions.names import bound_by, read_by
from engine.expressions.problems import ExpressionProblem
from engine.expressions.sandbox import Limits, Pool
from engine.expressions.syntax import BUILTINS, PRELOADED, Kind, parse

_FOREIGN_NAMES = {"null": "None", "true": "True", "false": "False", "nil": "None", "undefined": "None"}
_IMPORTS = (
    "from datetime import date, datetime, timedelta\nfrom decimal import Decimal\nfrom typing import Any, Literal\n"
)
_IGNORED = frozenset(
    {"unresolved-reference", "invalid-assignment", "possibly-unresolved-reference", "invalid-return-type"}
)
"""What the rules here report better, or what a variable of a process may do."""


def check(
    source: str, *, kind: Kind, names: Mapping[str, str], functions: Mapping[str, str]
) -> list[ExpressionProblem]:
    """Return what is wrong with a normalised source; nothing when it may be deployed. Never raises.

    `names` holds every name the source may read and the stub of its type (`date`, `int | None`, `Any`), `functions`
    the stub of every host function (`def today() -> date: ...`).
    """
    tree, problems = parse(source, kind)
    if tree is None or problems:
        return problems
    problems = _name_problems(tree, names, functions)
    if problems:
        return problems
    return _checker.problems(tree, names, functions)


def _name_problems(
    tree: ast.Expression | ast.Module, names: Mapping[str, str], functions: Mapping[str, str]
) -> list[ExpressionProblem]:
    own = bound_by(tree)
    known = {*names, *functions, *own}
    reads = read_by(tree)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    problems: dict[str, ExpressionProblem] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Name) or node.id in problems:
            continue
        name, is_called = node.id, id(node) in called
        if isinstance(node.ctx, ast.Store):
            if name in functions:
                problems[name] = ExpressionProblem(
                    f"{name} 是函数，不能赋值。",
                    f"{name} is a function; do not assign it.",
                    node.lineno,
                    "function-assigned",
                )
        elif name in functions and not is_called:
            problems[name] = ExpressionProblem(
                f"{name} 是函数，请写成 {name}(…)。",
                f"{name} is a function; call it.",
                node.lineno,
                "function-as-value",
            )
        elif name in reads and name not in known and name not in BUILTINS and name not in PRELOADED:
            problems[name] = _unknown(name, known, functions, node.lineno, is_called=is_called)
    return list(problems.values())


def _unknown(
    name: str, known: set[str], functions: Mapping[str, str], line: int, *, is_called: bool
) -> ExpressionProblem:
    candidates = [*functions, *BUILTINS, *PRELOADED] if is_called else sorted(known)
    close = [_FOREIGN_NAMES[name]] if name in _FOREIGN_NAMES else difflib.get_close_matches(name, candidates, 1, 0.6)
    hint_zh = f"是否想写 {close[0]}？" if close else "请检查拼写，或先给它赋值。"
    hint_en = f"Did you mean {close[0]}?" if close else "Check its spelling, or give it a value first."
    if is_called:
        return ExpressionProblem(
            f"没有函数 {name}。{hint_zh}", f"There is no function {name}. {hint_en}", line, "unknown-function"
        )
    return ExpressionProblem(
        f"没有变量 {name}。{hint_zh}", f"There is no variable {name}. {hint_en}", line, "unknown-name"
    )


class _Checker:
    """Asks the sandbox's type checker; nothing of a source is run.

    A session of the checker is slow to open (about 10 ms) and quick to use (about 0.3 ms), so one is kept for as long
    as the same host functions are asked for.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: Pool | None = None
        self._pid = 0
        self._session: MontySession | None = None
        self._stubs = ""

    def problems(
        self, tree: ast.Expression | ast.Module, names: Mapping[str, str], functions: Mapping[str, str]
    ) -> list[ExpressionProblem]:
        """Return what does not fit by type; nothing when the checker cannot be asked."""
        stubs = _IMPORTS + "_stop: Any\n" + "\n".join(functions.values()) + "\n"
        code, lines = _checked_code(tree, names, functions)
        with self._lock:
            try:
                self._open(stubs)
                assert self._session is not None
                self._session.feed_run(code)
            except MontyTypingError as error:
                return _type_problems(json.loads(error.display()), lines)
            except (MontyCrashedError, ExpressionsUnavailableError, RuntimeError):
                # Types are an extra: names and syntax were checked already, and the evaluation has its own guards.
                self._drop()
            except MontyError:
                return []  # the name `_stop`, which ends the run before it begins, or a construct Monty lacks
            return []

    def _open(self, stubs: str) -> None:
        if self._pid != os.getpid():
            self._pool, self._session, self._pid = None, None, os.getpid()
        if self._pool is None:
            self._pool = Pool(Limits(processes=1))
            atexit.register(self._pool.close)
        if self._session is not None and self._stubs != stubs:
            self._drop()
        if self._session is None:
            self._session = self._pool.checkout(
                type_check=True,
                type_check_stubs=stubs,
                type_check_format="json",
                limits={"max_feed_duration_secs": 1.0, "max_memory": 32_000_000},
            )
            self._stubs = stubs

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            try:
                session.__exit__(None, None, None)
            except (MontyError, RuntimeError):
                self._pool = None


_checker = _Checker()


def _checked_code(
    tree: ast.Expression | ast.Module, names: Mapping[str, str], functions: Mapping[str, str]
) -> tuple[str, dict[int, int]]:
    """Return code for the type checker that defines a function around the source, and its lines -> the source's."""
    reads = read_by(tree)
    own = bound_by(tree)
    body: list[ast.stmt] = [ast.Expr(tree.body)] if isinstance(tree, ast.Expression) else tree.body
    parameters = [
        ast.arg(name, None if name in own else _annotation(names[name]))
        for name in sorted(reads & names.keys())
        if name not in functions
    ]
    wrapped = ast.FunctionDef("_checked", ast.arguments([], parameters, None, [], [], None, []), body, [], lineno=0)
    module = ast.Module([wrapped], [])
    code = f"_stop\n{_IMPORTS}{ast.unparse(module)}\n"
    original = [node for node in ast.walk(module) if isinstance(node, ast.stmt)]
    again = [node for node in ast.walk(ast.parse(ast.unparse(module))) if isinstance(node, ast.stmt)]
    offset = 1 + _IMPORTS.count("\n")
    first = 1 if isinstance(tree, ast.Expression) else 0
    return code, {
        new.lineno + offset: getattr(old, "lineno", first) or 1 for new, old in zip(again, original, strict=True)
    }


@lru_cache(maxsize=256)
def _annotation(stub: str) -> ast.expr:
    try:
        return ast.parse(stub, mode="eval").body
    except (SyntaxError, ValueError):
        return ast.Name("Any", ast.Load())


def _type_problems(diagnostics: list[dict[str, Any]], lines: Mapping[int, int]) -> list[ExpressionProblem]:
    problems = []
    for diagnostic in diagnostics:
        if diagnostic["code"] in _IGNORED or diagnostic["severity"] not in ("error", "fatal"):
            continue
        row = diagnostic["location"]["row"]
        begun = [line for line in lines if line <= row]
        message = diagnostic["message"].replace("`", "'")
        problems.append(
            ExpressionProblem(
                f"{_RULES.get(diagnostic['code'], '类型不符')}：{message}。",
                f"{message}.",
                lines[max(begun)] if begun else None,
                "expression-type",
            )
        )
    return problems


_RULES = {
    "unsupported-operator": "这两种类型之间不能做该运算",
    "invalid-argument-type": "函数参数类型不对",
    "missing-argument": "函数缺少参数",
    "too-many-positional-arguments": "函数参数过多",
    "unknown-argument": "函数没有这个参数",
    "unresolved-attribute": "没有这个属性或方法",
    "not-subscriptable": "不能用下标访问",
    "non-subscriptable": "不能用下标访问",
    "call-non-callable": "不是函数，不能调用",
    "not-iterable": "不能逐项遍历",
    "no-matching-overload": "函数参数类型不对",
}
