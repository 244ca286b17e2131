"""Tables in and out: xlsx and CSV read with every fault named by row and field, lists and templates written as xlsx.

Pure: bytes in, values out. A file is refused as a whole (`FileRefused`) when it cannot be a table at all;
faults of single cells are `Problem`s, all of them, so that one look at the report mends the whole file.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from nongan.common.errors import RuleBroken
from nongan.common.words import listed, sentence

LARGEST = 20 * 1024 * 1024  # bytes of the file
UNPACKED = 256 * 1024 * 1024  # bytes of everything inside an xlsx
RATIO = 200  # an honest worksheet packs at most about 30 : 1
MOST_ROWS = 100_000
UNHOLDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOTE = "错误说明"  # heading of the reasons in a marked copy
RED = PatternFill("solid", fgColor="FFD6D6")
GREY = PatternFill("solid", fgColor="EEF2EF")


class FileRefused(RuleBroken):
    """The file is not a table we can read: what it is, and what to do."""

    code = "file_refused"


@dataclass(frozen=True)
class Column:
    """A column of an import: `key` in the code, `heading` on the sheet, an example for the template."""

    key: str
    heading: str
    required: bool = True
    help: str = ""
    example: str = ""


@dataclass(frozen=True)
class Problem:
    """One fault: sheet row number (the heading is row 1), heading of the field, why, what to do."""

    row: int
    field: str
    reason: str
    remedy: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Row:
    """One line of the table: its number on the sheet, and the text of each cell by column key."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)


def read_table(data: bytes, name: str, columns: Sequence[Column]) -> tuple[list[Row], list[Problem]]:
    """Rows of the first sheet and the faults of form (missing heading, missing required cell).

    Cells come as text: dates as YYYY-MM-DD, numbers in plain notation. Empty lines are passed over.
    Raises FileRefused.
    """
    lines = _lines(data, name)
    try:
        heading = next(lines)
    except StopIteration:
        raise FileRefused(_("文件是空的。请下载模板，填写后再上传。")) from None
    titles = [_title(cell) for cell in heading]
    places = {c.key: titles.index(_title(c.heading)) for c in columns if _title(c.heading) in titles}
    missing = [c for c in columns if c.required and c.key not in places]
    if missing:
        problems = [Problem(1, c.heading, _("缺少这一列"), _("请使用模板，勿改动表头")) for c in missing]
        return [], problems
    rows: list[Row] = []
    problems = []
    for number, line in enumerate(lines, start=2):
        cells = {key: _text(line[i]) if i < len(line) else "" for key, i in places.items()}
        if not any(cells.values()):
            continue
        if len(rows) >= MOST_ROWS:
            raise FileRefused(_("一次最多导入 %(n)s 行，请拆分文件。") % {"n": MOST_ROWS})
        rows.append(Row(number, {c.key: cells.get(c.key, "") for c in columns}))
        problems += [
            Problem(number, c.heading, _("未填写"), _("必填")) for c in columns if c.required and not cells[c.key]
        ]
    return rows, problems


def template(columns: Sequence[Column], title: str) -> io.BytesIO:
    """An empty table to fill in: headings with help as comments, one example line."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title[:31]
    for i, column in enumerate(columns, start=1):
        cell = sheet.cell(1, i, column.heading + ("*" if column.required else ""))
        cell.font, cell.fill = Font(bold=True), GREY
        if column.help:
            cell.comment = Comment(column.help, "农安")
        example = sheet.cell(2, i, column.example)
        example.number_format, example.data_type = "@", "s"
        sheet.column_dimensions[get_column_letter(i)].width = max(12, len(column.heading) * 2 + 6)
    sheet.freeze_panes = "A2"
    return _saved(book)


def marked_copy(data: bytes, name: str, columns: Sequence[Column], problems: Iterable[dict[str, Any]]) -> io.BytesIO:
    """The uploaded table with every fault marked: the cell red, the reason in a column of its own after the headings.

    Where the table is itself such a copy, its column of reasons is written anew.
    """
    by_row: dict[int, list[dict[str, Any]]] = {}
    for problem in problems:
        by_row.setdefault(problem["row"], []).append(problem)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("错误标注"))
    titles: list[str] = []
    for number, line in enumerate(_lines(data, name), start=1):
        titles = [_title(cell) for cell in line] if number == 1 else titles
        found = by_row.get(number, [])
        note = listed((sentence(p["field"], p["reason"], p["remedy"]) for p in found), "；")
        bad = {_title(problem["field"]) for problem in found}
        texts = [*map(_text, line), *[""] * (len(titles) - len(line))]  # rows may end before their heading does
        cells = [_cell(sheet, text, i < len(titles) and titles[i] in bad) for i, text in enumerate(texts)]
        place = titles.index(NOTE) if NOTE in titles else len(titles)
        cells[place : place + (NOTE in titles)] = [_cell(sheet, NOTE if number == 1 else note, bool(found))]
        sheet.append(cells)
    return _saved(book)


def write_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> io.BytesIO:
    """A list as xlsx: real numbers and dates, frozen heading, autofilter, text never taken for a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for i, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(i)].width = min(40, max(12, len(heading) * 2 + 4))
    sheet.append([_heading(sheet, h) for h in headings])
    last = 1
    for row in rows:
        sheet.append([_cell(sheet, value, False) for value in row])
        last += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{last}"
    return _saved(book)


