"""The compiled components of a form: fields, lists of rows, and the scopes they stand in."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

TEXT_TYPES = frozenset({"textfield", "textarea"})
SINGLE_CHOICE_TYPES = frozenset({"radio", "select"})
MULTIPLE_CHOICE_TYPES = frozenset({"checklist", "taglist"})
CHOICE_TYPES = SINGLE_CHOICE_TYPES | MULTIPLE_CHOICE_TYPES
KEYED_TYPES = TEXT_TYPES | CHOICE_TYPES | {"number", "checkbox", "datetime", "expression", "filepicker"}
"""The eleven inputs of form-js 1.23."""

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """Where the options of a choice come from: exactly one of the three is set."""

    values: tuple[Any, ...] | None = None
    values_key: str | None = None
    expression: str | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """`validate.min` and so on: a number, or FEEL when it is a text; None when there is none."""

    minimum: Decimal | str | None = None
    maximum: Decimal | str | None = None
    min_length: Decimal | str | None = None
    max_length: Decimal | str | None = None

    def items(self) -> Iterator[tuple[str, Decimal | str]]:
        """Yield the bounds that are set, by name."""
        for name in ("minimum", "maximum", "min_length", "max_length"):
            bound = getattr(self, name)
            if bound is not None:
                yield name, bound


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One keyed input."""

    id: str
    type: str
    path: Names
    """Keys from the scope it stands in: those of the groups around it that have a path, then its own."""
    label: str
    guards: tuple[str, ...]
    """FEEL of every `conditional.hide` within the scope: its own and those of the groups around it."""
    is_required: bool = False
    is_disabled: bool = False
    readonly: bool | str = False
    """True, or FEEL."""
    default: Any = None
    bounds: Bounds = Bounds()
    pattern: str | None = None
    pattern_message: str | None = None
    validation_type: str | None = None
    decimal_digits: int | None = None
    increment: Decimal | None = None
    is_number_as_text: bool = False
    subtype: str = "date"
    choices: Choices | None = None
    is_multiple: bool | str = False
    expression: str | None = None

    @property
    def empty(self) -> Any:
        """What the browser holds for the field before anything is entered."""
        if self.type in TEXT_TYPES:
            return ""
        if self.type == "checkbox":
            return False
        return [] if self.type in MULTIPLE_CHOICE_TYPES else None

    @property
    def type_stub(self) -> str:
        """The Python type of its value, as a stub."""
        match self.type:
            case "textfield" | "textarea":
                return "str"
            case "checkbox":
                return "bool"
            case "number":
                return "int" if self.decimal_digits == 0 else "Decimal"
            case "datetime":
                return {"date": "date", "datetime": "datetime"}.get(self.subtype, "str")
            case "filepicker":
                return "list[str]" if self.is_multiple is True else ("Any" if self.is_multiple else "str")
            case "expression":
                return "Any"
        kinds = {type(value) for value in self.choices.values} if self.choices and self.choices.values else set()
        item = {str: "str", int: "int", bool: "bool"}.get(kinds.pop(), "Any") if len(kinds) == 1 else "Any"
        return f"list[{item}]" if self.type in MULTIPLE_CHOICE_TYPES else item


@dataclass(frozen=True, slots=True)
class ListSpec:
    """A dynamic list: rows that share one scope."""

    id: str
    path: Names
    label: str
    guards: tuple[str, ...]
    scope: "Scope"
    min_rows: int
    max_rows: int
    is_fixed: bool
    """True when the person may neither add nor remove rows."""
    default_rows: int


@dataclass(frozen=True, slots=True)
class Scope:
    """The form itself, or one row of a list."""

    fields: tuple[FieldSpec, ...]
    lists: tuple[ListSpec, ...]

    def all_fields(self) -> Iterator[FieldSpec]:
        """Yield the fields of this scope and of the rows below it."""
        yield from self.fields
        for rows in self.lists:
            yield from rows.scope.all_fields()

    def all_lists(self) -> Iterator[ListSpec]:
        """Yield the lists of this scope and of the rows below it."""
        for rows in self.lists:
            yield rows
            yield from rows.scope.all_lists()


MISSING: Any = object()
"""Stands for a value that is not there, where None is a value."""


def lookup(data: Any, path: Names) -> Any:
    """Return the value at `path` of nested mappings, or MISSING."""
    for name in path:
        if not isinstance(data, dict) or name not in data:
            return MISSING
        data = data[name]
    return data


def put(data: dict[str, Any], path: Names, value: Any) -> None:
    """Set the value at `path`; mappings on the way are copied, so that no other holder of them sees the change."""
    for name in path[:-1]:
        inner = data.get(name)
        data[name] = dict(inner) if isinstance(inner, dict) else {}
        data = data[name]
    data[path[-1]] = value


def drop(data: dict[str, Any], path: Names) -> None:
    """Remove the value at `path`, if it is there; mappings on the way are copied."""
    for name in path[:-1]:
        inner = data.get(name)
        if not isinstance(inner, dict):
            return
        data[name] = dict(inner)
        data = data[name]
    data.pop(path[-1], None)
