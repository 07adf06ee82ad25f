"""Which files are taken, recognised by their first bytes, never by what the sender calls them."""

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def media_type_of(content: bytes) -> str | None:
    """Return the media type that the content bears out, or None for what is not taken."""
    if content.startswith(b"%PDF-"):
        return PDF
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
    return None
