import time
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from nongan.accounts import queries, services
from nongan.accounts.models import ApiToken, Organisation, User
from nongan.accounts.rules import Role
from tests.accounts.factories import CITY, COUNTY, OTHER_COUNTY, TOWN, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
PASSWORD = "correct-horse-battery"
FIRST = 4  # queries of a first page only: the session is touched (3), the name of the city is read


@pytest.fixture
def user():
    user = UserFactory(username="zhangsan")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def admin(client):
    admin = UserFactory(role=Role.ADMINISTRATOR, division_id=COUNTY, full_name="赵管理")
    client.force_login(admin)
    return admin


def login(client, password=PASSWORD, username="zhangsan", ip="10.0.0.1", **more):
    return client.post(reverse("accounts:login"), {"username": username, "password": password, **more}, REMOTE_ADDR=ip)


# Coming in


def test_whoever_is_not_logged_in_is_sent_to_the_login_and_back(client, user):
    wanted = reverse("accounts:me") + "?a=1"
    response = client.get(wanted)
    assert response["Location"] == f"{reverse('accounts:login')}?next=%2Faccounts%2Fme%2F%3Fa%3D1"
    assertContains(client.get(response["Location"]), 'name="next" value="/accounts/me/?a=1"')
    assertRedirects(login(client, next=wanted), wanted)


def test_the_login_never_leads_to_another_site(client, user):
    assertRedirects(login(client, next="https://evil.example/"), reverse("home"))


def test_a_wrong_password_says_how_many_tries_are_left(client, user):
    assertContains(login(client, "wrong"), "再错 4 次将锁定")
    assertContains(login(client, "wrong"), "再错 3 次将锁定")
    assertContains(login(client, "wrong"), 'value="zhangsan"')


def test_five_failures_lock_the_user_name_at_this_address_for_fifteen_minutes(client, user):
    for _ in range(4):
        assert login(client, "wrong").status_code == 200
    assertContains(login(client, "wrong"), "已锁定 15 分钟", status_code=429)
    assertContains(login(client), "“zhangsan”", status_code=429)

    other = UserFactory(username="lisi")
    other.set_password(PASSWORD)
    other.save()
    assert login(client, username="lisi").status_code == 302, "the neighbour at the same address still comes in"
    client.logout()
    assert login(client, ip="10.0.0.2").status_code == 302, "and the person from elsewhere"
    client.logout()

    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    assert login(client).status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert login(client).status_code == 302, "trying during the lock did not prolong it"


def test_an_inactive_account_is_like_a_wrong_password(client, user):
    User.objects.filter(pk=user.pk).update(is_active=False)
    assertContains(login(client), "用户名或密码不正确")


def test_logout_is_a_post(client, user):
    client.force_login(user)
    assert client.get(reverse("accounts:logout")).status_code == 405
    assert client.post(reverse("accounts:logout")).status_code == 302
    assert client.get(reverse("accounts:me")).status_code == 302


def test_the_first_password_is_changed_before_anything_else(client, user):
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    client.force_login(User.objects.get(pk=user.pk))
    here = reverse("accounts:password")
    wanted = reverse("accounts:me")
    assertRedirects(client.get(wanted), f"{here}?next=/accounts/me/")
    assertNotContains(client.get(here), "old_password")
    refused = client.post(here, {"new_password1": "12345678", "new_password2": "12345678"})
    assert refused.status_code == 422
    good = {"new_password1": "a-brand-new-secret", "new_password2": "a-brand-new-secret", "next": wanted}
    assertRedirects(client.post(here, good), wanted)
    assert User.objects.get(pk=user.pk).check_password("a-brand-new-secret")


def test_later_the_old_password_is_asked(client, user):
    client.force_login(user)
    here, new = reverse("accounts:password"), {"new_password1": "a-brand-new-one", "new_password2": "a-brand-new-one"}
    assert client.post(here, {**new, "old_password": "wrong"}).status_code == 422
    assertRedirects(client.post(here, {**new, "old_password": PASSWORD}), reverse("accounts:me"))


def code_of(device):
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time()
    return f"{totp.token():06d}"


