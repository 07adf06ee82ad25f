"""The sentences that explain a due date to the people it binds."""

from datetime import date

import pytest

from casework.deadlines.computation import compute
from casework.deadlines.rule_book import CaseRules, shipped_book
from casework.deadlines.rules import CaseFacts, deadline_rules
from casework.deadlines.work_calendar import WorkCalendar

CALENDAR = WorkCalendar()


def test_a_date_moved_by_spring_festival_is_explained_with_holiday_and_articles() -> None:
    deadline = compute("MED-15R", date(2026, 2, 1), CALENDAR)
    assert deadline.explanation_zh == (
        "调解十五日（自受理）（MED-15R）：自2026-02-01（受理调解申请之日）起算，当日不计入，15个自然日，"
        "于2026-02-16（星期一）届满；该日为春节假期，顺延至其后第一个非休息日2026-02-24（星期二）。"
        "依据：《企业劳动争议协商调解规定》第二十九条、第三十条、第三十一条第（七）项。"
        "期间计算：《民法典》第二百零一条第一款、第二百零三条第一款。"
    )
    assert deadline.explanation_en == (
        "Mediation, fifteen days from acceptance (MED-15R): counted from 2026-02-01 (mediation application accepted), "
        "start day excluded, 15 calendar days, ending on Monday 2026-02-16; 2026-02-16 is Spring Festival, "
        "so Tuesday 2026-02-24, the first day after it that is not a rest day. "
        "Basis: Provisions on Negotiation and Mediation of Enterprise Labour Disputes Art. 29, 30, 31 item 7. "
        "Counted under Civil Code Art. 201(1), 203(1)."
    )


@pytest.mark.parametrize(
    ("rule", "start", "zh", "en"),
    [
        ("MED-15R", "2026-01-30", "该日为调休工作日，不顺延", "a make-up working day, so it stays"),
        ("JC-APPLY", "2026-09-18", "该日为休息日，顺延至", "2026-10-18 is a rest day, so Monday 2026-10-19"),
        (
            "REV-5",
            "2026-02-13",
            "2026-02-14（星期六）为调休工作日，计入；2026-02-15至2026-02-23为春节假期，不计；第5个工作日为2026-02-27",
            "Saturday 2026-02-14 is a make-up working day and counts; 2026-02-15 to 2026-02-23 (Spring Festival) left out",
        ),
        (
            "ARB-HEAR",
            "2026-09-30",
            "向前倒数，当日不计入，5个工作日；2026-09-25至2026-09-27为中秋假期，不计；最迟于2026-09-22（星期二）完成",
            "counted back from 2026-09-30 (day of the hearing), that day excluded, 5 working days; "
            "2026-09-25 to 2026-09-27 (Mid-autumn Festival) left out; at the latest Tuesday 2026-09-22",
        ),
        ("LAYOFF", "2026-11-01", "不因休息日顺延", "does not move for rest days"),
        ("ARB-LIM", "2024-02-29", "没有对应日，以月末日为准", "no corresponding day, hence the last of the month"),
        ("H-FIRST", "2026-11-23", "当日完成", "on the day itself, 2026-11-23"),
        ("JC-DEC", "2026-06-01", "参照：", "By analogy: "),
        ("MED-ACC", "2026-12-30", "2027年放假安排尚未公布", "work days of 2027 are not published yet"),
        ("MED-ACC", "2026-12-30", "2027-01-01至2027-01-03为元旦，不计", "2027-01-01 to 2027-01-03 (New Year's Day)"),
        ("ARB-SUE", "2026-11-02", "《民事诉讼法》第八十五条第二款", "Civil Procedure Law Art. 85(2)"),
    ],
)
def test_what_decided_the_date_is_said(rule: str, start: str, zh: str, en: str) -> None:
    deadline = compute(rule, date.fromisoformat(start), CALENDAR)
    assert zh in deadline.explanation_zh
    assert en in deadline.explanation_en


ORDER_17_ZH, ORDER_17 = (
    "《企业劳动争议协商调解规定》",
    "Provisions on Negotiation and Mediation of Enterprise Labour Disputes",
)


@pytest.mark.parametrize(
    ("rule", "facts", "zh", "en"),
    [
        ("MED-15R", {"organisation_kind": "enterprise"}, f"依据：{ORDER_17_ZH}", f"Basis: {ORDER_17}"),
        ("MED-15R", {"organisation_kind": "street"}, f"参照：{ORDER_17_ZH}", f"By analogy: {ORDER_17}"),
        ("MED-ACC", {"organisation_kind": "peoples"}, f"参照：{ORDER_17_ZH}", f"By analogy: {ORDER_17}"),
        ("MED-15R", {}, f"依据：{ORDER_17_ZH}", f"Basis: {ORDER_17}"),
        ("MED-15S", {"organisation_kind": "street"}, "依据：《劳动争议调解仲裁法》第十四条", "Basis: Labour Dispute"),
        ("NEG-RESP", {"organisation_kind": "street"}, f"依据：{ORDER_17_ZH}", f"Basis: {ORDER_17}"),
        ("NEG-RESP", {"employer_kind": "enterprise"}, f"依据：{ORDER_17_ZH}", f"Basis: {ORDER_17}"),
        ("NEG-RESP", {"employer_kind": "public-institution"}, f"参照：{ORDER_17_ZH}", f"By analogy: {ORDER_17}"),
        ("JC-DEC", {"organisation_kind": "peoples"}, "依据：《最高人民法院", "Basis: Supreme"),
        ("JC-DEC", {"organisation_kind": "chamber"}, "参照：《最高人民法院", "By analogy: Supreme"),
        (
            "JC-APPLY",
            {"organisation_kind": "street"},
            "依据：《民事诉讼法》第二百零五条。参照：《人民调解法》第三十三条。",
            "Basis: Civil Procedure Law Art. 205. By analogy: People's Mediation Law Art. 33.",
        ),
    ],
)
def test_what_does_not_bind_the_organisation_is_cited_by_analogy(
    rule: str, facts: dict[str, str], zh: str, en: str
) -> None:
    rules = CaseRules(shipped_book(), CaseFacts(**facts))
    deadline = compute(rule, date(2026, 3, 2), CALENDAR, rules=rules)
    assert zh in deadline.explanation_zh
    assert en in deadline.explanation_en


def test_plain_weekends_go_without_saying_in_a_working_day_period() -> None:
    assert "不计；" not in compute("REV-5", date(2026, 11, 18), CALENDAR).explanation_zh


def test_an_extension_is_shown_as_a_sum() -> None:
    deadline = compute("ARB-45", date(2026, 8, 20), CALENDAR, extended_by=15)
    assert "45个自然日，延长15个自然日，共60个自然日" in deadline.explanation_zh
    assert "45 + 15 (extension) = 60 calendar days" in deadline.explanation_en


def test_every_explanation_names_its_rule_its_dates_and_its_source_in_both_languages() -> None:
    for rule in deadline_rules().values():
        if not rule.is_computable:
            continue
        deadline = compute(rule.id, date(2026, 1, 23), CALENDAR)
        for language in ("zh", "en"):
            text = deadline.explanation(language)
            assert rule.id in text
            assert deadline.start.isoformat() in text
            assert deadline.due.isoformat() in text
            assert rule.basis[0].of(language) in text


def test_as_json_a_deadline_has_both_dates_and_why() -> None:
    assert set(compute("MED-15R", date(2026, 2, 1), CALENDAR).as_dict()) == {
        "rule",
        "version",
        "start",
        "due",
        "safe",
        "provisional",
        "explanation",
        "safe_explanation",
    }
