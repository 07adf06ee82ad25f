"""The sentence that tells people why a due date is what it is, in Chinese and in English."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from casework.deadlines.citations import Citation, join_en, join_zh
from casework.deadlines.published import IN_LIEU_EN, IN_LIEU_ZH
from casework.deadlines.rules import CaseFacts, DeadlineRule, Unit, counting, units_words
from casework.deadlines.steps import Count, Step
from casework.deadlines.work_calendar import WEEKDAYS_EN, WEEKDAYS_ZH

NO_FACTS = CaseFacts()


def explain_zh(rule: DeadlineRule, count: Count, facts: CaseFacts = NO_FACTS) -> str:
    """Return the explanation of a due date in Chinese; what only applies by analogy in the case is cited with 参照."""
    parts = [f"{rule.name.zh}（{rule.id}）：{_body_zh(rule, count)}。"]
    binding, analogous = _basis(rule, facts)
    parts += [f"{word}：{join_zh(cited)}。" for word, cited in (("依据", binding), ("参照", analogous)) if cited]
    if rule.version > 1:
        own = "，期限由办案机构自行确定" if rule.basis_kind == "house" else ""
        parts.append(f"按本规则第{rule.version}版计算{own}。")
    cited = _counting(rule, count)
    if cited:
        parts.append(f"期间计算：{join_zh(cited)}。")
    if count.provisional_years:
        years = "、".join(f"{year}年" for year in count.provisional_years)
        parts.append(f"{years}放假安排尚未公布，暂按周末和法定节假日推算，为暂定日期，公布后重新计算。")
    return "".join(parts)


def explain_en(rule: DeadlineRule, count: Count, facts: CaseFacts = NO_FACTS) -> str:
    """Return the explanation of a due date in English."""
    parts = [f"{rule.name.en} ({rule.id}): {_body_en(rule, count)}."]
    binding, analogous = _basis(rule, facts)
    parts += [f"{word}: {join_en(cited)}." for word, cited in (("Basis", binding), ("By analogy", analogous)) if cited]
    if rule.version > 1:
        own = ", whose length is the office's own" if rule.basis_kind == "house" else ""
        parts.append(f"Counted by version {rule.version} of the rule{own}.")
    cited = _counting(rule, count)
    if cited:
        parts.append(f"Counted under {join_en(cited)}.")
    if count.provisional_years:
        years = ", ".join(str(year) for year in count.provisional_years)
        parts.append(
            f"The work days of {years} are not published yet: counted with weekends and statutory holidays, "
            "provisional, and counted again once they are."
        )
    return " ".join(parts)


def _basis(rule: DeadlineRule, facts: CaseFacts) -> tuple[list[Citation], list[Citation]]:
    """Return the provisions that bind in the case, and those that are followed by analogy."""
    analogous = [citation for citation in rule.basis if rule.is_analogous(citation, facts)]
    return [citation for citation in rule.basis if citation not in analogous], analogous


def _body_zh(rule: DeadlineRule, count: Count) -> str:
    if count.length == 0:
        return f"{count.start}（{rule.trigger.zh}）当日完成" + _moved_zh(count, count.start)
    length = _length_zh(rule, count)
    if rule.direction == "backward":
        head = f"自{count.start}（{rule.trigger.zh}）向前倒数，当日不计入，{length}"
        if rule.unit is not Unit.WORKING_DAY:
            return f"{head}，最迟于{_day_zh(count.due)}完成；不因休息日顺延，以免缩短法定的提前时间"
        return "；".join([head, *_passed_zh(count), f"最迟于{_day_zh(count.due)}完成"])
    head = f"自{count.start}（{rule.trigger.zh}）起算，当日不计入，{length}"
    if rule.unit is Unit.WORKING_DAY:
        return "；".join([head, *_passed_zh(count), f"第{count.length}个工作日为{_day_zh(count.due)}"])
    without = "，没有对应日，以月末日为准" if _has_no_corresponding_day(rule, count) else ""
    return f"{head}{without}，于{_day_zh(count.ends_on)}届满{_moved_zh(count, count.ends_on)}"


def _body_en(rule: DeadlineRule, count: Count) -> str:
    if count.length == 0:
        return f"on the day itself, {count.start} ({rule.trigger.en}){_moved_en(count, count.start)}"
    length = _length_en(rule, count)
    if rule.direction == "backward":
        head = f"counted back from {count.start} ({rule.trigger.en}), that day excluded, {length}"
        if rule.unit is not Unit.WORKING_DAY:
            return (
                f"{head}, at the latest {_day_en(count.due)}; it does not move for rest days, the notice would be short"
            )
        return "; ".join([head, *_passed_en(count), f"at the latest {_day_en(count.due)}"])
    head = f"counted from {count.start} ({rule.trigger.en}), start day excluded, {length}"
    if rule.unit is Unit.WORKING_DAY:
        return "; ".join([head, *_passed_en(count), f"working day {count.length} is {_day_en(count.due)}"])
    without = ", no corresponding day, hence the last of the month" if _has_no_corresponding_day(rule, count) else ""
    return f"{head}{without}, ending on {_day_en(count.ends_on)}{_moved_en(count, count.ends_on)}"


def _length_zh(rule: DeadlineRule, count: Count) -> str:
    total = units_words(rule.unit, count.length, "zh")
    if count.extended_by == 0:
        return total
    own = units_words(rule.unit, count.length - count.extended_by, "zh")
    return f"{own}，延长{units_words(rule.unit, count.extended_by, 'zh')}，共{total}"


def _length_en(rule: DeadlineRule, count: Count) -> str:
    total = units_words(rule.unit, count.length, "en")
    if count.extended_by == 0:
        return total
    return f"{count.length - count.extended_by} + {count.extended_by} (extension) = {total}"


def _moved_zh(count: Count, ends_on: date) -> str:
    """Say what a rest day at the end did: nothing, nothing although it is a Saturday or Sunday, or a move."""
    rest = [step for step in count.steps if step.day == ends_on][-1].calendar_day
    if count.due != ends_on:
        name = "休息日" if rest.kind == "weekend" else rest.zh
        return f"；该日为{name}，顺延至其后第一个非休息日{_day_zh(count.due)}"
    return "；该日为调休工作日，不顺延" if rest.kind == "make-up" else ""


def _moved_en(count: Count, ends_on: date) -> str:
    rest = [step for step in count.steps if step.day == ends_on][-1].calendar_day
    if count.due != ends_on:
        name = "a rest day" if rest.kind == "weekend" else rest.en
        return f"; {ends_on} is {name}, so {_day_en(count.due)}, the first day after it that is not a rest day"
    return "; a make-up working day, so it stays" if rest.kind == "make-up" else ""


def _passed_zh(count: Count) -> list[str]:
    """Name the holidays that were left out and the make-up days that count; plain weekends go without saying."""
    notes = []
    for first, last, names in _holiday_runs(count.steps, "zh"):
        span = f"{first}" if first == last else f"{first}至{last}"
        notes.append((first, f"{span}为{'、'.join(names)}，不计"))
    notes += [(step.day, f"{_day_zh(step.day)}为调休工作日，计入") for step in _made_up(count.steps)]
    return [note for _, note in sorted(notes)]


def _passed_en(count: Count) -> list[str]:
    notes = []
    for first, last, names in _holiday_runs(count.steps, "en"):
        span = f"{first}" if first == last else f"{first} to {last}"
        notes.append((first, f"{span} ({', '.join(names)}) left out"))
    notes += [(step.day, f"{_day_en(step.day)} is a make-up working day and counts") for step in _made_up(count.steps)]
    return [note for _, note in sorted(notes)]


def _made_up(steps: Sequence[Step]) -> list[Step]:
    return [step for step in steps[1:] if step.calendar_day.kind == "make-up"]


def _holiday_runs(steps: Sequence[Step], language: str) -> Iterator[tuple[date, date, list[str]]]:
    """Yield first day, last day and names of every unbroken run of rest days that has a holiday in it."""
    run: list[Step] = []
    for step in [*sorted(steps[1:], key=lambda step: step.day), None]:
        if step is not None and step.kind == "rest" and (not run or step.day - run[-1].day == timedelta(days=1)):
            run.append(step)
            continue
        holidays = [rest.calendar_day for rest in run if rest.calendar_day.kind == "holiday"]
        if holidays:
            names = [
                day.zh.removesuffix(IN_LIEU_ZH) if language == "zh" else day.en.removesuffix(IN_LIEU_EN)
                for day in holidays
            ]
            yield run[0].day, run[-1].day, list(dict.fromkeys(names))
        run = [step] if step is not None and step.kind == "rest" else []


def _has_no_corresponding_day(rule: DeadlineRule, count: Count) -> bool:
    return rule.unit in (Unit.MONTH, Unit.YEAR) and count.ends_on.day != count.start.day


def _counting(rule: DeadlineRule, count: Count) -> list[Citation]:
    """Return the provisions on counting that were used for this due date, articles of one statute together."""
    provisions = counting(rule.counted_by)
    used = [*provisions.start] if count.length else []
    if rule.unit in (Unit.MONTH, Unit.YEAR):
        used += provisions.corresponding_day
    if count.due != count.ends_on:
        used += provisions.roll
    together: dict[str, Citation] = {}
    for citation in used:
        known = together.get(citation.statute.zh)
        articles = citation.articles if known is None else (*known.articles, *citation.articles)
        together[citation.statute.zh] = Citation(citation.statute, articles)
    return list(together.values())


def _day_zh(day: date) -> str:
    return f"{day}（{WEEKDAYS_ZH[day.weekday()]}）"


def _day_en(day: date) -> str:
    return f"{WEEKDAYS_EN[day.weekday()]} {day}"
