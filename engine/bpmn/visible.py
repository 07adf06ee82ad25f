"""The variables that a token sees, read from a snapshot without restoring it."""

from collections.abc import Mapping
from typing import Any

from engine.bpmn.scopes import ROOT, Scopes
from engine.domain.values import Value


def visible_variables(snapshot: Mapping[str, Any] | None, token_id: int) -> dict[str, Value]:
    """Return what is visible at a token, the innermost scope deciding; nothing when the token is not there (any more).

    `snapshot` has the form that `engine.bpmn.snapshot` describes; an ended instance has none.
    """
    if snapshot is None:
        return {}
    parts = [(ROOT, snapshot["top"]), *((scope, rows) for _, _, scope, rows in snapshot["subs"])]
    for part_scope, rows in parts:
        for row in rows:
            if row[0] == token_id:
                scopes = Scopes.from_json(snapshot["scopes"])
                visible: dict[str, Value] = {}
                for scope in scopes.chain(row[5].get("scope", part_scope)):
                    visible = {**scope.values, **visible}
                return visible
    return {}
