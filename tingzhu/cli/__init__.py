"""The command `tingzhu`: every module of this folder that has a `command` is a sub-command of its name."""

import importlib
import logging
import os
import pkgutil
from typing import Any

import click

from engine.domain.errors import InvalidInputError, ModelInvalidError, TingzhuError

ORDER = (
    "up",
    "demo",
    "deadline",
    "deadline-rule",
    "calendar",
    "check",
    "words",
    "scenarios",
    "diagram",
    "paper",
    "deploy",
    "audit",
    "user",
    "seal",
)
"""How the commands are listed: what a newcomer tries first comes first."""

_log = logging.getLogger(__name__)


class _Commands(click.Group):
    """Loads a command's module when the command is asked for, so that each starts as fast as it can."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        found = [name.replace("_", "-") for _, name, _ in pkgutil.iter_modules(__path__)]
        shown = [name for name in found if self.get_command(ctx, name)]
        return sorted(shown, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = cmd_name.replace("-", "_")
        if name not in {module.name for module in pkgutil.iter_modules(__path__)}:
            return None
        found = getattr(importlib.import_module(f"{__name__}.{name}"), "command", None)
        return found if isinstance(found, click.Command) else None

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TingzhuError as error:
            click.echo(f"{error.sentence('zh')}\n{error.sentence('en')}", err=True)
            ctx.exit(exit_code(error))
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if os.environ.get("TINGZHU_LOG_LEVEL", "").lower() == "debug":
                raise
            click.echo(
                f"意外错误：{type(error).__name__}：{error}\nUnexpected: {type(error).__name__}: {error}\n"
                "TINGZHU_LOG_LEVEL=debug 可显示详情 / shows where it happened.",
                err=True,
            )
            ctx.exit(1)


def exit_code(error: TingzhuError) -> int:
    """Return 2 for what the caller must put right in the call or its settings, 1 for all that failed."""
    is_misuse = isinstance(error, InvalidInputError) and not isinstance(error, ModelInvalidError)
    return 2 if is_misuse else 1


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tingzhu", prog_name="tingzhu")
def main() -> None:
    """听竹：劳动人事争议多元处理。Case orchestration for labour and personnel disputes.

    Exit codes: 0 good, 1 findings or failures, 2 misuse. Settings are environment variables: docs/reference/settings.md.
    """
