"""The words of notices."""

import pytest

from casework.notices import LANGUAGES, NoticeTemplateUnknownError, notice_templates, render_notice

FACTS = {
    "number": "枣劳人登〔2026〕1号",
    "cause": "追索劳动报酬",
    "organisation": "示例调解中心",
    "due_on": "2026年2月24日",
    "document_number": "示例调受〔2026〕1号",
    "year": 2027,
    "rule_version": "MED-15R v2",
}
ABOUT_NO_CASE = {
    "calendar-year-missing": "year",
    "deadline-rule-proposed": "rule_version",
    "deadline-rule-published": "rule_version",
    "deadline-rule-rejected": "rule_version",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", notice_templates())
def test_every_notice_reads_well_with_and_without_facts(template: str, language: str) -> None:
    for facts in (FACTS, {}):
        notice = render_notice(template, language, facts)
        assert notice.subject
        assert not set("{}") & set(notice.text)
        assert "None" not in notice.text
    said = str(FACTS[ABOUT_NO_CASE.get(template, "number")])
    assert said in render_notice(template, language, FACTS).text


@pytest.mark.parametrize("template", notice_templates())
def test_a_notice_fits_into_a_short_message_of_five_parts(template: str) -> None:
    assert len(render_notice(template, "zh", FACTS).text) <= 5 * 67


def test_braces_in_a_fact_are_shown_as_they_are() -> None:
    assert "{due_on}" in render_notice("case-closed", "zh", {"number": "{due_on}"}).text


def test_an_unknown_template_is_named_with_the_known_ones() -> None:
    with pytest.raises(NoticeTemplateUnknownError, match="case-closed"):
        render_notice("nonsense", "zh", {})


def test_another_language_falls_back_to_chinese() -> None:
    assert render_notice("case-closed", "fr", FACTS) == render_notice("case-closed", "zh", FACTS)
