"""Figures and dates by their grammar."""

from calendar import monthrange
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongan.programme.rules.reading.dates import find_periods
from nongan.programme.rules.reading.numbering import chinese
from nongan.programme.rules.reading.numerals import chinese_number, ordinal
from nongan.programme.rules.reading.quantities import find_figures
from nongan.programme.rules.reading.shapes import Comparator
from nongan.programme.rules.reading.source import make_source


def figures(text):
    plain = make_source(text).plain
    return [(one.comparator.value, format(one.value, "f"), one.unit) for one in find_figures(plain, 0, len(plain))]


def periods(text, year=None):
    plain = make_source(text).plain
    return [(one.start, one.end) for one in find_periods(plain, 0, len(plain), year)]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("抽检合格率稳定在98％以上", (">=", "98", "%")),
        ("提高到43%", (">=", "43", "%")),
        ("达100%", (">=", "100", "%")),
        ("处置率100%", ("=", "100", "%")),
        ("不高于2%", ("<=", "2", "%")),
        ("控制在3‰以内", ("<=", "3", "‰")),
        ("每年不少于2万批次", (">=", "20000", "批次")),
        ("定量监测1.5批次/千人", ("=", "1.5", "批次/千人")),
        ("每千人1.5批次", ("=", "1.5", "批次/千人")),
        ("安排资金1,200万元", ("=", "12000000", "元")),
        ("培训不低于40学时", (">=", "40", "学时")),
        ("达到百分之九十八点五", (">=", "98.5", "%")),
        ("每年开展三次以上", (">=", "3", "次")),
        ("培训两千人次", ("=", "2000", "人次")),
        ("建设3—5个基地", (">=", "3", "个")),
        ("不超过3—5个", ("<=", "5", "个")),
        ("检测批次不少于800余批次", (">=", "800", "批次")),
        ("≥95%", (">=", "95", "%")),
        ("90分（含90分）以上", (">=", "90", "分")),
        ("高于经常性收入增幅2个百分点", (">=", "2", "百分点")),
    ],
)
def test_figures(text, expected):
    assert figures(text)[0] == expected


@pytest.mark.parametrize(
    "text",
    [
        "农质发〔2014〕15号",
        "2019年6月",
        "第3条",
        "三级监管",
        "两手抓",
        "一个平台",
        "千家万户",
        "12316热线",
        "GB2763",
        "第一责任人",
        "双安双创",
    ],
)
def test_what_is_no_figure(text):
    assert figures(text) == []


SCALES = {"": 1, "百": 100, "千": 1000, "万": 10_000, "百万": 10**6, "亿": 10**8}
WORDS = {
    ("不少于", ""): Comparator.AT_LEAST, ("不低于", ""): Comparator.AT_LEAST, ("达到", "以上"): Comparator.AT_LEAST,
    ("稳定在", "以上"): Comparator.AT_LEAST, ("至少", ""): Comparator.AT_LEAST, ("提高到", ""): Comparator.AT_LEAST,
    ("不高于", ""): Comparator.AT_MOST, ("不超过", ""): Comparator.AT_MOST, ("控制在", "以内"): Comparator.AT_MOST,
    ("降低到", "以下"): Comparator.AT_MOST, ("", ""): Comparator.EXACTLY,
}  # fmt: skip
UNITS = ("%", "批次", "个", "次", "小时", "学时", "元", "家", "人", "批次/千人")


@given(
    st.integers(min_value=1, max_value=99_999), st.integers(min_value=0, max_value=9), st.sampled_from(sorted(SCALES)),
    st.sampled_from(sorted(WORDS)), st.sampled_from(UNITS), st.sampled_from(["，", "。", "；", ""]),
)  # fmt: skip
def test_a_figure_is_read_as_it_was_made(whole, tenths, scale, words, unit, after):
    number = f"{whole}.{tenths}" if tenths else str(whole)
    found = figures(f"指标{words[0]}{number}{scale}{unit}{words[1]}{after}")
    value = Decimal(number) * SCALES[scale]
    value = value.to_integral_value() if value == value.to_integral_value() else value.normalize()
    assert found == [(WORDS[words].value, format(value, "f"), unit)]


