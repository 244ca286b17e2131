"""Who can be an officer on a case."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from nongan.accounts.rules import ROLES, Permission
from nongan.common.divisions import chain_of, within

if TYPE_CHECKING:
    from nongan.accounts.models import User

ROLES_THAT_HANDLE = sorted(str(role) for role, allowed in ROLES.items() if Permission.CASE_HANDLE in allowed)


def officers_for(division: str) -> "QuerySet[Any]":
    """Active people who may handle a case of a division: those whose own division is it or lies above it."""
    people = get_user_model().objects.filter(is_active=True, role__in=ROLES_THAT_HANDLE)
    return people.filter(division_id__in=chain_of(division)).select_related("organisation")


def pick_officers(user: "User", text: str, most: int = 12, division: str = "") -> list[tuple[str, str]]:
    """(user name, “name · organisation · user name”) for a box in which one picks an officer.

    Without a division: officers whose division lies in one's own or above it.
    """
    parts = text.split(" · ")
    wanted = parts[-1].strip()
    people = get_user_model().objects.filter(is_active=True, role__in=ROLES_THAT_HANDLE)
    here = Q(division_id__in=chain_of(division or user.scope))
    here |= within("division_id", user.scope) if not division else Q()
    found = people.filter(here).filter(Q(full_name__icontains=wanted) | Q(username__icontains=wanted))
    rows = found.select_related("organisation").order_by("-division_id", "full_name", "username")[:most]
    return [(p.username, label_of(p)) for p in rows]


def label_of(person: Any) -> str:
    organisation = person.organisation.name if person.organisation else ""
    return " · ".join(part for part in (person.full_name, organisation, person.username) if part)
