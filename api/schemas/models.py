"""Shapes of deployments and process definitions."""

from marshmallow import fields, validate

from api.model_texts import ModelName
from api.schemas.fields import AnswerSchema, BodySchema, PageQuerySchema, page_of, text

LONGEST_FILE = 5 * 2**20


class FindingSchema(AnswerSchema):
    """One thing to mend (error) or to know (warning) in a model file."""

    file = fields.String(required=True)
    rule = fields.String(required=True, metadata={"example": "unknown-job-type"})
    severity = fields.String(required=True, validate=validate.OneOf(["error", "warning"]))
    element_id = fields.String(required=True, allow_none=True)
    element_name = ModelName(required=True, allow_none=True)
    message = fields.String(required=True)


class ResourceBodySchema(BodySchema):
    """A file to deploy, as text."""

    name = fields.String(required=True, validate=validate.Length(1, 200), metadata={"example": "leave/leave.bpmn"})
    content = fields.String(required=True, validate=validate.Length(1, LONGEST_FILE))


class DeploymentBodySchema(BodySchema):
    """Files to make live together."""

    resources = fields.List(fields.Nested(ResourceBodySchema), required=True, validate=validate.Length(1, 500))
    note = text(1000)


class DeployedDefinitionSchema(AnswerSchema):
    """A process definition as a deployment left it."""

    id = fields.UUID(required=True)
    key = fields.String(required=True)
    version = fields.Integer(required=True)
    name = ModelName(required=True)
    is_new = fields.Boolean(required=True, metadata={"description": "Whether this deployment made the version."})


class DeployedSchema(AnswerSchema):
    """What a deployment did."""

    id = fields.UUID(required=True)
    is_new = fields.Boolean(
        required=True, metadata={"description": "False when the very same files were live already."}
    )
    process_definitions = fields.List(fields.Nested(DeployedDefinitionSchema), required=True)
    findings = fields.List(fields.Nested(FindingSchema), required=True, metadata={"description": "Warnings."})


class CheckedDefinitionSchema(AnswerSchema):
    """A process definition as a deployment would leave it."""

    key = fields.String(required=True)
    name = ModelName(required=True)
    resource_name = fields.String(required=True)
    version = fields.Integer(required=True)
    is_new = fields.Boolean(required=True, metadata={"description": "Whether a deployment would make the version."})


class DeploymentCheckSchema(AnswerSchema):
    """What a deployment of the files would say; nothing was stored."""

    is_deployable = fields.Boolean(required=True)
    errors = fields.Integer(required=True)
    warnings = fields.Integer(required=True)
    findings = fields.List(
        fields.Nested(FindingSchema),
        required=True,
        metadata={"description": "Of the files sent, and of live files that would be carried along."},
    )
    process_definitions = fields.List(
        fields.Nested(CheckedDefinitionSchema),
        required=True,
        metadata={"description": "Empty where there is an error."},
    )


class MadeVersionSchema(AnswerSchema):
    """A version that a deployment made."""

    id = fields.UUID(required=True)
    key = fields.String(required=True)
    name = ModelName(required=True)
    version = fields.Integer(required=True)


class DeploymentSummarySchema(AnswerSchema):
    """A deployment in a list."""

    id = fields.UUID(required=True)
    content_hash = fields.String(required=True)
    note = fields.String(required=True, allow_none=True)
    actor_id = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)


class DeploymentItemSchema(DeploymentSummarySchema):
    """A deployment in a list: who made what live, and when."""

    deployed_by = fields.String(required=True, metadata={"description": "Username; `system` for the installation."})
    warnings = fields.Integer(required=True)
    sent_files = fields.Integer(required=True, metadata={"description": "Without those carried along."})
    made_versions = fields.List(fields.Nested(MadeVersionSchema), required=True)


class DeployedResourceSchema(AnswerSchema):
    """A file of a deployment."""

    name = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["bpmn", "dmn", "form"]))
    hash = fields.String(required=True)
    is_carried = fields.Boolean(
        required=True, metadata={"description": "Taken over from the deployment before, not sent with this one."}
    )


class ProcessDefinitionSchema(AnswerSchema):
    """One version of a process definition."""

    id = fields.UUID(required=True)
    key = fields.String(required=True)
    version = fields.Integer(required=True)
    name = ModelName(required=True)
    deployment_id = fields.UUID(required=True)
    resource_name = fields.String(required=True)
    resource_hash = fields.String(required=True)
    start_messages = fields.List(fields.String(), required=True)
    created_at = fields.AwareDateTime(required=True)


class DeploymentSchema(DeploymentSummarySchema):
    """A deployment with its files and the versions it made."""

    findings = fields.List(fields.Nested(FindingSchema), required=True)
    resources = fields.List(fields.Nested(DeployedResourceSchema), required=True)
    process_definitions = fields.List(fields.Nested(ProcessDefinitionSchema), required=True)


class ProcessDefinitionQuerySchema(PageQuerySchema):
    """Filters of the list of process definitions."""

    key = fields.String(load_default=None)
    all_versions = fields.Boolean(load_default=False, metadata={"description": "Not only the newest of each key."})


DeploymentPage = page_of(DeploymentItemSchema, "DeploymentPage")
ProcessDefinitionPage = page_of(ProcessDefinitionSchema, "ProcessDefinitionPage")
