"""The reference page of every deadline rule: `python -m casework.deadlines.reference > docs/reference/deadlines.md`."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from casework.deadlines.citations import Words, join_en, join_zh
from casework.deadlines.rules import (
    UNIT_WORDS,
    BasisKind,
    Bound,
    Confidence,
    DeadlineRule,
    deadline_rules,
    shipped,
    units_words,
)

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
BOUND: Mapping[Bound, Words] = {
    "at-most": Words("", ""),
    "at-least": Words("（最短）", " (a minimum)"),
    "usual": Words("（一般）", " (the usual term)"),
}
EMPLOYERS: Mapping[str, Words] = {"enterprise": Words("企业", "enterprises")}
ORGANISATIONS: Mapping[str, Words] = {
    "enterprise": Words("企业劳动争议调解委员会", "mediation committees of enterprises"),
    "peoples": Words("人民调解委员会", "people's mediation committees"),
}
"""The kinds that a statute may bind, as a reader knows them."""
ALL = Words("所有劳动人事争议", "all labour and personnel disputes")
ROLLS = Words("顺延至下一个非休息日", "to the next day that is none")
STAYS = Words("不顺延", "no")


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
        "《企业劳动争议协商调解规定》（人社部令第17号）只约束企业及其调解委员会，其他组织的案件在说明中写作“参照”；"
        "《劳动争议调解仲裁法》第十四条适用于所有调解组织。本页是随软件提供的第1版；"
        "机构公布的新版本见 `tingzhu deadline-rule show RULE-ID`，做法见"
        "[公布期限规则的新版本](../how-to/publish-a-deadline-rule.md)。",
        "“留给机构”的内容法律没有规定，机构可以自行公布新版本调整。",
    ),
    (
        "规则",
        "名称",
        "自何时起",
        "期限",
        "末日为休息日",
        "责任人",
        "延长",
        "逾期后果",
        "适用范围",
        "依据",
        "性质与核对",
        "施行",
    ),
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
        "The Provisions on Negotiation and Mediation of Enterprise Labour Disputes (Order 17) bind enterprises and their "
        "committees alone; elsewhere an explanation cites them by analogy (参照). Article 14 of the Labour Dispute Mediation "
        "and Arbitration Law binds every mediation organisation. This page is version 1, which came with the software; "
        "what the office has published since is shown by `tingzhu deadline-rule show RULE-ID`. How to: "
        "[publish a new version](../how-to/publish-a-deadline-rule.md).",
        "What is left to the office has no number in the law: the office may publish a version of its own.",
    ),
    (
        "Rule",
        "Name",
        "Runs from",
        "Length",
        "Moves off a rest day",
        "Who acts",
        "Extension",
        "If missed",
        "Applies to",
        "Basis",
        "Kind and confidence",
        "In force",
    ),
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
    left = ("；留给机构" if language == "zh" else "; left to the office") if rule.settable else ""
    separator = "；" if language == "zh" else "; "
    return [
        f"`{rule.id}`",
        rule.name.of(language),
        rule.trigger.of(language) + (f"<br>`{rule.trigger_event}`" if rule.trigger_event else ""),
        _length(rule, language),
        (ROLLS if rule.roll == "next-non-rest-day" else STAYS).of(language) if rule.is_computable else "–",
        rule.actor.of(language),
        _extension(rule, language),
        rule.consequence.of(language),
        _applies_to(rule, language),
        join_zh(rule.basis) if language == "zh" else join_en(rule.basis),
        BASIS_KIND[rule.basis_kind].of(language) + separator + CONFIDENCE[rule.confirmed].of(language) + left,
        _in_force(rule, language),
    ]


def _length(rule: DeadlineRule, language: str) -> str:
    """Return length and unit, the unit also where the length is words alone."""
    words = rule.length_words(language) + BOUND[rule.bound].of(language)
    unit = UNIT_WORDS[rule.unit].of(language)
    if rule.length == 0:
        return f"{words}（{unit}）" if language == "zh" else f"{words} ({unit})"
    if rule.length is not None:
        return words
    return f"{words}（{unit}）" if language == "zh" else f"{words} ({unit})"


def _extension(rule: DeadlineRule, language: str) -> str:
    """Return who may extend, how long and how often; in words first, then as the codes say it."""
    if not rule.extension_by:
        return rule.extension.of(language)
    who = "、".join(shipped().actors[code].zh for code in rule.extension_by)
    if language == "zh":
        length = units_words(rule.unit, rule.extension_length, "zh") if rule.extension_length else "长度未规定"
        times = f"{rule.extension_times}次" if rule.extension_times else "次数未规定"
        return f"{rule.extension.zh}（{who}；{length}；{times}）"
    who = ", ".join(shipped().actors[code].en for code in rule.extension_by)
    length = units_words(rule.unit, rule.extension_length, "en") if rule.extension_length else "length not stated"
    times = ("once" if rule.extension_times == 1 else f"{rule.extension_times} times") if rule.extension_times else ""
    return f"{rule.extension.en} ({who}; {length}; {times or 'how often not stated'})"


def _applies_to(rule: DeadlineRule, language: str) -> str:
    kinds = [EMPLOYERS[code].of(language) for code in rule.applies_to.employers]
    kinds += [ORGANISATIONS[code].of(language) for code in rule.applies_to.organisations]
    matters = [shipped().matters[code].of(language) for code in rule.applies_to.matters]
    if not kinds:
        return ("、" if language == "zh" else ", ").join(matters) or ALL.of(language)
    bound = "、".join(kinds) + "；其他参照" if language == "zh" else f"{', '.join(kinds)}; others by analogy"
    return "；".join([bound, *matters]) if language == "zh" else "; ".join([bound, *matters])


def _in_force(rule: DeadlineRule, language: str) -> str:
    first, last = rule.valid_from, rule.valid_to
    if first is None and last is None:
        return "–"
    since = f"{first}起" if language == "zh" else f"since {first}"
    if last is None:
        return since
    return f"{first or ''}至{last}" if language == "zh" else f"{first or ''} to {last}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(page())
