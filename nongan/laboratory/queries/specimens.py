"""Specimens and their tests, as far as a laboratory's people may see: their own laboratory's, never the origin."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from nongan.accounts.queries import organisations_in
from nongan.accounts.rules import Permission
from nongan.journal.queries import timeline
from nongan.laboratory.models import Specimen, Test
from nongan.laboratory.rules.states import SpecimenState
from nongan.standards.queries import foods_meant

if TYPE_CHECKING:
    from nongan.accounts.models import User
    from nongan.journal.models import Line

EVERYWHERE = "000000000000"


def laboratories(division: str = EVERYWHERE) -> list[tuple[int, str]]:
    """(key, name) of the laboratories in a division that specimens can be sent to."""
    found = organisations_in(division).filter(kind="laboratory", active=True).order_by("division_id", "name")
    return list(found.values_list("pk", "name"))


def divisions_of_laboratories() -> dict[int, str]:
    """Laboratory in service → division code, by which its journal lines are scoped."""
    return dict(organisations_in(EVERYWHERE).filter(kind="laboratory", active=True).values_list("pk", "division_id"))


def specimens_visible_to(user: "User") -> "QuerySet[Specimen]":
    """A laboratory sees what was sent to it. Who belongs to no organisation sees nothing."""
    if not user.may(Permission.SPECIMEN_VIEW) or user.organisation_id is None:
        return Specimen.objects.none()
    return Specimen.objects.filter(laboratory_id=user.organisation_id).select_related("commodity", "laboratory")


def of_food(specimens: "QuerySet[Specimen]", text: str) -> "QuerySet[Specimen]":
    """Specimens of a food, of a category, or of all that the text might mean.

    Asked for through an expression that no index has: the rows come in the order of the list (`Specimen`).
    """
    return specimens.alias(food=Concat("commodity_id", Value(""))).filter(food__in=foods_meant(text))


def tests_of(specimens: Collection[Specimen]) -> "QuerySet[Test]":
    """The tests of some specimens with analyte and people, in the order in which they were asked for."""
    return (
        Test.objects.filter(specimen__in=[s.pk for s in specimens])
        .select_related("analyte", "entered_by", "verified_by")
        .order_by("specimen_id", "pk")
    )


def progress_of(specimens: Sequence[Specimen]) -> dict[int, tuple[int, int]]:
    """Specimen → (tests with a result, tests)."""
    counted = (
        Test.objects.filter(specimen__in=[s.pk for s in specimens])
        .values("specimen_id")
        .annotate(n=Count("pk"), filled=Count("pk", filter=~Q(text="")))
    )
    return {row["specimen_id"]: (row["filled"], row["n"]) for row in counted}


def entered_by(user: "User") -> Exists:
    """Specimens in which this person entered a result: never for this person to verify or sign."""
    return Exists(Test.objects.filter(specimen=OuterRef("pk"), entered_by=user))


def to_verify(user: "User") -> "QuerySet[Specimen]":
    """Submitted specimens that this person may verify, oldest first."""
    waiting = specimens_visible_to(user).filter(state=SpecimenState.ENTERED)
    return waiting.exclude(entered_by(user)).order_by("received_at", "pk")


def to_sign(user: "User") -> "QuerySet[Specimen]":
    """Verified specimens that this person may sign, oldest first."""
    waiting = specimens_visible_to(user).filter(state=SpecimenState.VERIFIED)
    return waiting.exclude(entered_by(user)).order_by("received_at", "pk")


def history(specimen: Specimen) -> "list[Line]":
    """What happened to a specimen, newest first. Who sent it in is left out: the name would tell where it is from."""
    lines = timeline(specimen)
    for line in lines:
        if line.action == "laboratory.specimen.received":
            line.by = _("送样单位（盲样，不显示）")
    return lines
