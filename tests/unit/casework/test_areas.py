"""The tree of areas."""

import pytest

from casework.areas import area, area_tree, lies_within, paths_upwards
from casework.errors import AreaUnknownError, SiteInvalidError

CITY = {"code": "3704", "name": "某市", "level": "city"}
DISTRICT = {"code": "370402", "name": "某区", "level": "district", "parent": "3704"}
STREET = {"code": "370402001", "name": "某街道", "level": "street", "parent": "370402"}
ZONE = {"code": "3704GX", "name": "高新区", "level": "district", "parent": "3704"}
MOVED = {"code": "370402002", "name": "另一街道", "level": "street", "parent": "3704GX"}


def test_a_path_goes_from_the_root_down() -> None:
    areas = area_tree([CITY, DISTRICT, STREET])
    assert areas["370402001"].path == "3704/370402/370402001/"
    assert areas["370402001"].full_name == "某区某街道"
    assert areas["3704"].full_name == "某市"


def test_who_governs_a_street_is_its_parent_not_its_code() -> None:
    areas = area_tree([CITY, DISTRICT, STREET, ZONE, MOVED])
    assert lies_within(areas["370402002"].path, areas["3704GX"].path)
    assert not lies_within(areas["370402002"].path, areas["370402"].path)


def test_a_code_that_begins_like_another_is_not_inside_it() -> None:
    areas = area_tree([CITY, {**DISTRICT, "code": "37040"}, {**DISTRICT, "code": "370402"}])
    assert not lies_within(areas["370402"].path, areas["37040"].path)


def test_an_area_lies_within_itself() -> None:
    areas = area_tree([CITY, DISTRICT])
    assert lies_within(areas["370402"].path, areas["370402"].path)


def test_the_way_up_starts_with_the_area_itself() -> None:
    assert paths_upwards("3704/370402/370402001/") == ["3704/370402/370402001/", "3704/370402/", "3704/"]


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ([CITY, CITY], "twice"),
        ([CITY, STREET], "unknown parent 370402"),
        ([CITY, {**CITY, "code": "3705"}], "no parent"),
        ([CITY, {**DISTRICT, "code": "37/04"}], "letters and digits"),
    ],
)
def test_a_tree_that_does_not_hold_together_is_refused(entries: list[dict[str, str]], problem: str) -> None:
    with pytest.raises(SiteInvalidError, match=problem):
        area_tree(entries)


def test_an_area_of_another_city_is_unknown() -> None:
    with pytest.raises(AreaUnknownError, match="110000"):
        area(area_tree([CITY]), "110000")
