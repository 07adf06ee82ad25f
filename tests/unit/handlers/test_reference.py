"""The reference pages of job types and papers say what the registries say."""

from handlers.reference import PAGE, PAPERS_PAGE, render, render_papers


def test_the_page_of_job_types_is_out_of_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "write it anew: python -m handlers.reference"


def test_the_page_of_papers_is_out_of_date() -> None:
    assert PAPERS_PAGE.read_text(encoding="utf-8") == render_papers(), "write it anew: python -m handlers.reference"
