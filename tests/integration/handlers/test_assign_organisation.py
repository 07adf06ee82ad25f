"""assign-organisation on a real register of organisations."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from casework.store.tables import dispute, organisation
from engine.store.tables import history
from tests.integration.casework.office import GML, LSL, TENGZHOU, company
from tests.integration.handlers.desk import Desk, one_job

COMMITTEE_EMPLOYER = "91370402MA3DEMC11X"


def desk(engine: sa.Engine, tmp_path: Path, catch: str = "", **inputs: str) -> Desk:
    outputs = {"organisation_code": "${organisation_code}"}
    return Desk(engine, tmp_path, one_job("assign-organisation", inputs, outputs, catch=catch))


@pytest.mark.parametrize(
    ("area_code", "inputs", "code"),
    [
        (GML, {}, "SZ-GML-MED"),
        (LSL, {}, "SZ-LSL-MED"),
        (GML, {"preference": "peoples"}, "SZ-GML-PEOPLES"),
        (GML, {"preference": "ZZ-LAW-MED"}, "ZZ-LAW-MED"),
        (TENGZHOU, {"industry": "construction"}, "TZ-JH-MED"),
        (TENGZHOU, {"industry": "construction", "preference": "industry"}, "ZZ-BUILD-MED"),
    ],
)
def test_the_case_goes_to_the_organisation_that_the_rule_picks(
    engine: sa.Engine, tmp_path: Path, area_code: str, inputs: dict[str, str], code: str
) -> None:
    office = desk(engine, tmp_path, **inputs)
    office.register(area_code=area_code)
    assert office.do() == "completed", office.the_job().failure
    (row,) = office.rows(dispute)
    assert row.organisation_id == office.organisation_id(code)
    assert office.result()["organisation_code"] == code
    (told,) = office.rows(history, history.c.kind == "organisation-assigned")
    assert told.facts["organisation_code"] == code


def test_the_employers_own_committee_takes_its_disputes(engine: sa.Engine, tmp_path: Path) -> None:
    office = desk(engine, tmp_path)
    office.register(respondents=(company(id_number=COMMITTEE_EMPLOYER),))
    assert office.do() == "completed", office.the_job().failure
    assert office.result()["organisation_kind"] == "enterprise"


def test_unless_the_worker_objects(engine: sa.Engine, tmp_path: Path) -> None:
    office = desk(engine, tmp_path, worker_objects="${True}")
    office.register(respondents=(company(id_number=COMMITTEE_EMPLOYER),))
    assert office.do() == "completed", office.the_job().failure
    assert office.result()["organisation_kind"] == "street"


def test_without_an_organisation_the_process_decides(engine: sa.Engine, tmp_path: Path) -> None:
    office = desk(engine, tmp_path, catch="no-organisation")
    with office.begin() as connection:
        connection.execute(sa.update(organisation).values(accepts=False))
    office.register()
    assert office.do() == "threw"
    assert office.open_tasks() == ["by-hand"]


def test_an_unknown_area_fails_for_good(engine: sa.Engine, tmp_path: Path) -> None:
    office = desk(engine, tmp_path, area_code="999999")
    office.register()
    assert office.do() == "failed"
    assert "999999" in office.incidents()[0].message
