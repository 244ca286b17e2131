"""Who is who, as far as one may see."""

from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from nongan.accounts.models import ApiToken, Organisation, OrganisationQuerySet, User
from nongan.accounts.rules import Permission
from nongan.common.divisions import within
from nongan.common.work import Hit

if TYPE_CHECKING:
    from nongan.accounts.models import User as Person


def organisations_in(division: str) -> OrganisationQuerySet:
    """Organisations of a division and of everything in it."""
    return Organisation.objects.in_division(division).select_related("division")


def organisations_visible_to(user: "Person") -> OrganisationQuerySet:
    if not user.may(Permission.ACCOUNT_VIEW):
        own = [user.organisation_id] if user.organisation_id else []
        return Organisation.objects.filter(pk__in=own).select_related("division")
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


def organisations_matching(organisations: OrganisationQuerySet, text: str) -> OrganisationQuerySet:
    """Those whose name or former name holds the text. Few have former names: those are looked through here."""
    known = organisations.exclude(aliases=[]).values_list("pk", "aliases")
    formerly = [pk for pk, aliases in known if any(text in alias for alias in aliases)]
    return organisations.filter(Q(name__icontains=text) | Q(pk__in=formerly))


def people_matching(people: "QuerySet[User]", text: str) -> "QuerySet[User]":
    """Those whose name, user name or telephone number holds the text."""
    return people.filter(Q(full_name__icontains=text) | Q(username__icontains=text) | Q(phone__contains=text))


def pick_organisations(user: "Person", text: str, most: int = 12) -> list[tuple[str, str]]:
    """(key, “name · division”) for a box in which one picks an organisation; `text` may be such a label or a key."""
    visible = organisations_visible_to(user).filter(active=True)
    name, _dot, place = text.partition(" · ")
    found = visible.filter(pk=int(text)) if text.isdecimal() else organisations_matching(visible, name)
    if place:
        found = found.filter(name=name, division__name=place)
    return [(str(o.pk), f"{o.name} · {o.division.name}") for o in found.order_by("division_id", "name")[:most]]


def search(user: "Person", text: str, most: int = 10) -> list[Hit]:
    """Organisations and people for the global search, for those who may see accounts."""
    if not user.may(Permission.ACCOUNT_VIEW):
        return []
    organisations = organisations_matching(organisations_visible_to(user), text).order_by("division_id", "name")[:most]
    people = people_matching(people_visible_to(user), text).order_by("username")[:most]
    return [
        Hit(o.division.name, o.name, str(_("机构")), reverse("accounts:organisation", args=[o.pk]))
        for o in organisations
    ] + [
        Hit(p.username, p.full_name, str(_("人员")), reverse("accounts:person", args=[p.pk])) for p in people
    ]  # fmt: skip


def verified(user: "Person") -> bool:
    """Was the second factor given in this session? django-otp's middleware puts the device on the user."""
    return getattr(user, "otp_device", None) is not None


def settled(user: "Person") -> bool:
    """Past the first password and, where it is turned on, the second factor: only then is work allowed."""
    return user.is_authenticated and not user.must_change_password and (not user.totp_required or verified(user))


def second_factor_of(user: "Person", *, confirmed: bool = True) -> TOTPDevice | None:
    """The device that makes this person's codes: in force, or begun."""
    return TOTPDevice.objects.filter(user=user, confirmed=confirmed).order_by("-pk").first()


def tokens_of(user: "Person") -> "QuerySet[ApiToken]":
    """One's own tokens, newest first."""
    return ApiToken.objects.filter(user=user).order_by("-pk")


def person_of_token(token: str, at: datetime) -> "Person | None":
    """The person for whom a system speaks; None when the token is unknown, expired or revoked."""
    digest = sha256(token.encode()).hexdigest()
    found = ApiToken.objects.select_related("user__division", "user__organisation").filter(
        digest=digest, expires_at__gt=at, revoked_at__isnull=True, user__is_active=True
    )
    key = found.first()
    return key.user if key else None