def test_the_second_factor_from_the_picture_to_the_next_login(client, user):
    client.force_login(user)
    assertRedirects(client.get(reverse("accounts:totp")), reverse("accounts:me"))
    assertRedirects(client.post(reverse("accounts:begin-totp")), reverse("accounts:totp"))
    shown = client.get(reverse("accounts:totp"))
    assertContains(shown, "data:image/svg+xml")
    assert "no-store" in shown["Cache-Control"]
    device = queries.second_factor_of(user, confirmed=False)
    code = code_of(device)
    assertRedirects(client.post(reverse("accounts:totp"), {"code": f"{code[:3]} {code[3:]}"}), reverse("accounts:me"))
    client.logout()

    client.force_login(user)
    here = reverse("accounts:second-factor")
    assertRedirects(client.get(reverse("home")), f"{here}?next=/home/")
    device.refresh_from_db()
    device.last_t = -1  # half a minute later
    device.save()
    assertContains(client.post(here, {"code": "12"}), "6 位数字", status_code=422)
    wrong = "000000" if code_of(device) != "000000" else "111111"
    assertContains(client.post(here, {"code": wrong}), "口令不对", status_code=422)
    device.refresh_from_db()
    device.throttle_reset()
    assertRedirects(client.post(here, {"code": code_of(device), "next": "/accounts/me/"}), "/accounts/me/")
    assertContains(client.get(reverse("accounts:me")), "停用动态口令")


def test_the_second_factor_is_dropped_with_a_code(client, user):
    client.force_login(user)
    services.begin_second_factor(by=user)
    device = queries.second_factor_of(user, confirmed=False)
    client.post(reverse("accounts:totp"), {"code": code_of(device)})
    here = reverse("accounts:drop-totp")
    assertContains(client.post(here, {"code": code_of(device)}), "已用过", status_code=422)
    device.refresh_from_db()
    device.last_t = -1
    device.throttle_reset()
    assertRedirects(client.post(here, {"code": code_of(device)}), reverse("accounts:me"))
    assert not User.objects.get(pk=user.pk).totp_required


# My account


def test_my_account_says_what_i_may(client, django_assert_max_num_queries):
    user = UserFactory(role=Role.OFFICER_HEAD)
    client.force_login(user)
    for i in range(5):
        services.issue_token(label=f"对接{i}", days=30, by=user, at=timezone.now())
    with django_assert_max_num_queries(5 + FIRST):  # session, user, tokens, organisation, division
        response = client.get(reverse("accounts:me"))
    assertContains(response, "批准立案、移送和处罚决定")
    assertNotContains(response, "新增、修改机构和人员")
    assertContains(response, "撤销</button>", count=5)


