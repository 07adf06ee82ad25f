"""What parties wrote about a case, for the office; and the office's answers."""

from typing import Any
from uuid import UUID

from flask import request

from api.context import current
from api.languages import language_of
from api.on_behalf import acting_for
from api.parties import require_party
from api.routes import Routes
from api.rules import OFFICERS, requires
from api.schemas.party_desk import (
    BehalfQuerySchema,
    DeclarationOnBehalfBodySchema,
    OfficeMessageBodySchema,
    PartyActionsSchema,
    PartyMessagesSchema,
)
from api.schemas.user_tasks import CreatedSchema
from casework.access import require
from casework.party_desk import seat_of
from casework.party_messages import (
    Declared,
    declare_on_behalf,
    list_party_messages,
    mark_messages_read,
    open_declarations,
    write_to_party,
)
from engine.domain.errors import NotFoundError

routes = Routes(
    "party-messages",
    __name__,
    url_prefix="/api/v1/cases/<uuid:case_id>/party-messages",
    description="What parties and the office write to each other",
)


@routes.route("", methods=["GET"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.response(200, PartyMessagesSchema)
def list_case_party_messages(case_id: UUID) -> dict[str, Any]:
    """Everything that was written between the parties and the office, oldest first; no party reads another's."""
    context = current()
    require(context.connection, context.viewer, "read", case_id)
    return {"items": list_party_messages(context.connection, context.bureau, case_id)}


@routes.route("", methods=["POST"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.arguments(OfficeMessageBodySchema)
@routes.response(201, CreatedSchema)
def create_case_party_message(body: dict[str, Any], case_id: UUID) -> dict[str, Any]:
    """Write to one party; it is kept encrypted, and history tells that, not what, was written."""
    context = current()
    require(context.connection, context.viewer, "work", case_id)
    return {"id": write_to_party(context.uow, context.bureau, case_id, body["party_id"], body["text"])}


@routes.route("/on-behalf/offers", methods=["GET"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.arguments(BehalfQuerySchema, location="query")
@routes.response(200, PartyActionsSchema)
def list_declarations_on_behalf(query: dict[str, Any], case_id: UUID) -> dict[str, Any]:
    """What can be recorded now as declared by a party; payments go into the ledger of performance."""
    context, language = current(), language_of(request)
    require(context.connection, context.viewer, "work", case_id)
    seat = seat_of(context.connection, context.bureau, case_id, query["party_id"])
    return {
        "items": [
            {
                "kind": each.kind,
                "title": each.title.of(language),
                "note": each.note.of(language),
                "needs_answer": each.has_answer,
                "needs_payment": False,
                "is_binding": each.is_binding,
            }
            for each in open_declarations(context.connection, seat)
            if not each.has_payment
        ]
    }


@routes.route("/on-behalf", methods=["POST"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.arguments(DeclarationOnBehalfBodySchema)
@routes.response(201, CreatedSchema)
def create_declaration_on_behalf(body: dict[str, Any], case_id: UUID) -> dict[str, Any]:
    """Record what a party said or declared at the window, by telephone or on paper; the process is told at once.

    What binds the party (withdrawal, arbitration, more time) needs its signed paper as `proof_document_id`.
    """
    context = current()
    require(context.connection, context.viewer, "work", case_id)
    behalf = body.pop("on_behalf_of")
    require_party(context.connection, case_id, behalf)
    seat = seat_of(context.connection, context.bureau, case_id, behalf["party_id"])
    said = Declared(**body, document_id=behalf["proof_document_id"])
    return {"id": declare_on_behalf(context.uow, context.bureau, seat, said, acting_for(behalf))}


@routes.route("/<uuid:message_id>/reading", methods=["PUT"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.response(204)
def put_case_party_message_reading(case_id: UUID, message_id: UUID) -> None:
    """Say that a party's message was read and taken care of."""
    context = current()
    require(context.connection, context.viewer, "work", case_id)
    known = {row["id"] for row in list_party_messages(context.connection, context.bureau, case_id)}
    if message_id not in known:
        raise NotFoundError(what="message", id=message_id)
    mark_messages_read(context.uow, case_id, is_from_party=True, message_id=message_id)
