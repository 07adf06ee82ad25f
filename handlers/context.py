"""What a handler may ask and do: a small seam to the dispute domain, each call a short transaction of its own."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa

from casework.areas import area
from casework.bureau import Bureau
from casework.calendar_days import load_calendar
from casework.court_filings import CourtFiling, record_court_filing
from casework.deadline_rules import rules_of_case
from casework.deadlines.clock_events import compute_with_events
from casework.deadlines.computation import Deadline
from casework.documents import PaperIssue, StoredDocument, issue_paper, store_document
from casework.limitation_ledger import ClaimLedger, read_ledger
from casework.notifications import (
    Recipient,
    RecordedNotification,
    mark_delivered,
    mark_failed,
    party_recipient,
    record_notification,
    user_recipient,
    users_of_role,
)
from casework.organisations import (
    OrganisationRecord,
    ReceiverKind,
    assign_organisation,
    get_organisation,
    list_organisations,
    organisation_of_code,
    send_to,
)
from casework.queries.documents import DocumentContent, DocumentRecord, list_documents, read_document_content
from casework.queries.read_dispute import DisputeRecord, read_dispute
from casework.store.deadline_events import clock_events
from casework.work import PlainWork
from engine.domain.actor import Actor
from engine.domain.clock import Clock, shanghai_date
from engine.domain.ids import IdSource
from handlers.settings import HandlerSettings


class HandlerContext(Protocol):
    """What handlers see of the system. Nothing here holds a lock or a transaction between two calls.

    Methods that write take an idempotency key and do their work once per key, however often a job is tried.
    Every method may raise a TingzhuError; it becomes the text of the job's failure.
    """

    @property
    def settings(self) -> HandlerSettings:
        """What handlers are told of their surroundings."""
        ...

    def now(self) -> datetime:
        """Return the present instant (UTC)."""
        ...

    def today(self) -> date:
        """Return the present day in Asia/Shanghai."""
        ...

    def disclosed(self) -> frozenset[str]:
        """Return the personal texts given out so far, which no failure may repeat."""
        ...

    def dispute(self, case_id: UUID) -> DisputeRecord:
        """Return the dispute with everything in clear."""
        ...

    def deadline(self, case_id: UUID, rule: str, start: date, extended_by: int = 0) -> Deadline:
        """Return when a legal period of a case ends, and when it ends by the earliest reading."""
        ...

    def limitation(self, case_id: UUID) -> tuple[ClaimLedger, ...]:
        """Return until when each claim may be brought to arbitration, and why."""
        ...

    def issue_paper(self, case_id: UUID, kind: str, idempotency_key: str, party_id: UUID | None = None) -> PaperIssue:
        """Return number and verification code of a paper of this kind; the same key always gets the same.

        `party_id`: the one party it is for.
        """
        ...

    def store_document(
        self,
        case_id: UUID,
        *,
        kind: str,
        title: str,
        content: bytes,
        media_type: str,
        issue: PaperIssue | None,
        idempotency_key: str,
        editable: bytes | None = None,
        seal_places: Sequence[Mapping[str, Any]] = (),
        reason: str | None = None,
        is_confidential: bool = False,
    ) -> StoredDocument:
        """Keep a document with its hash in history; the same key returns the first one.

        `editable` is the same paper as a Word file; `seal_places` says where seals go; `reason` says why there is a further version.
        """
        ...

    def documents(self, case_id: UUID) -> list[DocumentRecord]:
        """Return the case's documents, oldest first."""
        ...

    def document_content(self, document_id: UUID) -> DocumentContent:
        """Return a document with its bytes."""
        ...

    def users_of_role(self, case_id: UUID, role: str) -> list[Recipient]:
        """Return whom a role means in a case; for `worker` and `employer` the parties."""
        ...

    def user_recipient(self, username: str) -> Recipient:
        """Return a user as a recipient."""
        ...

    def party_recipient(self, party_id: UUID) -> Recipient:
        """Return a party as a recipient."""
        ...

    def record_notification(
        self,
        case_id: UUID,
        *,
        template: str,
        channel: str,
        recipient: Recipient,
        facts: Mapping[str, Any],
        idempotency_key: str,
    ) -> RecordedNotification:
        """Write down that somebody is to be told; the same key returns the first one."""
        ...

    def mark_delivered(self, notification_id: UUID, external_id: str) -> None:
        """Write down that a channel took a notification."""
        ...

    def mark_failed(self, notification_id: UUID) -> None:
        """Write down that a channel refused a notification for good."""
        ...

    def mediation_organisations(self) -> list[OrganisationRecord]:
        """Return the organisations that accept cases, with how many they have open."""
        ...

    def organisation(self, organisation_id: UUID) -> OrganisationRecord:
        """Return an organisation."""
        ...

    def courts(self) -> list[OrganisationRecord]:
        """Return the courts that take cases, by code."""
        ...

    def area_path(self, area_code: str) -> str:
        """Return the place of an area in the area tree, from the top down."""
        ...

    def assign_organisation(self, case_id: UUID, organisation_id: UUID, rule: str) -> None:
        """Give the case to an organisation; twice is once."""
        ...

    def send_to(self, case_id: UUID, kind: ReceiverKind, organisation_code: str | None) -> OrganisationRecord:
        """Send the case to a body of this kind, to the competent one unless named; twice is once."""
        ...

    def record_court_filing(
        self, case_id: UUID, *, court_filing_number: str, document_ids: Sequence[UUID], idempotency_key: str
    ) -> CourtFiling:
        """Write down that an application lies with the court; the same key returns the first one."""
        ...


