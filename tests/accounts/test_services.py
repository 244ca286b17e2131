import time
from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from nongan.accounts import queries, services
from nongan.accounts.models import ApiToken, OrganisationKind, User
from nongan.accounts.rules import OwnAccount, Role
from nongan.common.editing import Stale
from nongan.common.errors import RuleBroken
from nongan.journal.models import Line
from tests.accounts.factories import CITY, COUNTY, OTHER_COUNTY, TOWN, OrganisationFactory, UserFactory
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return UserFactory(role=Role.ADMINISTRATOR, division_id=COUNTY)


def code_of(device: TOTPDevice) -> str:

    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time()
    return f"{totp.token():06d}"


def organisation(by, name="区农业农村局", division=COUNTY, aliases=()):
    return services.add_organisation(
        name=name, kind=OrganisationKind.GOVERNMENT, division=division, aliases=list(aliases), by=by, at=NOON
    )


def person(by, username="lisi", role=Role.SUPERVISOR, division=TOWN, **more):
    return services.add_person(
        username=username, full_name="李四", role=role, organisation_id=None, division=division, by=by, at=NOON, **more
    )


def changed(found, by, **more):
    facts = {
        "seen": found.version, "full_name": found.full_name, "role": found.role, "organisation_id": None,
        "division": found.division_id, "is_active": True, "phone": "", "subject_number": "",
    }  # fmt: skip
    return services.change_person(person_id=found.pk, **{**facts, **more}, by=by, at=NOON)


def test_an_organisation_is_entered_and_known_by_its_former_name(admin):
    added = organisation(admin, aliases=["区农业局"])
    assert queries.find_organisation("区农业局", COUNTY) == added
    assert Line.objects.get(action="accounts.organisation.added").division == COUNTY


@pytest.mark.parametrize("name", ["区农业农村局", "区农业局"])
def test_a_name_belongs_to_one_organisation_of_a_division(admin, name):
    organisation(admin, aliases=["区农业局"])
    with pytest.raises(RuleBroken, match="已有“区农业农村局”"):
        organisation(admin, name=name)


def test_a_name_is_checked_when_it_is_changed_too(admin):
    organisation(admin)
    other = organisation(admin, name="区水利局")
    with pytest.raises(RuleBroken, match="已有"):
        services.change_organisation(
            organisation_id=other.pk, seen=1, name="区农业农村局", kind=other.kind, aliases=[], active=True,
            by=admin, at=NOON,
        )  # fmt: skip


def test_the_second_to_save_is_told(admin):
    found = organisation(admin)
    same = {"name": found.name, "kind": found.kind, "aliases": [], "by": admin, "at": NOON}
    services.change_organisation(organisation_id=found.pk, seen=1, active=False, **same)
    with pytest.raises(Stale):
        services.change_organisation(organisation_id=found.pk, seen=1, active=True, **same)
    found.refresh_from_db()
    assert not found.active


def test_organisations_are_refused_three_ways(admin):
    elsewhere = OrganisationFactory(division_id=OTHER_COUNTY)
    facts = {"seen": 1, "name": "x", "kind": elsewhere.kind, "aliases": [], "active": True, "at": NOON}
    with pytest.raises(ObjectDoesNotExist):
        services.change_organisation(organisation_id=elsewhere.pk, by=admin, **facts)
    with pytest.raises(PermissionDenied):
        organisation(admin, division=CITY)
    with pytest.raises(PermissionDenied):
        organisation(UserFactory(role=Role.UNIT, division_id=COUNTY))


def test_the_programme_office_enters_the_units_of_a_plan():
    assert organisation(UserFactory(role=Role.PROGRAMME_OFFICE), division=CITY).pk


def test_a_person_gets_a_first_password_that_must_be_changed(admin):
    added, password = person(admin)
    assert (added.must_change_password, added.check_password(password), len(password)) == (True, True, 12)
    assert not set(password) & set("0O1lI"), "it is read aloud"
    services.change_own_password(password="another-good-one", by=added, at=NOON)
    assert not User.objects.get(pk=added.pk).must_change_password


def test_a_person_is_refused(admin):
    person(admin)
    with pytest.raises(RuleBroken, match="已被使用"):
        person(admin, username="LiSi")
    with pytest.raises(PermissionDenied):
        person(admin, username="wangwu", division=CITY)
    with pytest.raises(PermissionDenied):
        person(UserFactory(role=Role.PROGRAMME_OFFICE), username="wangwu")
    with pytest.raises(ObjectDoesNotExist):
        foreign = OrganisationFactory(division_id=OTHER_COUNTY)
        services.add_person(
            username="wangwu", full_name="王五", role=Role.UNIT, organisation_id=foreign.pk, division=TOWN,
            by=admin, at=NOON,
        )  # fmt: skip