@given(st.integers(min_value=1, max_value=99))
def test_chinese_numbers_go_there_and_back(number):
    assert ordinal(chinese(number)) == number


@given(st.text(alphabet="零〇一二两三四五六七八九十百千万点", max_size=9))
def test_chinese_numbers_never_fail(text):
    value = chinese_number(text)
    assert value is None or value >= 0


@pytest.mark.parametrize(
    "text, start, end",
    [
        ("2017年6月上旬", date(2017, 6, 1), date(2017, 6, 10)),
        ("2017年6月中旬至9月中旬", date(2017, 6, 11), date(2017, 9, 20)),
        ("2020年2月下旬", date(2020, 2, 21), date(2020, 2, 29)),
        ("2021年4月1日—4月30日", date(2021, 4, 1), date(2021, 4, 30)),
        ("2021年4月1日-30日", date(2021, 4, 1), date(2021, 4, 30)),
        ("2021年10月—2022年3月", date(2021, 10, 1), date(2022, 3, 31)),
        ("2021年10月至次年3月", date(2021, 10, 1), date(2022, 3, 31)),
        ("2019年底前", None, date(2019, 12, 31)),
        ("2019年6月底前", None, date(2019, 6, 30)),
        ("2022年8底前", None, date(2022, 8, 31)),
        ("即日起至2021年5月", None, date(2021, 5, 31)),
        ("2023年4月起", date(2023, 4, 1), None),
        ("2018—2020年", date(2018, 1, 1), date(2020, 12, 31)),
        ("2021年上半年", date(2021, 1, 1), date(2021, 6, 30)),
        ("2021年第三季度", date(2021, 7, 1), date(2021, 9, 30)),
        ("二〇二一年三月", date(2021, 3, 1), date(2021, 3, 31)),
        ("2021-06-30", date(2021, 6, 30), date(2021, 6, 30)),
        ("2021.6—2021.9", date(2021, 6, 1), date(2021, 9, 30)),
        ("20XX年1月一7月", None, None),
        ("20xx年底", None, None),
        ("202B年6月", None, None),
        ("2021年2月30日", None, None),
    ],
)
def test_periods(text, start, end):
    assert periods(text)[0] == (start, end)


@given(
    st.dates(min_value=date(2010, 1, 1), max_value=date(2040, 12, 31)), st.integers(min_value=0, max_value=500),
    st.sampled_from(["至", "—", "-", "－", "到"]), st.booleans(),
)  # fmt: skip
def test_a_range_of_days_is_read_as_it_was_made(first, length, joint, short):
    last = date.fromordinal(first.toordinal() + length)
    same = short and last.year == first.year
    end = f"{last.month}月{last.day}日" if same else f"{last.year}年{last.month}月{last.day}日"
    assert periods(f"（{first.year}年{first.month}月{first.day}日{joint}{end}）") == [(first, last)]


@given(
    st.integers(min_value=2010, max_value=2040), st.integers(min_value=1, max_value=12),
    st.sampled_from([("上旬", 1, 10), ("中旬", 11, 20), ("下旬", 21, 31), ("", 1, 31), ("底", 31, 31)]),
)  # fmt: skip
def test_parts_of_a_month(year, month, part):
    words, first, last = part
    length = monthrange(year, month)[1]
    expected = (date(year, month, min(first, length)), date(year, month, min(last, length)))
    assert periods(f"{year}年{month}月{words}") == [expected]


@given(st.integers(min_value=1, max_value=12))
def test_a_month_without_a_year_is_never_given_one(month):
    assert periods(f"{month}月底前") == [(None, None)]
    assert periods(f"{month}月底前", 2021)[0][1] == date(2021, month, monthrange(2021, month)[1])
