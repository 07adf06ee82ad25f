"""Compiles scopes to marshmallow schemas: structure and types; rules that look at other data come after."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from engine.domain.values import Value
from engine.forms.components import FieldSpec, ListSpec, Names, Scope
from engine.forms.kinds import parse
from engine.forms.problems import NOT_AN_OBJECT, UNKNOWN, Fault, FaultError, Path, Problems, wrong_type

_ROWS = wrong_type("多行内容的列表", "a list of rows")

_Tree = dict[str, Any]
"""key -> FieldSpec, ListSpec or the tree of a group's path"""


class _Input(ma.fields.Field[Any]):
    """A keyed input; an empty value stays what the browser holds for it."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(allow_none=True, data_key=spec.path[-1], attribute=spec.path[-1])
        self._spec = spec

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Value:
        try:
            return parse(self._spec, value)
        except FaultError as error:
            raise ma.ValidationError([error.fault]) from error


def compile_schema(scope: Scope) -> ma.Schema:
    """Return the schema of a scope; it refuses keys that no component has."""
    tree: _Tree = {}
    for field in scope.fields:
        _place(tree, field.path, field)
    for rows in scope.lists:
        _place(tree, rows.path, rows)
    return _schema(tree)


def load(schema: ma.Schema, data: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Return what of `data` has the right type, as values; the rest goes to `problems`."""
    try:
        loaded = schema.load(data)
    except ma.ValidationError as error:
        _collect(error.messages, (), problems)
        loaded = error.valid_data
    return loaded if isinstance(loaded, dict) else {}


def _place(tree: _Tree, path: Names, spec: FieldSpec | ListSpec) -> None:
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
    tree[path[-1]] = spec


def _schema(tree: _Tree) -> ma.Schema:
    # Own attribute names, so that no key of a form can meet a name of the library.
    fields = {f"f{place}": _field(name, entry) for place, (name, entry) in enumerate(tree.items())}
    return ma.Schema.from_dict(fields)(unknown=ma.RAISE)


def _field(name: str, entry: Any) -> ma.fields.Field[Any]:
    if isinstance(entry, FieldSpec):
        return _Input(entry)
    if isinstance(entry, ListSpec):
        rows: ma.fields.Field[Any] = ma.fields.Nested(compile_schema(entry.scope))
        return ma.fields.List(rows, data_key=name, attribute=name)
    return ma.fields.Nested(_schema(entry), data_key=name, attribute=name)


def _collect(messages: Any, path: Path, problems: Problems) -> None:
    if isinstance(messages, dict):
        for key, inner in messages.items():
            _collect(inner, path if key == "_schema" else (*path, key), problems)
        return
    for message in messages if isinstance(messages, list) else [messages]:
        problems.add(path, message if isinstance(message, Fault) else _library_fault(str(message)))


def _library_fault(message: str) -> Fault:
    if message.startswith("Unknown"):
        return UNKNOWN
    return _ROWS if "list" in message else NOT_AN_OBJECT
