"""The operating system account that the embedded PostgreSQL runs as: ours, or another one where we are root."""

import logging
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

_log = logging.getLogger(__name__)
_OWN_ACCOUNT = "tingzhu"


@dataclass(frozen=True, slots=True)
class Account:
    """Whom a child runs as; None means as ourselves."""

    uid: int | None = None
    gid: int | None = None

    def own(self, path: Path) -> None:
        """Make the account the owner of `path`."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def server_account(data: Path) -> Account:
    """Return whom to run PostgreSQL as: it refuses root, so root takes an unprivileged account.

    That is the owner of the data where there are any, else `postgres` if the machine has it, else a system account
    made here, else `nobody`.
    """
    if os.geteuid() != 0:
        return Account()
    if data.exists() and data.stat().st_uid != 0:
        owner = data.stat()
        return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", _OWN_ACCOUNT):
        if (account := _account(name)) is not None:
            return account
    if shutil.which("useradd"):
        command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", _OWN_ACCOUNT]
        subprocess.run(command, check=False, capture_output=True)
    return _account(_OWN_ACCOUNT) or _account("nobody") or Account(65534, 65534)


def open_to(account: Account, *folders: Path) -> None:
    """Let another account pass through to the folders, and read what lies in the last one.

    Adds the right to pass (o+x), never the right to list; does nothing where we are not root.
    """
    if account.uid is None:
        return
    for folder in folders:
        for parent in (folder, *folder.parents):
            _grant(parent, stat.S_IXOTH)
    installed = folders[-1].parent
    if not (folders[-1] / "postgres").stat().st_mode & stat.S_IXOTH or not installed.stat().st_mode & stat.S_IROTH:
        for path in installed.rglob("*"):
            is_passable = path.is_dir() or bool(path.stat().st_mode & stat.S_IXUSR)
            _grant(path, stat.S_IROTH | (stat.S_IXOTH if is_passable else 0))


def _account(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def _grant(path: Path, rights: int) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & rights != rights:
        path.chmod(mode | rights)
        _log.info("%s: opened to the account of the embedded database (mode %o)", path, mode | rights)
