"""Form fields that come with an uploaded document."""

from marshmallow import fields, validate

from api.schemas.fields import BodySchema, text


class UploadFieldsSchema(BodySchema):
    """What an uploaded document is."""

    kind = fields.String(required=True, validate=validate.Regexp(r"[a-z0-9]+(-[a-z0-9]+)*\Z"))
    title = text(200)
    is_confidential = fields.Boolean(load_default=False)
