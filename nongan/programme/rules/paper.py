"""Tables as Word documents in the manner of GB/T 9704-2012 and of the official forms: title, unit and date above,
table with a heading on every page, filler and checker below, page x / y. Pure: values in, bytes out.

GB/T 9704: title in 小标宋 2 号 (22 pt), body in 仿宋 3 号 (16 pt) with 28 pt lines; margins 37 mm above, 35 mm below,
28 mm left, 26 mm right. Tables are set smaller (10.5 pt) and lie on landscape pages with narrower margins, as 7.3.6
(附件) lets tables do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

TITLE_FONT, BODY_FONT, HEAD_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体"
GREY = "EEF2EF"


@dataclass(frozen=True)
class Table:
    """One table: `widths` are shares of the width; `fills` colours cells, {(row, column): "RRGGBB"}."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    heading: str = ""
    fills: dict[tuple[int, int], str] = field(default_factory=dict)


def paper(
    title: str, unit: str, on: date, tables: Sequence[Table], *, filler: str = "", landscape: bool = True
) -> BytesIO:
    """A document of tables. `unit` made it on the day `on`; `filler` is who filled it in."""
    document = Document()
    _page(document.sections[0], landscape)
    style = document.styles["Normal"]
    style.font.size = Pt(12)
    _font(style, BODY_FONT)
    _line(document, title, TITLE_FONT, 22, WD_ALIGN_PARAGRAPH.CENTER, after=6)
    stamp = f"{unit}\t{on.year}年{on.month}月{on.day}日"
    line = _line(document, stamp, BODY_FONT, 12, WD_ALIGN_PARAGRAPH.LEFT, after=4)
    line.paragraph_format.tab_stops.add_tab_stop(_width(document.sections[0]), WD_TABLE_ALIGNMENT.RIGHT)
    for table in tables:
        if table.heading:
            _line(document, table.heading, HEAD_FONT, 14, WD_ALIGN_PARAGRAPH.LEFT, before=10, after=4)
        _table(document, table)
    sign = _("填表人：%(name)s　　　　　　审核人：") % {"name": filler}
    _line(document, sign, BODY_FONT, 12, WD_ALIGN_PARAGRAPH.LEFT, before=10)
    _page_numbers(document.sections[0])
    content = BytesIO()
    document.save(content)
    content.seek(0)
    return content


def _page(section: Any, landscape: bool) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    if landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.top_margin, section.bottom_margin = Mm(28), Mm(26)
        section.left_margin = section.right_margin = Mm(22)
    else:
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)


def _width(section: Any) -> Any:
    return section.page_width - section.left_margin - section.right_margin


def _font(thing: Any, name: str) -> None:
    """Chinese characters take their own font; letters and figures too."""
    thing.font.name = name
    properties = thing.element.get_or_add_rPr()
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _line(document: Any, text: str, font: str, size: float, align: Any, *, before: float = 0, after: float = 0) -> Any:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(_printable(text))
    run.font.size = Pt(size)
    _font(run, font)
    paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    return paragraph


def _table(document: Any, table: Table) -> None:
    made = document.add_table(rows=1, cols=len(table.heads))
    made.style, made.autofit = "Table Grid", False
    full = _width(document.sections[0])
    widths = [int(full * share / sum(table.widths)) for share in table.widths]
    for cell, head, width in zip(made.rows[0].cells, table.heads, widths, strict=True):
        _cell(cell, head, width, HEAD_FONT, fill=GREY, centre=True)
    _repeat(made.rows[0])
    for n, row in enumerate(table.rows):
        cells = made.add_row().cells
        for m, (cell, text, width) in enumerate(zip(cells, row, widths, strict=True)):
            _cell(cell, text, width, BODY_FONT, fill=table.fills.get((n, m), ""), centre=len(text) <= 4)
    for row_made in made.rows:
        _unbroken(row_made)


def _cell(cell: Any, text: str, width: int, font: str, *, fill: str, centre: bool) -> None:
    cell.width = width
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(_printable(text))
    run.font.size = Pt(10.5)
    _font(run, font)
    paragraph.paragraph_format.space_after = Pt(0)
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if fill:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), fill)
        cell._tc.get_or_add_tcPr().append(shade)


def _repeat(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _unbroken(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _page_numbers(section: Any) -> None:
    """“— 3 / 12 —” at the foot of every page, counted by the reader's word processor."""
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, instruction in (("— ", "PAGE"), (" / ", "NUMPAGES"), (" —", "")):
        _font(paragraph.add_run(text), "宋体")
        if instruction:
            run = paragraph.add_run()
            for kind, words in (("begin", ""), ("", instruction), ("end", "")):
                element = OxmlElement("w:fldChar" if kind else "w:instrText")
                if kind:
                    element.set(qn("w:fldCharType"), kind)
                else:
                    element.set(qn("xml:space"), "preserve")
                    element.text = f" {words} "
                run._r.append(element)


def _printable(text: str) -> str:
    """XML 1.0 has no control characters other than tab and line ends."""
    return "".join(c for c in text if c >= " " or c in "\t\n")
