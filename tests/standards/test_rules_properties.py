"""What holds for every result, limit, unit and tree."""

from datetime import date, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nongan.standards.rules import (
    Analyte,
    Analytes,
    Ban,
    BanStatus,
    BanTest,
    Commodity,
    Edition,
    Form,
    Limit,
    LimitBook,
    LimitForm,
    LimitRefused,
    NumberRefused,
    Tree,
    UnitRefused,
    Verdict,
    judge,
    parse_limit,
    parse_quantity,
    parse_result,
    parse_unit,
)
from nongan.standards.rules.bulk import judge_columns, number
from nongan.standards.rules.bulletin import read_day, read_result

DAY = date(2026, 7, 1)
UNITS = ["mg/kg", "μg/kg", "g/kg", "ng/g", "%", "g/100g"]
amounts = st.decimals(min_value=0, max_value=10**6, places=6, allow_nan=False, allow_infinity=False)
ORDER = {Verdict.PASS: 0, Verdict.UNDECIDED: 1, Verdict.FAIL: 2}


def book_with(text, unit="mg/kg", **more):
    limit = Limit("E", "a", "f", parse_limit(text, unit), **more)
    return LimitBook.of(
        Tree.of([Commodity("f", "食品")]), Analytes.of([Analyte("a", "项目")]),
        [Edition("E", "E", "E", date(2020, 1, 1))], [limit],
    )  # fmt: skip


def said(book, text, unit="mg/kg", **more):
    return judge(book, food="f", analyte="a", result=parse_result(text, unit, **more), produced_on=DAY).verdict


@given(limit=amounts, result=amounts)
def test_a_maximum_divides_the_numbers_in_two(limit, result):
    assert (said(book_with(f"≤{limit:f}"), f"{result:f}") == Verdict.FAIL) == (result > limit)


@given(limit=amounts, low=amounts, more=amounts, form=st.sampled_from(["{}", "<{}", "≤{}", ">{}"]))
def test_a_larger_result_is_never_better_against_a_maximum(limit, low, more, form):
    book = book_with(f"≤{limit:f}")
    smaller, larger = (said(book, form.format(f"{value:f}")) for value in (low, low + more))
    assert ORDER[smaller] <= ORDER[larger]


@given(limit=amounts, result=amounts, own=st.sampled_from(UNITS), other=st.sampled_from(UNITS))
def test_the_verdict_does_not_depend_on_the_unit(limit, result, own, other):
    converted = parse_quantity(f"{result:f}", own).into(parse_unit(other))
    book = book_with(f"≤{limit:f}")
    assert said(book, f"{result:f}", own) == said(book, f"{converted.value:f}", other)


@given(value=amounts, there=st.sampled_from(UNITS), back=st.sampled_from(UNITS))
def test_conversion_there_and_back_changes_nothing(value, there, back):
    quantity = parse_quantity(f"{value:f}", there)
    assert quantity.into(parse_unit(back)).into(parse_unit(there)).value == value


@given(text=st.text(max_size=12))
def test_reading_never_raises_and_the_unread_never_passes(text):
    result = parse_result(text, "mg/kg")
    found = judge(book_with("≤100000"), food="f", analyte="a", result=result, produced_on=DAY)
    if result.form == Form.UNREAD:
        assert found.verdict == Verdict.UNDECIDED
    assert found.reason


@given(text=st.text(alphabet="0123456789.,<>≤≥~-×^*%()mgkμ/未检出不得 ", max_size=14))
def test_limits_are_read_or_refused(text):
    try:
        bounds = parse_limit(text, "mg/kg")
    except (LimitRefused, NumberRefused, UnitRefused):
        return
    assert str(bounds)
    if bounds.form == LimitForm.RANGE:
        assert bounds.low <= bounds.high


@given(limit=amounts, result=amounts)
def test_confirmed_or_below_the_detection_limit_is_settled_for_must_not_be_detected(limit, result):
    book = book_with("不得检出")
    assert said(book, f"{result:f}", detected=True) == Verdict.FAIL
    lod = parse_quantity(f"{limit:f}", "mg/kg")
    expected = Verdict.FAIL if result >= limit else Verdict.PASS
    assert said(book, f"{result:f}", lod=lod) == expected
    assert said(book, f"{result:f}") == Verdict.UNDECIDED


# --- many at once ---


