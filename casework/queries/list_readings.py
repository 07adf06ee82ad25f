"""Which supervisors read a case."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.store.tables import case_access, user_account
from casework.users import user_names
from engine.queries.pages import Page, fetch_page


def list_readings(
    connection: sa.Connection,
    bureau: Bureau,
    case_id: UUID,
    *,
    after: Sequence[Any] | None = None,
    limit: int = 50,
) -> Page:
    """Return who read a case, newest first: `at`, `username`, `display_name`, `purpose`."""
    statement = (
        sa.select(case_access.c.at, case_access.c.purpose, user_account.c.username)
        .join(user_account, user_account.c.id == case_access.c.user_id)
        .where(case_access.c.case_id == case_id)
    )
    order = (case_access.c.at, case_access.c.id)
    page = fetch_page(connection, statement, order, after=after, limit=limit, descending=True)
    names = user_names(connection, bureau, {item["username"] for item in page.items})
    for item in page.items:
        item["display_name"] = names[item["username"]]
    return page
