"""The records behind a value: those that pass and those that fail, read from the very files that were counted.

Pages go by key (day, then the row's own key), newest first. The files are sorted so, cut by county and year, and keep
the smallest and largest day of every row group: whatever page of ten million rows is asked for, DuckDB leaves most
groups unread.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from ibis.expr.types import Table

from nongan.common.errors import RuleBroken
from nongan.common.keyset import COUNT_TO, SIZES, Page
from nongan.indicators.models import Snapshot, Value
from nongan.indicators.queries import store
from nongan.indicators.queries.catalogue import views
from nongan.indicators.queries.figures import Shown
from nongan.indicators.rules.definition import Definition
from nongan.indicators.rules.expression import matching
from nongan.indicators.rules.figures import Figure
from nongan.indicators.rules.periods import Period
from nongan.places.queries import names_of

MOST = 100_000  # records in one exported file
COLUMNS = ("id", "number", "title", "division", "date")


class TooMany(RuleBroken):
    """More records than one file takes."""

    code = "too_many_records"


@dataclass(frozen=True)
class Record:
    """One row of evidence: what people call it, a line about it, where, when, and where to look at it."""

    id: int
    number: str
    title: str
    division: str
    date: date
    place: str
    url: str


@dataclass(frozen=True)
class Behind:
    """A value and what it was counted from: both as of one moment, read in one statement."""

    shown: Shown
    snapshot: Snapshot | None

    @property
    def definition(self) -> Definition:
        return self.shown.definition

    def count(self, passing: bool) -> int:
        """How many records there are: the numerator, or denominator − numerator."""
        figure = self.shown.figure
        if self.definition.kind == "ratio":
            return self._counted(passing)
        if figure.numerator is None:
            return 0
        return int(figure.numerator) if passing else int(figure.failing or 0)

    def _counted(self, passing: bool) -> int:
        if self.snapshot is None:
            return 0
        rows = self.rows(passing)
        ((n,),) = store.fetch(rows.aggregate(n=rows.count()))
        return int(n)

    def rows(self, passing: bool) -> Table:
        assert self.snapshot is not None
        where, when = self.shown.division, self.shown.period
        rows = matching(store.table_of(self.snapshot), self.definition, where, when, self.snapshot.on)
        return rows.filter(rows.passing if passing else ~rows.passing)


def behind(one: Definition, division: str, period: Period) -> Behind:
    """The value of a division in a period with the snapshot that it was counted from."""
    found = (
        Value.objects.select_related("snapshot")
        .filter(indicator=one.code, division=division, kind=period.kind, start=period.start)
        .first()
    )
    snapshot = found.snapshot if found else Snapshot.objects.filter(view=one.view).first()
    figure = Figure(one, found.numerator if found else None, found.denominator if found else None)
    return Behind(Shown(figure, division, period, snapshot.computed_at if snapshot else None), snapshot)


def records(of: Behind, passing: bool, *, at: str = "", size: int = 0, most: int = 0) -> Page[Record]:
    """A page of the records that pass or fail; `at` is a token of a page before. `most`: only the newest so many."""
    size = most or (size if size in SIZES else SIZES[1])
    count = of.count(passing)
    if of.snapshot is None or not count:
        return Page([], "", "", 0, size)
    backwards, day, key = _unpack(at)
    rows = of.rows(passing)
    if day is not None:
        there = ibis.literal(day)
        later = (rows.date > there) | ((rows.date == there) & (rows.id > key))
        sooner = (rows.date < there) | ((rows.date == there) & (rows.id < key))
        # The first bound alone lets row groups be left unread.
        rows = rows.filter(rows.date >= there, later) if backwards else rows.filter(rows.date <= there, sooner)
    order = [rows.date, rows.id] if backwards else [rows.date.desc(), rows.id.desc()]
    found = store.fetch(rows.order_by(order).limit(size + 1).select(*COLUMNS))
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next, has_previous = (True, more) if backwards else (more, day is not None)
    return Page(
        rows=_named(of.definition, found),
        next=_pack("n", found[-1]) if found and has_next else "",
        previous=_pack("p", found[0]) if found and has_previous else "",
        count=min(count, COUNT_TO + 1),
        size=size,
    )


def all_records(of: Behind, passing: bool) -> Iterator[Record]:
    """Every record, for a file. Raises TooMany."""
    count = of.count(passing)
    if count > MOST:
        raise TooMany(
            _("有 %(n)s 条记录，一个文件最多 %(most)s 条。请选下级区划或较短的时段后再导出。")
            % {"n": f"{count:,}", "most": f"{MOST:,}"}
        )
    if of.snapshot is None or not count:
        return iter(())
    rows = of.rows(passing)
    found = store.fetch(rows.order_by([rows.date.desc(), rows.id.desc()]).select(*COLUMNS))
    return iter(_named(of.definition, found))


def _named(one: Definition, rows: list[tuple[Any, ...]]) -> list[Record]:
    places = names_of({row[3] for row in rows})
    link = views()[one.view].link
    return [
        Record(key, number, title, division, day, places.get(division, division), _url(link, number))
        for key, number, title, division, day in rows
    ]


def _url(link: str, number: str) -> str:
    try:
        return reverse(link, args=[number])
    except NoReverseMatch:
        return ""


def _pack(direction: str, row: tuple[Any, ...]) -> str:
    return f"{direction}{row[4]:%Y%m%d}-{row[0]}"


def _unpack(token: str) -> tuple[bool, date | None, int]:
    """A damaged token is the first page."""
    day, _dash, key = token[1:].partition("-")
    try:
        if token[:1] not in ("n", "p") or len(day) != 8 or not key.isdecimal():
            raise ValueError
        return token[0] == "p", date.fromisoformat(day), int(key[:18])
    except ValueError:
        return False, None, 0
