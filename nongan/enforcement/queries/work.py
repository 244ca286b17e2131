"""What waits for whom, and what the global search finds."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.common.keyset import COUNT_TO
from nongan.common.words import mark
from nongan.common.work import Hit, Todo
from nongan.enforcement.models import Case, CaseQuerySet
from nongan.enforcement.queries.cases import NEWEST, cases_visible_to, matching, mine
from nongan.enforcement.queries.disposals import disposals_visible_to
from nongan.enforcement.queries.disposals import matching as matching_disposals
from nongan.enforcement.rules.acts import SPECS, Act
from nongan.enforcement.rules.deadlines import Clock, left
from nongan.enforcement.rules.states import RUNNING, CaseState, DisposalState, Outcome, TransferState

if TYPE_CHECKING:
    from nongan.accounts.models import User

MOST = 20
PAUSED = (Clock.FILE, Clock.DECIDE, Clock.PAY)  # what stands still while a case is paused: its report is withdrawn
HELD_UP = (*PAUSED, Clock.HAND_OVER)  # what nobody can do while a case is paused
UNDISPOSED = (DisposalState.OPEN, DisposalState.PARTLY)


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
    if case.due_at is None or case.withdrawn_at is not None and case.due_for in PAUSED:
        return Todo(what, url, note=note)
    clock = left(case.due_at, at)
    return Todo(f"{what} {clock.text}", url, clock.tone, case.due_at, note)


def _for_the_head(user: "User", at: datetime) -> list[Todo]:
    """Transfers to decide, filings to approve, decisions to make, cases to dismiss and to close."""
    seen = cases_visible_to(user).order_by("due_at", "id")
    waiting = [
        (seen.filter(due_for=Clock.TRANSFER), _("决定是否移送")),
        (
            seen.filter(state=CaseState.LEAD, asked_at__isnull=False, due_for=Clock.FILE, withdrawn_at=None),
            _("审批立案"),
        ),
        (decidable(seen, at), Act.DECIDE.label),
        (seen.filter(state__in=SPECS[Act.DISMISS].states, refuted_at__isnull=False), Act.DISMISS.label),
        (closable(seen), Act.CLOSE.label),
    ]
    return [_todo(case, at, str(what)) for cases, what in waiting for case in cases[:MOST]]


def decidable(cases: CaseQuerySet, at: datetime) -> CaseQuerySet:
    """Those that the head can decide now, as rules.acts has it: reviewed, and where a penalty is proposed, the party
    was heard or has let its time pass."""
    reviewed = Q(state=CaseState.REVIEWED) & ~Q(proposed=Outcome.PENALTY)
    answered = Q(state=CaseState.NOTIFIED) & (Q(answered_at__isnull=False) | Q(answer_until__lt=at))
    heard = Q(state=CaseState.HEARING, reviewed_at__gte=F("hearing_held_at"))
    standing = cases.filter(reviewed | answered | heard, withdrawn_at=None)
    return standing.exclude(transfer__state__in=RUNNING)


def closable(cases: CaseQuerySet) -> CaseQuerySet:
    """Those in which nothing is left to do: carried out, or with the police who filed them and have the goods."""
    decided = Q(state=CaseState.DECIDED) & ~Q(outcome=Outcome.PENALTY)
    police = Q(state=CaseState.TRANSFERRED, transfer__state=TransferState.FILED, transfer__goods_at__isnull=False)
    done = cases.filter(Q(state=CaseState.EXECUTED) | decided | police, withdrawn_at=None)
    return done.exclude(transfer__state__in=RUNNING).exclude(disposal__state__in=UNDISPOSED)


def _own(user: "User", at: datetime) -> list[Todo]:
    """Clocks of cases on which one is an officer, except what the head alone can stop and what is paused."""
    rows = mine(cases_visible_to(user), user).running().exclude(due_for=Clock.TRANSFER).order_by("due_at", "id")
    rows = rows.exclude(withdrawn_at__isnull=False, due_for__in=HELD_UP)
    return [_todo(case, at, str(Clock(case.due_for).label)) for case in rows[:MOST]]


def _leads(user: "User", at: datetime) -> list[Todo]:
    """Leads that nobody has taken: the most urgent one, with the count. A paused one waits for a report, not for us."""
    rows = cases_visible_to(user).running().filter(state=CaseState.LEAD, officer=None, withdrawn_at=None)
    first = rows.order_by("due_at", "id").first()
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
