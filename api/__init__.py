"""HTTP in, commands and queries out."""

from api.app import create_app

__all__ = ["create_app"]
