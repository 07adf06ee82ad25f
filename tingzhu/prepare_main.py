"""Prepares an installation before it serves: python -m tingzhu.prepare_main

Migrates the schema, deploys processes and forms, adds demo data, writes the empty forms of papers; prints what the
supervisor tells people as JSON.
A process of its own, so that the supervisor stays small and never forks with sandboxes and interpreters loaded.
"""

import json
import os
import sys

import sqlalchemy as sa

from casework.paper_forms import FOLDER
from casework.roles import ROLES
from casework.settings import Settings
from casework.users import list_users
from engine.domain.errors import ModelInvalidError, TingzhuError
from handlers.papers.forms import write_forms
from handlers.settings import HandlerSettings
from tingzhu import composition, migrations
from tingzhu.cli import exit_code
from tingzhu.errors import DatabaseUnreachableError
from tingzhu.logs import set_up_logs


def main() -> int:
    """Prepare, print the report, and return the exit code."""
    settings = Settings.from_environment(os.environ)
    set_up_logs(settings)
    try:
        report = _prepare(settings)
    except TingzhuError as error:
        print(f"{error.sentence('zh')}\n{error.sentence('en')}", file=sys.stderr)
        if isinstance(error, ModelInvalidError):
            for finding in error.data.get("findings", []):
                place = " ".join(finding[key] for key in ("element_name", "element_id") if finding.get(key))
                print(f"  {finding['severity']}: {finding['file']}: {place} [{finding['rule']}]", file=sys.stderr)
                print(f"      {finding['zh']}\n      {finding['en']}", file=sys.stderr)
        return exit_code(error)
    print(json.dumps(report, ensure_ascii=False))
    return 0


def _prepare(settings: Settings) -> dict[str, object]:
    url = settings.database_url
    try:
        migrations.upgrade(url)
    except sa.exc.OperationalError as error:
        raise DatabaseUnreachableError(problem=str(error.orig).strip()) from None
    deployed = composition.prepare(settings, url)
    _write_forms(settings)
    return {
        "is_new": deployed.is_new,
        "process_definitions": len(deployed.process_definitions),
        "demo_accounts": _demo_accounts(settings, url),
    }


def _write_forms(settings: Settings) -> None:
    """Write the empty forms of papers where the API finds them."""
    write_forms(settings.var_dir / FOLDER, HandlerSettings.from_settings(settings, brand="").fonts)


def _demo_accounts(settings: Settings, url: str) -> list[dict[str, str]]:
    """Return the open demo accounts in the database, whether this start asked for them or an earlier one."""
    installation = composition.install(settings, url)
    with installation.begin() as connection:
        users = [user for user in list_users(connection, installation.bureau) if user.is_demo and user.is_active]
    installation.engine.dispose()
    demo = installation.bureau.site.demo
    password = demo.password if demo else ""
    return [
        {
            "username": user.username,
            "password": password,
            "display_name": user.display_name,
            "roles": "、".join(ROLES[role].zh if role in ROLES else role for role in user.roles),
        }
        for user in users
    ]


if __name__ == "__main__":
    sys.exit(main())
