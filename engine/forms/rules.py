"""Settles what depends on other data: which fields are hidden, computed values, bounds, options and patterns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.domain.errors import FeelFailedError
from engine.feel import FeelInterpreter, FeelRequest
from engine.forms.components import FieldSpec, ListSpec, Scope, lookup
from engine.forms.problems import NOT_CHECKABLE, TOO_SLOW, Path, Problems
from engine.forms.surroundings import entered_rows, feel_json, filled, row_names

MAX_ROUNDS = 12
"""Rounds until conditions that depend on each other must have settled; the reader of forms refuses circles."""
MAX_QUESTIONS = 5_000

_HIDE = "hide:"

Question = tuple[Path, str]
"""Whose question it is (path of a field, or of the scope for a guard), and what is asked."""


@dataclass(frozen=True)
class Settled:
    """The outcome: what is hidden, what was computed, and the answers to every other question."""

    hidden: frozenset[Path] = frozenset()
    computed: Mapping[Path, Any] = field(default_factory=dict)
    answers: Mapping[Question, Any] = field(default_factory=dict)

    def answer(self, path: Path, aspect: str) -> Any:
        """Return the answer about a field; None when FEEL had none."""
        return self.answers.get((path, aspect))


NOTHING = Settled()


def has_questions(scope: Scope) -> bool:
    """Tell whether anything in a scope must be asked of FEEL."""
    return any(spec.pattern or spec.guards or list(_field_texts(spec)) for spec in scope.all_fields()) or any(
        rows.guards for rows in scope.all_lists()
    )


def settle(
    scope: Scope, data: Mapping[str, Any], base: Mapping[str, Any], feel: FeelInterpreter, problems: Problems
) -> Settled:
    """Ask FEEL until the answers no longer change what is asked.

    Conditions see the data as the browser holds it: a hidden field counts with its initial value. Raises
    FormInvalidError when an expression or a pattern exceeds its limits on this data.
    """
    settled = NOTHING
    context = filled(scope, data, base, (), frozenset(), {})
    mentions_this = any("this" in text for text in _texts(scope))
    for _ in range(MAX_ROUNDS):
        names = row_names(context, context, None, ()) if mentions_this else None
        asked = list(_questions(scope, data, context, context, (), settled.hidden, names, ()))
        answers = _ask(asked, context, feel, problems)
        hidden = frozenset(_hidden(scope, data, (), answers))
        computed = {path: feel_json(answer) for (path, aspect), answer in answers.items() if aspect == "expression"}
        before, settled = settled, Settled(hidden, computed, answers)
        following = filled(scope, data, base, (), hidden, computed)
        is_same_scope = _hidden_lists(scope, hidden) == _hidden_lists(scope, before.hidden)
        if is_same_scope and following == context:
            break
        context = following
    return settled


def _ask(
    asked: Sequence[tuple[Question, FeelRequest]],
    context: Mapping[str, Any],
    feel: FeelInterpreter,
    problems: Problems,
) -> dict[Question, Any]:
    if len(asked) > MAX_QUESTIONS:
        problems.add((), NOT_CHECKABLE)
        problems.raise_if_any()
    try:
        outcomes = feel.evaluate_all([request for _, request in asked], context)
    except FeelFailedError:
        _find_slow_pattern(asked, feel, problems)
        problems.add((), NOT_CHECKABLE)
        problems.raise_if_any()
        raise
    return {question: outcome.value for (question, _), outcome in zip(asked, outcomes, strict=True)}


def _find_slow_pattern(
    asked: Sequence[tuple[Question, FeelRequest]], feel: FeelInterpreter, problems: Problems
) -> None:
    for (path, _), request in asked:
        if request.kind == "pattern":
            try:
                feel.evaluate_all([request], {})
            except FeelFailedError:
                problems.add(path, TOO_SLOW)
                problems.raise_if_any()


def _questions(
    scope: Scope,
    data: Mapping[str, Any],
    context: Mapping[str, Any],
    here: Mapping[str, Any],
    prefix: Path,
    hidden: frozenset[Path],
    names: Mapping[str, Any] | None,
    indexes: tuple[int, ...],
) -> Iterator[tuple[Question, FeelRequest]]:
    guards = {guard for spec in scope.fields for guard in spec.guards}
    for guard in sorted(guards.union(*(rows.guards for rows in scope.lists))):
        yield (prefix, _HIDE + guard), FeelRequest("unary-test", guard, names)
    for spec in scope.fields:
        path = prefix + spec.path
        for aspect, text in _field_texts(spec):
            kind = "unary-test" if aspect == "readonly" else "expression"
            yield (path, aspect), FeelRequest(kind, text, names)  # type: ignore[arg-type]
        if spec.pattern is not None:
            raw = lookup(data, spec.path)
            if isinstance(raw, str) and raw:
                yield (path, "pattern"), FeelRequest("pattern", spec.pattern, {"?": raw})
    for rows in scope.lists:
        path = prefix + rows.path
        if path in hidden:
            continue
        parent = {**here, **row_names(here, here, None, indexes)} if _looks_up(rows) else None
        shown = lookup(here, rows.path)
        for index, row in enumerate(entered_rows(rows, data)):
            inner = shown[index] if isinstance(shown, list) and index < len(shown) else {}
            place = (*indexes, index + 1)
            yield from _questions(
                rows.scope, row, context, inner, (*path, index), hidden, row_names(context, inner, parent, place), place
            )


def _field_texts(spec: FieldSpec) -> Iterator[tuple[str, str]]:
    """Yield what FEEL must answer about a field beside its guards."""
    if isinstance(spec.readonly, str):
        yield "readonly", spec.readonly
    if isinstance(spec.is_multiple, str):
        yield "multiple", spec.is_multiple
    if spec.expression is not None:
        yield "expression", spec.expression
    if spec.choices is not None and spec.choices.expression is not None:
        yield "choices", spec.choices.expression
    for name, bound in spec.bounds.items():
        if isinstance(bound, str):
            yield name, bound


def _hidden(scope: Scope, data: Mapping[str, Any], prefix: Path, answers: Mapping[Question, Any]) -> Iterator[Path]:
    for spec in scope.fields:
        if _is_hidden(spec, prefix, answers):
            yield prefix + spec.path
    for rows in scope.lists:
        path = prefix + rows.path
        if _is_hidden(rows, prefix, answers):
            yield path
            continue
        for index, row in enumerate(entered_rows(rows, data)):
            yield from _hidden(rows.scope, row, (*path, index), answers)


def _is_hidden(spec: FieldSpec | ListSpec, prefix: Path, answers: Mapping[Question, Any]) -> bool:
    return any(answers.get((prefix, _HIDE + guard)) is True for guard in spec.guards)


def _hidden_lists(scope: Scope, hidden: frozenset[Path]) -> frozenset[Path]:
    lists = {rows.path for rows in scope.all_lists()}
    return frozenset(path for path in hidden if any(path[-len(names) :] == names for names in lists))


def _looks_up(rows: ListSpec) -> bool:
    """Tell whether an expression below mentions `parent`, which is costly to hand over."""
    scopes = [rows.scope, *(inner.scope for inner in rows.scope.all_lists())]
    return any("parent" in text for scope in scopes for text in _texts(scope))


def _texts(scope: Scope) -> Iterator[str]:
    for spec in scope.fields:
        yield from spec.guards
        yield from (text for _, text in _field_texts(spec))
    for rows in scope.lists:
        yield from rows.guards
