"""The reference page of every deadline rule: `python -m casework.deadlines.reference > docs/reference/deadline-rules.md`."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from casework.deadlines.citations import Words, join_en, join_zh
from casework.deadlines.rules import BasisKind, Confidence, DeadlineRule, deadline_rules

CONFIDENCE: Mapping[Confidence, Words] = {
    "yes": Words("已核对条文", "article read"),
    "partly": Words("部分核对", "read in part, or its application is a judgement"),
    "assumption": Words("本机构设定", "an assumption of ours, a setting"),
}
BASIS_KIND: Mapping[BasisKind, Words] = {
    "law": Words("法定", "law"),
    "analogy": Words("参照", "by analogy"),
    "policy": Words("政策目标", "policy target"),
    "house": Words("内部要求", "house norm"),
}


class _Text(NamedTuple):
    heading: str
    intro: Sequence[str]
    columns: Sequence[str]


_ZH = _Text(
    "# 期限规则",
    (
        "本页由 `python -m casework.deadlines.reference` 生成，请勿手工修改；规则数据在 `casework/deadlines/rules.json`。",
        "[English below](#deadline-rules)",
        "计算方法：",
        "- 起算日不计入（《民法典》第二百零一条，《民事诉讼法》第八十五条）。\n"
        "- 以自然日、月、年计的期间，最后一日是休息日的，顺延至其后第一个非休息日；"
        "周六、周日、法定节假日和调休放假日是休息日，调休上班的周六、周日不是（《民法典》第二百零三条）。\n"
        "- 以月、年计的，到期月的对应日届满；没有对应日的，月末日届满（《民法典》第二百零二条）。\n"
        "- 以工作日计的，只数实际工作日，调休上班日计入。\n"
        "- 向前倒数的期间不顺延：顺延会缩短法定的提前时间。\n"
        "- 放假安排尚未公布的年份，按周末和法定节假日推算，由此得出的日期为暂定。",
    ),
    ("规则", "名称", "自何时起", "期限", "责任人", "延长", "逾期后果", "依据", "性质与核对"),
)
_EN = _Text(
    "# Deadline rules",
    (
        "Written by `python -m casework.deadlines.reference`; do not edit. The data are `casework/deadlines/rules.json`.",
        "How they are counted:",
        "- The day of the event is left out (Civil Code Art. 201; Civil Procedure Law Art. 85).\n"
        "- A period of calendar days, months or years whose last day is a rest day ends on the first day after it that "
        "is none. Saturdays, Sundays, public holidays and days off in lieu are rest days; a Saturday or Sunday worked "
        "to make up for one is not (Civil Code Art. 203).\n"
        "- Months and years end on the corresponding day, or on the last of the month (Civil Code Art. 202).\n"
        "- Working-day periods count days that are worked, make-up days included.\n"
        "- A period counted back from an event does not move: that would shorten the notice the law demands.\n"
        "- Years whose work days are not published yet are projected with weekends and statutory holidays; a date "
        "that depends on such a year is provisional.",
    ),
    ("Rule", "Name", "Runs from", "Length", "Who acts", "Extension", "If missed", "Basis", "Kind and confidence"),
)


def page() -> str:
    """Return the page as Markdown, Chinese first."""
    parts = [*_half(_ZH, "zh"), *_half(_EN, "en")]
    return "\n\n".join(parts) + "\n"


def _half(text: _Text, language: str) -> Iterable[str]:
    yield text.heading
    yield from text.intro
    stages: dict[str, list[DeadlineRule]] = {}
    for rule in deadline_rules().values():
        stages.setdefault(rule.stage_words.of(language), []).append(rule)
    for stage, rules in stages.items():
        yield f"## {stage}"
        rows = [_row(rule, language) for rule in rules]
        yield "\n".join([_line(text.columns), _line(["---"] * len(text.columns)), *map(_line, rows)])
        notes = [f"- `{rule.id}`: {rule.note.of(language)}" for rule in rules if rule.note]
        if notes:
            yield "\n".join(notes)


def _row(rule: DeadlineRule, language: str) -> list[str]:
    return [
        f"`{rule.id}`",
        rule.name.of(language),
        rule.trigger.of(language),
        rule.length_words(language),
        rule.actor.of(language),
        rule.extension.of(language),
        rule.consequence.of(language),
        join_zh(rule.basis) if language == "zh" else join_en(rule.basis),
        f"{BASIS_KIND[rule.basis_kind].of(language)}；{CONFIDENCE[rule.confirmed].of(language)}"
        if language == "zh"
        else f"{BASIS_KIND[rule.basis_kind].of(language)}; {CONFIDENCE[rule.confirmed].of(language)}",
    ]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(page())
