"""`tingzhu deploy PATH`: makes process definitions live in the running system, through its HTTP API."""

import json
from pathlib import Path

import click

from tingzhu.cli.client import Client, client_options
from tingzhu.cli.output import fail, language_option
from tingzhu.composition import read_resources


@click.command("deploy", short_help="Make files live in the running system. 部署流程、决策和表单。")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--note", help="Why. 部署说明。")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON. 以 JSON 输出。")
@client_options
@language_option
def command(path: Path, note: str | None, as_json: bool, language: str, client: Client) -> None:
    """Deploy a file or a folder to the running system: all of it goes live together, or nothing.

    Exit code 0: deployed, or live already; 1: refused, every finding is printed; 2: misuse.

    部署流程、决策和表单；全部生效或全部不生效。
    """
    if path.is_dir():
        resources = [(item.name, item.content) for item in read_resources(path)]
    elif path.is_file():
        resources = [(path.name, path.read_bytes())]
    else:
        raise fail(language, f"没有文件或文件夹 {path}。", f"There is no file or folder {path}.")
    if not resources:
        raise fail(language, f"{path} 中没有可部署的文件。", f"There is nothing to deploy below {path}.")
    body = {
        "resources": [{"name": name, "content": content.decode("utf-8", "replace")} for name, content in resources],
        "note": note,
    }
    answer = client.post("/deployments", body, accept_refusal=True)
    if as_json:
        click.echo(json.dumps(answer.body, ensure_ascii=False, indent=2))
    elif answer.is_refused:
        click.echo(answer.body.get("detail", ""), err=True)
        for finding in answer.body.get("findings", []):
            place = f"{finding['file']} · {finding.get('element_id') or ''}"
            click.echo(f"  {place} [{finding['rule']}] {finding['message']}", err=True)
    else:
        for definition in answer.body["process_definitions"]:
            click.echo(f"{definition['key']} v{definition['version']}  {definition['name']}")
    if answer.is_refused:
        raise SystemExit(1)
