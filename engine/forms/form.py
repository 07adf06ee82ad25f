"""A form: its fields, and the validation of what a person entered."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import marshmallow as ma

from engine.domain.values import Value
from engine.feel import FeelInterpreter
from engine.forms.components import MISSING, FieldSpec, ListSpec, Names, Scope, drop, lookup, put
from engine.forms.constraints import absent, broken_rule, row_count_fault
from engine.forms.kinds import canonical, parse
from engine.forms.problems import NOT_AN_OBJECT, READ_ONLY, FaultError, Path, Problems
from engine.forms.rules import NOTHING, Settled, has_questions, settle
from engine.forms.schemas import compile_schema, load
from engine.forms.sizes import unstorable
from engine.forms.surroundings import entered_rows, initialised


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """What a process may know of a variable that a form sets."""

    type_stub: str
    """Python type, e.g. `str`, `date`, `Decimal`, `list[str]`; an empty date, number or choice is None."""
    label: str
    required: bool
    """True when the form cannot be completed without it, whatever else is entered."""


@dataclass(frozen=True)
class Form:
    """A compiled form; immutable, shared by all user tasks of a deployment."""

    key: str
    file: str
    scope: Scope
    labels: Mapping[Names, str]
    """Path without row numbers -> label, in the order of the form."""
    names_read: frozenset[str]
    """Variables that conditions and computed values read and the form does not set."""
    source: str
    """Every expression text, to tell which variables may matter."""

    @cached_property
    def fields(self) -> Mapping[str, FieldInfo]:
        """Variable name -> what is known of it, in the order of the form."""
        fields: dict[str, FieldInfo] = {}
        for spec in self.scope.fields:
            if len(spec.path) > 1:
                name = spec.path[0]
                fields.setdefault(name, FieldInfo("dict[str, Any]", self.labels.get((name,), name), False))
            elif not spec.is_disabled:
                is_always = spec.is_required and not spec.guards
                fields[spec.path[0]] = FieldInfo(spec.type_stub, spec.label, is_always)
        for rows in self.scope.lists:
            stub = "list[dict[str, Any]]" if len(rows.path) == 1 else "dict[str, Any]"
            fields.setdefault(rows.path[0], FieldInfo(stub, rows.label, rows.min_rows > 0 and not rows.guards))
        return fields

    @cached_property
    def _schema(self) -> ma.Schema:
        return compile_schema(self.scope)

    @cached_property
    def _has_questions(self) -> bool:
        return has_questions(self.scope)

    @cached_property
    def _needs_initial(self) -> bool:
        return (
            self._has_questions
            or any(spec.readonly or spec.is_disabled or spec.choices for spec in self.scope.all_fields())
            or any(rows.is_fixed for rows in self.scope.all_lists())
        )

    def validate(
        self, data: Mapping[str, Any], feel: FeelInterpreter, *, initial: Mapping[str, Value] | None = None
    ) -> dict[str, Value]:
        """Return the values of every visible field of `data` (JSON); `initial` is what the form was opened with.

        Hidden fields are dropped, even when required; a field that was left out counts as empty; disabled fields
        are not part of the result. Raises FormInvalidError with one problem per field.
        """
        problems = Problems(self.labels)
        self._refuse_unstorable(data, problems)
        base: dict[str, Any] = {}
        settled = NOTHING
        if self._needs_initial:
            base = initialised(self.scope, self._relevant(initial or {}))
        if self._has_questions:
            settled = settle(self.scope, data, base, feel, problems)
        entered = dict(data)
        self._strip(self.scope, entered, (), settled)
        loaded = load(self._schema, entered, problems)
        result: dict[str, Value] = {}
        _Finish(settled, problems, base).scope(self.scope, data, loaded, base, (), result)
        problems.raise_if_any()
        return result

    def validate_draft(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return a draft as it may be kept: types only, unknown fields refused; raises FormInvalidError."""
        problems = Problems(self.labels)
        self._refuse_unstorable(data, problems)
        load(self._schema, data, problems)
        problems.raise_if_any()
        return dict(data)

    def _refuse_unstorable(self, data: Mapping[str, Any], problems: Problems) -> None:
        found = unstorable(data) if isinstance(data, Mapping) else ((), NOT_AN_OBJECT)
        if found is not None:
            problems.add(*found)
            problems.raise_if_any()

    def _relevant(self, initial: Mapping[str, Value]) -> dict[str, Value]:
        own = {names[0] for names in self.labels}
        return {name: value for name, value in initial.items() if name in own or name in self.source}

    def _strip(self, scope: Scope, entered: dict[str, Any], prefix: Path, settled: Settled) -> None:
        """Remove what is not taken from the person: hidden, disabled and computed values."""
        for spec in scope.fields:
            if spec.is_disabled or spec.type == "expression" or prefix + spec.path in settled.hidden:
                drop(entered, spec.path)
        for rows in scope.lists:
            path = prefix + rows.path
            if path in settled.hidden:
                drop(entered, rows.path)
                continue
            given = lookup(entered, rows.path)
            if isinstance(given, list):
                copies = [dict(row) if isinstance(row, dict) else row for row in given]
                for index, row in enumerate(copies):
                    if isinstance(row, dict):
                        self._strip(rows.scope, row, (*path, index), settled)
                put(entered, rows.path, copies)


