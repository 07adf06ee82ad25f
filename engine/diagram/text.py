"""Breaks names into lines that fit, as Chinese is set: anywhere, but not before closing punctuation."""

import re
import unicodedata

NARROW = 0.56
"""Mean width of a Latin letter, in ems."""

_NOT_FIRST = frozenset("，。、；：！？）》」』”’％%)]}…,.;:!?／/")
_NOT_LAST = frozenset("（《「『“‘([{")
_WORD = re.compile(r"[A-Za-z0-9_\-.]+|\s+|.", re.DOTALL)


def width(text: str) -> float:
    """Return the width of `text` in ems, estimated: one em for East Asian characters, about half of it for others."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else NARROW for char in text)


def is_ideographic(text: str) -> bool:
    """Return whether `text` can be set upright in a column: East Asian letters only."""
    return bool(text) and all(unicodedata.category(char) == "Lo" and width(char) == 1.0 for char in text)


def wrap(text: str, limit: float) -> list[str]:
    """Return `text` in lines no wider than `limit` ems (a single longer word stands alone), evenly filled."""
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        pieces = _pieces(paragraph)
        best = _fill(pieces, limit)
        even = width(paragraph) / len(best) if best else limit
        while even < limit:
            candidate = _fill(pieces, even)
            if len(candidate) <= len(best):
                best = candidate
                break
            even += 0.5
        lines += best
    return lines


def _pieces(text: str) -> list[str]:
    """Return the unbreakable pieces of a paragraph."""
    pieces: list[str] = []
    for piece in _WORD.findall(text):
        if pieces and (piece in _NOT_FIRST or pieces[-1][-1] in _NOT_LAST):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _fill(pieces: list[str], limit: float) -> list[str]:
    lines: list[str] = []
    current = ""
    for piece in pieces:
        if current and width((current + piece).rstrip()) > limit + 1e-6:
            lines.append(current.strip())
            current = piece.lstrip()
        else:
            current += piece
    if current.strip():
        lines.append(current.strip())
    return lines
