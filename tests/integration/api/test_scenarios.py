"""Scenarios over the API: asked for by a designer, played elsewhere, told with the failing step; no case is touched."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from casework.scenario_files import scenario_files_of
from casework.scenario_runs import chosen_files, fail_lost_runs, finish_run, take_run
from casework.settings import CHECKOUT
from casework.store.tables import document, scenario_run
from engine.commands.deploy import deploy
from engine.domain.clock import SystemClock
from engine.runtime.platform import NoQueue
from engine.store.tables import case, history, job
from tests.integration.api.conftest import open_desk
from tests.integration.api.service_desk import ServiceDesk
from tingzhu.composition import SYSTEM, build_platform, read_resources
from tingzhu.scenarios_main import play_waiting_run

SAMPLES = CHECKOUT / "tests" / "acceptance" / "samples"
WRONG = """
name: 期待落空
given: {process: sealing, at: 2026-09-01T09:00, variables: {asked_on: 2026-09-01, fee: 20}}
when:
  - advance: P1D
  - complete: Task_request
    with: {paper: agreement}
    expect_refused: no_such_code
"""


@pytest.fixture
def desk(engine: sa.Engine, tmp_path: Path) -> Iterator[ServiceDesk]:
    folder = tmp_path / "processes" / "sealing" / "scenarios"
    folder.mkdir(parents=True)
    (folder / "a-good.yaml").write_text((SAMPLES / "scenarios" / "sealed.yaml").read_text("utf-8"), "utf-8")
    (folder / "b-wrong.yaml").write_text(WRONG, "utf-8")
    yield from open_desk(engine, tmp_path, processes_dir=tmp_path / "processes")


def request(desk: ServiceDesk, folder: str | None = "sealing") -> str:
    answer = desk.call("POST", "/scenario-runs", {"folder": folder}, by="designer")
    assert answer.status_code == 202, answer.get_data(as_text=True)
    run_id = str(answer.get_json()["id"])
    assert answer.headers["Location"].endswith(f"/api/v1/scenario-runs/{run_id}")
    return run_id


def count(desk: ServiceDesk) -> list[int]:
    with desk.engine.connect() as connection:
        return [
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (case, history, job, document)
        ]


def test_scenarios_are_not_listed_by_name_or_say_that_they_were_played(desk: ServiceDesk) -> None:
    items = desk.get("/scenarios", by="designer")["items"]
    assert [(each["file"], each["folder"], each["last_result"]) for each in items] == [
        ("sealing/scenarios/a-good.yaml", "sealing", None),
        ("sealing/scenarios/b-wrong.yaml", "sealing", None),
    ]
    assert items[1]["name"] == "期待落空"


def test_a_second_run_is_begun_while_one_is_under_way(desk: ServiceDesk) -> None:
    run_id = request(desk)
    refused = desk.call("POST", "/scenario-runs", {"folder": None}, by="admin")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "scenario_run_under_way")
    assert desk.get(f"/scenario-runs/{run_id}", by="supervisor")["state"] == "waiting"


@pytest.mark.parametrize("folder", ["none", "..", "sealing/scenarios"])
def test_scenarios_of_a_folder_that_has_none_are_accepted(desk: ServiceDesk, folder: str) -> None:
    refused = desk.call("POST", "/scenario-runs", {"folder": folder}, by="designer")
    assert (refused.status_code, refused.get_json()["code"]) == (422, "scenarios_unknown")


@pytest.mark.parametrize("username", ["window", "mediator", "supervisor", "worker", "court"])
def test_somebody_who_designs_nothing_plays_scenarios(desk: ServiceDesk, username: str) -> None:
    assert desk.call("POST", "/scenario-runs", {"folder": None}, by=username).status_code == 403


@pytest.mark.parametrize("path", ["/scenarios", "/scenario-runs", "/scenario-runs/{id}"])
def test_a_caseworker_reads_about_scenarios(desk: ServiceDesk, path: str) -> None:
    run_id = request(desk)
    assert desk.call("GET", path.format(id=run_id), by="mediator").status_code == 403
    assert desk.call("GET", path.format(id=run_id), by=None).status_code == 401


def test_a_run_whose_player_fell_silent_stays_under_way_for_ever(desk: ServiceDesk) -> None:
    run_id = request(desk)
    now = SystemClock().now()
    with desk.engine.begin() as connection:
        assert take_run(connection, now) is not None
        assert take_run(connection, now) is None
        assert fail_lost_runs(connection, now + timedelta(minutes=4)) == 0
        assert fail_lost_runs(connection, now + timedelta(minutes=6)) == 1
    found = desk.get(f"/scenario-runs/{run_id}?lang=en", by="designer")
    assert (found["state"], found["problem"]["code"]) == ("failed", "scenario_run_lost")
    assert "broke off" in found["problem"]["message"]
    request(desk)


def test_a_file_that_cannot_be_read_is_not_told_with_its_line(desk: ServiceDesk, tmp_path: Path) -> None:
    (tmp_path / "processes" / "sealing" / "scenarios" / "c-bad.yaml").write_text("name: 坏\ngiven: [", "utf-8")
    run_id = request(desk)
    assert play_waiting_run(desk.settings, desk.engine.begin, SystemClock()) is not None
    found = desk.get(f"/scenario-runs/{run_id}", by="designer")
    assert (found["state"], found["problem"]["code"]) == ("failed", "scenarios_invalid")
    assert "c-bad.yaml:" in found["problem"]["message"]


def test_a_run_touches_cases_or_does_not_tell_the_failing_step_in_plain_words(desk: ServiceDesk) -> None:
    platform = build_platform(desk.bureau, desk.settings.assets_dir, clock=SystemClock(), queue=NoQueue())
    with desk.engine.begin() as connection:
        deploy(platform.unit_of_work(connection, SYSTEM), read_resources(SAMPLES))
    platform.evaluator.close()
    before = count(desk)
    run_id = request(desk)
    assert str(play_waiting_run(desk.settings, desk.engine.begin, SystemClock())) == run_id
    assert play_waiting_run(desk.settings, desk.engine.begin, SystemClock()) is None
    assert count(desk) == before

    found = desk.get(f"/scenario-runs/{run_id}?lang=en", by="designer")
    assert (found["state"], found["total"], found["done"], found["failed"]) == ("finished", 2, 2, 1)
    assert found["requested_by"] == "designer"
    assert ("sealing", 1) in {(each["key"], each["version"]) for each in found["versions"]}
    [coverage] = [each for each in found["coverage"] if each["process_key"] == "sealing"]
    assert 0 < coverage["passed"] <= coverage["total"]
    wrong, good = found["results"]
    assert (good["is_good"], good["failure"], good["process_key"]) == (True, None, "sealing")
    failure = wrong["failure"]
    assert (wrong["is_good"], failure["step"], failure["line"]) == (False, 2, 6)
    assert failure["what"] == "complete “填写用章申请”"
    assert failure["elements"] == [{"process_key": "sealing", "element_id": "Task_request"}]
    assert "no_such_code" in failure["messages"][0]

    drawn = desk.get(f"/scenario-runs/results/{good['id']}", by="designer")
    assert drawn["process_definition"]["key"] == "sealing"
    assert {"process_key": "sealing", "element_id": "Task_request"} in drawn["passed"]
    listed = {each["file"]: each["last_result"] for each in desk.get("/scenarios", by="designer")["items"]}
    assert listed["sealing/scenarios/a-good.yaml"]["is_good"] is True
    assert listed["sealing/scenarios/b-wrong.yaml"]["failure"]["what"] == "办理“填写用章申请”"


def test_one_scenario_alone_cannot_be_asked_for(desk: ServiceDesk) -> None:
    body = {"folder": None, "file": "sealing/scenarios/b-wrong.yaml"}
    found = desk.call("POST", "/scenario-runs", body, by="designer")
    assert (found.status_code, found.get_json()["file"]) == (202, body["file"])
    with desk.engine.begin() as connection:
        taken = take_run(connection, SystemClock().now())
    assert taken is not None
    files = scenario_files_of(desk.settings.processes_dir)
    assert [each.file for each in chosen_files(files, *taken[1:])] == [body["file"]]


def test_old_runs_are_kept_for_ever(desk: ServiceDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.scenario_runs.KEPT", 2)
    now = SystemClock().now()
    for _ in range(4):
        request(desk)
        with desk.engine.begin() as connection:
            taken = take_run(connection, now)
            assert taken is not None
            finish_run(connection, taken[0], [], now)
    with desk.engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(scenario_run)).scalar_one() == 2
