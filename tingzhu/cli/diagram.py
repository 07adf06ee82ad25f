"""`tingzhu diagram FILE -o x.svg`: draw a BPMN file as SVG, or lay its drawing out anew; needs no running system."""

import json
from pathlib import Path

import click

from engine.diagram import lay_out, render_svg
from engine.domain.errors import TingzhuError
from tingzhu.cli.output import language_option


@click.command("diagram", short_help="Draw a BPMN file as SVG. 将流程图绘制为 SVG。")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="SVG file to write; default: stdout.",
)
@click.option("--plane", metavar="ID", help="Draw the diagram of this collapsed sub-process instead of the first one.")
@click.option(
    "--layout",
    "is_laid_out",
    is_flag=True,
    help="Write the drawing in FILE anew first (pool, lanes, left to right). 先重新排布图形并写回文件。",
)
@click.option("--json", "as_json", is_flag=True, help="Report what was written as JSON; needs -o.")
@language_option
def command(
    file: Path, output: Path | None, plane: str | None, is_laid_out: bool, as_json: bool, language: str
) -> None:
    """Draw FILE (BPMN 2.0 with diagram interchange) as an SVG picture.

    With --layout the interchange in FILE is written anew, and nothing else in it changes: for files written by hand or
    by a program, or after elements were added. Without -o nothing is drawn then.

    Exit codes: 0 drawn, 1 the file cannot be drawn, 2 misuse.
    """
    if as_json and output is None:
        raise click.UsageError("--json needs -o: without it the picture itself goes to standard output.")
    try:
        content = file.read_bytes()
        if is_laid_out:
            content = lay_out(content)
            file.write_bytes(content)
        svg = render_svg(content, plane=plane)
    except TingzhuError as error:
        if as_json:
            click.echo(
                json.dumps({"file": str(file), "error": error.code, "zh": error.sentence("zh"), "en": str(error)})
            )
        else:
            click.echo(f"{file}: {error.sentence(language)}", err=True)
        raise SystemExit(1) from None
    if output is None:
        click.echo(file if is_laid_out else svg)
        return
    output.write_text(svg, encoding="utf-8")
    if as_json:
        click.echo(json.dumps({"file": str(file), "output": str(output), "bytes": len(svg.encode())}))
    else:
        click.echo(f"{output}")
