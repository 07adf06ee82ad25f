"""The same request sent twice is done once: answers are kept by actor, route and Idempotency-Key.

The key's row is the last thing a transaction writes, in the same breath as its commit. A concurrent twin that got
that far waits on the row and is rolled back; a later one is rolled back, too, or has failed on the way because the
first one already did the work. Either way the kept answer is given. Nothing that was rolled back leaves a key.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import psycopg
import sqlalchemy as sa
from flask import Request, Response

from api.errors import IdempotencyKeyInvalidError, IdempotencyKeyMissingError
from engine.domain.errors import IdempotencyKeyReusedError
from engine.store.raw import as_jsonb
from engine.store.tables import idempotency_key

HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
KEPT_HEADERS = ("Location",)

_KEEP = b"""
    insert into idempotency_key (actor_id, route, key, body_hash, status, response, headers, created_at)
    values (%s, %s, %s, %s, %s, %s, %s, %s)
"""
_FIND = sa.select(
    idempotency_key.c.body_hash, idempotency_key.c.status, idempotency_key.c.response, idempotency_key.c.headers
).where(
    idempotency_key.c.actor_id == sa.bindparam("actor_id"),
    idempotency_key.c.route == sa.bindparam("route"),
    idempotency_key.c.key == sa.bindparam("key"),
)


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """A request under its key: who, where, which key, and the digest of what was sent."""

    actor_id: str
    route: str
    key: str
    body_hash: str


def keyed_request(request: Request, actor_id: str, *, is_required: bool) -> KeyedRequest | None:
    """Return the request under its key, or None when it carries none and needs none.

    Raises IdempotencyKeyMissingError and IdempotencyKeyInvalidError.
    """
    key = request.headers.get(HEADER)
    if key is None:
        if is_required:
            raise IdempotencyKeyMissingError()
        return None
    if not 1 <= len(key) <= 200 or not all("!" <= letter <= "~" for letter in key):
        raise IdempotencyKeyInvalidError()
    return KeyedRequest(actor_id, f"{request.method} {request.path}", key, body_hash(request))


def keyed_item(request: Request, actor_id: str, name: str, sent: Any) -> KeyedRequest:
    """Return one item of a request under the request's key: it is answered apart from the request's other items.

    Raises IdempotencyKeyMissingError and IdempotencyKeyInvalidError.
    """
    whole = keyed_request(request, actor_id, is_required=True)
    assert whole is not None
    digest = hashlib.sha256(orjson.dumps(sent, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return KeyedRequest(actor_id, f"{whole.route}#{name}", whole.key, digest)


def body_hash(request: Request) -> str:
    """Return the SHA-256 of what was sent: JSON whatever its spacing and order, uploads whatever their boundary."""
    digest = hashlib.sha256()
    if request.mimetype == "multipart/form-data":
        for name, value in sorted(request.form.items(multi=True)):
            digest.update(orjson.dumps(["field", name, value]))
        for name, upload in request.files.items(multi=True):
            upload.stream.seek(0)
            content = hashlib.sha256(upload.stream.read()).hexdigest()
            upload.stream.seek(0)
            digest.update(orjson.dumps(["file", name, upload.filename, content]))
    else:
        sent = request.get_data(cache=True)
        try:
            digest.update(orjson.dumps(orjson.loads(sent), option=orjson.OPT_SORT_KEYS))
        except orjson.JSONDecodeError:
            digest.update(sent)
    return digest.hexdigest()


def find_answer(connection: sa.Connection, keyed: KeyedRequest) -> Response | None:
    """Return the answer kept under the key, or None; raises IdempotencyKeyReusedError for another body."""
    row = connection.execute(_FIND, {"actor_id": keyed.actor_id, "route": keyed.route, "key": keyed.key}).one_or_none()
    if row is None:
        return None
    if row.body_hash != keyed.body_hash:
        raise IdempotencyKeyReusedError(key=keyed.key)
    body = b"" if row.response is None else orjson.dumps(row.response)
    response = Response(body, status=row.status, mimetype="application/json" if body else None)
    response.headers.update(row.headers or {})
    response.headers[REPLAYED_HEADER] = "true"
    return response


def keep_answer_and_commit(connection: sa.Connection, keyed: KeyedRequest, response: Response, now: datetime) -> bool:
    """Write the answer under its key and commit, in one trip; return False when a twin was faster.

    Waits for a twin that is still running. The answer must hold no personal data. False leaves the transaction broken:
    roll it back.
    """
    body: Any = orjson.loads(response.get_data()) if response.is_json and response.content_length else None
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    raw: psycopg.Connection[Any] | None = connection.connection.driver_connection
    assert raw is not None
    try:
        with raw.pipeline():
            raw.execute(
                _KEEP,
                (
                    keyed.actor_id,
                    keyed.route,
                    keyed.key,
                    keyed.body_hash,
                    response.status_code,
                    as_jsonb(body),
                    as_jsonb(headers or None),
                    now,
                ),
            )
            raw.commit()
    except psycopg.errors.UniqueViolation as taken:
        if taken.diag.constraint_name != idempotency_key.primary_key.name:
            raise
        return False
    return True
