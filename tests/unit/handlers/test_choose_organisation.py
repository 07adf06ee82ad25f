"""Which mediation organisation gets a case."""

import itertools
from dataclasses import replace
from uuid import UUID

import pytest

from casework.organisations import OrganisationRecord
from casework.vocabulary import kind_number
from handlers.job_types.assign_organisation import Wish, choose_organisation

STREET, DISTRICT, CITY = "37/02/06/", "37/02/", "37/"
_ids = itertools.count(1)


def organisation(code: str, kind: str, area_path: str, **more: object) -> OrganisationRecord:
    return OrganisationRecord(
        id=UUID(int=next(_ids)),
        code=code,
        name=code,
        kind=kind,
        kind_number=kind_number(kind),
        area_code=area_path.rstrip("/").rpartition("/")[2],
        area_path=area_path,
        accepts=True,
        industries=tuple(more.get("industries", ())),  # type: ignore[arg-type]
        employer_code=more.get("employer_code"),  # type: ignore[arg-type]
        address=None,
        phone=None,
        seal_name=None,
        number_word=None,
        open_cases=int(more.get("open_cases", 0)),  # type: ignore[call-overload]
    )


COMMITTEE = organisation("committee", "enterprise", STREET, employer_code="91X")
TOWN = organisation("town", "street", STREET)
PEOPLES = organisation("peoples", "peoples", STREET)
INDUSTRY = organisation("builders", "industry", CITY, industries=("construction",))
CENTRE = organisation("centre", "regional", DISTRICT)
ALLIANCE = organisation("alliance", "alliance", CITY)
ELSEWHERE = organisation("elsewhere", "street", "37/03/01/")
ALL = (COMMITTEE, TOWN, PEOPLES, INDUSTRY, CENTRE, ALLIANCE, ELSEWHERE)
WISH = Wish(area_path=STREET, employer_codes=frozenset({"91X"}), industry="construction")


@pytest.mark.parametrize(
    ("name", "wish", "there", "chosen", "rule"),
    [
        ("the enterprise's own committee comes first", WISH, ALL, "committee", "enterprise"),
        ("unless the worker objects", replace(WISH, worker_objects=True), ALL, "town", "street"),
        (
            "a committee serves its own enterprise only",
            replace(WISH, employer_codes=frozenset()),
            ALL,
            "town",
            "street",
        ),
        ("then the town", WISH, (TOWN, PEOPLES, INDUSTRY, CENTRE), "town", "street"),
        ("then the industry", WISH, (INDUSTRY, CENTRE, ALLIANCE), "builders", "industry"),
        ("of the right industry", replace(WISH, industry="retail"), (INDUSTRY, CENTRE), "centre", "nearest"),
        ("then the nearest", WISH, (CENTRE, ALLIANCE), "centre", "nearest"),
        ("up to the city", WISH, (ALLIANCE, ELSEWHERE), "alliance", "nearest"),
        ("a preferred kind is followed", replace(WISH, preference="peoples"), ALL, "peoples", "preference"),
        ("a preferred organisation is followed", replace(WISH, preference="centre"), ALL, "centre", "preference"),
        ("but not into another area", replace(WISH, preference="elsewhere"), ALL, "committee", "enterprise"),
        (
            "nor into the committee the worker objects to",
            replace(WISH, preference="enterprise", worker_objects=True),
            ALL,
            "town",
            "street",
        ),
    ],
)
def test_routing(name: str, wish: Wish, there: tuple[OrganisationRecord, ...], chosen: str, rule: str) -> None:
    found = choose_organisation(wish, there)
    assert found is not None
    assert (found[0].code, found[1]) == (chosen, rule), name


def test_among_equals_the_one_with_the_fewest_open_cases_is_chosen() -> None:
    busy, idle = replace(TOWN, code="a-busy", open_cases=5), replace(TOWN, code="b-idle", open_cases=4)
    found = choose_organisation(WISH, (busy, idle))
    assert found is not None
    assert found[0].code == "b-idle"


def test_without_an_organisation_in_the_area_nothing_is_chosen() -> None:
    assert choose_organisation(WISH, (ELSEWHERE,)) is None
