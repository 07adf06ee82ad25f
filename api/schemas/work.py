"""Shapes of jobs, timers and incidents."""

from marshmallow import fields, validate

from api.model_texts import ModelName
from api.schemas.case_views import TermSchema
from api.schemas.fields import AnswerSchema, BodySchema, PageQuerySchema, SafeDateField, page_of, text
from api.schemas.instances import variables
from api.schemas.supervision import OrganisationReferenceSchema

JOB_STATES = ("waiting", "leased", "failed", "completed", "canceled")
TIMER_STATES = ("waiting", "fired", "failed", "canceled")
INCIDENT_STATES = ("open", "resolved")


class _PlaceSchema(AnswerSchema):
    id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    business_key = fields.String(required=True)
    instance_id = fields.UUID(required=True)
    process_key = fields.String(required=True)
    element_id = fields.String(required=True)
    element_name = ModelName(required=True)


class JobSchema(_PlaceSchema):
    """Automatic work."""

    job_type = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(JOB_STATES))
    attempts = fields.Integer(required=True)
    retries_left = fields.Integer(required=True)
    run_at = fields.AwareDateTime(required=True)
    lease_owner = fields.String(required=True, allow_none=True)
    lease_expires_at = fields.AwareDateTime(required=True, allow_none=True)
    failure = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)


class JobQuerySchema(PageQuerySchema):
    """Filters of the list of jobs."""

    case_id = fields.UUID(load_default=None)
    instance_id = fields.UUID(load_default=None)
    job_type = fields.String(load_default=None)
    state = fields.String(load_default=None, validate=validate.OneOf(JOB_STATES))


class TimerSchema(_PlaceSchema):
    """Something that will happen."""

    kind = fields.String(required=True, validate=validate.OneOf(["date", "duration", "cycle"]))
    state = fields.String(required=True, validate=validate.OneOf(TIMER_STATES))
    expression = fields.String(required=True)
    due_at = fields.AwareDateTime(required=True)
    due_on = fields.Date(
        required=True, allow_none=True, metadata={"description": "Last day of a time limit, where it is one."}
    )
    safe_on = SafeDateField("explanation")
    explanation = fields.Dict(required=True, allow_none=True)
    is_provisional = fields.Boolean(
        required=True, metadata={"description": "Reckoned with a year whose calendar is not published yet."}
    )
    inputs_read = fields.List(fields.String(), required=True)
    repeats_left = fields.Integer(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    lateness_ms = fields.Integer(required=True, allow_none=True)


class CaseTimerQuerySchema(PageQuerySchema):
    """Filters of the list of a case's timers."""

    instance_id = fields.UUID(load_default=None)
    state = fields.String(load_default="waiting", validate=validate.OneOf(TIMER_STATES))
    due_before = fields.AwareDateTime(load_default=None)


class TimerQuerySchema(CaseTimerQuerySchema):
    """Filters of the list of timers."""

    case_id = fields.UUID(load_default=None)


class IncidentSchema(_PlaceSchema):
    """Work that stopped; an operator is needed."""

    number = fields.String(
        required=True, allow_none=True, metadata={"description": "The dispute's number; null where it is none."}
    )
    stage = fields.Nested(TermSchema, required=True, allow_none=True)
    organisation = fields.Nested(
        OrganisationReferenceSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Who answers for the process that stopped; null where no organisation has it yet."},
    )
    assignee = fields.String(
        required=True, allow_none=True, metadata={"description": "Username of whoever sees to it."}
    )
    assignee_name = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True)
    message = fields.String(required=True, metadata={"description": "In the reader's language, where it is known."})
    state = fields.String(required=True, validate=validate.OneOf(INCIDENT_STATES))
    job_id = fields.UUID(required=True, allow_none=True)
    timer_id = fields.UUID(required=True, allow_none=True)
    raised_at = fields.AwareDateTime(required=True)
    resolved_at = fields.AwareDateTime(required=True, allow_none=True)
    resolved_by = fields.String(required=True, allow_none=True)
    resolution = fields.String(required=True, allow_none=True)


