"""A real HTTP server that takes signed JSON, once per idempotency key, and misbehaves as it is told."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from casework.gateway_signatures import SignatureInvalidError, SigningKey, verify_signature

Answer = Callable[[dict[str, Any]], dict[str, Any]]


def system_now() -> datetime:
    return datetime.now(UTC)


class SignedGateway:
    """Answers each message with `answer(message)`; `script` says what to do to the next requests first.

    Words of the script: `ok`, a status (`500`, `422`, `422:code`), `slow:SECONDS` (then answers), `garbage`, `hang-up`,
    `drip` (a byte every now and then), `huge`.
    """

    def __init__(self, secret: str, answer: Answer, now: Callable[[], datetime] = system_now, port: int = 0) -> None:
        self.key = SigningKey(secret)
        self.script: deque[str] = deque()
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.taken: dict[str, dict[str, Any]] = {}
        """Idempotency key -> answer; a key that comes again gets its first answer."""
        self.messages: list[dict[str, Any]] = []
        """What was taken, each once."""
        self._answer = answer
        self._now = now
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/messages"

    def start(self) -> "SignedGateway":
        self._thread.start()
        return self

    def stop(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                gateway.requests.append((dict(self.headers.items()), body))
                word = gateway.script.popleft() if gateway.script else "ok"
                name, _, rest = word.partition(":")
                if name == "slow":
                    time.sleep(float(rest))
                if name == "hang-up":
                    self.close_connection = True
                    return
                if name in ("garbage", "drip", "huge"):
                    self._nonsense(name)
                elif name.isdigit():
                    self._reply(int(name), {"code": rest or "refused"})
                else:
                    self._reply(*gateway._take(dict(self.headers.items()), body))

            def _reply(self, status: int, message: dict[str, Any]) -> None:
                content = json.dumps(message, ensure_ascii=False).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def _nonsense(self, name: str) -> None:
                self.send_response(200)
                self.end_headers()
                try:
                    if name == "garbage":
                        self.wfile.write(b"<html>welcome to the portal</html>")
                    for _ in range(100 if name == "drip" else 0):
                        self.wfile.write(b" ")
                        self.wfile.flush()
                        time.sleep(0.1)
                    if name == "huge":
                        self.wfile.write(b"[" + b"1," * 10**6)
                except OSError:
                    return  # the other side had enough

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        return Handler

    def _take(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
        try:
            key = verify_signature(self.key, headers, body, self._now())
        except SignatureInvalidError as error:
            return 401, {"code": error.code, "message": str(error)}
        with self._lock:
            if key not in self.taken:
                message = json.loads(body)
                self.messages.append(message)
                self.taken[key] = self._answer(message)
            return 200, self.taken[key]
