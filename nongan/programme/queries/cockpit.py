"""The cockpit: the targets of a plan in force against the figures that the records give."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from nongan.common.divisions import Level, covers, level_of, parent_of
from nongan.common.quantity import plain
from nongan.common.words import listed
from nongan.indicators.queries.catalogue import definitions, words
from nongan.indicators.queries.figures import Figures, Series, counted_since, parts_of, period_for
from nongan.indicators.rules.definition import Definition
from nongan.indicators.rules.figures import Distance, Figure, is_per_head
from nongan.indicators.rules.periods import Period, PeriodKind, months_until
from nongan.places.queries import boundaries_of
from nongan.places.rules import hexagons
from nongan.programme.models import PlanVersion, Target, Task
from nongan.programme.queries.tasks import carriers
from nongan.programme.rules.catalogue import NAMES
from nongan.programme.rules.cockpit import (
    TONES,
    Standing,
    against,
    comparable_below,
    day_of,
    expected_by,
    missed_since,
    order,
    shade,
    standing_in,
)

if TYPE_CHECKING:
    from nongan.accounts.models import User

MONTHS = 12  # of the small lines
TREND = 24


@dataclass(frozen=True)
class Course:
    """Where a plan is: its first and last day, which day today is, and the phase."""

    start: date
    end: date | None
    day: int
    phase: Any  # programme.Phase or None

    def running(self, on: date) -> bool:
        return self.start <= on and (self.end is None or on <= self.end)


def course_of(version: PlanVersion, on: date) -> Course:
    """A plan begins with its first phase, else on the day of its adoption (as services.adoption counts it).
    `version.phases` are prefetched."""
    phases = list(version.phases.all())
    starts = [phase.start for phase in phases if phase.start]
    ends = [phase.end for phase in phases if phase.end]
    start = min(starts) if starts else localdate(version.adopted_at or version.read_at)
    now = next((p for p in phases if p.start and p.start <= on and (p.end is None or on <= p.end)), None)
    return Course(start, max(ends, default=None), day_of(start, on), now)


@dataclass(frozen=True)
class Part:
    """A division on the map and in the ranking."""

    division: Any  # places.Division
    figure: Figure
    standing: Standing
    distance: Distance | None
    shade: str
    shown: str  # value with unit, or “无数据”
    selected: bool = False


@dataclass(frozen=True)
class Row:
    """A target in the table. `definition` is None where its indicator is not computed (yet)."""

    target: Target
    definition: Definition | None
    name: str
    standing: Standing
    wanted: str  # ≥ 98%
    period: Period | None = None
    figure: Figure | None = None
    value: str = ""
    distance: Distance | None = None
    series: Series | None = None  # twelve months for the small line
    trend: Series | None = None
    since: date | None = None
    parts: tuple[Part, ...] = ()
    below: int | None = None  # parts that miss the target; None where the target is not theirs
    units: str = ""
    whole_only: bool = False  # the target is a total of the plan's own division
    pace: str = ""  # what a quota asks for by today, with unit

    @property
    def tone(self) -> str:
        return TONES[self.standing]

    @property
    def key(self) -> str:
        """What the address bar calls it."""
        return f"{self.target.indicator}.{self.target.number}"

    @property
    def unit(self) -> str:
        return self.target.unit


SIGNS = {">=": "≥", "<=": "≤", "=": "="}


def targets_of(version: PlanVersion) -> list[Target]:
    """The targets of a version with the units that carry their tasks: three queries."""
    tasks = Task.objects.prefetch_related("units")
    return list(version.targets.prefetch_related(Prefetch("task", tasks)).order_by("number"))


@dataclass(frozen=True)
class Board:
    """Everything that the cockpit shows of a division in a period."""

    rows: tuple[Row, ...]
    parts: tuple[Any, ...]  # the divisions on the map
    at: datetime | None  # the oldest computation among the figures shown
    first_month: date  # of the months that were looked at
    computing: bool = False  # figures since the plan's first day are asked for, and not computed yet

    @property
    def with_figures(self) -> list[Row]:
        return [row for row in self.rows if row.definition]

    @property
    def without(self) -> list[Row]:
        """Targets of which no record is kept here yet."""
        return [row for row in self.rows if not row.definition]

    def counted(self, standing: Standing) -> int:
        return sum(row.standing == standing for row in self.rows)

    @property
    def counts(self) -> list[tuple[Standing, int, str]]:
        """Standing, how many, tone: those that occur."""
        return [(s, n, TONES[s]) for s in Standing if (n := self.counted(s))]


def board(user: "User", version: PlanVersion, division: str, period: Period, on: date) -> Board:
    """Rows sorted by distance to the target. A fixed number of queries."""
    targets = targets_of(version)
    known = {t.indicator: definitions()[t.indicator] for t in targets if t.indicator in definitions()}
    asked = {code: period_for(one, period, on) for code, one in known.items()}
    parts = _on_the_map(user, division)
    months = months_until(on, TREND)
    here = Figures(known, [division], [*set(asked.values()), *months])
    there = Figures(known, [part.code for part in parts], set(asked.values()), here.snapshots)
    own = version.plan.division_id
    rows = [_row(t, known.get(t.indicator), asked, here, there, division, parts, months, own, on) for t in targets]
    rows.sort(key=lambda row: (*order(row.standing, row.distance), row.target.number))
    computed = [s.computed_at for s in here.snapshots.values() if s.view in {one.view for one in known.values()}]
    return Board(tuple(rows), tuple(parts), min(computed, default=None), months[0].start, _computing(rows, period))


def _computing(rows: Sequence[Row], period: Period) -> bool:
    """A plan that was just adopted has a first day of its own; the worker counts from it in its next round."""
    asked = [row for row in rows if row.period == period and row.definition]
    silent = bool(asked) and all(row.standing == Standing.NO_DATA for row in asked)
    return period.kind == PeriodKind.SINCE and silent and not counted_since(period.start)


def _on_the_map(user: "User", division: str) -> list[Any]:
    """The divisions one level down; of a township its neighbours, where the reader sees them."""
    if level_of(division) < Level.TOWNSHIP:
        return parts_of(division)
    parent = parent_of(division)
    return parts_of(parent) if covers(user.scope, parent) else []


def _row(
    target: Target, one: Definition | None, asked: dict[str, Period], here: Figures, there: Figures, division: str,
    parts: Sequence[Any], months: Sequence[Period], own: str, on: date,
) -> Row:  # fmt: skip
    wanted = f"{SIGNS[target.comparator]} {plain(target.value)}{target.unit}"
    units = _units(target)
    if one is None:
        name = str(NAMES.get(target.indicator, "")) or target.text
        return Row(target, None, name, Standing.WAITING, wanted, units=units)
    period = asked[one.code]
    figure = here.figure(one, division, period)
    standing, far = standing_in(figure, target.comparator, target.value, target.unit, period, on)
    whole_only = division != own and not comparable_below(figure, target.unit)
    if whole_only:
        standing, far = Standing.OTHER, None
    series = here.series(one, division, months)
    below = comparable_below(figure, target.unit)
    shown = tuple(_part(p, there.figure(one, p.code, period), target, below, division, period, on) for p in parts)
    pace = None if whole_only else expected_by(figure, target.comparator, target.value, period, on)
    counts = below and level_of(division) < Level.TOWNSHIP
    return Row(
        target, one, words(one).name, standing, wanted, period, figure, figure.text_in(target.unit), far,
        Series(series.periods[-MONTHS:], series.figures[-MONTHS:]), series,
        _since(series, target) if standing == Standing.MISSED and one.kind != "count" else None,
        shown, sum(p.standing == Standing.MISSED for p in shown) if counts else None, units, whole_only,
        _quota(pace, target.unit) if pace is not None and standing in (Standing.MISSED, Standing.ON_COURSE) else "",
    )  # fmt: skip


def _quota(expected: Fraction, unit: str) -> str:
    """So much must be done: whole things, of a rate two decimals, rounded up."""
    step = 100 if is_per_head(unit) else 1
    return plain(Decimal(ceil(expected * step)) / step) + unit


def _since(series: Series, target: Target) -> date | None:
    pairs = zip(series.periods, series.figures, strict=True)
    return missed_since([(p.start, against(f, target.comparator, target.value, target.unit)[0]) for p, f in pairs])


def _part(
    part: Any, figure: Figure, target: Target, below: bool, division: str, period: Period, on: date
) -> Part:  # fmt: skip
    standing, far = standing_in(figure, target.comparator, target.value, target.unit, period, on)
    if not below and far is not None:
        standing, far = Standing.OTHER, None
    text = figure.text_in(target.unit)
    shown = f"{text}{target.unit}" if text else _("无数据")
    return Part(part, figure, standing, far, shade(standing, far), shown, part.code == division)


def _units(target: Target) -> str:
    """Who acts: the leading or responsible units of the target's task."""
    found = carriers(target.task.units.all()) if target.task else []
    return listed((c.text for c in found if c.role in ("lead", "responsible")), "；")


