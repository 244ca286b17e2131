"""The monthly schedule (工作配档表): months, and where bars lie on them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MOST = 60  # columns; a plan of five years


@dataclass(frozen=True)
class Bar:
    """A stretch of months: columns `first` to `last`, counted from 0, both included."""

    first: int
    last: int


def first_of(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date, by: int = 1) -> date:
    """The first day of the month `by` months later."""
    count = month.year * 12 + month.month - 1 + by
    return date(count // 12, count % 12 + 1, 1)


def months_of(days: Iterable[date], otherwise: date, least: int = 6) -> list[date]:
    """The first days of all months from the earliest to the latest day; at least some, from `otherwise` if no day."""
    known = sorted(first_of(day) for day in days) or [first_of(otherwise)]
    months = [known[0]]
    while (months[-1] < known[-1] or len(months) < least) and len(months) < MOST:
        months.append(next_month(months[-1]))
    return months


def bar(months: list[date], start: date | None, end: date | None) -> Bar | None:
    """Where a stretch of days lies; an open end is the edge of the schedule. None when nothing is known."""
    if start is None and end is None:
        return None
    first = months[0] if start is None else first_of(start)
    last = months[-1] if end is None else first_of(end)
    if last < months[0] or first > months[-1]:
        return None
    return Bar(_place(months, first), max(_place(months, last), _place(months, first)))


def _place(months: list[date], month: date) -> int:
    count = (month.year - months[0].year) * 12 + month.month - months[0].month
    return min(max(count, 0), len(months) - 1)
