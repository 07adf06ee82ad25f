"""Uploaded files: read once, limited in size, with a media type that their content bears out."""

from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from api.errors import BodyTooLargeError, RequestRejectedError


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
