"""Which regular expressions a form may use."""

import pytest

from engine.forms.patterns import pattern_problems


@pytest.mark.parametrize(
    "pattern",
    [
        r"^\d{17}[\dXx]$", r"^1[3-9]\d{9}$", r"^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$", r"a|b|", r"^(?:ab|c)?$",
        r"^(?=.*\d)(?!.*x).{2,4}$", r"[^\s\]\\]+", r"\u4e00", r"^[\u4e00-\u9fa5]{2,20}$", r"a{2}", r"a{2,}?", r"a+?b*?",
        r"\.\*\?\(\)\[\]\{\}\|\/\-", r"[-a]", r"[a-]", r"\bword\b", r"[.*+?(){}|^$]", "枣人社",
    ],
)  # fmt: skip
def test_shared_syntax_is_accepted(pattern: str) -> None:
    assert pattern_problems(pattern) == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?<=a)b", r"(?<!a)b", r"(?<n>a)", r"(?P<n>a)", r"(?i)a", r"(?>a)", r"(?#x)a", r"(a)\1", r"\p{L}", r"\x41", r"\cA",
        r"\A", r"\Z", r"\z", r"\e", r"a*+", r"a++", r"a?+", r"a{1,2}+", r"a**", r"a{,2}", r"a{", r"}", r"]", r"[]a]", r"[^]a]",
        r"[[:alpha:]]", r"[a&&b]", r"[a--b]", "\\", r"\u12", r"(", r")", r"[a", r"*a", r"a{2,1}", "[z-a]", "a" * 501, r"\B{2}x{99999}",
    ],
)  # fmt: skip
def test_syntax_that_is_not_shared_or_wrong_is_a_problem(pattern: str) -> None:
    problems = pattern_problems(pattern)
    assert problems
    assert not problems[0].is_warning
    assert problems[0].zh
    assert problems[0].en


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a*b?)*", r"((a+)b)*", r"(?:x{2,})+", r"(?:(?:a|b+))*"])
def test_repeat_of_a_repeat_is_a_warning(pattern: str) -> None:
    assert [problem.is_warning for problem in pattern_problems(pattern)] == [True]


@pytest.mark.parametrize("pattern", [r"(a{1,3})+", r"(ab)+c+", r"(a+)?", r"(a+){3}", r"\(a+\)+", r"[(a+)]+"])
def test_harmless_repeats_are_not_warned_of(pattern: str) -> None:
    assert pattern_problems(pattern) == []
