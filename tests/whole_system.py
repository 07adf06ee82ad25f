"""One whole system in processes of its own, as `tingzhu up` runs it, with demo accounts."""

import base64
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil

from tingzhu import children

KEY = base64.b64encode(bytes(range(32))).decode()


class System:
    """One var folder and the `tingzhu up` over it."""

    def __init__(self, var: Path, **variables: str) -> None:
        self.var = var
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TINGZHU_")}
        self.environment = {
            **kept,
            "TINGZHU_VAR_DIR": str(var),
            "TINGZHU_PORT": str(self.port),
            "TINGZHU_DEMO": "1",
            "TINGZHU_SECRET_KEY": KEY,
            **variables,
        }

    def start(self) -> float:
        """Start and return the seconds until it was ready."""
        before = time.monotonic()
        self.output = self.var.with_suffix(".log")
        with open(self.output, "wb") as output:
            command = [sys.executable, "-m", "tingzhu", "up"]
            self.process = children.spawn(command, environment=self.environment, output=output, errors=output)
        self.until(lambda: "Tingzhu is ready" in self.said() or self.process.poll() is not None, 180)
        return time.monotonic() - before

    def said(self) -> str:
        return self.output.read_text()

    def until(self, condition: Callable[[], bool], patience: float = 60) -> None:
        give_up = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < give_up, self.said()
            time.sleep(0.05)

    def is_healthy(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/api/v1/health", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def signs_in(self) -> bool:
        answer = httpx.post(
            f"http://127.0.0.1:{self.port}/api/v1/auth/tokens",
            json={"username": "window", "password": "tingzhu-demo"},
            timeout=20,
        )
        return answer.is_success

    def processes(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def find(self, part: str) -> psutil.Process | None:
        for process in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):
                if any(part in word for word in process.cmdline()):
                    return process
        return None

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(40)
