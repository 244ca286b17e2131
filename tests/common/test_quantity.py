"""Numbers as people write them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nongan.common.quantity import floor, percent, plain

decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6)


@pytest.mark.parametrize(
    "value, text", [("2E+4", "20000"), ("98.00", "98"), ("0.0", "0"), ("-1.50", "-1.5"), ("100", "100")]
)
def test_plain(value, text):
    assert plain(Decimal(value)) == text


@given(decimals)
def test_plain_notation_says_the_same_number(value):
    text = plain(value)
    assert Decimal(text) == value
    assert "E" not in text.upper()
    assert not ("." in text and text.endswith(("0", ".")))


@pytest.mark.parametrize(
    "numerator, denominator, places, text",
    [
        (9_996, 10_000, 2, "99.96"), (99_999, 100_000, 2, "99.99"), (97_966, 100_000, 2, "97.96"), (1, 3, 1, "33.3"),
        (2, 3, 0, "66"), (0, 7, 2, "0"), (7, 7, 2, "100"), (Decimal("0.1"), Decimal("0.3"), 2, "33.33"),
    ],
)  # fmt: skip
def test_percent(numerator, denominator, places, text):
    assert percent(numerator, denominator, places) == text


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(0, 4), st.integers(0, 10**6))
def test_a_share_is_never_shown_across_a_target_that_it_does_not_reach(numerator, denominator, places, target):
    """For every target that can be written with as many places as are shown."""
    assume(numerator <= denominator)
    wanted = Fraction(target, 10**places)
    shown = Fraction(Decimal(percent(numerator, denominator, places)))
    assert (shown >= wanted) == (Fraction(numerator, denominator) * 100 >= wanted)


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_only_all_is_a_hundred(numerator, denominator):
    assume(numerator <= denominator)
    assert (percent(numerator, denominator) == "100") == (numerator == denominator)


@given(decimals, st.integers(0, 4))
def test_floor_never_adds(value, places):
    cut = floor(value, places)
    assert cut <= value < cut + Decimal(1).scaleb(-places)
