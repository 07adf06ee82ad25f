"""What a new version of a rule says differently: read from its stored form, checked, and put on the version before."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, get_args

from casework.deadlines.citations import Citation, Words, article_zh
from casework.deadlines.errors import DeadlineVersionInvalidError
from casework.deadlines.rules import (
    BasisKind,
    Confidence,
    DeadlineRule,
    Unit,
    citations,
    shipped,
)

LONGEST = 3650
"""Units; beyond it somebody has mistyped."""
LONGEST_TEXT = 500
_COUNTED = (Unit.CALENDAR_DAY, Unit.WORKING_DAY, Unit.MONTH, Unit.YEAR, Unit.HOUR, Unit.CLASS_HOUR)
_OFFICE_MAY = frozenset({"note", "confirmed", "basis", "basis_kind", "roll"})
"""What the office may say about any rule; rolling follows from the unit."""
_HAN = re.compile(r"[\u4e00-\u9fff]")


def changed_rule(rule: DeadlineRule, changes: Mapping[str, Any], number: int) -> DeadlineRule:
    """Return `rule` with the `changes` of its version `number`.

    Changes name fields of the normal form: length, unit, roll, extension, extension_length, extension_times,
    consequence, note (words are `{"zh": ..., "en": ...}`), basis (`[{"statute": key, "articles": [...]}]`, or
    `{"zh", "en", "articles"}` for a statute that the software does not know), basis_kind and confirmed. What the law
    leaves to the office (`settable`) it may change by itself; anything else takes a provision, cited in basis. A rule by
    which processes count stays one.
    Raises DeadlineVersionInvalidError.
    """
    if not changes:
        raise _invalid(rule, "changes", "没有任何修改。", "nothing is changed.")
    unknown = sorted(changes.keys() - _READERS.keys())
    if unknown:
        known = "、".join(_READERS)
        raise _invalid(
            rule, unknown[0], f"不能修改；可修改：{known}。", f"cannot be changed; what can: {', '.join(_READERS)}."
        )
    read = {name: _READERS[name](rule, name, value) for name, value in changes.items()}
    if "length" in read:
        read["length_text"] = None
    if "length" in read and rule.length is None and "basis" not in read:  # a number that no law gives is a house norm
        read = {"basis_kind": "house", "confirmed": "assumption", **read}
    if "unit" in read and "roll" not in read:
        moves = read["unit"] is not Unit.WORKING_DAY and rule.direction == "forward"
        read["roll"] = "next-non-rest-day" if moves else "none"
    new = replace(rule, **read, version=number)
    _check(rule, new, changes)
    return new


def _check(old: DeadlineRule, new: DeadlineRule, changes: Mapping[str, Any]) -> None:
    if (old.length, old.unit, old.roll) != (new.length, new.unit, new.roll):
        if new.length is None or new.unit not in _COUNTED:
            raise _invalid(old, "unit", "应同时给出长度和单位。", "give a length together with its unit.")
        if old.is_computable and not new.is_computable:
            raise _invalid(
                old,
                "unit",
                "流程按此规则推算日期，单位须为日、月或者年。",
                "processes count dates by it: days, months or years.",
            )
    if new.roll == "next-non-rest-day" and (new.unit is Unit.WORKING_DAY or new.direction == "backward"):
        raise _invalid(
            old, "roll", "按工作日计算或者倒数的期间不顺延。", "working days and periods counted back do not roll."
        )
    left = old.settable | ({"unit"} if old.unit is Unit.NO_NUMBER and "length" in old.settable else set())
    beyond = sorted(changes.keys() - _OFFICE_MAY - left)
    if beyond and new.basis_kind == "house" != old.basis_kind:
        raise _invalid(
            old, beyond[0], "法律没有留给办案机构决定。", "the law does not leave it to the office to decide."
        )
    if beyond and old.basis_kind != "house" and "basis" not in changes:
        raise _invalid(
            old,
            beyond[0],
            "法律没有留给办案机构决定，须在 basis 中写明作出修改的规定。",
            "the law does not leave it to the office; cite the provision that changes it in basis.",
        )


def _number(least: int) -> Callable[[DeadlineRule, str, Any], int | None]:
    def read(rule: DeadlineRule, name: str, value: Any) -> int | None:
        if value is None and name != "length":
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LONGEST:
            raise _invalid(
                rule,
                name,
                f"应为 {least} 至 {LONGEST} 的整数。",
                f"a whole number from {least} to {LONGEST} is needed.",
            )
        return value

    return read


def _one_of(*values: str) -> Callable[[DeadlineRule, str, Any], Any]:
    def read(rule: DeadlineRule, name: str, value: Any) -> Any:
        if value not in values:
            listed = ", ".join(values)
            raise _invalid(rule, name, f"应为其中之一：{listed}。", f"one of these is needed: {listed}.")
        return Unit(value) if name == "unit" else value

    return read


def _text(rule: DeadlineRule, name: str, value: Any) -> Words | None:
    if value is None and name == "note":
        return None
    if not isinstance(value, Mapping) or value.keys() != {"zh", "en"}:
        raise _invalid(rule, name, "应有中英文（zh、en）。", "words in both languages (zh, en) are needed.")
    words = Words(_line(rule, name, value["zh"]), _line(rule, name, value["en"]))
    if not _HAN.search(words.zh):
        raise _invalid(rule, name, "中文（zh）里没有汉字。", "the Chinese words (zh) have no Chinese character.")
    return words


def _line(rule: DeadlineRule, name: str, value: Any) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text or len(text) > LONGEST_TEXT or any(ord(letter) < 32 for letter in text):
        raise _invalid(
            rule,
            name,
            f"应为一行文字，不超过 {LONGEST_TEXT} 字。",
            f"one line of text is needed, at most {LONGEST_TEXT} letters.",
        )
    return text


def _basis(rule: DeadlineRule, name: str, value: Any) -> tuple[Citation, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= 10 or not all(isinstance(row, Mapping) for row in value):
        raise _invalid(rule, name, "应为 1 至 10 条依据。", "a list of one to ten provisions is needed.")
    return tuple(_citation(rule, name, row) for row in value)


def _citation(rule: DeadlineRule, name: str, row: Mapping[str, Any]) -> Citation:
    articles = row.get("articles", [])
    if not isinstance(articles, list) or len(articles) > 20 or not all(_is_article(article) for article in articles):
        raise _invalid(rule, name, "条款应写作 29、14(3)、75[3]。", "write articles as 29, 14(3) or 75[3].")
    if row.keys() == {"zh", "en", "articles"}:
        words = _text(rule, name, {"zh": row["zh"], "en": row["en"]})
        assert words is not None
        return Citation(words, tuple(articles))
    if row.keys() - {"articles"} != {"statute"} or str(row["statute"]) not in shipped().statutes:
        listed = ", ".join(shipped().statutes)
        raise _invalid(
            rule,
            name,
            f"每条依据应有 statute（{listed}），或者 zh、en，以及 articles。",
            f"every provision needs a statute ({listed}), or zh and en, and articles.",
        )
    return citations([{"statute": row["statute"], "articles": articles}], shipped().statutes)[0]


def _is_article(article: object) -> bool:
    try:
        return isinstance(article, str) and bool(article_zh(article))
    except ValueError:
        return False


def _invalid(rule: DeadlineRule, field: str, zh: str, en: str) -> DeadlineVersionInvalidError:
    return DeadlineVersionInvalidError(rule=rule.id, field=field[:40], problem_zh=zh, problem_en=en)


_READERS: Mapping[str, Callable[[DeadlineRule, str, Any], Any]] = MappingProxyType(
    {
        "length": _number(0),
        "unit": _one_of(*_COUNTED),
        "roll": _one_of("next-non-rest-day", "none"),
        "extension": _text,
        "extension_length": _number(1),
        "extension_times": _number(1),
        "consequence": _text,
        "note": _text,
        "basis": _basis,
        "basis_kind": _one_of(*get_args(BasisKind)),
        "confirmed": _one_of(*get_args(Confidence)),
    }
)
