"""What happens to a suspended instance waits in its row until it is resumed."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.commands.unit_of_work import UnitOfWork
from engine.domain.stimuli import BpmnErrorThrown, JobCompleted, MessageReceived, Stimulus
from engine.domain.values import decode, encode
from engine.store.tables import process_instance


def keep_for_resume(uow: UnitOfWork, instance: sa.Row[Any], stimulus: Stimulus) -> None:
    """Keep what happened to a suspended instance; resuming applies it in order."""
    uow.connection.execute(
        sa.update(process_instance)
        .where(process_instance.c.id == instance.id)
        .values(pending=[*instance.pending, stored_stimulus(stimulus)])
    )


def stored_stimulus(stimulus: Stimulus) -> dict[str, Any]:
    """Return a stimulus as JSON."""
    fields = {name: getattr(stimulus, name) for name in type(stimulus).__slots__}
    return {"kind": type(stimulus).__name__, **{name: encode(value) for name, value in fields.items()}}


def read_stimulus(stored: Mapping[str, Any]) -> Stimulus:
    """Return the stimulus that `stored_stimulus` stored."""
    kinds = {kind.__name__: kind for kind in (JobCompleted, BpmnErrorThrown, MessageReceived)}
    fields = {name: decode(value) for name, value in stored.items() if name != "kind"}
    return kinds[stored["kind"]](**fields)
