"""Workers from a spreadsheet: many parties of one dispute, read from XLSX or CSV, all of them or none.

The file is hostile until shown otherwise: its size, what it unpacks to, its rows, columns and cells are limited, XML
with a DOCTYPE is refused, and formulas are never reckoned. Whatever is wrong is told by row and column, all at once.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree import ElementTree

import openpyxl
from lxml import etree
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from casework.causes import causes
from casework.errors import WorkerSheetInvalidError, WorkerSheetUnreadableError
from casework.identity_numbers import is_resident_number, normalised
from casework.registration import MAX_PARTIES, NewClaim, NewParty

LARGEST_FILE = 2 * 2**20
_LARGEST_UNPACKED = 20 * 2**20
_MOST_PARTS = 100
_MOST_COLUMNS = 30
_MOST_ROWS = MAX_PARTIES + 200
"""Rows that are looked at, empty ones included."""
_LONGEST_CELL = 20_000
_MOST_PROBLEMS = 200
SHEET = "劳动者名单"

_READING_FAILED = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ElementTree.ParseError,
    etree.XMLSyntaxError,
    NotImplementedError,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OverflowError,
)
"""What openpyxl and zipfile raise on files that are none."""

Problem = dict[str, str]
Cell = Any
_UNRECKONED = "\x00formula"


@dataclass(frozen=True, slots=True, repr=False)
class SheetWorker:
    """A worker of one row, and what the row claims."""

    row: int
    """As the spreadsheet numbers it."""
    party: NewParty
    claim: NewClaim | None


@dataclass(frozen=True, slots=True)
class SheetWarning:
    """Something in a cell that somebody should look at; the cell's content is not told."""

    cell: str
    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, repr=False)
class WorkerSheet:
    """The workers of a spreadsheet without a fault."""

    workers: tuple[SheetWorker, ...]
    warnings: tuple[SheetWarning, ...]


class _CellError(Exception):
    """Why a cell cannot be taken: code and sentences."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code, self.zh, self.en = code, zh, en


@dataclass(frozen=True, slots=True)
class _Column:
    key: str
    headings: tuple[str, ...]
    """The first is the one of the template; compared without spaces, case and what stands in brackets."""
    read: Callable[[Cell], Any]
    note: str
    is_required: bool = False
    width: int = 16
    is_text: bool = field(default=True)


def read_worker_sheet(content: bytes, today: date) -> WorkerSheet:
    """Return the workers of an XLSX or CSV file.

    Raises WorkerSheetUnreadableError when it is no such file or exceeds a limit, WorkerSheetInvalidError with a problem
    for every cell that cannot be taken (`path` is the cell, e.g. B5).
    """
    if len(content) > LARGEST_FILE:
        raise _unreadable(f"文件超过 {LARGEST_FILE // 2**20} MiB", f"it is larger than {LARGEST_FILE // 2**20} MiB")
    rows = list(_xlsx_rows(content) if content.startswith(b"PK") else _csv_rows(content))
    heading = next((number for number, row in rows if any(_text(cell) for cell in row)), None)
    if heading is None:
        raise _unreadable("表格是空的", "it is empty")
    columns = _columns(next(row for number, row in rows if number == heading), heading)
    body = [(number, row) for number, row in rows if number > heading and any(_text(cell) for cell in row)]
    if not body:
        raise _unreadable("表头下面没有数据行", "there are no rows below the headings")
    if len(body) > MAX_PARTIES:
        raise _unreadable(f"超过 {MAX_PARTIES} 行，请分批登记", f"it has more than {MAX_PARTIES} rows; split it")
    problems: list[Problem] = []
    found = [_worker(number, row, columns, today, problems) for number, row in body]
    problems += _repeated(found, columns)
    if problems:
        raise WorkerSheetInvalidError(problems[:_MOST_PROBLEMS], count=len(problems))
    workers = [worker for worker in found if worker is not None]
    return WorkerSheet(tuple(workers), tuple(_warnings(workers, columns)))


def worker_sheet_template() -> bytes:
    """Return an empty spreadsheet to be filled in (XLSX): headings, formats, a list of causes, and notes on a second sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    notes = book.create_sheet("填写说明")
    for index, column in enumerate(_COLUMNS, 1):
        letter = get_column_letter(index)
        cell = sheet.cell(1, index, column.headings[0] + ("*" if column.is_required else ""))
        cell.font = Font(bold=True)
        cell.alignment = Alignment(horizontal="center")
        sheet.column_dimensions[letter].width = column.width
        if column.is_text:
            for row in range(2, MAX_PARTIES + 2):
                sheet.cell(row, index).number_format = "@"
        notes.cell(index + 2, 1, column.headings[0])
        notes.cell(index + 2, 2, column.note)
    sheet.freeze_panes = "A2"
    names = notes.max_row + 2
    for offset, cause in enumerate(causes().values()):
        notes.cell(names + offset, 1, cause.zh)
    choice = DataValidation(type="list", formula1=f"='{notes.title}'!$A${names}:$A${notes.max_row}", allow_blank=True)
    position = get_column_letter([column.key for column in _COLUMNS].index("cause_code") + 1)
    choice.add(f"{position}2:{position}{MAX_PARTIES + 1}")
    sheet.add_data_validation(choice)
    notes.cell(1, 1, "带 * 的栏必填；每行一名劳动者；不要改动表头文字，栏的顺序可以调整。").font = Font(bold=True)
    notes.cell(names - 1, 1, "案由可选值：").font = Font(bold=True)
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 24, 70
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _unreadable(zh: str, en: str) -> WorkerSheetUnreadableError:
    return WorkerSheetUnreadableError(problem_zh=zh, problem_en=en)


