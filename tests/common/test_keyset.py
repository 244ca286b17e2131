"""Pages by key: every row once, forward and backward."""

import base64
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nongan.common import keyset
from nongan.common.divisions import level_of
from nongan.common.keyset import SIZES, keyset_page
from nongan.places.models import Division

pytestmark = pytest.mark.django_db
ORDERS = [("code",), ("-code",), ("name", "code"), ("-name", "code"), ("name", "-level", "-code"), ("level", "pk")]
names = st.lists(st.sampled_from(["甲", "乙", "丙", "丁乡", "a", "B", "'", '"', "%", "_", "\\", "🌾"]), max_size=70)


def villages(some):
    Division.objects.filter(code__startswith="99").delete()
    Division.objects.bulk_create(
        Division(code=f"9901{n:02d}{n % 7:03d}001", name=name, level=9 + n % 3) for n, name in enumerate(some)
    )
    return Division.objects.filter(code__startswith="99")


def walk(rows, order, size, at="", forward=True):
    """All pages from a token on; the rows of each."""
    pages = []
    while True:
        page = keyset_page(rows, order=order, at=at, size=size)
        pages.append(page)
        at = page.next if forward else page.previous
        if not at:
            return pages


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names, st.sampled_from(ORDERS), st.booleans())
def test_every_row_is_seen_once_forward_and_backward(some, order, as_values):
    rows = villages(some)
    shown = rows.values("pk", "code", "name", "level") if as_values else rows
    expected = list(rows.order_by(*order).values_list("code", flat=True))
    forward = walk(shown, order, SIZES[0])
    code = (lambda row: row["code"]) if as_values else (lambda row: row.code)
    assert [code(row) for page in forward for row in page.rows] == expected
    assert {page.count for page in forward} == {len(expected)}
    assert forward[0].previous == ""
    if len(forward) > 1:
        last = forward[-1]
        backward = walk(shown, order, SIZES[0], at=last.previous, forward=False)
        seen = [code(row) for page in backward[::-1] for row in page.rows]
        assert seen == expected[: len(expected) - len(last.rows)]
        assert backward[-1].previous == ""
        assert [code(row) for row in keyset_page(shown, order=order, at=backward[0].next, size=20).rows] == [
            code(row) for row in last.rows
        ]


def test_a_row_that_comes_or_goes_moves_no_other(monkeypatch):
    rows = villages(["甲"] * 50)
    first = keyset_page(rows, order=("code",), size=20)
    rows.filter(code=first.rows[3].code).delete()
    Division.objects.create(code="990100000000", name="新", level=level_of("990100000000"))
    second = keyset_page(rows, order=("code",), at=first.next, size=20)
    assert second.rows[0].code > first.rows[-1].code
    assert len(second.rows) == 20


def token(*parts):
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "damaged",
    [
        "x", "%%%", "中文", "=" * 50, token(), token("n"), token("n", "a", "b", "c"), token("n", "\x00", "1"),
        token("n", "\ud800", "1"), token("n", "甲", "not a number"), token("n", None, {}), "NQ", "bnVsbA",
        token("n", "甲", str(10**40)),
    ],
)  # fmt: skip
def test_a_damaged_token_shows_the_first_page_or_an_empty_one(damaged):
    rows = villages(["甲", "乙"])
    page = keyset_page(rows, order=("name", "level"), at=damaged)
    assert len(page.rows) <= 2
    assert page.count == 2


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_no_token_is_a_fault_of_the_server(text):
    keyset_page(Division.objects.all(), order=("level", "code"), at=text)


@pytest.mark.parametrize("size, taken", [(20, 20), (50, 50), (100, 100), (0, 50), (7, 50), (10**9, 50), (-1, 50)])
def test_only_the_offered_sizes(size, taken):
    assert keyset_page(Division.objects.all(), order=("code",), size=size).size == taken


def test_counting_stops(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(keyset, "COUNT_TO", 30)
    rows = villages(["甲"] * 60)
    with django_assert_num_queries(2):
        page = keyset_page(rows, order=("code",), size=20)
    assert (page.count, page.more_than_counted) == (31, True)
    with django_assert_num_queries(1):  # what fits on one page is counted already
        assert keyset_page(rows.filter(name="乙"), order=("code",)).count == 0
