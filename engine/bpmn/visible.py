"""What a token sees and where it writes, read from a snapshot without restoring it."""

from collections.abc import Mapping
from typing import Any

from engine.bpmn.scopes import ROOT, Scopes
from engine.domain.values import Value


def visible_variables(snapshot: Mapping[str, Any] | None, token_id: int) -> dict[str, Value]:
    """Return what is visible at a token, the innermost scope deciding; nothing when the token is not there (any more).

    `snapshot` has the form that `engine.bpmn.snapshot` describes; an ended instance has none.
    """
    number = scope_at(snapshot, token_id)
    if snapshot is None or number is None:
        return {}
    visible: dict[str, Value] = {}
    for scope in Scopes.from_json(snapshot["scopes"]).chain(number):
        visible = {**scope.values, **visible}
    return visible


def scope_at(snapshot: Mapping[str, Any] | None, token_id: int) -> int | None:
    """Return the number of the scope that a token reads and writes; None when the token is not there (any more)."""
    if snapshot is None:
        return None
    parts = [(ROOT, snapshot["top"]), *((scope, rows) for _, _, scope, rows in snapshot["subs"])]
    for part_scope, rows in parts:
        for row in rows:
            if row[0] == token_id:
                found: int = row[5].get("scope", part_scope)
                return found
    return None
