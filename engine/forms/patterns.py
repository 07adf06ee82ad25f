"""Which regular expressions a form may use: those that mean the same in the browser and on the server."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_PATTERN = 500
_ESCAPES = frozenset("dDwWsSbBtnrfv" + r"^$\.*+?()[]{}|/-")
_CLASS_ESCAPES = frozenset("dDwWsStnrfv" + r"^$\.*+?()[]{}|/-")
_QUANTIFIER = re.compile(r"[*+?]|\{\d{1,4}(?:,\d{0,4})?\}")
_UNICODE_ESCAPE = re.compile(r"\\u[0-9A-Fa-f]{4}")


@dataclass(frozen=True, slots=True)
class PatternProblem:
    """Something in a pattern that is not shared, or that may be slow (a warning)."""

    zh: str
    en: str
    is_warning: bool = False


def pattern_problems(pattern: str) -> list[PatternProblem]:
    """Return what is wrong with a pattern; an empty list means that it is shared and reasonable."""
    if len(pattern) > MAX_PATTERN:
        return [PatternProblem(f"超过 {MAX_PATTERN} 个字符。", f"it has more than {MAX_PATTERN} characters.")]
    found = next(_unshared(pattern), None)
    if found is not None:
        return [found]
    try:
        re.compile(pattern, re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        return [PatternProblem(f"语法有误：{error}。", f"its syntax is wrong: {error}.")]
    if _has_nested_repeats(pattern):
        return [
            PatternProblem(
                "重复之中又有重复，遇到特殊内容时核对会很慢。",
                "it repeats something that repeats; some texts will be slow to check.",
                is_warning=True,
            )
        ]
    return []


def _unshared(pattern: str) -> Iterator[PatternProblem]:
    place = 0
    is_in_class = False
    while place < len(pattern):
        character = pattern[place]
        rest = pattern[place:]
        if character == "\\":
            if _UNICODE_ESCAPE.match(rest):
                place += 6
                continue
            following = rest[1:2]
            if following not in (_CLASS_ESCAPES if is_in_class else _ESCAPES) or not following:
                yield _problem(f"\\{following}")
            place += 2
            continue
        if is_in_class:
            if character == "]":
                is_in_class = False
            elif character == "[" or rest[:2] in ("&&", "||", "~~", "--"):
                yield _problem(character)
        elif character == "[":
            is_in_class = True
            skip = 2 if rest[1:2] == "^" else 1
            if rest[skip : skip + 1] == "]":
                yield _problem(rest[: skip + 1])
            place += skip
            continue
        elif character == "(":
            if rest[1:2] == "?" and rest[2:3] not in (":", "=", "!"):
                yield _problem(rest[:4])
        elif character in "]}":
            yield _problem(character)
        elif quantifier := _QUANTIFIER.match(rest):
            place += quantifier.end()
            if pattern[place : place + 1] == "?":
                place += 1
            if _QUANTIFIER.match(pattern[place:]) or pattern[place : place + 1] == "{":
                yield _problem(pattern[place - 1 : place + 1])
            continue
        elif character == "{":
            yield _problem("{")
        place += 1


def _has_nested_repeats(pattern: str) -> bool:
    """Tell whether a group that may repeat without bound holds, at any depth, something that does."""
    groups: list[bool] = []
    place = 0
    is_in_class = False
    while place < len(pattern):
        character = pattern[place]
        if character == "\\":
            place += 1
        elif is_in_class:
            is_in_class = character != "]"
        elif character == "[":
            is_in_class = True
        elif character == "(":
            groups.append(False)
        elif character == ")":
            repeats = groups.pop() if groups else False
            is_unbounded = _is_unbounded(pattern[place + 1 :])
            if repeats and is_unbounded:
                return True
            if groups:
                groups[-1] = groups[-1] or repeats or is_unbounded
        elif groups and _is_unbounded(pattern[place:]):
            groups[-1] = True
        place += 1
    return False


def _is_unbounded(rest: str) -> bool:
    quantifier = _QUANTIFIER.match(rest)
    return quantifier is not None and (quantifier.group() in "*+" or quantifier.group().endswith(",}"))


def _problem(what: str) -> PatternProblem:
    return PatternProblem(
        f"{what} 在浏览器和服务器上含义不同，请改用两者共有的写法。",
        f"{what} does not mean the same in the browser and on the server; use what both share.",
    )
