"""RFC 9457 problems."""

from marshmallow import fields

from api.schemas.fields import AnswerSchema


class FieldProblemSchema(AnswerSchema):
    """One field to mend."""

    path = fields.String(required=True, metadata={"example": "claims[0].amount"})
    code = fields.String(required=True, metadata={"example": "required"})
    message = fields.String(required=True, metadata={"example": "必填。"})


class ProblemSchema(AnswerSchema):
    """What went wrong, where, and how to mend it."""

    type = fields.String(required=True, metadata={"example": "urn:tingzhu:problem:user_task_already_completed"})
    title = fields.String(required=True, metadata={"example": "内容已发生变化"})
    status = fields.Integer(required=True, metadata={"example": 409})
    code = fields.String(
        required=True, metadata={"description": "Stable code.", "example": "user_task_already_completed"}
    )
    detail = fields.String(required=True, metadata={"description": "A sentence in the reader's language."})
    instance = fields.String(required=True, metadata={"description": "Path of the request."})
    errors = fields.List(fields.Nested(FieldProblemSchema), metadata={"description": "Fields to mend."})
    findings = fields.List(
        fields.Dict(), metadata={"description": "Why a deployment was refused: file, element, rule, message."}
    )
    data = fields.Dict(metadata={"description": "The facts that fill the sentence."})
