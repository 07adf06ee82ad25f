"""Where ids come from: an id source is handed in, so that tests can foresee ids."""

import os
from collections.abc import Callable
from uuid import UUID

from engine.domain.clock import Clock

IdSource = Callable[[], UUID]


def uuid7_source(clock: Clock) -> IdSource:
    """Return a source of UUIDs of version 7 (RFC 9562): they grow with time, so index pages stay warm."""

    def new_id() -> UUID:
        milliseconds = int(clock.now().timestamp() * 1000) & ((1 << 48) - 1)
        random = int.from_bytes(os.urandom(10), "big")
        value = milliseconds << 80 | 0x7 << 76 | (random >> 68) << 64 | 0b10 << 62 | random & ((1 << 62) - 1)
        return UUID(int=value)

    return new_id


def counting_source(start: int = 1) -> IdSource:
    """Return a source that counts: 00000000-0000-0000-0000-000000000001 and on; for tests."""
    state = start - 1

    def new_id() -> UUID:
        nonlocal state
        state += 1
        return UUID(int=state)

    return new_id
