"""An office over a real database: site, keys, host, a process `dispute` cut to what a test is about."""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer
from casework.bureau import Bureau, open_bureau
from casework.commands.register_dispute import RegisteredDispute, register_dispute
from casework.host import CaseworkHost
from casework.model_words import NO_MODEL_WORDS
from casework.organisations import synchronise_site
from casework.registration import NewAgent, NewClaim, NewParty, RegisterDispute
from casework.store.tables import organisation
from casework.users import NewUser, create_user, viewer_for_username
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.actor import Actor
from engine.domain.resource import Resource
from tests.bpmn_builder import END, file, node, process
from tests.bpmn_builder import START as START_EVENT
from tests.engine_world import World

SITES = Path(__file__).parents[3] / "sites"
SECRET = "dGVzdCBzZWNyZXQgdGVzdCBzZWNyZXQgdGVzdCBzZWM="
GML, LSL, LINCHENG, XINGREN, TENGZHOU = "370402006", "370402005", "370403001", "370403002", "370481001"
"""Streets: two in Shizhong, one in Xuecheng, one run by the high-tech zone, one in Tengzhou."""

PLAIN_DISPUTE = file(
    process(
        "dispute", START_EVENT, END, node("userTask", "a", camunda_candidateGroups="window-clerk"), "start>a", "a>end"
    )
)


def person(name: str = "张三", **changes: Any) -> NewParty:
    """Return an applicant."""
    return replace(NewParty("person", name, phone="13800000000"), **changes)


def company(name: str = "某某机械有限公司", **changes: Any) -> NewParty:
    """Return a respondent."""
    return replace(NewParty("organisation", name, legal_representative="李四"), **changes)


def registration(**changes: Any) -> RegisterDispute:
    """Return a registration of one worker against one company for wages."""
    plain = RegisterDispute(
        channel="window",
        area_code=GML,
        applicants=(person(),),
        respondents=(company(),),
        claims=(NewClaim("wages", Decimal("18000.00"), "2026年6月至8月工资未发。"),),
    )
    return replace(plain, **changes)


def lawyer(name: str = "王五", **changes: Any) -> NewAgent:
    """Return an agent."""
    return replace(NewAgent("lawyer", name, "special", phone="13900000000"), **changes)


class Office(World):
    """A world with the dispute domain in it; ids count up, so rows come in the order they were made."""

    words = NO_MODEL_WORDS
    """English of the models of a test."""

    def __init__(
        self, engine: sa.Engine, var: Path, dispute_file: bytes = PLAIN_DISPUTE, *, first_id: int = 1_000_000
    ) -> None:
        self.bureau: Bureau = open_bureau(SITES / "zaozhuang", var, SECRET, words=self.words)
        super().__init__(engine)
        numbers = itertools.count(first_id)

        def ids() -> UUID:
            return UUID(int=next(numbers))

        self.platform = replace(self.platform, ids=ids, host=CaseworkHost(self.bureau, ids))
        with self.work(Actor("system")) as uow:
            synchronise_site(uow, self.bureau, with_demo=True)
        self.deploy(dispute_file)

    def rows(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> list[sa.Row[Any]]:
        """Return rows of a table in the order of their primary key."""
        with self.engine.connect() as connection:
            return list(connection.execute(sa.select(table).where(*where).order_by(*table.primary_key.columns)))

    def deploy_forms(self, dispute_file: bytes, forms: Mapping[str, bytes]) -> None:
        """Deploy another process `dispute` with forms."""
        self.deploy(dispute_file, *(Resource(name, content) for name, content in forms.items()))

    @contextmanager
    def as_user(self, username: str) -> Iterator[UnitOfWork]:
        """Open a unit of work of a user."""
        with self.work(Actor(f"user:{username}")) as uow:
            yield uow

    def register(self, by: str = "window", **changes: Any) -> RegisteredDispute:
        """Register a dispute."""
        with self.as_user(by) as uow:
            return register_dispute(uow, self.bureau, registration(**changes))

    def user(self, username: str, *roles: str, area: str | None = None, organisation: str | None = None) -> Viewer:
        """Create an account and return its viewer."""
        with self.work(Actor("system")) as uow:
            create_user(
                uow,
                self.bureau,
                NewUser(username, "correct horse", f"{username} 的姓名", roles, area, organisation),
            )
            found = viewer_for_username(uow.connection, username)
        assert found is not None
        return found

    def organisation_id(self, code: str) -> UUID:
        """Return the id of an organisation of the site."""
        (row,) = self.rows(organisation, organisation.c.code == code)
        found: UUID = row.id
        return found

    @property
    def today(self) -> date:
        """The day of the office's clock."""
        return self.clock.now().date()
