"""Spreadsheets (XLSX): headings, rows, widths; every text is a text, whatever it begins with."""

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int | Decimal | date | None

_LONGEST = 32_767
"""Characters that a cell can hold (ECMA-376)."""
_WIDEST = 60
_LINE = Border(*(Side(style="thin", color="FFBFBFBF"),) * 4)
_HEAD = PatternFill("solid", fgColor="FFE8EEF4")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a title line over all columns, lines of remarks, one line of headings, and rows."""

    name: str
    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    remarks: Sequence[str] = ()


def workbook(*sheets: Sheet) -> bytes:
    """Return sheets as the bytes of an XLSX file.

    A text that looks like a formula stays a text, so that opening the file runs nothing. Characters that XML cannot hold
    are left out, longer texts cut off.
    """
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        _fill(book.create_sheet(_sheet_name(sheet.name)), sheet)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _fill(page: Worksheet, sheet: Sheet) -> None:
    width = max(len(sheet.headings), 1)
    for index, line in enumerate((sheet.title, *sheet.remarks), 1):
        page.merge_cells(start_row=index, end_row=index, start_column=1, end_column=width)
        _write(page, index, 1, line)
        page.cell(index, 1).font = Font(bold=index == 1, size=14 if index == 1 else 9)
        page.cell(index, 1).alignment = Alignment(wrap_text=True, vertical="center")
        if index > 1:
            page.row_dimensions[index].height = 13 * (1 + _columns(line) // 110)
    head = len(sheet.remarks) + 2
    for column, heading in enumerate(sheet.headings, 1):
        _write(page, head, column, heading)
        cell = page.cell(head, column)
        cell.font, cell.fill, cell.border = Font(bold=True), _HEAD, _LINE
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
    for row, values in enumerate(sheet.rows, head + 1):
        for column, value in enumerate(values, 1):
            _write(page, row, column, value)
            cell = page.cell(row, column)
            cell.border = _LINE
            cell.alignment = Alignment(wrap_text=isinstance(value, str), vertical="top")
    page.freeze_panes = page.cell(head + 1, 1)
    for column in range(1, width + 1):
        longest = max([_columns(sheet.headings[column - 1]), *(_columns(row[column - 1]) for row in sheet.rows)])
        page.column_dimensions[get_column_letter(column)].width = min(max(longest + 2, 8), _WIDEST)


def _write(page: Worksheet, row: int, column: int, value: Cell) -> None:
    cell = page.cell(row, column)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST]
        cell.data_type = "s"
        if value[:1] in "=+-@\t\r":
            cell.quotePrefix = True
    else:
        cell.value = value
    if isinstance(value, Decimal):
        cell.number_format = "#,##0.00" if value.as_tuple().exponent == -2 else "0.0"


def _columns(value: Any) -> int:
    """Return how many narrow columns a value takes; a Chinese letter takes two."""
    text = "" if value is None else str(value)
    return max(
        (sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in line) for line in text.split("\n")),
        default=0,
    )


def _sheet_name(name: str) -> str:
    return "".join(letter for letter in name if letter not in "[]:*?/\\")[:31] or "1"
