"""Numbers as people write them: plain decimals, never floats, never rounded across a target."""

from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction


def plain(value: Decimal) -> str:
    """`Decimal("2E+4")` is “20000”, `Decimal("98.00")` is “98”."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(numerator: int | Decimal, denominator: int | Decimal, places: int = 2) -> str:
    """A share in percent, cut (not rounded) to `places`: 9,996 of 10,000 is “99.96”, never “100”.

    Cutting downwards means that no share is ever shown at or above a target that it does not reach.
    """
    share = Fraction(numerator) / Fraction(denominator) * 100
    scale = 10**places
    cut = Decimal((share * scale).__floor__()) / scale
    return plain(cut)


def floor(value: Decimal, places: int) -> Decimal:
    """Cut downwards to `places` decimals."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_FLOOR)
