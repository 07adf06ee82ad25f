"""Which characters the shipped fonts can draw: a rare character in a name must not become an empty box unseen."""

import struct
from collections.abc import Iterable
from functools import cache
from pathlib import Path

FONT_SUFFIXES = (".ttf", ".otf")


def undrawable(text: str, folders: Iterable[Path]) -> tuple[str, ...]:
    """Return the characters of `text` for which no font in the folders has a glyph, in code point order."""
    drawable = drawable_characters(tuple(folders))
    return tuple(char for char in sorted(set(text)) if ord(char) not in drawable and not char.isspace())


@cache
def drawable_characters(folders: tuple[Path, ...]) -> frozenset[int]:
    """Return the code points that at least one font of the folders can draw; read once per process."""
    fonts = [path for folder in folders for path in sorted(folder.glob("*")) if path.suffix.lower() in FONT_SUFFIXES]
    return frozenset().union(*(code_points(path.read_bytes()) for path in fonts))


def code_points(font: bytes) -> frozenset[int]:
    """Return the code points of an OpenType font's `cmap` table (formats 4 and 12); empty when it has none."""
    count = struct.unpack_from(">H", font, 4)[0]
    for entry in range(count):
        tag, _, start, _ = struct.unpack_from(">4sIII", font, 12 + 16 * entry)
        if tag == b"cmap":
            return _subtables(font, start)
    return frozenset()


def _subtables(font: bytes, start: int) -> frozenset[int]:
    found: set[int] = set()
    for entry in range(struct.unpack_from(">H", font, start + 2)[0]):
        offset = start + struct.unpack_from(">I", font, start + 4 + 8 * entry + 4)[0]
        number = struct.unpack_from(">H", font, offset)[0]
        if number == 12:
            found.update(_groups(font, offset))
        elif number == 4:
            found.update(_segments(font, offset))
    return frozenset(found)


def _groups(font: bytes, offset: int) -> Iterable[int]:
    for group in range(struct.unpack_from(">I", font, offset + 12)[0]):
        first, last, _ = struct.unpack_from(">III", font, offset + 16 + 12 * group)
        yield from range(first, last + 1)


def _segments(font: bytes, offset: int) -> Iterable[int]:
    doubled = struct.unpack_from(">H", font, offset + 6)[0]
    for segment in range(0, doubled, 2):
        last = struct.unpack_from(">H", font, offset + 14 + segment)[0]
        first = struct.unpack_from(">H", font, offset + 16 + doubled + segment)[0]
        delta = struct.unpack_from(">H", font, offset + 16 + 2 * doubled + segment)[0]
        place = offset + 16 + 3 * doubled + segment
        ranged = struct.unpack_from(">H", font, place)[0]
        for code in range(first, min(last, 0xFFFE) + 1):
            if ranged:
                glyph = struct.unpack_from(">H", font, place + ranged + 2 * (code - first))[0]
            else:
                glyph = (code + delta) & 0xFFFF
            if glyph:
                yield code