class _Finish:
    """Applies the rules beyond types, and puts the result together."""

    def __init__(self, settled: Settled, problems: Problems, base: Mapping[str, Any]) -> None:
        self._settled = settled
        self._problems = problems
        self._base = base

    def scope(
        self,
        scope: Scope,
        entered: Mapping[str, Any],
        loaded: Mapping[str, Any],
        base: Mapping[str, Any],
        prefix: Path,
        result: dict[str, Any],
    ) -> None:
        """Finish one scope: `entered` is the JSON, `loaded` its values, `base` what the browser opened with."""
        for spec in scope.fields:
            path = prefix + spec.path
            if path in self._settled.hidden:
                continue
            raw = lookup(entered, spec.path)
            if spec.is_disabled:
                self._refuse_change(spec, raw, base, path)
            elif spec.type == "expression":
                put(result, spec.path, self._settled.answer(path, "expression"))
            elif not self._problems.touches(path):
                put(result, spec.path, self._value(spec, raw, loaded, base, path))
        for rows in scope.lists:
            path = prefix + rows.path
            if path not in self._settled.hidden and not self._problems.touches(path):
                put(result, rows.path, self._rows(rows, entered, loaded, base, path))

    def _value(
        self, spec: FieldSpec, raw: Any, loaded: Mapping[str, Any], base: Mapping[str, Any], path: Path
    ) -> Value:
        value = lookup(loaded, spec.path)
        if value is MISSING or value is None:
            value = spec.empty
        if spec.readonly is True or self._settled.answer(path, "readonly") is True:
            self._refuse_change(spec, raw, base, path)
            value = _opened_with(spec, base)
        fault = absent(spec, value) or broken_rule(spec, value, path, self._settled, self._base)
        if fault is not None:
            self._problems.add(path, fault)
        return value

    def _rows(
        self, rows: ListSpec, entered: Mapping[str, Any], loaded: Mapping[str, Any], base: Mapping[str, Any], path: Path
    ) -> list[dict[str, Any]]:
        given = entered_rows(rows, entered)
        values = lookup(loaded, rows.path)
        before = lookup(base, rows.path)
        known = before if isinstance(before, list) else []
        fault = row_count_fault(rows, _count(entered, rows), len(known))
        if fault is not None:
            self._problems.add(path, fault)
            return []
        result = []
        for index, row in enumerate(given):
            inner = values[index] if isinstance(values, list) and index < len(values) else {}
            row_base = known[index] if index < len(known) else initialised(rows.scope, {}, self._base)
            finished: dict[str, Any] = {}
            self.scope(rows.scope, row, inner or {}, row_base, (*path, index), finished)
            result.append(finished)
        return result

    def _refuse_change(self, spec: FieldSpec, raw: Any, base: Mapping[str, Any], path: Path) -> None:
        if raw is MISSING:
            return
        try:
            entered = parse(spec, raw)
        except FaultError:
            entered = MISSING
        if entered is MISSING or canonical(entered) != canonical(_opened_with(spec, base)):
            self._problems.add(path, READ_ONLY)


def _opened_with(spec: FieldSpec, base: Mapping[str, Any]) -> Value:
    raw = lookup(base, spec.path)
    try:
        return parse(spec, None if raw is MISSING else raw)
    except FaultError:
        return spec.empty


def _count(entered: Mapping[str, Any], rows: ListSpec) -> int:
    given = lookup(entered, rows.path)
    return len(given) if isinstance(given, list) else 0