@st.composite
def laws(draw):
    """A tree of up to three levels, limits of every form on any node, exceptions, bans, two editions."""
    parents = {"f0": ()}
    for n in range(1, draw(st.integers(2, 9))):
        parents[f"f{n}"] = (draw(st.sampled_from(sorted(parents))),)
    foods = [Commodity(code, code, above) for code, above in parents.items()]
    texts = st.sampled_from(
        ["≤1 mg/kg", "≤500 μg/kg", "0.5~2 mg/kg", "≥1 mg/kg", "不得检出", "—", "≤1(干重计) mg/kg", "≤1 mg/L"]
    )
    codes = st.sampled_from(sorted(parents))
    limits = [
        Limit(
            draw(st.sampled_from(["E1", "E2"])), draw(st.sampled_from(["a0", "a1"])), draw(codes),
            parse_limit(draw(texts)), exclusions=frozenset(draw(st.sets(codes, max_size=2))),
            condition=draw(st.sampled_from(["", "", "只限罐头"])), key=str(n),
        )
        for n in range(draw(st.integers(0, 8)))
    ]  # fmt: skip
    bans = [
        Ban(
            "a1", BanStatus.BANNED, date(2026, 6, 1), "公告", everywhere=draw(st.booleans()),
            scope=frozenset({draw(codes)}), test=draw(st.sampled_from(list(BanTest))),
        )
        for _ in range(draw(st.integers(0, 1)))
    ]  # fmt: skip
    editions = [Edition("E1", "E", "", date(2020, 1, 1), date(2026, 2, 28)), Edition("E2", "E", "", date(2026, 3, 1))]
    return LimitBook.of(Tree.of(foods), Analytes.of([Analyte("a0", "a0"), Analyte("a1", "a1")]), editions, limits, bans)


asked = st.tuples(
    st.sampled_from(["f0", "f1", "f5", "f8", "nowhere"]),
    st.sampled_from(["a0", "a1", "nothing"]),
    st.sampled_from([date(2019, 1, 1), date(2026, 2, 28), date(2026, 3, 1), date(2026, 7, 1)]),
    st.decimals(min_value=0, max_value=3, places=3),
    st.sampled_from(["mg/kg", "μg/kg", "mg/L", "斤"]),
)


@settings(max_examples=150, deadline=None)
@given(book=laws(), rows=st.lists(asked, max_size=30))
def test_many_at_once_are_judged_as_one_by_one(book, rows):
    foods, analytes, days, values, units = (list(column) for column in zip(*rows, strict=True)) if rows else [[]] * 5
    judged = judge_columns(
        book, foods=pa.array(foods, pa.string()), analytes=pa.array(analytes, pa.string()),
        days=pa.array(days, pa.date32()), amounts=pa.array(values, pa.decimal128(12, 3)),
        units=pa.array(units, pa.string()),
    )  # fmt: skip
    single = [
        judge(book, food=food, analyte=item, result=number(value, unit), produced_on=on)
        for food, item, on, value, unit in rows
    ]
    assert [verdict for verdict, _ in judged] == [found.verdict for found in single]
    for (_, rule), found in zip(judged, single, strict=True):
        if found.limit is not None and rule.limit is not None:
            assert (rule.limit.key, rule.limit.edition) == (found.limit.row, found.limit.edition)
            assert rule.path in found.words


def test_a_missing_amount_is_undecided():
    judged = judge_columns(
        book_with("≤1"), foods=pa.array(["f", "f"]), analytes=pa.array(["a", "a"]), days=pa.array([DAY, DAY]),
        amounts=pa.array([None, Decimal("0.5")], pa.decimal128(4, 2)), units=pa.array(["mg/kg", "mg/kg"]),
    )  # fmt: skip
    assert [verdict for verdict, _ in judged] == [Verdict.UNDECIDED, Verdict.PASS]


# --- bulletins ---


@given(day=st.dates(date(2010, 1, 1), date(2039, 12, 31)))
def test_days_of_bulletins_in_every_form(day):
    serial = (day - date(1899, 12, 30)).days
    forms = [f"{day}", f"{day:%Y/%m/%d}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", f"{serial}.0",
             f"{day:%Y.%m.%d}", f"生产日期：{day}", str(serial)]  # fmt: skip
    assert {read_day(text) for text in forms} == {day}


@pytest.mark.parametrize("text", ["", "/", "2025-13-40", "未标注", "2025", "99999"])
def test_what_is_no_day(text):
    assert read_day(text) is None


@given(value=st.decimals(min_value="0.001", max_value=9999, places=3), before=st.sampled_from(["", "检出，", "为 "]),
       after=st.sampled_from(["", " 三唑磷", "，", "；另一项 2mg/kg", "（见附件）", "║≤0.02mg/kg"]))  # fmt: skip
def test_amounts_out_of_untidy_cells(value, before, after):
    result = read_result(f"{before}{value:f}mg/kg{after}")
    assert (result.form, result.quantity.value) == (Form.NUMBER, value)
    assert result.detected


@given(days=st.lists(st.integers(0, 4000), min_size=1, max_size=20))
def test_nothing_changes_inside_a_stretch_of_days(days):
    book = LimitBook.of(
        Tree.of([Commodity("f", "食品")]), Analytes.of([Analyte("a", "项目")]),
        [Edition("E1", "E", "", date(2020, 1, 1), date(2021, 6, 30)), Edition("E2", "E", "", date(2021, 7, 1))],
        [Limit("E1", "a", "f", parse_limit("≤1mg/kg")), Limit("E2", "a", "f", parse_limit("≤2mg/kg"))],
    )  # fmt: skip
    for n in days:
        day = date(2018, 1, 1) + timedelta(days=n)
        expected = frozenset(e.code for e in book.editions.values() if e.in_force(day))
        assert book.usable("a", day) == expected
