"""What every act on a case shares: find and lock, may you, is it lawful; then the clock and the journal."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.editing import check_version
from nongan.common.errors import RuleBroken
from nongan.common.serials import take
from nongan.documents.services import store
from nongan.enforcement.models import Case, CaseFile, Disposal, Serial, Transfer
from nongan.enforcement.queries.cases import cases_visible_to, standing_of, transfer_of
from nongan.enforcement.queries.officers import officers_for
from nongan.enforcement.rules.acts import SPECS, Act, Hand, check, check_officers, check_reviewer
from nongan.enforcement.rules.deadlines import Clock, due, period
from nongan.enforcement.rules.states import CaseState, DisposalState, Outcome, TransferState
from nongan.journal.services import record
from nongan.places.queries import working_calendar

if TYPE_CHECKING:
    from nongan.accounts.models import User
    from nongan.documents.models import Document

File = tuple[str, bytes]  # name, content
SYSTEM = "系统"
MOST_FILES = 20


class ActRefused(RuleBroken):
    """What was typed cannot be: `field` says where."""

    code = "act_refused"

    def __init__(self, message: Any, field: str = "") -> None:
        self.field = field
        super().__init__(str(message))


def take_case(number: str, act: Act, by: "User", at: datetime, seen: int | None = None) -> Case:
    """The case, locked, if this person may do this act on it and the law allows it now.

    `seen` is the version that the person saw; None does not ask. Raises Case.DoesNotExist, PermissionDenied, Stale,
    MoveNotAllowed, NotLawful, SamePerson.
    """
    case = cases_visible_to(by).select_for_update().get(number=number)
    hand = SPECS[act].hand
    require(by, Permission.CASE_DECIDE if hand == Hand.HEAD else Permission.CASE_HANDLE)
    officers = (case.officer_id, case.second_id)
    if hand == Hand.OFFICER and case.officer_id and by.pk not in officers and not by.may(Permission.CASE_DECIDE):
        raise PermissionDenied(_("本案由其他执法人员承办。"))
    if hand == Hand.REVIEWER:
        check_reviewer(by.pk, officers)
    if seen is not None:
        check_version(case, seen)
    else:
        case.version += 1
    check(act, standing_of(case), at)
    return case


def moved(action: str, case: Case, by: object, at: datetime, note: Any = "", **details: Any) -> None:
    """Save the case with its clock, and write the journal line."""
    set_clock(case)
    case.save()
    record(action, on=case, by=by, at=at, number=case.number, note=str(note), **details)


def set_clock(case: Case) -> None:
    """The most urgent clock that runs, of the case or of its transfer."""
    clocks = [*_case_clocks(case), *_transfer_clocks(transfer_of(case))]
    ended = case.state in (CaseState.CLOSED, CaseState.NOT_FILED)
    first = min(clocks, default=None) if not ended else None
    case.due_at, case.due_for = (first[0], first[1].value) if first else (None, "")


def _case_clocks(case: Case) -> list[tuple[datetime, Clock]]:
    if case.state == CaseState.LEAD:
        return [(deadline(Clock.FILE, case.opened_at, case, extended=case.filing_extended), Clock.FILE)]
    if case.state == CaseState.DECIDED and case.outcome == Outcome.PENALTY and case.served_at:
        return [(deadline(Clock.PAY, case.served_at, case), Clock.PAY)]
    working = CaseState.FILED, CaseState.INVESTIGATING, CaseState.REVIEWED, CaseState.NOTIFIED, CaseState.HEARING
    if case.state in working and case.filed_at:
        return [(deadline(Clock.DECIDE, case.filed_at, case, extended=case.decision_extended), Clock.DECIDE)]
    return []


def _transfer_clocks(transfer: Transfer | None) -> list[tuple[datetime, Clock]]:
    if transfer is None:
        return []
    clocks = {
        TransferState.SUSPECTED: (transfer.decide_by, Clock.TRANSFER),
        TransferState.APPROVED: (transfer.hand_over_by, Clock.HAND_OVER),
        TransferState.RECEIVED: (transfer.police_by, Clock.POLICE),
        TransferState.NOT_FILED: (transfer.reconsider_by, Clock.RECONSIDER),
        TransferState.RECONSIDERED: (transfer.police_by, Clock.POLICE_AGAIN),
        TransferState.FILED: (None if transfer.goods_at else transfer.goods_by, Clock.GOODS),
    }
    when, clock = clocks.get(TransferState(transfer.state), (None, Clock.TRANSFER))
    with_case = transfer.state != TransferState.NOT_FILED or transfer.case.state == CaseState.TRANSFERRED
    return [(when, clock)] if when is not None and with_case else []


def deadline(clock: Clock, start: datetime, case: Case | None = None, *, extended: bool = False) -> datetime:
    """When a clock that starts now runs out, by the rule in force on that day."""
    local = timezone.localtime(start)
    rule = period(clock, local.date(), case.procedure) if case else period(clock, local.date())
    return due(rule, local, working_calendar(), extended=extended)


def set_duty_clock(duty: Disposal) -> None:
    """The reminder runs from the opening of the duty while something is left and the report stands."""
    runs = duty.state in (DisposalState.OPEN, DisposalState.PARTLY) and duty.withdrawn_at is None
    duty.due_at = deadline(Clock.DISPOSE, duty.opened_at) if runs else None


def next_number(kind: str, division: str, at: datetime) -> str:
    """AJ-360902-2026-000001: kind, county, year, serial."""
    prefix = f"{kind}-{division[:6]}-{timezone.localtime(at).year}-"
    return f"{prefix}{take(Serial, prefix, 1).start:06d}"


def name_officers(case: Case, officer: str, second: str) -> None:
    """Put two officers, by user name, on a case, which is then one of the agency of the first. Raises SamePerson,
    ActRefused."""
    people = {p.username: p for p in officers_for(case.division_id).filter(username__in=[officer, second])}
    for field, username in (("officer", officer), ("second", second)):
        if username not in people:
            raise ActRefused(
                _("“%(name)s”不是能办理本案的在职执法人员。请从提示中选择本地或上级的执法人员。") % {"name": username},
                field,
            )
    check_officers(people[officer].pk, people[second].pk)
    case.officer, case.second = people[officer], people[second]
    case.organisation_id = people[officer].organisation_id


def keep_files(files: Sequence[File], by: "User", at: datetime) -> "list[Document]":
    """Store attachments. Raises FileNotAccepted, ActRefused."""
    if len(files) > MOST_FILES:
        raise ActRefused(_("一次最多 %(n)s 个附件，请合并或分次登记。") % {"n": MOST_FILES}, "files")
    return [store(name=name, data=data, by=by, at=at) for name, data in files]


def attach(case: Case, act: Act, files: Sequence[File], by: "User", at: datetime) -> list[str]:
    """Keep the files of an act with the case; their keys, for the journal. Raises as `keep_files`."""
    documents = keep_files(files, by, at)
    CaseFile.objects.bulk_create(CaseFile(case=case, act=act, document=document) for document in documents)
    return [str(document.pk) for document in documents]


def words(text: str, what: Any, field: str, most: int = 5000) -> str:
    """Text that must say something. Raises ActRefused."""
    found = text.strip()
    if not found:
        raise ActRefused(_("请填写%(what)s。") % {"what": what}, field)
    if len(found) > most:
        raise ActRefused(_("%(what)s超过 %(n)s 个字，请缩短。") % {"what": what, "n": most}, field)
    return found


def check_moment(moment: datetime, what: Any, field: str, *, after: datetime | None, at: datetime) -> datetime:
    """What is entered as having happened lies neither in the future nor before what came first. Raises ActRefused.

    People enter whole minutes: the minute of what came first is taken as that moment itself.
    """
    if moment > at:
        raise ActRefused(_("%(what)s不能晚于现在。请核对日期和时间。") % {"what": what}, field)
    if after is None or moment >= after:
        return moment
    if moment >= after.replace(second=0, microsecond=0):
        return after
    shown = timezone.localtime(after).strftime("%Y-%m-%d %H:%M")
    raise ActRefused(_("%(what)s不能早于上一环节（%(after)s）。请核对。") % {"what": what, "after": shown}, field)


def check_day(day: date, what: Any, field: str, *, after: datetime | None, at: datetime) -> None:
    """The same for days. Raises ActRefused."""
    if day > timezone.localdate(at):
        raise ActRefused(_("%(what)s不能晚于今天。请核对日期。") % {"what": what}, field)
    if after is not None and day < timezone.localdate(after):
        shown = timezone.localdate(after).isoformat()
        raise ActRefused(_("%(what)s不能早于上一环节（%(after)s）。请核对。") % {"what": what, "after": shown}, field)