class CaseworkContext:
    """The HandlerContext of a running system."""

    def __init__(
        self,
        database: sa.Engine,
        bureau: Bureau,
        clock: Clock,
        ids: IdSource,
        settings: HandlerSettings,
        actor: Actor,
    ) -> None:
        self._database = database
        self._bureau = bureau
        self._clock = clock
        self._ids = ids
        self._settings = settings
        self._actor = actor
        self._disclosed: set[str] = set()

    @property
    def settings(self) -> HandlerSettings:
        return self._settings

    def now(self) -> datetime:
        return self._clock.now()

    def today(self) -> date:
        return shanghai_date(self._clock.now())

    def disclosed(self) -> frozenset[str]:
        return frozenset(self._disclosed)

    def dispute(self, case_id: UUID) -> DisputeRecord:
        with self._work() as work:
            found = read_dispute(work.connection, self._bureau, case_id)
        for party in found.parties:
            self._disclose(party.name, party.id_number, party.phone, party.email, party.address)
            self._disclose(party.legal_representative)
            for agent in party.agents:
                self._disclose(agent.name, agent.id_number, agent.phone)
        self._disclose(*found.statements.values(), *(claim.facts for claim in found.claims))
        return found

    def deadline(self, case_id: UUID, rule: str, start: date, extended_by: int = 0) -> Deadline:
        with self._work() as work:
            rules = rules_of_case(work.connection, case_id)
            events = clock_events(work.connection, case_id).get(rule, ())
            calendar = load_calendar(work.connection)
            return compute_with_events(
                rule, start, calendar, rules=rules, extended_by=extended_by, events=events
            ).deadline

    def limitation(self, case_id: UUID) -> tuple[ClaimLedger, ...]:
        with self._work() as work:
            return read_ledger(work.connection, self._bureau, case_id, self.today()).claims

    def issue_paper(self, case_id: UUID, kind: str, idempotency_key: str, party_id: UUID | None = None) -> PaperIssue:
        with self._work() as work:
            return issue_paper(work, self._bureau, case_id, kind, idempotency_key, party_id)

    def store_document(
        self,
        case_id: UUID,
        *,
        kind: str,
        title: str,
        content: bytes,
        media_type: str,
        issue: PaperIssue | None,
        idempotency_key: str,
        editable: bytes | None = None,
        seal_places: Sequence[Mapping[str, Any]] = (),
        reason: str | None = None,
        is_confidential: bool = False,
    ) -> StoredDocument:
        with self._work() as work:
            return store_document(
                work,
                self._bureau,
                case_id,
                kind=kind,
                title=title,
                content=content,
                media_type=media_type,
                issue=issue,
                idempotency_key=idempotency_key,
                editable=editable,
                seal_places=seal_places,
                reason=reason,
                is_confidential=is_confidential,
            )

    def documents(self, case_id: UUID) -> list[DocumentRecord]:
        with self._work() as work:
            return list_documents(work.connection, self._bureau, case_id)

    def document_content(self, document_id: UUID) -> DocumentContent:
        with self._work() as work:
            return read_document_content(work.connection, self._bureau, document_id)

    def users_of_role(self, case_id: UUID, role: str) -> list[Recipient]:
        with self._work() as work:
            return [self._told(each) for each in users_of_role(work.connection, self._bureau, case_id, role)]

    def user_recipient(self, username: str) -> Recipient:
        with self._work() as work:
            return self._told(user_recipient(work.connection, self._bureau, username))

    def party_recipient(self, party_id: UUID) -> Recipient:
        with self._work() as work:
            return self._told(party_recipient(work.connection, self._bureau, party_id))

    def record_notification(
        self,
        case_id: UUID,
        *,
        template: str,
        channel: str,
        recipient: Recipient,
        facts: Mapping[str, Any],
        idempotency_key: str,
    ) -> RecordedNotification:
        # A party's row belongs to the party, so that its agents and a later account see it too.
        user_id = None if recipient.party_id else recipient.user_id
        with self._work() as work:
            return record_notification(
                work,
                case_id,
                template=template,
                channel=channel,
                idempotency_key=idempotency_key,
                user_id=user_id,
                party_id=recipient.party_id,
                facts=facts,
            )

    def mark_delivered(self, notification_id: UUID, external_id: str) -> None:
        with self._work() as work:
            mark_delivered(work, notification_id, external_id)

    def mark_failed(self, notification_id: UUID) -> None:
        with self._work() as work:
            mark_failed(work, notification_id)

    def mediation_organisations(self) -> list[OrganisationRecord]:
        with self._work() as work:
            found = list_organisations(work.connection, accepts=True)
        return [each for each in found if each.kind_number is not None]

    def organisation(self, organisation_id: UUID) -> OrganisationRecord:
        with self._work() as work:
            return get_organisation(work.connection, organisation_id)

    def courts(self) -> list[OrganisationRecord]:
        with self._work() as work:
            return list_organisations(work.connection, kind="court", accepts=True)

    def area_path(self, area_code: str) -> str:
        return area(self._bureau.site.areas, area_code).path

    def assign_organisation(self, case_id: UUID, organisation_id: UUID, rule: str) -> None:
        with self._work() as work:
            assign_organisation(work, case_id, organisation_id, rule)

    def send_to(self, case_id: UUID, kind: ReceiverKind, organisation_code: str | None) -> OrganisationRecord:
        with self._work() as work:
            named = organisation_of_code(work.connection, organisation_code) if organisation_code else None
            return send_to(work, case_id, kind, named.id if named else None)

    def record_court_filing(
        self, case_id: UUID, *, court_filing_number: str, document_ids: Sequence[UUID], idempotency_key: str
    ) -> CourtFiling:
        with self._work() as work:
            filing, _ = record_court_filing(
                work,
                case_id,
                idempotency_key=idempotency_key,
                court_filing_number=court_filing_number,
                document_ids=document_ids,
            )
        return filing

    @contextmanager
    def _work(self) -> Iterator[PlainWork]:
        with self._database.begin() as connection:
            yield PlainWork(connection, self._actor, self._clock.now(), self._ids)

    def _told(self, recipient: Recipient) -> Recipient:
        self._disclose(recipient.name, recipient.email, recipient.phone)
        return recipient

    def _disclose(self, *texts: str | None) -> None:
        self._disclosed.update(text for text in texts if text and len(text) > 1)
