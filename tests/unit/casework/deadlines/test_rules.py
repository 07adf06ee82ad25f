"""The table of rules that comes with the software."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from casework.deadlines.citations import Citation, Words, article_en, article_zh, numeral_zh
from casework.deadlines.errors import UnknownDeadlineRuleError
from casework.deadlines.rules import DeadlineRule, Unit, deadline_rules, find_rule, shipped
from casework.event_dates import EVENT_DATES
from casework.store.tables import ORGANISATION_KINDS

RULES = list(deadline_rules().values())
HAN = re.compile(r"[\u4e00-\u9fff]")
TABLE = list(csv.DictReader(Path(__file__).with_name("table_b.csv").read_text(encoding="utf-8").splitlines()))
"""Table B of the collection of time limits, its facts alone: what was read in the statutes, row by row."""
CLAIM_COLUMNS = {"known_on"}
"""Triggers that are kept per claim, not per case."""


def test_every_row_of_the_table_is_a_rule_and_every_rule_a_row_of_the_table() -> None:
    assert [rule.id for rule in RULES] == [row["id"] for row in TABLE]
    assert len(RULES) == 62


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["id"])
def test_a_rule_differs_from_its_row_of_the_table(row: dict[str, str]) -> None:
    rule = find_rule(row["id"])
    assert str("" if rule.length is None else rule.length) == row["length"]
    assert (rule.unit, rule.direction, rule.bound) == (row["unit"], row["direction"], row["bound"])
    assert (rule.stage_words.zh, rule.confirmed) == (row["stage"], row["confirmed"])
    by, _, length = row["extended_by"].partition(" ")
    assert rule.extension_by == ((by,) if by else ())
    assert rule.extension_length == (int(length) if length else None)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["id"])
def test_an_article_of_the_table_is_not_cited(row: dict[str, str]) -> None:
    cited: dict[str, set[str]] = {}
    for citation in find_rule(row["id"]).basis:
        articles = {re.match(r"\d+", article)[0] for article in citation.articles}  # type: ignore[index]
        cited.setdefault(citation.statute.zh, set()).update(articles)
    for source in row["basis"].split("; "):
        key, *articles = source.split()
        assert set(articles) <= cited[shipped().statutes[key].words.zh]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_code_of_a_rule_has_no_words_or_no_meaning(rule: DeadlineRule) -> None:
    assert rule.actor_codes
    assert {*rule.actor_codes, *rule.extension_by} <= shipped().actors.keys()
    assert set(rule.consequence_codes) <= shipped().consequences.keys()
    assert bool(rule.consequence_codes) == (rule.consequence.zh != "无")
    assert set(rule.applies_to.matters) <= shipped().matters.keys()
    assert set(rule.applies_to.organisations) <= set(ORGANISATION_KINDS)
    assert rule.trigger_event is None or rule.trigger_event in EVENT_DATES.keys() | CLAIM_COLUMNS


def test_a_code_has_words_but_no_rule_uses_it() -> None:
    used = {code for rule in RULES for code in (*rule.actor_codes, *rule.extension_by)}
    assert used == shipped().actors.keys()
    assert {code for rule in RULES for code in rule.consequence_codes} == shipped().consequences.keys()
    assert {code for rule in RULES for code in rule.applies_to.matters} == shipped().matters.keys()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_an_extension_is_told_in_words_and_not_in_codes_or_the_other_way_round(rule: DeadlineRule) -> None:
    if rule.extension_by:
        assert rule.extension.zh != "无"
    else:
        assert (rule.extension_length, rule.extension_times) == (None, None)


def test_a_rule_holds_from_the_day_on_which_its_first_statute_came_into_force() -> None:
    in_force = {statute.words.zh: statute.in_force_on for statute in shipped().statutes.values()}
    for rule in RULES:
        if rule.basis_kind != "house":
            assert rule.valid_from == in_force[rule.basis[0].statute.zh]
        assert rule.valid_to is None or (rule.valid_from or date.min) < rule.valid_to


def test_rules_of_order_17_bind_enterprises_alone_and_article_14_of_the_law_binds_all() -> None:
    order = shipped().statutes["negotiation-mediation-provisions"]
    assert order.binds == ("enterprise",)
    for rule in RULES:
        if all(citation.statute == order.words for citation in rule.basis):
            assert rule.applies_to.employers + rule.applies_to.organisations == ("enterprise",)
    assert find_rule("MED-15S").basis[0].binds == find_rule("MED-15S").applies_to.organisations == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_complete_and_consistent(rule: DeadlineRule) -> None:
    words = [rule.stage_words, rule.name, rule.trigger, rule.actor, rule.extension, rule.consequence, rule.note]
    given = [text for text in [*words, rule.length_text] if text is not None]
    assert all(HAN.search(text.zh) for text in given)
    assert not any(HAN.search(text.en) for text in given)
    assert rule.basis
    assert all(citation.zh and citation.en for citation in rule.basis)
    assert rule.length is not None or rule.length_text is not None
    assert rule.length_text is None or not rule.is_computable
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
