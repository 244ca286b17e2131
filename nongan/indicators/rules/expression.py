"""One Ibis expression per evidence view: numerator and denominator of every indicator, division and period. Pure.

The snapshot carries two columns beside those of the view, so that ten million rows are grouped without touching a
text: `place`, the first nine digits of the division as a number, and `month`, the first day of the month of `date`.
Rows are counted once, by place and month; everything above (county, city, province; quarter, year, since) is added up
from those few thousand sums. The same conditions select the records behind a value (`matching`).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any

import ibis
from ibis.expr.types import BooleanValue, IntegerColumn, Scalar, Table

from nongan.common.divisions import LENGTH, Level, level_of, prefix_of
from nongan.indicators.rules.definition import Bounds, Condition, Conditions, Definition
from nongan.indicators.rules.periods import FIRST_DAY, MONTHS, Period, PeriodKind, months_later

# What a place is divided by to cut it to its level, and how many divisions of that level one above can have.
SCALES = ((1, 1000), (1000, 100), (100_000, 100), (10_000_000, 100))
PLACE = Level.TOWNSHIP  # digits


def meets(table: Table, conditions: Conditions) -> BooleanValue:
    """The rows that meet all conditions. A day that is missing meets no bound."""
    found = [_meets(table[name], condition) for name, condition in conditions.items()]
    return reduce(and_, found) if found else ibis.literal(True)


def _meets(column: Any, condition: Condition) -> Any:
    if isinstance(condition, tuple):  # written out, because engines look into “or” better than into “in”
        return reduce(or_, [_meets(column, one) for one in condition])
    if not isinstance(condition, Bounds):
        return column if condition is True else ~column if condition is False else column == condition
    found = []
    if condition.known is not None:
        found.append(column.notnull() if condition.known else column.isnull())
    if condition.at_least is not None:
        found.append((column >= ibis.literal(condition.at_least)).fill_null(False))
    if condition.at_most is not None:
        found.append((column <= ibis.literal(condition.at_most)).fill_null(False))
    return reduce(and_, found)


def cells(table: Table, definitions: Sequence[Definition], starts: Iterable[date], on: date) -> Table:
    """division, kind, start (text), and for each definition n_<code>, d_<code>; all flows or one stock definition.

    `starts` are the first days of periods that last until now; `on` is the last day that has come.
    """
    starts = sorted({FIRST_DAY, *starts})
    if definitions[0].stock:
        (definition,) = definitions
        return _stock_cells(table, definition, starts, on)
    counted = table.group_by(place=table.place, bucket=_bucket(table, starts)).aggregate(
        **{name: value for d in definitions for name, value in _sums(table, d).items()}
    )
    names = [column for column in counted.columns if column not in ("place", "bucket")]
    spread = _by_level(counted, "bucket", names)
    month = spread.bucket.truncate("M").cast("date")
    periods = [ibis.struct({"kind": "month", "start": month})]
    periods += [
        ibis.struct({"kind": kind, "start": spread.bucket.truncate(unit).cast("date")})
        for kind, unit in (("quarter", "Q"), ("year", "Y"))
    ]
    periods += [ibis.struct({"kind": "since", "start": _since(spread.bucket >= start, start)}) for start in starts]
    return _by_period(spread, periods, names)


def _since(begun: Any, start: date) -> Any:
    return ibis.ifelse(begun, ibis.literal(start), ibis.null("date"))


def _bucket(table: Table, starts: Sequence[date]) -> Any:
    """The month, or the start within that month at which a period begins that lasts until now."""
    bucket: Any = table.month
    for start in starts:
        if start.day != 1:
            begun = (table.month == ibis.literal(start.replace(day=1))) & (table.date >= ibis.literal(start))
            bucket = ibis.ifelse(begun, ibis.literal(start), bucket)
    return bucket


def _sums(table: Table, definition: Definition) -> dict[str, Any]:
    """Numerator and denominator of one definition within a group; a count has no denominator among the rows."""
    n, d = f"n_{definition.code}", f"d_{definition.code}"
    below = meets(table, definition.where)
    above = below & meets(table, definition.numerator)
    if definition.kind == "ratio":
        upper, lower = table[str(definition.numerator_sum)], table[str(definition.denominator_sum)]
        return {n: upper.sum(where=above).fill_null(0), d: lower.sum(where=below).fill_null(0)}
    if definition.kind == "count":
        return {n: _how_many(table, below)}
    return {n: _how_many(table, above), d: _how_many(table, below)}


def _how_many(table: Table, rows: Any) -> Any:
    """Adding up ones is what DuckDB does fastest with a condition; without one, every row counts."""
    return table.count() if isinstance(rows, Scalar) else rows.cast("int32").sum()


def _by_level(counted: Table, key: str, names: Sequence[str]) -> Table:
    """Sums by division of every level: `code`, the digits of its level as a number of twelve digits."""
    scales = ibis.array([ibis.literal(scale, "int64") for scale, _most in SCALES])
    spread = counted.mutate(place=counted.place.cast("int64"), scale=scales.unnest())
    own: Any = ibis.literal(False)
    for scale, most in SCALES:  # a row of a county itself lies in no township
        own |= (spread.scale == scale) & ((spread.place // scale) % most != 0)
    spread = spread.filter(own)
    code = (spread.place - spread.place % spread.scale) * 1000
    return spread.group_by(code=code, **{key: spread[key]}).aggregate(**{n: spread[n].sum() for n in names})


def _by_period(spread: Table, periods: Sequence[Any], names: Sequence[str]) -> Table:
    dated = spread.mutate(period=ibis.array(list(periods)).unnest())
    dated = dated.filter(dated.period.start.notnull())
    found = dated.group_by(code=dated.code, kind=dated.period.kind, start=dated.period.start).aggregate(
        **{n: dated[n].sum() for n in names}
    )
    return found.select(
        division=found.code.cast("string").lpad(LENGTH, "0"), kind=found.kind, start=found.start.cast("string"),
        **{n: found[n] for n in names},
    )  # fmt: skip


def _stock_cells(table: Table, definition: Definition, starts: Sequence[date], on: date) -> Table:
    """What there is on the last day of every month: comings and goings added up, then carried to the next change."""
    n, d = f"n_{definition.code}", f"d_{definition.code}"
    here = meets(table, definition.where)
    if definition.kind == "count":
        names = [n]
        moves = _moves(table, here, table.date, definition, n, names)
    else:
        names = [n, d]
        passing = here & meets(table, definition.numerator)
        moves = _moves(table, here, table.date, definition, d, names)
        moves += _moves(table, passing, _counts_from(table, definition), definition, n, names)
    moved = moves[0].union(*moves[1:]) if len(moves) > 1 else moves[0]
    moved = moved.filter(moved.day <= ibis.literal(on))
    counted = moved.group_by(place=moved.place, at=_number(moved.day)).aggregate(**{c: moved[c].sum() for c in names})
    spread = _by_level(counted, "at", names)
    order = ibis.window(group_by=spread.code, order_by=spread["at"])
    now = on.year * 12 + on.month - 1
    carried = spread.mutate(
        **{c: spread[c].sum().over(ibis.cumulative_window(group_by=spread.code, order_by=spread["at"])) for c in names},
        until=ibis.coalesce(spread["at"].lead().over(order), now + 1),
    )
    monthly = carried.mutate(here=ibis.range(carried["at"], carried.until).unnest())
    return _by_period(monthly, _ends(monthly, starts, on, now), names)


def _counts_from(table: Table, definition: Definition) -> Any:
    """The day from which a row is in the numerator; null when it never is."""
    column = definition.stock.counts_from if definition.stock else None
    if column is None:
        return table.date
    return ibis.ifelse(table[column].isnull(), ibis.null("date"), ibis.greatest(table.date, table[column]))


def _moves(table: Table, rows: Any, first: Any, definition: Definition, name: str, names: Sequence[str]) -> list[Table]:
    """In column `name` (0 in the others): +1 on the day a row begins to count, −1 on the day it leaves.

    A row that leaves before it begins never counts.
    """
    until = definition.stock.until if definition.stock else None
    leaves = table[until] if until else ibis.null("date")
    counts = rows & first.notnull() & (leaves.isnull() | (leaves > first))

    def step(rows: Any, day: Any, by: int) -> Table:
        return table.filter(rows).select(
            place=table.place, day=day.cast("date"), **{n: ibis.literal(by if n == name else 0, "int64") for n in names}
        )

    comes = step(counts, first, 1)
    return [comes, step(counts & leaves.notnull(), leaves, -1)] if until else [comes]


def _number(day: Any) -> IntegerColumn:
    """Months since year 0."""
    return (day.year() * 12 + day.month() - 1).cast("int64")


def _ends(monthly: Table, starts: Sequence[date], on: date, now: int) -> list[Any]:
    """The periods whose last month (the last that has come) this is."""
    found = []
    for kind, months in MONTHS.items():
        last = (monthly.here % months == months - 1) | (monthly.here == now)
        first = monthly.here - monthly.here % months
        start = ibis.date((first // 12).cast("int32"), (first % 12 + 1).cast("int32"), ibis.literal(1))
        found.append(ibis.struct({"kind": kind.value, "start": ibis.ifelse(last, start, ibis.null("date"))}))
    found += [
        ibis.struct({"kind": "since", "start": _since(monthly.here == now, start)}) for start in starts if start <= on
    ]
    return found


# The records behind a value


def matching(table: Table, definition: Definition, division: str, period: Period, on: date) -> Table:
    """The rows below the line of one value, with `passing`: is the row above the line too?"""
    rows = table.filter(_inside(table, division), meets(table, definition.where))
    if not definition.stock:
        rows = rows.filter(_within(rows, period))
        return rows.mutate(passing=meets(rows, definition.numerator))
    day = ibis.literal(period.last(on))
    rows = rows.filter(rows.date <= day)
    if definition.stock.until:
        until = rows[definition.stock.until]
        rows = rows.filter(until.isnull() | (until > day))
    passing = meets(rows, definition.numerator)
    if definition.stock.counts_from:
        passing &= (rows[definition.stock.counts_from] <= day).fill_null(False)
    return rows.mutate(passing=passing)


def tally(rows: Table, definition: Definition) -> Table:
    """`n` and `d` counted from the records themselves."""
    if definition.kind == "ratio":
        upper, lower = rows[str(definition.numerator_sum)], rows[str(definition.denominator_sum)]
        return rows.aggregate(n=upper.sum(where=rows.passing).fill_null(0), d=lower.sum().fill_null(0))
    return rows.aggregate(n=rows.count(where=rows.passing), d=rows.count())


def _inside(table: Table, division: str) -> Any:
    prefix = prefix_of(division)
    if level_of(division) > PLACE:
        return table.division == division
    low, high = int(prefix.ljust(PLACE, "0")), int(prefix.ljust(PLACE, "9"))
    return table.place.between(low, high)


def _within(table: Table, period: Period) -> Any:
    first = table.date >= ibis.literal(period.start)
    if period.kind == PeriodKind.SINCE:
        return first
    return first & (table.date < ibis.literal(months_later(period.start, MONTHS[period.kind])))
