"""What waits for a person of a laboratory, and what the global search finds."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.common.work import Hit, Todo
from nongan.laboratory.queries.reports import reports_visible_to
from nongan.laboratory.queries.specimens import specimens_visible_to, to_sign, to_verify
from nongan.laboratory.rules.states import SpecimenState

if TYPE_CHECKING:
    from nongan.accounts.models import User


def todos(user: "User", at: datetime) -> list[Todo]:
    """待检, 退回修改, 待复核, 待签发: each with the page on which all of it is done at once."""
    found: list[Todo] = []
    if user.may(Permission.RESULT_ENTER):
        waiting = specimens_visible_to(user).filter(state=SpecimenState.RECEIVED)
        counts = waiting.aggregate(all=Count("pk"), returned=Count("pk", filter=~Q(return_reason="")))
        sheet = reverse("laboratory:worksheet")
        if counts["returned"]:
            found.append(Todo(_("修改退回的样品 %(n)s 件") % {"n": counts["returned"]}, f"{sheet}?of=returned", "warn"))
        if fresh := counts["all"] - counts["returned"]:
            found.append(Todo(_("待检 %(n)s 件") % {"n": fresh}, f"{sheet}?of=received"))
    if user.may(Permission.RESULT_VERIFY) and (count := to_verify(user).count()):
        found.append(Todo(_("待复核 %(n)s 件") % {"n": count}, reverse("laboratory:verify")))
    if user.may(Permission.REPORT_SIGN) and (count := to_sign(user).count()):
        found.append(Todo(_("待签发 %(n)s 件") % {"n": count}, reverse("laboratory:sign")))
    return found


def search(user: "User", text: str, most: int = 10) -> list[Hit]:
    """Specimens by blind code, reports by number: the laboratory's own."""
    text = text.strip()
    if len(text) < 3:
        return []
    specimens = specimens_visible_to(user).filter(code__icontains=text).order_by("-received_at")[:most]
    reports = reports_visible_to(user).filter(number__icontains=text).order_by("-pk")[:most]
    return [
        Hit(s.code, s.commodity.name, str(_("检测样品")), reverse("laboratory:specimen", args=[s.code]))
        for s in specimens
    ] + [
        Hit(r.number, r.specimen.code, str(_("检测报告")), reverse("laboratory:report", args=[r.number]))
        for r in reports
    ]  # fmt: skip