def ranking(row: Row) -> list[Part]:
    """Best first; those without data at the end."""
    sign = -1 if row.definition is None or row.definition.direction == "up" else 1
    return sorted(row.parts, key=lambda p: (p.figure.value is None, sign * (p.figure.value or 0), p.division.code))


WIDE, HIGH, HALF = 104, 90, 52  # a hexagon's step to the right and down, in units of the drawing


@dataclass(frozen=True)
class Cell:
    """A hexagon of the schematic map, by its centre."""

    part: Part
    x: int
    y: int

    @property
    def points(self) -> str:
        corners = ((0, -60), (HALF, -30), (HALF, 30), (0, 60), (-HALF, 30), (-HALF, -30))
        return " ".join(f"{self.x + dx},{self.y + dy}" for dx, dy in corners)


@dataclass(frozen=True)
class Schema:
    """The schematic map: hexagons in a box."""

    cells: tuple[Cell, ...]
    width: int
    height: int


def schema(row: Row) -> Schema:
    """Hexagons for the divisions of a row, as places.rules lays them."""
    places = hexagons(part.division.code for part in row.parts)
    cells = tuple(
        Cell(part, HALF + 4 + column * WIDE + (HALF if line % 2 else 0), 64 + line * HIGH)
        for part in row.parts
        for column, line in [places[part.division.code]]
    )
    return Schema(cells, max((c.x for c in cells), default=0) + HALF + 4, max((c.y for c in cells), default=0) + 64)


def outlines(row: Row) -> list[dict[str, Any]]:
    """GeoJSON features of the divisions whose boundaries were imported; empty where none was."""
    found = boundaries_of([part.division.code for part in row.parts])
    return [
        {
            "code": part.division.code, "name": part.division.name, "shown": part.shown, "shade": part.shade,
            "selected": part.selected, "geometry": found[part.division.code],
        }
        for part in row.parts
        if part.division.code in found
    ]  # fmt: skip


def periods_for(course: Course, on: date, choices: Sequence[Period]) -> list[Period]:
    """From the plan's first day until now, then what every reader chooses from."""
    return [Period(PeriodKind.SINCE, course.start), *(p for p in choices if p.kind != PeriodKind.SINCE)]
