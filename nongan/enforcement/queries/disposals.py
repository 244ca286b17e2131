"""Disposal duties as one may see them."""

from typing import TYPE_CHECKING

from django.db.models import Q

from nongan.accounts.rules import Permission
from nongan.common.divisions import covers
from nongan.enforcement.models import Disposal, DisposalLine, DisposalQuerySet, Handover

if TYPE_CHECKING:
    from nongan.accounts.models import User

NEWEST = ("-opened_at", "-id")


def disposals_visible_to(user: "User", division: str = "") -> DisposalQuerySet:
    """Duties of one's division, or of a part of it. A division outside one's own, and a blank scope, see nothing."""
    if not user.may(Permission.CASE_VIEW) or (division and not covers(user.scope, division)):
        return Disposal.objects.none()
    return Disposal.objects.in_division(division or user.scope)


def with_parts(disposals: DisposalQuerySet) -> DisposalQuerySet:
    """Duties with what a line of a list shows, in one query."""
    return disposals.select_related("division", "case", "sample__commodity", "sample__subject")


def matching(disposals: DisposalQuerySet, text: str) -> DisposalQuerySet:
    """Those whose number, sample's or case's number begins with the text, or whose party or product holds it."""
    code = text.strip().upper()
    for start, column in (("CZ-", "number"), ("CY-", "sample__number"), ("AJ-", "case__number")):
        if code.startswith(start):
            return disposals.filter(**{f"{column}__gte": code, f"{column}__lt": code + "~"})
    words = text.strip()
    return disposals.filter(Q(case__party__icontains=words) | Q(sample__commodity__name__icontains=words))


def goods_with_police(disposal: Disposal) -> bool:
    """Did goods of this case go to the police after they filed it?"""
    return Handover.objects.filter(transfer__case=disposal.case_id, kinds__gt=0).exists()


def lines_of(disposal: Disposal) -> list[DisposalLine]:
    """The ledger, oldest first, with its files."""
    rows = disposal.lines.select_related("by", "reverses", "reversed_by").prefetch_related("files__document")
    return list(rows.order_by("pk"))