def _xlsx_rows(content: bytes) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield number and cells of the first sheet's rows."""
    zh, en = "不是有效的 XLSX 文件", "it is no valid XLSX file"
    try:
        _check_archive(content)
        values, formulas = (_cells(content, reckoned=reckoned) for reckoned in (True, False))
        found = list(enumerate(map(_with_formulas, values, formulas), 1))
    except _READING_FAILED:
        raise _unreadable(zh, en) from None
    if len(found) > _MOST_ROWS and any(_text(cell) for _, row in found[_MOST_ROWS:] for cell in row):
        raise _unreadable(f"超过 {_MOST_ROWS} 行", f"it has more than {_MOST_ROWS} rows")
    yield from found[:_MOST_ROWS]


def _cells(content: bytes, *, reckoned: bool) -> list[Sequence[Cell]]:
    """Return the first sheet's cells; `reckoned`: of formulas what the last program to save the file made of them."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=reckoned, keep_links=False)
    return list(book.worksheets[0].iter_rows(max_row=_MOST_ROWS + 1, max_col=_MOST_COLUMNS, values_only=True))


def _with_formulas(values: Sequence[Cell], formulas: Sequence[Cell]) -> list[Cell]:
    """Return a row in which a formula that nobody has reckoned does not pass for an empty cell."""
    return [
        _UNRECKONED if value is None and formula is not None else value
        for value, formula in zip(values, formulas, strict=True)
    ]


def _check_archive(content: bytes) -> None:
    """Raise WorkerSheetUnreadableError for an archive that unpacks to too much, or that holds a DOCTYPE.

    `zipfile` never unpacks more of a part than the directory declares, so what is declared can be relied on.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
            raise _unreadable("解压后的内容过大", "what it unpacks to is too large")
        if any(part.flag_bits & 0x1 for part in parts):
            raise _unreadable("文件设有密码", "it is protected by a password")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                text = archive.read(part)
                # XML may come in other encodings, in which the word would not be seen; spreadsheets come in UTF-8
                if b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\x00" in text:
                    raise _unreadable("文件含有 DOCTYPE 或实体声明", "it holds a DOCTYPE or an entity declaration")


def _csv_rows(content: bytes) -> Iterator[tuple[int, Sequence[Cell]]]:
    zh, en = "既不是 XLSX，也不是 CSV 文本", "it is neither XLSX nor text (CSV)"
    text = None
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if text is None or re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text) or text.startswith("%PDF-"):
        raise _unreadable(zh, en)
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max((",", ";", "\t", "，"), key=first.count)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            if number > _MOST_ROWS:
                raise _unreadable(f"超过 {_MOST_ROWS} 行", f"it has more than {_MOST_ROWS} rows")
            yield number, row[:_MOST_COLUMNS]
    except csv.Error:
        raise _unreadable(zh, en) from None


