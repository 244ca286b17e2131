"""What a file may be."""

import io

import pytest
from PIL import Image

from nongan.common.errors import RuleBroken
from nongan.common.media import DOCX, XLSX
from nongan.common.spreadsheet import FileRefused
from nongan.documents.rules import LARGEST, FileNotAccepted, sniff, without_exif
from tests.documents.factories import bomb, docx, photograph, picture, xlsx

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512


@pytest.mark.parametrize(
    "name, data, content_type",
    [
        ("照片.jpg", photograph(), "image/jpeg"), ("照片.JPEG", picture(), "image/jpeg"),
        ("图.png", picture("PNG"), "image/png"), ("图.webp", picture("WEBP"), "image/webp"),
        ("方案.pdf", PDF, "application/pdf"), ("方案.docx", docx(), DOCX), ("名录.xlsx", xlsx(["名称"]), XLSX),
        ("名录.csv", "名称,类型\n".encode(), "text/csv"), ("名录.csv", "名称,类型\n".encode("gb18030"), "text/csv"),
        ("说明.txt", "创建方案".encode(), "text/plain"),
        ("边界.geojson", b'{"type": "Polygon"}', "application/geo+json"),
        ("a.b.csv", b"1,2\n", "text/csv"),
    ],
)  # fmt: skip
def test_what_is_taken(name, data, content_type):
    assert sniff(name, data) == content_type


@pytest.mark.parametrize(
    "name, data, said",
    [
        ("空.csv", b"", "是空的"),
        ("大.csv", b"1" * (LARGEST + 1), "超过 20 MB"),
        ("程序.exe", b"MZ\x90\x00", "不接受"),
        ("没有扩展名", b"abc", "不接受"),
        ("页面.html", b"<html></html>", "不接受"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不接受"),
        ("旧.xlsx", OLE, "加密文件或旧版"),
        ("照片.jpg", PDF, "与扩展名不符"),
        ("照片.jpg", b"<script>alert(1)</script>", "与扩展名不符"),
        ("方案.pdf", picture("PNG"), "与扩展名不符"),
        ("方案.docx", xlsx(["a"]), "与扩展名不符"),
        ("名录.xlsx", docx(), "与扩展名不符"),
        ("名录.xlsx", b"PK\x03\x04 and nothing more", "与扩展名不符"),
        ("名录.csv", picture("PNG"), "与扩展名不符"),
        ("名录.csv", photograph(), "与扩展名不符"),
        ("名录.txt", xlsx(["a"]), "与扩展名不符"),
        ("名录.csv", b"MZ\x90\x00\x03\x00", "与扩展名不符"),
    ],
)
def test_what_is_refused_and_why(name, data, said):
    with pytest.raises(FileNotAccepted, match=said):
        sniff(name, data)


@pytest.mark.parametrize(
    "name, data",
    [
        ("名录.xlsx", bomb(xlsx(["a"]), "xl/worksheets/sheet2.xml")),
        ("方案.docx", bomb(docx(), "word/footnotes.xml")),
        ("名录.xlsx", bomb(xlsx(["a"]), "xl/media/image1.png")),
    ],
)
def test_a_small_file_that_unpacks_to_a_huge_one(name, data):
    assert len(data) < 200_000
    with pytest.raises(FileRefused, match="异常巨大"):
        sniff(name, data)


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.98])
def test_a_broken_archive(cut):
    whole = xlsx(*[["名称", str(n)] for n in range(100)])
    with pytest.raises(RuleBroken, match="已损坏"):
        sniff("名录.xlsx", whole[: int(len(whole) * cut)])


def test_a_photograph_loses_place_camera_and_time_and_stands_upright():
    with Image.open(io.BytesIO(without_exif(photograph(), "image/jpeg"))) as clean:
        assert not dict(clean.getexif())
        assert "exif" not in clean.info
        assert clean.size == (20, 40)
    assert b"MeiPai" in photograph()
    assert b"MeiPai" not in without_exif(photograph(), "image/jpeg")


@pytest.mark.parametrize(
    "form, mode", [("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "P"), ("PNG", "RGBA"), ("PNG", "1"), ("WEBP", "RGB")]
)
def test_pictures_of_every_kind_are_cleaned(form, mode):
    exif = Image.Exif()
    exif[0x010F] = "MeiPai"
    data = picture(form, mode=mode, exif=exif.tobytes())
    clean = without_exif(data, f"image/{form.lower()}")
    assert b"MeiPai" not in clean
    with Image.open(io.BytesIO(clean)) as opened:
        assert (opened.format, opened.size) == (form, (40, 20))


@pytest.mark.parametrize("data", [picture()[:100], b"\xff\xd8\xff\xe0" + b"\x00" * 40, picture("GIF")])
def test_a_broken_picture(data):
    with pytest.raises(FileNotAccepted, match="无法打开"):
        without_exif(data, "image/jpeg")


def test_a_picture_of_too_many_points():
    """A few kilobytes that would take a gigabyte in memory."""
    with pytest.raises(FileNotAccepted, match="5000 万像素"):
        without_exif(picture("PNG", (10_000, 6_000), "1"), "image/png")
    with pytest.raises(FileNotAccepted, match="无法打开"):
        without_exif(picture("PNG", (20_000, 10_000), "1"), "image/png")


def test_other_files_are_kept_byte_for_byte():
    assert without_exif(PDF, "application/pdf") == PDF
