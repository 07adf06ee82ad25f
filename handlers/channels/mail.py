"""Mail by SMTP."""

import hashlib
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.errors import HeaderParseError
from email.message import EmailMessage
from email.utils import format_datetime

from casework.gateway import DeliveryDelayedError, DeliveryRefusedError
from engine.domain.clock import SHANGHAI
from handlers.settings import SmtpSettings


def send_mail(
    settings: SmtpSettings, address: str, subject: str, text: str, idempotency_key: str, now: datetime
) -> str:
    """Hand a mail to the server and return its Message-ID, which a repeated mail has too.

    Raises DeliveryDelayedError (no connection, 4yz) and DeliveryRefusedError (5yz, impossible address).
    """
    message_id = f"<{hashlib.sha256(idempotency_key.encode()).hexdigest()[:32]}@{_domain(settings.sender)}>"
    message = _message(settings, address, subject, text, now)
    message["Message-ID"] = message_id
    try:
        with _connected(settings) as server:
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused([code for code, _ in error.recipients.values()]) from error
    except smtplib.SMTPAuthenticationError as error:
        raise DeliveryDelayedError(f"邮件服务器拒绝登录（{error.smtp_code}）") from error
    except smtplib.SMTPResponseException as error:
        raise _refused([error.smtp_code]) from error
    except smtplib.SMTPNotSupportedError as error:
        raise DeliveryRefusedError("邮件服务器不支持该地址") from error
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryDelayedError(f"邮件服务器无法连接（{type(error).__name__}）") from error
    return message_id


def _message(settings: SmtpSettings, address: str, subject: str, text: str, now: datetime) -> EmailMessage:
    message = EmailMessage()
    try:
        message["From"] = settings.sender
        message["To"] = address
        message["Subject"] = subject
    except (ValueError, HeaderParseError, IndexError) as error:  # a line break or nonsense in an address
        raise DeliveryRefusedError("邮件地址无效") from error
    if "@" not in address:
        raise DeliveryRefusedError("邮件地址无效")
    message["Date"] = format_datetime(now.astimezone(SHANGHAI))
    message.set_content(text)
    return message


@contextmanager
def _connected(settings: SmtpSettings) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context()
    if settings.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.host, settings.port, timeout=settings.timeout_seconds, context=context
        )
    else:
        server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout_seconds)
    with server:
        try:
            if settings.security == "starttls":
                server.starttls(context=context)
            if settings.username is not None:
                server.login(settings.username, settings.password or "")
        except smtplib.SMTPNotSupportedError as error:  # a matter of settings, not of this mail
            raise DeliveryDelayedError("邮件服务器不支持所设的加密或者登录方式") from error
        yield server


def _refused(codes: list[int]) -> DeliveryDelayedError | DeliveryRefusedError:
    shown = "、".join(str(code) for code in codes)
    if codes and all(code >= 500 for code in codes):
        return DeliveryRefusedError(f"邮件服务器拒收（{shown}）", codes[0])
    return DeliveryDelayedError(f"邮件服务器暂不接收（{shown}）")


def _domain(sender: str) -> str:
    return sender.rpartition("@")[2].strip("> ") or "tingzhu"
