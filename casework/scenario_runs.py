"""Runs of the scenarios of the deployed processes: asked for by a designer, played elsewhere, kept with what came of each.

Whoever plays them has a database of its own for it; here stand only the request, the versions and the results.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.errors import ScenarioRunLostError, ScenarioRunUnderWayError, ScenariosUnknownError
from casework.scenario_files import ScenarioFile
from casework.store.tables import scenario_result, scenario_run
from casework.work import Work
from engine.domain.errors import NotFoundError, TingzhuError
from engine.queries.pages import Page, fetch_page

KEPT = 40
"""Runs that are kept; older ones go when another ends."""

SILENCE = timedelta(minutes=5)
"""After so long without a sign of life a run counts as broken off."""

UNDER_WAY = ("waiting", "running")

_counts = (
    sa.select(
        sa.func.count().label("done"),
        sa.func.count().filter(scenario_result.c.failure.is_not(None)).label("failed"),
    )
    .where(scenario_result.c.run_id == scenario_run.c.id)
    .lateral("counts")
)
_RUNS = sa.select(scenario_run, _counts.c.done, _counts.c.failed).join(_counts, sa.true())


@dataclass(frozen=True, slots=True)
class Played:
    """What came of one scenario."""

    file: str
    name: str
    process_key: str
    seconds: float
    failure: Mapping[str, Any] | None
    passed: Sequence[tuple[str, str]]
    """Process key and element id, in order, each as often as it was passed."""


def chosen_files(files: Sequence[ScenarioFile], folder: str | None, file: str | None) -> list[ScenarioFile]:
    """Return the scenarios that a run means: one file, those of a process folder, or all where neither is said."""
    return [each for each in files if folder in (None, each.folder) and file in (None, each.file)]


def request_run(work: Work, files: Sequence[ScenarioFile], folder: str | None, file: str | None) -> UUID:
    """Ask for scenarios of `files` to be played (`chosen_files` says which); return the id of the run.

    Raises ScenariosUnknownError and ScenarioRunUnderWayError.
    """
    if not chosen_files(files, folder, file):
        raise ScenariosUnknownError(what=file or folder or "")
    run_id = work.ids()
    values = {
        "id": run_id,
        "folder": folder,
        "file": file,
        "state": "waiting",
        "requested_at": work.now,
        "requested_by": work.actor.id,
    }
    try:
        with work.connection.begin_nested():
            work.connection.execute(sa.insert(scenario_run).values(values))
    except sa.exc.IntegrityError as error:
        raise ScenarioRunUnderWayError() from error
    return run_id


def list_runs(connection: sa.Connection, *, after: Sequence[Any] | None, limit: int) -> Page:
    """Return runs, newest first, each with `done` and `failed` scenarios."""
    order = [scenario_run.c.requested_at, scenario_run.c.id]
    return fetch_page(connection, _RUNS, order, after=after, limit=limit, descending=True)


def get_run(connection: sa.Connection, run_id: UUID) -> dict[str, Any]:
    """Return a run with its `results`, failures first, without what they passed. Raises NotFoundError."""
    row = connection.execute(_RUNS.where(scenario_run.c.id == run_id)).one_or_none()
    if row is None:
        raise NotFoundError(what="scenario run", id=run_id)
    columns = [column for column in scenario_result.c if column.name != "passed"]
    results = connection.execute(
        sa.select(*columns)
        .where(scenario_result.c.run_id == run_id)
        .order_by(scenario_result.c.failure.is_(None), scenario_result.c.file)
    )
    return {**row._mapping, "results": [_told(each) for each in results]}


def get_result(connection: sa.Connection, result_id: UUID) -> dict[str, Any]:
    """Return what came of one scenario, with the `versions` of its run. Raises NotFoundError."""
    row = connection.execute(
        sa.select(scenario_result, scenario_run.c.versions)
        .join(scenario_run, scenario_run.c.id == scenario_result.c.run_id)
        .where(scenario_result.c.id == result_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError(what="scenario result", id=result_id)
    return _told(row)


def latest_results(connection: sa.Connection) -> dict[str, dict[str, Any]]:
    """Return by file what came of each scenario when it was played last."""
    columns = [column for column in scenario_result.c if column.name != "passed"]
    newest = sa.func.row_number().over(
        partition_by=scenario_result.c.file, order_by=(scenario_result.c.played_at.desc(), scenario_result.c.id.desc())
    )
    numbered = sa.select(*columns, newest.label("rank")).subquery()
    rows = connection.execute(sa.select(numbered).where(numbered.c.rank == 1))
    return {row.file: _told(row) for row in rows}


def _told(row: sa.Row[Any]) -> dict[str, Any]:
    return {**row._mapping, "is_good": row.failure is None}


# --- for whoever plays them


def is_run_waiting(connection: sa.Connection) -> bool:
    """Return whether a run waits for somebody to play it."""
    waiting = sa.select(scenario_run.c.id).where(scenario_run.c.state == "waiting").limit(1)
    return connection.execute(waiting).first() is not None


def take_run(connection: sa.Connection, now: datetime) -> tuple[UUID, str | None, str | None] | None:
    """Take the run that waits; return its id, folder and file, or None when nothing waits or another has just taken it."""
    chosen = (
        sa.select(scenario_run.c.id)
        .where(scenario_run.c.state == "waiting")
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = connection.execute(
        sa.update(scenario_run)
        .where(scenario_run.c.id == chosen)
        .values(state="running", started_at=now, heard_at=now)
        .returning(scenario_run.c.id, scenario_run.c.folder, scenario_run.c.file)
    ).one_or_none()
    return None if row is None else (row.id, row.folder, row.file)


def begin_run(
    connection: sa.Connection, run_id: UUID, versions: Sequence[Mapping[str, Any]], total: int, now: datetime
) -> None:
    """Write down which versions are played and how many scenarios there are."""
    _change(connection, run_id, versions=[dict(each) for each in versions], total=total, heard_at=now)


def keep_result(connection: sa.Connection, run_id: UUID, result_id: UUID, played: Played, now: datetime) -> None:
    """Keep what came of one scenario."""
    connection.execute(
        sa.insert(scenario_result).values(
            id=result_id,
            run_id=run_id,
            file=played.file,
            name=played.name,
            process_key=played.process_key,
            played_at=now,
            seconds=played.seconds,
            failure=sa.null() if played.failure is None else dict(played.failure),
            passed=[[process, element] for process, element in played.passed],
        )
    )
    _change(connection, run_id, heard_at=now)


def finish_run(connection: sa.Connection, run_id: UUID, coverage: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """End a run whose scenarios were all played, and forget the oldest runs."""
    _change(connection, run_id, state="finished", coverage=[dict(each) for each in coverage], ended_at=now)
    old = sa.select(scenario_run.c.id).order_by(scenario_run.c.requested_at.desc(), scenario_run.c.id.desc())
    connection.execute(sa.delete(scenario_run).where(scenario_run.c.id.in_(old.offset(KEPT))))


def fail_run(connection: sa.Connection, run_id: UUID, error: TingzhuError, now: datetime) -> None:
    """End a run that could not be played to its end."""
    problem = {"code": error.code, "zh": error.sentence("zh"), "en": error.sentence("en")}
    _change(connection, run_id, state="failed", problem=problem, ended_at=now)


def fail_lost_runs(connection: sa.Connection, now: datetime, silence: timedelta = SILENCE) -> int:
    """End the runs whose player has been silent for too long; return how many there were."""
    lost = connection.execute(
        sa.select(scenario_run.c.id).where(scenario_run.c.state == "running", scenario_run.c.heard_at <= now - silence)
    ).scalars()
    ids = lost.all()
    for run_id in ids:
        fail_run(connection, run_id, ScenarioRunLostError(), now)
    return len(ids)


def _change(connection: sa.Connection, run_id: UUID, **values: Any) -> None:
    connection.execute(sa.update(scenario_run).where(scenario_run.c.id == run_id).values(values))
