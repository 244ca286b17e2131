"""Checking the judging against official bulletins: what an agency found failing must fail here too."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from nongan.common.errors import RuleBroken
from nongan.common.spreadsheet import FileRefused, check_archive
from nongan.standards.queries.book import book
from nongan.standards.rules import Verdict
from nongan.standards.rules.bulletin import Checked, Record, check_record, find_columns, read_table

ZIPPED, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
DELIMITERS = ",\t;|"
Lines = list[list[str]]


class BulletinUnreadable(RuleBroken):
    """The file is not a table of failures."""

    code = "bulletin_unreadable"


@dataclass(frozen=True)
class BulletinCheck:
    """All records of a bulletin, judged."""

    checked: list[Checked]

    def of(self, verdict: Verdict) -> list[Checked]:
        return [one for one in self.checked if one.judgement is not None and one.judgement.verdict == verdict]

    @property
    def not_covered(self) -> list[Checked]:
        return [one for one in self.checked if not one.covered]

    @property
    def mismatches(self) -> list[Checked]:
        """Covered records that did not come out as published: failing, or, where the table says 合格, not failing."""
        return [one for one in self.checked if one.covered and not one.agrees]

    def as_dict(self) -> dict[str, Any]:
        counts = {verdict.value: len(self.of(verdict)) for verdict in Verdict}
        return {
            "rows": len(self.checked),
            "counts": counts | {"not_covered": len(self.not_covered)},
            "mismatches": [_told(one) for one in self.mismatches],
            "not_covered": [_told(one) for one in self.not_covered],
        }


def check_bulletins(data: bytes) -> BulletinCheck:
    """Judge every record of a table of failures: xlsx with any number of sheets, or CSV (UTF-8, UTF-16, GB 18030).

    The headings may have other names and another order, stand below a title, and span two lines; one cell may hold
    several items, or an item with its result. Raises BulletinUnreadable.
    """
    law = book()
    found: list[Record] = []
    missing: KeyError | None = None
    sheets = _sheets(data)
    for name, lines in sheets:
        try:
            found += read_table(law, lines, name if len(sheets) > 1 else "")
        except KeyError as fault:
            missing = missing or fault
    if missing and not found:
        raise BulletinUnreadable(
            _("表中没有食品、项目、结果三列（缺 %(missing)s）。请给出 xlsx 或 CSV 文件，表头写明各列名称。")
            % {"missing": missing}
        )
    return BulletinCheck([check_record(law, record) for record in found])


def _sheets(data: bytes) -> list[tuple[str, Lines]]:
    if data[:4] == ZIPPED:
        return _workbook(data)
    if data[:4] == OLD_EXCEL:
        raise BulletinUnreadable(_("这是加密文件或旧版 .xls。请去掉密码，另存为 .xlsx。"))
    return [("", _csv(_decoded(data)))]


def _workbook(data: bytes) -> list[tuple[str, Lines]]:
    try:
        check_archive(data)
        file = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = []
        for sheet in file.worksheets:
            sheet.reset_dimensions()
            lines = [[_text(value) for value in line] for line in sheet.iter_rows(values_only=True)]
            sheets.append((sheet.title, lines))
        file.close()
    except FileRefused as refusal:
        raise BulletinUnreadable(str(refusal)) from refusal
    except Exception as fault:  # openpyxl raises whatever its parsers raise
        raise BulletinUnreadable(_("这不是可以读取的 .xlsx 表格。请重新另存为 .xlsx。")) from fault
    return sheets


def _text(value: object) -> str:
    """A cell as text: days as YYYY-MM-DD, numbers in plain notation."""
    if value is None:
        return ""
    if isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value).strip()


def _csv(text: str) -> Lines:
    """Comma, tab, semicolon or bar: the first by which the headings can be told apart; else comma."""
    for delimiter in DELIMITERS:
        try:
            lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
            find_columns(lines)
        except (KeyError, csv.Error):
            continue
        return lines
    try:
        return list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as fault:
        raise BulletinUnreadable(_("这不是可以读取的 CSV 表格。请另存为 .xlsx。")) from fault


def _decoded(data: bytes) -> str:
    encodings = ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BulletinUnreadable(_("文字编码无法识别。请另存为 UTF-8 编码的 CSV。"))


def places_of(checked: Iterable[Checked]) -> Iterator[tuple[str, Checked]]:
    """Each record with where it stands: “第 3 行”, “蔬菜 第 3 行”."""
    for one in checked:
        yield f"{one.record.sheet} 第 {one.record.number} 行".strip(), one


def _told(one: Checked) -> dict[str, Any]:
    record, judgement = one.record, one.judgement
    return {
        "sheet": record.sheet,
        "row": record.number,
        "record": record.record,
        "food": "、".join(record.foods),
        "item": record.item,
        "result": record.result,
        "produced_on": record.produced_on.isoformat() if record.produced_on else None,
        "verdict": judgement.verdict.value if judgement else None,
        "limit": judgement.limit.text if judgement and judgement.limit else None,
        "path": judgement.words if judgement else "",
        "reason": judgement.reason if judgement else one.reason,
    }
