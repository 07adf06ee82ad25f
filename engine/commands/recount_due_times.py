"""Finds what waits in an instance and reads corrected data, and works out again when it is due."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from engine.bpmn.bundle import Bundle
from engine.bpmn.elements import Element
from engine.bpmn.influence import Reach, read_by_text
from engine.commands.reevaluate_timers import Reevaluation, reevaluate_rows
from engine.commands.unit_of_work import UnitOfWork
from engine.store.cases import CaseRow
from engine.store.tables import timer, user_task


def recount_due_times(
    uow: UnitOfWork, locked: CaseRow, instance: Any, bundle: Bundle, reach: Reach, cause: Mapping[str, Any]
) -> Reevaluation:
    """Re-evaluate waiting timers and due dates of an instance that read a name of `reach`; return what moved.

    A timer that repeats keeps its rhythm. Raises ExpressionFailedError when one no longer gives a time.
    """
    timers = _reading(uow, instance, bundle, reach, timer, ("waiting",), lambda each: (each.timer,))
    dated = [row for row in timers if bundle.elements[row.process_key][row.element_id].timer_kind != "cycle"]
    tasks = _reading(uow, instance, bundle, reach, user_task, ("created", "assigned"), lambda each: (each.due_date,))
    return reevaluate_rows(uow, locked, dated, tasks, cause)


def _reading(
    uow: UnitOfWork,
    instance: Any,
    bundle: Bundle,
    reach: Reach,
    table: sa.Table,
    states: Sequence[str],
    texts: Callable[[Element], Iterable[str | None]],
) -> list[sa.Row[Any]]:
    rows = uow.connection.execute(
        sa.select(table).where(table.c.instance_id == instance.id, table.c.state.in_(states)).order_by(table.c.id)
    )
    return [
        row
        for row in rows.all()
        if any(
            read_by_text(text, reach[row.process_key])
            for text in texts(bundle.elements[row.process_key][row.element_id])
        )
    ]
