"""A dispute with everything decrypted, for papers and for views that then hide what their viewer may not see."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.agreements import ITEM_STATEMENTS, AgreementItem, agreement_items, terms_of
from casework.bureau import Bureau
from casework.causes import Cause, cause
from casework.encryption import place
from casework.organisations import OrganisationRecord, record_of
from casework.payments import Due, Ledger, Payment, ledger
from casework.statements import ROW_STATEMENTS, Helper, Instalment, helpers, instalments
from casework.store.named_inputs import current_dates
from casework.store.payments import current_dues, current_payments
from casework.store.tables import agent, appointment, claim, dispute, organisation, party, statement, user_account
from engine.domain.clock import shanghai_date
from engine.domain.errors import NotFoundError
from engine.store.tables import case


@dataclass(frozen=True, slots=True, repr=False)
class AgentRecord:
    """Who acts for a party."""

    agent_id: UUID
    kind: str
    powers: str
    name: str
    id_number: str | None
    phone: str | None
    user_id: UUID | None


@dataclass(frozen=True, slots=True, repr=False)
class PartyRecord:
    """A party of a dispute."""

    party_id: UUID
    side: str
    kind: str
    position: int
    """From 1, among the parties of its side."""
    name: str
    id_number: str | None
    phone: str | None
    email: str | None
    address: str | None
    legal_representative: str | None
    user_id: UUID | None
    agents: tuple[AgentRecord, ...]


@dataclass(frozen=True, slots=True, repr=False)
class ClaimRecord:
    """What an applicant asks for."""

    position: int
    cause: Cause
    amount: Decimal | None
    facts: str | None
    party_id: UUID | None
    """None: all applicants together."""
    employment_ended_on: date | None = None


@dataclass(frozen=True, slots=True, repr=False)
class DisputeRecord:
    """A dispute as it stands, in clear."""

    case_id: UUID
    business_key: str
    number: str
    registered_at: datetime
    registered_on: date
    registered_by: str
    first_asked: str
    stage: str
    channel: str
    area_code: str
    area_name: str
    area_path: str
    industry: str | None
    cause: Cause
    worker_count: int
    claim_total: Decimal
    flags: tuple[str, ...]
    parties: tuple[PartyRecord, ...]
    claims: tuple[ClaimRecord, ...]
    event_dates: Mapping[str, date]
    statements: Mapping[str, str]
    """Current texts by name, without rows; the terms of an agreement name its items first, then its clauses."""
    instalments: tuple[Instalment, ...]
    organisation: OrganisationRecord | None
    arbitration: OrganisationRecord | None
    court: OrganisationRecord | None
    union: OrganisationRecord | None
    appointments: Mapping[str, str]
    """Role (`mediator`, `reviewer`) -> display name."""
    office: OrganisationRecord | None = None
    """Where it was registered: the organisation of whoever did."""
    agreement_items: tuple[AgreementItem, ...] = ()
    settlement_items: tuple[AgreementItem, ...] = ()
    helpers: tuple[Helper, ...] = ()
    """Who helps to negotiate."""
    dues: tuple[Due, ...] = ()
    """What is promised in money, instalment by instalment: a plan, the items with an amount, or one sum."""
    payments: tuple[Payment, ...] = ()
    """What was paid on the agreement, as far as it stands."""

    @property
    def applicants(self) -> tuple[PartyRecord, ...]:
        """The applicants in order."""
        return tuple(each for each in self.parties if each.side == "applicant")

    @property
    def respondents(self) -> tuple[PartyRecord, ...]:
        """The respondents in order."""
        return tuple(each for each in self.parties if each.side == "respondent")

    @property
    def employer(self) -> PartyRecord | None:
        """The first party that is an organisation, respondents first."""
        return next((each for each in (*self.respondents, *self.applicants) if each.kind == "organisation"), None)

    @property
    def ledger(self) -> Ledger:
        """What is promised and what has been paid."""
        return ledger(self.dues, self.payments, self.event_dates.get("performance_due_on"))

    def payers(self, position: int) -> frozenset[str]:
        """Return the ids of the parties who pay an instalment; none where nobody was named."""
        return self._named(position, "payer_party_id")

    def payees(self, position: int) -> frozenset[str]:
        """Return the ids of the parties to whom an instalment is paid; none where nobody was named."""
        return self._named(position, "payee_party_id")

    def _named(self, position: int, role: str) -> frozenset[str]:
        """Return who has a role in an instalment: who was named with it, else with the items of the agreement."""
        source = next((due.source for due in self.dues if due.position == position), "")
        is_settled = source == "settlement_items" or not self.agreement_items
        items = self.settlement_items if is_settled else self.agreement_items
        plan: Sequence[Instalment | AgreementItem] = self.instalments if source == "instalments" else items
        own = {getattr(row, role) for row in plan if row.position == position} - {None}
        return frozenset(own or {getattr(item, role) for item in items if item.amount} - {None})

    @property
    def mediator_name(self) -> str | None:
        """The appointed mediator's name."""
        return self.appointments.get("mediator")

    @property
    def reviewer_name(self) -> str | None:
        """The appointed reviewer's name."""
        return self.appointments.get("reviewer")


