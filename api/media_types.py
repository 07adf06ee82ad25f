"""Which files may be uploaded, recognised by their first bytes, never by what the sender calls them."""

from collections.abc import Mapping

from api.errors import ContentTypeUnsupportedError
from api.uploads import Upload

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

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
    content = upload.content
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"PK\x03\x04"):
        # both are ZIP archives whose directory names their parts
        if b"word/document.xml" in content:
            return WORD
        if b"xl/workbook.xml" in content:
            return EXCEL
    raise ContentTypeUnsupportedError(media_type=upload.media_type or "?", expected=", ".join(EXTENSIONS.values()))
