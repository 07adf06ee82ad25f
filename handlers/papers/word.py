"""A paper as a Word file, for offices that edit: from the same template and content as the PDF, never from the PDF.

Typst draws the template once more, as HTML that keeps the structure (`templates/editable.typ`); here that becomes
paragraphs and tables with the fonts that Chinese official papers name.
"""

import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import segno
from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import html

BODY_FONT, TABLE_FONT, TITLE_FONT = "仿宋", "宋体", "宋体"
LATIN_FONT = "Times New Roman"
WIDTH_PT = 442.0
"""Between the margins of an A4 page: 156 mm."""
LINE_PT = 28
"""Line pitch of official papers (固定值 28 磅)."""
TITLE_PT = 16
TABLE_PT = 10.5
_NEGATIVE = "\uf8ff"
"""Stands for a step back in the text: a tick is drawn over its box."""


@dataclass(frozen=True, slots=True)
class _Look:
    size: float = 14.0
    is_bold: bool = False
    is_line: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    look: _Look


@dataclass(slots=True)
class _Paragraph:
    align: str = "start"
    first: float = 0.0
    hanging: float = 0.0
    """Indents in em."""
    has_line: bool = False
    """A line across the page to write on."""
    pieces: list[_Piece] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    columns: list[str]
    rows: list[list["_Cell"]]
    is_ruled: bool
    head: int = 0
    """How many rows repeat on every page."""


@dataclass(slots=True)
class _Cell:
    parts: list["_Part"]
    span: int = 1
    has_line: bool = False
    is_head: bool = False


class _PageBreak:
    pass


_Part = _Paragraph | _Table | _PageBreak


def word_file(structure: bytes, content: Mapping[str, Any]) -> bytes:
    """Return the Word file of a paper from its structure (HTML of `editable.typ`) and the data of its templates."""
    body = html.document_fromstring(structure, parser=html.HTMLParser(encoding="utf-8")).find("body")
    document = Document()
    _set_up(document, content)
    for part in _parts(body, _Look(), "start"):
        _write(document, part, is_in_table=False)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


# --- reading -------------------------------------------------------------------------------------------------------


def _parts(node: Any, look: _Look, align: str) -> list[_Part]:
    """Return the paragraphs, tables and page breaks below `node`."""
    parts: list[_Part] = []
    running = _Paragraph(align)

    def flush() -> None:
        nonlocal running
        if running.pieces:
            parts.append(running)
        running = _Paragraph(align)

    def visit(child: Any, look: _Look) -> None:
        kind, name = child.tag, child.get("class", "")
        if kind == "p" or name == "block":
            flush()
            inner = _align(child) or align
            below = _parts(child, look, inner)
            if not below and "bottom" in child.get("data-line", ""):
                parts.append(_Paragraph(has_line=True))
            if kind == "p":
                for part in below:
                    if isinstance(part, _Paragraph):
                        part.first, part.hanging = _em(child.get("data-first")), _em(child.get("data-hanging"))
            parts.extend(below)
        elif name == "table":
            flush()
            parts.append(_table(child, look))
        elif name == "grid":
            flush()
            parts.append(_grid(child, look))
        elif kind == "hr":
            flush()
            parts.append(_PageBreak())
        elif kind == "br":
            running.pieces.append(_Piece("\n", look))
        elif name == "space":
            running.pieces.append(_Piece(_space(child.get("data-width", "")), look))
        else:
            inner_look = _look(child, look)
            if name == "box" and "bottom" in child.get("data-line", "") and not _visible(child.text_content()):
                running.pieces.append(_Piece("\u00a0" * max(2, round(2 * _em(child.get("data-width")))), inner_look))
            else:
                read(child, inner_look)
        if child.tail:
            text(child.tail, look)

    def text(raw: str, look: _Look) -> None:
        shown = _visible(raw)
        if shown:
            running.pieces.append(_Piece(shown, look))

    def read(parent: Any, look: _Look) -> None:
        if parent.text:
            text(parent.text, look)
        for child in parent:
            visit(child, look)

    read(node, look)
    flush()
    return parts


