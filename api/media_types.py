"""Which files may be uploaded, recognised by their first bytes, never by what the sender calls them."""

from collections.abc import Mapping

from api.errors import ContentTypeUnsupportedError
from api.uploads import Upload
from casework.file_types import EXCEL, WORD, media_type_of

EXTENSIONS: Mapping[str, str] = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    WORD: ".docx",
    EXCEL: ".xlsx",
}
"""Media type -> ending of its files."""


def checked_media_type(upload: Upload) -> str:
    """Return the media type that the content of `upload` bears out; raises ContentTypeUnsupportedError."""
    found = media_type_of(upload.content)
    if found is not None:
        return found
    raise ContentTypeUnsupportedError(media_type=upload.media_type or "?", expected=", ".join(EXTENSIONS.values()))
