"""`tingzhu deadline-rule`: the versions of the deadline rules in the running system, proposed by one and published by two."""

import json
import mimetypes
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from tingzhu.cli.client import Client, client_options
from tingzhu.cli.output import fail, language_option

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("deadline-rule", short_help="Show, propose and publish deadline rules. 查看、提出和公布期限规则。")
def command() -> None:
    """Show the deadline rules of the running system, and publish new versions of them.

    A new version is proposed by an administrator or a supervisor of the whole city, and published by another
    supervisor of the whole city.

    \b
    tingzhu deadline-rule show MED-15R
    tingzhu deadline-rule propose REV-ACC --length 3 --unit working-day --effective 2027-01-01 \\
        --source "办公会决定" --user admin
    tingzhu deadline-rule preview REV-ACC 2 --user supervisor
    tingzhu deadline-rule publish REV-ACC 2 --user supervisor

    期限规则的新版本由一人提出、另一人（市级主管）公布。
    """


@command.command("list", short_help="List the rules that hold on a day. 列出某日适用的规则。")
@click.option("--on", type=_DAY, help="The day; today unless given. 日期，默认今天。")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@client_options
@language_option
def list_rules(on: Any, as_json: bool, language: str, client: Client) -> None:
    """List every rule as it holds on a day, with version, length and basis."""
    found = client.get("/deadline-rules", **_on(on))["items"]
    if as_json:
        _print_json(found)
        return
    _print_table(
        (rule["id"], f"v{rule['version']}", rule["length_text"], rule["name"], "；".join(rule["basis"]))
        for rule in found
    )


@command.command("show", short_help="Show a rule and its versions. 显示规则及其版本。")
@click.argument("rule_id", metavar="RULE-ID")
@click.option("--on", type=_DAY, help="The day; today unless given. 日期，默认今天。")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@client_options
@language_option
def show(rule_id: str, on: Any, as_json: bool, language: str, client: Client) -> None:
    """Show one rule as it holds on a day, and every version of it that you may see."""
    path = _path(rule_id)
    rule = client.get(path, **_on(on))
    versions = client.get(f"{path}/versions")["items"]
    if as_json:
        _print_json({"rule": rule, "versions": versions})
        return
    for name, value in rule.items():
        click.echo(f"{name}: {_plain(value)}")
    for version in versions:
        click.echo("")
        _print_version(version)


@command.command("propose", short_help="Propose a new version. 提出新版本。")
@click.argument("rule_id", metavar="RULE-ID")
@click.option("--effective", type=_DAY, required=True, help="First day on which it holds. 施行日期。")
@click.option("--source", required=True, help="Where the new text stands. 来源（规定、条款、公布日期）。")
@click.option("--source-file", type=click.Path(path_type=Path), help="The text as a file (PDF, picture). 来源文件。")
@click.option(
    "--cases-before",
    type=click.Choice(["keep", "change"]),
    default="keep",
    show_default=True,
    help="What began before: keep the old rule, or change what still runs. 此前的期限：不变，或者未届满的改按新规定。",
)
@click.option(
    "--deciding-date",
    default="start",
    show_default=True,
    help="Event date that tells whether a case began before. 以哪个日期判断是否“此前”。",
)
@click.option("--length", type=int, help="New length. 期限长度。")
@click.option("--unit", help="New unit: calendar-day, working-day, month, year. 单位。")
@click.option("--extension-length", type=int, help="Units that one extension may add. 一次延长的长度。")
@click.option("--extension-times", type=int, help="How often it may be extended. 延长次数。")
@click.option(
    "--basis", multiple=True, metavar="STATUTE:ARTICLE,...", help="e.g. arbitration-case-rules:76(1),80; repeatable."
)
@click.option("--changes", "file", type=click.Path(path_type=Path), help="A JSON file with all changes. 修改内容文件。")
@client_options
@language_option
def propose(
    rule_id: str,
    effective: Any,
    source: str,
    source_file: Path | None,
    cases_before: str,
    deciding_date: str,
    length: int | None,
    unit: str | None,
    extension_length: int | None,
    extension_times: int | None,
    basis: Sequence[str],
    file: Path | None,
    language: str,
    client: Client,
) -> None:
    """Propose a new version of RULE-ID. It counts nothing until a second person publishes it.

    What the law leaves to the office (see left_to_office) needs no --basis; anything else does.
    """
    changes: dict[str, Any] = _read_changes(file, language) if file else {}
    given = {
        "length": length,
        "unit": unit,
        "extension_length": extension_length,
        "extension_times": extension_times,
        "basis": [_citation(text, language) for text in basis] or None,
    }
    changes |= {name: value for name, value in given.items() if value is not None}
    content = _read(source_file, language) if source_file else None
    body = {
        "changes": changes,
        "effective_on": f"{effective:%Y-%m-%d}",
        "cases_before": cases_before,
        "deciding_date": deciding_date,
        "source": source,
    }
    number = client.post(f"{_path(rule_id)}/versions", body).body["number"]
    _say(
        language,
        f"已提出 {rule_id.upper()} 第 {number} 版，待另一人公布。",
        f"Version {number} of {rule_id.upper()} is proposed; a second person publishes it.",
    )
    if source_file is not None and content is not None:
        _send(client, rule_id, number, source_file, content)


@command.command("attach", short_help="Attach the text a proposal rests on. 补充来源文件。")
@click.argument("rule_id", metavar="RULE-ID")
@click.argument("number", type=int)
@click.argument("file", type=click.Path(path_type=Path))
@client_options
@language_option
def attach(rule_id: str, number: int, file: Path, language: str, client: Client) -> None:
    """Attach a PDF, picture, Word or Excel file to a version that you have proposed; another one replaces it."""
    _send(client, rule_id, number, file, _read(file, language))
    _say(language, "已补充。", "Attached.")


