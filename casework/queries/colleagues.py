"""Colleagues: the accounts of those who work in the office, for lists to choose from. No party is among them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer
from casework.bureau import Bureau
from casework.encryption import place
from casework.roles import ROLES
from casework.store.tables import organisation, user_account
from casework.tokens import VIEWER_COLUMNS, viewer_of

_OUTSIDE = ("worker", "employer", "external-worker")


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the office, with what a list shows of them."""

    viewer: Viewer
    display_name: str
    organisation_name: str | None

    @property
    def office_roles(self) -> tuple[str, ...]:
        """Their roles in the office, in the order in which roles are listed."""
        return tuple(role for role in ROLES if role in self.viewer.roles and role not in _OUTSIDE)

    def matches(self, text: str) -> bool:
        """Tell whether every word of a text is part of the name, the username or the organisation's name."""
        known = f"{self.display_name}\n{self.viewer.username}\n{self.organisation_name or ''}".casefold()
        return all(word in known for word in text.casefold().split())


def list_colleagues(connection: sa.Connection, bureau: Bureau) -> list[Colleague]:
    """Return the open accounts of the office. Their names are stored encrypted, so that SQL cannot search them."""
    rows = connection.execute(
        sa.select(*VIEWER_COLUMNS, user_account.c.display_name, organisation.c.name.label("organisation_name"))
        .outerjoin(organisation, organisation.c.id == user_account.c.organisation_id)
        .where(user_account.c.is_active, user_account.c.roles.overlap([role for role in ROLES if role not in _OUTSIDE]))
    )
    return [
        Colleague(
            viewer_of(row),
            bureau.keyring.open(row.display_name, place("user_account", "display_name", row.id)),
            row.organisation_name,
        )
        for row in rows
    ]


def nearest_first(colleagues: Iterable[Colleague], organisation_id: UUID | None) -> list[Colleague]:
    """Return colleagues by name, those of one's own organisation in front."""
    return sorted(
        colleagues,
        key=lambda each: (
            organisation_id is None or each.viewer.organisation_id != organisation_id,
            each.organisation_name or "",
            each.display_name,
            each.viewer.username,
        ),
    )
