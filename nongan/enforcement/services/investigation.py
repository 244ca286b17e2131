"""Investigating, proposing, legal review (行政处罚法 第五十四条至第五十八条)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from nongan.enforcement.models import Case, Inquiry, InquiryKind
from nongan.enforcement.rules.acts import Act
from nongan.enforcement.rules.penalties import Article, check_fine
from nongan.enforcement.rules.states import CaseState, Outcome, check_move
from nongan.enforcement.services.acting import (
    ActRefused,
    File,
    check_day,
    keep_files,
    moved,
    take_case,
    words,
)  # fmt: skip

if TYPE_CHECKING:
    from nongan.accounts.models import User

ZERO = Decimal(0)


@transaction.atomic
def record_inquiry(
    *, number: str, kind: str, held_on: date, text: str, by: "User", at: datetime, files: Sequence[File] = (),
    seen: int | None = None,
) -> Inquiry:  # fmt: skip
    """Keep one step of the investigation; the first one begins it. Raises ActRefused, FileNotAccepted."""
    case = take_case(number, Act.INQUIRE, by, at, seen)
    check_move(case.state, CaseState.INVESTIGATING)
    check_day(held_on, _("调查日期"), "held_on", after=case.filed_at, at=at)
    inquiry = Inquiry.objects.create(
        case=case, kind=InquiryKind(kind), held_on=held_on, text=words(text, _("调查内容"), "text"), by=by, at=at
    )
    inquiry.files.add(*keep_files(files, by, at))
    case.state = CaseState.INVESTIGATING
    moved("enforcement.case.inquired", case, by, at, f"{inquiry.get_kind_display()}：{inquiry.text[:200]}")
    return inquiry


@transaction.atomic
def propose_outcome(
    *, number: str, outcome: str, facts: str, by: "User", at: datetime, article: str = "", basis: str = "",
    goods_value: Decimal | None = None, household: bool = False, fine: Decimal = ZERO, confiscated: Decimal = ZERO,
    mitigation: str = "", seen: int | None = None,
) -> Case:  # fmt: skip
    """End the investigation with what was found and what ought to follow. Amounts in yuan.

    Raises FineOutOfRange, ActRefused.
    """
    case = take_case(number, Act.PROPOSE, by, at, seen)
    case.proposed, case.proposed_at = Outcome(outcome), at
    case.facts = words(facts, _("查明的事实"), "facts")
    case.article, case.basis = article, basis.strip()
    case.goods_value, case.household, case.mitigation = goods_value, household, mitigation.strip()
    if case.proposed == Outcome.PENALTY:
        _check_penalty(case, fine, confiscated)
        case.proposed_fine, case.proposed_confiscated = fine, confiscated
    elif fine or confiscated:
        raise ActRefused(_("不予处罚的，不能有罚没款。请改处理意见，或清空金额。"), "fine")
    else:
        case.proposed_fine = case.proposed_confiscated = ZERO
    note = _("%(what)s；罚款 %(fine)s 元，没收 %(taken)s 元") % {
        "what": case.get_proposed_display(), "fine": case.proposed_fine, "taken": case.proposed_confiscated,
    }  # fmt: skip
    moved("enforcement.case.proposed", case, by, at, note)
    return case


def _check_penalty(case: Case, fine: Decimal, confiscated: Decimal) -> None:
    if case.article not in Article.values:
        raise ActRefused(_("请选择处罚依据的条款。"), "article")
    if case.article == Article.OTHER and not case.basis:
        raise ActRefused(_("依据其他法律法规的，请写明法律名称和条款。"), "basis")
    if case.goods_value is None or case.goods_value < 0:
        raise ActRefused(_("请填写货值金额（元）：它决定罚款幅度。"), "goods_value")
    if fine < 0 or confiscated < 0:
        raise ActRefused(_("金额不能小于 0。"), "fine")
    check_fine(case.article, case.goods_value, case.household, fine, case.mitigation)


@transaction.atomic
def review_case(*, number: str, passed: bool, opinion: str, by: "User", at: datetime, seen: int | None = None) -> Case:
    """The legal review (法制审核): passed, or back to the officers. After a hearing it is done once more."""
    case = take_case(number, Act.REVIEW, by, at, seen)
    text = words(opinion, _("审核意见"), "opinion", 500)
    if not passed:
        check_move(case.state, CaseState.INVESTIGATING) if case.state != CaseState.INVESTIGATING else None
        send_back(case)
        moved("enforcement.case.returned", case, by, at, text)
        return case
    if case.state == CaseState.INVESTIGATING:
        check_move(case.state, CaseState.REVIEWED)
        case.state = CaseState.REVIEWED
    case.reviewed_at, case.reviewed_by = at, by
    moved("enforcement.case.reviewed", case, by, at, text)
    return case


@transaction.atomic
def return_case(*, number: str, reason: str, by: "User", at: datetime, seen: int | None = None) -> Case:
    """The head sends the case back for further investigation: proposal, review and notice are done anew."""
    case = take_case(number, Act.RETURN, by, at, seen)
    why = words(reason, _("退回的理由"), "reason", 500)
    check_move(case.state, CaseState.INVESTIGATING)
    send_back(case)
    moved("enforcement.case.returned", case, by, at, why)
    return case


def send_back(case: Case) -> None:
    """Back to the investigation: what was proposed, reviewed, told and heard is done anew."""
    case.state, case.proposed, case.proposed_at = CaseState.INVESTIGATING, "", None
    case.proposed_fine = case.proposed_confiscated = ZERO
    case.reviewed_at = case.reviewed_by = case.notified_at = case.answer_until = None
    case.hearing_told, case.answered_at, case.answer = False, None, ""
    case.hearing_on = case.hearing_held_at = None
