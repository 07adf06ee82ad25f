"""What handlers need to know of their surroundings; filled from the one settings object at start."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self, cast

from casework.gateway_signatures import SigningKey
from casework.settings import Settings

Security = Literal["none", "starttls", "tls"]


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The mail server that notices leave by."""

    host: str
    port: int
    sender: str
    security: Security = "starttls"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout_seconds: float = 15.0


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """The SMS gateway: JSON by HTTP POST, signed."""

    url: str
    key: SigningKey
    timeout_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class CourtSettings:
    """The court's gateway: JSON by HTTP POST, signed; its answers come to our callback, signed with the same key."""

    url: str
    key: SigningKey
    timeout_seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class HandlerSettings:
    """Everything handlers are told; a channel that is None is not configured."""

    fonts: tuple[Path, ...]
    """Folders with fonts: the shipped ones first, then those an installation adds for rare characters."""
    brand: str
    """The name under which notices speak to people."""
    address: str = "http://127.0.0.1:8000"
    """Where people reach the web pages, for links in notices and the QR codes of papers."""
    smtp: SmtpSettings | None = None
    sms: SmsSettings | None = None
    court: CourtSettings | None = None
    demo_messages: Path | None = None
    """Where a demonstration without an SMS gateway writes its text messages; None everywhere else."""

    @classmethod
    def from_settings(cls, settings: Settings, brand: str) -> Self:
        """Return what the installation's settings say; a channel without an address is not configured."""
        seconds = settings.http_timeout.total_seconds()
        smtp, sms, court = None, None, None
        if settings.smtp_host:
            smtp = SmtpSettings(
                host=settings.smtp_host,
                port=settings.smtp_port,
                sender=settings.smtp_sender,
                security=cast(Security, settings.smtp_security),
                username=settings.smtp_username or None,
                password=settings.smtp_password or None,
                timeout_seconds=seconds,
            )
        if settings.sms_gateway_url:
            sms = SmsSettings(settings.sms_gateway_url, SigningKey(settings.sms_gateway_secret), seconds)
        if settings.court_gateway_url:
            court = CourtSettings(settings.court_gateway_url, SigningKey(settings.court_gateway_secret), seconds)
        return cls(
            fonts=settings.fonts,
            brand=brand,
            address=settings.address,
            smtp=smtp,
            sms=sms,
            court=court,
            demo_messages=settings.var_dir / "demo-messages.txt" if settings.demo and sms is None else None,
        )

    def secrets(self) -> tuple[str, ...]:
        """Return what must never be written into a failure's text."""
        found = [self.smtp.password if self.smtp else None]
        found += [each.key.secret for each in (self.sms, self.court) if each]
        return tuple(secret for secret in found if secret)
