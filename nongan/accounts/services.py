"""What can happen to organisations, people, second factors and tokens."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django_otp import verify_token
from django_otp.plugins.otp_totp.models import TOTPDevice

from nongan.accounts.models import ApiToken, Organisation, User
from nongan.accounts.queries import organisations_visible_to, people_visible_to, second_factor_of
from nongan.accounts.rules import Permission, Role, check_not_self
from nongan.common.divisions import covers
from nongan.common.editing import check_version
from nongan.common.errors import RuleBroken
from nongan.journal.services import record

TOKEN_DAYS = 366  # the longest life of a token
ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no 0 O 1 l I: it is read aloud


class WrongCode(RuleBroken):
    """The six digits are not those of this moment, or were used already, or come too fast."""

    code = "wrong_code"


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
    _check_free(name, division, None)
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
    _check_free(name, organisation.division_id, organisation.pk)
    organisation.name, organisation.kind, organisation.aliases, organisation.active = name, kind, aliases, active
    organisation.save()
    record("accounts.organisation.changed", on=organisation, by=by, at=at, name=name, active=active)
    return organisation


def _check_free(name: str, division: str, but: int | None) -> None:
    """A name, or a former name, belongs to one organisation of a division."""
    here = Organisation.objects.filter(division_id=division)
    for other in here if but is None else here.exclude(pk=but):
        if name == other.name or name in other.aliases:
            raise RuleBroken(_("该区划下已有“%(name)s”。请改用全称，或修改原有机构。") % {"name": other.name})


def new_password() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


class NotFirst(RuleBroken):
    """Somebody is entered already; people enter people from then on."""

    code = "not_first"


@transaction.atomic
def enter_first_administrator(*, username: str, full_name: str, division: str, at: datetime) -> tuple[User, str]:
    """The person who opens a new installation, entered by nobody; returns the first password. Raises NotFirst."""
    if User.objects.exists():
        raise NotFirst(_("已有人员登记。新的管理员请由现有系统管理员在“人员”页面登记。"))
    password = new_password()
    person = User(username=username, full_name=full_name, role=Role.ADMINISTRATOR, division_id=division, date_joined=at)
    person.set_password(password)
    person.save()
    record("accounts.person.added", on=person, by=_("系统"), at=at, username=username, role=person.role)
    return person, password


@transaction.atomic
def add_person(
    *, username: str, full_name: str, role: str, organisation_id: int | None, division: str, by: User, at: datetime,
    phone: str = "", subject_number: str = "", hashed: str = "",
) -> tuple[User, str]:  # fmt: skip
    """Enter a person; returns the person and the first password, shown once and changed at the first login.

    `hashed`: the person brings a password from another system, in Django's form; then none is made, none returned.
    """
    require(by, Permission.ACCOUNT_MANAGE)
    require_scope(by, division)
    _check_organisation(by, organisation_id)
    if User.objects.filter(username__iexact=username).exists():
        raise RuleBroken(_("用户名“%(name)s”已被使用，请换一个。") % {"name": username})
    password = "" if hashed else new_password()
    person = User(
        username=username, full_name=full_name, role=Role(role), organisation_id=organisation_id,
        division_id=division, phone=phone, subject_number=subject_number, date_joined=at,
        must_change_password=not hashed, password=hashed or make_password(password),
    )  # fmt: skip
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
    if (role, division, is_active) != (person.role, person.division_id, person.is_active):
        check_not_self(person.username, by.username)
    if organisation_id != person.organisation_id:
        _check_organisation(by, organisation_id)
    check_version(person, seen)
    person.full_name, person.role, person.division_id = full_name, Role(role), division
    person.organisation_id = organisation_id
    person.is_active, person.phone, person.subject_number = is_active, phone, subject_number
    person.save()
    record("accounts.person.changed", on=person, by=by, at=at, role=role, is_active=is_active)
    return person


def _check_organisation(by: User, organisation_id: int | None) -> None:
    if organisation_id is not None:
        organisations_visible_to(by).get(pk=organisation_id)


@transaction.atomic
def reset_password(*, person_id: int, by: User, at: datetime) -> str:
    """Give a new first password and take away the second factor; returns the password, shown once."""
    person = people_visible_to(by).select_for_update(of=("self",)).get(pk=person_id)
    require(by, Permission.ACCOUNT_MANAGE)
    check_not_self(person.username, by.username)
    password = new_password()
    person.set_password(password)
    person.must_change_password, person.totp_required = True, False
    person.save(update_fields=["password", "must_change_password", "totp_required"])
    TOTPDevice.objects.filter(user=person).delete()
    record("accounts.password.reset", on=person, by=by, at=at)
    return password


@transaction.atomic
def change_own_password(*, password: str, by: User, at: datetime) -> None:
    by.set_password(password)
    by.must_change_password = False
    by.save(update_fields=["password", "must_change_password"])
    record("accounts.password.changed", on=by, by=by, at=at)


@transaction.atomic
def reset_second_factor(*, person_id: int, by: User, at: datetime) -> None:
    """For somebody whose phone is lost: the password alone opens the account again."""
    person = people_visible_to(by).select_for_update(of=("self",)).get(pk=person_id)
    require(by, Permission.ACCOUNT_MANAGE)
    check_not_self(person.username, by.username)
    person.totp_required = False
    person.save(update_fields=["totp_required"])
    TOTPDevice.objects.filter(user=person).delete()
    record("accounts.totp.reset", on=person, by=by, at=at)


@transaction.atomic
def begin_second_factor(*, by: User) -> None:
    """Make a secret that is not yet in force; whatever was begun before is replaced."""
    if by.totp_required:
        raise RuleBroken(_("动态口令已启用。要换手机，请先停用再重新启用。"))
    TOTPDevice.objects.filter(user=by).delete()
    TOTPDevice.objects.create(user=by, name=by.username, confirmed=False)


def confirm_second_factor(*, code: str, by: User, at: datetime) -> TOTPDevice:
    """Put the begun secret in force with a first right code. Raises WrongCode."""
    device = check_code(code=code, by=by, confirmed=False)
    with transaction.atomic():
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        by.totp_required = True
        by.save(update_fields=["totp_required"])
        record("accounts.totp.on", on=by, by=by, at=at)
    return device


def drop_second_factor(*, code: str, by: User, at: datetime) -> None:
    """Turn the second factor off, with a right code. Raises WrongCode."""
    check_code(code=code, by=by)
    with transaction.atomic():
        by.totp_required = False
        by.save(update_fields=["totp_required"])
        TOTPDevice.objects.filter(user=by).delete()
        record("accounts.totp.off", on=by, by=by, at=at)


def check_code(*, code: str, by: User, confirmed: bool = True) -> TOTPDevice:
    """The person's device, if the six digits are right now. Raises WrongCode.

    Not inside a transaction of ours: a refusal would roll back the count of failures that slows guessing down
    (1, 2, 4 … seconds; django-otp).
    """
    device = second_factor_of(by, confirmed=confirmed)
    if device is None:
        raise WrongCode(_("尚未设置动态口令。请先扫描二维码。"))
    allowed, why = device.verify_is_allowed()
    if not allowed:
        raise WrongCode(_("连续输错 %(n)s 次，请稍等片刻再试。") % {"n": why["failure_count"]})
    if not verify_token(by, device.persistent_id, code):
        raise WrongCode(_("口令不对或已用过。请输入手机上当前显示的 6 位数字；若一直不对，请校准手机时间。"))
    return device


@transaction.atomic
def issue_token(*, label: str, days: int, by: User, at: datetime) -> str:
    """A key for the API that speaks as this person; returned once, only its hash is kept. At most a year."""
    token = secrets.token_urlsafe(32)
    key = ApiToken.objects.create(
        user=by, label=label, digest=sha256(token.encode()).hexdigest(), created_at=at,
        expires_at=at + timedelta(days=max(1, min(days, TOKEN_DAYS))),
    )  # fmt: skip
    record("accounts.token.issued", on=key, by=by, at=at, division=by.scope, label=label)
    return token


@transaction.atomic
def revoke_token(*, token_id: int, by: User, at: datetime) -> None:
    key = ApiToken.objects.select_for_update().get(pk=token_id, user=by)
    key.revoked_at = key.revoked_at or at
    key.save(update_fields=["revoked_at"])
    record("accounts.token.revoked", on=key, by=by, at=at, division=by.scope, label=key.label)
