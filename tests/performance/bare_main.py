"""Serves the bare application with the product's server and the product's numbers of processes and threads."""

import os

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from casework.settings import Settings


def main() -> None:
    """Serve until told to stop."""
    settings = Settings.from_environment(os.environ)
    Granian(
        "tests.performance.bare:app",
        address="127.0.0.1",
        port=int(os.environ["BENCH_PORT"]),
        interface=Interfaces.WSGI,
        workers=settings.api_processes,
        blocking_threads=settings.api_threads,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main()
