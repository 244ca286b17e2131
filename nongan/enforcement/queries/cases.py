"""Cases as one may see them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.common.divisions import covers
from nongan.common.related import Link
from nongan.enforcement.models import Case, CaseQuerySet, Disposal, Transfer
from nongan.enforcement.rules.acts import SPECS, Act, Hand, Standing, acts_of_stage
from nongan.enforcement.rules.states import ENDED
from nongan.monitoring.queries import failed_samples

if TYPE_CHECKING:
    from nongan.accounts.models import User
    from nongan.common.errors import RuleBroken

MOST_LINKS = 10
NEWEST = ("-opened_at", "-id")
URGENT = ("due_at", "id")  # only of cases with a clock


def cases_visible_to(user: "User", division: str = "") -> CaseQuerySet:
    """Cases of one's division, or of a part of it. A division outside one's own, and a blank scope, see nothing."""
    if not user.may(Permission.CASE_VIEW) or (division and not covers(user.scope, division)):
        return Case.objects.none()
    return Case.objects.in_division(division or user.scope)


def with_parts(cases: CaseQuerySet) -> CaseQuerySet:
    """Cases with what a line of a list shows, in one query."""
    return cases.select_related("division", "sample__commodity", "officer", "second", "transfer", "disposal")


def matching(cases: CaseQuerySet, text: str) -> CaseQuerySet:
    """Those whose number, or whose sample's number, begins with the text, or whose party or cause holds it."""
    code = text.strip().upper()
    if code.startswith("AJ-"):
        return cases.filter(number__gte=code, number__lt=code + "~")
    if code.startswith("CY-"):
        return cases.filter(sample__number__gte=code, sample__number__lt=code + "~")
    return cases.filter(Q(party__icontains=text.strip()) | Q(cause__icontains=text.strip()))


def concerning(samples: Collection[int]) -> set[int]:
    """Of some samples, those that failed or have a case: the others are nobody's case."""
    failed = failed_samples().order_by().filter(pk__in=samples)
    return {*failed, *Case.objects.filter(sample__in=samples).values_list("sample", flat=True)} - {None}


def of_thing(user: "User", thing: object) -> list[Link]:
    """Cases of a sample or a subject that this person sees, for the page of that thing (common.related)."""
    column = "subject" if hasattr(thing, "uscc") else "sample"
    found = cases_visible_to(user).filter(**{column: thing}).order_by(*NEWEST)[:MOST_LINKS]
    return [
        Link(str(_("案件")), case.number, reverse("enforcement:case", args=[case.number]), case.get_state_display(),
             "idle" if case.state in ENDED else "warn")
        for case in found
    ]  # fmt: skip


def mine(cases: CaseQuerySet, user: "User") -> CaseQuerySet:
    """Those on which one is an officer."""
    return cases.filter(Q(officer=user) | Q(second=user))


def transfer_of(case: Case) -> Transfer | None:
    try:
        return case.transfer
    except ObjectDoesNotExist:
        return None


def disposal_of(case: Case) -> Disposal | None:
    try:
        return case.disposal
    except ObjectDoesNotExist:
        return None


def standing_of(case: Case) -> Standing:
    """What the rules ask about a case."""
    transfer, disposal = transfer_of(case), disposal_of(case)
    moved = transfer is not None and transfer.goods_at is not None
    return case.standing(transfer.state if transfer else "", disposal.state if disposal else "", goods_moved=moved)


def hands_of(case: Case, user: "User") -> set[Hand]:
    """Which hands this person has on this case: what one sees as a button at all."""
    if not user.may(Permission.CASE_HANDLE) and not user.may(Permission.CASE_DECIDE):
        return set()
    on_case = user.pk in (case.officer_id, case.second_id)
    head = user.may(Permission.CASE_DECIDE)
    hands = {Hand.HEAD} if head else set()
    if user.may(Permission.CASE_HANDLE):
        hands |= {Hand.OFFICER} if head or on_case or case.officer_id is None else set()
        hands |= set() if on_case else {Hand.REVIEWER}
    return hands


def acts_for(case: Case, user: "User", at: datetime) -> list[tuple[Act, "RuleBroken | None"]]:
    """Acts of this stage that this person's role allows, each with the reason of the law against it, if any."""
    hands = hands_of(case, user)
    return [(act, refused) for act, refused in acts_of_stage(standing_of(case), at) if SPECS[act].hand in hands]


def earlier_cases(case: Case, user: "User", most: int = 5) -> list[Case]:
    """Other cases of the same subject, newest first (repeated offences weigh)."""
    if case.subject_id is None:
        return []
    rows = cases_visible_to(user).filter(subject=case.subject_id).exclude(pk=case.pk).order_by(*NEWEST)
    return list(rows[:most])


def with_clock(cases: CaseQuerySet, wanted: str, at: datetime) -> CaseQuerySet:
    """Cases whose clock has run out (late), runs out within a day or three, or runs at all (any)."""
    running = cases.running()
    if wanted == "late":
        return running.filter(due_at__lt=at)
    hours = {"day": 24, "three": 72}.get(wanted)
    return running.filter(due_at__gte=at, due_at__lte=at + timedelta(hours=hours)) if hours else running
