"""Every legal clock as a row of one table: how long, in which days, since when in force, from which article. Pure.

A day counts from the next one (民法典 第二百零一条). “二日”“三日”“五日”“七日” of the 行政处罚法 are working days
(第八十五条). 国务院令第310号 says only “3日” and has no such article: its days are taken as natural days, the strict
reading, and do not roll. Other periods that end on a day off end on the next working day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nongan.common.errors import RuleBroken
from nongan.enforcement.rules.states import Procedure
from nongan.places.rules import Calendar, end_of


class Clock(TextChoices):
    """What must be done before the deadline."""

    FILE = "file", _("决定是否立案")
    DECIDE = "decide", _("作出处罚决定")
    ANSWER = "answer", _("当事人要求听证")
    PAY = "pay", _("当事人缴纳罚款")
    TRANSFER = "transfer", _("负责人决定是否移送")
    HAND_OVER = "hand_over", _("移送公安机关")
    POLICE = "police", _("公安机关审查")
    RECONSIDER = "reconsider", _("提请公安机关复议")
    POLICE_AGAIN = "police_again", _("公安机关复议")
    GOODS = "goods", _("移交涉案物品和材料")
    DISPOSE = "dispose", _("处置不合格产品")


class Days(StrEnum):
    HOURS = "hours"
    NATURAL = "natural"
    WORKING = "working"


@dataclass(frozen=True)
class Period:
    """`rolls`: a last day that is a day off moves to the next working day. `procedure`: blank holds for all."""

    clock: Clock
    length: int
    days: Days
    source: str
    procedure: str = ""
    extension: int = 0  # of the same days, with the head's approval
    extension_source: str = ""
    rolls: bool = False
    valid_from: date = date(2021, 7, 15)
    valid_to: date | None = None


TRANSFER_LAW = "《行政执法机关移送涉嫌犯罪案件的规定》（国务院令第310号，2020年修订）"
TRANSFER_2020 = date(2020, 8, 7)
AGRICULTURE_LAW = "《农业行政处罚程序规定》（农业农村部令2021年第4号）"
MARKET_LAW = "《市场监督管理行政处罚程序规定》"
PERIODS: tuple[Period, ...] = (
    Period(
        Clock.FILE, 7, Days.WORKING, f"{AGRICULTURE_LAW}第三十条；《行政处罚法》第五十四条第二款、第八十五条",
        Procedure.AGRICULTURE, extension=7, extension_source=f"{AGRICULTURE_LAW}第三十条", rolls=True,
        valid_from=date(2022, 2, 1),
    ),
    Period(
        Clock.FILE, 15, Days.WORKING, f"{MARKET_LAW}第十八条；《行政处罚法》第五十四条第二款", Procedure.MARKET,
        extension=15, extension_source=f"{MARKET_LAW}第十八条", rolls=True,
    ),
    Period(
        Clock.DECIDE, 90, Days.NATURAL, "《行政处罚法》第六十条", Procedure.AGRICULTURE, extension=30,
        extension_source=AGRICULTURE_LAW, rolls=True,
    ),
    Period(
        Clock.DECIDE, 90, Days.NATURAL, "《行政处罚法》第六十条", Procedure.MARKET, extension=30,
        extension_source=f"{MARKET_LAW}第六十四条", rolls=True,
    ),
    Period(Clock.ANSWER, 5, Days.WORKING, "《行政处罚法》第六十四条第（一）项、第八十五条", rolls=True),
    Period(Clock.PAY, 15, Days.NATURAL, "《行政处罚法》第六十七条第三款", rolls=True),
    Period(Clock.TRANSFER, 3, Days.NATURAL, f"{TRANSFER_LAW}第五条第二款", valid_from=TRANSFER_2020),
    Period(Clock.HAND_OVER, 24, Days.HOURS, f"{TRANSFER_LAW}第五条第二款", valid_from=TRANSFER_2020),
    Period(Clock.POLICE, 3, Days.NATURAL, f"{TRANSFER_LAW}第八条", valid_from=TRANSFER_2020),
    Period(Clock.RECONSIDER, 3, Days.NATURAL, f"{TRANSFER_LAW}第九条第一款", valid_from=TRANSFER_2020),
    Period(Clock.POLICE_AGAIN, 3, Days.NATURAL, f"{TRANSFER_LAW}第九条第二款", valid_from=TRANSFER_2020),
    Period(Clock.GOODS, 3, Days.NATURAL, f"{TRANSFER_LAW}第十二条", valid_from=TRANSFER_2020),
    Period(
        Clock.DISPOSE, 15, Days.NATURAL,
        "《农产品质量安全法》第七十条、第七十一条未定期限；15 日为本平台的提醒期限", rolls=True,
    ),
)  # fmt: skip
EARLIEST = date(1900, 1, 1)
HEARING_NOTICE = 7  # working days before the session (行政处罚法 第六十四条第（二）项、第八十五条)
LIMITATION = 2  # years (行政处罚法 第三十六条)


class NotExtendable(RuleBroken):
    code = "not_extendable"


def period(clock: Clock, on: date, procedure: str = Procedure.AGRICULTURE, table: Sequence[Period] = PERIODS) -> Period:
    """The row in force on a day; before the first one, that one (an old case entered late). Raises LookupError."""
    rows = [p for p in table if p.clock == clock and p.procedure in ("", procedure)]
    rows.sort(key=lambda p: p.valid_from)
    in_force = [p for p in rows if p.valid_from <= on and (p.valid_to is None or on <= p.valid_to)]
    found = in_force[-1:] or rows[:1]
    if not found:
        raise LookupError(clock)
    return found[0]


def due(period: Period, start: datetime, calendar: Calendar, *, extended: bool = False) -> datetime:
    """The last moment: hours run from the minute, days end with the day. `start` must be in local time."""
    length = period.length + (period.extension if extended else 0)
    if period.days == Days.HOURS:
        return start + timedelta(hours=length)
    working = period.days == Days.WORKING
    last = calendar.add(start.date(), length) if working else start.date() + timedelta(days=length)
    return end_of(calendar.roll(last) if period.rolls else last, start)


def check_extendable(period: Period, extended: bool) -> None:
    """A period is extended once, where its rule knows an extension. Raises NotExtendable."""
    if extended or not period.extension:
        raise NotExtendable(
            _("“%(what)s”的期限已延长过，或不能延长（%(source)s）。请在期限内办结，或报上一级机关决定。")
            % {"what": period.clock.label, "source": period.extension_source or period.source}
        )


@dataclass(frozen=True)
class Left:
    """How a deadline stands: words, tone (ok is never said), whether late."""

    text: Any
    tone: str
    late: bool


def left(due: datetime, at: datetime, *, soon_days: int = 3) -> Left:
    """“剩 5 小时”, “剩 12 天”, “逾期 2 天”. Below two days it counts in hours; whole units are cut, so nobody is told
    of time that is not there."""
    seconds = int((due - at).total_seconds())
    late = seconds < 0
    hours = abs(seconds) // 3600
    if hours < 48:
        amount = _("%(n)s 小时") % {"n": hours} if hours else _("%(n)s 分钟") % {"n": abs(seconds) // 60}
    else:
        amount = _("%(n)s 天") % {"n": hours // 24}
    text = (_("逾期 %(amount)s") if late else _("剩 %(amount)s")) % {"amount": amount}
    tone = "bad" if late or hours < 24 else "warn" if hours < 24 * soon_days else "info"
    return Left(text, tone, late)
