"""The engine against a recount by hand, cell by cell."""

import os
from datetime import date, timedelta
from decimal import Decimal

import ibis
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from nongan.indicators.queries import store
from nongan.indicators.rules.expression import cells, matching, tally
from nongan.indicators.rules.periods import FIRST_DAY, Period, PeriodKind, parse_period
from nongan.indicators.services import snapshot
from tests.conftest import NOON
from tests.indicators.factories import COUNT, KINDS, RATIO, SHARE, STOCK, definition, recount, row, view_of

ON = date(2026, 5, 12)
QUICK = (
    Phase.explicit,
    Phase.reuse,
    Phase.generate,
)  # a failing set of rows is small enough to read; shrinking takes minutes
DAYS = st.dates(date(2024, 11, 20), ON)
DIVISIONS = [
    "360902100000",
    "360902100201",
    "360902001000",
    "360981001000",
    "360902000000",
    "360900000000",
    "410100000000",
]


@st.composite
def many_rows(draw, most=25):
    facts = st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["routine", "risk", "supervision"]),
            "good": st.booleans(),
            "done": st.decimals(0, 50, places=3),
            "due": st.decimals(0, 50, places=3),
            "first": st.none() | DAYS,
            "gone": st.none() | DAYS,
        }
    )
    made = draw(st.lists(st.tuples(st.sampled_from(DIVISIONS), DAYS, facts), max_size=most))
    return [row(n, division, day, **facts) for n, (division, day, facts) in enumerate(made, start=1)]


def computed(table, definitions=KINDS, starts=(), on=ON):
    found = {}
    flows = [d for d in definitions if not d.stock]
    for some in [*([flows] if flows else []), *([d] for d in definitions if d.stock)]:
        expression = cells(table, some, starts, on)
        for line in store.fetch(expression):
            values = dict(zip(expression.columns, line, strict=True))
            for one in some:
                n, d = values[f"n_{one.code}"], values.get(f"d_{one.code}")
                if n if one.kind == "count" else d:
                    found[one.code, values["division"], values["kind"], values["start"]] = (n, d)
    return found


def of_place(found, division):
    return {key[2:]: value for key, value in found.items() if key[1] == division}


def table_of(rows, folder):
    files = snapshot.take(view_of(rows), folder)
    return store.open_files([folder / name for name in files])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("snapshot")


@settings(max_examples=15, deadline=None, phases=QUICK)
@given(rows=many_rows(), starts=st.lists(DAYS, max_size=2, unique=True))
def test_every_cell_is_what_a_recount_gives(folder, rows, starts):
    assert computed(table_of(rows, folder), starts=starts) == recount(rows, KINDS, starts, ON)


@settings(max_examples=15, deadline=None, phases=QUICK)
@given(rows=many_rows(), starts=st.lists(DAYS, max_size=1), data=st.data())
def test_the_records_behind_a_value_are_as_many_as_it_says(folder, rows, starts, data):
    table = table_of(rows, folder)
    found = recount(rows, KINDS, starts, ON)
    if not found:
        return
    code, division, kind, start = data.draw(st.sampled_from(sorted(found)))
    one = next(d for d in KINDS if d.code == code)
    period = Period(PeriodKind(kind), date.fromisoformat(start))
    ((n, d),) = store.fetch(tally(matching(table, one, division, period, ON), one))
    assert (n, d if one.kind != "count" else None) == found[code, division, kind, start]


@settings(max_examples=10, deadline=None, phases=QUICK)
@given(rows=many_rows(), later=many_rows(8), gone=st.sets(st.integers(1, 25)))
def test_reading_some_rows_again_equals_reading_all(tmp_path_factory, rows, later, gone):
    """Rows change, move to another place or year, vanish, and new ones come."""
    folder = tmp_path_factory.mktemp("amended")
    files = snapshot.take(view_of(rows), folder)
    changed = {r["id"]: r for r in rows if r["id"] not in gone} | {r["id"] * 3: {**r, "id": r["id"] * 3} for r in later}
    now = view_of(list(changed.values()))
    files = snapshot.amend(now, folder, files, gone | {r["id"] * 3 for r in later})
    table = store.open_files([folder / name for name in files])
    assert snapshot.count(folder, files) == len(changed)
    assert computed(table) == recount(list(changed.values()), KINDS, [], ON)


def test_no_rows_no_values(folder):
    assert computed(table_of([], folder)) == {}


def test_nothing_below_the_line_is_no_value(folder):
    found = computed(table_of([row(1, kind="risk"), row(2, kind="risk", due=Decimal(0), done=Decimal(0))], folder))
    assert {code for code, *_rest in found} == {"ratio", "stock"}


