"""How commands speak: one language option, errors as sentences, exit codes 0 good, 1 findings, 2 misuse."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from engine.domain.errors import TingzhuError

F = TypeVar("F", bound=Callable[..., Any])


def language_option(function: F) -> F:
    """Add `--lang zh|en`; Chinese is the default."""
    option = click.option(
        "--lang",
        "language",
        type=click.Choice(["zh", "en"]),
        default="zh",
        show_default=True,
        envvar="TINGZHU_LANG",
        help="Language of the output. 输出语言。",
    )
    return option(function)


class Misuse(click.ClickException):
    """A command that was called in a way it cannot serve: exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the sentence alone."""
        click.echo(self.message, err=True)


def fail(language: str, zh: str, en: str) -> Misuse:
    """Return a misuse with its sentence in the reader's language."""
    return Misuse(zh if language == "zh" else en)


def fail_with(language: str, error: TingzhuError) -> Misuse:
    """Return a misuse that tells an error's sentence."""
    return Misuse(error.sentence(language))
