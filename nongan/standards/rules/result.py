"""What a laboratory reports about one item: the forms of a result, and what each says about the true amount.

A result is understood as the interval in which the amount lies. “0.05” is the point 0.05, “<0.01” is [0, 0.01),
未检出 is [0, LOD) where the detection limit is known. So one rule judges every form, and a larger result can never be
better against a maximum.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from nongan.standards.rules.quantity import (
    NumberRefused,
    Quantity,
    Unit,
    UnitRefused,
    parse_quantity,
    settle_unit,
    take_number,
    tidy,
)

ZERO = Decimal(0)


class Form(StrEnum):
    NUMBER = "number"
    BELOW = "below"  # “<0.01”, “<LOQ”
    ABOVE = "above"  # “>24000”
    BETWEEN = "between"  # a sum of parts, some of them only bounded
    ABSENT = "absent"  # 未检出
    NEGATIVE = "negative"  # 阴性, qualitative
    POSITIVE = "positive"  # 阳性, 检出
    UNREAD = "unread"


class Presence(StrEnum):
    """Was the substance there? UNKNOWN where the result does not say."""

    ABSENT = "absent"
    PRESENT = "present"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Interval:
    """Where the amount lies: from `low` to `high` (None: no end). `high_open`: `high` itself is not reached."""

    low: Decimal
    high: Decimal | None
    high_open: bool = False
    low_open: bool = False

    def is_at_most(self, bound: Decimal) -> bool:
        return self.high is not None and self.high <= bound

    def is_above(self, bound: Decimal) -> bool:
        return self.low > bound or (self.low == bound and self.low_open)

    def is_at_least(self, bound: Decimal) -> bool:
        return self.low >= bound

    def is_below(self, bound: Decimal) -> bool:
        return self.high is not None and (self.high < bound or (self.high == bound and self.high_open))


@dataclass(frozen=True)
class Result:
    """One result as written and as understood.

    `lod`, `loq`: detection and quantification limit of the method, where known. `detected` is said by the caller who
    knows it from elsewhere: True for a value that a laboratory confirmed and signed as found (such as the 检验结果 of
    an official bulletin of failures), False for one that it declared not detected; None leaves it to the numbers.
    `least` is the lower end of BETWEEN, whose upper end is `quantity` (None: no end). `basis` is the weight that the
    amount refers to (干重, 脂肪 …) where the text says so. `trouble` says why a result could not be read.
    """

    text: str
    form: Form
    quantity: Quantity | None = None
    closed: bool = False  # “≤” and “≥” instead of “<” and “>”
    least: Quantity | None = None
    lod: Quantity | None = None
    loq: Quantity | None = None
    detected: bool | None = None
    basis: str = ""
    trouble: str = ""

    @property
    def presence(self) -> Presence:
        """Present: confirmed, positive, or a number at or above the known detection limit. Raises UnitRefused."""
        if self.detected is not None:
            return Presence.PRESENT if self.detected else Presence.ABSENT
        if self.form in {Form.ABSENT, Form.NEGATIVE}:
            return Presence.ABSENT
        if self.form == Form.POSITIVE:
            return Presence.PRESENT
        return self._presence_by_lod()

    def _presence_by_lod(self) -> Presence:
        if self.quantity is None or self.lod is None:
            return Presence.UNKNOWN
        value, lod = self.quantity.value, self.lod.amount_in(self.quantity.unit)
        if self.form == Form.BELOW:
            return Presence.ABSENT if value <= lod else Presence.UNKNOWN
        return Presence.PRESENT if value >= lod else Presence.ABSENT if self.form == Form.NUMBER else Presence.UNKNOWN

    def interval(self, unit: Unit) -> Interval | None:
        """Where the amount lies, in `unit`; None when the result says nothing about an amount. Raises UnitRefused.

        未检出 without a known detection limit counts as nothing found: a method fit for the limit detects below it.
        """
        if self.form in {Form.POSITIVE, Form.UNREAD}:
            return None
        if self.presence == Presence.ABSENT:
            ceiling = self.lod or self.quantity or self.loq
            return Interval(ZERO, ceiling.amount_in(unit), high_open=True) if ceiling else Interval(ZERO, ZERO)
        if self.form == Form.BETWEEN:
            low, high = (q.amount_in(unit) if q else None for q in (self.least, self.quantity))
            return Interval(low or ZERO, high)
        if self.quantity is None:  # “<LOQ” of unknown size
            bound = self.loq.amount_in(unit) if self.loq else None
            return Interval(ZERO, bound, high_open=True)
        value = self.quantity.amount_in(unit)
        if self.form == Form.BELOW:
            return Interval(ZERO, value, high_open=not self.closed)
        if self.form == Form.ABOVE:
            return Interval(value, None, low_open=not self.closed)
        return Interval(value, value)

    def __str__(self) -> str:
        if self.form in {Form.NUMBER, Form.BELOW, Form.ABOVE} and self.quantity is not None:
            sign = {Form.NUMBER: "", Form.BELOW: "≤" if self.closed else "<", Form.ABOVE: "≥" if self.closed else ">"}
            return f"{sign[self.form]}{self.quantity}{f'（{self.basis}）' if self.basis else ''}"
        if self.form == Form.BETWEEN:
            return f"{self.least or 0} 至 {self.quantity}" if self.quantity else f"至少 {self.least or 0}"
        words = {Form.BELOW: "<定量限", Form.ABSENT: "未检出", Form.NEGATIVE: "阴性", Form.POSITIVE: "阳性"}
        return words.get(self.form, self.text)


ABSENT = re.compile(r"^(?:未检出|未检测出|未测出|没有检出|nd|n\.d\.?|n/d|notdetected)(.*)$")
NEGATIVE = {"阴性", "阴性(-)", "negative", "neg"}
POSITIVE = {"阳性", "阳性(+)", "检出", "检出阳性", "positive", "pos"}
UNDER_LOD = {"<lod", "<检出限", "低于检出限", "小于检出限", "<方法检出限", "低于方法检出限", "<mdl", "<dl"}
UNDER_LOQ = {"<loq", "<定量限", "低于定量限", "小于定量限", "<方法定量限", "低于方法定量限", "<rl", "<报告限"}
BOUND = re.compile(r"^(<|≤|<=|小于等于|小于|低于|不足|>|≥|>=|大于等于|大于|高于|超过)(.+)$")
CLOSED = {"≤", "<=", "小于等于", "≥", ">=", "大于等于"}
UPWARDS = {">", "≥", ">=", "大于等于", "大于", "高于", "超过"}
NOTHING = {"", "-", "--", "—", "——", "/", "\\", "无", "未检", "未检测", "未测", "n/a", "na", "*"}
LIMIT_OF = re.compile(r"^(方法)?(检出限|lod|定量限|loq)?[:=为是]?[<≤]?(.+)$")
BASIS = re.compile(r"^(.*?)\((?:以|按)?(干重|干基|干物质|鲜重|湿重|湿基|脂肪|固态产品|固体)计?\)$")
EXPRESSED = re.compile(r"^(.*?)\(以[^()]+计\)$")


def parse_result(
    text: str, unit: str = "", *, lod: Quantity | None = None, loq: Quantity | None = None, detected: bool | None = None
) -> Result:
    """A result as laboratories and bulletins write it. Never raises: what is not understood has the form UNREAD.

    `unit` is that of the column, for numbers without their own. “6.71mg/kg”, “1.11×10³ μg/kg”, “未检出”,
    “ND(<0.01)”, “＜0.01mg/kg”, “<LOQ”, “>1100MPN/g”, “阴性”.
    """
    known = Result(text=text.strip(), form=Form.UNREAD, lod=lod, loq=loq, detected=detected)
    bare = tidy(text)
    try:
        return _word(bare, unit, known) or _measured(bare, unit, known)
    except (NumberRefused, UnitRefused) as refusal:
        return replace(known, trouble=str(refusal))


def _word(bare: str, unit: str, known: Result) -> Result | None:
    if bare in NOTHING:
        return replace(known, trouble="没有结果。")
    if bare in NEGATIVE:
        return replace(known, form=Form.NEGATIVE)
    if bare in POSITIVE:
        return replace(known, form=Form.POSITIVE)
    if bare in UNDER_LOD:
        return replace(known, form=Form.ABSENT)
    if bare in UNDER_LOQ:
        return replace(known, form=Form.BELOW)
    absent = ABSENT.match(bare)
    return _absent(absent.group(1), unit, known) if absent else None


def _absent(rest: str, unit: str, known: Result) -> Result:
    """未检出, perhaps with the limit of the method behind it: “未检出（定量限0.01mg/kg）”, “ND<0.5μg/kg”."""
    inside = rest.strip("(),;/:").strip()
    if not inside:
        return replace(known, form=Form.ABSENT)
    found = LIMIT_OF.match(inside)
    assert found is not None  # the last group takes whatever there is
    quantity = parse_quantity(found.group(3), unit)
    if found.group(2) in {"定量限", "loq"}:
        return replace(known, form=Form.ABSENT, loq=known.loq or quantity)
    return replace(known, form=Form.ABSENT, lod=known.lod or quantity)


def _measured(bare: str, unit: str, known: Result) -> Result:
    basis = BASIS.match(bare)
    expressed = EXPRESSED.match(bare)
    if basis:
        bare, known = basis.group(1), replace(known, basis=basis.group(2))
    elif expressed:  # “0.076mg/kg(以Cd计)” says what the name of the item says already
        bare = expressed.group(1)
    bound = BOUND.match(bare)
    sign, rest = bound.groups() if bound else ("", bare)
    number, written = take_number(rest)
    quantity = Quantity(number, settle_unit(written, unit))
    form = Form.NUMBER if not sign else Form.ABOVE if sign in UPWARDS else Form.BELOW
    return replace(known, form=form, quantity=quantity, closed=sign in CLOSED)
