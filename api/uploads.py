"""Uploaded files: read once, limited in size, with a media type that their content bears out."""

from dataclasses import dataclass
from typing import Any

from flask import Request
from werkzeug.datastructures import FileStorage

from api.errors import BodyTooLargeError, ContentTypeUnsupportedError, RequestInvalidError, RequestRejectedError
from api.validation_sentences import FieldProblem


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request."""

    name: str
    media_type: str
    content: bytes


def read_upload(upload: FileStorage, longest: int) -> Upload:
    """Return the content of an uploaded file; raises BodyTooLargeError beyond `longest` bytes.

    The stream is rewound first: the request's transaction may run a second time.
    """
    upload.stream.seek(0)
    content = upload.stream.read(longest + 1)
    if len(content) > longest:
        raise BodyTooLargeError(limit_mib=longest // 2**20)
    name = (upload.filename or "").strip()
    if not name:
        raise RequestRejectedError(problem="filename")
    return Upload(name, upload.mimetype, content)


def sent_file(request: Request, longest: int) -> Upload:
    """Return the field `file` of a multipart request, of at most `longest` bytes.

    Raises ContentTypeUnsupportedError, RequestInvalidError without a file, and what `read_upload` raises.
    """
    if request.mimetype != "multipart/form-data":
        raise ContentTypeUnsupportedError(media_type=request.mimetype, expected="multipart/form-data")
    file = request.files.get("file")
    if file is None or not file.filename:
        problem = FieldProblem("file", "required", "必填。", "This field is required.")
        raise RequestInvalidError(count=1, problems=[problem])
    return read_upload(file, longest)


def document_form(*, may_be_confidential: bool) -> dict[str, Any]:
    """Return the OpenAPI request body of a route that takes a document with its kind and title."""
    properties: dict[str, Any] = {
        "file": {"type": "string", "format": "binary"},
        "kind": {"type": "string", "example": "evidence"},
        "title": {"type": "string", "maxLength": 200},
    }
    if may_be_confidential:
        properties["is_confidential"] = {"type": "boolean"}
    schema = {"type": "object", "required": ["file", "kind"], "properties": properties}
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
