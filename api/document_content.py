"""How the bytes of a document are answered: as a download that no browser runs anything of."""

from urllib.parse import quote

from flask import Response

from api.media_types import EXTENSIONS
from casework.documents import DocumentContent


def content_answer(found: DocumentContent) -> Response:
    """Return the bytes of a document as a download under its title."""
    answer = Response(found.content, mimetype=found.media_type)
    name = found.record.title
    extension = EXTENSIONS.get(found.media_type, "")
    if extension and not name.lower().endswith(extension):
        name += extension
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
