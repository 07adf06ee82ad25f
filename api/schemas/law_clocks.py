"""How the next day that the law sets is shown, in lists of tasks and of cases."""

from marshmallow import fields

from api.schemas.fields import AnswerSchema


class WordsSchema(AnswerSchema):
    """Words in both languages."""

    zh = fields.String(required=True)
    en = fields.String(required=True)


class LawClockSchema(AnswerSchema):
    """What is left of a period that the law sets: of the task itself, else the next one of its case."""

    rule = fields.String(required=True, metadata={"example": "MED-15R"})
    rule_name = fields.Nested(WordsSchema, required=True)
    due_on = fields.Date(required=True, metadata={"description": "The last day as counted."})
    safe_on = fields.Date(required=True, metadata={"description": "The earliest reading of the time limit."})
    days_left = fields.Integer(
        required=True, metadata={"description": "Calendar days from today to `due_on`; negative once it is over."}
    )
    safe_days_left = fields.Integer(required=True, metadata={"description": "The same to `safe_on`."})
    is_provisional = fields.Boolean(required=True)
