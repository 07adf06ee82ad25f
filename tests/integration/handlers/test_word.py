"""Papers as Word files: the same content as the PDF, to be edited."""

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from casework.documents import PaperIssue
from casework.queries.read_dispute import DisputeRecord
from handlers.papers.content import PAPERS, paper_content
from handlers.papers.rendering import render_paper, render_word
from handlers.papers.verification import verification_mark
from tests.integration.handlers.disputes import dispute, employer, large, worker
from tests.integration.handlers.test_papers import FONTS, HOSTILE, ISSUED_AT, sources

ISSUE = PaperIssue("枣市中光明调〔2026〕12号", None, "ACDE-FGHJ-KMNP")


def content(kind: str, found: DisputeRecord) -> Any:
    mark = verification_mark(ISSUE, "https://example.cn")
    return paper_content(PAPERS[kind], replace(sources(found), number=ISSUE.number, verification=mark))


def word(kind: str, found: DisputeRecord) -> Any:
    return Document(io.BytesIO(render_word(kind, content(kind, found), FONTS)))


def text(document: Any) -> str:
    """Return every text of the body, tables included, in order, without spaces."""
    return "".join("".join(each.text or "" for each in document.element.body.iter(qn("w:t"))).split())


def letters(shown: str) -> str:
    """Return Chinese characters and digits only."""
    return re.sub(r"[^\u4e00-\u9fff0-9]", "", shown)


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_the_word_file_says_what_the_pdf_says(kind: str) -> None:
    shown = letters(text(word(kind, dispute())))
    pages = PdfReader(io.BytesIO(render_paper(kind, content(kind, dispute()), FONTS, ISSUED_AT))).pages
    printed = letters("".join(page.extract_text() for page in pages))
    for foot in ("扫码核验真伪或登录验证码", letters(ISSUE.number)):
        printed = printed.replace(foot, "")
    printed = re.sub(r"第\d页共\d页", "", printed)
    lost = {
        char for char in set(printed) if printed.count(char) > shown.count(char) + printed.count("以上笔录经阅读") * 2
    }
    assert not lost, (lost, kind)


def test_fonts_are_those_that_official_papers_name() -> None:
    document = word("mediation-agreement", dispute())
    named = {each.get(qn("w:eastAsia")) for each in document.element.iter(qn("w:rFonts"))}
    assert named == {"仿宋", "宋体"}


def test_a_table_stays_a_table_with_a_head_that_repeats() -> None:
    document = word("mediation-agreement", large())
    heads = list(document.element.body.iter(qn("w:tblHeader")))
    assert len(document.tables) >= 3
    assert len(heads) >= 3
    shown = text(document)
    assert all(f"示例工{number}" in shown for number in range(1, 31))


def test_number_code_and_page_numbers_stand_in_the_footer() -> None:
    section = word("mediation-agreement", dispute()).sections[0]
    first = "".join(each.text or "" for each in section.first_page_footer._element.iter(qn("w:t")))
    assert ISSUE.number in first
    assert "验证码 ACDE-FGHJ-KMNP" in first
    assert len(list(section.first_page_footer._element.iter(qn("w:drawing")))) == 1
    fields = [each.text for each in section.footer._element.iter(qn("w:instrText"))]
    assert [each.strip() for each in fields if each] == ["PAGE", "NUMPAGES"]


def test_a_ticked_box_is_one_character() -> None:
    found = paper_content(
        PAPERS["review-refusal-notice"],
        replace(sources(dispute()), options=replace(sources(dispute()).options, grounds=frozenset({"75-3"}))),
    )
    shown = text(Document(io.BytesIO(render_word("review-refusal-notice", found, FONTS))))
    assert shown.count("☑") == 1
    assert "√" not in shown


@pytest.mark.parametrize("name", HOSTILE)
def test_markup_in_a_name_is_text_in_the_word_file_too(name: str) -> None:
    name = name + "<w:p/>&amp;"
    found = dispute(parties=[worker(name=name, agents=()), employer()])
    assert "".join(name.split()) in text(word("mediation-agreement", found))
