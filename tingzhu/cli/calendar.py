"""`tingzhu calendar load FILE` and `tingzhu calendar show YEAR`: the work days of a year in the running system."""

import json
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
import yaml

from tingzhu.cli.client import Client, client_options
from tingzhu.cli.output import Misuse, language_option

PATIENCE = 300.0
"""Seconds that `load` waits for the recount; it goes on without us."""
PAUSE = 0.5


@click.group("calendar", short_help="Enter and show a year's work days. 录入、查看放假安排。")
def command() -> None:
    """Enter and show a year's work days. 录入、查看放假安排。"""


@command.command("load")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--reason", help="Why a notice that stands already is replaced. 更正理由。")
@client_options
@language_option
def load_command(path: Path, reason: str | None, client: Client, language: str) -> None:
    """Enter the notice of the State Council in FILE, and list what moved; wants an administrator (--user admin).

    \b
    FILE is YAML:
      year: 2027
      notice_number: 国办发明电〔2026〕×号
      rest_days:
        - {from: 2027-01-01, to: 2027-01-03, name: 元旦}
      make_up_days: [2027-01-04]
    """
    year, body = _notice(path)
    shown = client.put(f"/calendar-years/{year}", {**body, "reason": reason})
    _say(
        language, f"{year} 年放假安排已录入，正在重新计算期限。", f"{year} entered; deadlines are being counted again."
    )
    waited = 0.0
    while shown["recount"]["pending"] and waited < PATIENCE:
        time.sleep(PAUSE)
        waited += PAUSE
        shown = client.get(f"/calendar-years/{year}")
    _print_changes(client, year, shown["recount"], language)


@command.command("show")
@click.argument("year", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print JSON. 以 JSON 输出。")
@client_options
@language_option
def show_command(year: int, as_json: bool, client: Client, language: str) -> None:
    """Show the rest days and make-up days of YEAR as deadlines are counted with them."""
    shown = client.get(f"/calendar-years/{year}")
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    status = {"published": ("已公布", "published"), "provisional": ("暂定", "provisional")}[shown["status"]]
    number = f"  {shown['notice_number']}" if shown["notice_number"] else ""
    click.echo(f"{year}  {status[language == 'en']}{number}")
    for each in shown["rest_days"]:
        click.echo(f"  {each['day']}  {each['name']}")
    for day in shown["make_up_days"]:
        click.echo(f"  {day}  {'调休上班' if language == 'zh' else 'worked'}")


def _notice(path: Path) -> tuple[int, dict[str, Any]]:
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
        rest = [
            {"day": day.isoformat(), "name": str(entry["name"])}
            for entry in content["rest_days"]
            for day in _days(entry)
        ]
        body = {
            "notice_number": str(content["notice_number"]),
            "rest_days": rest,
            "make_up_days": [_day(day).isoformat() for day in content.get("make_up_days") or []],
        }
        return int(content["year"]), body
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Misuse(
            f"{path} 不能读作放假安排：{problem}。格式见 tingzhu calendar load --help。\n"
            f"{path} cannot be read as a notice: {problem}. For its form see tingzhu calendar load --help."
        ) from None


def _days(entry: dict[str, Any]) -> Iterator[date]:
    first = _day(entry["day"] if "day" in entry else entry["from"])
    last = first if "day" in entry else _day(entry["to"])
    if not timedelta(0) <= last - first < timedelta(days=60):
        raise ValueError(f"{first} – {last}")
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _print_changes(client: Client, year: int, recount: dict[str, int], language: str) -> None:
    cursor, cases = None, 0
    while True:
        page = client.get(f"/calendar-years/{year}/changes", **({"cursor": cursor} if cursor else {}))
        for item in page["items"]:
            cases += 1
            if item["problem"]:
                click.echo(f"{item['business_key']}  {item['problem']}")
            for moved in item["moved"]:
                rule = moved["rule"] or "-"
                dates = f"{moved['old_due_on']} → {moved['new_due_on']}"
                click.echo(f"{item['business_key']}  {moved['element_name']}  {rule}  {dates}")
        cursor = page["next_cursor"]
        if not cursor:
            break
    zh = f"重新计算 {recount['done']} 个案件，其中 {cases} 个案件的日期有变化；未完成 {recount['pending']} 个，失败 {recount['failed']} 个。"
    en = f"{recount['done']} cases counted again, {cases} with another date; {recount['pending']} to go, {recount['failed']} failed."
    _say(language, zh, en)


def _say(language: str, zh: str, en: str) -> None:
    click.echo(zh if language == "zh" else en)
