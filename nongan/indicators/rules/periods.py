"""Periods: months, quarters, years, and from a day until now. Days are those of Asia/Shanghai. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nongan.common.errors import RuleBroken

SHAPE = r"(?P<y>\d{4})(?:-(?:Q(?P<q>[1-4])|(?P<m>\d{2})))?|since-(?P<day>\d{4}-\d\d-\d\d)|all"
FIRST_DAY = date(1900, 1, 1)  # “since the first record”


class PeriodKind(TextChoices):
    MONTH = "month", gettext_lazy("月")
    QUARTER = "quarter", gettext_lazy("季度")
    YEAR = "year", gettext_lazy("年")
    SINCE = "since", gettext_lazy("起始日至今")


MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}


class NotAPeriod(RuleBroken):
    """A period that nobody can read."""

    code = "not_a_period"


@dataclass(frozen=True)
class Period:
    """A period by its kind and first day. As text: 2026-05, 2026-Q2, 2026, since-2026-01-01, all."""

    kind: PeriodKind
    start: date

    def __str__(self) -> str:
        if self.kind == PeriodKind.SINCE:
            return "all" if self.start == FIRST_DAY else f"since-{self.start:%Y-%m-%d}"
        if self.kind == PeriodKind.QUARTER:
            return f"{self.start.year:04d}-Q{self.start.month // 3 + 1}"
        return (
            f"{self.start.year:04d}-{self.start.month:02d}"
            if self.kind == PeriodKind.MONTH
            else f"{self.start.year:04d}"
        )

    @property
    def label(self) -> str:
        """As a reader says it."""
        if self.kind == PeriodKind.SINCE:
            return _("有记录以来") if self.start == FIRST_DAY else _("%(day)s 至今") % {"day": self.start.isoformat()}
        if self.kind == PeriodKind.QUARTER:
            return _("%(year)s 年第 %(n)s 季度") % {"year": self.start.year, "n": self.start.month // 3 + 1}
        if self.kind == PeriodKind.MONTH:
            return _("%(year)s 年 %(n)s 月") % {"year": self.start.year, "n": self.start.month}
        return _("%(year)s 年") % {"year": self.start.year}

    def last(self, on: date) -> date:
        """Its last day that has come by `on`."""
        if self.kind == PeriodKind.SINCE:
            return on
        return min(months_later(self.start, MONTHS[self.kind]) - timedelta(days=1), on)


def months_later(day: date, months: int) -> date:
    """The first day of the month so many months after that of `day` (before, when negative)."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def parse_period(text: str) -> Period:
    """The period that a text names. Raises NotAPeriod."""
    found = re.fullmatch(
        r"(?P<y>\d{4})(?:-(?:Q(?P<q>[1-4])|(?P<m>\d{2})))?|since-(?P<day>\d{4}-\d\d-\d\d)|all", text, re.ASCII
    )
    try:
        if not found:
            raise ValueError
        if text == "all":
            return Period(PeriodKind.SINCE, FIRST_DAY)
        if found["day"]:
            return Period(PeriodKind.SINCE, date.fromisoformat(found["day"]))
        year = int(found["y"])
        if found["q"]:
            return Period(PeriodKind.QUARTER, date(year, int(found["q"]) * 3 - 2, 1))
        if found["m"]:
            return Period(PeriodKind.MONTH, date(year, int(found["m"]), 1))
        return Period(PeriodKind.YEAR, date(year, 1, 1))
    except ValueError:
        raise NotAPeriod(
            _("看不懂时段“%(text)s”。请写成 2026-05、2026-Q2、2026、since-2026-01-01 或 all。") % {"text": text[:40]}
        ) from None


def containing(kind: PeriodKind, day: date) -> Period:
    """The month, quarter or year in which a day lies."""
    months = MONTHS[kind]
    return Period(kind, date(day.year, (day.month - 1) // months * months + 1, 1))


def months_until(on: date, count: int) -> list[Period]:
    """The last `count` months up to that of `on`, oldest first."""
    return [Period(PeriodKind.MONTH, months_later(on, -n)) for n in reversed(range(count))]


def recent(on: date) -> Iterator[Period]:
    """What a reader chooses from: everything, two years, this quarter and the last, twelve months."""
    yield Period(PeriodKind.SINCE, FIRST_DAY)
    year = containing(PeriodKind.YEAR, on)
    yield from (year, Period(PeriodKind.YEAR, months_later(year.start, -12)))
    quarter = containing(PeriodKind.QUARTER, on)
    yield from (quarter, Period(PeriodKind.QUARTER, months_later(quarter.start, -3)))
    yield from reversed(months_until(on, 12))
