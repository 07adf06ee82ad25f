"""What handlers need to know of their surroundings; filled from the one settings object at start."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from casework.signatures import SigningKey


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The mail server that notices leave by."""

    host: str
    port: int
    sender: str
    security: Literal["none", "starttls", "tls"] = "starttls"
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
    address: str | None = None
    """Where people reach the web pages, for links in notices."""
    smtp: SmtpSettings | None = None
    sms: SmsSettings | None = None
    court: CourtSettings | None = None

    def secrets(self) -> tuple[str, ...]:
        """Return what must never be written into a failure's text."""
        found = [self.smtp.password if self.smtp else None]
        found += [each.key.secret for each in (self.sms, self.court) if each]
        return tuple(secret for secret in found if secret)
