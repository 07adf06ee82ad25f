"""`tingzhu words`: which texts of processes and forms have no English yet, and which English is no longer needed."""

import json
import os

import click

from casework.model_words import Gaps, find_gaps
from casework.settings import Settings
from tingzhu.cli.output import language_option


@click.command("words", short_help="List texts of the models without English. 列出没有英文的流程和表单文字。")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON. 以 JSON 输出。")
@language_option
def command(as_json: bool, language: str) -> None:
    """List the Chinese texts of this installation's processes and forms that their en.yaml does not know.

    The lines can be pasted into that file, with the English after the colon. Entries that no model uses any more are
    listed as well. Exit code 0: nothing to do; 1: something is missing or unused.

    列出流程和表单中还没有英文的文字，以及不再使用的条目。
    """
    settings = Settings.from_environment(os.environ)
    found = [each for each in find_gaps(settings.processes_dir, settings.forms_dir) if each.missing or each.unused]
    if as_json:
        click.echo(json.dumps([_as_dict(each) for each in found], ensure_ascii=False, indent=2))
    else:
        for each in found:
            _tell(each, language)
        if not found:
            zh, en = "流程和表单的文字都有英文。", "Every text of the processes and forms has its English."
            click.echo(zh if language == "zh" else en)
    if found:
        raise SystemExit(1)


def _as_dict(gaps: Gaps) -> dict[str, object]:
    return {"catalogue": str(gaps.catalogue), "missing": dict(gaps.missing), "unused": list(gaps.unused)}


def _tell(gaps: Gaps, language: str) -> None:
    zh = f"{gaps.catalogue}：缺 {len(gaps.missing)} 条，多余 {len(gaps.unused)} 条。"
    en = f"{gaps.catalogue}: {len(gaps.missing)} missing, {len(gaps.unused)} unused."
    click.echo(zh if language == "zh" else en)
    file = None
    for text, where in gaps.missing.items():
        if where != file:
            click.echo(f"# {where}")
            file = where
        click.echo(f"{json.dumps(text, ensure_ascii=False)}: ")
    for text in gaps.unused:
        click.echo(f"- {text}")
