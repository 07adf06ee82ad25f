"""`tingzhu paper KIND -o x.pdf`: print an empty form of a paper, to be filled with a pen; needs no running system."""

import json
import os
from pathlib import Path

import click

from casework.settings import Settings
from handlers.papers.forms import FORMS, render_form
from handlers.settings import HandlerSettings
from tingzhu.cli.output import fail, language_option


@click.command("paper", short_help="Print empty forms of papers. 打印空白文书。")
@click.argument("kind", required=False)
@click.option("-o", "--output", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="PDF to write.")
@click.option("--all", "folder", type=click.Path(file_okay=False, path_type=Path), help="Write every form here.")
@click.option("--list", "is_list", is_flag=True, help="List the forms instead. 列出空白文书。")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
@language_option
def command(
    kind: str | None, output: Path | None, folder: Path | None, is_list: bool, as_json: bool, language: str
) -> None:
    """Write the empty form of the paper KIND as PDF: for a window without a computer at hand, or a party at home.

    \b
    tingzhu paper mediation-application -o form.pdf     调解申请书（空白）
    tingzhu paper --all forms/                          全部空白文书
    tingzhu paper --list

    The same templates make the papers of cases: docs/reference/papers.md.
    Exit codes: 0 written, 2 misuse.
    """
    if is_list and kind is None and output is None and folder is None:
        _list(as_json, language)
        return
    if folder is not None and kind is None and output is None and not is_list:
        folder.mkdir(parents=True, exist_ok=True)
        _report([_write(each, folder / f"{each}.pdf") for each in FORMS], as_json)
        return
    if kind is None or output is None or folder is not None or is_list:
        raise fail(
            language,
            "请给出文书种类和 -o 文件，或者 --all 目录，或者 --list。",
            "Give a kind and -o FILE, or --all FOLDER, or --list.",
        )
    if kind not in FORMS:
        known = ", ".join(FORMS)
        raise fail(
            language, f"没有空白文书“{kind}”，可用：{known}", f"There is no empty form {kind!r}; there are: {known}"
        )
    _report([_write(kind, output)], as_json)


def _write(kind: str, output: Path) -> Path:
    fonts = HandlerSettings.from_settings(Settings.from_environment(os.environ), brand="").fonts
    output.write_bytes(render_form(kind, fonts))
    return output


def _report(written: list[Path], as_json: bool) -> None:
    click.echo(
        json.dumps({"written": [str(each) for each in written]})
        if as_json
        else "\n".join(str(each) for each in written)
    )


def _list(as_json: bool, language: str) -> None:
    if as_json:
        rows = [{"kind": each.kind, "zh": each.title, "en": each.title_en} for each in FORMS.values()]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for each in FORMS.values():
        click.echo(f"{each.kind:<34}{each.title if language == 'zh' else each.title_en}")
