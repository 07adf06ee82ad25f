"""Which papers a viewer may ask for in a case now, and what has become of a request."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer, require, roles_in_scope
from casework.commands.request_paper import JOB_TYPE
from casework.paper_kinds import is_repeated
from casework.paper_offers import OFFERS
from casework.store.tables import dispute, document
from engine.domain.errors import NotFoundError
from engine.store.tables import job

_STATES = {"waiting": "waiting", "leased": "waiting", "completed": "done"}


def list_offered_papers(connection: sa.Connection, viewer: Viewer, case_id: UUID) -> list[dict[str, Any]]:
    """Return the papers that the viewer may ask for in the case's present stage, as JSON, in the order of the stages.

    Raises NotFoundError, and ActionForbiddenError when no role of the viewer may issue papers in the case.
    """
    require(connection, viewer, "issue-document", case_id)
    roles = roles_in_scope(connection, viewer, case_id)
    stage = connection.execute(sa.select(dispute.c.stage).where(dispute.c.case_id == case_id)).scalar_one()
    there = set(
        connection.execute(
            sa.select(document.c.kind).where(
                document.c.case_id == case_id, document.c.superseded_at.is_(None), document.c.voided_at.is_(None)
            )
        ).scalars()
    )
    return [
        {
            "kind": offer.kind,
            "title": offer.zh,
            "title_en": offer.en,
            "grounds": [term.as_dict() for term in offer.grounds.values()],
            "is_for_one_party": offer.is_for_one_party,
            "is_about_paper": offer.is_about_paper,
            "is_of_session": offer.is_of_session,
            "is_next_version": offer.kind in there and not is_repeated(offer.kind),
        }
        for offer in OFFERS.values()
        if offer.roles & roles and (offer.stages is None or stage in offer.stages)
    ]


def get_rendering(connection: sa.Connection, viewer: Viewer, case_id: UUID, job_id: UUID) -> dict[str, Any]:
    """Return whether the paper that a job makes is there: `waiting`, `done` with document and number, or `failed`.

    A failed one is an incident that operators see. Raises NotFoundError and ActionForbiddenError.
    """
    require(connection, viewer, "issue-document", case_id)
    row = connection.execute(
        sa.select(job.c.state, job.c.input, job.c.result).where(
            job.c.id == job_id, job.c.case_id == case_id, job.c.job_type == JOB_TYPE, job.c.token_id.is_(None)
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError(what="rendering", id=job_id)
    made = connection.execute(
        sa.select(document.c.id, document.c.number).where(
            document.c.case_id == case_id, document.c.idempotency_key == str(job_id)
        )
    ).one_or_none()
    return {
        "job_id": job_id,
        "kind": row.input["kind"],
        "state": _STATES.get(row.state, "failed"),
        "document_id": None if made is None else made.id,
        "number": None if made is None else made.number,
    }
