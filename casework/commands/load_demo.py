"""Loads the demonstration accounts and disputes of a site, through the ordinary commands, once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.commands.register_dispute import register_dispute
from casework.errors import SiteInvalidError
from casework.organisations import synchronise_site
from casework.party_access import invite_party
from casework.queries.read_dispute import read_parties
from casework.registration import NewAgent, NewClaim, NewParty, RegisterDispute
from casework.store.tables import dispute, user_account
from casework.users import NewUser, create_user
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.actor import Actor


@dataclass(frozen=True, slots=True)
class DemoLoaded:
    """What was added; nothing when it was all there."""

    usernames: tuple[str, ...]
    business_keys: tuple[str, ...]


def load_demo(uow: UnitOfWork, bureau: Bureau) -> DemoLoaded:
    """Add the site's demonstration organisations, the accounts that are missing, and, in an empty system, its disputes.

    Raises SiteInvalidError when the site has no demo.yaml, and NotFoundError when no process `dispute` is deployed.
    """
    demo = bureau.site.demo
    if demo is None:
        raise SiteInvalidError(file="demo.yaml", problem="the file is missing")
    synchronise_site(uow, bureau, with_demo=True)
    known = set(uow.connection.execute(sa.select(user_account.c.username)).scalars())
    added = [user for user in demo.users if user["username"] not in known]
    for user in added:
        create_user(uow, bureau, demo_user(user, demo.password))
    keys: list[str] = []
    if uow.connection.execute(sa.select(dispute.c.case_id).limit(1)).first() is None:
        for entry in demo.disputes:
            by = replace(uow, actor=Actor(f"user:{entry['by']}"))
            registered = register_dispute(by, bureau, registration_of(entry))
            keys.append(registered.business_key)
            if len(keys) == 1:  # its link and codes are written down where the demonstration's text messages go
                applicant = read_parties(uow.connection, bureau, registered.case_id)[0]
                invite_party(by, bureau, registered.case_id, applicant.party_id, is_sent=True)
    return DemoLoaded(tuple(user["username"] for user in added), tuple(keys))


def has_demo_accounts(connection: sa.Connection) -> bool:
    """Tell whether open accounts with the published password exist; such a system must not listen to the world."""
    statement = sa.select(user_account.c.id).where(user_account.c.is_demo, user_account.c.is_active).limit(1)
    return connection.execute(statement).first() is not None


def demo_user(entry: Mapping[str, Any], password: str) -> NewUser:
    """Return the account that an entry of demo.yaml describes."""
    return NewUser(
        username=entry["username"],
        password=password,
        display_name=entry["display_name"],
        roles=tuple(entry["roles"]),
        area_code=entry.get("area"),
        organisation_code=entry.get("organisation"),
        is_demo=True,
    )


def registration_of(entry: Mapping[str, Any]) -> RegisterDispute:
    """Return the registration that an entry of demo.yaml describes."""
    return RegisterDispute(
        channel=entry["channel"],
        area_code=entry["area"],
        applicants=tuple(_party(each) for each in entry["applicants"]),
        respondents=tuple(_party(each) for each in entry["respondents"]),
        claims=tuple(_claim(each) for each in entry["claims"]),
        worker_count=entry.get("worker_count"),
        industry=entry.get("industry"),
        flags=tuple(entry.get("flags", ())),
    )


def _party(entry: Mapping[str, Any]) -> NewParty:
    agents = tuple(NewAgent(**each) for each in entry.get("agents", ()))
    return NewParty(**{**entry, "agents": agents})


def _claim(entry: Mapping[str, Any]) -> NewClaim:
    amount = entry.get("amount")
    return NewClaim(
        cause_code=entry["cause"],
        amount=None if amount is None else Decimal(amount),
        facts=entry.get("facts"),
        applicant=entry.get("applicant"),
    )
