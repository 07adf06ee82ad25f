"""Names are broken where Chinese may be broken."""

import pytest

from engine.diagram.text import width, wrap


@pytest.mark.parametrize(
    ("text", "limit", "lines"),
    [
        ("登记", 8, ["登记"]),
        ("一二三四五六", 3, ["一二三", "四五六"]),
        ("一二三四五六七", 6, ["一二三四", "五六七"]),
        ("一二三，四五六", 3, ["一二", "三，四", "五六"]),
        ("三个工作日（双方同意）", 6, ["三个工作日", "（双方同意）"]),
        ("court ruling served", 5, ["court", "ruling", "served"]),
        ("第一行\n第二行", 9, ["第一行", "第二行"]),
        ("unbreakable-identifier", 3, ["unbreakable-identifier"]),
    ],
)
def test_a_name_is_broken_within_its_limit_and_never_before_closing_punctuation(
    text: str, limit: float, lines: list[str]
) -> None:
    assert wrap(text, limit) == lines


def test_a_latin_letter_is_taken_for_about_half_as_wide_as_a_chinese_one() -> None:
    assert width("调") == 1.0
    assert 0.5 <= width("a") <= 0.6
