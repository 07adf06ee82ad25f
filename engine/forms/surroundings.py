"""What FEEL sees of a form: the data as the browser holds it, with initial values where nothing was entered."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.domain.values import Value, plain
from engine.forms.components import CHOICE_TYPES, MISSING, FieldSpec, ListSpec, Scope, lookup, put
from engine.forms.kinds import canonical, parse, to_decimal
from engine.forms.problems import FaultError, Path

SAFE_INTEGER = 2**53


def initialised(scope: Scope, initial: Mapping[str, Any], root: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the data with which the browser opens a scope: initial values, defaults, or empty values.

    An initial value that the field cannot show counts as empty, as in the browser. `root` is the data of the whole
    form where the scope is a row of it.
    """
    data = {name: browser_value(value) for name, value in initial.items()}
    root = data if root is None else root
    for spec in scope.fields:
        put(data, spec.path, _initial_value(spec, lookup(data, spec.path), root))
    for rows in scope.lists:
        given = lookup(data, rows.path)
        if not isinstance(given, list):
            given = [{} for _ in range(rows.default_rows)]
        opened = [initialised(rows.scope, row if isinstance(row, dict) else {}, root) for row in given]
        put(data, rows.path, opened)
    return data


def browser_value(value: Value) -> Any:
    """Return a value as the browser gets it: plain JSON, numbers as doubles."""
    if isinstance(value, float) and value.is_integer() and abs(value) < SAFE_INTEGER:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= SAFE_INTEGER:
        return float(value) if abs(value) < 2**1000 else None
    if isinstance(value, list | tuple):
        return [browser_value(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): browser_value(item) for key, item in value.items()}
    return plain(value)


def feel_json(value: Value) -> Any:
    """Return what FEEL computed as the browser's FEEL would hand it on: numbers stay numbers, dates become text."""
    if isinstance(value, Decimal):
        return _browser_number(value)
    if isinstance(value, list):
        return [feel_json(item) for item in value]
    if isinstance(value, dict):
        return {key: feel_json(item) for key, item in value.items()}
    return browser_value(value)


def filled(
    scope: Scope,
    data: Mapping[str, Any],
    base: Mapping[str, Any],
    prefix: Path,
    hidden: frozenset[Path],
    computed: Mapping[Path, Any],
    root: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what a scope holds once `data` is entered over `base` and some of its fields are hidden."""
    result = dict(base)
    root = base if root is None else root
    for spec in scope.fields:
        path = prefix + spec.path
        if path in hidden or spec.is_disabled:
            continue
        if spec.type == "expression":
            put(result, spec.path, computed.get(path))
            continue
        raw = lookup(data, spec.path)
        put(result, spec.path, spec.empty if raw is MISSING or raw is None else browser_value(raw))
    for rows in scope.lists:
        path = prefix + rows.path
        if path in hidden:
            continue
        put(result, rows.path, _filled_rows(rows, data, base, path, hidden, computed, root))
    return result


def _filled_rows(
    rows: ListSpec,
    data: Mapping[str, Any],
    base: Mapping[str, Any],
    path: Path,
    hidden: frozenset[Path],
    computed: Mapping[Path, Any],
    root: Mapping[str, Any],
) -> list[dict[str, Any]]:
    before = lookup(base, rows.path)
    known = before if isinstance(before, list) else []
    result = []
    for index, row in enumerate(entered_rows(rows, data)):
        row_base = known[index] if index < len(known) else initialised(rows.scope, {}, root)
        result.append(filled(rows.scope, row, row_base, (*path, index), hidden, computed, root))
    return result


def entered_rows(rows: ListSpec, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a list as far as they have the shape of rows."""
    entered = lookup(data, rows.path)
    if not isinstance(entered, list):
        return []
    return [row if isinstance(row, dict) else {} for row in entered[: rows.max_rows]]


def row_names(
    context: Mapping[str, Any], row: Mapping[str, Any], parent: Mapping[str, Any] | None, indexes: tuple[int, ...]
) -> dict[str, Any]:
    """Return the names by which expressions in a row see it: `this`, `parent`, `i`; a variable of the name wins."""
    special: dict[str, Any] = {"this": row, "parent": parent, "i": list(indexes)}
    return {name: value for name, value in special.items() if name not in context} | {
        f"_{name}_": value for name, value in special.items()
    }


def _initial_value(spec: FieldSpec, raw: Any, root: Mapping[str, Any]) -> Any:
    if raw is MISSING:
        return spec.empty if spec.default is None else spec.default
    if spec.type == "expression":
        return raw
    if spec.type == "number" and not spec.is_number_as_text and isinstance(raw, str):
        number = to_decimal(raw)
        raw = None if number is None else _browser_number(number)
    if spec.type == "number" and spec.is_number_as_text and isinstance(raw, int | float) and not isinstance(raw, bool):
        raw = str(raw)
    try:
        parse(spec, raw)
    except FaultError:
        return spec.empty
    if raw is None:
        return spec.empty
    return _offered(spec, raw, root) if spec.type in CHOICE_TYPES else raw


def _offered(spec: FieldSpec, raw: Any, root: Mapping[str, Any]) -> Any:
    """Return what of an initial choice is among its options, where those are known beforehand."""
    options = known_options(spec, root)
    if options is None:
        return raw
    offered = {canonical(option) for option in options}
    if isinstance(spec.empty, list):
        return [item for item in raw if canonical(item) in offered]
    return raw if canonical(raw) in offered else None


def known_options(spec: FieldSpec, initial: Mapping[str, Any]) -> list[Any] | None:
    """Return a choice's values when they are fixed or part of the initial data; None when FEEL computes them."""
    choices = spec.choices
    if choices is None or choices.expression is not None:
        return None
    if choices.values_key is not None:
        return option_values(initial.get(choices.values_key))
    return list(choices.values or ())


def option_values(options: Any) -> list[Any]:
    """Return the values of options as the browser reads them: plain values, or objects with a value."""
    if not isinstance(options, list):
        return []
    values = []
    for option in options:
        if isinstance(option, dict):
            value = option.get("value")
            has_label = isinstance(option.get("label"), str) and option["label"] != ""
            is_plain = isinstance(value, str | int | float) and value != ""
            if is_plain or (has_label and isinstance(value, dict) and value):
                values.append(value)
        elif isinstance(option, str | int | float) and option != "":
            values.append(option)
    return values


def _browser_number(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)
