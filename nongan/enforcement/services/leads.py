"""How cases begin: by themselves with a failed sample (检打联动), or by a lead. And what a withdrawn report does."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.accounts.services import require, require_scope
from nongan.enforcement.models import Case, Disposal, Transfer
from nongan.enforcement.queries.cases import disposal_of, transfer_of
from nongan.enforcement.rules.deadlines import Clock
from nongan.enforcement.rules.penalties import CAUSES
from nongan.enforcement.rules.states import (
    ENDED,
    RUNNING,
    CaseState,
    DisposalState,
    Procedure,
    Source,
    TransferState,
)  # fmt: skip
from nongan.enforcement.rules.transfer import BANNED_FOUND
from nongan.enforcement.services.acting import SYSTEM, check_moment, deadline, moved, next_number, set_duty_clock, words
from nongan.journal.services import record
from nongan.monitoring.queries import SampleCard, failed_samples, sample_cards
from nongan.monitoring.rules import CONCLUDED, Verdict
from nongan.registry.queries import subject_named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nongan.accounts.models import User

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 500  # samples in one reconciliation


@transaction.atomic
def open_case(
    *, source: str, party: str, cause: str, division: str, finding: str, by: "User", at: datetime, subject: str = "",
    found_at: datetime | None = None, procedure: str = Procedure.AGRICULTURE,
) -> Case:  # fmt: skip
    """Enter a lead that does not come from a sample. `subject` is a registry number, blank where nobody knows it."""
    require(by, Permission.CASE_HANDLE)
    require_scope(by, division)
    entry = subject_named(subject, by) if subject else None
    began = found_at or at
    began = check_moment(began, _("发现线索时间"), "found_at", after=None, at=at)
    case = Case(
        number=next_number("AJ", division, began), source=Source(source), subject=entry,
        party=words(party or (entry.name if entry else ""), _("当事人"), "party", 200),
        cause=words(cause, _("案由"), "cause", 200), division_id=division, procedure=Procedure(procedure),
        finding=words(finding, _("违法线索"), "finding"), opened_at=began,
    )  # fmt: skip
    moved("enforcement.case.opened", case, by, at, case.finding, source=case.source)
    return case


@transaction.atomic
def follow_sample(*, sample_id: int, at: datetime, by: object = SYSTEM) -> Case | None:
    """Bring the case and the disposal duty of a sample to what the sample says now. Idempotent, in any order.

    A failed sample has a case and a duty, and a suspected crime where a banned substance was found. A report that is
    withdrawn stops both; a new one that passes refutes the case and lifts the duty.
    """
    card = sample_cards([sample_id])[sample_id]
    case = Case.objects.select_for_update().filter(sample=sample_id).first()
    concluded = card.state in CONCLUDED
    if concluded and card.verdict == Verdict.FAIL:
        case = _confirm(case, card, by, at) if case else _open(card, by, at)
        _open_duty(case, card, by, at)
        if card.banned:
            _open_suspicion(case, card, by, at)
    elif case is not None:
        _withdraw(case, by, at)
        if concluded and card.verdict == Verdict.PASS:
            _refute(case, card, by, at)
    return case


def open_missing(*, at: datetime, most: int = MOST_AT_ONCE) -> int:
    """Restore what no handler has done: a failed sample without case or duty, a case whose report has changed.

    Each sample in its own transaction; one that cannot be mended is logged and holds nobody else back. Returns how
    many were mended.
    """
    mended = 0
    for sample_id in _unfollowed(most):
        try:
            follow_sample(sample_id=sample_id, at=at)
            mended += 1
        except Exception:
            logger.exception("Sample %s could not be followed", sample_id)
    return mended


def _unfollowed(most: int) -> "Iterable[int]":
    failed = failed_samples().order_by()
    has_both = Exists(Disposal.objects.filter(sample=OuterRef("pk"), withdrawn_at=None).exclude(state="lifted"))
    found = list(failed.filter(~has_both)[:most])
    standing = Q(sample__verdict=Verdict.FAIL, sample__state__in=CONCLUDED)
    cases = Case.objects.filter(sample__isnull=False).order_by()
    unheard = cases.filter(withdrawn_at=None).exclude(standing)
    passed = cases.filter(withdrawn_at__isnull=False, refuted_at=None, sample__verdict=Verdict.PASS)
    for rows in (unheard, passed):
        found += list(rows.values_list("sample_id", flat=True)[: most - len(found)]) if len(found) < most else []
    return dict.fromkeys(found)


def _open(card: SampleCard, by: object, at: datetime) -> Case:
    began = card.judged_at or at
    case = Case(
        number=next_number("AJ", card.division, began), source=Source.SAMPLE, sample_id=card.pk,
        subject_id=card.subject_id, party=card.subject_name, division_id=card.division, cause=CAUSES[card.banned],
        finding=_finding(card), report=card.report, banned=card.banned, opened_at=began,
    )  # fmt: skip
    note = _("样品 %(number)s 不合格，自动产生线索") % {"number": card.number}
    moved("enforcement.case.opened", case, by, at, note, source=case.source, sample=card.pk)
    return case


def _finding(card: SampleCard) -> str:
    return _("%(day)s 抽取的%(product)s（%(number)s）不合格：%(finding)s") % {
        "day": card.sampled_on, "product": card.commodity_name, "number": card.number,
        "finding": card.finding or _("见检测报告"),
    }  # fmt: skip


def _confirm(case: Case, card: SampleCard, by: object, at: datetime) -> Case:
    """The report in force says “fail”: new, or again after a withdrawal."""
    if case.withdrawn_at is None and case.report == card.report:
        return case
    renewed = case.withdrawn_at is not None
    case.withdrawn_at = case.refuted_at = None
    case.report, case.banned, case.finding = card.report, card.banned, _finding(card)
    if case.state == CaseState.CLOSED and case.outcome == "":  # dismissed when a report passed; that one fell too
        case.state = CaseState.INVESTIGATING if case.filed_at else CaseState.LEAD
        case.closed_at, case.closed_reason = None, ""
    note = _("新报告 %(report)s 仍不合格，恢复办理") if renewed else _("检测报告更正为 %(report)s")
    moved("enforcement.case.confirmed", case, by, at, note % {"report": card.report}, report=card.report)
    return case


def _open_duty(case: Case, card: SampleCard, by: object, at: datetime) -> None:
    duty = Disposal.objects.select_for_update().filter(sample=card.pk).first()
    if duty is None:
        began = card.judged_at or at
        duty = Disposal.objects.create(
            number=next_number("CZ", card.division, began), case=case, sample_id=card.pk, division_id=card.division,
            opened_at=began, due_at=deadline(Clock.DISPOSE, began),
        )  # fmt: skip
        record("enforcement.disposal.opened", on=duty, by=by, at=at, number=duty.number, sample=card.pk)
    elif duty.withdrawn_at or duty.state == DisposalState.LIFTED:
        duty.withdrawn_at, duty.lifted_reason = None, ""
        duty.state = duty.balance.state
        duty.done_on = (duty.done_on or timezone.localdate(at)) if duty.state == DisposalState.DONE else None
        set_duty_clock(duty)
        duty.version += 1
        duty.save()
        note = _("新报告 %(report)s 仍不合格") % {"report": card.report}
        record("enforcement.disposal.renewed", on=duty, by=by, at=at, number=duty.number, note=note)


def _open_suspicion(case: Case, card: SampleCard, by: object, at: datetime) -> None:
    """A banned substance starts the clock by itself (法释〔2021〕24号 第九条、第十一条; 国务院令第310号 第五条)."""
    transfer = transfer_of(case)
    if (transfer is not None and transfer.state != TransferState.LIFTED) or case.state in ENDED:
        return
    transfer = transfer or Transfer(case=case)
    began = card.judged_at or at
    transfer.state, transfer.suspected_at = TransferState.SUSPECTED, began
    transfer.decide_by = deadline(Clock.TRANSFER, began)
    transfer.grounds = str(BANNED_FOUND) % {"finding": card.finding or _("见检测报告")}
    transfer.save()
    case.transfer = transfer
    moved("enforcement.transfer.suspected", case, by, at, transfer.grounds)


def _withdraw(case: Case, by: object, at: datetime) -> None:
    if case.withdrawn_at is not None:
        return
    case.withdrawn_at = at
    moved("enforcement.case.withdrawn", case, by, at, _("检测报告 %(r)s 已撤回，暂停办理") % {"r": case.report})
    duty = disposal_of(case)
    if duty is not None and duty.withdrawn_at is None:
        duty.withdrawn_at = at
        set_duty_clock(duty)
        duty.version += 1
        duty.save()
        record("enforcement.disposal.withdrawn", on=duty, by=by, at=at, number=duty.number)


def _refute(case: Case, card: SampleCard, by: object, at: datetime) -> None:
    """The new report passes: the suspicion falls, the duty is lifted, the head may dismiss the case."""
    if case.refuted_at is not None:
        return
    case.refuted_at = at
    transfer = transfer_of(case)
    if transfer is not None and transfer.state in RUNNING:
        transfer.state = TransferState.LIFTED
        transfer.decided_at = transfer.decided_by = transfer.hand_over_by = None
        transfer.save()
        moved("enforcement.transfer.lifted", case, by, at, _("新报告合格，嫌疑排除"))
    note = _("新报告 %(report)s 合格") % {"report": card.report}
    moved("enforcement.case.refuted", case, by, at, note, report=card.report)
    duty = disposal_of(case)
    if duty is not None and duty.state != DisposalState.LIFTED:
        duty.state, duty.done_on, duty.lifted_reason = DisposalState.LIFTED, None, note
        set_duty_clock(duty)
        duty.version += 1
        duty.save()
        record("enforcement.disposal.lifted", on=duty, by=by, at=at, number=duty.number, note=note)
