from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from nongan.ui.templatetags.ui import amount, day, minutes, moment, tag


@pytest.mark.parametrize(
    "value, shown",
    [(None, "—"), (0, "0"), (1234567, "1,234,567"), (Decimal("1250.50"), "1,250.5"), (Decimal("2E+4"), "20,000"),
     (Decimal("-0.5"), "-0.5"), (Decimal("-1234.5"), "-1,234.5"), (Decimal("0.00001"), "0.00001")],
)  # fmt: skip
def test_amounts_are_plain_and_grouped(value, shown):
    assert amount(value) == shown


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6))
def test_an_amount_loses_nothing(value):
    assert Decimal(amount(value).replace(",", "")) == value


def test_days_and_moments_are_those_of_shanghai():
    late = datetime(2026, 5, 12, 17, 30, tzinfo=UTC)
    assert (day(late), moment(late)) == ("2026-05-13", "2026-05-13 01:30")
    assert (day(date(2026, 5, 12)), day(None), moment(None)) == ("2026-05-12", "—", "—")
    assert day(datetime(2026, 5, 12, 23)) == "2026-05-12"


def test_minutes_round_up():
    assert (minutes(900), minutes(901), minutes(0)) == (15, 16, 0)


def test_a_tag_has_colour_icon_and_word():
    shown = tag("<合格>", "ok")
    assert "state-ok" in shown and "ti-circle-check" in shown and "&lt;合格&gt;" in shown
    assert "state-idle" in tag("?", "no such tone")


def test_a_template_joins_words_with_the_marks_of_the_language():
    names = Template('{{ names|listed }}{% mark "：" %}{{ names.0 }}')
    assert names.render(Context({"names": ["<a>", "b"]})) == "&lt;a&gt;、b：&lt;a&gt;"
    with translation.override("en"):
        assert names.render(Context({"names": ["<a>", "b"]})) == "&lt;a&gt;, b: &lt;a&gt;"
