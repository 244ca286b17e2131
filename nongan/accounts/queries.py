"""Who is who, as far as one may see."""

from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from nongan.accounts.models import ApiToken, Organisation, OrganisationQuerySet, User
from nongan.accounts.rules import Permission
from nongan.common.divisions import within

if TYPE_CHECKING:
    from nongan.accounts.models import User as Person


def organisations_in(division: str) -> OrganisationQuerySet:
    """Organisations of a division and of everything in it."""
    return Organisation.objects.in_division(division).select_related("division")


def organisations_visible_to(user: "Person") -> OrganisationQuerySet:
    if not user.may(Permission.ACCOUNT_VIEW):
        return Organisation.objects.filter(pk=user.organisation_id).select_related("division")
    return organisations_in(user.scope)


def people_visible_to(user: "Person") -> "QuerySet[User]":
    if not user.may(Permission.ACCOUNT_VIEW):
        return User.objects.filter(pk=user.pk)
    return User.objects.filter(within("division_id", user.scope) | Q(pk=user.pk)).select_related(
        "organisation", "division"
    )


def find_organisation(name: str, division: str) -> Organisation | None:
    """The organisation of this very division that bears the name now or bore it before (aliases)."""
    here = Organisation.objects.filter(division_id=division)
    named = here.filter(name=name).first()
    return named or next((o for o in here.order_by("pk") if name in o.aliases), None)


def person_of_token(token: str, at: datetime) -> "Person | None":
    """The person for whom a system speaks; None when the token is unknown, expired or revoked."""
    digest = sha256(token.encode()).hexdigest()
    found = ApiToken.objects.select_related("user__division", "user__organisation").filter(
        digest=digest, expires_at__gt=at, revoked_at__isnull=True, user__is_active=True
    )
    key = found.first()
    return key.user if key else None
