"""Which names a piece of Python reads before it binds them, and which it assigns."""

import ast
from collections.abc import Iterable

from engine.expressions.syntax import Kind, parse

MUTATORS = frozenset(
    {"append", "extend", "insert", "pop", "remove", "clear", "update", "setdefault", "popitem", "sort", "reverse"}
)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


def names_read(source: str, kind: Kind | None = None) -> frozenset[str]:
    """Return every name that an expression or script reads without having bound it first on every way to that place.

    Names of functions, called or not, and of built-ins are among them: intersect with the names you ask about.
    Without `kind` the source is taken as an expression if it is one. A source that is not Python reads nothing.
    """
    tree = parsed(source, kind)
    return read_by(tree) if tree is not None else frozenset()


def names_assigned(script: str) -> frozenset[str]:
    """Return the names whose values a script leaves behind as variables.

    These are the targets of its assignments, also of items (`claim["amount"] = 1`) and by methods that change a list
    or mapping in place (`items.append(x)`). Loop variables, functions, imports and names that begin with `_` stay
    inside the script. A source that is not Python assigns nothing.
    """
    tree = parsed(script, "script")
    return assigned_by(tree) if isinstance(tree, ast.Module) else frozenset()


def parsed(source: str, kind: Kind | None) -> ast.Expression | ast.Module | None:
    """Return the syntax tree of a source, or None when it is not Python of that kind (or of either kind)."""
    for tried in (kind,) if kind else ("expression", "script"):
        tree, _ = parse(source, tried)
        if tree is not None:
            return tree
    return None


def read_by(tree: ast.Expression | ast.Module) -> frozenset[str]:
    """Return the names that a tree reads without having bound them first."""
    reader = _Reader()
    if isinstance(tree, ast.Expression):
        reader.expression(tree.body, frozenset())
    else:
        reader.block(tree.body, frozenset())
    return frozenset(reader.names)


def bound_by(tree: ast.AST) -> frozenset[str]:
    """Return every name that a tree binds anywhere outside its functions."""
    return frozenset(name for statement in _statements(tree) for name in _bindings(statement))


def assigned_by(tree: ast.Module) -> frozenset[str]:
    """Return the names whose values a script leaves behind as variables."""
    names: set[str] = set()
    local: set[str] = set()
    for statement in _statements(tree):
        match statement:
            case ast.Assign(targets=targets):
                names.update(name for target in targets for name in _changed(target))
            case ast.AugAssign(target=target) | ast.AnnAssign(target=target, value=ast.expr()):
                names.update(_changed(target))
            case ast.For() | ast.FunctionDef() | ast.Import() | ast.ImportFrom() | ast.Try():
                local.update(_bindings(statement))
        for node in _own_expressions(statement):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attribute)) if attribute in MUTATORS:
                    names.add(name)
    rebound = {name for statement in _statements(tree) if _is_assignment(statement) for name in _bindings(statement)}
    return frozenset(name for name in names - (local - rebound) if not name.startswith("_"))


def _is_assignment(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign)


