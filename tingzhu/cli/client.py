"""The command line's way to the running system: the HTTP API, like any other client."""

import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import click
import httpx

from casework.settings import Settings
from tingzhu.cli.output import Misuse

PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between the attempts to reach a system that has answered before."""

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Answer:
    """A JSON answer."""

    status: int
    body: Any

    @property
    def is_refused(self) -> bool:
        """Whether the system said what is wrong instead."""
        return self.status >= 400


class Client:
    """Speaks to one running system as one user."""

    def __init__(self, base_url: str, language: str = "zh") -> None:
        self._http = httpx.Client(
            base_url=f"{base_url.rstrip('/')}/api/v1", timeout=60, headers={"Accept-Language": language}
        )
        self._has_answered = False

    def sign_in(self, username: str, password: str) -> "Client":
        """Get an access token; return the client."""
        answer = self.post("/auth/tokens", {"username": username, "password": password})
        self._http.headers["Authorization"] = f"Bearer {answer.body['access_token']}"
        return self

    def get(self, path: str, **params: Any) -> Any:
        """Return the body of a successful GET."""
        return self._send("GET", path, params=params).body

    def download(self, path: str) -> bytes:
        """Return the bytes of a successful GET."""
        try:
            response = self._http.get(path)
        except httpx.HTTPError as error:
            raise _unreachable(self._http, error) from error
        if response.is_error:
            raise _refused(response)
        return response.content

    def post(self, path: str, body: Any, *, accept_refusal: bool = False) -> Answer:
        """Send a POST with a new idempotency key."""
        headers = {"Idempotency-Key": secrets.token_hex(16)}
        return self._send("POST", path, json=body, headers=headers, accept_refusal=accept_refusal)

    def upload(self, path: str, kind: str, content: bytes) -> Answer:
        """Send a PDF as a document of this kind, with a new idempotency key."""
        headers = {"Idempotency-Key": secrets.token_hex(16)}
        files = {"file": (f"{kind}.pdf", content, "application/pdf")}
        return self._send("POST", path, data={"kind": kind}, files=files, headers=headers)

    def send_file(self, path: str, name: str, content: bytes, media_type: str) -> Answer:
        """Send one file as multipart/form-data, with a new idempotency key."""
        headers = {"Idempotency-Key": secrets.token_hex(16)}
        return self._send("POST", path, files={"file": (name, content, media_type)}, headers=headers)

    def put(self, path: str, body: Any) -> Any:
        """Return the body of a successful PUT."""
        return self._send("PUT", path, json=body).body

    def _send(self, method: str, path: str, *, accept_refusal: bool = False, **options: Any) -> Answer:
        # A request that got no answer is sent again as it is: its idempotency key keeps it from acting twice.
        for pause in (*PAUSES, None):
            try:
                response = self._http.request(method, path, **options)
            except httpx.TransportError as error:
                if pause is None or not self._has_answered:
                    raise _unreachable(self._http, error) from error
            else:
                self._has_answered = True
                if response.status_code != 503 or pause is None:
                    break
            time.sleep(pause)
        if response.is_error and not accept_refusal:
            raise _refused(response)
        return Answer(response.status_code, response.json() if response.content else None)


def _unreachable(http: httpx.Client, error: Exception) -> Misuse:
    return Misuse(
        f"无法连接 {http.base_url}（{error}）。请先用 make run 启动系统，或用 --url 指定地址。\n"
        f"Cannot reach {http.base_url}. Start the system with `make run`, or name it with --url."
    )


def _refused(response: httpx.Response) -> Misuse:
    try:
        body = response.json()
    except ValueError:
        body = {}
    lines = [body.get("detail") or f"{response.status_code} {response.reason_phrase}"]
    lines += [f"  {item.get('path', '')}: {item.get('message', '')}" for item in body.get("errors") or []]
    return Misuse("\n".join(lines))


def client_options(function: F) -> F:
    """Add `--url`, `--user` and `--password`, and hand the command a signed-in `client`."""

    @click.option("--url", help="Address of the running system. 系统地址。", envvar="TINGZHU_URL")
    @click.option("--user", default="designer", show_default=True, help="Account. 账号。", envvar="TINGZHU_USER")
    @click.option("--password", help="Password (default: the demo password). 密码。", envvar="TINGZHU_PASSWORD")
    @wraps(function)
    def signed_in(*args: Any, url: str | None, user: str, password: str | None, language: str, **kwargs: Any) -> Any:
        client = Client(url or default_url(), language).sign_in(user, password or demo_password())
        return function(*args, client=client, language=language, **kwargs)

    return signed_in  # type: ignore[return-value]


def default_url() -> str:
    """Return where this installation's settings say that the system listens."""
    settings = Settings.from_environment(os.environ)
    return f"http://{settings.host}:{settings.port}"


def demo_password() -> str:
    """Return the password of the site's demo accounts. Raises Misuse when the site has none."""
    from casework.site import load_site

    demo = load_site(Settings.from_environment(os.environ).site_dir).demo
    if demo is None:
        raise Misuse("请用 --password 给出密码。/ Give the password with --password.")
    return demo.password
