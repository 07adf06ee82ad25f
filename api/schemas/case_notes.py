"""Shapes of the notes on a case."""

from marshmallow import fields, validate

from api.schemas.fields import AnswerSchema, BodySchema


class CaseNoteBodySchema(BodySchema):
    """A note on a case."""

    text = fields.String(required=True, validate=[validate.Length(1, 2000), validate.Regexp(r"(?s).*\S")])
    is_confidential = fields.Boolean(
        load_default=False, metadata={"description": "For the mediators of the case alone."}
    )


class CaseNoteSchema(AnswerSchema):
    """A note on a case."""

    id = fields.UUID(required=True)
    is_confidential = fields.Boolean(required=True)
    text = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    created_by = fields.String(required=True)
    author = fields.String(required=True, allow_none=True, metadata={"description": "Name of the account."})


class CaseNotesSchema(AnswerSchema):
    """Notes, oldest first."""

    items = fields.List(fields.Nested(CaseNoteSchema), required=True)
    may_keep_confidential = fields.Boolean(
        required=True, metadata={"description": "Whether the caller reads and writes confidential ones."}
    )
