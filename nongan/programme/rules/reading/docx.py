"""The text of a .docx: paragraphs with the numbers that Word prints before them, tables, headings, footnotes.

Headers and footers are not part of the text. Deleted text of tracked changes, field codes and hidden duplicates of
drawings are left out; text boxes follow the paragraph that holds them. Only the parts that are needed are unpacked,
after the archive has been checked for bombs.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from nongan.common.spreadsheet import FileRefused, check_archive
from nongan.programme.rules.reading.document import MOST_CHARACTERS, Document, Table, check_length
from nongan.programme.rules.reading.errors import PlanUnreadable
from nongan.programme.rules.reading.numbering import Numbering, Styles, tag, value
from nongan.programme.rules.reading.source import Range

MOST_XML = 64 * 1024 * 1024  # bytes of one part unpacked
_SKIPPED = {
    tag(name) for name in ("del", "moveFrom", "instrText", "delText", "rPr", "pPr", "tblPr", "tblGrid", "sectPr")
}
_CHARACTERS = {tag("tab"): " ", tag("br"): "\n", tag("cr"): "\n", tag("noBreakHyphen"): "-"}
_SYMBOLS = {"F0B3": "≥", "F0A3": "≤", "F0AB": "★", "F0B7": "·", "F06C": "●", "F06E": "■"}  # of Symbol, Wingdings
_TITLE = re.compile(r"\A[^一二三四五六七八九十(（\d][^。；：]{5,60}(?:表|方案|清单|台账|安排|分工)(?:[(（].{1,14})?\Z")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read_docx(data: bytes) -> Document:
    """Raises PlanUnreadable for what is not a whole .docx."""
    try:
        check_archive(data)
        parts = _parts(data)
        writer = _Writer(Styles(parts["word/styles.xml"]), Numbering(parts["word/numbering.xml"]))
        body = parts["word/document.xml"]
        if body is None or (content := body.find(tag("body"))) is None:
            raise PlanUnreadable(_("文件里没有正文。请确认是方案的 .docx，用 Word 重新保存后上传。"))
        writer.blocks(content)
        for name in ("word/footnotes.xml", "word/endnotes.xml"):
            writer.notes_of(parts[name])
        return writer.document()
    except FileRefused as refusal:
        raise PlanUnreadable(str(refusal)) from refusal
    except DefusedXmlException as fault:
        raise PlanUnreadable(_("文件里有不允许的内容（实体声明），已拒绝。请用 Word 重新保存后上传。")) from fault
    except (ParseError, zipfile.BadZipFile, KeyError, ValueError, EOFError, OSError, RecursionError) as fault:
        raise PlanUnreadable(_("文件已损坏，无法打开。请用 Word 重新保存后上传。")) from fault
    except (RuntimeError, NotImplementedError) as fault:  # a password, or a compression that only some tools write
        raise PlanUnreadable(_("文件是加密的，或用了不常见的压缩。请去掉密码，另存为 .docx 后上传。")) from fault


def _parts(data: bytes) -> dict[str, Element | None]:
    wanted = ("document", "styles", "numbering", "footnotes", "endnotes")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if "word/document.xml" not in names:
            raise PlanUnreadable(_("这不是 .docx 文件（可能是表格、演示文稿或压缩包）。请上传方案的 .docx 或 .txt。"))
        found: dict[str, Element | None] = {}
        for name in (f"word/{part}.xml" for part in wanted):
            if name in names and archive.getinfo(name).file_size > MOST_XML:
                raise PlanUnreadable(_("文件解压后异常巨大，已拒绝。请检查文件来源。"))
            found[name] = fromstring(archive.read(name)) if name in names else None
        return found


@dataclass(slots=True)
class _Writer:
    """Writes the text piece by piece and notes where things stand in it."""

    styles: Styles
    numbering: Numbering
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    headings: list[tuple[int, int]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[Range] = field(default_factory=list)

    def write(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)
        if self.length > 2 * MOST_CHARACTERS:
            check_length("x" * self.length)

    def document(self) -> Document:
        text = check_length("".join(self.pieces))
        return Document(text, tuple(self.headings), tuple(self.tables), tuple(self.notes), paragraphs=True)

    def blocks(self, parent: Element, *, flat: bool = False) -> None:
        """Paragraphs and tables of a body, a cell (`flat`) or a text box, with a line end behind each."""
        for child in _unwrapped(parent):
            if child.tag == tag("p"):
                self.paragraph(child)
            elif child.tag == tag("tbl"):
                if flat:
                    self.flat_table(child)
                elif _is_frame(child):
                    self.frame(child)
                else:
                    self.table(child)

    def paragraph(self, paragraph: Element) -> None:
        boxes: list[Element] = []
        text = "".join(_text(paragraph, boxes)).replace("\t", " ")
        if text.strip():
            self.mark_heading(paragraph)
            self.write(self.numbering.label(paragraph, self.styles))
        self.write(text + "\n")
        for box in boxes:
            self.blocks(box, flat=True)

    def mark_heading(self, paragraph: Element) -> None:
        level = self.styles.level(paragraph)
        if level:
            self.headings.append((self.length, level))

    def flat_table(self, table: Element) -> None:
        """A table within a cell or a text box: its words."""
        for row in _unwrapped(table):
            for cell in _unwrapped(row):
                self.blocks(cell, flat=True)

    def frame(self, table: Element) -> None:
        """A table of one column only frames a text."""
        for row in _unwrapped(table):
            for cell in _unwrapped(row):
                self.blocks(cell)

    def table(self, table: Element) -> None:
        lines = [row for row in _unwrapped(table) if row.tag == tag("tr")]
        while len(lines) > 1 and (title := _title(lines[0])) is not None:
            self.blocks(title)
            lines = lines[1:]
        start = self.length
        above: list[Range | None] = []
        rows = []
        for row in lines:
            above = self.row(row, above)
            rows.append(tuple(above))
        self.tables.append(Table(start, self.length, tuple(rows)))

    def row(self, row: Element, above: list[Range | None]) -> list[Range | None]:
        """Write a row; a cell that continues the one above is that one."""
        cells: list[Range | None] = [None] * _int(row.find(f"{tag('trPr')}/{tag('gridBefore')}"))
        for cell in _unwrapped(row):
            if cell.tag != tag("tc"):
                continue
            properties = cell.find(tag("tcPr"))
            span = max(1, _int(properties.find(tag("gridSpan")) if properties is not None else None))
            merge = properties.find(tag("vMerge")) if properties is not None else None
            column = len(cells)
            if merge is not None and value(merge) != "restart" and column < len(above) and above[column]:
                cells += [above[column]] * span
                continue
            cells += [self.cell(cell)] * min(span, 100)
        self.write("\n")
        return cells

    def cell(self, cell: Element) -> Range:
        start = self.length
        self.blocks(cell, flat=True)
        if self.pieces and self.pieces[-1].endswith("\n") and self.length > start:  # the line end of its last paragraph
            self.pieces[-1] = self.pieces[-1][:-1]
            self.length -= 1
        found = (start, self.length)
        self.write("\t")
        return found

    def notes_of(self, part: Element | None) -> None:
        for note in part if part is not None else ():
            start = self.length
            self.blocks(note)
            if "".join(self.pieces[-50:]).strip() and self.length > start:
                self.notes.append((start, self.length))


def _unwrapped(parent: Element) -> Iterator[Element]:
    """The children, with content controls, insertions and custom XML opened."""
    for child in parent:
        if child.tag == tag("sdt"):
            content = child.find(tag("sdtContent"))
            if content is not None:
                yield from _unwrapped(content)
        elif child.tag in (tag("ins"), tag("moveTo"), tag("customXml"), tag("smartTag")):
            yield from _unwrapped(child)
        else:
            yield child


def _text(parent: Element, boxes: list[Element]) -> Iterator[str]:
    for child in parent:
        if child.tag == tag("t"):
            yield child.text or ""
        elif child.tag in _CHARACTERS:
            yield _CHARACTERS[child.tag]
        elif child.tag == tag("txbxContent"):
            boxes.append(child)
        elif child.tag == tag("sym"):
            yield _SYMBOLS.get(child.get(tag("char"), "").upper(), "")
        elif child.tag not in _SKIPPED and child.tag != _FALLBACK and not _hidden(child):
            yield from _text(child, boxes)


def _is_frame(table: Element) -> bool:
    rows = [row for row in _unwrapped(table) if row.tag == tag("tr")]
    return all(sum(cell.tag == tag("tc") for cell in _unwrapped(row)) == 1 for row in rows)


def _title(row: Element) -> Element | None:
    """The one cell of a row that prints the title of the table over all its columns."""
    cells = [cell for cell in _unwrapped(row) if cell.tag == tag("tc")]
    if len(cells) != 1:
        return None
    words = "".join(text for paragraph in cells[0].iter(tag("p")) for text in _text(paragraph, []))
    return cells[0] if _TITLE.search(words.strip()) else None


def _hidden(run: Element) -> bool:
    """Is it a run that Word does not print?"""
    vanish = run.find(f"{tag('rPr')}/{tag('vanish')}") if run.tag == tag("r") else None
    return vanish is not None and value(vanish) not in ("0", "false", "off")


def _int(element: Element | None) -> int:
    text = value(element) if element is not None else ""
    return int(text) if text.isdecimal() else 0
