"""Shapes of papers: versions, formats, voiding, verification."""

from marshmallow import fields, validate

from api.schemas.cases import DocumentSchema
from api.schemas.fields import AnswerSchema, BodySchema, QuerySchema, text
from casework.queries.documents import FORMATS
from casework.seals import SEAL_KINDS


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


class SealBodySchema(BodySchema):
    """Which seal or signature to put."""

    kind = fields.String(required=True, validate=validate.OneOf(SEAL_KINDS))


class ScanFieldsSchema(BodySchema):
    """What a scan of a sealed or signed original shows."""

    kind = fields.String(required=True, validate=validate.OneOf(SEAL_KINDS))
    signed_on = fields.Date(required=True)
    username = text(100, description="Who signed, when that is not the caller.")


class SealSchema(AnswerSchema):
    """A line of the log of seals."""

    id = fields.UUID(required=True)
    document_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    organisation_id = fields.UUID(required=True, allow_none=True)
    user_id = fields.UUID(required=True, allow_none=True)
    level = fields.String(required=True, metadata={"description": "paper-scan, basic or certified"})
    signed_on = fields.Date(required=True)
    provider = fields.String(required=True, metadata={"description": "local, gateway or paper"})
    algorithm = fields.String(required=True, metadata={"example": "ecdsa-p256-sha256"})
    certificate_sha256 = fields.String(required=True, allow_none=True)
    signed_sha256 = fields.String(required=True, metadata={"description": "SHA-256 of what was signed"})
    evidence = fields.Dict(required=True)
    sealed_at = fields.AwareDateTime(required=True)
    sealed_by = fields.String(required=True)


class SealCheckSchema(AnswerSchema):
    """What a signature in the PDF is worth."""

    field_name = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "good, unknown-signer, broken or not-checkable"})
    signer = fields.String(required=True, allow_none=True)
    certificate_sha256 = fields.String(required=True, allow_none=True)
    algorithm = fields.String(required=True, allow_none=True)
    signed_at = fields.AwareDateTime(required=True, allow_none=True)
    covers_everything = fields.Boolean(required=True, metadata={"description": "Nothing was added after it."})


class SealsSchema(AnswerSchema):
    """The log of a document's seals, and a fresh check of those in its PDF."""

    items = fields.List(fields.Nested(SealSchema), required=True)
    checks = fields.List(fields.Nested(SealCheckSchema), required=True)