def _lines(data: bytes, name: str) -> Iterator[Sequence[Any]]:
    if len(data) > LARGEST:
        raise FileRefused(_("文件超过 20 MB，请拆分后上传。"))
    if data[:4] == b"PK\x03\x04":
        return iter(_xlsx_lines(data))
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise FileRefused(_("这是加密文件或旧版 .xls。请去掉密码，另存为 .xlsx 后上传。"))
    if not name.lower().endswith((".csv", ".txt")):
        raise FileRefused(_("只能读取 .xlsx 和 .csv 表格，这个文件不是。"))
    return _csv_lines(_decoded(data))


def _csv_lines(text: str) -> Iterator[Sequence[Any]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    except csv.Error as fault:
        raise FileRefused(_("这不是可以读取的 CSV 表格。请用 WPS 或 Excel 另存为 .xlsx 后上传。")) from fault


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused(_("文字编码无法识别。请另存为 UTF-8 编码的 CSV 或 .xlsx。"))


def check_archive(data: bytes) -> None:
    """Refuse broken archives and zip bombs before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sizes = [entry.file_size for entry in archive.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError) as fault:
        raise FileRefused(_("文件已损坏，无法打开。请重新保存后上传。")) from fault
    if sum(sizes) > UNPACKED or sum(sizes) > RATIO * max(len(data), 100_000):
        raise FileRefused(_("文件解压后异常巨大，已拒绝。请检查文件来源。"))


def _xlsx_lines(data: bytes) -> Iterator[Sequence[Any]]:
    check_archive(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
    except Exception as fault:  # openpyxl raises whatever its parsers raise
        raise FileRefused(_("这不是可以读取的 .xlsx 表格。请重新另存为 .xlsx 后上传。")) from fault
    try:
        yield from sheet.iter_rows(values_only=True)
    except Exception as fault:
        raise FileRefused(_("表格内容已损坏，无法读完。请重新另存为 .xlsx 后上传。")) from fault
    finally:
        book.close()


def _title(value: object) -> str:
    return "".join(str(value or "").split()).rstrip("*＊").replace("（", "(").replace("）", ")")


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value).strip()


def _cell(sheet: Any, value: Any, bad: bool) -> Any:
    """What a write-only sheet appends: the bare value where it can, which is twice as fast, else a cell."""
    if isinstance(value, datetime) and value.tzinfo:
        value = timezone.localtime(value).replace(tzinfo=None)
    if not bad and isinstance(value, str) and not value.startswith("="):
        return _printable(value)
    number = isinstance(value, int | float | Decimal | date) and not isinstance(value, bool)
    cell = WriteOnlyCell(sheet, value if number else "")
    if not number:
        cell.value = _printable(str(value)) if value is not None else ""
        cell.data_type = "s"  # “=1+1” stays text
    if bad:
        cell.fill = RED
    return cell


def _printable(text: str) -> str:
    """Text that XML 1.0 can hold: no control characters other than tab and line ends, no halves of a pair."""
    return text if text.isprintable() else UNHOLDABLE.sub("", text)


def _heading(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font, cell.fill, cell.alignment = Font(bold=True), GREY, Alignment(vertical="center")
    return cell


def _saved(book: Workbook) -> io.BytesIO:
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    return content
