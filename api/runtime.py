"""What one serving process carries: the platform, the bureau and the settings, hung on the Flask application."""

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from casework.bureau import Bureau
from casework.settings import Settings
from engine.runtime.platform import Platform

_KEY = "tingzhu"


@dataclass(frozen=True, slots=True)
class Runtime:
    """Everything a request may use besides its database connection."""

    platform: Platform
    bureau: Bureau
    settings: Settings


def attach(app: Flask, runtime: Runtime) -> None:
    """Hang `runtime` on `app`."""
    app.extensions[_KEY] = runtime


def runtime() -> Runtime:
    """Return the runtime of the current application."""
    return cast(Runtime, current_app.extensions[_KEY])
