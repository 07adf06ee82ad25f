"""The history of a case as a timeline in plain words: who did what when, when it happened, and what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer, roles_in_scope
from casework.bureau import Bureau
from casework.deadlines.rules import deadline_rules
from casework.encryption import place
from casework.event_dates import EVENT_DATES
from casework.history_words import DETAIL_KINDS, HISTORY_WORDS
from casework.roles import ROLES
from casework.service_records import SERVED_PAPERS
from casework.store.tables import document, organisation, party
from casework.users import user_names
from engine.domain.clock import shanghai_date
from engine.queries.history import list_history
from engine.queries.pages import Page
from engine.store.tables import history

_CONFIDENTIAL = {"zh": "保密材料", "en": "confidential material"}
_OTHERS = {
    "clock": ("系统时钟", "Clock"),
    "system": ("系统", "System"),
    "worker": ("自动处理", "Automatic work"),
    "party": ("当事人", "Party"),
    "anonymous": ("未登录者", "Somebody not signed in"),
    "external": ("外部系统", "External system"),
}
_CLOCK_EVENTS = {
    "suspension": ("中止", "Suspension"),
    "restart": ("重新起算", "Restart"),
    "extension": ("延长", "Extension"),
}
_PEOPLE = ("assignee", "delegate", "candidate_group")


def list_timeline(
    connection: sa.Connection,
    bureau: Bureau,
    viewer: Viewer,
    case_id: UUID,
    language: str,
    *,
    with_details: bool = False,
    after: Sequence[Any] | None = None,
    limit: int = 50,
) -> Page:
    """Return what happened to a case, oldest first; without details only what people did and what the law brought.

    An entry: `seq`, `at` (when it was recorded), `actor` and `actor_name`, `on_behalf_of` (with the party's name where
    the viewer sees names), `kind`, `title` (a sentence), `happened_on` (the legal days that it recorded, each with its
    name), `element_id`, `element_name`, `user_task_id`, `document_id`, `is_detail`. Documents that are confidential are
    neither named nor linked for who may not read them. The caller checks that the viewer may audit the case.
    """
    kinds = None if with_details else _main_kinds(connection, case_id)
    page = list_history(connection, case_id, kinds=kinds, after=after, limit=limit)
    roles = roles_in_scope(connection, viewer, case_id)
    names = _Names(connection, bureau, page.items, language, roles)
    page.items[:] = [_entry(row, names) for row in page.items]
    return page


def _main_kinds(connection: sa.Connection, case_id: UUID) -> list[str]:
    rows = connection.execute(sa.select(history.c.kind).where(history.c.case_id == case_id).distinct())
    return [kind for kind in rows.scalars() if kind not in DETAIL_KINDS]


class _Names:
    """The words that ids on one page of history stand for, read in a fixed number of queries."""

    def __init__(
        self,
        connection: sa.Connection,
        bureau: Bureau,
        rows: Sequence[Mapping[str, Any]],
        language: str,
        roles: frozenset[str],
    ) -> None:
        self.language = language
        self._words = bureau.words
        self._sees_confidential = any("read-confidential" in ROLES[role].actions for role in roles)
        actors = {row["actor_id"] for row in rows} | {each for row in rows for each in _people(row["facts"])}
        usernames = {each.removeprefix("user:") for each in actors if each and each.startswith("user:")}
        self._users = user_names(connection, bureau, usernames)
        documents = {UUID(row["facts"]["document_id"]) for row in rows if row["facts"].get("document_id")}
        self._documents = {
            str(row.id): row
            for row in connection.execute(
                sa.select(document.c.id, document.c.title, document.c.kind, document.c.is_confidential).where(
                    document.c.id.in_(documents)
                )
            )
        }
        self._titles = {
            key: bureau.keyring.open(row.title, place("document", "title", row.id))
            for key, row in self._documents.items()
        }
        codes = {row["facts"]["organisation_code"] for row in rows if row["facts"].get("organisation_code")}
        self._organisations = {
            row.code: row.name
            for row in connection.execute(
                sa.select(organisation.c.code, organisation.c.name).where(organisation.c.code.in_(codes))
            )
        }
        sees_names = any(ROLES[role].sight in ("contact", "full") for role in roles)
        parties = {UUID(row["on_behalf_of"]["party_id"]) for row in rows if row["on_behalf_of"]}
        found = connection.execute(sa.select(party.c.id, party.c.name).where(party.c.id.in_(parties)))
        self._parties = {
            str(row.id): bureau.keyring.open(row.name, place("party", "name", row.id)) for row in found if sees_names
        }

    def pick(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def element(self, name: str | None) -> str:
        return self._words.name(name, self.language) if name else ""

    def actor(self, actor_id: str) -> str:
        kind, _, name = actor_id.partition(":")
        if kind == "user":
            return self._users.get(name, name)
        return self.pick(*_OTHERS[kind]) if kind in _OTHERS else actor_id

    def people(self, facts: Mapping[str, Any]) -> str:
        found = [self._person(each) for each in _people(facts)]
        return self.pick("、", ", ").join(found) or self.pick("无", "nobody")

    def _person(self, code: str) -> str:
        role = ROLES.get(code)
        return self.pick(role.zh, role.en) if role else self.actor(code if ":" in code else f"user:{code}")

    def is_hidden(self, document_id: str) -> bool:
        row = self._documents.get(document_id)
        return row is not None and row.is_confidential and not self._sees_confidential

    def document(self, facts: Mapping[str, Any]) -> str:
        document_id = facts.get("document_id")
        if document_id and self.is_hidden(document_id):
            return _CONFIDENTIAL[self.language]
        if document_id in self._titles:
            number = facts.get("number")
            return self._titles[document_id] + (f"（{number}）" if number else "")
        paper = SERVED_PAPERS.get(str(facts.get("kind")))
        return self.pick(paper.zh, paper.en) if paper else str(facts.get("kind") or "")

    def organisation(self, facts: Mapping[str, Any]) -> str:
        code = facts.get("organisation_code")
        return self._organisations.get(code, code or "") if code else ""

    def party(self, party_id: str) -> str | None:
        return self._parties.get(party_id)

    def event_date(self, name: str) -> str:
        found = EVENT_DATES.get(name)
        return self.pick(found.zh, found.en) if found else name


def _people(facts: Mapping[str, Any]) -> list[str]:
    found = [facts[name] for name in _PEOPLE if facts.get(name)]
    return [*found, *(facts.get("readers") or [])]


def _entry(row: Mapping[str, Any], names: _Names) -> dict[str, Any]:
    facts = row["facts"]
    words = HISTORY_WORDS.get(row["kind"])
    days = list(_days(row, names))
    is_hidden = bool(facts.get("document_id")) and names.is_hidden(facts["document_id"])
    behalf = row["on_behalf_of"]
    return {
        "seq": row["seq"],
        "at": row["at"],
        "actor": row["actor_id"].removeprefix("user:"),
        "actor_name": names.actor(row["actor_id"]),
        "on_behalf_of": {**behalf, "party_name": names.party(behalf["party_id"])} if behalf else None,
        "kind": row["kind"],
        "title": words.sentence(names.language, _values(row, names, days)) if words else row["kind"],
        "is_detail": row["kind"] in DETAIL_KINDS,
        "happened_on": days,
        "element_id": row["element_id"],
        "element_name": row["element_name"],
        "user_task_id": facts.get("id") if row["kind"].startswith("user-task-") else None,
        "incident_id": facts.get("id") if row["kind"].startswith("incident-") else None,
        "document_id": None if is_hidden else facts.get("document_id"),
    }


def _days(row: Mapping[str, Any], names: _Names) -> Iterable[dict[str, Any]]:
    """Return the legal days that a row recorded; other inputs than event dates are no days."""
    facts = row["facts"]
    told = facts.get("event_dates") or {}
    if row["kind"] == "event-date-corrected":
        told = {facts["name"]: facts["new"]}
    if row["kind"] in ("signatures-recorded", "signature-withdrawn", "payments-recorded", "payment-withdrawn"):
        told = {name: change.get("new") for name, change in facts.items() if isinstance(change, dict)}
    for name, value in told.items():
        if name in EVENT_DATES and isinstance(value, str):
            yield {"name": name, "label": names.event_date(name), "value": value}


def _values(row: Mapping[str, Any], names: _Names, days: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    facts = row["facts"]
    separator = names.pick("、", ", ")
    told = separator.join(
        f"{each['label']}{each['value']}" if names.language == "zh" else f"{each['label']} {each['value']}"
        for each in days
    )
    rule = deadline_rules().get(facts["rule"]) if isinstance(facts.get("rule"), str) else None
    due_on = _due_on(facts)
    return {
        **{name: str(value) for name, value in facts.items() if isinstance(value, str | int)},
        "element": names.element(row["element_name"]),
        "process": str(facts.get("process_key") or ""),
        "number": str(facts.get("number") or ""),
        "dates": names.pick("：", ": ") + told if told else "",
        "elements": separator.join(names.element(each[2]) for each in facts.get("elements") or []),
        "people": names.people(facts),
        "document": names.document(facts),
        "organisation": names.organisation(facts),
        "message": str(facts.get("message_name") or ""),
        "due_on": due_on,
        "due": (names.pick("，期限", ", due ") + due_on) if due_on else "",
        "rule": rule.name.of(names.language) if rule else "",
        "kind": names.pick(*_CLOCK_EVENTS[facts["kind"]]) if facts.get("kind") in _CLOCK_EVENTS else "",
        **({"name": names.event_date(facts["name"])} if row["kind"] == "event-date-corrected" else {}),
    }


def _due_on(facts: Mapping[str, Any]) -> str:
    """Return the last day that a row tells: what is due at midnight is due on the day before."""
    if facts.get("due_on"):
        return str(facts["due_on"])
    due_at = facts.get("new_due_at") or facts.get("due_at")
    if not due_at:
        return ""
    return shanghai_date(datetime.fromisoformat(due_at) - timedelta(microseconds=1)).isoformat()
