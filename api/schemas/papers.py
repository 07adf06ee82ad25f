"""Shapes of papers: versions, formats, voiding, verification."""

from marshmallow import fields, validate

from api.schemas.cases import DocumentSchema
from api.schemas.fields import AnswerSchema, BodySchema, QuerySchema, text
from casework.documents import FORMATS


class ContentQuerySchema(QuerySchema):
    """In which format the content is wanted."""

    format = fields.String(
        load_default=None,
        validate=validate.OneOf(FORMATS),
        metadata={
            "description": "pdf (sealed where it is sealed), docx, scan, or original: as it was issued, before any seal."
        },
    )


class VersionsSchema(AnswerSchema):
    """Every version of one paper, oldest first."""

    items = fields.List(fields.Nested(DocumentSchema), required=True)


class VoidingBodySchema(BodySchema):
    """Why a paper is void."""

    reason = text(1000, required=True, shortest=1, description="Kept encrypted.")


class VersionFieldsSchema(BodySchema):
    """What comes with an edited version."""

    reason = text(1000, required=True, shortest=1, description="Why it was edited; kept encrypted.")


class VerificationQuerySchema(QuerySchema):
    """What stands on the paper."""

    number = fields.String(load_default="", metadata={"example": "枣市中光明调〔2026〕12号"})
    code = fields.String(load_default="", metadata={"example": "ACDE-FGHJ-KMNP"})


class PaperVerificationSchema(AnswerSchema):
    """Whether the paper is genuine, and nothing else."""

    is_genuine = fields.Boolean(required=True)
    state = fields.String(
        required=True, allow_none=True, metadata={"description": "current, superseded or voided; null: not genuine"}
    )
    version = fields.Integer(required=True, allow_none=True)
    replaced_by_version = fields.Integer(required=True, allow_none=True)
    issued_on = fields.Date(required=True, allow_none=True)
    issuer = fields.String(required=True, allow_none=True)
