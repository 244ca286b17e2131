"""Amounts with units, converted exactly or not at all.

Every unit understood here is a power of ten of its kind's base unit, so that a conversion only moves the decimal point.
A mass fraction (mg/kg) and a mass concentration (mg/L) are different kinds: without a density neither becomes the
other.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation
from enum import StrEnum
from functools import lru_cache

from nongan.common.errors import RuleBroken
from nongan.common.quantity import plain

MOST_DIGITS = 40
# Arithmetic that would have to round is an error, never a rounded number.
EXACT = Context(prec=400, traps=[Inexact, InvalidOperation])


class UnitRefused(RuleBroken):
    """The unit is unknown, or cannot be converted into the other one."""

    code = "unit_refused"


class NumberRefused(RuleBroken):
    """The text is not one plain number."""

    code = "number_refused"


class Kind(StrEnum):
    """What is measured. Units of one kind convert into each other."""

    FRACTION = "质量分数"
    CONCENTRATION = "质量浓度"
    COLONIES = "菌落数每质量"
    COLONIES_LIQUID = "菌落数每体积"
    PROBABLE = "最可能数每质量"
    PROBABLE_LIQUID = "最可能数每体积"
    BARE = "无量纲"


@dataclass(frozen=True)
class Unit:
    """`power`: one of this unit is 10**power of the base unit of its kind (g/g, g/mL, CFU/g, 1)."""

    symbol: str
    kind: Kind
    power: int

    def __str__(self) -> str:
        return self.symbol


BARE = Unit("", Kind.BARE, 0)
WEIGHTS = {"kg": 3, "g": 0, "mg": -3, "μg": -6, "ng": -9, "pg": -12}
VOLUMES = {"L": 3, "mL": 0}
SHARES = {"%": -2, "‰": -3, "ppm": -6, "ppb": -9}
COUNTS = {"CFU": (Kind.COLONIES, Kind.COLONIES_LIQUID), "MPN": (Kind.PROBABLE, Kind.PROBABLE_LIQUID)}
SPELLED = {key.casefold(): key for key in [*WEIGHTS, *VOLUMES, *COUNTS]}
WORDS = [
    ("菌落形成单位", "CFU"), ("毫克", "mg"), ("微克", "μg"), ("纳克", "ng"), ("皮克", "pg"), ("千克", "kg"),
    ("公斤", "kg"), ("毫升", "mL"), ("克", "g"), ("升", "L"), ("每", "/"),
    ("mcg", "μg"), ("ug", "μg"), ("dm^3", "L"), ("dm3", "L"),
]  # fmt: skip
INVERSE = re.compile(r"^([^/.*·]+)[.*·]?(\d*[a-z]+)\^?-1$")
RATIO = re.compile(r"^([a-zμ]+)/(1|10|100|1000)?([a-zμ]+)$")
POWERS = {None: 0, "1": 0, "10": 1, "100": 2, "1000": 3}
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\d.,])|\.\d+(?![\d.])")
# “×10^3”, “e3”, “×10-2”; “×103”, whose raised 3 was lost on the way, is deliberately not among them.
SCALE = re.compile(r"(?:[×x*]10(?:\^([+-]?\d{1,2})|(-\d{1,2}))|e([+-]?\d{1,2}))(?![\d.])")
TEN_TO = re.compile(r"10\^([+-]?\d{1,2})(?![\d.])")


def tidy(text: str) -> str:
    """Half width, lower case, no blanks, raised digits as ^3: “１０³ CFU／g” is “10^3cfu/g”."""
    text = re.sub(r"([⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+)", lambda m: "^" + m.group(1).translate(RAISED), text)
    text = re.sub(r"(?<=[\d.])\s+(?=[\d.])", "|", unicodedata.normalize("NFKC", text))  # “12 13” is not 1213
    return "".join(text.split()).casefold().replace("✕", "×").replace("х", "x")


@lru_cache(maxsize=1024)
def parse_unit(text: str) -> Unit:
    """Every spelling of a unit: mg/kg, ｍｇ／ｋｇ, μg/kg, ug/kg, µg/kg, mg·kg⁻¹, 毫克/千克, g/100 g, %, CFU/g, ….

    An empty text is the unit of pH and other bare numbers. Raises UnitRefused.
    """
    bare = tidy(text)
    if not bare:
        return BARE
    if bare in SHARES:
        return Unit(bare, Kind.FRACTION, SHARES[bare])
    for word, symbol in WORDS:
        bare = bare.replace(word, symbol.casefold())
    inverse = INVERSE.match(bare)
    ratio = RATIO.match("/".join(inverse.groups()) if inverse else bare)
    unit = _unit(*ratio.groups()) if ratio else None
    if unit is None:
        raise UnitRefused(f"没有“{text.strip()}”这个单位。请写 mg/kg、μg/kg、g/kg、mg/L、g/100g、%、CFU/g 等。")
    return unit


def _unit(above: str, many: str | None, below: str) -> Unit | None:
    top, bottom = SPELLED.get(above), SPELLED.get(below)
    if top is None or bottom is None:
        return None
    solid, liquid = bottom in WEIGHTS, bottom in VOLUMES
    count = many if many and many != "1" else ""
    symbol = f"{top}/{count}{bottom}"
    size = POWERS[many] + (WEIGHTS.get(bottom, 0) if solid else VOLUMES.get(bottom, 0))
    if top in COUNTS and (solid or liquid):
        return Unit(symbol, COUNTS[top][0 if solid else 1], -size)
    if top in WEIGHTS and (solid or liquid):
        return Unit(symbol, Kind.FRACTION if solid else Kind.CONCENTRATION, WEIGHTS[top] - size)
    return None


def shift(value: Decimal, places: int) -> Decimal:
    """`value` × 10**places without rounding, however many digits it has."""
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise NumberRefused(f"“{value}”不是有限的数。")
    return Decimal((sign, digits, exponent + places))


@dataclass(frozen=True)
class Quantity:
    """An amount. Two quantities of one kind compare after conversion, by full value."""

    value: Decimal
    unit: Unit

    def into(self, unit: Unit) -> "Quantity":
        """The same amount in another unit of its kind. Raises UnitRefused."""
        if unit.kind != self.unit.kind:
            names = [u.symbol or "无单位" for u in (self.unit, unit)]
            raise UnitRefused(f"单位不能换算：{names[0]}（{self.unit.kind}）与 {names[1]}（{unit.kind}）不是同一种量。")
        return Quantity(shift(self.value, self.unit.power - unit.power), unit)

    def amount_in(self, unit: Unit) -> Decimal:
        """The number alone, in `unit`. Raises UnitRefused."""
        return self.into(unit).value

    def times(self, factor: Decimal) -> "Quantity":
        return Quantity(EXACT.multiply(self.value, factor), self.unit)

    def __str__(self) -> str:
        blank = "" if self.unit.symbol in {"", "%", "‰"} else " "
        return f"{plain(self.value)}{blank}{self.unit}"


def take_number(text: str) -> tuple[Decimal, str]:
    """The number at the beginning of a `tidy` text, and what follows: “1.2×10^3cfu/g” is (1200, "cfu/g").

    Understands thousands separators, powers of ten (×10³, 10³, E3). Raises NumberRefused.
    """
    alone = TEN_TO.match(text)
    if alone:
        return shift(Decimal(1), int(alone.group(1))), text[alone.end() :]
    found = NUMBER.match(text)
    if not found:
        raise NumberRefused(f"“{text}”开头不是一个数。")
    digits = found.group().replace(",", "")
    if len(digits) > MOST_DIGITS:
        raise NumberRefused(f"数“{digits[:12]}…”太长。")
    rest = text[found.end() :]
    scale = SCALE.match(rest)
    if scale:
        return shift(Decimal(digits), int(next(filter(None, scale.groups())))), rest[scale.end() :]
    if rest.startswith(("×", "x", "*", "^")):
        raise NumberRefused("10 的几次方没有写清（上标可能丢失）。请写成 1.2×10^3 或 1200。")
    return Decimal(digits), rest


def parse_quantity(text: str, unit: str = "") -> Quantity:
    """“0.01mg/kg”, “50 μg/kg”, or a bare number in `unit`. Raises NumberRefused, UnitRefused."""
    number, rest = take_number(tidy(text))
    return Quantity(number, settle_unit(rest, unit))


def settle_unit(written: str, column: str) -> Unit:
    """The unit behind the number, perhaps in brackets, and that of the column must not contradict each other. Raises
    UnitRefused."""
    if written.startswith("(") and written.endswith(")"):
        written = written[1:-1]
    if not written:
        return parse_unit(column)
    own = parse_unit(written)
    if tidy(column):
        other = parse_unit(column)
        if (other.kind, other.power) != (own.kind, own.power):
            raise UnitRefused(f"数后写的单位是 {own}，单位栏是 {other}，两处不一致。")
    return own
