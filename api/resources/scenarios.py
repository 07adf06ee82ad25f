"""Scenarios of the deployed processes: which there are, and what came of playing them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request

from api.actors import shown_actor
from api.context import current
from api.languages import language_of
from api.pages import answer_page, start_of
from api.routes import Routes
from api.rules import MACHINISTS, requires
from api.schemas.fields import PageQuerySchema
from api.schemas.scenarios import (
    ScenarioResultSchema,
    ScenarioRunBodySchema,
    ScenarioRunPage,
    ScenarioRunSchema,
    ScenariosSchema,
)
from casework.scenario_files import scenario_files_of
from casework.scenario_runs import get_result, get_run, latest_results, list_runs, request_run

PLAYERS = ("designer", "admin")

scenarios = Routes("scenarios", __name__, url_prefix="/api/v1/scenarios", description="Cases told in advance")
runs = Routes(
    "scenario-runs", __name__, url_prefix="/api/v1/scenario-runs", description="Playing cases that are told in advance"
)


@scenarios.route("", methods=["GET"])
@requires(*MACHINISTS, owner="casework", scope="site")
@scenarios.response(200, ScenariosSchema)
def list_scenarios() -> dict[str, Any]:
    """Every scenario beside the installation's processes, with what came of it when it was played last."""
    context = current()
    latest = latest_results(context.connection)
    items = []
    for each in scenario_files_of(context.runtime.settings.processes_dir):
        last = latest.get(each.file)
        items.append(
            {
                "file": each.file,
                "folder": each.folder,
                "name": each.name,
                "last_result": None if last is None else _shown_result(last, language_of(request)),
            }
        )
    return {"items": items}


@runs.route("", methods=["POST"])
@requires(*PLAYERS, owner="casework", scope="site")
@runs.arguments(ScenarioRunBodySchema)
@runs.response(202, ScenarioRunSchema)
def request_scenario_run(body: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Ask for one scenario, those of one process folder, or all, to be played on the models that are live.

    They are played by a process of their own on a database of their own, so that no real case is touched; `GET` the run
    for its progress. While one is under way another is refused with 409 `scenario_run_under_way`.
    """
    context = current()
    files = scenario_files_of(context.runtime.settings.processes_dir)
    run_id = request_run(context.work, files, body["folder"], body["file"])
    answer = _shown_run(get_run(context.connection, run_id), language_of(request))
    return answer, 202, {"Location": f"/api/v1/scenario-runs/{run_id}"}


@runs.route("", methods=["GET"])
@requires(*MACHINISTS, owner="casework", scope="site")
@runs.arguments(PageQuerySchema, location="query")
@runs.response(200, ScenarioRunPage)
def list_scenario_runs(query: dict[str, Any]) -> dict[str, Any]:
    """Runs of scenarios, newest first; the last 40 are kept."""
    page = list_runs(current().connection, after=start_of(query), limit=query["limit"])
    language = language_of(request)
    page.items[:] = [_shown_run(item, language) for item in page.items]
    return answer_page(page, query)


@runs.route("/<uuid:run_id>", methods=["GET"])
@requires(*MACHINISTS, owner="casework", scope="site")
@runs.response(200, ScenarioRunSchema)
def get_scenario_run(run_id: UUID) -> dict[str, Any]:
    """A run with how far it is, the versions that were played, and what came of each scenario so far."""
    return _shown_run(get_run(current().connection, run_id), language_of(request))


@runs.route("/results/<uuid:result_id>", methods=["GET"])
@requires(*MACHINISTS, owner="casework", scope="site")
@runs.response(200, ScenarioResultSchema)
def get_scenario_result(result_id: UUID) -> dict[str, Any]:
    """What came of one scenario, with every element that it passed."""
    found = get_result(current().connection, result_id)
    versions = {each["key"]: each for each in found["versions"]}
    return _shown_result(found, language_of(request)) | {
        "process_definition": versions.get(found["process_key"]),
        "passed": [{"process_key": process, "element_id": element} for process, element in found["passed"]],
    }


def _shown_run(run: Mapping[str, Any], language: str) -> dict[str, Any]:
    problem = run["problem"]
    return {
        **run,
        "requested_by": shown_actor(run["requested_by"]),
        "problem": None if problem is None else {"code": problem["code"], "message": problem[language]},
        "results": [_shown_result(each, language) for each in run.get("results", ())],
    }


def _shown_result(result: Mapping[str, Any], language: str) -> dict[str, Any]:
    failure = result["failure"]
    told = failure and {
        "step": failure["step"],
        "line": failure["line"],
        "title": failure["title"],
        "what": failure[language],
        "elements": [{"process_key": process, "element_id": element} for process, element in failure["elements"]],
        "messages": [miss[language] for miss in failure["misses"]],
    }
    return {**result, "failure": told}
