"""What a file may be. Pure."""

import io

import puremagic
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from nongan.common.errors import RuleBroken
from nongan.common.media import DOCX, XLSX
from nongan.common.spreadsheet import check_archive

LARGEST = 20 * 1024 * 1024  # bytes
MOST_PIXELS = 50_000_000  # of a picture; the largest telephone cameras in common use make 50 megapixels
IMAGES = {"image/jpeg", "image/png", "image/webp"}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TYPES = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp",
    ".pdf": "application/pdf", ".docx": DOCX, ".xlsx": XLSX,
    ".csv": "text/csv", ".txt": "text/plain", ".geojson": "application/geo+json", ".json": "application/json",
}  # fmt: skip
TEXTS = {".csv", ".txt", ".geojson", ".json"}


class FileNotAccepted(RuleBroken):
    """The file is too large, empty, or not what its name says."""

    code = "file_not_accepted"


def sniff(name: str, data: bytes) -> str:
    """The content type by the bytes, which must agree with the ending of the name.

    Raises FileNotAccepted, and FileRefused for broken archives and zip bombs.
    """
    if not data:
        raise FileNotAccepted(_("文件“%(name)s”是空的。") % {"name": name})
    if len(data) > LARGEST:
        raise FileNotAccepted(_("文件“%(name)s”超过 20 MB，请压缩或拆分。") % {"name": name})
    ending = f".{name.rsplit('.', 1)[-1].lower()}" if "." in name else ""
    if ending not in TYPES:
        raise FileNotAccepted(
            _("不接受“%(name)s”这种文件。可上传：%(types)s。") % {"name": name, "types": " ".join(TYPES)}
        )
    if data.startswith(OLE):
        raise FileNotAccepted(_("“%(name)s”是加密文件或旧版 Office 文件，请去掉密码并另存为新格式。") % {"name": name})
    found = _by_bytes(data)
    agrees = TYPES[ending] in found if found else ending in TEXTS and b"\x00" not in data[:4096]
    if not agrees and not (ending in TEXTS and not _is_binary(data)):
        raise FileNotAccepted(_("“%(name)s”的内容与扩展名不符，可能已损坏或被改名。") % {"name": name})
    if TYPES[ending] in {DOCX, XLSX}:
        check_archive(data)
    return TYPES[ending]


def _is_binary(data: bytes) -> bool:
    return data[:4] in {b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xff\xd8\xff\xe0"} or b"\x00" in data[:4096]


def _by_bytes(data: bytes) -> set[str]:
    if data.startswith(b"PK\x03\x04"):
        return {DOCX} if b"word/" in data else {XLSX} if b"xl/" in data else {"application/zip"}
    try:
        return {match.mime_type for match in puremagic.magic_string(data[:4096])}
    except puremagic.PureError:
        return set()


def without_exif(data: bytes, content_type: str) -> bytes:
    """A picture without position, camera and time, turned the right way up; other files as they are."""
    if content_type not in IMAGES:
        return data
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise FileNotAccepted(_("图片超过 5000 万像素，请缩小后上传。"))
            picture.load()
            form = picture.format or "PNG"
            turned = ImageOps.exif_transpose(picture)
            clean = Image.new(turned.mode, turned.size)
            clean.paste(turned)
            if turned.mode == "P" and turned.palette:
                clean.putpalette(turned.palette)
            content = io.BytesIO()
            clean.save(content, format=form, quality=90)
            return content.getvalue()
    except (OSError, ValueError, Image.DecompressionBombError) as fault:
        raise FileNotAccepted(_("图片无法打开，可能已损坏。")) from fault
