"""Drafts of forms hold what will be kept encrypted, so they are kept encrypted too."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from casework.encryption import Keyring, place

_SEALED = "$sealed"


def seal_draft(keyring: Keyring, user_task_id: UUID, draft: Mapping[str, Any]) -> dict[str, Any]:
    """Return a draft (plain JSON) as it is stored with its user task."""
    return {_SEALED: keyring.seal(orjson.dumps(draft).decode(), place("user_task", "draft", user_task_id))}


def open_draft(keyring: Keyring, user_task_id: UUID, stored: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the draft that `seal_draft` sealed; None when there is none. Raises SealedValueBrokenError."""
    if stored is None:
        return None
    if set(stored) != {_SEALED}:
        return dict(stored)
    draft: dict[str, Any] = orjson.loads(keyring.open(stored[_SEALED], place("user_task", "draft", user_task_id)))
    return draft
