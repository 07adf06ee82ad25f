"""Binds what SpiffWorkflow would take from the machine (time, random ids, log records) to the step that runs.

The library reads `time.time()` to order arrivals at joins and `uuid4()` to name tasks. Both become counters of the
process instance: a step is then a function of its arguments, ids stay short, and arrivals never tie.
"""

import logging
import threading
from typing import Any

import orjson
import SpiffWorkflow.task as library_task


class _Counters(threading.local):
    next_id: int = 1


_counters = _Counters()


def set_counter(value: int) -> None:
    """Start numbering tokens and state changes of this thread's step at `value`."""
    _counters.next_id = value


def counter() -> int:
    """Return the number that the next token or state change will get."""
    return _counters.next_id


def next_number() -> int:
    """Return the next number of this step and count on."""
    value = _counters.next_id
    _counters.next_id = value + 1
    return value


class _OrderOfChanges:
    """Stands where the library expects the `time` module."""

    @staticmethod
    def time() -> float:
        return float(next_number())


def _no_log_extras(task: Any, dct: dict[str, Any] | None = None) -> dict[str, Any]:
    # Built on every state change even when nobody listens; a third of a step's time.
    return {}


logging.getLogger("spiff").setLevel(logging.WARNING)  # it tells every change of state of every token
library_task.time = _OrderOfChanges
library_task.uuid4 = next_number
library_task.Task.collect_log_extras = _no_log_extras


def copy_json(value: dict[str, Any]) -> dict[str, Any]:
    """Return a deep copy of plain JSON; the library writes into what it is given."""
    copy: dict[str, Any] = orjson.loads(orjson.dumps(value))
    return copy
