"""Tables in and out."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from nongan.common import spreadsheet
from nongan.common.spreadsheet import (
    MOST_ROWS,
    RED,
    Column,
    FileRefused,
    Row,
    check_archive,
    marked_copy,
    read_table,
    template,
    write_table,
)

COLUMNS = [
    Column("name", "名称", help="全称", example="甲"),
    Column("day", "日期", required=False),
    Column("kg", "重量（千克）", required=False),
]
HEADS = ["名称", "日期", "重量（千克）"]


def book_of(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def read(data, name="表.xlsx"):
    rows, problems = read_table(data, name, COLUMNS)
    return [tuple(row.cells.values()) for row in rows], [(p.row, p.field) for p in problems]


# In


def test_cells_come_as_text():
    rows = [
        HEADS, ["甲", date(2026, 3, 1), 12.50], ["乙", datetime(2026, 3, 1, 8, 30), 0.1], [3, "2026-03-01", 2e15],
        ["丁", None, True],
    ]  # fmt: skip
    assert read(book_of(*rows)) == (
        [("甲", "2026-03-01", "12.5"), ("乙", "2026-03-01 08:30:00", "0.1"), ("3", "2026-03-01", "2000000000000000"),
         ("丁", "", "True")], [],
    )  # fmt: skip


@pytest.mark.parametrize(
    "heads",
    [["名称*", "日期", "重量(千克)"], [" 名 称 ", "日期", "重量（千克）"], ["重量（千克）", "别的", "日期", "名称＊"]],
)
def test_headings_in_any_order_and_writing(heads):
    line = {"名": "甲", "日": "2026-03-01", "重": "5"}
    cells = [line.get(head.strip()[0], "x") for head in heads]
    assert read(book_of(heads, cells)) == ([("甲", "2026-03-01", "5")], [])


def test_row_numbers_are_those_of_the_sheet():
    data = book_of(HEADS, ["甲"], [], [None, " ", ""], ["", "2026-03-01"], ["乙"])
    rows, problems = read_table(data, "表.xlsx", COLUMNS)
    assert [row.number for row in rows] == [2, 5, 6]
    assert [(p.row, p.field, p.reason) for p in problems] == [(5, "名称", "未填写")]


def test_a_missing_column_is_named_and_nothing_read():
    assert read(book_of(["日期"], ["2026-03-01"])) == ([], [(1, "名称")])
    assert read(book_of([], ["名称"])) == ([], [(1, "名称")])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_csv_in_the_encodings_that_people_use(encoding):
    text = '名称,日期\n"甲,乙","2026\n-03"\n'
    assert read(text.encode(encoding), "表.csv") == ([("甲,乙", "2026\n-03", "")], [])


@pytest.mark.parametrize(
    "data, name, said",
    [
        (b"", "表.csv", "文件是空的"),
        (("名称\n" + "长" * 200_000).encode(), "表.csv", "不是可以读取的 CSV"),
        (b"abc", "表.xlsx", "只能读取"),
        (b"%PDF-1.7", "表.pdf", "只能读取"),
        (b"PK\x03\x04" + b"x" * 100, "表.xlsx", "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "表.xls", "加密文件或旧版"),
        (b"\xff\xff\xff\xff\x81", "表.csv", "编码无法识别"),
        (b"x" * (20 * 1024 * 1024 + 1), "表.csv", "超过 20 MB"),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(data, name, said):
    with pytest.raises(FileRefused, match=said):
        read(data, name)


def rebuilt(data, **parts):
    """The archive with some of its parts replaced; None leaves a part out."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            short = entry.rsplit("/", 1)[-1].split(".")[0]
            if short in parts and parts[short] is None:
                continue
            new.writestr(entry, parts.get(short, old.read(entry)))
    return content.getvalue()


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "&%c;&%c;&%c;&%c;">' % (n + 1, n, n, n, n) for n in b"abcdefghijklmnop")
    + b"]><worksheet><sheetData><row><c><v>&q;</v></c></row></sheetData></worksheet>"
)


@pytest.mark.parametrize(
    "parts, said",
    [
        ({"workbook": None}, "不是可以读取的"), ({"workbook": b"<nothing/>"}, "不是可以读取的"),
        ({"sheet1": b"<worksheet><sheetData><row>"}, "损坏|不是可以读取的"),
        ({"sheet1": LAUGHS}, "损坏|不是可以读取的"),
    ],
    ids=["no workbook", "not a workbook", "cut", "laughs"],
)  # fmt: skip
def test_a_workbook_that_is_broken_inside(parts, said):
    with pytest.raises(FileRefused, match=said):
        read(rebuilt(book_of(HEADS, ["甲"]), **parts))


def test_a_part_that_unpacks_to_more_than_it_says():
    """The sizes of an archive are its own claim; a part that lies is a broken part."""
    data = bytearray(rebuilt(book_of(HEADS), sheet1=b"<worksheet>" + b" " * 5_000_000))
    size = (11 + 5_000_000).to_bytes(4, "little")
    lying = bytes(data).replace(size, (11).to_bytes(4, "little"))
    assert lying != bytes(data)
    check_archive(lying)
    with pytest.raises(FileRefused):
        read(lying)


