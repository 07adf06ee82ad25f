"""The monthly sheet over HTTP: each number opens its cases, only cases in scope are counted, the spreadsheet says the same."""

import io
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from casework.queries.monthly_sheet import SheetFilters, month_of, stage_records
from casework.statistics.measures import MEASURES
from casework.store.tables import dispute, event_date, stage_change
from engine.store.tables import timer, user_task
from tests.integration.api.service_desk import ServiceDesk
from tests.integration.api.test_supervision import go_to

TODAY = datetime(2026, 11, 24, 2, tzinfo=UTC)


class Cases:
    """Cases whose stages and dates are written as processes and forms would leave them."""

    def __init__(self, desk: ServiceDesk) -> None:
        self.desk = desk

    def add(self, organisation: str = "SZ-GML-MED", area: str = "370402006") -> UUID:
        case_id = UUID(self.desk.case(area_code=area)["id"])
        with self.desk.begin() as connection:
            connection.execute(
                sa.update(dispute)
                .where(dispute.c.case_id == case_id)
                .values(organisation_id=self.desk.organisation_id(organisation))
            )
        return case_id

    def dates(self, case_id: UUID, **values: date) -> None:
        with self.desk.begin() as connection:
            for name, value in values.items():
                connection.execute(
                    sa.insert(event_date).values(
                        id=self.desk.platform.ids(), case_id=case_id, name=name, value=value,
                        recorded_at=TODAY, recorded_by="user:mediator",
                    )
                )  # fmt: skip

    def reach(self, case_id: UUID, stage: str, on: date) -> None:
        with self.desk.begin() as connection:
            last = connection.execute(
                sa.select(sa.func.max(stage_change.c.position)).where(stage_change.c.case_id == case_id)
            ).scalar_one()
            connection.execute(
                sa.insert(stage_change).values(
                    id=self.desk.platform.ids(), case_id=case_id, position=(last or 0) + 1, stage=stage,
                    at=datetime(on.year, on.month, on.day, 4, tzinfo=UTC),
                )
            )  # fmt: skip

    def due(self, case_id: UUID, rule: str, day: date, *, is_suspended: bool = False) -> None:
        explanation: dict[str, Any] = {"rule": rule, "due": day.isoformat(), "safe": day.isoformat()}
        with self.desk.begin() as connection:
            connection.execute(
                sa.update(user_task)
                .where(user_task.c.case_id == case_id)
                .values(due_explanation=explanation | ({"suspended": True} if is_suspended else {}))
            )


def sheet(desk: ServiceDesk, query: str = "month=2026-10", by: str = "supervisor") -> dict[str, Any]:
    found: dict[str, Any] = desk.get(f"/statistics/monthly?{query}", by=by)
    return found


def test_every_number_of_the_sheet_opens_as_many_cases(desk: ServiceDesk) -> None:
    chance, cases = random.Random(20230036), Cases(desk)
    for _ in range(16):
        case_id = cases.add(chance.choice(["SZ-GML-MED", "SZ-LSL-MED"]))
        accepted = date(2026, 9, 15) + timedelta(days=chance.randrange(50))
        cases.dates(case_id, mediation_accepted_on=accepted)
        cases.reach(case_id, "med_running", accepted)
        cases.due(case_id, "MED-15R", accepted + timedelta(days=15), is_suspended=chance.random() < 0.2)
        ended = accepted + timedelta(days=chance.randrange(25))
        match chance.randrange(5):
            case 0:
                cases.dates(case_id, agreement_effective_on=ended)
                cases.reach(case_id, "med_agreed", ended)
            case 1:
                cases.dates(case_id, mediation_ended_on=ended)
                cases.reach(case_id, "med_failed", ended + timedelta(days=2))
            case 2:
                cases.reach(case_id, "med_withdrawn", ended)
            case 3:
                cases.reach(case_id, "withdrawn", ended)
    go_to(desk, TODAY)
    for basis in ("accepted", "closed"):
        found = sheet(desk, f"month=2026-10&basis={basis}")
        assert sum(row["counts"]["all"] for row in found["rows"]) > 3
        for row in (*found["rows"], *found["totals"]):
            organisation = f"&organisation_id={row['organisation']['id']}" if row["organisation"] else ""
            for measure in MEASURES:
                query = (
                    f"month=2026-10&basis={basis}&stage={row['stage']['code']}&measure={measure}{organisation}&limit=3"
                )
                items, cursor = [], ""
                while True:
                    page = desk.get(f"/statistics/monthly/cases?{query}{cursor}", by="supervisor")
                    items += [item["id"] for item in page["items"]]
                    if page["next_cursor"] is None:
                        break
                    cursor = f"&cursor={page['next_cursor']}"
                assert len(set(items)) == len(items) == row["counts"][measure], (row["stage"], measure)


