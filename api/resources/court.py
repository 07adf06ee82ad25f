"""The court's answers, signed by its gateway."""

from functools import wraps
from typing import Any, cast

from flask import request
from marshmallow import fields, validate

from api.context import current
from api.routes import Routes
from api.rules import View, public
from api.schemas.fields import AnswerSchema, BodySchema, text
from casework.commands.tell_court_answer import tell_court_answer
from casework.court_filings import STATES, answer_court_filing
from casework.gateway_signatures import SIGNATURE_HEADER, TIMESTAMP_HEADER, SigningKey, verify_signature
from engine.commands.correlate_message import correlate_message
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.actor import Actor
from engine.domain.errors import MessageNotCorrelatedError, NotFoundError
from engine.domain.values import Value
from engine.store.instances import business_key_of

routes = Routes("court", __name__, url_prefix="/api/v1/court", description="The court's gateway")

MESSAGE = "court-ruling"
GATEWAY = Actor("external:court")


class CallbackBodySchema(BodySchema):
    """What the court answered."""

    court_filing_number = fields.String(required=True, validate=validate.Length(1, 200))
    state = fields.String(required=True, validate=validate.OneOf(STATES[1:]))
    decided_on = fields.Date(load_default=None, allow_none=True)
    document_number = text(200)
    reason = text(4000, description="Kept encrypted.")


class CallbackSchema(AnswerSchema):
    """That the answer was taken."""

    state = fields.String(required=True)
    is_correlated = fields.Boolean(
        required=True, metadata={"description": "Whether a process waited for the answer and went on."}
    )


def signed_by_court(view: View) -> View:
    """Let a request through to `view`, and to its parsing, only when the court's gateway signed it."""

    @wraps(view)
    def check(*args: Any, **kwargs: Any) -> Any:
        context = current()
        secret = context.runtime.settings.court_gateway_secret
        if not secret:
            raise NotFoundError(what="court gateway", id="-")
        verify_signature(SigningKey(secret), dict(request.headers), request.get_data(cache=True), context.now)
        return view(*args, **kwargs)

    return cast(View, check)


@routes.route("/callbacks", methods=["POST"])
@public(owner="casework", reason="the gateway signs every message: HMAC over instant, key and body")
@signed_by_court
@routes.arguments(CallbackBodySchema)
@routes.doc(
    parameters=[
        {"in": "header", "name": TIMESTAMP_HEADER, "required": True, "schema": {"type": "string"}},
        {"in": "header", "name": SIGNATURE_HEADER, "required": True, "schema": {"type": "string"}},
    ]
)
@routes.response(200, CallbackSchema)
def take_court_callback(body: dict[str, Any]) -> dict[str, Any]:
    """Take the court's answer to a filing; the same message sent again changes nothing.

    A process that waits for the message `court-ruling` goes on with `court_state`, `court_decided_on` and
    `court_document_number`; where none waits the answer is kept, and the court liaison, the mediator and
    the supervisors are told to look at it.
    """
    context = current()
    uow = UnitOfWork(context.connection, context.runtime.platform, GATEWAY, context.now)
    filing = answer_court_filing(uow, context.bureau, body.pop("court_filing_number"), **body)
    try:
        correlate_message(
            uow,
            message_name=MESSAGE,
            business_key=business_key_of(context.connection, filing.case_id),
            variables=_variables(body),
        )
    except MessageNotCorrelatedError:
        if filing.answered_at == context.now:
            # new, not the same answer sent again
            tell_court_answer(uow, filing.case_id)
        return {"state": filing.state, "is_correlated": False}
    return {"state": filing.state, "is_correlated": True}


def _variables(body: dict[str, Any]) -> dict[str, Value]:
    return {
        "court_state": body["state"],
        "court_decided_on": body["decided_on"],
        "court_document_number": body["document_number"],
    }
