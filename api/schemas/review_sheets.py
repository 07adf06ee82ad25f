"""Shapes of what a reviewer checks an agreement against."""

from marshmallow import fields, validate

from api.model_texts import FormText
from api.schemas.case_views import TermSchema
from api.schemas.fields import AnswerSchema


class ArticleSchema(AnswerSchema):
    """An article of a statute, cited."""

    zh = fields.String(required=True, metadata={"example": "《劳动人事争议仲裁办案规则》第七十八条第（三）项"})
    en = fields.String(required=True)


class GroundSchema(AnswerSchema):
    """A reason to refuse, as the form words it."""

    code = fields.String(required=True, metadata={"example": "78-3"})
    label = FormText(required=True)
    article = fields.Nested(ArticleSchema, required=True, allow_none=True)


class GroundsSchema(AnswerSchema):
    """The reasons that one form offers."""

    form_key = fields.String(required=True, metadata={"example": "review-decision"})
    field = fields.String(required=True, metadata={"description": "The field of the form that takes the code."})
    grounds = fields.List(fields.Nested(GroundSchema), required=True)


class ReviewMaterialSchema(AnswerSchema):
    """A paper that belongs to the application."""

    code = fields.String(required=True)
    label = FormText(required=True)
    state = fields.String(
        required=True,
        validate=validate.OneOf(["received", "missing", "supplied", "not-noted"]),
        metadata={"description": "`supplied`: it was missing and came when the parties were asked for it."},
    )


class ReviewItemSchema(AnswerSchema):
    """One promise of the agreement."""

    position = fields.Integer(required=True)
    content = fields.String(required=True)
    cause = fields.Nested(TermSchema, required=True)
    amount = fields.String(required=True, allow_none=True, metadata={"description": "Yuan."})
    payer = fields.String(required=True, allow_none=True)
    payee = fields.String(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    may_be_reviewed = fields.Boolean(
        required=True, metadata={"description": "False where review is closed to its cause (案由)."}
    )
    is_reviewed = fields.Boolean(
        required=True, allow_none=True, metadata={"description": "Decided at acceptance; null: nothing was decided."}
    )
    ground = fields.Nested(GroundSchema, required=True, allow_none=True)


class ReviewSheetSchema(AnswerSchema):
    """What a reviewer checks an agreement against."""

    agreement_document_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "The agreement that this system made, if it did."}
    )
    terms = fields.List(
        fields.String(), required=True, metadata={"description": "The agreement's terms, line by line."}
    )
    items = fields.List(fields.Nested(ReviewItemSchema), required=True)
    materials = fields.List(
        fields.Nested(ReviewMaterialSchema), required=True, metadata={"description": "Empty until papers were noted."}
    )
    grounds = fields.List(fields.Nested(GroundsSchema), required=True)
