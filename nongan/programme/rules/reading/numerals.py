"""Numbers as Chinese documents write them: 98, 4,400, 1.5, 二百, 十二, 两, 二〇一八, 百分之九十八点五."""

import re
from decimal import Decimal

ONES = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3}
TENS = {"十": 10, "百": 100, "千": 1000}
SCALES = {"百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8}

CHINESE = r"[零〇一二两三四五六七八九十百千万]"
CHINESE_NUMBER = re.compile(rf"{CHINESE}+(?:点[零〇一二三四五六七八九]+)?")


def chinese_number(text: str) -> Decimal | None:
    """“二百三十” is 230, “二〇一八” 2018, “九十八点五” 98.5; None for what is not a number."""
    whole, point, part = text.partition("点")
    if not whole or (point and not part) or not all(c in ONES or c in TENS or c == "万" for c in whole):
        return None
    if not all(c in ONES for c in part):
        return None
    value = _whole(whole)
    if value is None:
        return None
    return Decimal(f"{value}.{''.join(str(ONES[c]) for c in part)}") if part else Decimal(value)


def _whole(text: str) -> int | None:
    if all(c in ONES for c in text):
        return int("".join(str(ONES[c]) for c in text))
    upper, wan, lower = text.rpartition("万")
    if not wan:
        return _below_wan(text)
    left, right = _below_wan(upper) if upper else None, _below_wan(lower) if lower else 0
    return None if left is None or right is None else left * 10**4 + right


def _below_wan(text: str) -> int | None:
    """Thousands, hundreds, tens, ones; each at most once and falling, as in 二百三十 or 十二."""
    total, digit, last = 0, None, 10**4
    for char in text:
        if char in TENS:
            if TENS[char] >= last:
                return None
            last = TENS[char]
            total += (1 if digit is None else digit) * last
            digit = None
        elif char in ONES and (digit is None or digit == 0):
            digit = ONES[char]
        else:
            return None
    return total + (digit or 0)


def ordinal(text: str) -> int | None:
    """The number of a heading: “十二” or “12”."""
    text = re.sub(r"\s", "", text)
    if text.isascii() and text.isdigit():
        return int(text)
    value = chinese_number(text)
    return None if value is None else int(value)