def test_a_token_is_shown_once_and_revoked(client, user):
    client.force_login(user)
    assertContains(client.post(reverse("accounts:issue-token"), {"label": "", "days": "30"}), "用途", status_code=422)
    response = client.post(reverse("accounts:issue-token"), {"label": "省平台", "days": "30"})
    token = response.context["token"]
    assertContains(response, token)
    assert "no-store" in response["Cache-Control"]
    assertNotContains(client.get(reverse("accounts:me")), token)
    key = ApiToken.objects.get()
    assert client.get("/api/v1/accounts/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assertRedirects(client.post(reverse("accounts:revoke-token", args=[key.pk])), reverse("accounts:me"))
    client.logout()
    assert client.get("/api/v1/accounts/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_nobody_revokes_another_persons_token(client, user):
    services.issue_token(label="x", days=1, by=user, at=timezone.now())
    client.force_login(UserFactory())
    assert client.post(reverse("accounts:revoke-token", args=[ApiToken.objects.get().pk])).status_code == 404


# Organisations


def test_organisations_show_the_own_division_with_or_without_htmx(client, admin):
    mine = OrganisationFactory(division_id=COUNTY, name="袁州区农业农村局", aliases=["区农业局"])
    OrganisationFactory(division_id=OTHER_COUNTY, name="丰城市农业农村局")
    url = reverse("accounts:organisations")
    whole, part = client.get(url), client.get(url, headers=HTMX)
    for response in (whole, part):
        assertContains(response, mine.name)
        assertNotContains(response, "丰城市农业农村局")
    assertNotContains(part, "<html")
    assertContains(client.get(url, {"name": "区农业局"}), mine.name)
    assertNotContains(client.get(url, {"name": "水利"}), mine.name)
    assertNotContains(client.get(url, {"kind": "laboratory"}), mine.name)
    assertContains(client.get(url, {"division": "360902"}), mine.name)


def test_the_list_of_organisations_takes_few_queries(client, admin, django_assert_max_num_queries):
    OrganisationFactory.create_batch(8, division_id=COUNTY)
    with django_assert_max_num_queries(4 + FIRST):  # session, user, rows, count
        client.get(reverse("accounts:organisations"))


def test_an_organisation_is_entered_by_the_name_of_its_division(client, admin):
    url = reverse("accounts:new-organisation")
    typed = {"name": "彬江镇监管站", "kind": "township", "division": "彬江镇", "aliases": "彬江农技站\n\n彬江农技站 "}
    response = client.post(url, typed)
    added = Organisation.objects.get(name="彬江镇监管站")
    assertRedirects(response, reverse("accounts:organisation", args=[added.pk]))
    assert (added.division_id, added.aliases) == (TOWN, ["彬江农技站"])
    again = client.post(url, typed)
    assertContains(again, "已有“彬江镇监管站”", status_code=422)
    assertContains(again, "彬江农技站", status_code=422)


@pytest.mark.parametrize(
    "text, said", [("丰城市", "没有找到"), ("江", "不止一个"), ("", "必填"), ("360981000000", "没有找到")]
)
def test_a_division_that_is_not_clear_is_asked_back(client, admin, text, said):
    typed = {"name": "x", "kind": "township", "division": text}
    assertContains(client.post(reverse("accounts:new-organisation"), typed), said, status_code=422)


def test_suggestions_are_those_of_the_own_scope(client, admin):
    OrganisationFactory(division_id=OTHER_COUNTY, name="丰城市农业农村局")
    OrganisationFactory(division_id=COUNTY, name="袁州区农业农村局")
    found = client.get(reverse("accounts:organisation-options"), {"organisation": "农业农村局"})
    assertContains(found, "袁州区农业农村局 · 袁州区")
    assertNotContains(found, "丰城")
    found = client.get(reverse("places:division-options"), {"division": "江"})
    assertContains(found, "彬江镇 · 袁州区 · 360902100000")


def test_two_people_change_one_organisation(client, admin):
    found = OrganisationFactory(division_id=COUNTY, name="甲局")
    url = reverse("accounts:change-organisation", args=[found.pk])
    typed = {"name": "乙局", "kind": "government", "aliases": "", "active": "on", "version": "1"}
    assert client.post(url, typed).status_code == 302
    second = client.post(url, {**typed, "name": "丙局"})
    assertContains(second, "刚被他人修改", status_code=422)
    assertContains(second, "现在是“乙局”", status_code=422)
    assertContains(second, 'value="丙局"', status_code=422)
    assertContains(second, 'name="version" value="2"', status_code=422)
    assert client.post(url, {**typed, "name": "丙局", "version": "2"}).status_code == 302
    assert Organisation.objects.get(pk=found.pk).name == "丙局"


def test_an_organisation_shows_its_people_and_its_past(client, admin, django_assert_max_num_queries):
    found = OrganisationFactory(division_id=COUNTY)
    UserFactory.create_batch(6, organisation=found, division_id=TOWN)
    with django_assert_max_num_queries(6 + FIRST):  # session, user, organisation, people, journal
        response = client.get(reverse("accounts:organisation", args=[found.pk]))
    assertContains(response, "待首次登录", count=0)
    assertContains(response, "新增人员")


# People


def test_a_person_is_entered_and_the_password_shown_once(client, admin):
    organisation = OrganisationFactory(division_id=COUNTY, name="袁州区农业农村局")
    typed = {
        "username": "wangwu", "full_name": "王五", "role": "supervisor", "division": TOWN,
        "organisation": "袁州区农业农村局 · 袁州区", "phone": "13800000000",
    }  # fmt: skip
    response = client.post(reverse("accounts:new-person"), typed)
    added = User.objects.get(username="wangwu")
    assertContains(response, response.context["password"])
    assert "no-store" in response["Cache-Control"]
    assert added.check_password(response.context["password"])
    assert (added.organisation, added.division_id, added.phone) == (organisation, TOWN, "13800000000")
    assertNotContains(client.get(reverse("accounts:person", args=[added.pk])), response.context["password"])
    again = client.post(reverse("accounts:new-person"), typed)
    assertContains(again, "已被使用", status_code=422)
    assertContains(again, "王五", status_code=422)


@pytest.mark.parametrize(
    "field, value, said",
    [
        ("username", "王五", "小写字母"),
        ("phone", "12", "11 位手机号"),
        ("role", "subject", "须填写所属主体编号"),
        ("division", "宜春市", "没有找到"),
    ],
)
def test_a_person_is_refused_beside_the_field(client, admin, field, value, said):
    typed = {"username": "wangwu", "full_name": "王五", "role": "supervisor", "division": TOWN, field: value}
    response = client.post(reverse("accounts:new-person"), typed)
    assertContains(response, said, status_code=422)
    assertContains(response, f'href="#field-{"subject_number" if value == "subject" else field}"', status_code=422)


def test_a_person_is_changed_and_helped(client, admin):
    found = UserFactory(division_id=TOWN, organisation=None)
    url = reverse("accounts:change-person", args=[found.pk])
    assertContains(client.get(url), "彬江镇 · 袁州区 · 360902100000")
    typed = {"full_name": "李四", "role": "officer", "division": "360902100000", "is_active": "on", "version": "1"}
    assertRedirects(client.post(url, typed), reverse("accounts:person", args=[found.pk]))
    assertContains(client.post(url, typed), "刚被他人修改", status_code=422)
    response = client.post(reverse("accounts:reset-password", args=[found.pk]))
    assertContains(response, response.context["password"])
    assertRedirects(
        client.post(reverse("accounts:reset-second-factor", args=[found.pk])),
        reverse("accounts:person", args=[found.pk]),
    )


def test_the_own_role_is_for_another_to_change(client, admin):
    typed = {"full_name": "我", "role": "officer", "division": COUNTY, "is_active": "on", "version": "1"}
    response = client.post(reverse("accounts:change-person", args=[admin.pk]), typed)
    assertContains(response, "请由另一位系统管理员办理", status_code=422)
    assert client.post(reverse("accounts:reset-password", args=[admin.pk])).status_code == 409


def test_people_are_found_and_exported(client, admin, django_assert_max_num_queries):
    UserFactory.create_batch(6, division_id=TOWN, role=Role.SUPERVISOR)
    UserFactory(division_id=TOWN, full_name="欧阳修", role=Role.OFFICER)
    UserFactory(division_id=CITY, full_name="司马光")
    url = reverse("accounts:people")
    with django_assert_max_num_queries(4 + FIRST):  # session, user, rows, count
        everybody = client.get(url)
    assertContains(everybody, "欧阳修")
    assertNotContains(everybody, "司马光")
    assertNotContains(client.get(url, {"text": "欧阳"}), "张三")
    assertNotContains(client.get(url, {"role": "supervisor"}), "欧阳修")
    assertNotContains(client.get(url, {"is_active": "0"}), "欧阳修")
    exported = client.get(url, {"export": "1", "text": "欧阳"})
    assert exported["Content-Type"].endswith("spreadsheetml.sheet")


def test_the_table_of_roles(client, admin, django_assert_max_num_queries):
    with django_assert_max_num_queries(2 + FIRST):
        response = client.get(reverse("accounts:roles"))
    assertContains(response, "授权签字人")
    assertContains(response, "签发、撤回检测报告")


NAMES = ["organisations", "people", "roles", "new-organisation", "new-person"]
LOOK, MANAGE = NAMES[:3], NAMES[3:]


@pytest.mark.parametrize(
    "role, name, status",
    [(Role.ADMINISTRATOR, name, 200) for name in NAMES]
    + [(Role.PROGRAMME_OFFICE, name, 200) for name in LOOK]
    + [(Role.PROGRAMME_OFFICE, name, 403) for name in MANAGE]
    + [(Role.SUPERVISOR, name, 403) for name in NAMES],
)
def test_who_sees_which_page(client, role, name, status):
    client.force_login(UserFactory(role=role))
    assert client.get(reverse(f"accounts:{name}")).status_code == status


@pytest.mark.parametrize(
    "role, division, status",
    [(Role.ADMINISTRATOR, COUNTY, 200), (Role.ADMINISTRATOR, OTHER_COUNTY, 404), (Role.SUPERVISOR, COUNTY, 403)],
)
def test_who_sees_which_person_and_organisation(client, role, division, status):
    person, organisation = UserFactory(division_id=TOWN), OrganisationFactory(division_id=TOWN)
    client.force_login(UserFactory(role=role, division_id=division))
    for name, thing in [
        ("person", person), ("change-person", person), ("organisation", organisation),
        ("change-organisation", organisation),
    ]:  # fmt: skip
        assert client.get(reverse(f"accounts:{name}", args=[thing.pk])).status_code == status, name
