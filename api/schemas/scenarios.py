"""Shapes of scenarios and of what came of playing them."""

from marshmallow import fields, validate

from api.model_texts import ModelName
from api.schemas.fields import AnswerSchema, BodySchema, page_of


class ElementPlaceSchema(AnswerSchema):
    """An element of a process."""

    process_key = fields.String(required=True)
    element_id = fields.String(required=True)


class ScenarioFailureSchema(AnswerSchema):
    """Where a scenario went another way than written."""

    step = fields.Integer(
        required=True,
        metadata={"description": "Number of the step; 0: what is given; one more than the last: its end."},
    )
    line = fields.Integer(required=True, metadata={"description": "In the file."})
    title = fields.String(required=True, metadata={"example": "complete: Task_check_intake"})
    what = fields.String(
        required=True, metadata={"description": "The step in plain words.", "example": "办理“登记核对”"}
    )
    elements = fields.List(fields.Nested(ElementPlaceSchema), required=True)
    messages = fields.List(
        fields.String(), required=True, metadata={"description": "What was expected and what was found."}
    )


class ScenarioResultItemSchema(AnswerSchema):
    """What came of a scenario."""

    id = fields.UUID(required=True)
    run_id = fields.UUID(required=True)
    file = fields.String(required=True)
    name = fields.String(required=True)
    process_key = fields.String(required=True)
    is_good = fields.Boolean(required=True)
    played_at = fields.AwareDateTime(required=True)
    seconds = fields.Float(required=True)
    failure = fields.Nested(ScenarioFailureSchema, required=True, allow_none=True)


class PlayedVersionSchema(AnswerSchema):
    """A version that was played."""

    id = fields.UUID(required=True)
    key = fields.String(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True)


class ScenarioResultSchema(ScenarioResultItemSchema):
    """What came of a scenario, with the way it took."""

    process_definition = fields.Nested(
        PlayedVersionSchema,
        required=True,
        allow_none=True,
        metadata={"description": "The version of the process that the scenario is about."},
    )
    passed = fields.List(
        fields.Nested(ElementPlaceSchema),
        required=True,
        metadata={"description": "In order, each as often as it was passed."},
    )


class ScenarioSchema(AnswerSchema):
    """A scenario file beside the processes of the installation."""

    file = fields.String(required=True, metadata={"example": "mediation/scenarios/withdrawn.yaml"})
    folder = fields.String(required=True, metadata={"example": "mediation"})
    name = fields.String(required=True)
    last_result = fields.Nested(ScenarioResultItemSchema, required=True, allow_none=True)


class ScenariosSchema(AnswerSchema):
    """Every scenario, by file."""

    items = fields.List(fields.Nested(ScenarioSchema), required=True)


class ScenarioRunBodySchema(BodySchema):
    """What is to be played."""

    folder = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 100),
        metadata={"description": "Folder of a process; null: all of them.", "example": "mediation"},
    )
    file = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 300),
        metadata={"description": "One scenario alone.", "example": "mediation/scenarios/withdrawn.yaml"},
    )


class NeverPassedSchema(AnswerSchema):
    """An element that no scenario passed."""

    element_id = fields.String(required=True)
    element_name = ModelName(required=True)


class CoverageSchema(AnswerSchema):
    """How much of a process the scenarios passed."""

    process_key = fields.String(required=True)
    name = fields.String(required=True)
    passed = fields.Integer(required=True)
    total = fields.Integer(required=True)
    never_passed = fields.List(fields.Nested(NeverPassedSchema), required=True)


class RunProblemSchema(AnswerSchema):
    """Why scenarios could not be played."""

    code = fields.String(required=True)
    message = fields.String(required=True)


class ScenarioRunItemSchema(AnswerSchema):
    """A run of scenarios."""

    id = fields.UUID(required=True)
    folder = fields.String(required=True, allow_none=True)
    file = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(["waiting", "running", "finished", "failed"]))
    requested_at = fields.AwareDateTime(required=True)
    requested_by = fields.String(required=True, metadata={"description": "Username."})
    started_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    total = fields.Integer(required=True, allow_none=True)
    done = fields.Integer(required=True)
    failed = fields.Integer(required=True, metadata={"description": "Of the scenarios that were played."})
    versions = fields.List(fields.Nested(PlayedVersionSchema), required=True)
    problem = fields.Nested(RunProblemSchema, required=True, allow_none=True)


class ScenarioRunSchema(ScenarioRunItemSchema):
    """A run of scenarios with what came of each, failures first."""

    coverage = fields.List(fields.Nested(CoverageSchema), required=True)
    results = fields.List(fields.Nested(ScenarioResultItemSchema), required=True)


ScenarioRunPage = page_of(ScenarioRunItemSchema, "ScenarioRunPage")
