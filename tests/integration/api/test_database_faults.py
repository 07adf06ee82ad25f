"""The database goes away, comes back, or is busy: nobody sees a 500, nothing happens twice."""

import threading
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from api import database, transaction
from engine.store.tables import case, user_task
from tests.bpmn_builder import END, START, node
from tests.integration.api.conftest import open_desk
from tests.integration.api.service_desk import CASE, ServiceDesk
from tingzhu import migrations
from tingzhu.embedded import EmbeddedPostgres

STEPS = (START, END, node("userTask", "a", camunda_candidateGroups="window-clerk"), "start>a", "a>end")


def kill_connections(desk: ServiceDesk) -> int:
    """Let the server end every connection of the API; return how many there were."""
    with desk.engine.begin() as connection:
        return connection.execute(
            sa.text(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity "
                "where datname = current_database() and application_name = 'tingzhu-api'"
            )
        ).scalar_one()


def test_connections_that_the_server_closed_heal_by_themselves(desk: ServiceDesk) -> None:
    for _ in range(3):
        desk.get("/me")
        assert kill_connections(desk) >= 1
        desk.get("/me")
        kill_connections(desk)
        assert desk.call("POST", "/cases", CASE).status_code == 201


def test_a_connection_lost_after_the_commit_gives_the_answer_that_was_kept(
    desk: ServiceDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = transaction.idempotency.keep_answer_and_commit
    lost: list[bool] = []

    def commit_then_lose(*arguments):
        kept = real(*arguments)
        if not lost:
            lost.append(True)
            raise psycopg.OperationalError("server closed the connection unexpectedly")
        return kept

    monkeypatch.setattr(transaction.idempotency, "keep_answer_and_commit", commit_then_lose)
    answer = desk.call("POST", "/cases", CASE, key="k1")
    assert (answer.status_code, lost) == (201, [True])
    assert answer.headers["Idempotency-Replayed"] == "true"
    assert len(desk.rows(case)) == 1


def test_a_case_that_somebody_holds_is_busy_not_broken(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_TIMEOUT", "300ms")
    [desk] = [*open_desk(engine, tmp_path)]
    task = desk.trial(*STEPS)["user_tasks"][0]["id"]
    desk.token("window")
    with desk.engine.begin() as holder:
        holder.execute(sa.select(case).with_for_update())
        answer = desk.call("POST", f"/user-tasks/{task}/completion", {})
    assert (answer.status_code, answer.get_json()["code"]) == (503, "database_busy")
    assert int(answer.headers["Retry-After"]) >= 1
    assert desk.call("POST", f"/user-tasks/{task}/completion", {}).status_code == 200
    desk.close()


def test_a_case_held_for_a_moment_is_waited_for(desk: ServiceDesk) -> None:
    task = desk.trial(*STEPS)["user_tasks"][0]["id"]
    desk.token("window")
    with desk.engine.connect() as holder:
        holder.execute(sa.select(case).with_for_update())
        timer = threading.Timer(0.5, holder.rollback)
        timer.start()
        assert desk.call("POST", f"/user-tasks/{task}/completion", {}).status_code == 200
        timer.join()
    assert [row.state for row in desk.rows(user_task)] == ["completed"]


def test_a_database_that_is_down_is_told_as_unavailable_and_its_return_needs_no_restart(tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("d")
    with EmbeddedPostgres(folder / "pg", is_durable=False) as server:
        migrations.upgrade(server.url)
        engine = sa.create_engine(server.url)
        desk = ServiceDesk(engine, folder)
        desk.token("window")
        assert desk.get("/health", by=None)["status"] == "ok"
    answer = desk.call("POST", "/cases", CASE)
    assert (answer.status_code, answer.get_json()["code"]) == (503, "database_unavailable")
    assert int(answer.headers["Retry-After"]) >= 1
    assert desk.problem("GET", "/health", by=None) == (503, "database_unavailable")
    assert desk.get("/health/live", by=None) == {"status": "ok"}
    with EmbeddedPostgres(folder / "pg", is_durable=False):
        assert desk.get("/health", by=None)["status"] == "ok"
        assert desk.call("POST", "/cases", CASE).status_code == 201
        desk.close()
        engine.dispose()