class IncidentQuerySchema(PageQuerySchema):
    """Filters of the list of incidents."""

    case_id = fields.UUID(load_default=None)
    instance_id = fields.UUID(load_default=None)
    organisation_id = fields.UUID(load_default=None, metadata={"description": "Which answers for the process."})
    area_code = fields.String(load_default=None, metadata={"description": "This area and below."})
    assignee = fields.String(load_default=None, metadata={"description": "A username, `me`, or `none` for nobody's."})
    kind = fields.String(load_default=None)
    raised_before = fields.AwareDateTime(load_default=None)
    state = fields.String(load_default="open", validate=validate.OneOf(INCIDENT_STATES))


class IncidentAssignmentBodySchema(BodySchema):
    """Who sees to an incident."""

    assignee = fields.String(
        required=True,
        validate=validate.Length(1, 100),
        metadata={"description": "Username of somebody who may repair the case, or `me`.", "example": "me"},
    )


class ResolutionBodySchema(BodySchema):
    """How an incident was dealt with."""

    resolution = text(1000, description="What was done before the retry; kept in history: name no person.")


class LeaseBodySchema(BodySchema):
    """Which jobs an external worker takes, and for how long."""

    worker = fields.String(required=True, validate=validate.Regexp(r"[A-Za-z0-9._-]{1,60}\Z"))
    job_types = fields.List(fields.String(), required=True, validate=validate.Length(1, 50))
    limit = fields.Integer(load_default=1, validate=validate.Range(1, 50))
    lease_seconds = fields.Integer(load_default=60, validate=validate.Range(5, 3600))


class LeasedJobSchema(AnswerSchema):
    """A job that a worker may do until its lease expires."""

    id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    instance_id = fields.UUID(required=True)
    process_key = fields.String(required=True)
    element_id = fields.String(required=True)
    element_name = ModelName(required=True)
    job_type = fields.String(required=True)
    input = fields.Dict(required=True)
    attempts = fields.Integer(required=True)
    lease_expires_at = fields.AwareDateTime(required=True)
    idempotency_key = fields.String(
        required=True, metadata={"description": "The same for every attempt: hand it to whatever the job calls."}
    )


class LeasesSchema(AnswerSchema):
    """The jobs that were leased."""

    items = fields.List(fields.Nested(LeasedJobSchema), required=True)


class _WorkerBodySchema(BodySchema):
    worker = fields.String(required=True, validate=validate.Regexp(r"[A-Za-z0-9._-]{1,60}\Z"))


class ExtensionBodySchema(_WorkerBodySchema):
    """How much longer a worker needs."""

    lease_seconds = fields.Integer(load_default=60, validate=validate.Range(5, 3600))


class LeaseSchema(AnswerSchema):
    """Until when a job is leased."""

    lease_expires_at = fields.AwareDateTime(required=True)


class JobCompletionBodySchema(_WorkerBodySchema):
    """A job's result."""

    result = variables()


class JobFailureBodySchema(_WorkerBodySchema):
    """Why an attempt failed."""

    failure = fields.String(required=True, validate=validate.Length(1, 4000))
    is_final = fields.Boolean(load_default=False, metadata={"description": "No further attempt would help."})


class JobFailureSchema(AnswerSchema):
    """What follows a failed attempt."""

    incident_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "Raised when no attempts are left."}
    )


class BpmnErrorBodySchema(_WorkerBodySchema):
    """A BPMN error, on which the process decides."""

    error_code = fields.String(required=True, validate=validate.Length(1, 200))
    message = fields.String(load_default="", validate=validate.Length(max=4000))
    variables = variables()


JobPage = page_of(JobSchema, "JobPage")
TimerPage = page_of(TimerSchema, "TimerPage")
IncidentPage = page_of(IncidentSchema, "IncidentPage")
