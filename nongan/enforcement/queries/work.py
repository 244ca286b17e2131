"""What waits for whom, and what the global search finds."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.common.keyset import COUNT_TO
from nongan.common.words import mark
from nongan.common.work import Hit, Todo
from nongan.enforcement.models import Case
from nongan.enforcement.queries.cases import NEWEST, cases_visible_to, matching, mine
from nongan.enforcement.queries.disposals import disposals_visible_to
from nongan.enforcement.queries.disposals import matching as matching_disposals
from nongan.enforcement.rules.deadlines import Clock, left
from nongan.enforcement.rules.states import CaseState

if TYPE_CHECKING:
    from nongan.accounts.models import User

MOST = 20


def todos(user: "User", at: datetime) -> list[Todo]:
    """The clocks of one's own cases, the decisions that wait for the head, leads without officers, disposal."""
    found: list[Todo] = []
    if user.may(Permission.CASE_DECIDE):
        found += _for_the_head(user, at)
    if user.may(Permission.CASE_HANDLE):
        found += _own(user, at)
        if not user.may(Permission.CASE_DECIDE):
            found += _leads(user, at)
    if user.may(Permission.DISPOSAL_RECORD):
        found += _disposals(user, at)
    return found


def _todo(case: Case, at: datetime, what: str) -> Todo:
    """“移送公安机关 剩 5 小时”."""
    note = f"{case.number} {case.party} {case.cause}"
    url = reverse("enforcement:case", args=[case.number])
    if case.due_at is None:
        return Todo(what, url, note=note)
    clock = left(case.due_at, at)
    return Todo(f"{what} {clock.text}", url, clock.tone, case.due_at, note)


def _for_the_head(user: "User", at: datetime) -> list[Todo]:
    """Transfers to decide, filings to approve, decisions to make."""
    seen = cases_visible_to(user).running().order_by("due_at", "id")
    deciding = list(seen.filter(due_for=Clock.TRANSFER)[:MOST])
    filing = list(seen.filter(state=CaseState.LEAD, asked_at__isnull=False, due_for=Clock.FILE)[:MOST])
    return [_todo(case, at, _("决定是否移送")) for case in deciding] + [
        _todo(case, at, _("审批立案")) for case in filing
    ]


def _own(user: "User", at: datetime) -> list[Todo]:
    """Clocks of cases on which one is an officer, except what the head alone can stop."""
    rows = mine(cases_visible_to(user), user).running().exclude(due_for=Clock.TRANSFER).order_by("due_at", "id")
    return [_todo(case, at, str(Clock(case.due_for).label)) for case in rows[:MOST]]


def _leads(user: "User", at: datetime) -> list[Todo]:
    """Leads that nobody has taken: the most urgent one, with the count."""
    rows = cases_visible_to(user).running().filter(state=CaseState.LEAD, officer=None).order_by("due_at", "id")
    first = rows.first()
    if first is None or first.due_at is None:
        return []
    count = rows.order_by()[: COUNT_TO + 1].count()
    clock = left(first.due_at, at)
    url = reverse("enforcement:cases") + "?state=lead&order=urgent"
    text = _("核查线索 %(n)s 条，最急的%(left)s") % {"n": count, "left": clock.text}
    return [Todo(text, url, clock.tone, first.due_at, f"{first.number} {first.party}")]


def _disposals(user: "User", at: datetime) -> list[Todo]:
    rows = disposals_visible_to(user).undone()
    first = rows.order_by("due_at", "id").first()
    if first is None or first.due_at is None:
        return []
    clock = left(first.due_at, at)
    count = rows.order_by()[: COUNT_TO + 1].count()
    text = _("处置不合格产品 %(n)s 批，最急的%(left)s") % {"n": count, "left": clock.text}
    url = reverse("enforcement:disposals") + "?state=undone"
    tone = "warn" if clock.tone == "bad" else clock.tone  # a reminder of ours, not a clock of the law
    return [Todo(text, url, tone, first.due_at, first.number)]


def search(user: "User", text: str, most: int = 10) -> list[Hit]:
    """Cases and disposal duties for the global search, by number or party."""
    if not user.may(Permission.CASE_VIEW):
        return []
    code = text.strip().upper()
    if code.startswith("CZ-"):
        duties = matching_disposals(disposals_visible_to(user), text).select_related("case").order_by(*NEWEST)[:most]
        kind = str(_("不合格处置"))
        return [Hit(d.number, d.case.party, kind, reverse("enforcement:disposal", args=[d.number])) for d in duties]
    cases = matching(cases_visible_to(user), text).order_by(*NEWEST)[:most]
    kind = str(_("案件"))
    return [
        Hit(c.number, f"{c.party}{mark('：')}{c.cause}", kind, reverse("enforcement:case", args=[c.number]))
        for c in cases
    ]
