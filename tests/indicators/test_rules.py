"""Definitions, periods, intervals, figures, distances: by example and by property."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongan.indicators.queries.catalogue import definitions, faults, load
from nongan.indicators.rules.definition import DefinitionFault, check_against, read_definition
from nongan.indicators.rules.drawing import HEIGHT, WIDTH, strokes
from nongan.indicators.rules.figures import Figure, cut, distance
from nongan.indicators.rules.interval import wilson
from nongan.indicators.rules.periods import (
    FIRST_DAY,
    MONTHS,
    NotAPeriod,
    Period,
    PeriodKind,
    containing,
    months_until,
    parse_period,
    recent,
)
from tests.indicators.factories import COUNT, SHARE, WORDS, definition

GOOD = """code = "x"
name = "事"
why = "试"
source = "测试"
view = "test.things"
kind = "share"
unit = "%"
direction = "up"
target_period = "since"
"""
GOODS = "[numerator]\ngood = true\n"
COLUMNS = {"division": "text", "date": "date", "kind": "text", "good": "bool", "due": "decimal", "gone": "date"}


def said(text, file="x.toml"):
    with pytest.raises(DefinitionFault) as refused:
        check_against(read_definition(file, text), COLUMNS)
    return str(refused.value)


# Definitions


def test_the_shipped_definitions_are_sound():
    assert faults().unusable == ()
    assert faults().waiting == ()
    assert set(definitions()) == {
        "pass_rate", "banned_pass_rate", "failed_disposed", "quantitative_batches", "case_transfer",
        "supervision_coverage",
    }  # fmt: skip
    pass_rate = definitions()["pass_rate"]
    assert pass_rate.where == {"kind": ("routine", "supervision"), "verdict": ("pass", "fail")}
    assert "风险监测" in pass_rate.why
    assert pass_rate.said("en").name == "Pass rate of official sampling"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("code = ", "x.toml: not TOML"),
        (GOOD.replace('view = "test.things"\n', "") + GOODS + WORDS, "x.toml: view: Field required"),
        (GOOD.replace('"share"', '"average"') + WORDS, "x.toml: kind: Input should be 'share', 'ratio' or 'count'"),
        (GOOD + 'colour = "red"\n[numerator]\ngood = true\n' + WORDS, "x.toml: colour: Extra inputs"),
        (GOOD + WORDS, "x.toml: the whole: a share needs [numerator] conditions"),
        (GOOD + "[numerator]\ngood = []\n" + WORDS, "x.toml: numerator.good: "),
        (GOOD + "[numerator]\ngood = {most = 3}\n" + WORDS, "x.toml: numerator.good: "),
        (GOOD + "[numerator]\nbest = true\n" + WORDS, "x.toml: numerator.best: test.things offers no fact 'best'"),
        (GOOD + '[numerator]\ngood = "yes"\n' + WORDS, "x.toml: numerator.good: 'yes' does not fit a column of type"),
        (GOOD + "[where]\nkind = true\n[numerator]\ngood = true\n" + WORDS, "x.toml: where.kind: True does not fit"),
        (GOOD + "[where]\ndivision = \"36\"\n[numerator]\ngood = true\n" + WORDS, "x.toml: where.division: "),
        (GOOD + "[numerator]\ngone = {at_least = 3}\n" + WORDS, "x.toml: numerator.gone: "),
        (GOOD + "[numerator]\ngood = {known = true}\n" + WORDS, "x.toml: numerator.good: "),
        (GOOD + '[stock]\nuntil = "kind"\n[numerator]\ngood = true\n' + WORDS, "x.toml: stock.until: "),
        (GOOD + 'numerator_sum = "due"\n[numerator]\ngood = true\n' + WORDS, "x.toml: the whole: numerator_sum"),
        (GOOD + "per_residents = 1000\n[numerator]\ngood = true\n" + WORDS, "x.toml: the whole: per_residents"),
    ],
)  # fmt: skip
def test_a_fault_names_file_and_field(text, fault):
    assert said(text).startswith(fault)


def test_the_file_bears_the_code():
    assert "must be called x.toml" in said(GOOD + "[numerator]\ngood = true\n" + WORDS, "y.toml")


def test_one_bad_file_leaves_the_others():
    good = GOOD + "[numerator]\ngood = true\n" + WORDS
    waiting = good.replace("test.things", "later.things").replace('"x"', '"later"')
    found, named = load({"x.toml": good, "bad.toml": "no", "later.toml": waiting}, {"test.things": COLUMNS})
    assert (set(found), len(named.unusable), len(named.waiting)) == ({"x"}, 1, 1)
    assert named.waiting[0] == "later.toml: view: no context offers 'later.things'"


# Periods


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2026-05", Period(PeriodKind.MONTH, date(2026, 5, 1))),
        ("2026-Q4", Period(PeriodKind.QUARTER, date(2026, 10, 1))),
        ("2026", Period(PeriodKind.YEAR, date(2026, 1, 1))),
        ("since-2026-02-28", Period(PeriodKind.SINCE, date(2026, 2, 28))),
        ("all", Period(PeriodKind.SINCE, FIRST_DAY)),
    ],
)
def test_periods_as_text(text, period):
    assert parse_period(text) == period
    assert str(period) == text


@pytest.mark.parametrize("text", ["", "2026-13", "2026-Q5", "since-2026-02-30", "0000", "20266", "２０２６", "all "])
def test_no_period(text):
    with pytest.raises(NotAPeriod):
        parse_period(text)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from(list(MONTHS)))
def test_a_day_lies_in_its_period(day, kind):
    period = containing(kind, day)
    end = period.last(date(2100, 1, 1))
    assert period.start <= day <= end
    assert containing(kind, end) == period
    assert containing(kind, end + timedelta(days=1)) != period
    assert parse_period(str(period)) == period
    assert period.last(day) == day


def test_months_and_choices():
    assert [str(p) for p in months_until(date(2026, 2, 9), 3)] == ["2025-12", "2026-01", "2026-02"]
    assert [str(p) for p in recent(date(2026, 2, 9))][:5] == ["all", "2026", "2025", "2026-Q1", "2025-Q4"]


# The interval of Wilson


@pytest.mark.parametrize(
    ("passing", "of", "low", "high"),
    [  # Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
        (10, 10, "0.7225", "1.0000"),
    ],
)
def test_wilson_against_known_values(passing, of, low, high):
    found = wilson(passing, of)
    assert [f"{float(end):.4f}" for end in found] == [low, high]


@given(st.integers(1, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_share_lies_in_its_interval(counts):
    passing, of = counts
    low, high = wilson(passing, of)
    assert 0 <= low <= Fraction(passing, of) <= high <= 1


# Figures


def test_a_share_is_never_rounded_across_a_target():
    assert Figure(SHARE, Decimal(97_999), Decimal(100_000)).text == "97.99"
    assert Figure(SHARE, Decimal(9_999_999), Decimal(10_000_000)).text == "99.99"
    assert Figure(SHARE, Decimal(10), Decimal(10)).text == "100"
    fewer = definition("fewer", direction="down", numerator="good = true")
    assert Figure(fewer, Decimal(20_001), Decimal(1_000_000)).text == "2.01"
    assert Figure(fewer, Decimal(2), Decimal(100)).text == "2"


@given(st.integers(1, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.integers(0, 10_000))
def test_what_is_shown_meets_a_target_only_if_it_is_met(counts, hundredths):
    target = Fraction(hundredths, 10_000)
    share = Fraction(*counts)
    assert (Fraction(Decimal(cut(share * 100, "up"))) / 100 >= target) == (share >= target)
    assert (Fraction(Decimal(cut(share * 100, "down"))) / 100 <= target) == (share <= target)


def test_no_data_is_not_a_number():
    nothing = Figure(SHARE, None, None)
    assert (nothing.known, nothing.text, nothing.interval, nothing.measured_in("%")) == (False, "", None, None)


def test_a_count_in_total_and_per_head():
    batches = definition("batches", "count", top="per_residents = 1000")
    figure = Figure(batches, Decimal(7_521), Decimal(5_007_000))
    assert (figure.text, figure.head_unit, figure.per_head) == ("7521", "批次/千人", "1.5")
    assert figure.measured_in("批次/万人") == Fraction(75_210_000, 5_007_000)
    assert figure.measured_in("%") is None
    assert Figure(batches, Decimal(3), None).per_head == ""
    assert Figure(batches, Decimal(0), None).per_head == "0"
    assert Figure(COUNT, Decimal(3), None).head_unit == ""


@pytest.mark.parametrize(
    ("value", "comparator", "target", "met", "text"),
    [
        ("98.35", ">=", "98", True, "+0.35"),
        ("97.9999", ">=", "98", False, "−0.01"),
        ("98", ">=", "98", True, "0"),
        ("3", "<=", "0", False, "−3"),
        ("0", "<=", "0", True, "0"),
        ("99.5", "=", "100", False, "−0.5"),
        ("3200", ">=", "4400", False, "−1200"),
    ],
)
def test_distance(value, comparator, target, met, text):
    found = distance(Fraction(Decimal(value)), comparator, Decimal(target))
    assert (found.met, found.text) == (met, text)


# The small line


@given(st.lists(st.none() | st.fractions(0, 1), max_size=30))
def test_a_line_stays_in_its_box(values):
    points = [point for stroke in strokes(values) for point in stroke]
    assert len(points) == len([v for v in values if v is not None])
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
