"""Turns the text of a model attribute into the source of an expression: `${...}` and templates are taken apart here."""

import ast

OPENINGS = ("${", "#{")


def is_expression(text: str) -> bool:
    """Return whether a text, in a place where plain text is literal, holds an expression (`${a}`, `prefix-${a}`)."""
    return any(opening in text for opening in OPENINGS)


def normalise(text: str) -> str:
    """Return the Python source that a text stands for.

    `${ a > 1 }` and `#{ a > 1 }` give `a > 1`; `prefix-${a}` gives the f-string `f'prefix-{a}'`; a text without
    `${` is returned as it is, without outer white space. Never raises: what is not valid inside `${...}` stays as it
    is written, for `check` to report.
    """
    stripped = text.strip()
    if not is_expression(stripped):
        return stripped
    parts = _parts(stripped)
    if len(parts) == 1 and parts[0][0]:
        return parts[0][1]
    values: list[ast.expr] = []
    for is_source, part in parts:
        if not is_source:
            values.append(ast.Constant(part))
            continue
        try:
            inner = ast.parse(part, mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return part
        values.append(ast.FormattedValue(inner, conversion=-1))
    try:
        return ast.unparse(ast.JoinedStr(values))
    except (ValueError, RecursionError):
        return stripped


def _parts(text: str) -> list[tuple[bool, str]]:
    """Split a text into literal parts (False, text) and expression parts (True, source)."""
    parts: list[tuple[bool, str]] = []
    position = 0
    while position < len(text):
        starts = [start for opening in OPENINGS if (start := text.find(opening, position)) >= 0]
        if not starts:
            parts.append((False, text[position:]))
            break
        start = min(starts)
        if start > position:
            parts.append((False, text[position:start]))
        end = _closing(text, start + 2)
        parts.append((True, text[start + 2 : end].strip()))
        position = end + 1
    return parts


def _closing(text: str, start: int) -> int:
    """Return where the `}` stands that closes an expression begun at `start`; the text's end when there is none."""
    depth = 0
    quote = ""
    position = start
    while position < len(text):
        character = text[position]
        if quote:
            if character == "\\":
                position += 1
            elif character == quote:
                quote = ""
        elif character in "'\"":
            quote = character
        elif character == "{":
            depth += 1
        elif character == "}":
            if depth == 0:
                return position
            depth -= 1
        position += 1
    return len(text)
