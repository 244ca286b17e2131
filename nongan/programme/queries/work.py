"""What waits for a person here, and what the global search finds."""

import re
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.common.work import Hit, Todo
from nongan.places.rules import end_of
from nongan.programme.models import PlanVersion, Task
from nongan.programme.queries.items import items_visible_to
from nongan.programme.queries.overview import shown_plans
from nongan.programme.queries.plans import drafts_visible_to
from nongan.programme.queries.reports import reports_visible_to, to_review
from nongan.programme.queries.tasks import carried_by, tasks_visible_to, window_on, with_light, with_progress
from nongan.programme.rules.lights import Light
from nongan.programme.rules.states import ItemState, ReportState, VersionState

if TYPE_CHECKING:
    from nongan.accounts.models import User

NUMBER = re.compile(r"(?:FA|WT|RW|ZR)-\d{6}-0*(\d+)$", re.IGNORECASE)


def todos(user: "User", at: datetime) -> list[Todo]:
    """Late and nearly late tasks of the own organisation, returned reports, reports to judge, list items, drafts."""
    found: list[Todo] = []
    if user.may(Permission.TASK_REPORT) and user.organisation_id:
        found += _late(user, at) + _returned(user) + _problems(user, at)
    if user.may(Permission.TASK_REVIEW):
        waiting = to_review(user).count()
        if waiting:
            url = reverse("programme:tasks") + "?whose=all&progress=waiting"
            found.append(Todo(_("审核进展 %(n)s 份") % {"n": waiting}, url))
        unverified = items_visible_to(user).filter(state=ItemState.DONE).exclude(Q(found_by=user) | Q(done_by=user))
        if count := unverified.count():
            found.append(Todo(_("核实整改 %(n)s 项") % {"n": count}, reverse("programme:lists")))
    return found + _drafts(user)


def _late(user: "User", at: datetime) -> list[Todo]:
    """One line for all late tasks and one for all that are due soon, each with the earliest day."""
    window = window_on(timezone.localdate(at))
    mine = with_progress(tasks_visible_to(user).filter(carried_by(user)), user, mine=True)
    found = []
    for light, tone, words in (
        (Light.OVERDUE, "bad", _("办理超期任务 %(n)s 项")),
        (Light.SOON, "warn", _("办理临期任务 %(n)s 项")),
    ):
        tasks = list(with_light(mine, light, window).order_by("due")[:100])
        if tasks:
            first = tasks[0]
            due = end_of(first.due, timezone.localtime(at)) if first.due else None
            url = reverse("programme:tasks") + f"?whose=mine&light={light.value}"
            found.append(Todo(words % {"n": len(tasks)}, url, tone, due, f"{first.label} {first.text[:40]}"))
    return found


def _returned(user: "User") -> list[Todo]:
    reports = reports_visible_to(user).filter(organisation=user.organisation_id, state=ReportState.RETURNED)
    current = {task.line_id: task.pk for task in tasks_visible_to(user).filter(line__in=reports.values("line"))}
    return [
        Todo(
            _("修改退回的填报：%(task)s") % {"task": report.task.label},
            reverse("programme:write-report", args=[current[report.line_id]]),
            "warn",
            note=report.reason,
        )
        for report in reports
        if report.line_id in current
    ]


def _problems(user: "User", at: datetime) -> list[Todo]:
    items = items_visible_to(user).filter(organisation=user.organisation_id, state=ItemState.OPEN, kind="problem")
    window = window_on(timezone.localdate(at))
    found = []
    for item in items.order_by("due", "pk")[:20]:
        late = item.due is not None and item.due < window.late_before
        soon = item.due is not None and item.due <= window.soon_until
        found.append(
            Todo(
                _("整改问题 %(number)s") % {"number": item.number},
                reverse("programme:item", args=[item.pk]),
                "bad" if late else "warn" if soon else "info",
                end_of(item.due, timezone.localtime(at)) if item.due else None,
                item.text[:60],
            )
        )
    return found


def _drafts(user: "User") -> list[Todo]:
    words = {VersionState.DRAFT: _("校正方案草稿"), VersionState.CONFIRMED: _("匹配责任单位，采纳方案")}
    pages = {VersionState.DRAFT: "programme:review", VersionState.CONFIRMED: "programme:match"}
    open_drafts: list[PlanVersion] = list(drafts_visible_to(user).filter(state__in=list(words)).defer("content"))
    return [
        Todo(
            words[VersionState(version.state)],
            reverse(pages[VersionState(version.state)], args=[version.pk]),
            note=_("%(title)s 第 %(n)s 版") % {"title": version.plan.title, "n": version.number},
        )
        for version in open_drafts
    ]


def search(user: "User", text: str, most: int = 10) -> list[Hit]:
    """Plans by number or title, tasks by a part of the text, list items by number or text."""
    if not user.may(Permission.PLAN_VIEW):
        return []
    number = NUMBER.match(text.strip())
    key = int(number[1]) if number else None
    plan_number = key if text.upper().startswith("FA") else None
    item_number = key if not text.upper().startswith("FA") else None
    plans = shown_plans(user).filter(Q(pk=plan_number) | Q(title__icontains=text)).order_by("pk")[:most]
    items = items_visible_to(user).filter(Q(pk=item_number) | Q(text__icontains=text)).order_by("pk")[:most]
    tasks: list[Task] = list(tasks_visible_to(user).filter(text__icontains=text).order_by("pk")[:most])
    return [
        *(Hit(plan.number, plan.title, str(_("方案")), reverse("programme:plan", args=[plan.pk])) for plan in plans),
        *(Hit(task.label, task.text[:60], str(_("任务")), reverse("programme:task", args=[task.pk])) for task in tasks),
        *(Hit(i.number, i.text[:60], i.get_kind_display(), reverse("programme:item", args=[i.pk])) for i in items),
    ]
