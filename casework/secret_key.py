"""The master secret: from the settings, or made once and kept in a file that only the owner may read."""

import base64
import os
import secrets
import tempfile

from casework.settings import SECRET_KEY_BYTES, Settings


def secret_key(settings: Settings) -> str:
    """Return the master secret as base64 text; makes `keys/secret_key` in the var folder at first use.

    Processes that start together get the same one: the file appears whole or not at all.
    """
    if settings.secret_key:
        return settings.secret_key
    folder = settings.var_dir / "keys"
    target = folder / "secret_key"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, part = tempfile.mkstemp(dir=folder, prefix="secret_key.")  # readable by the owner only
        with open(handle, "w") as file:
            file.write(base64.b64encode(secrets.token_bytes(SECRET_KEY_BYTES)).decode())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(part, target)
        except FileExistsError:
            pass  # another process was first; its secret is the one
        finally:
            os.unlink(part)
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
    return target.read_text().strip()
