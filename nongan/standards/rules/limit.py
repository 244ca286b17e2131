"""Limits: their forms, the rows of a standard, and the editions that put them in force."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nongan.common.errors import RuleBroken
from nongan.common.quantity import plain
from nongan.standards.rules.quantity import (
    NumberRefused,
    Quantity,
    Unit,
    UnitRefused,
    parse_unit,
    settle_unit,
    take_number,
    tidy,
)


class LimitForm(TextChoices):
    MAXIMUM = "maximum", _("最大限量")
    MINIMUM = "minimum", _("最低要求")
    RANGE = "range", _("范围")
    ABSENT = "absent", _("不得检出")
    UNUSED = "unused", _("不得使用")
    NONE = "none", _("不作限量")


# The words of the law, not of the interface: they become part of a verdict and are never translated.
SAID = {LimitForm.ABSENT: "不得检出", LimitForm.UNUSED: "不得使用", LimitForm.NONE: "不作限量"}


class Authority(TextChoices):
    """Where rows come from. For an item that an official table covers, quoted rows step back."""

    OFFICIAL = "official", _("标准文本")
    QUOTED = "quoted", _("公报引用")


class LimitRefused(RuleBroken):
    """The text is not a limit in a form that we understand."""

    code = "limit_refused"


@dataclass(frozen=True)
class Bounds:
    """A limit by itself: its form, its numbers in `unit`, the weight that it refers to, and the mark `*`."""

    form: LimitForm
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    basis: str = ""
    temporary: bool = False

    def __str__(self) -> str:
        if self.form in SAID:
            return SAID[self.form]
        unit = parse_unit(self.unit)
        blank = "" if unit.symbol in {"", "%", "‰"} else " "
        numbers = {
            LimitForm.MAXIMUM: f"≤{plain(self.high or Decimal(0))}",
            LimitForm.MINIMUM: f"≥{plain(self.low or Decimal(0))}",
            LimitForm.RANGE: f"{plain(self.low or Decimal(0))}–{plain(self.high or Decimal(0))}",
        }
        basis = f"（{self.basis}计）" if self.basis else ""
        return f"{numbers[self.form]}{'*' if self.temporary else ''}{blank}{unit}{basis}"


@dataclass(frozen=True)
class Edition:
    """One edition of a standard, in force from a day until a day. `complete`: its table leaves out no food of the
    items it lists, so that a missing row means that there is no limit."""

    code: str
    series: str
    title: str
    valid_from: date
    valid_to: date | None = None
    authority: Authority = Authority.OFFICIAL
    complete: bool = True
    demonstration: bool = False
    source: str = ""

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    @property
    def validity(self) -> str:
        return self.validity_of(None)

    def validity_of(self, row: "Limit | None") -> str:
        """The days on which a row of this edition holds, in words."""
        start = max(filter(None, (self.valid_from, row.valid_from if row else None)))
        end = min(filter(None, (self.valid_to, row.valid_to if row else None)), default=None)
        return f"{start} 至 {end}" if end else f"{start} 起"


@dataclass(frozen=True)
class Limit:
    """One row: an item in a food or a category of foods, except some (“…除外”).

    `condition`: the row holds only for part of these foods, which a code cannot tell (“仅限镀锡薄板容器包装”);
    exceeding it is then for a person to judge. `key` is the row's own key in the source that it was loaded from.
    `valid_from`, `valid_to`: where a row begins later or ends earlier than its edition.
    """

    edition: str
    analyte: str
    commodity: str
    bounds: Bounds
    food_text: str = ""
    exclusions: frozenset[str] = field(default_factory=frozenset)
    condition: str = ""
    note: str = ""
    source: str = ""
    key: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def in_force(self, on: date) -> bool:
        """As far as the row itself says; its edition must be in force besides."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)

    @property
    def dated(self) -> bool:
        """Has days of its own."""
        return self.valid_from is not None or self.valid_to is not None

    @cached_property
    def text(self) -> str:
        return str(self.bounds)


ABSENT_WORDS = {"不得检出", "未检出", "nd", "不应检出", "不得测出"}
UNUSED_WORDS = {"不得使用", "禁止使用", "不得添加", "不应使用"}
NONE_WORDS = {
    "-",
    "--",
    "—",
    "——",
    "/",
    "无",
    "不作限量",
    "无限量",
    "不作规定",
    "未规定",
    "不需要制定",
    "不需要制定残留限量",
}
RANGE = re.compile(r"^(.+?)(?:-|~|～|–|—|至|到)(.+)$")
BASIS = re.compile(r"^(.*?)\((?:以|按)?(干重|干基|干物质|鲜重|湿重|湿基|脂肪|固态产品|固体)计?\)(.*)$")


def parse_limit(text: str, unit: str = "") -> Bounds:
    """A limit as standards and bulletins write it. Raises LimitRefused with what to write instead.

    “≤0.05mg/kg”, “0.05*”, “0.5(干重计)”, “≤10³CFU/g”, “6.5~8.5”, “≥18%”, “不得检出”, “不得使用”, “—”.
    """
    bare = tidy(text)
    word = next((form for words, form in WORDS if bare in words), None)
    if word:
        return Bounds(word)
    if not bare:
        raise LimitRefused("没有填写限量。请填数字、范围、不得检出、不得使用或 —（不作限量）。")
    try:
        return _numbers(bare, unit)
    except (NumberRefused, UnitRefused) as refusal:
        raise LimitRefused(f"看不懂限量“{text.strip()}”：{refusal}") from refusal


WORDS = [
    (ABSENT_WORDS, LimitForm.ABSENT),
    (UNUSED_WORDS, LimitForm.UNUSED),
    (NONE_WORDS, LimitForm.NONE),
]


def _numbers(bare: str, unit: str) -> Bounds:
    basis, bare = _basis(bare)
    temporary, bare = "*" in bare and "*10^" not in bare, bare if "*10^" in bare else bare.replace("*", "")
    if bare.startswith(("≥", ">=")):
        low, symbol = _amount(bare.lstrip("≥>="), unit)
        return Bounds(LimitForm.MINIMUM, low=low, unit=symbol, basis=basis, temporary=temporary)
    span = RANGE.match(bare) if not bare.startswith(("≤", "<=")) else None
    if span and span.group(1)[-1:] not in {"^", "e"}:
        (high, symbol), first = _amount(span.group(2), unit), span.group(1)
        low = Quantity(*_pair(first, symbol)).amount_in(parse_unit(symbol))
        if low > high:
            raise NumberRefused(f"范围的下限 {plain(low)} 大于上限 {plain(high)}。")
        return Bounds(LimitForm.RANGE, low=low, high=high, unit=symbol, basis=basis, temporary=temporary)
    high, symbol = _amount(bare.removeprefix("<=").lstrip("≤"), unit)
    return Bounds(LimitForm.MAXIMUM, high=high, unit=symbol, basis=basis, temporary=temporary)


def _basis(bare: str) -> tuple[str, str]:
    found = BASIS.match(bare)
    return (found.group(2), found.group(1) + found.group(3)) if found else ("", bare)


def _amount(text: str, unit: str) -> tuple[Decimal, str]:
    number, written = take_number(text)
    return number, settle_unit(written, unit).symbol


def _pair(text: str, unit: str) -> tuple[Decimal, Unit]:
    number, written = take_number(text)
    return number, parse_unit(written or unit)
