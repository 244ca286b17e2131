"""Official papers as Word documents in the form of GB/T 9704-2012. Pure: values in, bytes out.

Title in 小标宋 2 号 (22 pt), body in 仿宋 3 号 (16 pt) with 28 pt lines, two characters of indent; A4 with margins of
37 mm above, 35 mm below, 28 mm left, 26 mm right; signature and date at the right.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

TITLE_FONT, BODY_FONT, HEAD_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体"


@dataclass(frozen=True)
class Letter:
    """A letter: number under the title, addressee, body, what is attached, who signs, on which day. `receipt`: a second
    page that the addressee tears off."""

    title: str
    number: str
    addressee: str
    body: Sequence[str]
    attached: Sequence[str]
    signed: str
    on: date
    receipt: "Letter | None" = None


@dataclass(frozen=True)
class Sheet:
    """A form of labelled boxes: (label, text); `tall` boxes leave room to write and sign by hand."""

    title: str
    unit: str
    number: str
    rows: Sequence[tuple[str, str]]
    tall: Sequence[str] = field(default_factory=tuple)


def letter(made: Letter) -> BytesIO:
    document = _document()
    _letter(document, made)
    if made.receipt is not None:
        document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        _letter(document, made.receipt)
    return _saved(document)


def sheet(made: Sheet) -> BytesIO:
    document = _document()
    _line(document, made.title, TITLE_FONT, 22, WD_ALIGN_PARAGRAPH.CENTER, after=8)
    section = document.sections[0]
    width = section.page_width - section.left_margin - section.right_margin
    head = _line(document, f"{made.unit}\t{made.number}", BODY_FONT, 12, WD_ALIGN_PARAGRAPH.LEFT, after=4)
    head.paragraph_format.tab_stops.add_tab_stop(width, WD_TABLE_ALIGNMENT.RIGHT)
    table = document.add_table(rows=0, cols=2)
    table.style, table.autofit = "Table Grid", False
    for label, text in made.rows:
        row = table.add_row()
        row.height = Mm(38) if label in made.tall else Mm(12)
        _cell(row.cells[0], label, int(width * 0.2), HEAD_FONT, WD_ALIGN_PARAGRAPH.CENTER)
        _cell(row.cells[1], text, int(width * 0.8), BODY_FONT, WD_ALIGN_PARAGRAPH.LEFT)
    return _saved(document)


def chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _letter(document: Any, made: Letter) -> None:
    _line(document, made.title, TITLE_FONT, 22, WD_ALIGN_PARAGRAPH.CENTER, before=28, after=14)
    if made.number:
        _line(document, made.number, BODY_FONT, 16, WD_ALIGN_PARAGRAPH.CENTER, after=14)
    _line(document, f"{made.addressee}：", BODY_FONT, 16, WD_ALIGN_PARAGRAPH.LEFT)
    for text in made.body:
        _line(document, text, BODY_FONT, 16, WD_ALIGN_PARAGRAPH.JUSTIFY).paragraph_format.first_line_indent = Pt(32)
    for n, text in enumerate(made.attached):
        line = f"附件：{n + 1}. {text}" if n == 0 else f"{n + 1}. {text}"
        shown = _line(document, line, BODY_FONT, 16, WD_ALIGN_PARAGRAPH.LEFT, before=14 if n == 0 else 0)
        shown.paragraph_format.left_indent = Pt(32 if n == 0 else 80)
    signed = _line(document, made.signed, BODY_FONT, 16, WD_ALIGN_PARAGRAPH.RIGHT, before=42)
    signed.paragraph_format.right_indent = Pt(32)
    dated = _line(document, chinese_day(made.on), BODY_FONT, 16, WD_ALIGN_PARAGRAPH.RIGHT)
    dated.paragraph_format.right_indent = Pt(64)


def _document() -> Any:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    return document


def _saved(document: Any) -> BytesIO:
    content = BytesIO()
    document.save(content)
    content.seek(0)
    return content


def _font(run: Any, name: str, size: float) -> None:
    """Chinese characters take their own font; letters and figures too."""
    run.font.name, run.font.size = name, Pt(size)
    run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _line(document: Any, text: str, font: str, size: float, align: Any, *, before: float = 0, after: float = 0) -> Any:
    paragraph = document.add_paragraph()
    _font(paragraph.add_run(_printable(text)), font, size)
    paragraph.alignment = align
    how = paragraph.paragraph_format
    how.space_before, how.space_after = Pt(before), Pt(after)
    if size == 16:
        how.line_spacing_rule, how.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28)
    return paragraph


def _cell(cell: Any, text: str, width: int, font: str, align: Any) -> None:
    cell.width = width
    for n, part in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
        _font(paragraph.add_run(_printable(part)), font, 12)
        paragraph.alignment = align
        paragraph.paragraph_format.space_after = Pt(0)


def _printable(text: str) -> str:
    """XML 1.0 has no control characters other than tab and line ends."""
    return "".join(c for c in text if c >= " " or c in "\t\n")