def _columns(heading: Sequence[Cell], number: int) -> dict[int, _Column]:
    """Return position -> column of the headings; unknown headings are refused, so that nothing is lost unseen."""
    problems: list[Problem] = []
    found: dict[int, _Column] = {}
    for position, cell in enumerate(heading):
        text = _heading(cell)
        if not text:
            continue
        column = _HEADINGS.get(text)
        at = f"{get_column_letter(position + 1)}{number}"
        known = "、".join(each.headings[0] for each in _COLUMNS)
        if column is None:
            zh, en = (
                f"没有“{text[:30]}”这一栏。可用：{known}。",
                f"There is no column {text[:30]!r}. Known are: {known}.",
            )
            problems.append(_problem(at, "unknown-column", zh, en))
        elif column in found.values():
            problems.append(_problem(at, "duplicate-column", "这一栏出现了两次。", "This column stands here twice."))
        else:
            found[position] = column
    for column in _COLUMNS:
        if column.is_required and column not in found.values() and not problems:
            name = column.headings[0]
            zh, en = f"缺少“{name}”这一栏，请使用模板。", f"The column {name} is missing; use the template."
            problems.append(_problem(f"A{number}", "missing-column", zh, en))
    if problems:
        raise WorkerSheetInvalidError(problems, count=len(problems))
    return found


def _worker(
    number: int, row: Sequence[Cell], columns: Mapping[int, _Column], today: date, problems: list[Problem]
) -> SheetWorker | None:
    """Return the worker of a row; adds to `problems` and returns None when a cell cannot be taken."""
    before = len(problems)
    values: dict[str, Any] = {}
    for position, column in columns.items():
        cell = row[position] if position < len(row) else None
        at = f"{get_column_letter(position + 1)}{number}"
        try:
            if not _text(cell):
                if column.is_required:
                    raise _CellError("required", f"缺少{column.headings[0]}。", "This cell must be filled in.")
                continue
            if cell is _UNRECKONED:
                zh, en = "公式没有计算结果，请改填数值。", "This is a formula without a result; write the value."
                raise _CellError("formula", zh, en)
            if len(_text(cell)) > _LONGEST_CELL:
                raise _CellError(
                    "too-long", f"不能超过 {_LONGEST_CELL} 个字符。", f"At most {_LONGEST_CELL} characters."
                )
            values[column.key] = column.read(cell)
        except _CellError as error:
            problems.append(_problem(at, error.code, error.zh, error.en))
            continue
        value = values[column.key]
        if isinstance(value, date) and value > today:
            zh, en = f"晚于今天（{today}）。", f"It lies after today ({today})."
            problems.append(_problem(at, "in-the-future", zh, en))
    says_claim = any(values.get(key) is not None for key in _CLAIM_KEYS)
    if says_claim and values.get("cause_code") is None and len(problems) == before:
        at = f"{_letter(columns, 'cause_code') or _letter(columns, 'amount') or 'A'}{number}"
        zh, en = "填写了请求内容，但缺少案由。", "The row claims something, but its cause is missing."
        problems.append(_problem(at, "cause-missing", zh, en))
    if len(problems) > before:
        return None
    party = NewParty(
        "person",
        values["name"],
        id_number=values.get("id_number"),
        phone=values.get("phone"),
        address=values.get("address"),
    )
    claim = (
        NewClaim(**{key: values[key] for key in ("cause_code", *_CLAIM_KEYS) if key in values})
        if says_claim or (values.get("cause_code"))
        else None
    )
    return SheetWorker(number, party, claim)


def _repeated(found: Sequence[SheetWorker | None], columns: Mapping[int, _Column]) -> Iterator[Problem]:
    """Yield a problem for every identity number that stands in an earlier row already."""
    seen: dict[str, int] = {}
    letter = _letter(columns, "id_number")
    for worker in found:
        if worker is None or not worker.party.id_number:
            continue
        number = normalised(worker.party.id_number)
        if number in seen:
            zh, en = f"与第 {seen[number]} 行的证件号码相同。", f"The same number stands in row {seen[number]}."
            yield _problem(f"{letter}{worker.row}", "duplicate", zh, en)
        seen.setdefault(number, worker.row)


def _warnings(workers: Sequence[SheetWorker], columns: Mapping[int, _Column]) -> Iterator[SheetWarning]:
    letter = _letter(columns, "id_number")
    for worker in workers:
        number = normalised(worker.party.id_number or "")
        if len(number) == 18 and not is_resident_number(number):
            zh, en = "证件号码校验位不符，请核对。", "The check digit of the number does not fit; please check it."
            yield SheetWarning(f"{letter}{worker.row}", "id-number-doubtful", zh, en)


def _letter(columns: Mapping[int, _Column], key: str) -> str | None:
    return next((get_column_letter(at + 1) for at, column in columns.items() if column.key == key), None)


def _problem(at: str, code: str, zh: str, en: str) -> Problem:
    return {"path": at, "code": code, "zh": zh, "en": en}