def _statements(tree: ast.AST) -> Iterable[ast.stmt]:
    """Yield every statement outside functions, nested ones included."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.stmt):
            yield node
        if isinstance(node, ast.FunctionDef):
            continue
        pending.extend(child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt | ast.ExceptHandler))


def _own_expressions(statement: ast.stmt) -> Iterable[ast.AST]:
    if isinstance(statement, ast.FunctionDef):
        return
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.expr):
            yield from ast.walk(child)


def _target_names(target: ast.expr) -> list[str]:
    return [node.id for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


def _changed(target: ast.expr) -> Iterable[str]:
    """Yield the names that hold something else once a target was assigned."""
    if isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _changed(element)
    elif isinstance(target, ast.Starred):
        yield from _changed(target.value)
    else:
        while isinstance(target, ast.Subscript | ast.Attribute):
            target = target.value
        if isinstance(target, ast.Name):
            yield target.id


def _bindings(statement: ast.stmt) -> list[str]:
    """Return the names that a statement itself binds."""
    match statement:
        case ast.Assign(targets=targets):
            return [name for target in targets for name in _target_names(target)]
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target, value=ast.expr()) | ast.For(target=target):
            return _target_names(target)
        case ast.FunctionDef(name=name):
            return [name]
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return [alias.asname or alias.name.partition(".")[0] for alias in names]
        case ast.Try(handlers=handlers):
            return [handler.name for handler in handlers if handler.name]
    return []


class _Reader:
    """Walks statements in order and notes the names read while not bound for certain."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def expression(self, node: ast.AST, bound: frozenset[str]) -> None:
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load) and node.id not in bound:
                self.names.add(node.id)
        elif isinstance(node, ast.Lambda):
            self._lambda(node, bound)
        elif isinstance(node, _COMPREHENSIONS):
            self._comprehension(node, bound)
        else:
            for child in ast.iter_child_nodes(node):
                self.expression(child, bound)

    def _lambda(self, node: ast.Lambda, bound: frozenset[str]) -> None:
        for default in [*node.args.defaults, *node.args.kw_defaults]:
            if default is not None:
                self.expression(default, bound)
        self.expression(node.body, bound | _parameters(node.args))

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, bound: frozenset[str]
    ) -> None:
        self.expression(node.generators[0].iter, bound)
        inner = bound.union(*(_target_names(generator.target) for generator in node.generators))
        for index, generator in enumerate(node.generators):
            if index:
                self.expression(generator.iter, inner)
            for condition in generator.ifs:
                self.expression(condition, inner)
        for result in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.expression(result, inner)

    def block(self, statements: list[ast.stmt], bound: frozenset[str]) -> frozenset[str]:
        """Read statements in order; return what is bound for certain after them."""
        for statement in statements:
            bound = self.statement(statement, bound)
        return bound

    def statement(self, node: ast.stmt, bound: frozenset[str]) -> frozenset[str]:
        match node:
            case ast.Assign(targets=targets, value=value):
                self.expression(value, bound)
                for target in targets:
                    self.expression(target, bound)
            case ast.AugAssign(target=target, value=value):
                if isinstance(target, ast.Name) and target.id not in bound:
                    self.names.add(target.id)
                self.expression(target, bound)
                self.expression(value, bound)
            case ast.AnnAssign(target=target, value=annotated):
                if annotated is not None:
                    self.expression(annotated, bound)
                self.expression(target, bound)
            case ast.If(test=test, body=body, orelse=orelse):
                self.expression(test, bound)
                return self.block(body, bound) & self.block(orelse, bound)
            case ast.For(target=target, iter=iterated, body=body, orelse=orelse):
                self.expression(iterated, bound)
                self.expression(target, bound)
                self.block(body, bound | frozenset(_target_names(target)))
                self.block(orelse, bound)
                return bound
            case ast.While(test=test, body=body, orelse=orelse):
                self.expression(test, bound)
                self.block(body, bound)
                self.block(orelse, bound)
                return bound
            case ast.Try():
                return self._try(node, bound)
            case ast.FunctionDef():
                self._function(node, bound)
            case _:
                for child in ast.iter_child_nodes(node):
                    self.expression(child, bound)
        return bound | frozenset(_bindings(node))

    def _try(self, node: ast.Try, bound: frozenset[str]) -> frozenset[str]:
        ends = [self.block(node.orelse, self.block(node.body, bound))]
        for handler in node.handlers:
            if handler.type is not None:
                self.expression(handler.type, bound)
            ends.append(self.block(handler.body, bound | ({handler.name} if handler.name else frozenset())))
        self.block(node.finalbody, bound)
        return frozenset.intersection(*ends)

    def _function(self, node: ast.FunctionDef, bound: frozenset[str]) -> None:
        for default in [*node.args.defaults, *node.args.kw_defaults]:
            if default is not None:
                self.expression(default, bound)
        local = frozenset(name for statement in node.body for name in bound_by(statement))
        self.block(node.body, bound | _parameters(node.args) | local | {node.name})


def _parameters(arguments: ast.arguments) -> frozenset[str]:
    listed = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return frozenset(item.arg for item in [*listed, arguments.vararg, arguments.kwarg] if item is not None)
