"""A file as text with what its form tells besides: headings, tables, footnotes.

The text is what every span of a reading refers to. A table stands in it row by row, cells parted by tabs, a merged
cell once, where it begins.
"""

import codecs
import re
from dataclasses import dataclass, field
from itertools import accumulate

from django.utils.translation import gettext as _

from nongan.programme.rules.reading.errors import PlanUnreadable
from nongan.programme.rules.reading.source import Range

LARGEST = 20 * 1024 * 1024  # bytes of the file
MOST_CHARACTERS = 500_000  # the longest plan we know has 60,000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_RULE = re.compile(r"[ \t]*\|?(?:[ \t]*:?-{2,}:?[ \t]*\|)+(?:[ \t]*:?-{2,}:?[ \t]*)?\s*")
_HEADING = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}\s?、|[(（][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]{1,3}[部章类项])[^\t|。]{2,40}"
)
_LINE_END = re.compile("\r(?!\n)|[\x0b\x0c\x85\u2028\u2029]")  # of old systems, of pages
_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ", b"{\\rtf", b"\x1f\x8b")


@dataclass(frozen=True, slots=True)
class Table:
    """`rows[i][j]` is the range of the cell over row i, column j; merged cells are repeated, missing ones None."""

    start: int
    end: int
    rows: tuple[tuple[Range | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """`headings` are (place, level 1 to 3); `notes` are ranges of footnotes, which stand at the end."""

    text: str
    headings: tuple[tuple[int, int], ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[Range, ...] = field(default=())
    paragraphs: bool = False  # its line ends are paragraphs, not lines


def check_size(data: bytes) -> None:
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise PlanUnreadable(_("文件是空的。请选择方案正文文件后重新上传。"))
    if len(data) > LARGEST:
        raise PlanUnreadable(_("文件超过 20 MB。请去掉图片或拆分后再上传。"))


def check_type(name: str, data: bytes) -> bool:
    """True for a .docx, False for plain text. Raises PlanUnreadable for everything else, by the bytes, not the name."""
    if data.startswith(_OLE):
        raise PlanUnreadable(_("这是加密文件或旧版 .doc。请去掉密码，另存为 .docx 后上传。"))
    if data.startswith(_BINARY):
        raise PlanUnreadable(_("这不是 .docx 或 .txt 文件，扩展名可能被改过。请用 Word 另存为 .docx 后上传。"))
    if data.startswith(_ZIP):
        return True
    if name.lower().endswith(".docx"):
        raise PlanUnreadable(_("文件已损坏，或不是 .docx。请用 Word 重新保存后上传。"))
    if not name.lower().endswith((".txt", ".text", ".md")):
        raise PlanUnreadable(_("只能读取 .docx 和 .txt。旧版 .doc 或 PDF 请另存为 .docx 后上传。"))
    return False


def text_of(data: bytes) -> str:
    """Plain text in UTF-8, UTF-16 (with its mark) or GB 18030. Raises PlanUnreadable."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.count("\0") * 100 > len(text):
            break
        return check_length(_LINE_END.sub("\n", text))
    raise PlanUnreadable(_("文字编码无法识别。请另存为 UTF-8 编码的 .txt，或 .docx。"))


def tables_of(text: str) -> tuple[Table, ...]:
    """Tables typed into a text: lines one below the other of cells parted by tabs or |, at least three in the first.

    A line with fewer cells than the first is short of its last ones; a numbered heading between two rows is a row of
    one cell.
    """
    found: list[Table] = []
    rows: list[tuple[Range | None, ...]] = []
    place, head = 0, ""
    lines = [*text.split("\n"), ""]
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        head = head if rows else line
        between = bool(rows) and after != head and len(_cells(after, 0)) == len(rows[0])
        cells = _row(line, place, len(rows[0]), between) if rows else _cells(line, place)
        if rows and _RULE.fullmatch(line):  # |---|---| below the head
            place += len(line) + 1
            continue
        if rows and len(cells) != len(rows[0]):
            if len(rows) > 1:
                found.append(Table(_start(text, rows[0]), place - 1, tuple(rows)))
            rows = []
        if len(cells) >= 3:
            rows.append(cells)
        place += len(line) + 1
    return tuple(found)


def _row(line: str, place: int, width: int, between: bool) -> tuple[Range | None, ...]:
    """The cells of a line of a table, as many as its first row has where some are missing; `between`: a row follows."""
    cells = _cells(line, place) or _cells(line, place, 1)
    if not cells and between and _HEADING.fullmatch(line):
        cells = ((place, place + len(line)),)
    return cells + (None,) * (width - len(cells)) if cells else ()


def _cells(line: str, place: int, least: int = 2) -> tuple[Range | None, ...]:
    """The cells of a line with `least` separators or more."""
    separator = "\t" if line.strip().count("\t") >= least else "|"
    if line.strip().count(separator) < least or not line.strip(" \t|-"):
        return ()
    pieces = line.split(separator)
    starts = list(accumulate((len(piece) + 1 for piece in pieces), initial=place))[:-1]
    cells = [(start, start + len(piece)) for start, piece in zip(starts, pieces, strict=True)]
    if separator == "|" and not pieces[0].strip():
        cells = cells[1:]
    if separator == "|" and not pieces[-1].strip():
        cells = cells[:-1]
    return tuple(cells)


def _start(text: str, row: tuple[Range | None, ...]) -> int:
    first = row[0][0] if row[0] else 0
    return text.rfind("\n", 0, first) + 1


def check_length(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise PlanUnreadable(
            _("文件有 %(n)s 万字，不像一份方案。请只保留方案正文和任务表后上传。") % {"n": len(text) // 10_000}
        )
    return text