def _heading(cell: Cell) -> str:
    return re.sub(r"[（(].*?[)）]|[\s*＊]", "", _text(cell)).casefold()


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()


def _words(longest: int) -> Callable[[Cell], str]:
    def read(cell: Cell) -> str:
        text = _text(cell)
        if len(text) > longest:
            raise _CellError("too-long", f"不能超过 {longest} 个字符。", f"At most {longest} characters.")
        if any(ord(letter) < 32 and letter not in "\r\n\t" for letter in text):
            raise _CellError("malformed", "含有控制字符。", "It holds control characters.")
        return text

    return read


def _digits(cell: Cell) -> str:
    """Return a number that is written as text; one that the spreadsheet kept as a number may have lost its end."""
    if isinstance(cell, bool | datetime | date):
        raise _CellError("malformed", "应为文本。", "This must be text.")
    text = _text(cell)
    if isinstance(cell, int | float):
        if cell != int(cell) or abs(cell) >= 10**15:
            raise _lost()
        text = str(int(cell))
    elif re.fullmatch(r"[0-9.]+[eE]\+?[0-9]+", text):
        raise _lost()
    return _words(50)(text.lstrip("'"))


def _lost() -> _CellError:
    return _CellError(
        "number-format",
        "单元格是数字格式，末几位已丢失。请把这一栏设为“文本”格式后重新填写。",
        "The cell is a number and has lost its last digits. Set the column to text and type it again.",
    )


def _cause(cell: Cell) -> str:
    text = _text(cell)
    for each in causes().values():
        if text.casefold() in (each.code, each.zh.casefold(), each.en.casefold()):
            return each.code
    raise _CellError(
        "unknown-value", "没有这一案由，请从模板的列表中选择。", "There is no such cause; choose one of the list."
    )


def _amount(cell: Cell) -> Decimal:
    zh, en = (
        "金额应为数字，如 18000.00，最多两位小数。",
        "An amount is a number such as 18000.00 with two decimals at most.",
    )
    if isinstance(cell, bool | datetime | date):
        raise _CellError("malformed", zh, en)
    text = re.sub(r"[,，\s¥￥元]", "", repr(cell) if isinstance(cell, float) else _text(cell))
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise _CellError("malformed", zh, en) from None
    if not amount.is_finite() or amount < 0 or amount > Decimal("99999999999999.99"):
        raise _CellError("out-of-range", "金额超出范围。", "The amount is out of range.")
    if amount != amount.quantize(Decimal("0.01")):
        raise _CellError("too-precise", zh, en)
    return amount.quantize(Decimal("0.01"))


def _day(cell: Cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = re.fullmatch(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?( 00:00:00)?", _text(cell))
    try:
        if found is not None:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass  # a day such as 2026-02-30 is told like any other that is none
    raise _CellError("malformed", "日期应形如 2026-03-01。", "A day looks like 2026-03-01.")


_COLUMNS = (
    _Column("name", ("姓名", "name"), _words(200), "劳动者姓名，与身份证件一致。", is_required=True, width=12),
    _Column(
        "id_number",
        ("证件号码", "身份证号", "身份证号码", "公民身份号码", "idnumber"),
        _digits,
        "居民身份证号码。本栏须为文本格式，否则末几位会丢失。",
        width=22,
    ),
    _Column("phone", ("联系电话", "手机号", "手机号码", "电话", "phone"), _digits, "手机号码。"),
    _Column("address", ("住址", "地址", "送达地址", "address"), _words(500), "可送达的地址。", width=30),
    _Column("cause_code", ("案由", "cause"), _cause, "该劳动者的请求属于哪一案由，从列表中选择。", width=18),
    _Column("amount", ("请求金额", "金额", "amount"), _amount, "单位：元，最多两位小数。", is_text=False),
    _Column("facts", ("事实和理由", "事实与理由", "事实", "facts"), _words(20_000), "欠付期间、标准等。", width=40),
    _Column(
        "known_on",
        ("知道权利被侵害之日", "知道权利受侵害之日", "knownon"),
        _day,
        "形如 2026-03-01，用于计算仲裁时效。",
        width=20,
        is_text=False,
    ),
    _Column(
        "employment_ended_on",
        ("劳动关系终止之日", "离职日期", "employmentendedon"),
        _day,
        "形如 2026-03-01；仍在职的留空。",
        width=18,
        is_text=False,
    ),
)
_CLAIM_KEYS = ("amount", "facts", "known_on", "employment_ended_on")
_HEADINGS = {heading: column for column in _COLUMNS for heading in column.headings}
