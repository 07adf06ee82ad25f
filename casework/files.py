"""Files on disk: named by the SHA-256 of their content, encrypted, and durable before anything refers to them."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from casework.encryption import Keyring
from casework.errors import FileTooLargeError, SealedValueBrokenError, StoredFileBrokenError

MAX_FILE_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True, repr=False)
class FileStore:
    """A folder of content-addressed files."""

    folder: Path
    keyring: Keyring

    def path(self, sha256: str) -> Path:
        """Return where the content with this hash lies; raises ValueError for anything but a hash."""
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise ValueError("not a SHA-256 in hexadecimal")
        return self.folder / sha256[:2] / sha256[2:]

    def store(self, content: bytes) -> str:
        """Keep `content` and return its SHA-256; once this returns, the bytes outlive a power cut.

        The same content is kept once. Raises FileTooLargeError.
        """
        if len(content) > MAX_FILE_BYTES:
            raise FileTooLargeError(size=len(content), limit=MAX_FILE_BYTES)
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path(sha256)
        if target.exists():
            return sha256
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = target.with_name(f"{target.name}.{os.getpid()}.{os.urandom(4).hex()}.part")
        try:
            with open(part, "xb") as file:
                os.fchmod(file.fileno(), 0o600)
                file.write(self.keyring.seal_bytes(content, _place(sha256)))
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)
        for folder in (target.parent, self.folder):
            _sync_folder(folder)
        return sha256

    def read(self, sha256: str) -> bytes:
        """Return the content with this hash; raises StoredFileBrokenError when it is gone or was changed."""
        try:
            content = self.keyring.open_bytes(self.path(sha256).read_bytes(), _place(sha256))
        except (FileNotFoundError, SealedValueBrokenError):
            raise StoredFileBrokenError(sha256=sha256) from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise StoredFileBrokenError(sha256=sha256)
        return content


def _place(sha256: str) -> str:
    return f"file:{sha256}"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
