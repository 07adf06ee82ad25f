"""`tingzhu check PATH`: what a deployment would say about models and forms, and whether the sites can be used."""

import json
import os
from pathlib import Path

import click

from casework.settings import Settings
from casework.site_check import check_site, is_site
from engine.bpmn.definitions import compile_bundle
from engine.domain.findings import Finding, errors
from engine.domain.resource import Resource
from tingzhu.cli.output import fail, language_option
from tingzhu.composition import model_surroundings, read_resources


@click.command("check", short_help="Check process definitions, decisions and forms. 检查流程、决策和表单。")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON. 以 JSON 输出。")
@language_option
def command(path: Path | None, as_json: bool, language: str) -> None:
    """Check process definitions (.bpmn), decisions (.dmn) and forms (.form) without deploying them, and sites.

    PATH is a folder or a file, or the folder of a site; without it the processes and forms of this installation and all
    its sites. What a single file refers to is looked for among those. Exit code 0: no errors; 1: errors; 2: misuse.

    检查流程、决策、表单和站点文件，不部署。
    """
    sites = _sites(path)
    resources, shown = ([], None) if path is not None and sites else _resources(path, language)
    bundle = compile_bundle(resources, model_surroundings())
    findings = [finding for finding in bundle.findings if shown is None or finding.file in shown]
    findings += [finding for site in sites for finding in check_site(site)]
    if as_json:
        click.echo(json.dumps([finding.as_dict() for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(_line(finding, language))
        count = len(errors(findings))
        checked = len(resources) if shown is None else len(shown)
        checked += sum(len(list(site.glob("*.y*ml"))) for site in sites)
        zh = f"已检查 {checked} 个文件：{count} 处错误，{len(findings) - count} 处提醒。"
        en = f"{checked} files checked: {count} errors, {len(findings) - count} warnings."
        click.echo(zh if language == "zh" else en)
    if errors(findings):
        raise SystemExit(1)


def _sites(path: Path | None) -> list[Path]:
    """Return the folders of the sites that a path means."""
    if path is not None:
        return [path.resolve()] if is_site(path) else []
    sites_dir = Settings.from_environment(os.environ).sites_dir
    return sorted(folder for folder in sites_dir.iterdir() if is_site(folder))


def _resources(path: Path | None, language: str) -> tuple[list[Resource], set[str] | None]:
    settings = Settings.from_environment(os.environ)
    if path is None:
        return read_resources(settings.processes_dir, settings.forms_dir), None
    if path.is_dir():
        found = read_resources(path)
        if not found:
            raise fail(
                language,
                f"{path} 中没有 .bpmn、.dmn 或 .form 文件。",
                f"There is no .bpmn, .dmn or .form file below {path}.",
            )
        return found, None
    if not path.is_file():
        raise fail(language, f"没有文件或文件夹 {path}。", f"There is no file or folder {path}.")
    resource = Resource(path.name, path.read_bytes())
    known = {
        item.name: item
        for item in read_resources(settings.processes_dir, settings.forms_dir)
        if Path(item.name).name != path.name
    }
    return [*known.values(), resource], {resource.name}


def _line(finding: Finding, language: str) -> str:
    mark = {"error": ("错误", "error"), "warning": ("提醒", "warning")}[finding.severity]
    place = finding.file + (f" · {finding.element_name} ({finding.element_id})" if finding.element_id else "")
    is_chinese = language == "zh"
    return f"{mark[0] if is_chinese else mark[1]} {place} [{finding.rule}] {finding.zh if is_chinese else finding.en}"
