"""Which Python an expression or a script may be written in; everything else is refused before it is run."""

import ast
import re
from typing import Literal

from engine.expressions.problems import ExpressionProblem

Kind = Literal["expression", "script"]

MAX_LENGTH = {"expression": 4_000, "script": 20_000}
MAX_DEPTH = 60
MODULES = frozenset({"datetime", "decimal", "json", "math", "random", "re"})
PRELOADED = {"date": "datetime", "datetime": "datetime", "timedelta": "datetime", "Decimal": "decimal"}
"""Types that may be named without an import, and the module each comes from."""
FORBIDDEN_NAMES = frozenset(
    {"breakpoint", "compile", "delattr", "eval", "exec", "getattr", "globals", "locals", "setattr", "vars"}
)
FORBIDDEN_CALLS = frozenset({"dir", "exit", "hasattr", "help", "id", "input", "memoryview", "object", "open", "quit"})
"""Not to be called; as names of variables they are harmless and may stand."""
BUILTINS = frozenset(
    {
        *("abs", "all", "any", "bool", "dict", "divmod", "enumerate", "filter", "float", "int", "isinstance", "iter"),
        *("len", "list", "map", "max", "min", "next", "pow", "print", "range", "repr", "reversed", "round", "set"),
        *("slice", "sorted", "str", "sum", "tuple", "type", "zip", "frozenset", "chr", "ord"),
        *("Exception", "ValueError", "TypeError", "KeyError", "IndexError", "AttributeError", "ArithmeticError"),
        *("ZeroDivisionError", "NameError", "LookupError", "RuntimeError", "AssertionError", "StopIteration"),
    }
)
"""Built-ins of the sandbox that a source may name."""

_EXPRESSIONS = (
    *(ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.IfExp, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp),
    *(ast.GeneratorExp, ast.Compare, ast.Call, ast.FormattedValue, ast.JoinedStr, ast.Constant, ast.Attribute),
    *(ast.Subscript, ast.Starred, ast.Name, ast.List, ast.Tuple, ast.Slice, ast.Lambda),
)
_STATEMENTS = (
    *(ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.If, ast.For, ast.While, ast.Break, ast.Continue),
    *(ast.Pass, ast.FunctionDef, ast.Return, ast.Try, ast.Raise, ast.Assert, ast.Import, ast.ImportFrom),
)
_SAID: dict[type[ast.AST], tuple[str, str]] = {
    ast.NamedExpr: (":= 赋值", "an assignment with :="),
    ast.Await: ("await", "await"),
    ast.Yield: ("yield", "yield"),
    ast.YieldFrom: ("yield from", "yield from"),
    ast.ClassDef: ("class 定义", "a class definition"),
    ast.With: ("with 语句", "a with statement"),
    ast.Delete: ("del 语句", "a del statement"),
    ast.Global: ("global 语句", "a global statement"),
    ast.Nonlocal: ("nonlocal 语句", "a nonlocal statement"),
    ast.Match: ("match 语句", "a match statement"),
    ast.AsyncFunctionDef: ("async 函数", "an async function"),
    ast.AsyncFor: ("async for", "an async for"),
    ast.AsyncWith: ("async with", "an async with"),
}
_FULL_WIDTH = dict(zip("（），：；＝＞＜“”‘’！＋－＊／。【】｛｝　", "(),:;=><\"\"''!+-*/.[]{} ", strict=True))


def parse(source: str, kind: Kind) -> tuple[ast.Expression | ast.Module | None, list[ExpressionProblem]]:
    """Return the syntax tree of a source and what forbids its use; the tree is None when there is none."""
    if not source.strip():
        return None, [ExpressionProblem("表达式为空。", "The expression is empty.", None, "expression-syntax")]
    limit = MAX_LENGTH[kind]
    if len(source) > limit:
        return None, [
            ExpressionProblem(
                f"共 {len(source)} 个字符，超过上限 {limit}。请拆成几步，或改用处理器。",
                f"It has {len(source)} characters, more than {limit}. Split it up, or use a handler.",
                None,
                "expression-too-long",
            )
        ]
    if "\0" in source:
        # Python says so itself, but as another kind of error from one patch release to the next.
        zh, en = "含有空字符，不是有效的 Python。", "It holds a null character and is not valid Python."
        return None, [ExpressionProblem(zh, en, None, "expression-syntax")]
    try:
        tree = _tree(source, kind)
    except SyntaxError as error:
        return None, [_syntax_problem(source, error)]
    except (ValueError, MemoryError, RecursionError):
        return None, [_too_deep()]
    if _depth(tree) > MAX_DEPTH:
        return None, [_too_deep()]
    return tree, _disallowed(tree, kind)


def _tree(source: str, kind: Kind) -> ast.Expression | ast.Module:
    if kind == "script":
        return ast.parse(source)
    text = source.strip()
    try:
        return ast.parse(text, mode="eval")
    except SyntaxError:
        if "\n" not in text:
            raise
        # An expression may be broken over several lines of a model file.
        tree = ast.parse(f"(\n{text}\n)", mode="eval")
        return ast.increment_lineno(tree, -1)


