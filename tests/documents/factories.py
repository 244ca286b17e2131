"""Files as people bring them: pictures, office files, bombs."""

import io
import zipfile
from typing import Any

from docx import Document as Docx
from openpyxl import Workbook
from PIL import Image


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **save: Any) -> bytes:
    content = io.BytesIO()
    Image.new(mode, size, 1).save(content, form, **save)
    return content.getvalue()


def photograph() -> bytes:
    """As a telephone takes it: on its side, with place, camera and time."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "MeiPai"
    exif[0x0132] = "2026:05:12 12:00:00"
    exif.get_ifd(0x8825)[2] = (27.0, 48.0, 0.0)  # latitude
    return picture(exif=exif.tobytes())


def xlsx(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def docx() -> bytes:
    paper = Docx()
    paper.add_paragraph("创建方案")
    content = io.BytesIO()
    paper.save(content)
    return content.getvalue()


def bomb(data: bytes, inside: str, size: int = 30 * 1024 * 1024) -> bytes:
    """An office file with a part that unpacks to `size` bytes of blanks."""
    content = io.BytesIO(data)
    with (
        zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open(inside, "w", force_zip64=True) as part,
    ):
        for _ in range(size // (1024 * 1024)):
            part.write(b" " * 1024 * 1024)
    return content.getvalue()
