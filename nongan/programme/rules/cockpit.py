"""Is a target met, how far is it, since when: a target of a plan against a computed figure. Pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nongan.indicators.rules.figures import Distance, Figure, distance, is_per_head
from nongan.indicators.rules.periods import Period, PeriodKind

NEAR = Fraction(-2, 100)  # of the target; our own choice: what misses it by less is shown in amber


class Standing(TextChoices):
    """How a target stands. `other`: the figure cannot be measured in the unit of the target. `on_course`: a quota of
    a year that is not over, and no less done than the days gone ask for."""

    MISSED = "missed", _("未达标")
    NO_DATA = "no_data", _("无数据")
    ON_COURSE = "on_course", _("进度正常")
    MET = "met", _("达标")
    OTHER = "other", _("口径不同")
    WAITING = "waiting", _("尚未接入")


TONES = {
    Standing.MISSED: "bad", Standing.NO_DATA: "idle", Standing.ON_COURSE: "info", Standing.MET: "ok",
    Standing.OTHER: "idle", Standing.WAITING: "idle",
}  # fmt: skip


def against(figure: Figure, comparator: str, target: Decimal, unit: str) -> tuple[Standing, Distance | None]:
    """How a figure stands to a target, compared exactly in the target's unit."""
    if not figure.known:
        return Standing.NO_DATA, None
    value = figure.measured_in(unit)
    if value is None:
        heads_unknown = is_per_head(unit) and figure.definition.kind == "count"
        return (Standing.NO_DATA if heads_unknown else Standing.OTHER), None
    found = distance(value, comparator, target)
    return (Standing.MET if found.met else Standing.MISSED), found


def expected_by(figure: Figure, comparator: str, target: Decimal, period: Period, on: date) -> Fraction | None:
    """What a quota of a year asks for by the end of a day, every day as much as another (our own choice: plans name
    the total alone). None where the year is not running, or the figure is no quota."""
    if figure.definition.kind != "count" or comparator != ">=" or period.kind != PeriodKind.YEAR:
        return None
    days, gone = day_of(period.start, date(period.start.year + 1, 1, 1)) - 1, day_of(period.start, on)
    return Fraction(target) * gone / days if 0 < gone < days else None


def standing_in(
    figure: Figure, comparator: str, target: Decimal, unit: str, period: Period, on: date
) -> tuple[Standing, Distance | None]:
    """As `against`, but a quota is missed in its running year only where less is done than the days gone ask for."""
    standing, found = against(figure, comparator, target, unit)
    expected = expected_by(figure, comparator, target, period, on)
    if standing == Standing.MISSED and expected is not None:
        value = figure.measured_in(unit)
        if value is not None and value >= expected:
            return Standing.ON_COURSE, found
    return standing, found


def comparable_below(figure: Figure, unit: str) -> bool:
    """May the same target be held against a part of the division? A total of the city is no target of a county."""
    return figure.definition.kind != "count" or is_per_head(unit)


def order(standing: Standing, found: Distance | None) -> tuple[int, Fraction]:
    """Farthest from the target first, then what has no data, what is on course, what is met, what is not computed."""
    ranks = (
        Standing.MISSED, Standing.NO_DATA, Standing.ON_COURSE, Standing.MET, Standing.OTHER, Standing.WAITING
    )  # fmt: skip
    return ranks.index(standing), found.relative if found else Fraction(0)


def shade(standing: Standing, found: Distance | None) -> str:
    """The colour of a division on the map: met, near, missed, or none."""
    if standing == Standing.MISSED and found is not None:
        return "near" if found.relative >= NEAR else "missed"
    return "met" if standing in (Standing.MET, Standing.ON_COURSE) else "none"


def missed_since(standings: Sequence[tuple[date, Standing]]) -> date | None:
    """The first month of the unbroken run of missed months at the end; months without data do not break it."""
    since = None
    for month, standing in reversed(standings):
        if standing == Standing.MET:
            break
        if standing == Standing.MISSED:
            since = month
    return since


def day_of(start: date, on: date) -> int:
    """The first day is day 1; 0 or less before it."""
    return (on - start).days + 1
