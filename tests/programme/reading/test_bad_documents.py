"""Documents that cannot be read are refused in words that say what to do."""

import io
import sys
import zipfile

import pytest
from docx import Document as Docx

from nongan.programme.rules.reading import PlanUnreadable, read_file, read_text
from nongan.programme.rules.reading.document import LARGEST, MOST_CHARACTERS
from tests.programme.reading.documents import docx, save

ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p>'
    "</w:body></w:document>"
)


def archive(*parts, compression=zipfile.ZIP_DEFLATED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as made:
        for name, data in parts:
            made.writestr(name, data)
    return content.getvalue()


def locked() -> bytes:
    """An archive that says of its document that it is encrypted."""
    data = bytearray(archive(("word/document.xml", "<a/>"), compression=zipfile.ZIP_STORED))
    data[6] |= 1
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    return bytes(data)


def deep() -> bytes:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    inner = "<w:tbl><w:tr><w:tc>" * 3000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 3000
    return archive(("word/document.xml", f'<w:document xmlns:w="{w}"><w:body>{inner}</w:body></w:document>'))


@pytest.mark.parametrize(
    "name, data, said",
    [
        ("a.docx", b"", "空的"),
        ("a.txt", b"\xef\xbb\xbf \r\n", "空的"),
        ("a.docx", docx("方案")[:2000], "损坏"),
        ("a.docx", b"plain words", "损坏"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "加密"),
        ("a.docx", locked(), "加密"),
        ("a.docx", b"%PDF-1.7", "不是 .docx"),
        ("a.txt", b"\x89PNG\r\n", "不是 .docx"),
        ("a.xlsx", archive(("xl/workbook.xml", "<a/>")), "不是 .docx"),
        ("a.docx", archive(("word/document.xml", "<a")), "损坏"),
        ("a.docx", archive(("word/document.xml", "<a/>")), "没有正文"),
        ("a.docx", archive(("word/document.xml", ENTITIES)), "不允许"),
        ("a.docx", archive(("word/document.xml", b"\0" * (300 * 1024 * 1024))), "异常"),
        ("a.docx", deep(), "损坏"),
        ("a.txt", b"x" * (LARGEST + 1), "20 MB"),
        ("a.txt", "方案".encode() * MOST_CHARACTERS, "万字"),
        ("a.txt", b"\xff\xfe\xfa\x81\x00\xd8", "编码"),
        ("a.txt", b"ab\0\0\0\0\0\0\0\0", "编码"),
        ("a.doc", b"text", "另存为"),
        ("a", b"text", "只能读取"),
    ],
)
def test_refused(name, data, said):
    with pytest.raises(PlanUnreadable, match=said):
        read_file(name, data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_usual_encodings_are_read(encoding):
    text = "某县实施方案\r\n一、主要任务\r\n1.建立名录。（责任单位：县农业局）\r\n"
    (plan,) = read_file("方案.TXT", text.encode(encoding)).plans
    assert [unit.name for unit in plan.tasks[0].units] == ["县农业局"]


def test_a_docx_by_another_name_is_read_by_its_bytes():
    assert read_file("方案.txt", docx("方案", "一、主要任务", "1.工作。")).plans[0].tasks


def test_an_empty_docx_has_no_tasks():
    assert not read_file("a.docx", save(Docx())).plans[0].tasks


def steps(text: str) -> int:
    """How many lines of the reader run: the work, whatever the machine."""
    count = 0

    def trace(_frame, event, _arg):
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        read_text("方案" + text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        "一、",
        "1.",
        "责任单位：",
        "98%",
        "\n",
        " ",
        "《",
        "根据",
        "以下任务均需",
        "20XX年",
        "、",
        "方案\n",
        "附件：",
        "a   ",
        "由",
        "|",
        "甲\t",
        "全覆盖",
        "组长：\n",
        "1 目标\n",
        "【责任单位】",
        "序号\n任务\n责任单位\n1\n",
        "（一）工作。（责任单位：市农业局）\n",
    ],
)
def test_the_work_grows_with_the_length_only(piece):
    short, long = (steps(piece * (length // len(piece))) for length in (1000, 4000))
    assert long < 5 * short  # a quadratic rule: 16 times; the time within expressions: bench/reading.py
