"""User tasks of one kind that wait in many cases of one employer, so that they can be taken together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from casework.access import Viewer, case_scope, names_in_lists
from casework.bureau import Bureau
from casework.encryption import place
from casework.masking import masked_name
from casework.queries.first_parties import first_parties
from casework.store.tables import dispute, party, statement
from engine.queries.pages import Page, fetch_page
from engine.queries.user_tasks import OPEN
from engine.store.tables import case, user_task

MOST_TASKS = 200
"""How many user tasks of one employer are listed, and may be completed in one request."""

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_COLUMNS = ("id", "case_id", "element_id", "element_name", "assignee", "due_at", "due_explanation")


@dataclass(frozen=True, slots=True)
class BatchFilters:
    """Which user tasks are put together."""

    form_key: str
    """Those with this form."""
    offered: sa.ColumnElement[bool]
    """Those of which this condition over `user_task` holds: the viewer has claimed or may claim them."""


def list_batches(
    connection: sa.Connection,
    bureau: Bureau,
    viewer: Viewer,
    filters: BatchFilters,
    *,
    after: Sequence[Any] | None = None,
    limit: int = 50,
) -> Page:
    """Return employers with their waiting user tasks, the employer with the most urgent one first.

    The employer of a case is its first party that is an organisation, of the respondents if there is one there; where
    no party is, the first respondent. Two parties are the same employer when their identity numbers are, or when their
    names are and one has no number; nobody's name is read to tell. Of each employer at most `MOST_TASKS` user tasks are
    listed, by due time.
    """
    tasks = _tasks(viewer, filters).subquery()
    groups = (
        sa.select(tasks.c.employer_key, sa.func.count().label("count"), sa.func.min(tasks.c.due).label("due")).group_by(
            tasks.c.employer_key
        )
    ).subquery()
    page = fetch_page(connection, sa.select(groups), (groups.c.due, groups.c.employer_key), after=after, limit=limit)
    found: dict[str, list[dict[str, Any]]] = {group["employer_key"]: [] for group in page.items}
    for row in connection.execute(
        sa.select(tasks)
        .where(tasks.c.employer_key.in_(list(found)), tasks.c.place <= MOST_TASKS)
        .order_by(tasks.c.due, tasks.c.id)
    ).mappings():
        found[row["employer_key"]].append(dict(row))
    parties = first_parties(connection, bureau, [row["case_id"] for rows in found.values() for row in rows])
    items = [
        {
            "employer": _employer(bureau, found[group["employer_key"]][0]),
            "count": group["count"],
            "user_tasks": [_task(row, parties.get(row["case_id"], {})) for row in found[group["employer_key"]]],
        }
        for group in page.items
    ]
    return Page(items, page.next_after)


def _tasks(viewer: Viewer, filters: BatchFilters) -> sa.Select[Any]:
    waiting = (
        sa.select(user_task.c.id, user_task.c.case_id)
        .join(dispute, dispute.c.case_id == user_task.c.case_id)
        .where(
            user_task.c.state.in_(OPEN),
            user_task.c.form_key == filters.form_key,
            case_scope(viewer),
            filters.offered,
        )
        .cte("waiting")
    )
    employer = (
        sa.select(party.c.id, party.c.case_id, party.c.kind, party.c.name, party.c.name_index, party.c.id_number_index)
        .where(party.c.case_id.in_(sa.select(waiting.c.case_id)))
        .ext(distinct_on(party.c.case_id))
        .order_by(
            party.c.case_id,
            (party.c.kind == "organisation").desc(),
            (party.c.side == "respondent").desc(),
            party.c.position,
        )
        .cte("employer")
    )
    # a name that goes with one identity number only, among those that wait, stands for it
    named = (
        sa.select(
            employer.c.name_index,
            sa.func.min(employer.c.id_number_index).label("number"),
            sa.func.max(employer.c.id_number_index).label("other"),
        )
        .group_by(employer.c.name_index)
        .cte("named")
    )
    number_of_name = sa.case((named.c.number == named.c.other, named.c.number))
    key = sa.func.coalesce(employer.c.id_number_index, number_of_name, employer.c.name_index)
    due = sa.type_coerce(sa.func.coalesce(user_task.c.due_at, sa.literal(_NEVER)), user_task.c.due_at.type)
    reviewability = (
        sa.select(statement.c.code)
        .where(
            statement.c.case_id == user_task.c.case_id,
            statement.c.name == "agreement_items",
            statement.c.superseded_at.is_(None),
        )
        .scalar_subquery()
    )
    return (
        sa.select(
            *[user_task.c[name] for name in _COLUMNS],
            case.c.business_key,
            dispute.c.number,
            dispute.c.claim_total,
            names_in_lists(viewer).label("shows_names"),
            reviewability.label("agreement_reviewability"),
            employer.c.id.label("employer_id"),
            employer.c.name.label("employer_name"),
            employer.c.kind.label("employer_kind"),
            key.label("employer_key"),
            due.label("due"),
            sa.func.row_number().over(partition_by=key, order_by=(due, user_task.c.id)).label("place"),
        )
        .join(waiting, waiting.c.id == user_task.c.id)
        .join(case, case.c.id == user_task.c.case_id)
        .join(dispute, dispute.c.case_id == user_task.c.case_id)
        .join(employer, employer.c.case_id == user_task.c.case_id)
        .join(named, named.c.name_index == employer.c.name_index)
    )


def _employer(bureau: Bureau, row: dict[str, Any]) -> dict[str, Any]:
    party_id: UUID = row["employer_id"]
    name = bureau.keyring.open(row["employer_name"], place("party", "name", party_id))
    return {"name": _shown(name, row["employer_kind"], row), "kind": row["employer_kind"]}


def _task(row: dict[str, Any], parties: dict[str, dict[str, Any]]) -> dict[str, Any]:
    applicant = parties["applicant"]
    return {
        **{name: row[name] for name in (*_COLUMNS, "business_key", "number")},
        "applicant": applicant | {"name": _shown(applicant["name"], applicant["kind"], row)},
        "claim_total": str(row["claim_total"]),
        "agreement_reviewability": row["agreement_reviewability"],
    }


def _shown(name: str, kind: str, row: dict[str, Any]) -> str:
    return masked_name(name) if kind == "person" and not row["shows_names"] else name