def test_too_many_rows(monkeypatch):
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    assert len(read("名称\n甲\n乙\n丙\n".encode(), "表.csv")[0]) == 3
    with pytest.raises(FileRefused, match="一次最多导入 3 行"):
        read("名称\n甲\n乙\n丙\n丁\n".encode(), "表.csv")
    assert MOST_ROWS == 100_000


# Out


def test_the_template_can_be_filled_in_and_comes_back():
    data = template(COLUMNS, "名录" * 20).getvalue()
    sheet = load_workbook(io.BytesIO(data)).active
    assert [cell.value for cell in sheet[1]] == ["名称*", "日期", "重量（千克）"]
    assert (sheet["A1"].comment.text, sheet.freeze_panes, len(sheet.title)) == ("全称", "A2", 31)
    assert read(data) == ([("甲", "", "")], [])


def test_a_list_has_real_numbers_and_dates_and_no_formulas():
    at = datetime(2026, 3, 1, 1, 30, tzinfo=UTC)
    data = write_table("名录", ["a"] * 7, [["=1+1", "+1", Decimal("1.50"), 3, date(2026, 3, 1), at, None]]).getvalue()
    sheet = load_workbook(io.BytesIO(data)).active
    assert [cell.value for cell in sheet[2]] == [
        "=1+1", "+1", 1.5, 3, datetime(2026, 3, 1), datetime(2026, 3, 1, 9, 30), None
    ]  # fmt: skip
    assert [cell.data_type for cell in sheet[2]][:5] == ["s", "s", "n", "n", "d"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:G2")


def test_the_marked_copy_marks_the_cells_and_says_why():
    data = book_of(HEADS, ["甲", "昨天", 5], ["", "2026-03-01", -1], ["丙", "", ""])
    problems = [
        {"row": 2, "field": "日期", "reason": "不是日期", "remedy": "请写成 2026-03-01"},
        {"row": 3, "field": "名称", "reason": "未填写", "remedy": "必填"},
        {"row": 3, "field": "重量（千克）", "reason": "不能为负", "remedy": "请核对"},
    ]
    copy = marked_copy(data, "表.xlsx", COLUMNS, problems).getvalue()
    sheet = load_workbook(io.BytesIO(copy)).active
    red = {cell.coordinate for line in sheet.iter_rows() for cell in line if cell.fill.fgColor.rgb == RED.fgColor.rgb}
    assert red == {"B2", "D2", "A3", "C3", "D3"}
    assert [sheet.cell(row, 4).value for row in (1, 2, 3, 4)] == [
        "错误说明", "日期：不是日期。请写成 2026-03-01", "名称：未填写。必填；重量（千克）：不能为负。请核对", None,
    ]  # fmt: skip
    assert read(copy)[0][2] == ("丙", "", "")


@pytest.mark.parametrize("heads", [["名称", "日期", "重量（千克）"], ["日期", "名称"]])
def test_the_copy_of_a_marked_copy_still_fits(heads):
    """Rows that end before the heading does, and cells beyond it, push no reason under a heading."""
    data = book_of(heads, ["甲"], ["乙", "昨天", "5", "", "beyond"])
    problem = {"row": 2, "field": "日期", "reason": "不是日期", "remedy": ""}
    once = marked_copy(data, "表.xlsx", COLUMNS, [problem]).getvalue()
    twice = marked_copy(once, "表.xlsx", COLUMNS, [problem]).getvalue()
    assert read(twice) == read(data)
    sheet = load_workbook(io.BytesIO(twice)).active
    assert [cell.value for cell in sheet[1]].count("错误说明") == 1
    assert "beyond" in [cell.value for cell in sheet[3]]


cells = st.text(st.characters(codec="utf-8"), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(cells, cells, cells), max_size=6))
def test_any_text_can_be_written_and_read_again(rows):
    """What XML cannot hold is left out; everything else comes back, without blanks around it."""
    kept = [tuple(spreadsheet._printable(text).strip() for text in row) for row in rows]
    data = write_table("表", HEADS, rows).getvalue()
    found, _problems = read(data)
    assert found == [row for row in kept if any(row)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(cells, cells, cells), max_size=6))
def test_any_csv_is_read_as_it_was_written(rows):
    text = io.StringIO()
    csv.writer(text).writerows([HEADS, *rows])
    found, _problems = read(text.getvalue().encode("utf-8-sig"), "表.csv")
    kept = [tuple(cell.strip() for cell in row) for row in rows]
    assert found == [row for row in kept if any(row)]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["表.csv", "表.xlsx", "表.txt", "表"]))
def test_no_bytes_are_a_fault_of_the_server(data, name):
    for start in (b"", b"PK\x03\x04"):
        try:
            rows, _problems = read_table(start + data, name, COLUMNS)
        except FileRefused:
            continue
        assert all(isinstance(row, Row) for row in rows)
