"""`tingzhu audit verify [CASE]`: checks that no history row was edited, deleted, inserted, reordered or cut off."""

import json
import os
from typing import Any

import click
import sqlalchemy as sa

from casework.settings import Settings
from engine.domain.errors import HistoryBrokenError
from engine.store.history import verify
from engine.store.tables import case
from tingzhu.cli.output import fail, language_option
from tingzhu.embedded import database


@click.group("audit", short_help="Check the records of cases. 核验案件记录。")
def command() -> None:
    """Check the records of cases. 核验案件记录。"""


@command.command("verify")
@click.argument("business_key", metavar="[CASE]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON. 以 JSON 输出。")
@language_option
def verify_command(business_key: str | None, as_json: bool, language: str) -> None:
    """Verify the hash chain of one case (its business key), or of all cases; the first broken row of each is named.

    Exit code 0: all chains hold; 1: one is broken; 2: misuse.
    """
    settings = Settings.from_environment(os.environ)
    results: list[dict[str, Any]] = []
    with database(settings) as url:
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            for case_id, key in _cases(connection, business_key, language):
                results.append(_check(connection, case_id, key, language))
        engine.dispose()
    broken = [result for result in results if not result["is_valid"]]
    if as_json:
        click.echo(json.dumps(results, ensure_ascii=False, indent=2))
    else:
        for result in broken:
            click.echo(result["problem"])
        rows = sum(result["rows"] or 0 for result in results)
        zh = f"已核验 {len(results)} 个案件、{rows} 条记录：{len(broken)} 个案件的记录链断裂。"
        en = f"{len(results)} cases, {rows} rows verified: {len(broken)} broken."
        click.echo(zh if language == "zh" else en)
    if broken:
        raise SystemExit(1)


def _cases(connection: sa.Connection, business_key: str | None, language: str) -> list[tuple[Any, str]]:
    statement = sa.select(case.c.id, case.c.business_key).order_by(case.c.created_at, case.c.id)
    if business_key is not None:
        statement = statement.where(case.c.business_key == business_key)
    found = [(row.id, row.business_key) for row in connection.execute(statement)]
    if business_key is not None and not found:
        raise fail(language, f"没有案件 {business_key}。", f"There is no case {business_key}.")
    return found


def _check(connection: sa.Connection, case_id: Any, key: str, language: str) -> dict[str, Any]:
    try:
        return {"case": key, "is_valid": True, "rows": verify(connection, case_id), "problem": None}
    except HistoryBrokenError as error:
        return {
            "case": key,
            "is_valid": False,
            "rows": None,
            "seq": error.data["seq"],
            "problem": error.sentence(language),
        }
