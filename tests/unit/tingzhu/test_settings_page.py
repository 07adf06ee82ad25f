"""The reference page of the settings says what the settings object says."""

from casework.settings import notes
from tingzhu.settings_page import PAGE, render


def test_the_settings_page_is_out_of_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "write it anew: make docs"


def test_a_setting_is_missing_from_the_page_or_has_no_meaning_in_one_language() -> None:
    page = render()
    for _, note in notes():
        assert f"| `{note.variable}`" in page
        assert note.zh.endswith("。")
        assert note.en.endswith(".")


def test_two_settings_read_the_same_variable() -> None:
    variables = [note.variable for _, note in notes()]
    assert len(set(variables)) == len(variables)
