"""`tingzhu scenarios run [PATH]`: plays written-down cases on the real engine, in virtual time."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import click

from casework.settings import Settings
from casework.site import load_site
from engine.bpmn.bundle import Bundle
from engine.bpmn.definitions import compile_bundle
from engine.domain.errors import ModelInvalidError
from engine.domain.findings import errors
from engine.domain.resource import Resource
from tingzhu.cli.output import fail, fail_with, language_option
from tingzhu.composition import model_surroundings, read_resources
from tingzhu.scenarios.errors import ScenariosInvalidError
from tingzhu.scenarios.ground import ground_of_its_own
from tingzhu.scenarios.names import Names, check_names
from tingzhu.scenarios.reading import read_scenarios, scenario_files
from tingzhu.scenarios.report import as_json as report_as_json
from tingzhu.scenarios.report import count_line, coverage, coverage_line, result_line
from tingzhu.scenarios.run import Result, run_scenarios

PROCESSES = 2
"""Processes that play many scenarios together."""


@click.group("scenarios", short_help="Play written-down cases in virtual time. 在虚拟时间里运行场景。")
def command() -> None:
    """Play written-down cases in virtual time. 在虚拟时间中演练情景。"""


@command.command("run")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option(
    "--models",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    multiple=True,
    help="Deploy the models of this folder instead of the installation's; may be given several times. 改用此目录的流程。",
)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON. 以 JSON 输出。")
@language_option
def run(path: Path | None, models: tuple[Path, ...], as_json: bool, language: str) -> None:
    """Play the scenarios of PATH (a file, or a folder with folders `scenarios`; default: all processes).

    Needs no running system: a database of its own comes and goes. Models beside scenarios that lie outside the
    installation's processes are deployed on top of them. Exit code 0: all passed; 1: failures; 2: misuse.

    演练 PATH 中的情景，无需系统在运行。
    """
    settings = Settings.from_environment(os.environ)
    chosen = settings.processes_dir if path is None else path
    if not chosen.exists():
        raise fail(language, f"没有文件或文件夹 {chosen}。", f"There is no file or folder {chosen}.")
    files = scenario_files(chosen)
    resources = model_resources(settings, chosen, models)
    try:
        scenarios = read_scenarios(files)
        bundle = _checked(resources)
        check_names(scenarios, Names.of(bundle, load_site(settings.site_dir)))
    except ScenariosInvalidError as error:
        if as_json:
            click.echo(json.dumps({"problems": [each.as_dict() for each in error.problems]}, ensure_ascii=False))
        raise fail_with(language, error) from None
    except ModelInvalidError as error:
        for finding in error.data["findings"]:
            place = " ".join(finding[key] for key in ("file", "element_name", "element_id") if finding.get(key))
            click.echo(f"{place} [{finding['rule']}] {finding['zh' if language == 'zh' else 'en']}", err=True)
        click.echo(error.sentence(language), err=True)
        raise SystemExit(1) from None
    results: list[Result] = []
    with ground_of_its_own(settings, resources) as ground:
        for result in run_scenarios(ground, scenarios, min(PROCESSES, os.cpu_count() or 1)):
            results.append(result)
            if not as_json:
                click.echo(result_line(result, language))
    is_whole = chosen.resolve() == settings.processes_dir.resolve() and not models
    covered = coverage(bundle, results, bundle.processes if is_whole else None)
    if as_json:
        click.echo(json.dumps(report_as_json(results, covered), ensure_ascii=False, indent=2))
    else:
        for found in covered:
            click.echo(coverage_line(found, language))
        click.echo(count_line(results))
    if not all(result.is_good for result in results):
        raise SystemExit(1)


def model_resources(settings: Settings, chosen: Path, models: Sequence[Path]) -> list[Resource]:
    """Return the model files to deploy.

    They are those of the folders `models` alone; or the installation's own, with those beside scenarios that lie
    elsewhere put on top.
    """
    if models:
        return read_resources(*models)
    folder = chosen if chosen.is_dir() else chosen.parent
    if folder.name == "scenarios":
        folder = folder.parent
    own = {each.name: each for each in read_resources(settings.processes_dir, settings.forms_dir)}
    if folder.resolve().is_relative_to(settings.processes_dir.resolve()):
        return list(own.values())
    return list({**own, **{each.name: each for each in read_resources(folder)}}.values())


def _checked(resources: Sequence[Resource]) -> Bundle:
    bundle = compile_bundle(resources, model_surroundings())
    found = errors(list(bundle.findings))
    if found:
        raise ModelInvalidError(errors=len(found), findings=[finding.as_dict() for finding in bundle.findings])
    return bundle