def test_a_person_is_changed_within_the_own_scope(admin):
    found, _ = person(admin)
    assert changed(found, admin, role=Role.OFFICER).version == 2
    with pytest.raises(Stale):
        changed(found, admin, seen=1)
    found.refresh_from_db()
    with pytest.raises(PermissionDenied):
        changed(found, admin, division=CITY)
    with pytest.raises(ObjectDoesNotExist):
        changed(UserFactory(division_id=CITY), admin)


@pytest.mark.parametrize("change", [{"role": Role.OFFICER}, {"is_active": False}, {"division": TOWN}])
def test_nobody_locks_himself_out(admin, change):
    with pytest.raises(OwnAccount):
        changed(admin, admin, organisation_id=admin.organisation_id, **change)
    with pytest.raises(OwnAccount):
        services.reset_password(person_id=admin.pk, by=admin, at=NOON)


def begun(user):
    services.begin_second_factor(by=user)
    return queries.second_factor_of(user, confirmed=False)


def test_the_second_factor_is_in_force_after_a_first_right_code():
    user = UserFactory()
    device = begun(user)
    assert not User.objects.get(pk=user.pk).totp_required
    with pytest.raises(services.WrongCode):
        services.confirm_second_factor(code="000000" if code_of(device) != "000000" else "111111", by=user, at=NOON)
    device.throttle_reset()
    services.confirm_second_factor(code=code_of(device), by=user, at=NOON)
    assert User.objects.get(pk=user.pk).totp_required
    assert queries.second_factor_of(user) == device
    with pytest.raises(RuleBroken, match="已启用"):
        services.begin_second_factor(by=user)


def test_a_code_works_once():
    user = UserFactory()
    device = begun(user)
    services.confirm_second_factor(code=code_of(device), by=user, at=NOON)
    with pytest.raises(services.WrongCode, match="已用过"):
        services.check_code(code=code_of(device), by=user)


def test_guessing_is_slowed_down():
    user = UserFactory()
    device = begun(user)
    wrong = "000000" if code_of(device) != "000000" else "111111"
    with pytest.raises(services.WrongCode, match="口令不对"):
        services.confirm_second_factor(code=wrong, by=user, at=NOON)
    with pytest.raises(services.WrongCode, match="连续输错 1 次"):
        services.confirm_second_factor(code=code_of(device), by=user, at=NOON)


def test_a_begun_secret_is_replaced_and_never_opens_anything():
    user = UserFactory()
    first = begun(user)
    second = begun(user)
    assert first.key != second.key and TOTPDevice.objects.filter(user=user).count() == 1
    with pytest.raises(services.WrongCode, match="尚未设置"):
        services.check_code(code=code_of(second), by=user)


def test_an_administrator_helps_whoever_lost_the_phone(admin):
    user = UserFactory(division_id=TOWN, totp_required=True)
    TOTPDevice.objects.create(user=user, name="x")
    services.reset_second_factor(person_id=user.pk, by=admin, at=NOON)
    assert not User.objects.get(pk=user.pk).totp_required
    assert not TOTPDevice.objects.filter(user=user).exists()
    with pytest.raises(ObjectDoesNotExist):
        services.reset_second_factor(person_id=UserFactory(division_id=CITY).pk, by=admin, at=NOON)
    with pytest.raises(PermissionDenied):
        services.reset_second_factor(person_id=user.pk, by=UserFactory(role=Role.PROGRAMME_OFFICE), at=NOON)


def test_a_lost_password_is_reset_with_the_second_factor(admin):
    user = UserFactory(division_id=TOWN, totp_required=True)
    TOTPDevice.objects.create(user=user, name="x")
    password = services.reset_password(person_id=user.pk, by=admin, at=NOON)
    user.refresh_from_db()
    assert (user.check_password(password), user.must_change_password, user.totp_required) == (True, True, False)
    assert not TOTPDevice.objects.filter(user=user).exists()


def test_a_token_speaks_for_a_person_until_it_ends():
    user = UserFactory()
    token = services.issue_token(label="对接", days=10, by=user, at=NOON)
    assert queries.person_of_token(token, NOON) == user
    assert queries.person_of_token(token, NOON + timedelta(days=10)) is None
    assert queries.person_of_token(token + "x", NOON) is None
    assert not ApiToken.objects.filter(digest=token).exists(), "only its hash is kept"
    services.revoke_token(token_id=queries.tokens_of(user).get().pk, by=user, at=NOON)
    assert queries.person_of_token(token, NOON) is None


def test_a_token_dies_with_the_account_and_belongs_to_one_person(admin):
    user = UserFactory(division_id=TOWN)
    token = services.issue_token(label="对接", days=9999, by=user, at=NOON)
    key = queries.tokens_of(user).get()
    assert key.expires_at == NOON + timedelta(days=services.TOKEN_DAYS)
    with pytest.raises(ObjectDoesNotExist):
        services.revoke_token(token_id=key.pk, by=admin, at=NOON)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert queries.person_of_token(token, NOON) is None
