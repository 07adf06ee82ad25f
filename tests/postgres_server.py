"""The PostgreSQL of one test run: python tests/postgres_server.py FOLDER OWNER_PID

Starts a server that need not survive a power cut, migrates its database for use as a template, writes the URL to
FOLDER/ready, and stops when it gets TERM or when the process OWNER_PID is gone; then it removes the folder too.
"""

import os
import shutil
import signal
import sys
import threading
from pathlib import Path

import psutil

from tingzhu import migrations
from tingzhu.embedded import EmbeddedPostgres


def main(folder: Path, owner: int) -> None:
    """Run the server until told to stop."""
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    with EmbeddedPostgres(folder / "pg", is_durable=False) as server:
        migrations.upgrade(server.url)
        (folder / "ready.part").write_text(server.url)
        os.replace(folder / "ready.part", folder / "ready")
        while not stopped.wait(0.5):
            if not psutil.pid_exists(owner):
                break
    if not stopped.is_set():
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
