"""What the repository promises about itself: licences named, a lock without places, the forms of its files."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LOCKED = set(re.findall(r"^([a-z0-9][a-z0-9-]*)==", LOCK, re.MULTILINE))


def test_a_locked_package_is_missing_from_the_third_party_notices() -> None:
    text = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| ([a-z0-9-]+) \|", text, re.MULTILINE))
    assert sorted(LOCKED - listed) == []
    assert "| ? |" not in text


def test_an_npm_package_is_missing_from_the_third_party_notices() -> None:
    text = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    listed = {
        (licence, name)
        for licence, names in re.findall(r"^- \*\*(.+)\*\*: (.+)$", text, re.MULTILINE)
        for name in names.split(", ")
    }
    locked = {
        (package["license"], path.split("node_modules/")[-1]) for path, package in _npm_packages().items() if path
    }
    assert sorted(locked ^ listed) == []
    assert sorted(licence for licence, _ in locked if re.search(r"\bA?GPL", licence)) == []


@pytest.mark.parametrize("lock", ["requirements.lock", "web/package-lock.json"])
def test_a_lock_names_a_registry_or_a_place_on_somebodys_machine(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    if lock.endswith(".json"):
        # packages ask for money at addresses of their own, from which nothing is fetched
        packages = _npm_packages()
        for package in packages.values():
            package.pop("funding", None)
        text = json.dumps(packages)
    assert re.findall(r"https?://[^\s\"]+", text) == []
    assert re.findall(r"^\s*-|file:| @ |--index|--find-links", text.replace("    --hash=", ""), re.MULTILINE) == []


def _npm_packages() -> dict[str, Any]:
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text(encoding="utf-8"))
    packages: dict[str, Any] = lock["packages"]
    return packages


def test_a_locked_package_has_no_hash() -> None:
    blocks = re.split(r"^(?=[a-z0-9][a-z0-9-]*==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(LOCKED)
    assert [block.split(" ")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_a_dependency_of_the_project_is_not_locked() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    section = text.split("dependencies = [", 1)[1].split("[project.scripts]")[0]
    named = {name.lower() for name in re.findall(r'^    "([A-Za-z0-9-]+)', section, re.MULTILINE)}
    assert len(named) > 30
    assert sorted(named - LOCKED) == []
