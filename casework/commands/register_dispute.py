"""Registers a dispute: parties, agents and claims are kept encrypted, the case is opened and its process started."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer
from casework.areas import area
from casework.bureau import Bureau
from casework.causes import cause
from casework.employer_kinds import employer_kind
from casework.encryption import place
from casework.errors import DisputeInvalidError
from casework.limitation_ledger import refresh_flag
from casework.named_inputs import keep_inputs
from casework.numbers import number_case
from casework.organisations import competent_organisation
from casework.queries.find_duplicates import party_indexes
from casework.queries.registration_warnings import GROUP_SIZE, RegistrationWarning, registration_warnings
from casework.registration import NewAgent, NewParty, RegisterDispute, find_problems
from casework.stages import ROOT
from casework.store.tables import agent, claim, dispute, party, stage_change, user_account
from casework.work import Work, append_history, today_of
from engine.commands.open_case import open_case
from engine.commands.start_instance import start_instance
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.events import HistoryEvent
from engine.domain.values import Value


@dataclass(frozen=True, slots=True)
class RegisteredDispute:
    """A dispute after registration; holds no personal data."""

    case_id: UUID
    business_key: str
    number: str
    instance_id: UUID
    warnings: tuple[RegistrationWarning, ...]


def register_dispute(
    uow: UnitOfWork, bureau: Bureau, registration: RegisterDispute, viewer: Viewer | None = None
) -> RegisteredDispute:
    """Register a dispute and start the process `dispute`; `viewer` is who registers it, None the installation itself.

    Raises DisputeInvalidError, whose `problems` name every field to mend, and NotFoundError when no process `dispute`
    is deployed.
    """
    accounts = _accounts(uow, registration)
    problems = find_registration_problems(uow, bureau, registration)
    if problems:
        raise DisputeInvalidError(problems)
    warnings = registration_warnings(uow.connection, bureau.keyring, registration, viewer)
    business_key, number = number_case(uow, bureau)
    case_id = open_case(uow, business_key, is_hosted=True)
    workplace = area(bureau.site.areas, registration.area_code)
    union = competent_organisation(uow.connection, "union", workplace.path)
    _insert_dispute(uow, registration, case_id, number, workplace.path, union.id if union else None)
    applicant_ids = _insert_side(uow, bureau, case_id, "applicant", registration.applicants, accounts)
    _insert_side(uow, bureau, case_id, "respondent", registration.respondents, accounts)
    _insert_claims(uow, bureau, case_id, registration, applicant_ids)
    dates = {"received_on": today_of(uow), **registration.event_dates}
    keep_inputs(uow.connection, bureau, uow.ids, case_id, dates, actor_id=uow.actor.id, now=uow.now, reason=None)
    variables = _variables(registration, case_id, number, has_union=union is not None)
    facts = {
        "number": number,
        "channel": registration.channel,
        "cause_code": variables["cause_code"],
        "area_code": registration.area_code,
        "applicants": len(registration.applicants),
        "respondents": len(registration.respondents),
        "claims": len(registration.claims),
        "claim_total": str(registration.total),
        "worker_count": registration.workers,
        "event_dates": {name: day.isoformat() for name, day in dates.items()},
        "warnings": [warning.code for warning in warnings],
    }
    append_history(uow, case_id, HistoryEvent("dispute-registered", facts))
    refresh_flag(uow, bureau, case_id)
    outcome = start_instance(uow, process_key=ROOT, case_id=case_id, variables=variables)
    return RegisteredDispute(case_id, business_key, number, outcome.instance_id, tuple(warnings))


def find_registration_problems(work: Work, bureau: Bureau, registration: RegisterDispute) -> list[dict[str, Any]]:
    """Return everything that must be mended before the dispute can be registered: field, code, sentences."""
    problems = find_problems(registration, bureau.site.areas, today_of(work))
    return problems + _account_problems(registration, _accounts(work, registration))


def _variables(registration: RegisterDispute, case_id: UUID, number: str, *, has_union: bool) -> dict[str, Value]:
    """Return the first variables of the process: references, codes, counts and amounts only."""
    return {
        "case_id": str(case_id),
        "number": number,
        "channel": registration.channel,
        "cause_code": registration.claims[0].cause_code,
        "area_code": registration.area_code,
        "worker_count": registration.workers,
        "claim_total": registration.total,
        "is_group": registration.workers >= GROUP_SIZE,
        "may_be_reviewed": all(cause(each.cause_code).may_be_reviewed for each in registration.claims),
        "union_station": has_union,
    }


def _insert_dispute(
    uow: UnitOfWork,
    registration: RegisterDispute,
    case_id: UUID,
    number: str,
    area_path: str,
    union_id: UUID | None,
) -> None:
    flags = set(registration.flags) | ({"group"} if registration.workers >= GROUP_SIZE else set())
    uow.connection.execute(
        sa.insert(dispute).values(
            case_id=case_id,
            number=number,
            channel=registration.channel,
            cause_code=registration.claims[0].cause_code,
            area_code=registration.area_code,
            area_path=area_path,
            industry=registration.industry,
            worker_count=registration.workers,
            employer_kind=_employer_kind(registration),
            claim_total=registration.total,
            stage="registered",
            flags=sorted(flags),
            union_organisation_id=union_id,
            registered_at=uow.now,
            registered_by=uow.actor.id,
            first_asked=f"user:{registration.first_asked}" if registration.first_asked else uow.actor.id,
        )
    )
    uow.connection.execute(
        sa.insert(stage_change).values(id=uow.ids(), case_id=case_id, position=1, stage="registered", at=uow.now)
    )


def _employer_kind(registration: RegisterDispute) -> str | None:
    """Return what the employer is by its social credit code; with several employers, the first that tells decides."""
    parties = (*registration.respondents, *registration.applicants)
    kinds = (employer_kind(each.id_number) for each in parties if each.kind == "organisation")
    return next((kind for kind in kinds if kind is not None), None)


def _insert_side(
    uow: UnitOfWork,
    bureau: Bureau,
    case_id: UUID,
    side: str,
    parties: tuple[NewParty, ...],
    accounts: Mapping[str, UUID],
) -> list[UUID]:
    rows: list[dict[str, Any]] = []
    agents: list[dict[str, Any]] = []
    for position, each in enumerate(parties, 1):
        party_id = uow.ids()
        row: dict[str, Any] = {
            "id": party_id,
            "case_id": case_id,
            "side": side,
            "kind": each.kind,
            "position": position,
            "user_account_id": accounts.get(each.username or ""),
            **party_indexes(bureau.keyring, each),
        }
        for column in ("name", "id_number", "phone", "email", "address", "legal_representative"):
            row[column] = _sealed(bureau, "party", column, party_id, getattr(each, column))
        rows.append(row)
        agents.extend(_agent_row(uow, bureau, case_id, party_id, acting, accounts) for acting in each.agents)
    uow.connection.execute(sa.insert(party), rows)
    if agents:
        uow.connection.execute(sa.insert(agent), agents)
    return [row["id"] for row in rows]


def _agent_row(
    uow: UnitOfWork, bureau: Bureau, case_id: UUID, party_id: UUID, acting: NewAgent, accounts: Mapping[str, UUID]
) -> dict[str, Any]:
    agent_id = uow.ids()
    return {
        "id": agent_id,
        "case_id": case_id,
        "party_id": party_id,
        "kind": acting.kind,
        "powers": acting.powers,
        "user_account_id": accounts.get(acting.username or ""),
        **{
            column: _sealed(bureau, "agent", column, agent_id, getattr(acting, column))
            for column in ("name", "id_number", "phone")
        },
    }


def _insert_claims(
    uow: UnitOfWork, bureau: Bureau, case_id: UUID, registration: RegisterDispute, applicant_ids: list[UUID]
) -> None:
    rows = []
    for position, each in enumerate(registration.claims, 1):
        claim_id = uow.ids()
        rows.append(
            {
                "id": claim_id,
                "case_id": case_id,
                "party_id": None if each.applicant is None else applicant_ids[each.applicant],
                "position": position,
                "cause_code": each.cause_code,
                "amount": each.amount,
                "facts": _sealed(bureau, "claim", "facts", claim_id, each.facts),
                "known_on": each.known_on,
                "employment_ended_on": each.employment_ended_on,
                "is_wage_arrears": each.is_wage_arrears,
            }
        )
    uow.connection.execute(sa.insert(claim), rows)


def _sealed(bureau: Bureau, table: str, column: str, row_id: UUID, value: str | None) -> str | None:
    text = value.strip() if value else None
    return bureau.keyring.seal_optional(text or None, place(table, column, row_id))


def _accounts(uow: Work, registration: RegisterDispute) -> dict[str, UUID]:
    names = {each.username for _, each in registration.people() if each.username}
    if not names:
        return {}
    rows = uow.connection.execute(
        sa.select(user_account.c.username, user_account.c.id).where(
            user_account.c.username.in_(names), user_account.c.is_active
        )
    )
    return {row.username: row.id for row in rows}


def _account_problems(registration: RegisterDispute, accounts: Mapping[str, UUID]) -> list[dict[str, Any]]:
    return [
        {
            "field": f"{at}.username",
            "code": "unknown-value",
            "zh": f"没有在用账号 {each.username}。",
            "en": f"There is no open account {each.username!r}.",
        }
        for at, each in registration.people()
        if each.username and each.username not in accounts
    ]
