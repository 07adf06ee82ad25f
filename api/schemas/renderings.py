"""Shapes of papers that are asked for: what is offered, the request, what has become of it."""

from marshmallow import fields, validate

from api.schemas.fields import AnswerSchema, BodySchema, text
from casework.paper_offers import OFFERS

_KIND = validate.OneOf(list(OFFERS))


class RenderingBodySchema(BodySchema):
    """Which paper is wanted, and what is to stand on it."""

    kind = fields.String(required=True, validate=_KIND, metadata={"example": "intake-receipt"})
    grounds = fields.List(
        fields.String(),
        load_default=list,
        validate=validate.Length(max=20),
        metadata={"description": "Codes of what is ticked, of those that the offer names."},
    )
    party_id = fields.UUID(
        load_default=None, metadata={"description": "The one party it is for; a page for each party when left out."}
    )
    about_kind = fields.String(
        load_default=None,
        validate=validate.Length(max=100),
        metadata={"description": "Of a receipt of service: the kind of the case's paper that is served."},
    )
    held_at = fields.AwareDateTime(
        load_default=None, metadata={"description": "Of a notice of a session: when it is held."}
    )
    reason = text(1000, description="Why it is made again, when the case has one already; kept encrypted.")


class RenderingRequestedSchema(AnswerSchema):
    """The job that makes the paper; usually done within seconds."""

    job_id = fields.UUID(required=True)


class RenderingSchema(AnswerSchema):
    """What has become of the request."""

    job_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    state = fields.String(
        required=True,
        validate=validate.OneOf(["waiting", "done", "failed"]),
        metadata={"description": "failed: an incident is open, which operators see."},
    )
    document_id = fields.UUID(required=True, allow_none=True)
    number = fields.String(required=True, allow_none=True)


class PaperGroundSchema(AnswerSchema):
    """Something that may be ticked on a paper."""

    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class OfferedPaperSchema(AnswerSchema):
    """A paper that the caller may ask for now."""

    kind = fields.String(required=True, validate=_KIND)
    title = fields.String(required=True)
    title_en = fields.String(required=True)
    grounds = fields.List(fields.Nested(PaperGroundSchema), required=True)
    is_for_one_party = fields.Boolean(required=True, metadata={"description": "`party_id` may be given."})
    is_about_paper = fields.Boolean(required=True, metadata={"description": "`about_kind` is needed."})
    is_of_session = fields.Boolean(required=True, metadata={"description": "`held_at` may be given."})
    is_next_version = fields.Boolean(
        required=True, metadata={"description": "The case has one already: this one would replace it."}
    )


class OfferedPapersSchema(AnswerSchema):
    """Papers in the order of a case's stages."""

    items = fields.List(fields.Nested(OfferedPaperSchema), required=True)
