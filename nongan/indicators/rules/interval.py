"""How sure a share is: the score interval of Wilson (1927), 95 %. Pure."""

from decimal import Context, Decimal, localcontext
from fractions import Fraction

Z = Decimal("1.959963984540054")  # the normal quantile of 0.975


def wilson(passing: int, of: int) -> tuple[Fraction, Fraction]:
    """Lower and upper end, 0 to 1, of the share `passing` / `of`; `of` is one or more.

    (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n), with p = passing / of, n = of.
    """
    with localcontext(Context(prec=40)):
        n = Decimal(of)
        p, zz = Decimal(passing) / n, Z * Z
        centre = p + zz / (2 * n)
        half = Z * (p * (1 - p) / n + zz / (4 * n * n)).sqrt()
        low, high = (centre - half) / (1 + zz / n), (centre + half) / (1 + zz / n)
    # At the ends the formula is exact; the 40th digit is not.
    return (Fraction(0) if passing == 0 else Fraction(low), Fraction(1) if passing == of else Fraction(high))