def _too_deep() -> ExpressionProblem:
    return ExpressionProblem(
        f"嵌套超过 {MAX_DEPTH} 层，请简化。",
        f"It is nested more than {MAX_DEPTH} levels deep. Make it simpler.",
        None,
        "expression-too-long",
    )


def _depth(tree: ast.AST) -> int:
    depth, level = 0, [tree]
    while level:
        depth += 1
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return depth


def _syntax_problem(source: str, error: SyntaxError) -> ExpressionProblem:
    wide = sorted({character for character in _outside_strings(source) if character in _FULL_WIDTH})
    line = error.lineno
    if wide:
        zh = "、".join(f"“{character}”应为“{_FULL_WIDTH[character]}”" for character in wide)
        en = ", ".join(f"{character} should be {_FULL_WIDTH[character]}" for character in wide)
        return ExpressionProblem(f"含有全角符号：{zh}。", f"Full-width signs: {en}.", line, "expression-syntax")
    for pattern, zh, en in _FOREIGN:
        if re.search(pattern, source):
            return ExpressionProblem(zh, en, line, "expression-syntax")
    return ExpressionProblem(
        f"不是有效的 Python 写法（第 {line} 行）：{error.msg}。",
        f"This is not valid Python (line {line}): {error.msg}.",
        line,
        "expression-syntax",
    )


_FOREIGN = (
    (r"&&", "请用 and 代替 &&。", "Write and instead of &&."),
    (r"\|\|", "请用 or 代替 ||。", "Write or instead of ||."),
    (r"!(?!=)", "请用 not 代替 !。", "Write not instead of !."),
    (r"\b(eq|ne|gt|lt|ge|le|empty)\b", "请用 ==、!=、>、< 等代替 eq、ne、gt、lt。", "Write ==, !=, > or < instead."),
    (r"(?<![=<>!])=(?!=)", "比较是否相等请用 ==，而不是 =。", "Compare with ==, not with =."),
)


def _outside_strings(source: str) -> str:
    return re.sub(r"'[^'\n]*'|\"[^\"\n]*\"", "", source)


def _disallowed(tree: ast.Expression | ast.Module, kind: Kind) -> list[ExpressionProblem]:
    problems: list[ExpressionProblem] = []
    arguments = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]
    }
    for node in ast.walk(tree):
        refusal = _refusal(node, kind, is_argument=id(node) in arguments)
        if refusal is not None:
            zh, en = refusal
            line = getattr(node, "lineno", None)
            problems.append(
                ExpressionProblem(f"不允许使用{zh}。", f"Not allowed here: {en}.", line, "expression-disallowed")
            )
    return problems


def _refusal(node: ast.AST, kind: Kind, *, is_argument: bool) -> tuple[str, str] | None:
    """Return what is refused about a node, in both languages; None when it may stand."""
    match node:
        case ast.Lambda() if not is_argument:
            return " lambda（只能直接作为函数参数）", "a lambda, other than as an argument of a call"
        case ast.Name(id=name) if name in FORBIDDEN_NAMES or name.startswith("__"):
            return f" {name}", name
        case ast.Attribute(attr=name) if name.startswith("_"):
            return f"以下划线开头的属性 .{name}", f"the attribute .{name}, which begins with an underscore"
        case ast.FunctionDef(name=name) | ast.arg(arg=name) if name.startswith("__"):
            return f" {name}", name
        case ast.FunctionDef(decorator_list=[_, *_]):
            return "装饰器", "a decorator"
        case ast.Call(func=ast.Name(id=name)) if name in FORBIDDEN_CALLS:
            return f" {name}()", f"{name}()"
        case ast.Constant(value=value) if isinstance(value, complex | bytes) or value is Ellipsis:
            return f"常量 {value!r}", f"the constant {value!r}"
        case ast.Import(names=names):
            return _module_refusal([alias.name for alias in names])
        case ast.ImportFrom(module=module, names=names, level=level):
            if level or any(alias.name == "*" for alias in names):
                return "这种 import", "this kind of import"
            return _module_refusal([module or ""])
        case ast.comprehension(is_async=1):
            return "async for", "an async for"
        case ast.expr() if not isinstance(node, _EXPRESSIONS):
            return _said(node)
        case ast.stmt() if kind == "script" and not isinstance(node, _STATEMENTS):
            return _said(node)
    return None


def _module_refusal(modules: list[str]) -> tuple[str, str] | None:
    refused = [module for module in modules if module not in MODULES]
    if not refused:
        return None
    allowed = "、".join(sorted(MODULES))
    return f"模块 {refused[0]}（可用：{allowed}）", f"the module {refused[0]} (allowed: {allowed.replace('、', ', ')})"


def _said(node: ast.AST) -> tuple[str, str]:
    zh, en = _SAID.get(type(node), (type(node).__name__, type(node).__name__))
    return f" {zh}", en
