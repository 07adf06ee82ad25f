"""Shapes of process instances and of what a step brings about."""

from marshmallow import ValidationError, fields, validate, validates_schema

from api.model_texts import ModelName
from api.schemas.fields import AnswerSchema, BodySchema, PageQuerySchema, page_of
from engine.queries.progress import ELEMENT_STATES

INSTANCE_STATES = ("active", "suspended", "completed", "canceled")


def variables() -> fields.Dict:
    """Return the field of a set of variables."""
    return fields.Dict(
        keys=fields.String(validate=validate.Length(1, 200)),
        values=fields.Raw(allow_none=True),
        load_default=dict,
        metadata={
            "description": 'Variables by name. A date is {"$type": "date", "value": "2026-02-01"}; likewise '
            "datetime and decimal. Never names, numbers or addresses of persons.",
            "example": {"days": 3},
        },
    )


def reason() -> fields.String:
    """Return the field of an operator's reason."""
    return fields.String(
        required=True,
        validate=validate.Length(1, 1000),
        metadata={"description": "Kept for good in the case's history: name no person."},
    )


class StartBodySchema(BodySchema):
    """What to start, in which case."""

    process_key = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(1, 200), metadata={"example": "leave"}
    )
    message_name = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 200),
        metadata={"description": "Starts the process whose start event waits for this message, instead of a key."},
    )
    version = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 1_000_000))
    case_id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "An existing case."})
    business_key = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 200),
        metadata={"description": "Opens a case of its own under this key."},
    )
    variables = variables()

    @validates_schema
    def check_case(self, data: dict[str, object], **_options: object) -> None:
        """Ask for exactly one of `case_id` and `business_key`."""
        if (data.get("case_id") is None) == (data.get("business_key") is None):
            raise ValidationError("Invalid value.", "case_id")

    @validates_schema
    def check_process(self, data: dict[str, object], **_options: object) -> None:
        """Ask for exactly one of `process_key` and `message_name`."""
        if (data.get("process_key") is None) == (data.get("message_name") is None):
            raise ValidationError("Invalid value.", "process_key")


class NewUserTaskSchema(AnswerSchema):
    """A user task that a step opened."""

    id = fields.UUID(required=True)
    element_id = fields.String(required=True)
    element_name = ModelName(required=True)
    candidate_groups = fields.List(fields.String(), required=True)


class StepOutcomeSchema(AnswerSchema):
    """What a step of a process instance brought about."""

    instance_id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(INSTANCE_STATES))
    user_tasks = fields.List(
        fields.Nested(NewUserTaskSchema), required=True, metadata={"description": "User tasks that were opened."}
    )
    incidents = fields.List(fields.UUID(), required=True, metadata={"description": "Incidents that were raised."})


class InstanceQuerySchema(PageQuerySchema):
    """Filters of the list of process instances."""

    case_id = fields.UUID(load_default=None)
    process_key = fields.String(load_default=None)
    state = fields.String(load_default=None, validate=validate.OneOf(INSTANCE_STATES))


class InstanceSchema(AnswerSchema):
    """A process instance in a list."""

    id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    business_key = fields.String()
    definition_id = fields.UUID(required=True)
    deployment_id = fields.UUID(required=True)
    process_key = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(INSTANCE_STATES))
    started_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)


class TokenSchema(AnswerSchema):
    """Where a process instance stands."""

    process = fields.String(required=True, metadata={"description": "Process or sub-process."})
    element_id = fields.String(required=True)
    state = fields.String(required=True)
    incident = fields.Raw(allow_none=True)


class InstanceDetailSchema(InstanceSchema):
    """A process instance with its tokens and variables."""

    tokens = fields.List(fields.Nested(TokenSchema), required=True)
    variables = fields.Dict(
        required=True, allow_none=True, metadata={"description": "Null for whoever may not read the case."}
    )


class ElementProgressSchema(AnswerSchema):
    """A flow node of a diagram, and what became of it in one process instance."""

    id = fields.String(required=True, metadata={"description": "Of the BPMN element."})
    name = ModelName(required=True)
    type = fields.String(required=True, metadata={"example": "userTask"})
    event = fields.String(
        required=True, allow_none=True, metadata={"description": "What an event is about.", "example": "timer"}
    )
    attached_to = fields.String(
        required=True, allow_none=True, metadata={"description": "The activity that a boundary event sits on."}
    )
    called_process = fields.String(
        required=True, allow_none=True, metadata={"description": "Key of the process that a call activity calls."}
    )
    lane = ModelName(required=True, allow_none=True)
    state = fields.String(
        required=True,
        validate=validate.OneOf(ELEMENT_STATES),
        metadata={
            "description": "idle: never reached; done: passed and left; active: a token is there; "
            "incident: a token is there and cannot go on."
        },
    )
    tokens = fields.Integer(required=True)
    passes = fields.Integer(required=True, metadata={"description": "How often it was left."})
    first_at = fields.AwareDateTime(required=True, allow_none=True)
    last_at = fields.AwareDateTime(required=True, allow_none=True)
    due_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "Of an open user task or a running timer."}
    )
    incidents = fields.List(fields.UUID(), required=True, metadata={"description": "Open ones."})


class DiagramProgressSchema(AnswerSchema):
    """One diagram of a process instance: its own, or that of a process it called."""

    process_key = fields.String(required=True)
    name = ModelName(required=True)
    definition_id = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "`/process-definitions/{id}/xml` is the file; null when no version has it any more."},
    )
    elements = fields.List(fields.Nested(ElementProgressSchema), required=True)


class ProgressSchema(AnswerSchema):
    """Where a process instance stands, diagram by diagram; enough for overlays and for a list to be read aloud."""

    instance_id = fields.UUID(required=True)
    process_key = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(INSTANCE_STATES))
    diagrams = fields.List(fields.Nested(DiagramProgressSchema), required=True)


class ReasonBodySchema(BodySchema):
    """Why."""

    reason = reason()


class ReasonQuerySchema(BodySchema):
    """Why, where a request has no body."""

    reason = reason()
    lang = fields.String(load_only=True)


class CorrelationBodySchema(BodySchema):
    """A message and the case it is for."""

    message_name = fields.String(required=True, validate=validate.Length(1, 200), metadata={"example": "withdrawal"})
    business_key = fields.String(required=True, validate=validate.Length(1, 200))
    instance_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "Needed where several instances wait."}
    )
    variables = variables()


InstancePage = page_of(InstanceSchema, "ProcessInstancePage")