def read_dispute(connection: sa.Connection, bureau: Bureau, case_id: UUID) -> DisputeRecord:
    """Return a dispute with personal data in clear; who may see it is the caller's affair. Raises NotFoundError."""
    row = connection.execute(
        sa.select(dispute, case.c.business_key)
        .join(case, case.c.id == dispute.c.case_id)
        .where(dispute.c.case_id == case_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError(what="case", id=case_id)
    texts = _statements(connection, bureau, case_id)
    office_id = _office(connection, row.registered_by)
    bodies = _organisations(
        connection,
        row.organisation_id,
        row.arbitration_organisation_id,
        row.court_id,
        row.union_organisation_id,
        office_id,
    )
    known_area = bureau.site.areas.get(row.area_code)
    return DisputeRecord(
        case_id=row.case_id,
        business_key=row.business_key,
        number=row.number,
        registered_at=row.registered_at,
        registered_on=shanghai_date(row.registered_at),
        registered_by=row.registered_by,
        first_asked=row.first_asked,
        stage=row.stage,
        channel=row.channel,
        area_code=row.area_code,
        area_name=known_area.full_name if known_area else row.area_code,
        area_path=row.area_path,
        industry=row.industry,
        cause=cause(row.cause_code),
        worker_count=row.worker_count,
        claim_total=row.claim_total,
        flags=tuple(row.flags),
        parties=read_parties(connection, bureau, case_id),
        claims=_claims(connection, bureau, case_id),
        event_dates=current_dates(connection, case_id),
        statements=_texts(texts),
        instalments=instalments(texts.get("instalments")),
        agreement_items=agreement_items(texts.get("agreement_items")),
        settlement_items=agreement_items(texts.get("settlement_items")),
        helpers=helpers(texts.get("negotiation_helpers")),
        dues=tuple(current_dues(connection, case_id)),
        payments=tuple(current_payments(connection, case_id)),
        organisation=bodies.get(row.organisation_id),
        arbitration=bodies.get(row.arbitration_organisation_id),
        court=bodies.get(row.court_id),
        union=bodies.get(row.union_organisation_id),
        appointments=_appointments(connection, bureau, case_id),
        office=bodies.get(office_id),
    )


def read_parties(connection: sa.Connection, bureau: Bureau, case_id: UUID) -> tuple[PartyRecord, ...]:
    """Return the parties of a case with their agents, applicants first."""
    agents: dict[UUID, list[AgentRecord]] = {}
    for row in connection.execute(sa.select(agent).where(agent.c.case_id == case_id).order_by(agent.c.id)):
        agents.setdefault(row.party_id, []).append(_agent(bureau, row))
    statement = sa.select(party).where(party.c.case_id == case_id).order_by(party.c.side, party.c.position)
    return tuple(_party(bureau, row, tuple(agents.get(row.id, ()))) for row in connection.execute(statement))


def _party(bureau: Bureau, row: Any, agents: tuple[AgentRecord, ...]) -> PartyRecord:
    def clear(column: str) -> str | None:
        return bureau.keyring.open_optional(row._mapping[column], place("party", column, row.id))

    return PartyRecord(
        party_id=row.id,
        side=row.side,
        kind=row.kind,
        position=row.position,
        name=bureau.keyring.open(row.name, place("party", "name", row.id)),
        id_number=clear("id_number"),
        phone=clear("phone"),
        email=clear("email"),
        address=clear("address"),
        legal_representative=clear("legal_representative"),
        user_id=row.user_account_id,
        agents=agents,
    )


def _agent(bureau: Bureau, row: Any) -> AgentRecord:
    keyring = bureau.keyring
    return AgentRecord(
        agent_id=row.id,
        kind=row.kind,
        powers=row.powers,
        name=keyring.open(row.name, place("agent", "name", row.id)),
        id_number=keyring.open_optional(row.id_number, place("agent", "id_number", row.id)),
        phone=keyring.open_optional(row.phone, place("agent", "phone", row.id)),
        user_id=row.user_account_id,
    )


def _claims(connection: sa.Connection, bureau: Bureau, case_id: UUID) -> tuple[ClaimRecord, ...]:
    statement = sa.select(claim).where(claim.c.case_id == case_id).order_by(claim.c.position)
    return tuple(
        ClaimRecord(
            position=row.position,
            cause=cause(row.cause_code),
            amount=row.amount,
            facts=bureau.keyring.open_optional(row.facts, place("claim", "facts", row.id)),
            party_id=row.party_id,
            employment_ended_on=row.employment_ended_on,
        )
        for row in connection.execute(statement)
    )


def _statements(connection: sa.Connection, bureau: Bureau, case_id: UUID) -> dict[str, str]:
    rows = connection.execute(
        sa.select(statement.c.id, statement.c.name, statement.c.content).where(
            statement.c.case_id == case_id, statement.c.superseded_at.is_(None)
        )
    )
    return {row.name: bureau.keyring.open(row.content, place("statement", "content", row.id)) for row in rows}


def _texts(found: Mapping[str, str]) -> dict[str, str]:
    """Return the statements that are text, the terms of each agreement put together of items, clauses and text."""
    texts = {name: text for name, text in found.items() if name not in (*ROW_STATEMENTS, *ITEM_STATEMENTS)}
    for what in ("agreement", "settlement"):
        items, chosen, terms = f"{what}_items", f"{what}_clauses", f"{what}_terms"
        if items in found or chosen in found:
            words = [row["text"] for row in json.loads(found.get(chosen, "[]"))]
            texts[terms] = terms_of(agreement_items(found.get(items)), words, texts.get(terms))
    return texts


def _office(connection: sa.Connection, registered_by: str) -> UUID | None:
    username = registered_by.removeprefix("user:")
    found: UUID | None = connection.execute(
        sa.select(user_account.c.organisation_id).where(user_account.c.username == username)
    ).scalar_one_or_none()
    return found


def _organisations(connection: sa.Connection, *ids: UUID | None) -> dict[UUID | None, OrganisationRecord]:
    wanted = [each for each in ids if each is not None]
    if not wanted:
        return {}
    rows = connection.execute(sa.select(organisation).where(organisation.c.id.in_(wanted)))
    return {row.id: record_of(row) for row in rows}


def _appointments(connection: sa.Connection, bureau: Bureau, case_id: UUID) -> dict[str, str]:
    rows = connection.execute(
        sa.select(appointment.c.role, user_account.c.id, user_account.c.display_name)
        .join(user_account, user_account.c.id == appointment.c.user_id)
        .where(appointment.c.case_id == case_id, appointment.c.ended_at.is_(None))
    )
    return {
        row.role: bureau.keyring.open(row.display_name, place("user_account", "display_name", row.id)) for row in rows
    }
