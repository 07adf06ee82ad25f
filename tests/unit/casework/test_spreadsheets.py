"""Spreadsheets hold what they were given, and a text never becomes a formula."""

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from casework.spreadsheets import Sheet, workbook


def read(content: bytes) -> list[list[object]]:
    return [list(row) for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)]


def test_a_sheet_holds_title_remarks_headings_and_rows() -> None:
    content = workbook(
        Sheet("十月", "月报", ("甲", "乙"), [[1, Decimal("2.50")], ["三", date(2026, 10, 1)]], ("说明",))
    )
    rows = read(content)
    assert [row[0] for row in rows[:3]] == ["月报", "说明", "甲"]
    assert rows[3] == [1, 2.5]
    assert (rows[4][0], str(rows[4][1])[:10]) == ("三", "2026-10-01")


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "a\x00b\x0b", "x" * 40_000]
)
def test_a_text_stays_a_text_whatever_it_begins_with(text: str) -> None:
    content = workbook(Sheet("s", text, ("a",), [[text]]))
    for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows():
        for cell in row:
            assert cell.data_type in ("s", "n")
            assert cell.value is None or cell.data_type == "s"


def test_a_name_that_no_sheet_can_have_is_mended() -> None:
    assert load_workbook(io.BytesIO(workbook(Sheet("a/b[c]:*?" + "x" * 50, "t", ("a",), [])))).sheetnames == [
        "abc" + "x" * 28
    ]
