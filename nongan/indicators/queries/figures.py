"""Values for a reader: one, all of a division, of the divisions in it, through time. No value is ever made up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.divisions import Level, covers, level_of
from nongan.indicators.models import Snapshot, Value
from nongan.indicators.queries.catalogue import definition, definitions
from nongan.indicators.rules.definition import Definition
from nongan.indicators.rules.figures import Figure
from nongan.indicators.rules.periods import Period, PeriodKind, containing, months_until
from nongan.places.queries import children_of, path_of

if TYPE_CHECKING:
    from nongan.accounts.models import User

TREND = 24  # months


class OutOfSight(ObjectDoesNotExist):
    """A division that does not lie in the reader's own."""


def place_for(user: "User", division: str = "") -> str:
    """The division that this person asked for, blank for the own. Raises PermissionDenied, OutOfSight."""
    require(user, Permission.INDICATOR_VIEW)
    if division and not (len(division) == 12 and division.isdecimal() and covers(user.scope, division)):
        raise OutOfSight(division)
    return division or user.scope


@dataclass(frozen=True)
class Shown:
    """A figure of a division in a period. `at`: until when it holds; None when its evidence was never counted."""

    figure: Figure
    division: str
    period: Period
    at: datetime | None

    @property
    def definition(self) -> Definition:
        return self.figure.definition


@dataclass(frozen=True)
class Series:
    """An indicator of a division month by month, oldest first."""

    periods: tuple[Period, ...]
    figures: tuple[Figure, ...]


Key = tuple[str, str, Period]


def counted_since(start: date) -> bool:
    """Is there any figure yet from this day until now?"""
    return Value.objects.filter(kind=PeriodKind.SINCE, start=start).exists()


class Figures:
    """Values that were read together: two queries, however many; one where the `snapshots` are known."""

    def __init__(
        self, codes: Iterable[str], divisions: Iterable[str], periods: Iterable[Period],
        snapshots: "dict[str, Snapshot] | None" = None,
    ) -> None:  # fmt: skip
        if snapshots is None:
            snapshots = {snapshot.view: snapshot for snapshot in Snapshot.objects.defer("files")}
        self.snapshots = snapshots
        wanted = Q(pk__in=[])
        by_kind: dict[str, list[date]] = {}
        for period in periods:
            by_kind.setdefault(period.kind, []).append(period.start)
        for kind, starts in by_kind.items():
            wanted |= Q(kind=kind, start__in=starts)
        rows = Value.objects.filter(wanted, indicator__in=list(codes), division__in=list(divisions))
        self.values: dict[Key, tuple[Decimal, Decimal | None]] = {
            (code, division, Period(PeriodKind(kind), start)): (n, d)
            for code, division, kind, start, n, d in rows.values_list(
                "indicator", "division", "kind", "start", "numerator", "denominator"
            )
        }

    def figure(self, one: Definition, division: str, period: Period) -> Figure:
        """Nothing stored is no data; of a count it is zero, once its evidence was counted."""
        n, d = self.values.get((one.code, division, period), (None, None))
        snapshot = self.snapshots.get(one.view)
        if n is None and one.kind == "count" and snapshot is not None and snapshot.rows:
            n = Decimal(0)
        return Figure(one, n, d)

    def shown(self, one: Definition, division: str, period: Period) -> Shown:
        snapshot = self.snapshots.get(one.view)
        return Shown(self.figure(one, division, period), division, period, snapshot.computed_at if snapshot else None)

    def series(self, one: Definition, division: str, months: Sequence[Period]) -> Series:
        return Series(tuple(months), tuple(self.figure(one, division, month) for month in months))


def period_for(one: Definition, period: Period, on: date) -> Period:
    """The period in which an indicator is read when a reader asks for another: a yearly quota runs through the year."""
    if one.target_period == "year" and period.kind == PeriodKind.SINCE:
        return containing(PeriodKind.YEAR, on)
    return period


def value(code: str, division: str, period: Period) -> Shown:
    """One value. Raises NoSuchIndicator."""
    one = definition(code)
    return Figures([code], [division], [period]).shown(one, division, period)


@dataclass(frozen=True)
class Line:
    """An indicator in the table of a division."""

    shown: Shown
    series: Series


def table(division: str, period: Period, on: date) -> list[Line]:
    """Every indicator of a division: the figure of the period, and how it came about."""
    months = months_until(on, TREND)
    asked = {one.code: period_for(one, period, on) for one in definitions().values()}
    read = Figures(asked, [division], [*set(asked.values()), *months])
    return [
        Line(read.shown(one, division, asked[one.code]), read.series(one, division, months))
        for one in definitions().values()
    ]


@dataclass(frozen=True)
class Part:
    """A division within another, and its figure."""

    division: Any  # places.Division
    figure: Figure


def breakdown(one: Definition, division: str, period: Period) -> list[Part]:
    """The divisions one level down, by code; of a township there are none."""
    inside = parts_of(division)
    read = Figures([one.code], [part.code for part in inside], [period])
    return [Part(part, read.figure(one, part.code, period)) for part in inside]


def parts_of(division: str) -> list[Any]:
    """The divisions one level down for which there are values."""
    return list(children_of(division)) if level_of(division) < Level.TOWNSHIP else []


def trend(one: Definition, division: str, on: date, count: int = TREND) -> Series:
    months = months_until(on, count)
    return Figures([one.code], [division], months).series(one, division, months)


def way_to(user: "User", division: str) -> list[Any]:
    """From the reader's own division down to one."""
    return [step for step in path_of(division) if covers(user.scope, step.code)]
