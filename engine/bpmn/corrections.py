"""Changes variables in a snapshot without moving a token (BPMN knows no such thing; people who mistype need it)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.bpmn.scopes import ROOT, Scopes
from engine.domain.values import Value


@dataclass(frozen=True, slots=True)
class CorrectedVariables:
    """A snapshot with other values."""

    snapshot: dict[str, Any] | None
    changed: Mapping[str, tuple[Value, Value]]
    """Name -> value before and after."""
    gone: tuple[str, ...]
    """Names whose scope has ended: nothing reads them any more."""
    overtaken: Mapping[str, Value]
    """Names that got another value since, and that value; they keep it."""


def correct_variables(
    snapshot: Mapping[str, Any] | None, scope: int, old: Mapping[str, Value], new: Mapping[str, Value]
) -> CorrectedVariables:
    """Give variables other values where they live, seen from the scope with number `scope`.

    `old` holds what they were set to there; a variable that has changed since keeps its value. An ended instance has
    no snapshot, and all its variables are gone.
    """
    if snapshot is None or str(scope) not in snapshot["scopes"]:
        return CorrectedVariables(dict(snapshot) if snapshot else None, {}, tuple(new), {})
    scopes = Scopes.from_json(snapshot["scopes"])
    seen: dict[str, Value] = {}
    for each in scopes.chain(scope):
        seen = {**each.values, **seen}
    changed: dict[str, tuple[Value, Value]] = {}
    overtaken: dict[str, Value] = {}
    for name, value in new.items():
        if seen.get(name) != old.get(name):
            overtaken[name] = seen.get(name)
        else:
            scopes.assign(scope, name, value)
            changed[name] = (seen.get(name), value)
    return CorrectedVariables({**snapshot, "scopes": scopes.as_json()}, changed, (), overtaken)


def scope_of_process(snapshot: Mapping[str, Any] | None, process_key: str, near: int) -> int | None:
    """Return the scope in which a process's expressions read: `near` if it is that process's, else its own, if alive."""
    if snapshot is None:
        return None
    scopes = snapshot["scopes"]
    if str(near) in scopes and scopes[str(near)][2] == process_key:
        return near
    own = [int(number) for number, (kind, _, key, _) in scopes.items() if kind == "process" and key == process_key]
    return own[0] if own else ROOT if snapshot["process"] == process_key else None
