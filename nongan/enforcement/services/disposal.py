"""Disposing of failed produce: how much there was, what became of it, until nothing is left."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.editing import check_version
from nongan.common.quantity import plain
from nongan.enforcement.models import Disposal, DisposalFile, DisposalLine
from nongan.enforcement.queries.disposals import disposals_visible_to, goods_with_police
from nongan.enforcement.rules.disposal import (
    Balance,
    DisposalRefused,
    check_involved,
    check_line,
    check_reversal,
    check_with_police,
)  # fmt: skip
from nongan.enforcement.rules.states import FINAL, DisposalState, Method, MoveNotAllowed
from nongan.enforcement.services.acting import ActRefused, File, check_day, keep_files, set_duty_clock, words
from nongan.journal.services import record

if TYPE_CHECKING:
    from nongan.accounts.models import User


@transaction.atomic
def establish_weight(
    *, number: str, involved: Decimal, basis: str, by: "User", at: datetime, seen: int | None = None
) -> Disposal:
    """How many kilograms the failed batch holds, and how one knows. May be corrected; never below what is booked."""
    duty = _duty(number, by, seen)
    check_involved(duty.balance, involved)
    _set(duty, replace(duty.balance, involved=involved), timezone.localdate(at))
    duty.save()
    note = _("涉案 %(kg)s 千克：%(basis)s") % {"kg": plain(involved), "basis": words(basis, _("依据"), "basis", 500)}
    record("enforcement.disposal.established", on=duty, by=by, at=at, number=number, note=note)
    return duty


@transaction.atomic
def record_disposal(
    *, number: str, method: str, kg: Decimal, done_on: date, by: "User", at: datetime, place: str = "",
    witnesses: str = "", note: str = "", files: Sequence[File] = (), seen: int | None = None,
) -> DisposalLine:  # fmt: skip
    """Book what was done with `kg` kilograms. Destroying and harmless disposal are proven by a photograph or paper.

    Raises DisposalRefused, ActRefused, FileNotAccepted.
    """
    duty = _duty(number, by, seen)
    check_day(done_on, _("处置日期"), "done_on", after=duty.opened_at, at=at)
    after = check_line(duty.balance, Method(method), kg)
    check_with_police(method, goods_with_police(duty))
    if method in (Method.DESTROY, Method.HARMLESS) and not files:
        raise ActRefused(_("销毁、无害化处理须有现场照片或处理凭证（农产品质量安全法第七十条、第七十一条）。"), "files")
    if method == Method.LOST and not note.strip():
        raise ActRefused(_("请说明为何无法追回：卖给了谁、何时、如何追查。"), "note")
    line = DisposalLine.objects.create(
        disposal=duty, method=Method(method), kg=kg, done_on=done_on, place=place.strip(),
        witnesses=witnesses.strip(), note=note.strip(), by=by, at=at,
    )  # fmt: skip
    for document in keep_files(files, by, at):
        DisposalFile.objects.create(line=line, document=document)
    _set(duty, after, done_on)
    duty.save()
    _tell("enforcement.disposal.recorded", duty, line, by, at, "")
    return line


@transaction.atomic
def reverse_disposal(
    *, number: str, line_id: int, reason: str, by: "User", at: datetime, seen: int | None = None
) -> DisposalLine:
    """Take a wrong line back by a line of its own; the ledger keeps both. Raises DisposalRefused."""
    duty = _duty(number, by, seen)
    wrong = DisposalLine.objects.select_related("reversed_by").get(pk=line_id, disposal=duty)
    if wrong.reverses_id is not None or hasattr(wrong, "reversed_by"):
        raise DisposalRefused(_("这条记录已冲销过，或本身是冲销记录，不能再冲销。"))
    after = check_reversal(duty.balance, wrong.method, wrong.kg)
    line = DisposalLine.objects.create(
        disposal=duty, method=wrong.method, kg=-wrong.kg, done_on=timezone.localdate(at), reverses=wrong,
        note=words(reason, _("冲销的原因"), "reason", 500), by=by, at=at,
    )  # fmt: skip
    _set(duty, after, timezone.localdate(at))
    duty.save()
    _tell("enforcement.disposal.reversed", duty, line, by, at, line.note)
    return line


def _duty(number: str, by: "User", seen: int | None) -> Disposal:
    """The duty, locked, if this person may book on it and it is open to booking."""
    duty = disposals_visible_to(by).select_for_update().get(number=number)
    require(by, Permission.DISPOSAL_RECORD)
    if seen is not None:
        check_version(duty, seen)
    else:
        duty.version += 1
    if duty.state == DisposalState.LIFTED:
        raise MoveNotAllowed(_("处置责任已解除：%(why)s。不再登记。") % {"why": duty.lifted_reason})
    if duty.withdrawn_at is not None:
        raise MoveNotAllowed(_("检测报告已撤回，暂不处置。已封存的继续封存，等待新报告。"))
    return duty


def _set(duty: Disposal, balance: Balance, day: date) -> None:
    duty.involved, duty.disposed, duty.lost, duty.held = (
        balance.involved, balance.disposed, balance.lost, balance.held,
    )  # fmt: skip
    duty.state = balance.state
    duty.done_on = _last_day(duty, day) if duty.state == DisposalState.DONE else None
    set_duty_clock(duty)


def _last_day(duty: Disposal, day: date) -> date:
    """The day of the last line that stands, or the day of this act."""
    standing = duty.lines.filter(method__in=[m.value for m in FINAL], reverses=None, reversed_by=None)
    return max([*standing.values_list("done_on", flat=True), day]) if duty.pk else day


def _tell(action: str, duty: Disposal, line: DisposalLine, by: "User", at: datetime, reason: str) -> None:
    left = duty.balance.remaining
    note = _("%(how)s %(kg)s 千克，剩余 %(left)s 千克") % {
        "how": line.get_method_display(), "kg": plain(line.kg), "left": plain(left) if left is not None else "—",
    }  # fmt: skip
    text = "。".join(filter(None, [note, reason]))
    record(action, on=duty, by=by, at=at, number=duty.number, line=line.pk, note=text)
