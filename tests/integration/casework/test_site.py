"""The files of a site, and that nothing of a city stands in the code."""

import shutil
from pathlib import Path

import pytest

from casework.errors import NumberFormatMissingError, SiteInvalidError
from casework.site import load_site
from tests.integration.casework.office import SITES

ROOT = SITES.parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site of one city, one district and two organisations."""
    (tmp_path / "site.yaml").write_text(
        """
key: test
brand: {name: 某}
root_area: "10"
case: {business_key: "T{year}{n:05}", number: "登〔{year}〕{n}号"}
series:
  - {key: main, issuer: organisation, stem: "{word}〔{year}〕{n}", number: "{stem}号", suffixed: "{stem}-{m}号"}
numbers:
  - {series: main, bare: [paper], suffixed: [annex]}
""",
        "utf-8",
    )
    (tmp_path / "areas.yaml").write_text(
        """
- {code: "10", name: 某市, level: city}
- {code: "1001", name: 某区, level: district, parent: "10"}
""",
        "utf-8",
    )
    (tmp_path / "organisations.yaml").write_text(
        """
- {code: A, name: 甲, kind: bureau, area: "10"}
- {code: B, name: 乙, kind: street, area: "1001", parent: A, number_word: 乙}
""",
        "utf-8",
    )
    return tmp_path


def test_a_small_site_without_demonstration_data_is_enough(folder: Path) -> None:
    site = load_site(folder)
    assert (site.key, site.demo, [each.code for each in site.organisations]) == ("test", None, ["A", "B"])
    with pytest.raises(NumberFormatMissingError, match="letter"):
        site.number_format("letter")


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("site.yaml", "key: test", "", "key is missing"),
        ("site.yaml", 'root_area: "10"', 'root_area: "99"', "root_area 99"),
        ("site.yaml", "{word}〔{year}〕{n}", "{word}{n}", "must hold word, year, n"),
        ("site.yaml", "{word}〔{year}〕{n}", "{wort}〔{year}〕{n}", "cannot be filled"),
        ("site.yaml", "{word}〔{year}〕{n}", "{word.__class__.x}{year}{n}", "cannot be filled"),
        ("site.yaml", "{stem}-{m}号", "{stem}号", "must hold stem, m"),
        ("site.yaml", "issuer: organisation", "issuer: galaxy", "issuer of main"),
        ("site.yaml", "series: main", "series: other", "unknown series other"),
        ("site.yaml", "[annex]", "[paper]", "numbered twice"),
        ("site.yaml", "T{year}{n:05}", "T{year}", "must hold year, n"),
        ("site.yaml", "key: test", "key: [", "site.yaml"),
        ("areas.yaml", 'parent: "10"', 'parent: "77"', "unknown parent 77"),
        ("areas.yaml", "- {code", "x: {code", "areas.yaml"),
        ("organisations.yaml", "kind: street", "kind: temple", "unknown kind temple"),
        ("organisations.yaml", 'area: "1001"', 'area: "77"', "unknown area 77"),
        ("organisations.yaml", "parent: A", "parent: Z", "unknown parent Z"),
        ("organisations.yaml", "{code: B", "{code: A", "twice"),
        ("organisations.yaml", "name: 甲, kind: bureau", "name: 甲, kind: bureau, number_word: 乙", "number word"),
        ("organisations.yaml", "name: 乙, ", "", "name is missing"),
    ],
)
def test_a_mistake_in_a_site_file_is_named(folder: Path, file: str, old: str, new: str, problem: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(SiteInvalidError, match=problem):
        load_site(folder)


HELP = """
help_lines:
  - {name: 区监察大队, name_en: District inspection, phone: "00000000", note: 拖欠工资, note_en: Unpaid wages}
"""


def test_a_sites_own_help_lines_do_not_stand_before_the_nationwide_ones(folder: Path) -> None:
    path = folder / "site.yaml"
    path.write_text(path.read_text("utf-8") + HELP, "utf-8")
    assert [each.phone for each in load_site(folder).help_lines][:2] == ["00000000", "12333"]


@pytest.mark.parametrize("wrong", ['phone: ""', "phone: 12", "fax: 1"])
def test_a_help_line_that_says_too_little_is_taken(folder: Path, wrong: str) -> None:
    path = folder / "site.yaml"
    path.write_text(path.read_text("utf-8") + HELP.replace('phone: "00000000"', wrong), "utf-8")
    with pytest.raises(SiteInvalidError, match="a help line has exactly"):
        load_site(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "areas.yaml").unlink()
    with pytest.raises(SiteInvalidError, match=r"areas\.yaml"):
        load_site(folder)


@pytest.mark.parametrize(
    ("demo", "problem"),
    [
        ("password: x\nusers: [{username: u, roles: [king]}]", "unknown roles"),
        ("password: x\nusers: [{username: u, roles: [admin], organisation: Z}]", "unknown organisation"),
        ("users: []", "password is missing"),
    ],
)
def test_a_mistake_in_the_demonstration_data_is_named(folder: Path, demo: str, problem: str) -> None:
    (folder / "demo.yaml").write_text(demo, "utf-8")
    with pytest.raises(SiteInvalidError, match=problem):
        load_site(folder)


def test_the_city_has_its_seven_units_and_sixty_five_towns_and_streets() -> None:
    areas = load_site(SITES / "zaozhuang").areas.values()
    assert sum(area.level == "district" for area in areas) == 7
    assert sum(area.level in ("street", "town") for area in areas) == 65
    in_zone = [area.name for area in areas if area.parent == "3704GX"]
    assert in_zone == ["兴仁街道", "兴城街道", "张范街道"]


def test_every_role_has_a_demonstration_account() -> None:
    from casework.roles import ROLES

    demo = load_site(SITES / "zaozhuang").demo
    assert demo is not None
    assert {role for user in demo.users for role in user["roles"]} == set(ROLES)


def test_organisations_that_number_papers_have_a_word_of_their_own() -> None:
    from casework.vocabulary import MEDIATION_KINDS

    site = load_site(SITES / "zaozhuang")
    assert site.demo is not None
    wordless = [
        each.code
        for each in (*site.organisations, *site.demo.organisations)
        if each.kind in MEDIATION_KINDS and not each.number_word
    ]
    assert wordless == []


@pytest.mark.parametrize("word", ["枣庄", "枣调", "枣劳", "滕州", "薛城", "zaozhuang"])
def test_nothing_of_the_city_stands_in_the_code(word: str) -> None:
    found = [
        str(path.relative_to(ROOT))
        for package in ("engine", "casework", "handlers", "api", "tingzhu")
        for path in (ROOT / package).rglob("*")
        if path.suffix in (".py", ".json", ".yaml", ".typ", ".html") and word in path.read_text("utf-8").lower()
    ]
    assert found == []


def test_another_site_needs_no_change_of_code(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("elsewhere"))
    assert load_site(copy).areas["1001"].path == "10/1001/"
