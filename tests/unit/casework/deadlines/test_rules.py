"""The table of rules that comes with the software."""

import re

import pytest

from casework.deadlines.citations import Citation, Words, article_en, article_zh, numeral_zh
from casework.deadlines.errors import DeadlineSettingInvalidError, UnknownDeadlineRuleError
from casework.deadlines.rules import DeadlineRule, Unit, deadline_rules, find_rule, with_settings

RULES = list(deadline_rules().values())
HAN = re.compile(r"[\u4e00-\u9fff]")


def test_all_sixty_two_rules_are_there() -> None:
    assert len(RULES) == 62


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_complete_and_consistent(rule: DeadlineRule) -> None:
    words = [rule.stage_words, rule.name, rule.trigger, rule.actor, rule.extension, rule.consequence, rule.note]
    given = [text for text in [*words, rule.length_text] if text is not None]
    assert all(HAN.search(text.zh) for text in given)
    assert not any(HAN.search(text.en) for text in given)
    assert rule.basis
    assert all(citation.zh and citation.en for citation in rule.basis)
    assert (rule.length is None) == (rule.length_text is not None)
    assert rule.length is None or rule.length >= 0
    moves = rule.is_computable and rule.unit is not Unit.WORKING_DAY and rule.direction == "forward"
    assert rule.roll == ("next-non-rest-day" if moves else "none")


def test_law_cites_articles_and_house_norms_are_settings() -> None:
    assert [
        rule.id for rule in RULES if rule.basis_kind == "law" and not all(part.articles for part in rule.basis)
    ] == []
    assert all("length" in rule.settable for rule in RULES if rule.basis_kind == "house")
    assert {rule.id for rule in RULES if rule.confirmed == "assumption"} == {
        rule.id for rule in RULES if rule.basis_kind == "house"
    }


def test_the_days_of_the_arbitration_rules_are_working_days_by_article_eighty() -> None:
    short = [
        rule
        for rule in RULES
        if rule.unit is Unit.WORKING_DAY
        and any("办案规则" in part.statute.zh for part in rule.basis)
        and rule.length in (3, 5, 10)
    ]
    assert len(short) == 13
    assert [rule.id for rule in short if not any("80" in part.articles for part in rule.basis)] == []


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        ("MED-15R", "15个自然日", "15 calendar days"),
        ("ARB-HEAR", "提前5个工作日", "5 working days before"),
        ("ARB-LIM", "1年", "1 year"),
        ("H-MAJOR", "2小时", "2 hours"),
        ("H-FIRST", "当日", "the same day"),
        ("REV-ACC", "及时", "promptly"),
    ],
)
def test_a_length_reads_like_words(rule: str, zh: str, en: str) -> None:
    assert (find_rule(rule).length_words("zh"), find_rule(rule).length_words("en")) == (zh, en)


def test_a_setting_changes_its_rule_and_no_other() -> None:
    changed = with_settings(deadline_rules(), {"REV-ACC": {"length": 3}, "H-XFER": {"length": 2}})
    assert (changed["REV-ACC"].length, changed["REV-ACC"].is_computable) == (3, True)
    assert changed["H-XFER"].length == 2
    assert [key for key, rule in changed.items() if rule != deadline_rules()[key]] == ["REV-ACC", "H-XFER"]


@pytest.mark.parametrize(
    "settings",
    [
        {"MED-15R": {"length": 20}},
        {"NEG-RESP": {"unit": "year"}},
        {"NEG-RESP": {"length": 3}},
        {"H-XFER": {"length": -1}},
        {"H-XFER": {"length": "2"}},
        {"H-XFER": {"colour": 2}},
    ],
)
def test_the_law_itself_is_no_setting(settings: dict[str, dict[str, int | str]]) -> None:
    with pytest.raises(DeadlineSettingInvalidError, match=next(iter(settings))):
        with_settings(deadline_rules(), settings)


def test_a_setting_of_an_unknown_rule_is_refused() -> None:
    with pytest.raises(UnknownDeadlineRuleError):
        with_settings(deadline_rules(), {"MED-99": {"length": 3}})


@pytest.mark.parametrize("asked", ["med-15r ", "", None, 15, "x" * 1000, "{rule}"])
def test_anything_that_is_no_rule_id_is_unknown(asked: object) -> None:
    with pytest.raises(UnknownDeadlineRuleError):
        find_rule(asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, "一"),
        (10, "十"),
        (14, "十四"),
        (20, "二十"),
        (31, "三十一"),
        (100, "一百"),
        (110, "一百一十"),
        (187, "一百八十七"),
        (205, "二百零五"),
        (426, "四百二十六"),
    ],
)
def test_articles_are_numbered_as_statutes_print_them(number: int, expected: str) -> None:
    assert numeral_zh(number) == expected


@pytest.mark.parametrize(
    ("article", "zh", "en"),
    [
        ("29", "第二十九条", "29"),
        ("14(3)", "第十四条第三款", "14(3)"),
        ("75[3]", "第七十五条第（三）项", "75 item 3"),
    ],
)
def test_paragraphs_and_items_are_told_apart(article: str, zh: str, en: str) -> None:
    assert (article_zh(article), article_en(article)) == (zh, en)


@pytest.mark.parametrize("article", ["", "26-28", "0", "1000", "29(", "Art. 3"])
def test_what_is_no_article_is_refused(article: str) -> None:
    with pytest.raises(ValueError):
        article_zh(article)


def test_a_source_without_articles_is_cited_by_name() -> None:
    assert Citation(Words("通知", "Notice")).en == "Notice"
