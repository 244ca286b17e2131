"""Telling the party, hearing it, deciding, carrying out, closing (行政处罚法 第四十四条至第六十七条)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nongan.common.quantity import plain
from nongan.enforcement.models import Case
from nongan.enforcement.rules.acts import Act
from nongan.enforcement.rules.deadlines import HEARING_NOTICE, Clock
from nongan.enforcement.rules.penalties import check_fine, check_not_heavier
from nongan.enforcement.rules.states import CaseState, Outcome, check_move
from nongan.enforcement.services.acting import (
    ActRefused,
    File,
    attach,
    check_day,
    check_moment,
    deadline,
    moved,
    take_case,
    words,
)  # fmt: skip
from nongan.enforcement.services.investigation import send_back
from nongan.places.queries import working_calendar

if TYPE_CHECKING:
    from nongan.accounts.models import User

ZERO = Decimal(0)


@transaction.atomic
def notify_party(
    *, number: str, served_at: datetime, hearing: bool, by: "User", at: datetime, files: Sequence[File] = (),
    seen: int | None = None,
) -> Case:  # fmt: skip
    """The party was told what is proposed and its rights (第四十四条); `hearing`: also of the right to a hearing
    (第六十三条), which it may ask for within five working days of `served_at` (第六十四条)."""
    case = take_case(number, Act.NOTIFY, by, at, seen)
    served_at = check_moment(served_at, _("送达时间"), "served_at", after=case.reviewed_at, at=at)
    check_move(case.state, CaseState.NOTIFIED)
    case.state, case.notified_at, case.hearing_told = CaseState.NOTIFIED, served_at, hearing
    case.answer_until = deadline(Clock.ANSWER, served_at, case)
    kept = attach(case, Act.NOTIFY, files, by, at)
    note = _("已告知听证权利") if hearing else _("已告知陈述、申辩权利")
    moved("enforcement.case.notified", case, by, at, note, files=kept)
    return case


@transaction.atomic
def record_answer(
    *, number: str, answer: str, by: "User", at: datetime, files: Sequence[File] = (), seen: int | None = None
) -> Case:
    """What the party said, or that it gave up saying anything (第四十五条、第六十二条)."""
    case = take_case(number, Act.ANSWER, by, at, seen)
    case.answer, case.answered_at = words(answer, _("陈述申辩的内容，或放弃的表示"), "answer"), at
    kept = attach(case, Act.ANSWER, files, by, at)
    moved("enforcement.case.answered", case, by, at, case.answer[:300], files=kept)
    return case


@transaction.atomic
def set_hearing(
    *, number: str, asked_at: datetime, hearing_on: date, by: "User", at: datetime, seen: int | None = None
) -> Case:
    """The party asked for a hearing in time; it is held at the earliest seven working days after the invitation
    (第六十四条第（一）（二）项、第八十五条). The invitation goes out today."""
    case = take_case(number, Act.HEARING, by, at, seen)
    asked_at = check_moment(asked_at, _("提出听证的时间"), "asked_at", after=case.notified_at, at=at)
    if case.answer_until and asked_at > case.answer_until:
        raise ActRefused(
            _("当事人在 %(day)s 之后才要求听证，已过五个工作日（行政处罚法第六十四条）。可登记为陈述申辩。")
            % {"day": timezone.localdate(case.answer_until)},
            "asked_at",
        )
    earliest = working_calendar().add(timezone.localdate(at), HEARING_NOTICE)
    if hearing_on < earliest:
        raise ActRefused(
            _("听证须在举行七个工作日前通知当事人，最早 %(day)s（行政处罚法第六十四条、第八十五条）。")
            % {"day": earliest},
            "hearing_on",
        )
    check_move(case.state, CaseState.HEARING)
    case.state, case.hearing_on = CaseState.HEARING, hearing_on
    moved("enforcement.case.hearing_set", case, by, at, _("听证日期 %(day)s") % {"day": hearing_on})
    return case


@transaction.atomic
def record_hearing(
    *, number: str, held_on: date, host: str, record_text: str, by: "User", at: datetime,
    files: Sequence[File] = (), seen: int | None = None,
) -> Case:  # fmt: skip
    """The hearing was held; its host did not investigate the case (第六十四条第（四）项)."""
    case = take_case(number, Act.HELD, by, at, seen)
    check_day(held_on, _("听证日期"), "held_on", after=case.notified_at, at=at)
    chair = words(host, _("听证主持人"), "host", 50)
    if chair in {person.full_name for person in (case.officer, case.second) if person}:
        raise ActRefused(_("听证由非本案调查人员主持（行政处罚法第六十四条）。请由另一位人员主持。"), "host")
    text = words(record_text, _("听证笔录摘要"), "record_text")
    case.hearing_on, case.hearing_held_at = held_on, at
    kept = attach(case, Act.HELD, files, by, at)
    note = _("主持人 %(host)s：%(text)s") % {"host": chair, "text": text[:300]}
    moved("enforcement.case.heard", case, by, at, note, files=kept)
    return case


@transaction.atomic
def decide_case(
    *, number: str, decision_number: str, by: "User", at: datetime, fine: Decimal | None = None,
    confiscated: Decimal | None = None, served_at: datetime | None = None, seen: int | None = None,
) -> Case:  # fmt: skip
    """The head decides what was proposed; a penalty not heavier than the party was told. Amounts in yuan, by default
    as proposed. `served_at`: when the decision was handed over (第六十一条), by default at once.

    Raises HeavierAfterHearing, FineOutOfRange.
    """
    case = take_case(number, Act.DECIDE, by, at, seen)
    check_move(case.state, CaseState.DECIDED)
    case.decision_number = words(decision_number, _("决定书文号"), "decision_number", 60)
    case.state, case.outcome = CaseState.DECIDED, case.proposed
    case.decided_at, case.decided_by = at, by
    if case.outcome == Outcome.PENALTY:
        case.fine = case.proposed_fine if fine is None else fine
        case.confiscated = case.proposed_confiscated if confiscated is None else confiscated
        check_not_heavier(case.fine, case.confiscated, case.proposed_fine, case.proposed_confiscated)
        if case.fine != case.proposed_fine:
            check_fine(case.article, case.goods_value or ZERO, case.household, case.fine, case.mitigation)
    case.served_at = served_at or at
    note = _("%(what)s，%(number)s；罚款 %(fine)s 元，没收 %(taken)s 元") % {
        "what": case.get_outcome_display(), "number": case.decision_number, "fine": plain(case.fine),
        "taken": plain(case.confiscated),
    }  # fmt: skip
    moved("enforcement.case.decided", case, by, at, note, outcome=case.outcome)
    return case


@transaction.atomic
def execute_case(
    *, number: str, paid: Decimal, executed_on: date, by: "User", at: datetime, note: str = "",
    files: Sequence[File] = (), seen: int | None = None,
) -> Case:  # fmt: skip
    """The decision is carried out: all of the fine and the confiscated income is paid (第六十六条、第六十七条). More
    than the sum can be paid: the additional fine of 3 % a day (第七十二条)."""
    case = take_case(number, Act.EXECUTE, by, at, seen)
    check_day(executed_on, _("执行完毕日期"), "executed_on", after=case.decided_at, at=at)
    owed = case.fine + case.confiscated
    if paid < owed:
        raise ActRefused(
            _("已缴 %(paid)s 元，少于决定的 %(owed)s 元，不能登记为执行完毕（行政处罚法第六十六条）。请缴清后登记。")
            % {"paid": plain(paid), "owed": plain(owed)},
            "paid",
        )
    if paid > owed + case.fine:
        raise ActRefused(_("加处罚款不得超出罚款数额（行政处罚法第七十二条）。请核对已缴金额。"), "paid")
    check_move(case.state, CaseState.EXECUTED)
    case.state, case.paid, case.executed_at = CaseState.EXECUTED, paid, at
    kept = attach(case, Act.EXECUTE, files, by, at)
    text = _("缴清 %(paid)s 元。%(note)s") % {"paid": plain(paid), "note": note}
    moved("enforcement.case.executed", case, by, at, text, files=kept)
    return case


@transaction.atomic
def close_case(*, number: str, reason: str, by: "User", at: datetime, seen: int | None = None) -> Case:
    """The head closes the case: nothing is left to do, the failed produce is disposed of."""
    case = take_case(number, Act.CLOSE, by, at, seen)
    _close(case, words(reason, _("结案说明"), "reason", 500), at)
    moved("enforcement.case.closed", case, by, at, case.closed_reason)
    return case


@transaction.atomic
def dismiss_case(*, number: str, reason: str, by: "User", at: datetime, seen: int | None = None) -> Case:
    """The head dismisses a case whose failed result did not stand (行政处罚法 第四十条、第五十七条第一款第（三）项).

    A decision that rested on it is taken back, with what was paid (第七十五条第二款: 发现有错误的，应当主动改正).
    """
    case = take_case(number, Act.DISMISS, by, at, seen)
    why = words(reason, _("撤销的理由"), "reason", 500)
    note = _revoke(case) if case.outcome else ""
    _close(case, why, at)
    moved("enforcement.case.dismissed", case, by, at, "。".join(filter(None, [why, note])))
    return case


def _revoke(case: Case) -> str:
    """The decision falls; what the journal is to say of it."""
    note = _("撤销决定 %(number)s") % {"number": case.decision_number}
    if case.paid:
        note += "，" + _("退还已缴 %(paid)s 元") % {"paid": plain(case.paid)}
    send_back(case)
    case.outcome, case.decision_number, case.decided_at, case.decided_by = "", "", None, None
    case.fine = case.confiscated = case.paid = ZERO
    case.served_at = case.executed_at = None
    return note


def _close(case: Case, reason: str, at: datetime) -> None:
    check_move(case.state, CaseState.CLOSED)
    case.state, case.closed_at, case.closed_reason = CaseState.CLOSED, at, reason
