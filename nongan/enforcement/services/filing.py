"""From a lead to a case (立案): two officers ask, the head decides (行政处罚法 第五十四条第二款)."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nongan.enforcement.models import Case
from nongan.enforcement.rules.acts import Act
from nongan.enforcement.rules.deadlines import Clock, check_extendable, period
from nongan.enforcement.rules.states import CaseState, Procedure, check_move
from nongan.enforcement.services.acting import File, attach, moved, name_officers, take_case, words

if TYPE_CHECKING:
    from nongan.accounts.models import User


@transaction.atomic
def ask_filing(
    *, number: str, officer: str, second: str, cause: str, grounds: str, by: "User", at: datetime,
    procedure: str = "", files: Sequence[File] = (), seen: int | None = None,
) -> Case:  # fmt: skip
    """Two officers, by user name, ask the head to file the case (立案审批表); asking again replaces what was asked.

    Raises SamePerson, ActRefused.
    """
    case = take_case(number, Act.ASK_FILING, by, at, seen)
    name_officers(case, officer, second)
    case.cause = words(cause, _("案由"), "cause", 200)
    case.grounds = words(grounds, _("立案依据"), "grounds")
    case.procedure = Procedure(procedure or case.procedure)
    case.asked_at = at
    kept = attach(case, Act.ASK_FILING, files, by, at)
    note = _("承办：%(a)s、%(b)s") % {"a": _name(case.officer), "b": _name(case.second)}
    moved("enforcement.case.filing_asked", case, by, at, note, files=kept)
    return case


def _name(person: "User | None") -> str:
    return person.full_name if person else ""


@transaction.atomic
def file_case(*, number: str, by: "User", at: datetime, seen: int | None = None) -> Case:
    """The head files the case: the 90 days begin (行政处罚法 第六十条)."""
    case = take_case(number, Act.FILE, by, at, seen)
    check_move(case.state, CaseState.FILED)
    case.state, case.filed_at, case.filed_by = CaseState.FILED, at, by
    moved("enforcement.case.filed", case, by, at, case.cause)
    return case


@transaction.atomic
def decline_case(*, number: str, reason: str, by: "User", at: datetime, seen: int | None = None) -> Case:
    """The head decides not to file, and says why."""
    case = take_case(number, Act.DECLINE, by, at, seen)
    check_move(case.state, CaseState.NOT_FILED)
    case.state, case.declined_reason = CaseState.NOT_FILED, words(reason, _("不予立案的理由"), "reason", 500)
    moved("enforcement.case.declined", case, by, at, case.declined_reason)
    return case


@transaction.atomic
def extend_deadline(*, number: str, reason: str, by: "User", at: datetime, seen: int | None = None) -> Case:
    """The head extends the clock for filing, or for deciding, once. Raises NotExtendable."""
    case = take_case(number, Act.EXTEND, by, at, seen)
    why = words(reason, _("延长的理由"), "reason", 500)
    filing = case.state == CaseState.LEAD
    rule = period(Clock.FILE if filing else Clock.DECIDE, timezone.localdate(at), case.procedure)
    check_extendable(rule, case.filing_extended if filing else case.decision_extended)
    if filing:
        case.filing_extended = True
    else:
        case.decision_extended = True
    moved("enforcement.case.extended", case, by, at, why, clock=rule.clock.value, days=rule.extension)
    return case