def test_how_and_when_a_stage_ended_follows_the_last_it_reached(desk: ServiceDesk) -> None:
    cases = Cases(desk)
    start = date(2026, 10, 5)
    paths = {
        "agreed": [("med_running", 0), ("med_agreed", 9), ("jc_applied", 10), ("withdrawn", 20)],
        "withdrawn": [("med_running", 0), ("withdrawn", 9)],
        "reopened": [("med_running", 0), ("med_failed", 3), ("med_running", 5)],
        "left": [("med_running", 0), ("closed", 4)],
    }
    ids = {}
    for name, path in paths.items():
        ids[name] = cases.add()
        cases.dates(ids[name], mediation_accepted_on=start)
        for stage, days in path:
            cases.reach(ids[name], stage, start + timedelta(days=days))
    cases.dates(ids["agreed"], agreement_effective_on=start + timedelta(days=8))
    with desk.begin() as connection:
        first, last = month_of(2026, 10)
        found = stage_records(connection, sa.true(), SheetFilters(first, last, "accepted"))
    told = {record.case_id: (record.outcome, record.days) for record in found}
    assert told == {
        ids["agreed"]: ("agreed", 8),
        ids["withdrawn"]: ("withdrawn", 9),
        ids["reopened"]: (None, None),
        ids["left"]: (None, 4),
    }


def test_a_period_put_off_by_the_parties_counts_in_place_of_the_rule(desk: ServiceDesk) -> None:
    cases = Cases(desk)
    for until in (None, date(2026, 12, 1)):
        case_id = cases.add()
        cases.dates(case_id, mediation_accepted_on=date(2026, 10, 8), **({"mediation_extended_until": until} if until else {}))  # fmt: skip
        cases.reach(case_id, "med_running", date(2026, 10, 8))
        cases.due(case_id, "MED-15R", date(2026, 10, 23))
    go_to(desk, TODAY)
    (row,) = sheet(desk, "month=2026-10&basis=accepted")["rows"]
    assert (row["counts"]["overdue"], row["counts"]["with-due-date"], row["overdue_rate"]) == (1, 2, "50.0")
    assert not desk.rows(timer)


@pytest.mark.parametrize(("username", "count"), [("supervisor", 1), ("district", 1), ("head", 1), ("tengzhou", 0), ("director", 0)])  # fmt: skip
def test_the_sheet_counts_only_cases_in_scope(desk: ServiceDesk, username: str, count: int) -> None:
    cases = Cases(desk)
    case_id = cases.add()
    cases.dates(case_id, mediation_accepted_on=date(2026, 10, 8))
    query = "month=2026-10&basis=accepted"
    assert sum(row["counts"]["all"] for row in sheet(desk, query, username)["totals"]) == count
    assert len(desk.get(f"/statistics/monthly/cases?{query}&stage=mediation", by=username)["items"]) == count
    assert sum(row["counts"]["all"] for row in sheet(desk, f"{query}&area_code=370403", username)["totals"]) == 0


def test_the_spreadsheet_says_what_the_sheet_says(desk: ServiceDesk) -> None:
    cases = Cases(desk)
    case_id = cases.add()
    cases.dates(case_id, mediation_accepted_on=date(2026, 10, 8), mediation_ended_on=date(2026, 10, 12))
    cases.reach(case_id, "med_running", date(2026, 10, 8))
    cases.reach(case_id, "med_failed", date(2026, 10, 12))
    for language, heading, total in (("zh", "受理", "合计"), ("en", "Stage", "Total")):
        answer = desk.call("GET", f"/statistics/monthly/content?month=2026-10&lang={language}", by="supervisor")
        assert (answer.status_code, answer.headers["Content-Disposition"][:10]) == (200, "attachment")
        page = load_workbook(io.BytesIO(answer.data)).worksheets[0]
        lines = [[cell for cell in line if cell is not None] for line in page.iter_rows(values_only=True)]
        assert heading in str(lines)
        (own,) = [line for line in lines if "市中区光明路街道" in str(line)]
        assert own[2:9] == [1, 1, 18000, 0, 1, 0, 0]
        assert sum(total in map(str, line) for line in lines) == 4


def test_a_month_that_is_none_is_refused(desk: ServiceDesk) -> None:
    for month in ("2026-13", "2026", "26-10", "2026-1", "1999-10", "٢٠٢٦-10", ""):
        assert desk.problem("GET", f"/statistics/monthly?month={month}", by="supervisor") == (422, "request_invalid")
    query = "/statistics/monthly/cases?month=2026-10"
    assert desk.problem("GET", f"{query}&stage=nothing", by="supervisor")[0] == 422
    assert desk.problem("GET", f"{query}&stage=mediation&measure=x", by="supervisor")[0] == 422
    assert desk.problem("GET", "/statistics/monthly?month=2026-10", by="window") == (403, "forbidden")
