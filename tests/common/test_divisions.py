"""Twelve digits and what they cover."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongan.common.divisions import LENGTH, Level, chain_of, covers, level_of, parent_of, prefix_of, within
from nongan.places.models import Division


@st.composite
def codes(draw):
    """A full code of any level: each part that names something is not all zeros."""
    parts = [2, 2, 2, 3, 3][: draw(st.integers(0, 5))]
    digits = [draw(st.integers(1, 10**n - 1)) for n in parts]
    return "".join(f"{d:0{n}d}" for d, n in zip(digits, parts, strict=True)).ljust(LENGTH, "0")


@pytest.mark.parametrize(
    "code, level, parent",
    [
        ("360000000000", Level.PROVINCE, ""), ("360900000000", Level.CITY, "360000000000"),
        ("360902000000", Level.COUNTY, "360900000000"), ("360902100000", Level.TOWNSHIP, "360902000000"),
        ("360902100201", Level.VILLAGE, "360902100000"), ("361000000000", Level.CITY, "360000000000"),
        ("360902010000", Level.TOWNSHIP, "360902000000"),
    ],
)  # fmt: skip
def test_levels_and_parents(code, level, parent):
    assert (level_of(code), parent_of(code)) == (level, parent)


@pytest.mark.parametrize("text", ["abc", "36090２", "3609020000000", "-36090", " 360902"])
def test_what_is_no_code_covers_nothing_and_is_covered_by_nothing(text):
    assert within("division_id", text) == within("division_id", "")
    assert not covers("360900000000", text)


def test_a_blank_scope_covers_nothing():
    assert not covers("", "360902000000")
    assert prefix_of("") == ""


@given(codes())
def test_a_division_covers_itself_and_what_lies_in_it(code):
    assert covers(code, code)
    assert prefix_of(code).ljust(LENGTH, "0") == code
    for above in chain_of(code):
        assert covers(above, code)
    assert chain_of(code)[-1:] == ([code] if level_of(code) else [])


@given(codes())
def test_climbing_ends_at_the_province_and_passes_the_whole_chain(code):
    climbed = [code] if level_of(code) else []
    while climbed and (up := parent_of(climbed[-1])):
        climbed.append(up)
    assert climbed[::-1] == chain_of(code)


@given(codes(), codes())
def test_two_scopes_hold_each_other_or_have_nothing_in_common(a, b):
    both = [c for c in (a, b) if covers(a, c) and covers(b, c)]
    if both:
        assert covers(a, b) or covers(b, a)
    assert (covers(a, b) and covers(b, a)) == (a == b)


@given(codes(), codes(), codes())
def test_covering_passes_down(a, b, c):
    if covers(a, b) and covers(b, c):
        assert covers(a, c)


@pytest.mark.django_db
@pytest.mark.parametrize("scope", ["360000000000", "360900000000", "360902000000", "360902100000", "360902100201", ""])
def test_the_database_agrees(scope):
    found = set(Division.objects.filter(within("code", scope)).values_list("code", flat=True))
    assert found == {code for code in Division.objects.values_list("code", flat=True) if covers(scope, code)}
