"""Cells of bulletins as people fill them in: days, amounts among words, names with noise."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from nongan.standards.rules.book import LimitBook
from nongan.standards.rules.quantity import NumberRefused, Quantity, UnitRefused, parse_unit, shift, tidy
from nongan.standards.rules.result import Form, Result, parse_result

EXCEL = date(1899, 12, 30)  # day 0 of the dates that a spreadsheet keeps as numbers
SERIAL = re.compile(r"^([34]\d{4}|5[0-5]\d{3})(?:\.0*)?$")
DAY = re.compile(r"(20\d\d)\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})|(20\d\d)(\d\d)(\d\d)(?!\d)")
MASS = r"(?:[mμnp]?g|mcg|ug|毫克|微克|纳克|皮克|克|cfu|mpn|菌落形成单位)"
PER = r"(?:[/每·.]1?0{0,3}(?:kg|g|l|ml|千克|公斤|克|升|毫升)(?:\^?-1)?)"
UNIT = rf"(?:{MASS}{PER}|%|‰|ppm|ppb)"
NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.?\d*|\.\d+)(?:[×x*]10\^?-?\d{1,2}|e[+-]?\d{1,2})?"
SIGN = r"(?:[<>≤≥≦≧]=?|不大于|不超过|不得超过|小于等于|小于|大于)"
AMOUNT = re.compile(rf"(?<!\d)(?<!\d,)(?<![.×x*^~～±+–—-]){NUMBER}(?:{UNIT}|\({UNIT}\))")
SIGNED = re.compile(rf"{SIGN}$")
OF_STANDARD = re.compile(r"(?:标准|限量|限值|指标|规定|要求|最大允许)[^;,。/║|\d]{0,6}$")
# What a cell says about the standard, beside the result: “（标准值：≤0.05mg/kg）”.
STANDARD = re.compile(
    r"[(;,，/║‖|┃∥]*(?:(?:国家|产品)?(?:标准|限量|限值|指标|规定|技术要求|最大残留|不得检出|不得使用)|[≤≦]|<=|不大于|不得超过).*$"
)
LEAD = re.compile(
    r"^(?:(?:实测|检测|检出|检验|测定)(?:值|结果|量|含量)?|结果|含量|残留量)(?:值)?(?:为|是)?[:,，(]*(?=[\d.<>])"
)
STANDARDS_SIGN = re.compile(r"^(?:[≤≥≦≧]|[<>]=|不大于|不超过|不得超过|小于等于)")
PARTED = re.compile(r"[;；\n]+")
SEPARATE = re.compile(r"[║‖|┃∥]+")
LOST = re.compile(rf"^(\d+(?:\.\d+)?)[×x*]10(\d)(\(?{UNIT}\)?)?$")  # “5.6×103”: the raised 3 was lost
TAIL = re.compile(r"^(.*?)[\s,，;；/(（]+([a-zA-Zμµ%％/·]+(?:\d*[a-zA-Z]+)?)[)）]?$")
NOISE_BEFORE = re.compile(r"^(?:农药|兽药|药物|重金属|污染物|食品添加剂|添加剂|元素)?(?:残留|污染物)?[-—_:：·/]+(?=.)")
NUMBERED = re.compile(r"^[(（]?(?:\d{1,2}[.、．)）](?!\d)|[①-⑳]|[一二三四五六七八九十][、.])\s*")
NOISE_BEHIND = re.compile(
    r"(?<=.)(?:残留标志物|残留量|残留|项目|含量|超标|不合格|检测|之和|总量|合计|[、，,;；.。:：*])+$"
)
CONFIRMED_FORMS = {Form.NUMBER, Form.ABOVE, Form.POSITIVE, Form.BETWEEN}


def read_day(text: str) -> date | None:
    """2025-11-03, 2025/11/3, 2025年11月3日, 20251103, and the 45951.0 of a spreadsheet; None when it is no day."""
    serial = SERIAL.match(text.strip())
    if serial:
        return EXCEL + timedelta(days=int(serial.group(1)))
    found = DAY.search(unicodedata.normalize("NFKC", text))
    if not found:
        return None
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_result(text: str, unit: str = "", *, confirmed: bool = True, lod: Quantity | None = None) -> Result:
    """The amount, also out of a cell with more in it (“检出，0.5μg/kg”, “0.37mg/kg 三唑磷”, “0.39mg/kg║≤0.2mg/kg”).

    `unit` is that of the column, for numbers without their own. `confirmed`: a published failure, so that an amount is
    a detected one. Several different amounts, or a standard value alone, are not understood.
    """
    found = next((read for read in _readings(text, unit) if read.form != Form.UNREAD), None)
    if found is None:
        found = _among_words(text)
    positive = found.quantity is None or found.quantity.value > 0
    sure = True if confirmed and positive and found.form in CONFIRMED_FORMS else None
    return replace(found, text=text, detected=sure, lod=found.lod or lod)


def _readings(text: str, unit: str) -> list[Result]:
    """The cell as it stands, without a word in front, without what it says about the standard behind."""
    bare = tidy(text)
    texts = [bare, LEAD.sub("", bare)]
    short = STANDARD.sub("", texts[-1]).strip("(,;:，/║|")
    plain = [one for one in dict.fromkeys([*texts, short]) if one and not STANDARDS_SIGN.match(one)]
    read = [_lost_power(one, unit) or parse_result(one, unit) for one in plain]
    return read or [Result(text=text, form=Form.UNREAD, trouble="像是标准值，不是检验结果。")]


def _lost_power(text: str, unit: str) -> Result | None:
    """“5.6×103μg/kg” may be 5.6×10³ or 5.6×103: between the two. A verdict must hold for both."""
    found = LOST.match(text)
    if not found:
        return None
    number, power, written = found.groups()
    try:
        own = parse_unit((written or "").strip("()") or unit)
    except UnitRefused:
        return None
    ends = sorted([shift(Decimal(number), int(power)), Decimal(number) * Decimal(f"10{power}")])
    return Result(text=text, form=Form.BETWEEN, least=Quantity(ends[0], own), quantity=Quantity(ends[1], own))


def _among_words(text: str) -> Result:
    """The one amount with a unit in the first clause that has any, standard values left out."""
    for clause in PARTED.split(text):
        amounts = {}
        bare = tidy(clause)
        for found in AMOUNT.finditer(bare):
            before, amount = bare[: found.start()], found.group()
            sign = "".join(SIGNED.findall(before))
            if STANDARDS_SIGN.match(sign) or OF_STANDARD.search(before):
                continue
            part = _lost_power(amount, "") or parse_result(f"{sign}{amount}")
            if part.form != Form.UNREAD:
                amounts[str(part)] = part
        if len(amounts) == 1:
            return next(iter(amounts.values()))
        if amounts:
            return Result(text=text, form=Form.UNREAD, trouble=f"有 {len(amounts)} 个数：{'、'.join(amounts)}。")
    whole = parse_result(text)
    if whole.form != Form.UNREAD:  # “≤5mg/kg”: it can be read, but it is no result
        return Result(text=text, form=Form.UNREAD, trouble="像是标准值，不是检验结果。")
    return whole


def breaks_limit(number: str, limit: str) -> str:
    """The unit of the limit printed beside a bare number, where the number breaks it: only then both surely have one
    unit. Blank otherwise."""
    bare = tidy(limit)
    found = re.search(UNIT, bare)
    if not found:
        return ""
    own = found.group()
    value, bound = parse_result(number, own), parse_result(bare.lstrip("≤≦<=").replace(" ", ""), own)
    try:
        if value.quantity is None:
            return ""
        if bound.quantity is None:
            return own if any(word in bare for word in ("不得检出", "不得使用")) else ""
        return own if value.quantity.value > bound.quantity.amount_in(value.quantity.unit) else ""
    except (UnitRefused, NumberRefused):
        return ""


def read_item(book: LimitBook, text: str) -> str:
    """The code of the item, also numbered, with a class before its name or a unit behind (“噻虫胺,mg/kg”), or blank."""
    return split_item(book, text)[0]


def split_item(book: LimitBook, text: str) -> tuple[str, str]:
    """The code of the item and the unit behind its name, both blank when unknown."""
    bare = NUMBERED.sub("", text.strip())
    short = NOISE_BEHIND.sub("", NOISE_BEFORE.sub("", bare))
    for name in (text, bare, NOISE_BEHIND.sub("", bare), short):
        if found := book.analytes.find(name):
            return found, _unit_behind(name)
    tail = TAIL.match(bare)
    if tail and _unit_behind(bare):
        return book.analytes.find(tail.group(1)), _unit_behind(bare)
    return "", ""


def _unit_behind(text: str) -> str:
    tail = TAIL.match(text.strip())
    try:
        return tail.group(2) if tail and parse_unit(tail.group(2)).symbol and len(tail.group(2)) > 1 else ""
    except UnitRefused:
        return ""


def cut(text: str, many: int) -> list[str] | None:
    """The cell as `many` parts, by line ends or semicolons, else by 、; None when it has another number of them."""
    for parted in (PARTED, re.compile(r"[、]|[,，](?!\d)")):
        parts: Sequence[str] = [part.strip() for part in parted.split(text) if part.strip()]
        if len(parts) == many:
            return list(parts)
    return None