def _look(node: Any, look: _Look) -> _Look:
    size, is_bold = look.size, look.is_bold or node.tag in ("strong", "b")
    if node.get("class") == "text":
        size = float(node.get("data-size", "14pt").removesuffix("pt"))
        weight = node.get("data-weight", "").strip('"')
        is_bold = is_bold or weight in ("bold", "semibold", "extrabold", "black")
    has_line = look.is_line or (node.get("class") == "box" and "bottom" in node.get("data-line", ""))
    return _Look(size, is_bold, has_line)


def _table(node: Any, look: _Look) -> _Table:
    rows, head = [], 0
    for row in node.iter("tr"):
        cells = [
            _Cell(
                _parts(cell, _Look(TABLE_PT, look.is_bold), "start"),
                span=int(cell.get("colspan", "1")),
                is_head=cell.tag == "th",
            )
            for cell in row
        ]
        if row.getparent().tag == "thead":
            head += 1
        rows.append(cells)
    return _Table(_columns(node), rows, is_ruled=True, head=head)


def _grid(node: Any, look: _Look) -> _Table:
    columns = _columns(node)
    cells = [_Cell(_parts(each, look, "start"), has_line="bottom" in each.get("data-line", "")) for each in node]
    width = max(1, len(columns))
    return _Table(columns, [cells[at : at + width] for at in range(0, len(cells), width)], is_ruled=False)


def _columns(node: Any) -> list[str]:
    return [each.strip() for each in node.get("data-columns", "").strip("()").split(",") if each.strip()]


def _align(node: Any) -> str | None:
    raw = node.get("data-align", "")
    return next((word for word in ("center", "right", "end") if word in raw.split(" + ")), "start" if raw else None)


def _em(raw: str | None) -> float:
    found = re.search(r"(-?[\d.]+)em", raw or "")
    return float(found[1]) if found else 0.0


def _space(raw: str) -> str:
    if raw.startswith(("-", "−")):
        return _NEGATIVE
    if "fr" in raw:
        return "\t"
    em = _em(raw)
    return "\u3000" * int(em) + (" " if em % 1 >= 0.25 else "")


def _visible(text: str) -> str:
    return "".join(char for char in text if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf"})


def _joined(pieces: Sequence[_Piece]) -> Iterator[_Piece]:
    """Yield the pieces with equal looks joined, and ticked boxes as one character."""
    waiting: list[_Piece] = []
    for piece in pieces:
        if waiting and waiting[-1].look == piece.look:
            waiting[-1] = _Piece(waiting[-1].text + piece.text, piece.look)
        else:
            waiting.append(piece)
    at = 0
    while at < len(waiting):
        piece = waiting[at]
        if piece.text.endswith(f"□{_NEGATIVE}") and at + 1 < len(waiting) and waiting[at + 1].text.startswith("√"):
            yield _Piece(piece.text.removesuffix(f"□{_NEGATIVE}") + "☑", piece.look)
            waiting[at + 1] = _Piece(waiting[at + 1].text[1:], piece.look)
        else:
            yield _Piece(piece.text.replace(_NEGATIVE, ""), piece.look)
        at += 1


# --- writing -------------------------------------------------------------------------------------------------------


def _write(container: Any, part: _Part, *, is_in_table: bool, look_bold: bool = False, align: str = "") -> None:
    if isinstance(part, _PageBreak):
        container.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    elif isinstance(part, _Table):
        _write_table(container, part)
    else:
        _fill(container.add_paragraph(), part, is_in_table=is_in_table, is_bold=look_bold, align=align)


def _fill(paragraph: Any, part: _Paragraph, *, is_in_table: bool, is_bold: bool = False, align: str = "") -> None:
    sizes = [piece.look.size for piece in part.pieces if piece.text.strip()] or [14.0]
    size = sizes[0]
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    if is_in_table or max(sizes) > LINE_PT - 6:
        shape.line_spacing_rule = WD_LINE_SPACING.SINGLE
    else:
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE_PT)
    if not is_in_table and size >= TITLE_PT:
        shape.space_after = Pt(10)
    if part.first or part.hanging:
        shape.left_indent = Pt(part.hanging * size)
        shape.first_line_indent = Pt((part.first - part.hanging) * size)
    paragraph.alignment = {
        "center": WD_ALIGN_PARAGRAPH.CENTER,
        "right": WD_ALIGN_PARAGRAPH.RIGHT,
        "end": WD_ALIGN_PARAGRAPH.RIGHT,
    }.get(align or part.align, WD_ALIGN_PARAGRAPH.LEFT)
    if part.has_line:
        paragraph._element.get_or_add_pPr().append(_borders("w:pBdr"))
    for piece in _joined(part.pieces):
        run = paragraph.add_run()
        for at, line in enumerate(piece.text.split("\n")):
            if at:
                run.add_break()
            run.add_text(line)
        font = TABLE_FONT if is_in_table else TITLE_FONT if piece.look.size >= TITLE_PT else BODY_FONT
        _dress(run, font, piece.look.size, is_bold=is_bold or piece.look.is_bold, is_line=piece.look.is_line)


