"""The register of service (送达): who was served with which paper, how, and when that counts."""

from typing import Any
from uuid import UUID

from flask import request

from api.actors import shown_actor
from api.context import current
from api.languages import language_of
from api.routes import Routes
from api.rules import OFFICERS, requires
from api.schemas.services import RegisterOfServiceSchema, ServicesBodySchema, ServicesResultSchema
from casework.access import require
from casework.commands.record_services import case_and_kind, record_services, require_served
from casework.errors import InputInvalidError
from casework.queries.list_services import list_services
from casework.service_records import SERVED_PAPERS, Service, addressees_of, checked_service
from casework.store.service_records import case_parties
from engine.domain.clock import shanghai_date

routes = Routes("services", __name__, url_prefix="/api/v1", description="Service of papers on parties")


@routes.route("/cases/<uuid:case_id>/services", methods=["GET"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.response(200, RegisterOfServiceSchema)
def list_case_services(case_id: UUID) -> dict[str, Any]:
    """The papers of a case that are served, each with who is missing and every record that was made."""
    context = current()
    require(context.connection, context.viewer, "read-document", case_id)
    items = list_services(context.connection, context.bureau, case_id)
    for paper in items:
        for record in paper["services"]:
            record["recorded_by"] = shown_actor(record["recorded_by"])
    return {"items": items}


@routes.route("/documents/<uuid:document_id>/services", methods=["POST"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.arguments(ServicesBodySchema)
@routes.response(200, ServicesResultSchema)
def create_document_services(body: dict[str, Any], document_id: UUID) -> dict[str, Any]:
    """Record who was served with a document; another record for the same party supersedes the one before.

    Once every addressee has been served, the latest day becomes the event date of the paper and starts what counts from
    it. Claiming a user task is not service. Changing a service that counted needs a note.
    """
    context = current()
    case_id, kind = case_and_kind(context.connection, document_id)
    require(context.connection, context.viewer, "work", case_id)
    require_served(kind)
    parties = {each.party_id for each in addressees_of(kind, case_parties(context.connection, case_id))}
    services: dict[UUID, Service] = {}
    for number, sent in enumerate(body["services"], 1):
        party_id = sent["party_id"]
        if party_id not in parties or party_id in services:
            zh, en = f"第 {number} 行：不是本文书的受送达人，或者重复。", f"row {number}: not an addressee, or twice."
            raise InputInvalidError(name=SERVED_PAPERS[kind].field, problem_zh=zh, problem_en=en)
        services[party_id] = checked_service(
            kind,
            party_id=party_id,
            method=sent["method"],
            sent_on=sent["sent_on"],
            served_on=sent["served_on"],
            is_refused=sent["refused"],
            has_consent=sent["has_consent"],
            has_photographs=sent["has_photographs"],
            proof_document_id=sent["proof_document_id"],
            note=sent["note"],
            today=shanghai_date(context.now),
            where=(SERVED_PAPERS[kind].field, number),
        )
    result = record_services(context.uow, context.bureau, document_id, list(services.values()))
    language = language_of(request)
    return {
        "case_id": result.case_id,
        "kind": result.kind,
        "document_id": result.document_id,
        "state": result.state,
        "event_date": result.event_date,
        "served_on": result.served_on,
        "moved_timers": result.moved_timers,
        "warnings": [
            {
                "earlier": warning.earlier,
                "later": warning.later,
                "message": warning.zh if language == "zh" else warning.en,
            }
            for warning in result.warnings
        ],
    }
