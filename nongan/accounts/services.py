"""What can happen to organisations, people and tokens."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from nongan.accounts.models import ApiToken, Organisation, User
from nongan.accounts.queries import organisations_visible_to, people_visible_to
from nongan.accounts.rules import Permission, Role
from nongan.common.divisions import covers
from nongan.common.editing import check_version
from nongan.common.errors import RuleBroken
from nongan.journal.services import record

ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no 0 O 1 l I: it is read aloud


def require(by: User, permission: Permission) -> None:
    """Raise PermissionDenied unless the person may."""
    if not by.may(permission):
        raise PermissionDenied(str(permission))


def require_scope(by: User, division: str) -> None:
    """Raise PermissionDenied unless the division lies in the person's own."""
    if not covers(by.scope, division):
        raise PermissionDenied(division)


@transaction.atomic
def add_organisation(
    *, name: str, kind: str, division: str, aliases: list[str], by: User, at: datetime
) -> Organisation:
    """Enter an organisation in a division of one's own. The programme office may do it while adopting a plan."""
    if not by.may(Permission.PLAN_EDIT):
        require(by, Permission.ACCOUNT_MANAGE)
    require_scope(by, division)
    if Organisation.objects.filter(division_id=division, name=name).exists():
        raise RuleBroken(_("该区划下已有“%(name)s”。") % {"name": name})
    organisation = Organisation.objects.create(name=name, kind=kind, division_id=division, aliases=aliases)
    record("accounts.organisation.added", on=organisation, by=by, at=at, name=name)
    return organisation


@transaction.atomic
def change_organisation(
    *, organisation_id: int, seen: int, name: str, kind: str, aliases: list[str], active: bool, by: User, at: datetime
) -> Organisation:
    organisation = organisations_visible_to(by).select_for_update(of=("self",)).get(pk=organisation_id)
    require(by, Permission.ACCOUNT_MANAGE)
    check_version(organisation, seen)
    organisation.name, organisation.kind, organisation.aliases, organisation.active = name, kind, aliases, active
    organisation.save()
    record("accounts.organisation.changed", on=organisation, by=by, at=at, name=name, active=active)
    return organisation


def new_password() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


@transaction.atomic
def add_person(
    *, username: str, full_name: str, role: str, organisation_id: int | None, division: str, by: User, at: datetime,
    phone: str = "", subject_number: str = "",
) -> tuple[User, str]:  # fmt: skip
    """Enter a person; returns the person and the first password, shown once and changed at the first login."""
    require(by, Permission.ACCOUNT_MANAGE)
    require_scope(by, division)
    password = new_password()
    person = User(
        username=username, full_name=full_name, role=Role(role), organisation_id=organisation_id,
        division_id=division, phone=phone, subject_number=subject_number, date_joined=at,
    )  # fmt: skip
    person.set_password(password)
    person.save()
    record("accounts.person.added", on=person, by=by, at=at, username=username, role=role)
    return person, password


@transaction.atomic
def change_person(
    *, person_id: int, seen: int, full_name: str, role: str, organisation_id: int | None, division: str,
    is_active: bool, phone: str, subject_number: str, by: User, at: datetime,
) -> User:  # fmt: skip
    person = people_visible_to(by).select_for_update(of=("self",)).get(pk=person_id)
    require(by, Permission.ACCOUNT_MANAGE)
    require_scope(by, division)
    check_version(person, seen)
    person.full_name, person.role, person.organisation_id, person.division_id = (
        full_name,
        role,
        organisation_id,
        division,
    )
    person.is_active, person.phone, person.subject_number = is_active, phone, subject_number
    person.save()
    record("accounts.person.changed", on=person, by=by, at=at, role=role, is_active=is_active)
    return person


@transaction.atomic
def reset_password(*, person_id: int, by: User, at: datetime) -> str:
    """Give a new first password and take away the second factor; returns the password, shown once."""
    person = people_visible_to(by).select_for_update(of=("self",)).get(pk=person_id)
    require(by, Permission.ACCOUNT_MANAGE)
    password = new_password()
    person.set_password(password)
    person.must_change_password, person.totp_required = True, False
    person.save(update_fields=["password", "must_change_password", "totp_required"])
    record("accounts.password.reset", on=person, by=by, at=at)
    return password


@transaction.atomic
def change_own_password(*, password: str, by: User, at: datetime) -> None:
    by.set_password(password)
    by.must_change_password = False
    by.save(update_fields=["password", "must_change_password"])
    record("accounts.password.changed", on=by, by=by, at=at)


@transaction.atomic
def set_totp(*, required: bool, by: User, at: datetime) -> None:
    """Turn the second factor on (after a first right code) or off."""
    by.totp_required = required
    by.save(update_fields=["totp_required"])
    record("accounts.totp.on" if required else "accounts.totp.off", on=by, by=by, at=at)


@transaction.atomic
def issue_token(*, label: str, days: int, by: User, at: datetime) -> str:
    """A key for the API that speaks as this person; returned once, only its hash is kept. At most a year."""
    token = secrets.token_urlsafe(32)
    key = ApiToken.objects.create(
        user=by, label=label, digest=sha256(token.encode()).hexdigest(), created_at=at,
        expires_at=at + timedelta(days=min(days, 366)),
    )  # fmt: skip
    record("accounts.token.issued", on=key, by=by, at=at, division=by.scope, label=label)
    return token


@transaction.atomic
def revoke_token(*, token_id: int, by: User, at: datetime) -> None:
    key = ApiToken.objects.select_for_update().get(pk=token_id, user=by)
    key.revoked_at = key.revoked_at or at
    key.save(update_fields=["revoked_at"])
    record("accounts.token.revoked", on=key, by=by, at=at, division=by.scope, label=key.label)
