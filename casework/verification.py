"""Telling a stranger whether a paper is genuine: number and code together, nothing but yes or no, and no guessing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlencode

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from casework.bureau import Bureau
from casework.errors import VerificationThrottledError
from casework.paper_codes import LENGTH, normal_code, normal_number, pair_indexes
from casework.store.tables import document, organisation, verification_failure
from engine.domain.clock import shanghai_date

PAGE = "/verify"
FREE_FAILURES = 20
WINDOW = timedelta(minutes=10)
"""So many wrong answers in so long a time per address: 2,880 a day against 3.6e16 codes."""
LONGEST = 200
"""Characters of a number or a code that are looked at."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What everybody may know of a paper whose number and code they hold."""

    state: Literal["current", "superseded", "voided"]
    version: int
    replaced_by_version: int | None
    """The version that is current now, where it is another."""
    issued_on: date
    issuer: str


def verify_paper(
    connection: sa.Connection, bureau: Bureau, number: str, code: str, *, client: str, now: datetime
) -> Verification | None:
    """Return what may be told of the paper with this number and code, or None when the two do not belong together.

    One indexed look-up whatever is wrong, so that nothing tells a wrong number from a wrong code. A wrong answer is
    counted against `client` (an address) in this transaction: the caller commits before answering. Raises
    VerificationThrottledError, right or wrong, while a client has used up its failures.
    """
    row = find_paper(connection, bureau, number, code, client=client, now=now)
    return None if row is None else _told(connection, bureau, row)


def find_paper(connection: sa.Connection, bureau: Bureau, number: str, code: str, *, client: str, now: datetime) -> Any:
    """Return the row of the document with this number and code, or None; wrong answers count as in `verify_paper`.

    Raises VerificationThrottledError.
    """
    client_index = bureau.keyring.index("verification client", client)
    _refuse_guesser(connection, client_index, now)
    row = None
    if len(number) <= LONGEST and len(code) <= LONGEST:
        indexes = pair_indexes(bureau.keyring, number, code)
        row = connection.execute(sa.select(document).where(document.c.verification_index.in_(indexes))).one_or_none()
    if row is None:
        _count_failure(connection, client_index, now)
    return row


def is_complete(number: str, code: str) -> bool:
    """Tell whether there is something to look up; an empty form is no wrong answer."""
    return bool(normal_number(number)) and len(normal_code(code)) == LENGTH


def page_address(public_url: str, number: str, code: str) -> str:
    """Return the address of the page that tells of a paper, for its QR code."""
    return f"{public_url}{PAGE}?{urlencode({'number': number, 'code': code})}"


def forget_old_failures(connection: sa.Connection, now: datetime) -> int:
    """Drop counters whose window has passed; returns how many."""
    return connection.execute(
        sa.delete(verification_failure).where(verification_failure.c.first_at < now - WINDOW)
    ).rowcount


def _told(connection: sa.Connection, bureau: Bureau, row: Any) -> Verification:
    versions = connection.execute(
        sa.select(document).where(document.c.paper_id == row.paper_id).order_by(document.c.version)
    ).all()
    # what was edited by hand took over the code that stands in its text
    shown = row
    for each in versions:
        if each.version == shown.version + 1 and each.source == "edited":
            shown = each
    newest = versions[-1]
    issuer = connection.execute(
        sa.select(organisation.c.name).where(organisation.c.id == row.issuer_id)
    ).scalar_one_or_none()
    state: Literal["current", "superseded", "voided"] = "current"
    if newest.voided_at is not None:
        state = "voided"
    elif newest.id != shown.id:
        state = "superseded"
    return Verification(
        state=state,
        version=shown.version,
        replaced_by_version=newest.version if newest.id != shown.id else None,
        issued_on=shanghai_date(shown.created_at),
        issuer=issuer or bureau.site.brand["authority"],
    )


def _refuse_guesser(connection: sa.Connection, client_index: str, now: datetime) -> None:
    row = connection.execute(
        sa.select(verification_failure).where(verification_failure.c.client_index == client_index)
    ).one_or_none()
    if row is None or row.failures < FREE_FAILURES:
        return
    wait = row.first_at + WINDOW - now
    if wait > timedelta(0):
        raise VerificationThrottledError(retry_after=max(1, int(wait.total_seconds())))


def _count_failure(connection: sa.Connection, client_index: str, now: datetime) -> None:
    statement = insert(verification_failure).values(client_index=client_index, failures=1, first_at=now)
    is_over = verification_failure.c.first_at <= now - WINDOW
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["client_index"],
            set_={
                "failures": sa.case((is_over, 1), else_=verification_failure.c.failures + 1),
                "first_at": sa.case((is_over, now), else_=verification_failure.c.first_at),
            },
        )
    )
