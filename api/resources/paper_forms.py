"""Empty forms of papers, for the window to print and people to fill with a pen."""

from pathlib import Path
from typing import Any

from flask import Response
from marshmallow import fields

from api.context import current
from api.document_content import download
from api.routes import Routes
from api.rules import CASEWORKERS, requires
from api.schemas.fields import AnswerSchema
from casework.file_types import PDF
from casework.paper_forms import FOLDER, list_paper_forms, read_paper_form

routes = Routes("paper-forms", __name__, url_prefix="/api/v1/paper-forms", description="Empty forms of papers")


class PaperFormSchema(AnswerSchema):
    """A paper that can be printed empty."""

    kind = fields.String(required=True, metadata={"example": "mediation-application"})
    title = fields.String(required=True)
    title_en = fields.String(required=True)


class PaperFormsSchema(AnswerSchema):
    """Every form, in the order of a case's stages."""

    items = fields.List(fields.Nested(PaperFormSchema), required=True)


@routes.route("", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="site")
@routes.response(200, PaperFormsSchema)
def list_forms() -> dict[str, Any]:
    """The papers that can be printed empty."""
    return {"items": [form.as_dict() for form in list_paper_forms(_folder())]}


@routes.route("/<string:kind>/content", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="site")
@routes.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def get_form_content(kind: str) -> Response:
    """The empty form as PDF, to print."""
    form, content = read_paper_form(_folder(), kind)
    return download(content, PDF, form.title)


def _folder() -> Path:
    return current().runtime.settings.var_dir / FOLDER
