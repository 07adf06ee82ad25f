"""Serves the API: python -m tingzhu.api_main. The choice of server is docs/decisions/0002-wsgi-server.md."""

import multiprocessing
import os

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from casework.settings import Settings

STOP_PATIENCE = 6
"""Seconds that requests under way are given to end."""


def main() -> None:
    """Serve `tingzhu.wsgi:app` until told to stop; each serving process imports it afresh, none is forked."""
    settings = Settings.from_environment(os.environ)
    # granian would fork on Linux: a forked process swallows TERM until it serves, and sandboxes do not survive a fork
    multiprocessing.set_start_method("spawn")
    Granian(
        "tingzhu.wsgi:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.api_processes,
        blocking_threads=settings.api_threads,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=1.0,
        workers_kill_timeout=STOP_PATIENCE,
        log_level=LogLevels.error,  # its warnings tell of workers that only took a millisecond more to leave
    ).serve()


if __name__ == "__main__":
    main()
