"""Calendar feeds (RFC 5545) under a secret address that its owner can take back; no person is named in them."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from icalendar import Calendar, Event

from casework.access import Viewer
from casework.bureau import Bureau
from casework.model_words import ModelWords
from casework.queries.agenda import AgendaEntry, Whose, agenda
from casework.store.tables import calendar_feed, user_account
from casework.tokens import VIEWER_COLUMNS, token_hash, viewer_of
from casework.work import Work
from engine.domain.clock import shanghai_date
from engine.domain.errors import NotFoundError

PAST, FUTURE = timedelta(days=30), timedelta(days=180)
"""What a feed reaches back and ahead."""

_WHAT = {
    "session": ("调解", "Mediation session"),
    "user-task": ("到期", "Due"),
    "deadline": ("法定期限", "Legal time limit"),
}


@dataclass(frozen=True, slots=True, repr=False)
class IssuedFeed:
    """A feed with its secret in clear: shown once, kept nowhere."""

    id: UUID
    secret: str


def issue_feed(work: Work, viewer: Viewer, whose: Whose) -> IssuedFeed:
    """Return a new feed of a viewer's agenda (32 random bytes); only the SHA-256 of its secret is stored."""
    secret, feed_id = secrets.token_urlsafe(32), work.ids()
    work.connection.execute(
        sa.insert(calendar_feed).values(
            id=feed_id, user_id=viewer.user_id, secret_hash=token_hash(secret), whose=whose, created_at=work.now
        )
    )
    return IssuedFeed(feed_id, secret)


def revoke_feed(work: Work, viewer: Viewer, feed_id: UUID) -> None:
    """End a feed of the viewer's own at once; twice is once. Raises NotFoundError."""
    found = work.connection.execute(
        sa.update(calendar_feed)
        .where(calendar_feed.c.id == feed_id, calendar_feed.c.user_id == viewer.user_id)
        .values(revoked_at=sa.func.coalesce(calendar_feed.c.revoked_at, work.now))
        .returning(calendar_feed.c.id)
    ).one_or_none()
    if found is None:
        raise NotFoundError(what="calendar feed", id=feed_id)


def list_feeds(connection: sa.Connection, viewer: Viewer) -> list[dict[str, Any]]:
    """Return the viewer's feeds that stand, oldest first, without their secrets."""
    columns = (calendar_feed.c.id, calendar_feed.c.whose, calendar_feed.c.created_at)
    rows = connection.execute(
        sa.select(*columns)
        .where(calendar_feed.c.user_id == viewer.user_id, calendar_feed.c.revoked_at.is_(None))
        .order_by(calendar_feed.c.created_at, calendar_feed.c.id)
    )
    return [dict(row._mapping) for row in rows]


def read_feed(connection: sa.Connection, bureau: Bureau, secret: str, now: datetime) -> bytes:
    """Return the calendar behind a secret, as its owner may see the cases now.

    Raises NotFoundError for a secret that never was, was taken back, or whose owner's account is closed.
    """
    row = connection.execute(
        sa.select(*VIEWER_COLUMNS, calendar_feed.c.whose)
        .join(calendar_feed, calendar_feed.c.user_id == user_account.c.id)
        .where(
            calendar_feed.c.secret_hash == token_hash(secret),
            calendar_feed.c.revoked_at.is_(None),
            user_account.c.is_active,
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError(what="calendar feed", id="…")
    today = shanghai_date(now)
    entries = agenda(connection, bureau, viewer_of(row), row.whose, today - PAST, today + FUTURE)
    return calendar_of(entries, bureau.words, row.language, now)


def calendar_of(entries: Iterable[AgendaEntry], model_words: ModelWords, language: str, now: datetime) -> bytes:
    """Return an agenda as iCalendar: number of the case, what it is, place. Sessions at their instant, other days whole."""
    book = Calendar()
    book.add("prodid", "-//Tingzhu//Agenda//ZH")
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    book.add("x-wr-calname", "听竹日程" if language == "zh" else "Tingzhu agenda")
    for entry in entries:
        event = Event()
        word = _WHAT[entry.what][0 if language == "zh" else 1]
        name = "" if entry.what == "session" else f" {model_words.name(entry.element_name, language)}"
        event.add("uid", f"{entry.what}-{entry.id}@tingzhu")
        event.add("dtstamp", now)
        event.add("summary", f"{entry.number} {word}{name}")
        if entry.at is not None:
            event.add("dtstart", entry.at.astimezone(now.tzinfo))
        else:
            event.add("dtstart", entry.day)
            event.add("transp", "TRANSPARENT")
        if entry.place:
            event.add("location", entry.place)
        book.add_component(event)
    return bytes(book.to_ical())
