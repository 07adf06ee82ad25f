"""A real SMTP server on loopback that keeps what it gets and refuses as it is told."""

from collections import deque
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class MailServer:
    """`script` holds replies for the next recipients, e.g. `450 busy` or `550 no such user`; `ok` and none accept."""

    def __init__(self, port: int = 0) -> None:
        self.script: deque[str] = deque()
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        # port 0 lets the kernel choose, but the controller then asks port 0 whether it is up: tell it ours afterwards
        self._controller = _Controller(self, hostname="127.0.0.1", port=port)

    def start(self) -> "MailServer":
        self._controller.start()
        return self

    def stop(self) -> None:
        if self._controller.server is not None:
            self._controller.stop()

    @property
    def port(self) -> int:
        return int(self._controller.server.sockets[0].getsockname()[1])

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        word = self.script.popleft() if self.script else "ok"
        if word != "ok":
            return word
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.recipients.extend(envelope.rcpt_tos)
        return "250 OK"


class _Controller(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
