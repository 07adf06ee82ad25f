"""Append-only history, hash-chained per case.

A row's hash is SHA-256 over the canonical JSON of every attested field and the previous row's hash. A value is
attested through a salted digest, so that erasing value and salt keeps the chain valid. The algorithm is named in
each hash (`sha256:...`), so that another one can follow.
"""

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from engine.domain.actor import Actor, OnBehalfOf
from engine.domain.errors import HistoryBrokenError, NotFoundError
from engine.domain.events import HistoryEvent
from engine.store.cases import GENESIS, CaseRow
from engine.store.raw import Batch
from engine.store.tables import case, history

ALGORITHM = "sha256"


def canonical(value: Any) -> bytes:
    """Return the one byte form of a JSON value: sorted keys, no spaces, UTF-8."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)


def digest(data: bytes) -> str:
    """Return the named hash of bytes."""
    return f"{ALGORITHM}:{hashlib.sha256(data).hexdigest()}"


def value_digest(salt: str, value: Any) -> str:
    """Return the digest that attests a value."""
    return digest(salt.encode() + b"\n" + canonical(value))


def row_hash(row: Mapping[str, Any]) -> str:
    """Return the hash of a history row from its attested fields."""
    attested = [
        row["previous_hash"],
        str(row["case_id"]),
        row["seq"],
        row["at"].astimezone(UTC).isoformat(),
        row["actor_id"],
        row["on_behalf_of"],
        row["kind"],
        str(row["instance_id"]) if row["instance_id"] else None,
        row["element_id"],
        row["element_name"],
        row["facts"],
        row["digests"],
    ]
    return digest(canonical(attested))


def _salt() -> str:
    return os.urandom(16).hex()


def append(
    connection: sa.Connection,
    locked: CaseRow,
    events: Sequence[HistoryEvent],
    *,
    actor: Actor,
    on_behalf_of: OnBehalfOf | None = None,
    now: datetime,
) -> CaseRow:
    """Append events to the history of a locked case; return the case as it stands then."""
    batch = Batch()
    locked = append_in(batch, locked, events, actor=actor, on_behalf_of=on_behalf_of, now=now)
    batch.send(connection)
    return locked


_MOVE_HEAD = 'update "case" set history_seq = %s, head_hash = %s where id = %s'


def append_in(
    batch: Batch,
    locked: CaseRow,
    events: Sequence[HistoryEvent],
    *,
    actor: Actor,
    on_behalf_of: OnBehalfOf | None = None,
    now: datetime,
    salt: Callable[[], str] = _salt,
) -> CaseRow:
    """Let a batch append events to the history of a locked case; return the case as it stands once it was sent."""
    if not events:
        return locked
    rows = []
    seq, head = locked.history_seq, locked.head_hash
    for event in events:
        seq += 1
        values = dict(event.values)
        salts = {name: salt() for name in values}
        row: dict[str, Any] = {
            "case_id": locked.id,
            "seq": seq,
            "at": now,
            "actor_id": actor.id,
            "on_behalf_of": on_behalf_of.as_dict() if on_behalf_of else None,
            "kind": event.kind,
            "instance_id": event.instance_id,
            "element_id": event.element_id,
            "element_name": event.element_name,
            "facts": dict(event.facts),
            "values": values,
            "salts": salts,
            "digests": {name: value_digest(salts[name], value) for name, value in values.items()},
            "previous_hash": head,
        }
        row["hash"] = head = row_hash(row)
        rows.append(row)
    batch.insert(history, rows)
    batch.add(_MOVE_HEAD, (seq, head, locked.id))
    return CaseRow(locked.id, locked.business_key, seq, head)


def verify(connection: sa.Connection, case_id: UUID) -> int:
    """Check a case's chain from its first row to the head kept on the case row; return how many rows it has.

    Raises HistoryBrokenError naming the first row that is edited, missing, inserted, out of order or cut off, and
    NotFoundError.
    """
    head = connection.execute(
        sa.select(case.c.business_key, case.c.history_seq, case.c.head_hash).where(case.c.id == case_id)
    ).one_or_none()
    if head is None:
        raise NotFoundError(what="case", id=case_id)

    def broken(seq: int, zh: str, en: str) -> HistoryBrokenError:
        return HistoryBrokenError(business_key=head.business_key, seq=seq, reason=f"{zh} / {en}")

    previous, expected = GENESIS, 0
    rows = connection.execute(
        # an option of this statement alone: set on the connection it would stay, and writes after it would fail
        sa.select(history).where(history.c.case_id == case_id).order_by(history.c.seq).execution_options(yield_per=500)
    )
    for row in rows.mappings():
        expected += 1
        if row["seq"] != expected:
            raise broken(expected, f"缺少第 {expected} 条", f"row {expected} is missing")
        if row["previous_hash"] != previous:
            raise broken(row["seq"], "与上一条不衔接", "it does not follow the row before it")
        for name, value in row["values"].items():
            salt = row["salts"].get(name)
            if salt is None or row["digests"].get(name) != value_digest(salt, value):
                raise broken(row["seq"], f"取值 {name} 被改动", f"the value {name} was changed")
        if row_hash(dict(row)) != row["hash"]:
            raise broken(row["seq"], "内容被改动", "its content was changed")
        previous = row["hash"]
    if expected != head.history_seq or previous != head.head_hash:
        raise broken(
            expected + 1,
            f"末尾被截断，应有 {head.history_seq} 条",
            f"the tail is cut: {head.history_seq} rows expected",
        )
    return expected
