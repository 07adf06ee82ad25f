"""How the bytes of a document are answered: as a download that no browser runs anything of."""

from urllib.parse import quote

from flask import Response

from api.media_types import EXTENSIONS
from casework.queries.documents import DocumentContent


def content_answer(found: DocumentContent) -> Response:
    """Return the bytes of a document as a download under its title."""
    return download(found.content, found.media_type, found.record.title)


def download(content: bytes, media_type: str, name: str) -> Response:
    """Return bytes as a download under a name, which gets the extension of its kind."""
    answer = Response(content, mimetype=media_type)
    extension = EXTENSIONS.get(media_type, "")
    if extension and not name.lower().endswith(extension):
        name += extension
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
