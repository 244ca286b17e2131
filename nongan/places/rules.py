"""Working days: the State Council's yearly arrangement of holidays and make-up working days (调休). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """Days that differ from the week: True a working Saturday or Sunday, False a day off.

    A day that the table does not know is judged by the week alone; `knows` tells whether its year is in the table.
    """

    special: Mapping[date, bool] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        return self.special.get(day, day.weekday() < SATURDAY)

    def knows(self, day: date) -> bool:
        return any(known.year == day.year for known in self.special)

    def add(self, day: date, working_days: int) -> date:
        """The day `working_days` working days after `day` (民事期间: the first day is not counted)."""
        while working_days > 0:
            day += timedelta(days=1)
            working_days -= self.works(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` lies before."""
        if end < start:
            return -self.between(end, start)
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(self.works(day) for day in days)

    def roll(self, day: date) -> date:
        """A period that ends on a day off ends on the next working day (行政处罚法 第八十五条, 民法典 第二百零三条)."""
        while not self.works(day):
            day += timedelta(days=1)
        return day


def end_of(day: date, like: datetime) -> datetime:
    """The last second of a day, in the time zone of `like`."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=like.tzinfo)
