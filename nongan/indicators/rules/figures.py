"""Numbers fit to be read: cut towards the safe side, compared exactly, with unit. Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from nongan.common.quantity import percent, plain
from nongan.indicators.rules.definition import Definition
from nongan.indicators.rules.interval import wilson

HEADS = {"人": 1, "百人": 100, "千人": 1000, "万人": 10_000, "十万人": 100_000}
PLACES = 2  # decimals of a percentage and of a figure per head


@dataclass(frozen=True)
class Figure:
    """A numerator and a denominator of one definition. No value, no figure: `known` is False where there is none.

    For a count the denominator is the number of residents, None where it is not known.
    """

    definition: Definition
    numerator: Decimal | None
    denominator: Decimal | None

    @property
    def known(self) -> bool:
        return self.numerator is not None and (self.definition.kind == "count" or self.denominator is not None)

    @property
    def value(self) -> Fraction | None:
        """The exact value: a share from 0 to 1, or a count."""
        if self.numerator is None or not self.known:
            return None
        if self.definition.kind == "count":
            return Fraction(self.numerator)
        return Fraction(self.numerator) / Fraction(self.denominator or 1)

    def measured_in(self, unit: str) -> Fraction | None:
        """The exact value in a unit (%, the own unit, 批次/千人); None where it cannot be measured so."""
        value = self.value
        if value is None:
            return None
        if self.definition.kind != "count":
            return value * 100 if unit in ("%", "％") else None
        heads = HEADS.get(unit.partition("/")[2])
        if heads is None:
            return None if "/" in unit or unit in ("%", "％") else value
        if not value:  # none of anything is none per head, however many heads there are
            return value
        return value * heads / Fraction(self.denominator) if self.denominator else None

    @property
    def text(self) -> str:
        """The value in the own unit, without it; blank where there is none."""
        return self.text_in(self.definition.unit)

    def text_in(self, unit: str) -> str:
        value = self.measured_in(unit)
        return "" if value is None else cut(value, self.definition.direction)

    @property
    def head_unit(self) -> str:
        """批次/千人; blank where the definition has none."""
        heads = self.definition.per_residents
        word = next((word for word, n in HEADS.items() if n == heads), "")
        return f"{self.definition.unit}/{word}" if word else ""

    @property
    def per_head(self) -> str:
        """The count per so many residents; blank where these are not known."""
        return self.text_in(self.head_unit) if self.head_unit else ""

    @property
    def failing(self) -> Decimal | None:
        """How many fall short of a share."""
        if self.numerator is None or self.denominator is None or self.definition.kind != "share":
            return None
        return self.denominator - self.numerator

    @property
    def interval(self) -> tuple[str, str] | None:
        """Wilson's 95 % interval of a share in percent: the lower end cut down, the upper end up."""
        if self.definition.kind != "share" or self.numerator is None or not self.denominator:
            return None
        low, high = wilson(int(self.numerator), int(self.denominator))
        return cut(low * 100, "up"), cut(high * 100, "down")


def cut(value: Fraction, direction: str, places: int = PLACES) -> str:
    """In plain notation, never at or past a target that the value does not reach: down when more is better, else up."""
    if direction == "down":
        return plain(Decimal(-((-value * 10**places).__floor__())) / 10**places)
    return percent_or_plain(value, places)


def percent_or_plain(value: Fraction, places: int) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    return percent(Decimal(value.numerator), Decimal(value.denominator) * 100, places)


@dataclass(frozen=True)
class Distance:
    """How far a figure is from a target: `gap` in the target's unit (negative: so much is missing)."""

    met: bool
    gap: Fraction
    relative: Fraction  # gap / target, or the gap itself where the target is 0; for sorting

    @property
    def text(self) -> str:
        """+0.35, −1.2 (never 0 where something is missing)."""
        shown = cut(abs(self.gap), "up" if self.met else "down")
        return f"+{shown}" if self.gap > 0 else f"−{shown}" if self.gap < 0 else "0"


def distance(value: Fraction, comparator: str, target: Decimal) -> Distance:
    """Compares exactly. For “=” every deviation counts as missing."""
    wanted = Fraction(target)
    gap = {">=": value - wanted, "<=": wanted - value}.get(comparator, -abs(value - wanted))
    return Distance(gap >= 0, gap, gap / wanted if wanted else gap)


def is_per_head(unit: str) -> bool:
    return bool(re.search(r"/.*人$", unit))