@command.command("preview", short_help="Show which dates a version would move. 预览将改变的日期。")
@click.argument("rule_id", metavar="RULE-ID")
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@client_options
@language_option
def preview(rule_id: str, number: int, as_json: bool, language: str, client: Client) -> None:
    """Show every date of an open case in your area that publishing the version would move, and why."""
    path = f"{_path(rule_id)}/versions/{number}/preview"
    found = client.get(path)
    items, problems = list(found["items"]), list(found["problems"])
    while found["next_cursor"]:
        found = client.get(path, cursor=found["next_cursor"])
        items += found["items"]
        problems += found["problems"]
    if as_json:
        _print_json({**found, "items": items, "problems": problems})
        return
    _say(
        language,
        f"按此规则计算的在办案件 {found['cases']} 件，您可见 {found['cases_in_area']} 件；日期改变 {len(items)} 处。",
        f"{found['cases']} open cases have a date by this rule, {found['cases_in_area']} in your area; "
        f"{len(items)} dates move.",
    )
    for item in items:
        click.echo(f"{item['case_number']}  {item['element_name']}  {item['old_due_on']} -> {item['new_due_on']}")
        click.echo(f"    {item['why']}")
    for problem in problems:
        click.echo(f"{problem['case_number']}  {problem['message']}", err=True)


@command.command("publish", short_help="Publish a proposed version. 公布新版本。")
@click.argument("rule_id", metavar="RULE-ID")
@click.argument("number", type=int)
@click.option("--remark", help="Why. 说明。")
@client_options
@language_option
def publish(rule_id: str, number: int, remark: str | None, language: str, client: Client) -> None:
    """Publish a version that somebody else has proposed; the dates of open cases are counted again soon."""
    done = client.post(f"{_path(rule_id)}/versions/{number}/publication", {"remark": remark}).body
    _say(
        language,
        f"已公布；{done['cases']} 件在办案件将重新计算。",
        f"Published; {done['cases']} open cases are counted again.",
    )


@command.command("reject", short_help="Turn a proposed version down. 驳回新版本。")
@click.argument("rule_id", metavar="RULE-ID")
@click.argument("number", type=int)
@click.option("--remark", help="Why. 说明。")
@client_options
@language_option
def reject(rule_id: str, number: int, remark: str | None, language: str, client: Client) -> None:
    """Turn a version down that somebody else has proposed."""
    client.post(f"{_path(rule_id)}/versions/{number}/rejection", {"remark": remark})
    _say(language, "已驳回。", "Rejected.")


@command.command("withdraw", short_help="Take your own proposal back. 撤回本人提出的版本。")
@click.argument("rule_id", metavar="RULE-ID")
@click.argument("number", type=int)
@click.option("--remark", help="Why. 说明。")
@client_options
@language_option
def withdraw(rule_id: str, number: int, remark: str | None, language: str, client: Client) -> None:
    """Take a version back that you have proposed."""
    client.post(f"{_path(rule_id)}/versions/{number}/withdrawal", {"remark": remark})
    _say(language, "已撤回。", "Withdrawn.")


def _send(client: Client, rule_id: str, number: int, file: Path, content: bytes) -> None:
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    client.send_file(f"{_path(rule_id)}/versions/{number}/source", file.name, content, media_type)


def _path(rule_id: str) -> str:
    return f"/deadline-rules/{rule_id.strip().upper()}"


def _on(day: Any) -> dict[str, str]:
    return {"on": f"{day:%Y-%m-%d}"} if day else {}


def _citation(text: str, language: str) -> dict[str, Any]:
    statute, _, articles = text.partition(":")
    if not statute or not articles:
        raise fail(
            language,
            f"{text!r} 应写作 规定:条款，例如 civil-code:201(1)。",
            f"{text!r}: write STATUTE:ARTICLE, e.g. civil-code:201(1).",
        )
    return {"statute": statute.strip(), "articles": [article.strip() for article in articles.split(",")]}


def _read_changes(file: Path, language: str) -> dict[str, Any]:
    try:
        found = json.loads(_read(file, language))
    except ValueError as error:
        raise fail(language, f"{file} 不是 JSON：{error}", f"{file} is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise fail(language, f"{file} 应为 JSON 对象。", f"{file} must hold a JSON object.")
    return found


def _read(file: Path, language: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise fail(
            language, f"无法读取 {file}：{error.strerror}。", f"{file} cannot be read: {error.strerror}."
        ) from error


def _print_version(version: dict[str, Any]) -> None:
    head = f"v{version['number']}  {version['state']}  {version['effective_on']}  {version['proposed_by']}"
    click.echo(f"{head} -> {version['ended_by']}" if version["ended_by"] else head)
    click.echo(f"    {_plain(version['changes'])}")
    click.echo(f"    {version['cases_before']} ({version['deciding_date']})  {version['source']}")
    if version["recount"]:
        click.echo(f"    {_plain(version['recount'])}")


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _print_table(rows: Iterable[tuple[str, ...]]) -> None:
    known = list(rows)
    widths = [max((_width(row[column]) for row in known), default=0) for column in range(4)]
    for row in known:
        padded = (text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=False))
        click.echo("  ".join([*padded, row[-1]]))


def _width(text: str) -> int:
    """Return how many columns a terminal needs: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _say(language: str, zh: str, en: str) -> None:
    click.echo(zh if language == "zh" else en)