def _dress(run: Any, font: str, size: float, *, is_bold: bool = False, is_line: bool = False) -> None:
    run.font.name = LATIN_FONT
    run.font.size = Pt(size)
    run.font.bold = is_bold or None
    run.font.underline = is_line or None
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)


def _write_table(container: Any, table: _Table) -> None:
    count = max(len(table.columns), *(sum(cell.span for cell in row) for row in table.rows), 1)
    widths = _widths(table, count)
    made = container.add_table(rows=0, cols=count) if hasattr(container, "part") else container.add_table(0, count)
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    _fix(made, widths)
    if table.is_ruled:
        made.style = "Table Grid"
    for at, row in enumerate(table.rows):
        line = made.add_row()
        if table.is_ruled or any(cell.has_line for cell in row):
            line.height_rule, line.height = WD_ROW_HEIGHT_RULE.AT_LEAST, Pt(24 if table.is_ruled else 36)
        if at < table.head:
            repeat = OxmlElement("w:tblHeader")
            line._tr.get_or_add_trPr().append(repeat)
        _write_row(line, row, widths, table)
    if not hasattr(container, "sections"):
        return
    after = container.add_paragraph()
    after.paragraph_format.space_after = Pt(0)
    after.paragraph_format.line_spacing = Pt(8)


def _write_row(line: Any, row: list[_Cell], widths: list[float], table: _Table) -> None:
    at = 0
    for cell in row:
        span = min(cell.span, len(widths) - at)
        if span < 1:
            break
        box = line.cells[at]
        if span > 1:
            box = box.merge(line.cells[at + span - 1])
        box.width = Pt(sum(widths[at : at + span]))
        box.vertical_alignment = WD_ALIGN_VERTICAL.CENTER if table.is_ruled else WD_ALIGN_VERTICAL.BOTTOM
        spare = box.paragraphs[0]
        align = ""
        if table.is_ruled:
            text = "".join(piece.text for part in cell.parts if isinstance(part, _Paragraph) for piece in part.pieces)
            if cell.is_head or (at == 0 and len(text) <= 6):
                align = "center"
            elif re.fullmatch(r"[\d,]+\.\d\d", text.strip()):
                align = "right"
        for number, part in enumerate(cell.parts):
            if number == 0 and isinstance(part, _Paragraph):
                _fill(spare, part, is_in_table=table.is_ruled, is_bold=cell.is_head, align=align)
            else:
                _write(box, part, is_in_table=table.is_ruled, look_bold=cell.is_head, align=align)
        if cell.has_line:
            box._tc.get_or_add_tcPr().append(_borders("w:tcBorders"))
        at += span


