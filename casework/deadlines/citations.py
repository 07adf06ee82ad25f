"""Statutes and articles, written the way each language cites them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_ARTICLE = re.compile(r"(\d+)(?:\((\d+)\)|\[(\d+)\])?")
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in both languages."""

    zh: str
    en: str

    def of(self, language: str) -> str:
        """Return the words in `language` ("zh" or "en")."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Statute:
    """A law, regulation or notice."""

    words: Words
    in_force_on: date | None = None
    """From when its text as cited is in force; None where that day is not known."""
    binds: tuple[str, ...] = ()
    """Kinds of employer or organisation that it binds; empty: everybody."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Articles of one statute."""

    statute: Words
    articles: tuple[str, ...] = ()
    """`29`, `14(3)` for Art. 14 paragraph 3 (款), `75[3]` for item 3 (项) of Art. 75."""
    binds: tuple[str, ...] = ()
    """Kinds of employer or organisation that the statute binds; empty: everybody."""

    @property
    def zh(self) -> str:
        """As in 《企业劳动争议协商调解规定》第十条第一款、第三十一条第（一）项."""
        return self.statute.zh + "、".join(article_zh(article) for article in self.articles)

    @property
    def en(self) -> str:
        """As in `Civil Code Art. 201(1), 203(1)`; an item is written `Art. 31 item 1`."""
        if not self.articles:
            return self.statute.en
        return f"{self.statute.en} Art. {', '.join(article_en(article) for article in self.articles)}"

    def of(self, language: str) -> str:
        """Return the citation in `language` ("zh" or "en")."""
        return self.zh if language == "zh" else self.en


def join_zh(citations: Sequence[Citation]) -> str:
    """Return the citations one after the other in Chinese."""
    return "、".join(citation.zh for citation in citations)


def join_en(citations: Sequence[Citation]) -> str:
    """Return the citations one after the other in English."""
    return "; ".join(citation.en for citation in citations)


def article_zh(article: str) -> str:
    """Return an article as Chinese statutes number it: `14(3)` is 第十四条第三款. Raises ValueError."""
    number, paragraph, item = _parts(article)
    text = f"第{numeral_zh(number)}条"
    if paragraph:
        text += f"第{numeral_zh(paragraph)}款"
    if item:
        text += f"第（{numeral_zh(item)}）项"
    return text


def article_en(article: str) -> str:
    """Return an article for English readers: `14(3)` stays, `75[3]` is `75 item 3`. Raises ValueError."""
    number, paragraph, item = _parts(article)
    if item:
        return f"{number} item {item}"
    return f"{number}({paragraph})" if paragraph else str(number)


def numeral_zh(number: int) -> str:
    """Return a whole number from 1 to 999 in Chinese numerals: 205 is 二百零五, 14 is 十四."""
    if not 1 <= number <= 999:
        raise ValueError(f"{number} is not between 1 and 999")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def _parts(article: str) -> tuple[int, int, int]:
    match = _ARTICLE.fullmatch(article)
    if match is None:
        raise ValueError(f"{article!r} is not an article such as 29, 14(3) or 75[3]")
    number, paragraph, item = (int(group or 0) for group in match.groups())
    return number, paragraph, item
