"""Workers from a spreadsheet: what is taken, what is refused and where, and files that mean harm."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from casework.errors import WorkerSheetInvalidError, WorkerSheetUnreadableError
from casework.worker_sheets import WorkerSheet, read_worker_sheet, worker_sheet_template

TODAY = date(2026, 11, 24)
HEADINGS = ("姓名", "证件号码", "联系电话", "住址", "案由", "请求金额", "事实和理由", "知道权利被侵害之日")


def filled(*rows: tuple[Any, ...], template: bytes | None = None) -> bytes:
    """Return the template with rows in it."""
    book = openpyxl.load_workbook(io.BytesIO(template or worker_sheet_template()))
    for number, row in enumerate(rows, 2):
        for position, value in enumerate(row, 1):
            book.active.cell(number, position, value)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def text(*rows: str, encoding: str = "utf-8-sig") -> bytes:
    return "\r\n".join(rows).encode(encoding)


def read(content: bytes) -> WorkerSheet:
    return read_worker_sheet(content, TODAY)


def problems(content: bytes) -> list[tuple[str, str]]:
    """Return cell and code of everything that is wrong."""
    with pytest.raises(WorkerSheetInvalidError) as caught:
        read(content)
    return [(each["path"], each["code"]) for each in caught.value.problems]


def repacked(content: bytes, part: str, change: Any) -> bytes:
    """Return an archive with one of its parts changed."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.infolist():
            data = old.read(each)
            new.writestr(each.filename, change(data) if each.filename == part else data)
    return kept.getvalue()


def test_thirty_workers_come_out_of_the_filled_in_template() -> None:
    rows = [(f"张{n}", f"3704021990{n:08}", 13800000000 + n, "某路1号", "追索劳动报酬", 1234.5 + n) for n in range(30)]
    found = read(filled(*rows)).workers
    assert len(found) == 30
    first, last = found[0], found[29]
    assert (first.row, first.party.name, first.party.phone) == (2, "张0", "13800000000")
    assert (last.row, last.party.id_number) == (31, "370402199000000029")
    assert last.claim is not None
    assert (last.claim.cause_code, last.claim.amount) == ("wages", Decimal("1263.50"))


def test_the_empty_template_is_told_to_be_empty() -> None:
    with pytest.raises(WorkerSheetUnreadableError, match="no rows"):
        read(worker_sheet_template())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_as_chinese_programs_write_it(encoding: str) -> None:
    found = read(text("电话;姓名*;请求金额（元）;案由", '138;张三;"18,000.00元";wages', encoding=encoding)).workers
    assert (found[0].party.name, found[0].party.phone, found[0].claim.amount) == ("张三", "138", Decimal("18000.00"))


@pytest.mark.parametrize("day", ["2026-03-01", "2026/3/1", "2026年3月1日", "20260301", "2026-03-01 00:00:00"])
def test_days_are_read_as_people_write_them(day: str) -> None:
    (worker,) = read(text("姓名,案由,知道权利被侵害之日", f"张三,wages,{day}")).workers
    assert worker.claim.known_on == date(2026, 3, 1)


def test_everything_wrong_is_told_by_row_and_column_at_once() -> None:
    rows = (
        ("", "1", "138"),
        ("李四", 370402199001011234, ""),
        ("王五", "37040219900101123X", "", "", "没有这种案由"),
        ("赵六", "37040219900101123X", "", "", "追索劳动报酬", "很多"),
        ("孙七", "", "", "", "", 100),
        ("周八", "", "", "", "追索劳动报酬", 1.234, "x", "2027-01-01"),
    )
    assert problems(filled(*rows)) == [
        ("A2", "required"),
        ("B3", "number-format"),
        ("E4", "unknown-value"),
        ("F5", "malformed"),
        ("E6", "cause-missing"),
        ("F7", "too-precise"),
        ("H7", "in-the-future"),
    ]


def test_one_number_twice_and_headings_that_nobody_knows_are_refused() -> None:
    twice = text("姓名,证件号码", "张三,37040219900101123X", "李四,37040219900101123x")
    assert problems(twice) == [("B3", "duplicate")]
    assert problems(text("姓名,血型", "张三,A")) == [("B1", "unknown-column")]
    assert problems(text("姓名,姓名", "张三,李四")) == [("B1", "duplicate-column")]
    assert problems(text("电话", "138")) == [("A1", "missing-column")]


def test_a_scientific_number_in_text_has_lost_its_end() -> None:
    assert problems(text("姓名,证件号码", "张三,3.70402E+17")) == [("B2", "number-format")]


def test_a_wrong_check_digit_is_a_warning() -> None:
    found = read(text("姓名,证件号码", "张三,110105194912310021", "李四,11010519491231002X"))
    assert [(each.cell, each.code) for each in found.warnings] == [("B2", "id-number-doubtful")]
    assert "110105" not in repr(found)


def test_formulas_are_not_reckoned() -> None:
    found = read(text("姓名", "=1+1")).workers
    assert found[0].party.name == "=1+1"
    # what nobody has reckoned is not taken for an empty cell
    assert problems(filled(("张三", "", "", "", "追索劳动报酬", "=12*1500"))) == [("F2", "formula")]


def bomb() -> bytes:
    return repacked(worker_sheet_template(), "xl/styles.xml", lambda _: b"<x>" + b" " * (30 * 2**20) + b"</x>")


def with_entities() -> bytes:
    head = b'<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa">]>'
    return repacked(worker_sheet_template(), "xl/workbook.xml", lambda data: head + data)


def many_rows() -> bytes:
    return text("姓名", *(f"张{n}" for n in range(501)))


def far_row() -> bytes:
    """A file whose one row says that it is the last of a million."""
    content = filled(("张三",))
    return repacked(
        content,
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b'<row r="2"', b'<row r="1048576"').replace(b'r="A2"', b'r="A1048576"'),
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04" + b"x" * 100,
        b"%PDF-1.7",
        b"\x00" * 100,
        b"\xff\xfe\x00",
        worker_sheet_template()[:-200],
        repacked(worker_sheet_template(), "xl/workbook.xml", lambda _: b"<workbook/>"),
        repacked(worker_sheet_template(), "xl/workbook.xml", lambda data: data.decode().encode("utf-16")),
        repacked(worker_sheet_template(), "xl/worksheets/sheet1.xml", lambda _: b"<a><b>"),
        bomb(),
        with_entities(),
        many_rows(),
        far_row(),
        b"x" * (2 * 2**20 + 1),
    ],
    ids=lambda _: "hostile",
)
def test_what_is_no_sheet_or_means_harm_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(WorkerSheetUnreadableError) as caught:
        read(content)
    assert caught.value.sentence("zh").startswith("无法读取这份名单")