def _fix(table: Any, widths: Sequence[float]) -> None:
    """Give a table's columns their widths, whatever their text."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Pt(width)


def _borders(name: str) -> Any:
    """Return the border of a paragraph (`w:pBdr`) or a cell (`w:tcBorders`) that is a line below it.

    Paragraphs with like borders are taken as one: they also need the line between them.
    """
    borders = OxmlElement(name)
    for side in ("bottom", "between") if name == "w:pBdr" else ("bottom",):
        line = OxmlElement(f"w:{side}")
        for attribute, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{attribute}"), value)
        borders.append(line)
    return borders


def _widths(table: _Table, count: int) -> list[float]:
    """Return the width of each column in points: fixed ones first, then what their text needs, the rest shared."""
    size = TABLE_PT if table.is_ruled else 14.0
    columns = [*table.columns, *(["1fr"] * (count - len(table.columns)))]
    fixed: dict[int, float] = {}
    shares: dict[int, float] = {}
    for at, column in enumerate(columns):
        if column.endswith("fr"):
            shares[at] = float(column.removesuffix("fr"))
        elif column.endswith("pt") and re.fullmatch(r"[\d.]+pt", column):
            fixed[at] = float(column.removesuffix("pt"))
        elif _em(column):
            fixed[at] = _em(column) * size + 6
        else:
            fixed[at] = min(_longest(table, at) * size + 12, WIDTH_PT * 0.5)
    rest = max(WIDTH_PT - sum(fixed.values()), WIDTH_PT * 0.2)
    total = sum(shares.values())
    widths = [fixed[at] if at in fixed else rest * shares[at] / total for at in range(count)]
    scale = WIDTH_PT / sum(widths) if table.is_ruled or total or sum(widths) > WIDTH_PT else 1.0
    return [width * scale for width in widths]


def _longest(table: _Table, column: int) -> float:
    """Return the length in em of the longest line in a column's unmerged cells."""
    longest = 2.0
    for row in table.rows:
        at = 0
        for cell in row:
            if at == column and cell.span == 1:
                for part in cell.parts:
                    if isinstance(part, _Paragraph):
                        lines = "".join(piece.text for piece in part.pieces).split("\n")
                        longest = max(longest, *(_length(line) for line in lines))
            at += cell.span
    return longest


def _length(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.55 for char in text)


# --- page ----------------------------------------------------------------------------------------------------------


def _set_up(document: Any, content: Mapping[str, Any]) -> None:
    section = document.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(32), Mm(26)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.different_first_page_header_footer = True
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = LATIN_FONT, Pt(14)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY_FONT)
    document.core_properties.title = str(content.get("title", ""))
    document.core_properties.author = str(content.get("issuer") or "")
    document.core_properties.comments = ""
    number = str(content.get("number") or "")
    _page_line(section.footer.paragraphs[0], number)
    first = section.first_page_footer
    mark = content.get("verification")
    if mark:
        table = first.add_table(1, 2, Pt(WIDTH_PT))
        widths = (WIDTH_PT - 60, 60.0)
        _fix(table, widths)
        left, right = table.rows[0].cells
        left.width, right.width = Pt(widths[0]), Pt(widths[1])
        told = left.paragraphs[0]
        told.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _dress(told.add_run(f"扫码或登录 {mark['page']} 核验真伪"), TABLE_FONT, 7.5)
        told.add_run().add_break()
        _dress(told.add_run(f"验证码 {mark['code']}"), TABLE_FONT, 9)
        right.paragraphs[0].add_run().add_picture(_picture(mark["address"]), width=Mm(15))
    _page_line(first.paragraphs[0], number)


def _picture(address: str) -> io.BytesIO:
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="png", scale=6, border=1)
    picture.seek(0)
    return picture


def _page_line(paragraph: Any, number: str) -> None:
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Pt(WIDTH_PT / 2 - 40))
    _dress(paragraph.add_run(f"{number}\t第 "), TABLE_FONT, 9)
    _field(paragraph, "PAGE")
    _dress(paragraph.add_run(" 页　共 "), TABLE_FONT, 9)
    _field(paragraph, "NUMPAGES")
    _dress(paragraph.add_run(" 页"), TABLE_FONT, 9)


def _field(paragraph: Any, name: str) -> None:
    for kind in ("begin", "instruction", "separate", "text", "end"):
        run = paragraph.add_run()
        _dress(run, TABLE_FONT, 9)
        if kind == "text":
            run.add_text("1")  # until the word processor counts
            continue
        mark = OxmlElement("w:instrText" if kind == "instruction" else "w:fldChar")
        if kind == "instruction":
            mark.set(qn("xml:space"), "preserve")
            mark.text = f" {name} "
        else:
            mark.set(qn("w:fldCharType"), kind)
        run._element.append(mark)
