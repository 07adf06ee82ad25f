"""propose-court and send-case on a real register of courts."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from casework.organisations import OrganisationRecord
from casework.store.tables import dispute, organisation
from engine.domain.ids import counting_source
from engine.store.tables import history
from handlers.job_types.propose_court import Standing, choose_court
from tests.integration.casework.office import GML, TENGZHOU
from tests.integration.handlers.desk import Desk, one_job

new_id = counting_source(2000)
CITY, DISTRICT, STREET, OTHER = "37/", "37/02/", "37/02/06/", "37/03/"


def court(code: str, path: str) -> OrganisationRecord:
    return OrganisationRecord(
        id=new_id(), code=code, name=code, kind="court", kind_number=None, area_code=path.split("/")[-2], area_path=path,
        accepts=True, industries=(), employer_code=None, address=None, phone=None, seal_name=None, number_word=None,
    )  # fmt: skip


COURTS = (court("CITY", CITY), court("DISTRICT", DISTRICT), court("OTHER", OTHER))
AT_WORK = Standing(area_path=STREET, organisation_path=OTHER)


@pytest.mark.parametrize(
    ("standing", "code", "rule"),
    [
        (AT_WORK, "OTHER", "organisation"),
        (replace(AT_WORK, organisation_path=CITY), "DISTRICT", "domicile"),
        (replace(AT_WORK, organisation_path=None), "DISTRICT", "domicile"),
        (replace(AT_WORK, is_from_court=True, court_code="CITY"), "CITY", "inviting"),
        (replace(AT_WORK, is_from_court=True), "DISTRICT", "inviting"),
        (replace(AT_WORK, court_code="CITY"), "OTHER", "organisation"),
        (Standing(area_path=CITY), "CITY", "intermediate"),
        (Standing(area_path="99/"), "CITY", "intermediate"),
    ],
)
def test_the_court_is_proposed_by_the_law(standing: Standing, code: str, rule: str) -> None:
    found, why = choose_court(standing, COURTS)
    assert (found.code, why) == (code, rule)


def test_the_only_court_of_a_city_is_no_intermediate_one() -> None:
    assert choose_court(Standing(area_path=STREET), COURTS[:1])[1] == "domicile"


def desk(engine: sa.Engine, tmp_path: Path, job_type: str, inputs: dict[str, str], outputs: dict[str, str]) -> Desk:
    return Desk(engine, tmp_path, one_job(job_type, inputs, outputs))


def test_every_court_is_offered_the_proposed_one_first(engine: sa.Engine, tmp_path: Path) -> None:
    office = desk(engine, tmp_path, "propose-court", {}, {"court_code": "${court_code}"})
    office.register(area_code=TENGZHOU)
    assert office.do() == "completed", office.the_job().failure
    result: dict[str, Any] = office.result()
    assert (result["court_code"], result["court_rule"]) == ("TZ-COURT", "domicile")
    assert result["court_options"][0] == {"value": "TZ-COURT", "label": "滕州市人民法院"}
    assert sorted(each["value"] for each in result["court_options"]) == sorted(
        ["ZZ-COURT", "SZ-COURT", "XC-COURT", "YC-COURT", "TEZ-COURT", "ST-COURT", "TZ-COURT"]
    )
    assert office.rows(dispute)[0].court_id is None


def test_without_a_court_in_the_register_an_operator_is_called(engine: sa.Engine, tmp_path: Path) -> None:
    office = desk(engine, tmp_path, "propose-court", {}, {"court_code": "${court_code}"})
    office.register(area_code=GML)
    with office.begin() as connection:
        connection.execute(sa.update(organisation).where(organisation.c.kind == "court").values(accepts=False))
    assert office.do() == "failed"
    assert "没有人民法院" in office.incidents()[0].message


@pytest.mark.parametrize(
    ("inputs", "code"),
    [({"kind": "court", "organisation_code": "XC-COURT"}, "XC-COURT"), ({"kind": "court"}, "SZ-COURT")],
)
def test_the_case_is_sent_to_the_court_that_was_chosen(
    engine: sa.Engine, tmp_path: Path, inputs: dict[str, str], code: str
) -> None:
    office = desk(engine, tmp_path, "send-case", inputs, {"organisation_code": "${organisation_code}"})
    office.register(area_code=GML)
    assert office.do() == "completed", office.the_job().failure
    assert office.rows(dispute)[0].court_id == office.organisation_id(code)
    (told,) = office.rows(history, history.c.kind == "case-sent")
    assert told.facts["organisation_code"] == code


@pytest.mark.parametrize(("code", "said"), [("SZ-ARB", "类型不符"), ("NOBODY", "NOBODY")])
def test_a_case_is_not_sent_to_who_is_no_court(engine: sa.Engine, tmp_path: Path, code: str, said: str) -> None:
    office = desk(
        engine, tmp_path, "send-case", {"kind": "court", "organisation_code": code}, {"o": "${organisation_code}"}
    )
    office.register(area_code=GML)
    assert office.do() == "failed"
    assert said in office.the_job().failure
    assert office.rows(dispute)[0].court_id is None
