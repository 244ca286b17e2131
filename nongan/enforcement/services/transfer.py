"""Suspected crimes go to the police (国务院令第310号): three days to decide, 24 hours to hand over, five materials."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from nongan.enforcement.models import Case, Transfer, TransferFile
from nongan.enforcement.queries.cases import transfer_of
from nongan.enforcement.rules.acts import Act
from nongan.enforcement.rules.deadlines import Clock
from nongan.enforcement.rules.states import CaseState, TransferState, check_move, check_transfer_move
from nongan.enforcement.rules.transfer import Paper, check_papers
from nongan.enforcement.services.acting import (
    ActRefused,
    File,
    check_moment,
    deadline,
    keep_files,
    moved,
    name_officers,
    take_case,
    words,
)  # fmt: skip

if TYPE_CHECKING:
    from nongan.accounts.models import User


@transaction.atomic
def suspect_crime(
    *, number: str, officer: str, second: str, grounds: str, by: "User", at: datetime, seen: int | None = None
) -> Case:
    """Two officers report a suspected crime to the head (第五条第一款): the three days begin."""
    case = take_case(number, Act.SUSPECT, by, at, seen)
    name_officers(case, officer, second)
    transfer = transfer_of(case) or Transfer(case=case)
    transfer.grounds = words(grounds, _("涉嫌犯罪的事实和依据"), "grounds")
    transfer.state, transfer.suspected_at = TransferState.SUSPECTED, at
    transfer.decide_by = deadline(Clock.TRANSFER, at)
    transfer.decided_at = transfer.decided_by = None
    transfer.refused_reason = ""
    _told("enforcement.transfer.suspected", case, transfer, by, at, transfer.grounds[:300])
    return case


@transaction.atomic
def approve_transfer(
    *, number: str, by: "User", at: datetime, officer: str = "", second: str = "", seen: int | None = None
) -> Case:
    """The head approves: 24 hours to hand over (第五条第二款). Where no officers are named yet, the head names two
    (第五条第一款)."""
    case = take_case(number, Act.APPROVE, by, at, seen)
    if officer or second or case.officer_id is None:
        name_officers(case, officer, second)
    transfer = _moving(case, TransferState.APPROVED)
    transfer.decided_at, transfer.decided_by = at, by
    transfer.hand_over_by = deadline(Clock.HAND_OVER, at)
    _told("enforcement.transfer.approved", case, transfer, by, at)
    return case


@transaction.atomic
def refuse_transfer(*, number: str, reason: str, by: "User", at: datetime, seen: int | None = None) -> Case:
    """The head does not approve, and the reason is kept on record (第五条第二款)."""
    case = take_case(number, Act.REFUSE, by, at, seen)
    transfer = _moving(case, TransferState.REFUSED)
    transfer.refused_reason = words(reason, _("不予批准的理由"), "reason", 500)
    transfer.decided_at, transfer.decided_by = at, by
    _told("enforcement.transfer.refused", case, transfer, by, at, transfer.refused_reason)
    return case


@transaction.atomic
def hand_over(
    *, number: str, police: str, letter_number: str, papers: Mapping[str, Sequence[File]], by: "User", at: datetime,
    handed_over_at: datetime | None = None, seen: int | None = None,
) -> Case:  # fmt: skip
    """The case goes to the police with its five materials (第六条); `papers`: rules.transfer.Paper → files.

    Raises PapersMissing, ActRefused, FileNotAccepted.
    """
    case = take_case(number, Act.HAND_OVER, by, at, seen)
    transfer = _moving(case, TransferState.HANDED_OVER)
    when = handed_over_at or at
    when = check_moment(when, _("移送时间"), "handed_over_at", after=transfer.decided_at, at=at)
    check_papers([kind for kind, files in papers.items() if files])
    transfer.police = words(police, _("接收的公安机关"), "police", 100)
    transfer.letter_number = words(letter_number, _("移送书文号"), "letter_number", 60)
    transfer.handed_over_at = when
    check_move(case.state, CaseState.TRANSFERRED)
    case.state = CaseState.TRANSFERRED
    for kind, files in papers.items():
        for document in keep_files(files, by, at):
            TransferFile.objects.create(transfer=transfer, kind=Paper(kind), document=document)
    late = transfer.hand_over_by is not None and when > transfer.hand_over_by
    note = _("移送%(police)s，%(number)s") % {"police": transfer.police, "number": transfer.letter_number}
    _told("enforcement.transfer.handed_over", case, transfer, by, at, note, late=late, in_time=transfer.in_time)
    return case


@transaction.atomic
def record_receipt(
    *, number: str, received_at: datetime, receiver: str, by: "User", at: datetime, seen: int | None = None
) -> Case:
    """The police signed the receipt (第七条): they have three days to examine (第八条)."""
    case = take_case(number, Act.RECEIPT, by, at, seen)
    transfer = _moving(case, TransferState.RECEIVED)
    received_at = check_moment(received_at, _("签收时间"), "received_at", after=transfer.handed_over_at, at=at)
    transfer.received_at, transfer.receiver = received_at, words(receiver, _("签收人"), "receiver", 50)
    transfer.police_by = deadline(Clock.POLICE, received_at)
    _told("enforcement.transfer.received", case, transfer, by, at, transfer.receiver)
    return case


@transaction.atomic
def record_police_decision(
    *, number: str, filed: bool, answered_at: datetime, answer_number: str, by: "User", at: datetime,
    reason: str = "", seen: int | None = None,
) -> Case:  # fmt: skip
    """What the police decided (第八条): filed, and goods and materials follow within three days (第十二条); or not,
    with the reason and the papers returned. `answered_at`: when their notice came."""
    case = take_case(number, Act.POLICE, by, at, seen)
    transfer = _moving(case, TransferState.FILED if filed else TransferState.NOT_FILED)
    answered_at = check_moment(answered_at, _("公安机关决定时间"), "answered_at", after=transfer.received_at, at=at)
    _answer(transfer, filed, answered_at, answer_number, reason)
    if not filed:
        transfer.reconsider_by = deadline(Clock.RECONSIDER, answered_at)
    _told("enforcement.transfer.answered", case, transfer, by, at, _answered(transfer))
    return case


@transaction.atomic
def ask_reconsideration(*, number: str, grounds: str, by: "User", at: datetime, seen: int | None = None) -> Case:
    """Ask the police to reconsider within three days of their notice (第九条第一款)."""
    case = take_case(number, Act.RECONSIDER, by, at, seen)
    transfer = _moving(case, TransferState.RECONSIDERED)
    if transfer.reconsidered_at is not None:
        raise ActRefused(
            _("已复议过一次。仍有异议的，可建议人民检察院立案监督（国务院令第310号第九条第二款），或恢复行政处理。")
        )
    if transfer.reconsider_by and at > transfer.reconsider_by:
        raise ActRefused(
            _("提请复议的三日期限已过（国务院令第310号第九条）。可建议人民检察院立案监督，或恢复行政处理。")
        )
    transfer.reconsidered_at = at
    transfer.police_by = deadline(Clock.POLICE_AGAIN, at)
    _told("enforcement.transfer.reconsidered", case, transfer, by, at, words(grounds, _("复议理由"), "grounds", 500))
    return case


@transaction.atomic
def record_reconsideration(
    *, number: str, filed: bool, answered_at: datetime, answer_number: str, by: "User", at: datetime,
    reason: str = "", seen: int | None = None,
) -> Case:  # fmt: skip
    """What the police decided on reconsideration (第九条第二款)."""
    case = take_case(number, Act.RECONSIDERED, by, at, seen)
    transfer = _moving(case, TransferState.FILED if filed else TransferState.NOT_FILED)
    answered_at = check_moment(answered_at, _("复议决定时间"), "answered_at", after=transfer.reconsidered_at, at=at)
    _answer(transfer, filed, answered_at, answer_number, reason)
    transfer.reconsider_by = None
    _told("enforcement.transfer.answered", case, transfer, by, at, _answered(transfer))
    return case


@transaction.atomic
def resume_case(*, number: str, reason: str, by: "User", at: datetime, seen: int | None = None) -> Case:
    """The police do not file: the agency deals with the case itself (第十条). A lead that went straight to the police
    counts as filed from now."""
    case = take_case(number, Act.RESUME, by, at, seen)
    why = words(reason, _("恢复处理的说明"), "reason", 500)
    check_move(case.state, CaseState.INVESTIGATING)
    case.state = CaseState.INVESTIGATING
    if case.filed_at is None:
        case.filed_at, case.filed_by = at, by
    moved("enforcement.case.resumed", case, by, at, why)
    return case


def _moving(case: Case, new: TransferState) -> Transfer:
    """The transfer of a locked case, moved on."""
    transfer = Transfer.objects.select_for_update().get(case=case)
    case.transfer = transfer
    check_transfer_move(transfer.state, new)
    transfer.state = new
    return transfer


def _answer(transfer: Transfer, filed: bool, answered_at: datetime, number: str, reason: str) -> None:
    transfer.answered_at, transfer.answer_number = answered_at, words(number, _("通知书文号"), "answer_number", 60)
    transfer.answer_reason = "" if filed else words(reason, _("不予立案的理由"), "reason", 500)
    transfer.goods_by = deadline(Clock.GOODS, answered_at) if filed else None


def _answered(transfer: Transfer) -> str:
    parts = (transfer.get_state_display(), transfer.answer_number, transfer.answer_reason)
    return "，".join(part for part in parts if part)


def _told(
    action: str, case: Case, transfer: Transfer, by: "User", at: datetime, note: str = "", **details: object
) -> None:
    transfer.save()
    case.transfer = transfer
    moved(action, case, by, at, note, **details)
