"""The reference page of the job types says what the registry says."""

from handlers.reference import PAGE, render


def test_the_page_of_job_types_is_out_of_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "write it anew: python -m handlers.reference"
