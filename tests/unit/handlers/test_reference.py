"""The reference pages of job types and papers say what the registries say."""

import json
import re
from collections.abc import Iterator

from lxml import etree

from casework.service_records import SERVED_PAPERS
from casework.settings import CHECKOUT
from handlers.papers.content import PAPERS
from handlers.reference import PAGE, PAPERS_PAGE, ground_codes, render, render_papers


def test_the_page_of_job_types_is_out_of_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "write it anew: python -m handlers.reference"


def test_the_page_of_papers_is_out_of_date() -> None:
    assert PAPERS_PAGE.read_text(encoding="utf-8") == render_papers(), "write it anew: python -m handlers.reference"


def test_a_paper_has_one_name_when_it_is_made_and_when_it_is_served() -> None:
    assert {kind: PAPERS[kind].title for kind in SERVED_PAPERS} == {
        kind: served.zh for kind, served in SERVED_PAPERS.items()
    }


def test_the_grounds_that_the_law_lists_can_all_be_ticked() -> None:
    assert set(ground_codes("review-refusal-notice")) >= {f"75-{item}" for item in range(1, 6)}
    assert ground_codes("award-refusal-notice") == tuple(f"78-{item}" for item in range(1, 7))


def test_a_process_ticks_a_ground_that_its_paper_does_not_have() -> None:
    for kind, ground in rendered_with_grounds():
        name = re.fullmatch(r"\$\{(\w+)\}", ground)
        codes = form_values(name[1]) if name else {ground} if "$" not in ground else set()
        assert codes <= set(ground_codes(kind)), (kind, ground)


def rendered_with_grounds() -> Iterator[tuple[str, str]]:
    """Yield kind and `ground` of every service task of the shipped processes that gives one."""
    for file in sorted((CHECKOUT / "processes").glob("*/*.bpmn")):
        for parameters in etree.parse(file).iter("{*}inputOutput"):
            given = {each.get("name"): each.text or "" for each in parameters.iter("{*}inputParameter")}
            if given.get("kind") in PAPERS and given.get("ground"):
                yield given["kind"], given["ground"]


def form_values(key: str) -> set[str]:
    """Return the values that the shipped forms offer under a key."""
    found: set[str] = set()
    for file in (CHECKOUT / "forms").glob("*.form"):
        waiting = list(json.loads(file.read_text(encoding="utf-8"))["components"])
        while waiting:
            component = waiting.pop()
            waiting += component.get("components", [])
            if component.get("key") == key:
                found |= {each["value"] for each in component.get("values", [])}
    return found
