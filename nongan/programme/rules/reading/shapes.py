"""What a plan says, as values: the shapes that the reader returns and everything above builds on.

Every element keeps the `Span` of the text from which it was read, so that a page can show the document
and the reading side by side. The sum of all spans and of `unread` is the whole document: nothing is dropped.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a unit has to do with a task."""

    RESPONSIBLE = "responsible", _("责任单位")
    LEAD = "lead", _("牵头单位")
    SUPPORT = "support", _("配合单位")
    COMMON = "common", _("共同责任单位")


class Comparator(TextChoices):
    """How a figure compares. Strict words (高于, 低于) are read as their inclusive neighbours."""

    AT_LEAST = ">=", _("不低于")
    AT_MOST = "<=", _("不高于")
    EXACTLY = "=", _("等于")


class Aside(TextChoices):
    """Parts of a plan that are understood, but are neither goal, task, phase nor safeguard."""

    PREFACE = "preface", _("引言")
    PRINCIPLES = "principles", _("指导思想与原则")
    LEAD_IN = "lead_in", _("引导语")
    CRITERION = "criterion", _("考评标准")
    SECTION = "section", _("其他部分")
    ANNEX = "annex", _("附件")
    CLOSING = "closing", _("落款")


class Reason(TextChoices):
    """Why a piece of text was left unread."""

    FURNITURE = "furniture", _("页面杂项,不属于方案")
    OUTSIDE = "outside", _("不在任何已识别的部分之内")
    NO_TASKS = "no_tasks", _("这一篇没有任务,未作为方案")
    FIGURE = "figure", _("有数字和单位,但不能确定是不是指标")
    BASELINE = "baseline", _("现状或起点数字,不是指标")
    THRESHOLD = "threshold", _("规模门槛,不是指标")
    QUOTED = "quoted", _("引号内的数字,不单列为指标")
    DATE = "date", _("日期不完整")
    UNITS = "units", _("像责任单位,但没有读懂")
    OPEN_LIST = "open_list", _("“等单位”没有列明")
    PERSON = "person", _("是责任人,不是单位")
    ROW = "row", _("表格行没有读懂")
    CONFLICT = "conflict", _("附表与正文的责任单位不一致")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) of `Reading.text`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the plan: `label` as printed (“三”, “(二)”), `text` without it."""

    label: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Passage:
    """Text that is understood but has no place of its own in the JSON (which lists it as unread)."""

    kind: Aside
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Unread:
    """Text that was not understood, and why."""

    text: str
    reason: Reason
    span: Span


@dataclass(frozen=True, slots=True)
class Correction:
    """One character taken for a slip of text recognition."""

    was: str
    now: str
    span: Span


@dataclass(frozen=True, slots=True)
class Basis:
    """A document on which the plan rests, with its number where printed."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Goal:
    number: str | None
    heading: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Target:
    """One measured thing and its figure.

    `figure` is where the number is printed. Targets that share a number (“查处率、回复率均达到100%”) share
    its span; a target in words (“不发生重大事件”, value 0) has none.
    """

    text: str
    where: str
    comparator: Comparator
    value: Decimal
    unit: str
    indicator: str | None
    span: Span
    figure: Span | None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit named for a task. A common unit's span is where the plan names it for all tasks."""

    name: str
    role: Role
    span: Span


@dataclass(frozen=True, slots=True)
class Task:
    """`number` is the printed one, or the ordinal within its chapter where none is printed.

    `score` is in points; `due` the last day of the latest deadline named; `standard` the 考评标准 of a task table.
    """

    chapter: str
    chapter_heading: str
    number: int
    text: str
    units: tuple[Unit, ...]
    key: bool
    score: Decimal | None
    due: date | None
    standard: str
    span: Span


@dataclass(frozen=True, slots=True)
class Phase:
    """`start` and `end` are its first and last day, None where the plan leaves them open."""

    name: str
    start: date | None
    end: date | None
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Safeguard:
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan. `number` is the ordinal that a collection printed behind the title (“…实施方案2”)."""

    title: str
    number: str | None
    span: Span
    basis: tuple[Basis, ...]
    goals: tuple[Goal, ...]
    targets: tuple[Target, ...]
    tasks: tuple[Task, ...]
    phases: tuple[Phase, ...]
    safeguards: tuple[Safeguard, ...]
    headings: tuple[Heading, ...]
    passages: tuple[Passage, ...]
    joints: tuple[Span, ...]
    unread: tuple[Unread, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A document read: its text, to which every span refers, its plans in order, and the slips corrected."""

    text: str
    plans: tuple[Plan, ...]
    corrections: tuple[Correction, ...]
