"""`tingzhu deadline RULE-ID DATE`: count a statutory period and explain it; needs no running system."""

import json
import unicodedata
from datetime import date, datetime
from typing import Any

import click

from casework.deadlines.citations import join_en, join_zh
from casework.deadlines.computation import Deadline, compute
from casework.deadlines.rule_book import CaseRules, shipped_book
from casework.deadlines.rules import CaseFacts, DeadlineRule, deadline_rules
from casework.deadlines.work_calendar import WEEKDAYS_EN, WEEKDAYS_ZH, WorkCalendar
from casework.vocabulary import MEDIATION_KINDS
from engine.domain.errors import TingzhuError


def _day(_context: click.Context, _parameter: click.Parameter, value: str | None) -> date | None:
    """Read a date written as 2026-02-01; other ISO forms are more likely a slip than meant."""
    if value is None:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError:
        raise click.BadParameter(
            f"{value!r} 不是日期，应写作 2026-02-01 / is not a date, write it as 2026-02-01"
        ) from None


@click.command("deadline", short_help="Count a statutory period and explain it. 计算并解释法定期限。")
@click.argument("rule_id", metavar="RULE-ID", required=False)
@click.argument("start", metavar="DATE", callback=_day, required=False)
@click.option("--extended-by", metavar="N", type=int, default=0, help="Units added by an extension, e.g. 15 on ARB-45.")
@click.option(
    "--organisation", metavar="KIND", help="Kind of mediation organisation, to see what binds it. 调解组织类型。"
)
@click.option("--list", "list_rules", is_flag=True, help="List every rule instead.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the text.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    rule_id: str | None,
    start: date | None,
    extended_by: int,
    organisation: str | None,
    list_rules: bool,
    lang: str,
    as_json: bool,
) -> None:
    """Print when the period of RULE-ID that runs from the event on DATE is over, and why.

    \b
    tingzhu deadline MED-15R 2026-02-01          受理调解申请后十五日
    tingzhu deadline ARB-45 2026-08-20 --extended-by 15
    tingzhu deadline MED-15R 2026-02-01 --organisation street
    tingzhu deadline --list

    Counts by the rules that came with the software; what the office has published: tingzhu deadline-rule.
    The safe date is the earliest reading: no moving for rest days, calendar days where the unit is disputed.
    A provisional date depends on a year whose work days are not published yet.
    Exit codes: 0 counted, 2 misuse (unknown rule, a rule without days, bad date).
    """
    if list_rules:
        if rule_id is not None:
            raise click.UsageError("--list 不带规则和日期 / --list takes neither rule nor date")
        _print_rules(lang, as_json)
        return
    if rule_id is None or start is None:
        raise click.UsageError("需要规则和日期，或 --list / give a rule and a date, or --list")
    try:
        rules = CaseRules(shipped_book(), CaseFacts(organisation_kind=_kind(organisation)))
        deadline = compute(rule_id.strip().upper(), start, WorkCalendar(), rules=rules, extended_by=extended_by)
    except TingzhuError as error:
        _print_error(error, lang, as_json)
        raise SystemExit(2) from None
    if as_json:
        click.echo(json.dumps(deadline.as_dict(lang), ensure_ascii=False))
    else:
        _print_deadline(deadline, lang)


def _kind(organisation: str | None) -> str | None:
    if organisation is not None and organisation not in MEDIATION_KINDS:
        known = ", ".join(MEDIATION_KINDS)
        raise click.UsageError(f"--organisation 应为其中之一 / is one of: {known}")
    return organisation


def _print_deadline(deadline: Deadline, lang: str) -> None:
    weekdays = WEEKDAYS_ZH if lang == "zh" else WEEKDAYS_EN
    mark = ("（暂定）" if lang == "zh" else " (provisional)") if deadline.provisional else ""
    safe = "稳妥日期" if lang == "zh" else "safe date"
    click.echo(f"{deadline.due} {weekdays[deadline.due.weekday()]}{mark}")
    click.echo(f"{safe} {deadline.safe_due} {weekdays[deadline.safe_due.weekday()]}{mark}")
    click.echo(deadline.explanation(lang))
    click.echo(deadline.safe_explanation(lang))


def _print_error(error: TingzhuError, lang: str, as_json: bool) -> None:
    if as_json:
        found = {"error": error.code, "zh": error.sentence("zh"), "en": error.sentence("en")}
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        click.echo(error.sentence(lang), err=True)


def _print_rules(lang: str, as_json: bool) -> None:
    rules = list(deadline_rules().values())
    if as_json:
        click.echo(json.dumps([_rule_as_dict(rule, lang) for rule in rules], ensure_ascii=False))
        return
    rows = [(rule.id, rule.length_words(lang), rule.name.of(lang), _basis(rule, lang)) for rule in rules]
    widths = [max(_width(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        padded = (text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=False))
        click.echo("  ".join([*padded, row[3]]))


def _rule_as_dict(rule: DeadlineRule, lang: str) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "stage": rule.stage,
        "name": rule.name.of(lang),
        "length": rule.length,
        "unit": rule.unit.value,
        "direction": rule.direction,
        "computable": rule.is_computable,
        "trigger": rule.trigger.of(lang),
        "basis": _basis(rule, lang),
    }


def _basis(rule: DeadlineRule, lang: str) -> str:
    return join_zh(rule.basis) if lang == "zh" else join_en(rule.basis)


def _width(text: str) -> int:
    """Return how many columns a terminal needs: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
