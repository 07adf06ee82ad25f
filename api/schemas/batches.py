"""Shapes of user tasks taken together."""

from marshmallow import ValidationError, fields, validate, validates_schema

from api.model_texts import ModelName
from api.schemas.fields import AnswerSchema, BodySchema, PageQuerySchema, ProvisionalField, SafeDateField, page_of
from api.schemas.instances import StepOutcomeSchema
from api.schemas.problems import ProblemSchema
from api.schemas.user_tasks import CompletionBodySchema
from casework.queries.list_batches import MOST_TASKS

RESULTS = ("done", "already-done", "refused")


class BatchQuerySchema(PageQuerySchema):
    """Which user tasks are put together."""

    form_key = fields.String(
        load_default="review-decision",
        validate=validate.Length(1, 200),
        metadata={"description": "The form of the user tasks."},
    )


class EmployerSchema(AnswerSchema):
    """An employer, as the caller may see it."""

    name = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["person", "organisation"]))


class BatchApplicantSchema(AnswerSchema):
    """The first applicant of a case, and how many there are."""

    name = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["person", "organisation"]))
    count = fields.Integer(required=True)


class BatchTaskSchema(AnswerSchema):
    """A user task with what tells its case from the others."""

    id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    business_key = fields.String(required=True)
    number = fields.String(required=True)
    element_id = fields.String(required=True)
    element_name = ModelName(required=True)
    assignee = fields.String(required=True, allow_none=True, metadata={"description": "Username."})
    due_at = fields.AwareDateTime(required=True, allow_none=True)
    safe_on = SafeDateField("due_explanation")
    is_provisional = ProvisionalField("due_explanation")
    applicant = fields.Nested(BatchApplicantSchema, required=True)
    claim_total = fields.String(required=True, metadata={"description": "Yuan."})
    agreement_reviewability = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(["all", "none", "mixed"]),
        metadata={
            "description": "Whether the items of the agreement can be reviewed (案由); null when none were entered. "
            "`mixed` is decided item by item."
        },
    )


class BatchSchema(AnswerSchema):
    """The waiting user tasks of one employer."""

    employer = fields.Nested(EmployerSchema, required=True)
    count = fields.Integer(required=True, metadata={"description": f"All of them; at most {MOST_TASKS} are listed."})
    user_tasks = fields.List(fields.Nested(BatchTaskSchema), required=True)


BatchPage = page_of(BatchSchema, "BatchPage")


class ItemCompletionBodySchema(CompletionBodySchema):
    """One user task, and what its form was filled in with."""

    user_task_id = fields.UUID(required=True)


def _each_once(ids: list[object]) -> None:
    if len(set(ids)) < len(ids):
        raise ValidationError("Duplicate value.")


class CompletionsBodySchema(BodySchema):
    """User tasks to complete, one decision each."""

    items = fields.List(fields.Nested(ItemCompletionBodySchema), required=True, validate=validate.Length(1, MOST_TASKS))

    @validates_schema
    def check_items(self, data: dict[str, list[dict[str, object]]], **_options: object) -> None:
        """Ask for one decision per user task."""
        seen = set()
        for position, item in enumerate(data.get("items", [])):
            if item["user_task_id"] in seen:
                raise ValidationError({"items": {position: {"user_task_id": ["Duplicate value."]}}})
            seen.add(item["user_task_id"])


class UserTaskIdsBodySchema(BodySchema):
    """User tasks to do the same with."""

    user_task_ids = fields.List(
        fields.UUID(), required=True, validate=[validate.Length(1, MOST_TASKS), _each_once], metadata={"minItems": 1}
    )


class AssignmentsBodySchema(UserTaskIdsBodySchema):
    """User tasks to give to one person."""

    assignee = fields.String(required=True, validate=validate.Length(1, 100), metadata={"example": "mediator"})


class ItemResultSchema(AnswerSchema):
    """What became of one user task of a request."""

    user_task_id = fields.UUID(required=True)
    result = fields.String(required=True, validate=validate.OneOf(["done", "refused"]))
    problem = fields.Nested(ProblemSchema, required=True, allow_none=True)


class ItemResultsSchema(AnswerSchema):
    """One answer per user task, in the order sent."""

    items = fields.List(fields.Nested(ItemResultSchema), required=True)


class ItemCompletionSchema(AnswerSchema):
    """What became of one user task of a request."""

    user_task_id = fields.UUID(required=True)
    result = fields.String(required=True, validate=validate.OneOf(RESULTS))
    outcome = fields.Nested(StepOutcomeSchema, required=True, allow_none=True)
    problem = fields.Nested(ProblemSchema, required=True, allow_none=True)


class CompletionsSchema(AnswerSchema):
    """One answer per user task, in the order sent."""

    items = fields.List(fields.Nested(ItemCompletionSchema), required=True)
