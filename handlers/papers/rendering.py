"""A paper as PDF: a Typst template, filled with data, drawn with the shipped fonts alone."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from handlers.errors import JobFailedError
from handlers.papers.glyphs import undrawable

TEMPLATES = Path(__file__).parent / "templates"
ARCHIVE_STANDARD: Final = "a-2b"
"""PDF/A-2b: everything needed to show the paper is inside it, as archives ask."""


def render_paper(template: str, content: Mapping[str, Any], fonts: tuple[Path, ...], issued_at: datetime) -> bytes:
    """Return the PDF of `<template>.typ` filled with `content` (JSON-ready), dated `issued_at` in its metadata.

    The data reaches the template as one JSON string, so nothing in it is read as markup. The same arguments give
    the same bytes. Raises JobFailedError without retry when a character cannot be drawn, or the template fails.
    """
    _refuse_undrawable(content, fonts)
    return _compile(
        template,
        fonts,
        content,
        form="page",
        format="pdf",
        timestamp=issued_at.replace(microsecond=0),
        pdf_standards=ARCHIVE_STANDARD,
    )


def render_word(template: str, content: Mapping[str, Any], fonts: tuple[Path, ...]) -> bytes:
    """Return the same paper as a Word file. Raises JobFailedError without retry when the template fails."""
    from handlers.papers.word import word_file

    return word_file(_compile(template, fonts, content, form="editable", format="html"), content)


def seal_places(template: str, content: Mapping[str, Any], fonts: tuple[Path, ...]) -> list[dict[str, Any]]:
    """Return where seals and signatures go on the paper: kind, page from 1, x and y in points from the top left."""
    compiler = _compiler(template, fonts)
    _compile(template, fonts, content, form="page", format="pdf")  # the query reads the document compiled last
    found: list[dict[str, Any]] = json.loads(compiler.query("<seal-place>", field="value"))
    return found


def _compile(template: str, fonts: tuple[Path, ...], content: Mapping[str, Any], *, form: str, **options: Any) -> bytes:
    data = json.dumps(content, ensure_ascii=False, sort_keys=True)
    try:
        made = _compiler(template, fonts).compile(sys_inputs={"paper": data, "form": form}, **options)
    except typst.TypstError as error:
        raise JobFailedError(f"文书模板 {template}.typ 无法排版：{error.message}", retry=False) from error
    assert isinstance(made, bytes)
    return made


def texts(content: Any) -> str:
    """Return every text within `content`, joined."""
    if isinstance(content, str):
        return content
    if isinstance(content, Mapping):
        return "".join(texts(value) for value in content.values())
    if isinstance(content, list | tuple):
        return "".join(texts(item) for item in content)
    return ""


def _refuse_undrawable(content: Mapping[str, Any], fonts: tuple[Path, ...]) -> None:
    missing = undrawable(texts(content), fonts)
    if missing:
        listed = "、".join(f"U+{ord(char):04X}" for char in missing)
        raise JobFailedError(
            f"字体中没有文书用到的字（{listed}）。请管理员把含有该字的字体放入附加字体目录，再重试此作业。", retry=False
        )


@cache
def _compiler(template: str, fonts: tuple[Path, ...]) -> typst.Compiler:
    """Return a compiler of the template; it is kept, so that its next paper costs little."""
    return typst.Compiler(input=TEMPLATES / f"{template}.typ", root=TEMPLATES, font_paths=_fonts(fonts))


@cache
def _fonts(folders: tuple[Path, ...]) -> typst.Fonts:
    """Return the fonts, read once for all templates: that is most of the first paper's time."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))
