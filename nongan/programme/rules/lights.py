"""How a deadline stands on a day, in working days.

A last day that is a day off moves to the next working day, by analogy with 民法典 第二百零三条 (期间的最后一日是法定
休假日的,以法定休假日结束的次日为期间的最后一日); make-up working days (调休) are working days, as the State Council's
yearly holiday notice sets them. “Due soon” is our own choice: five working days or fewer are left.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nongan.places.rules import Calendar
from nongan.programme.rules.reading.shapes import Role

SOON = 5  # working days


class Light(TextChoices):
    OVERDUE = "overdue", _("超期")
    SOON = "soon", _("临期")
    ON_TIME = "on_time", _("正常")
    DONE = "done", _("已完成")
    NO_DATE = "no_date", _("无时限")


TONES = {Light.OVERDUE: "bad", Light.SOON: "warn", Light.ON_TIME: "info", Light.DONE: "ok", Light.NO_DATE: "idle"}


@dataclass(frozen=True)
class Window:
    """A day's two thresholds, so that a list of thousands needs no calendar: earlier than `late_before` is overdue,
    up to and including `soon_until` is due soon, later is on time."""

    late_before: date
    soon_until: date


def window(on: date, calendar: Calendar) -> Window:
    late_before = on
    while not calendar.works(late_before - timedelta(days=1)):
        late_before -= timedelta(days=1)
    return Window(late_before, calendar.add(on, SOON))


def light(due: date | None, done: bool, window: Window) -> Light:
    if done:
        return Light.DONE
    if due is None:
        return Light.NO_DATE
    if due < window.late_before:
        return Light.OVERDUE
    return Light.SOON if due <= window.soon_until else Light.ON_TIME


def days_left(due: date, on: date, calendar: Calendar) -> int:
    """Working days from `on` (not counted) to the last day; negative when it has passed."""
    return calendar.between(on, calendar.roll(due))


def is_done(units: Iterable[tuple[str, int | None]], completed: set[int]) -> bool:
    """Has every leading and responsible organisation completed its part?

    `units` are (role, organisation); `completed` the organisations with an accepted completing report. Where only
    supporting or common units are named, theirs count. A name without an organisation cannot report and is passed
    over; a task without any organisation is never done by itself.
    """
    named = [(role, organisation) for role, organisation in units if organisation is not None]
    leading = {organisation for role, organisation in named if role in (Role.LEAD, Role.RESPONSIBLE)}
    wanted = leading or {organisation for _role, organisation in named}
    return bool(wanted) and wanted <= completed