def test_a_day_belongs_to_its_own_month_quarter_and_year(folder):
    rows = [row(1, on=date(2025, 12, 31)), row(2, on=date(2026, 1, 1), good=False), row(3, on=date(2026, 3, 31))]
    found = {
        key[2:]: value for key, value in computed(table_of(rows, folder), [SHARE]).items() if key[1] == "360902100000"
    }
    assert found["month", "2025-12-01"] == (1, 1)
    assert found["month", "2026-01-01"] == (0, 1)
    assert found["quarter", "2026-01-01"] == (1, 2)
    assert found["year", "2025-01-01"] == (1, 1)
    assert found["since", "1900-01-01"] == (2, 3)


def test_since_a_day_in_the_middle_of_a_month(folder):
    start = date(2026, 3, 15)
    rows = [row(1, on=start - timedelta(days=1)), row(2, on=start), row(3, on=date(2026, 4, 1), good=False)]
    found = computed(table_of(rows, folder), [SHARE], [start])
    assert found["share", "360900000000", "since", "2026-03-15"] == (1, 2)
    assert found["share", "360900000000", "month", "2026-03-01"] == (2, 2)


def test_a_stock_is_what_there_is_on_the_last_day(folder):
    rows = [
        row(1, on=date(2026, 1, 10), first=date(2026, 2, 10)),
        row(2, on=date(2026, 1, 31), gone=date(2026, 3, 1)),
        row(3, on=date(2026, 4, 30), first=date(2026, 1, 1), gone=date(2026, 4, 30)),  # came and went on one day
        row(4, on=date(2026, 5, 1), first=date(2026, 6, 1)),  # will be supervised, is not yet
    ]
    found = {
        key[2:]: value for key, value in computed(table_of(rows, folder), [STOCK]).items() if key[1] == "360900000000"
    }
    assert [found["month", f"2026-0{n}-01"] for n in range(1, 6)] == [(0, 2), (1, 2), (1, 1), (1, 1), (1, 2)]
    assert found["quarter", "2026-01-01"] == (1, 1)
    assert found["year", "2026-01-01"] == found["since", "1900-01-01"] == (1, 2)
    assert ("month", "2026-06-01") not in found


def test_bounds_and_missing_days(folder):
    rows = [row(1, due=Decimal("1.999")), row(2, due=Decimal(2), first=date(2026, 3, 6)), row(3, due=Decimal(3))]
    late = definition("late", where="due = {at_least = 2}", numerator="first = {known = true, at_most = 2026-03-06}")
    found = computed(table_of(rows, folder), [late])
    assert found["late", "360902100000", "month", "2026-03-01"] == (1, 2)


def test_one_expression_for_all_flows():
    """The rows are scanned once, however many indicators there are."""
    table = ibis.table(snapshot.schema_of(view_of([])), name="rows")
    sql = str(ibis.to_sql(cells(table, [SHARE, COUNT, RATIO], [], ON), dialect="duckdb"))
    assert sql.count('FROM "rows"') == 1


def test_files_are_named_by_county_and_year_and_never_change(tmp_path):
    rows = [row(1), row(2, "360981001000"), row(3, on=date(2025, 3, 5))]
    files = snapshot.take(view_of(rows), tmp_path)
    assert sorted(name[:11] for name in files) == ["360902-2025", "360902-2026", "360981-2026"]
    before = {name: (tmp_path / name).read_bytes() for name in files}
    rows[0] = row(1, good=False)
    amended = snapshot.amend(view_of(rows), tmp_path, files, [1])
    assert len(set(files) & set(amended)) == 2
    assert {name: (tmp_path / name).read_bytes() for name in files} == before
    assert not list(tmp_path.glob("raw-*"))


def test_what_is_named_no_more_goes_after_a_while(tmp_path):
    files = snapshot.take(view_of([row(1)]), tmp_path)
    old, young = tmp_path / "old.parquet", tmp_path / "young.parquet"
    for file, minutes in ((old, 11), (young, 1), (tmp_path / files[0], 60)):
        file.touch()
        moment = (NOON - timedelta(minutes=minutes)).timestamp()
        os.utime(file, (moment, moment))
    snapshot.sweep(tmp_path, files, NOON)
    assert {f.name for f in tmp_path.iterdir()} == {files[0], "young.parquet"}


def test_from_the_first_record():
    assert parse_period("all") == Period(PeriodKind.SINCE, FIRST_DAY)
