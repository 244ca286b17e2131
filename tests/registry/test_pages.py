"""Lists, facts, forms and refusals of the registry."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from nongan.accounts.models import OrganisationKind
from nongan.accounts.rules import Role
from nongan.registry.models import Subject
from tests.accounts.factories import CITY, COUNTY, OTHER_COUNTY, TOWN, OrganisationFactory, UserFactory
from tests.registry.factories import SubjectFactory, uscc

pytestmark = pytest.mark.django_db
LIST = "registry:subjects"


@pytest.fixture
def station():
    return OrganisationFactory(name="彬江镇农产品质量安全监管站", kind=OrganisationKind.TOWNSHIP, division_id=TOWN)


@pytest.fixture
def supervisor(client, station):
    user = UserFactory(role=Role.SUPERVISOR, division_id=COUNTY, organisation=station)
    client.force_login(user)
    return user


def typed(**change):
    return {
        "name": "彬江绿源蔬菜专业合作社", "type": "cooperative", "scale": "above", "uscc": uscc(77), "division": TOWN,
        "address": "彬江镇 1 号", "contact": "王小明", "phone": "13800000000", "products": "辣椒",
        "registered_on": "2026-03-01", **change,
    }  # fmt: skip


# The list


def test_one_sees_the_subjects_of_the_own_division(client, supervisor):
    mine, foreign = SubjectFactory(name="袁州米业"), SubjectFactory(name="丰城米业", division_id=OTHER_COUNTY)
    page = client.get(reverse(LIST))
    assertContains(page, mine.number)
    assertNotContains(page, foreign.name)


def test_a_full_list_takes_few_queries(client, supervisor, station, django_assert_max_num_queries):
    SubjectFactory.create_batch(
        60, name="宜春市袁州区彬江镇生态循环农业种植养殖专业合作社联合社第一生产基地",
        supervising=station, supervisor="李监管", supervised_from=date(2026, 1, 1),
    )  # fmt: skip
    with django_assert_max_num_queries(9):  # session (read, write), user, divisions, rows, count, city
        page = client.get(reverse(LIST))
    assertContains(page, "共 60 条")
    assertContains(page, "已落实监管", count=50)


@pytest.mark.parametrize(
    "query, found",
    [
        ({"text": "米业"}, "b"), ({"text": "ZT-360902-9"}, "d"), ({"text": "zt-360902-9"}, "d"),
        ({"type": "grower"}, "c"),
        ({"scale": "below"}, "c"), ({"supervised": "yes"}, "a"), ({"supervised": "no"}, "bcd"),
        ({"active": "no"}, "d"), ({"active": "yes", "supervised": "no"}, "bc"),
        ({"division": TOWN}, "abd"), ({"division": COUNTY}, "abcd"), ({"text": uscc(5001)}, "a"),
    ],
)  # fmt: skip
def test_the_query_row(client, supervisor, station, query, found):
    SubjectFactory(
        name="甲合作社", uscc=uscc(5001), supervising=station, supervisor="李监管", supervised_from=date(2026, 1, 1)
    )
    SubjectFactory(name="乙米业", uscc=uscc(5002))
    SubjectFactory(name="丙大户", type="grower", scale="below", uscc="", division_id="360902001000")
    SubjectFactory(
        name="丁屠宰", number="ZT-360902-900000", uscc=uscc(5004), closed_on=date(2026, 4, 1), close_reason="注销"
    )
    shown = client.get(reverse(LIST), query).context["page"].rows
    assert {"甲": "a", "乙": "b", "丙": "c", "丁": "d"}.keys() >= {s.name[0] for s in shown}
    assert sorted({"甲": "a", "乙": "b", "丙": "c", "丁": "d"}[s.name[0]] for s in shown) == list(found)


def test_a_wrong_condition_is_named_and_the_list_still_shown(client, supervisor):
    SubjectFactory(name="甲合作社")
    page = client.get(reverse(LIST), {"type": "shop", "text": "甲"})
    assertContains(page, "这些条件没有生效")
    assertContains(page, "甲合作社")


def test_an_empty_list_says_why_and_what_to_do(client, supervisor):
    assertContains(client.get(reverse(LIST)), "导入名录")
    assertContains(client.get(reverse(LIST), {"text": "没有"}), "没有符合条件的主体")
    client.force_login(UserFactory(role=Role.UNIT, division_id=COUNTY))
    page = client.get(reverse(LIST))
    assertContains(page, "名录里还没有主体")
    assertNotContains(page, "登记主体")


def test_the_export_has_what_the_list_shows(client, supervisor, station):
    SubjectFactory(
        name="=1+1", number="ZT-360902-000007", supervising=station, supervisor="李监管",
        supervised_from=date(2026, 1, 1),
    )  # fmt: skip
    SubjectFactory(name="乙", type="grower", uscc="")
    answer = client.get(reverse(LIST), {"export": "1", "type": "cooperative"})
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet.max_row == 2
    row = dict(zip([c.value for c in sheet[1]], [c.value for c in sheet[2]], strict=True))
    assert (row["主体编号"], row["名称"], row["类型"]) == ("ZT-360902-000007", "=1+1", "农民专业合作社")
    assert (row["监管单位"], row["监管责任人"]) == (station.name, "李监管")
    assert row["纳入名录日期"].date() == date(2025, 3, 1)
    assert sheet["B2"].data_type == "s"


def test_an_htmx_query_answers_with_the_list_alone(client, supervisor):
    SubjectFactory(name="甲合作社")
    part = client.get(reverse(LIST), {"text": "甲"}, headers={"HX-Request": "true"})
    assertContains(part, "甲合作社")
    assertContains(part, 'id="tick"')
    assertNotContains(part, "<html")


# One subject


def test_the_facts_and_the_next_thing_to_do(client, supervisor, django_assert_max_num_queries):
    one = SubjectFactory(name="彬江镇绿源蔬菜专业合作社", address="彬江镇 1 号")
    with django_assert_max_num_queries(14):  # session (read, write), user, subject, path, journal, contexts above
        page = client.get(reverse("registry:subject", args=[one.number]))
    assertContains(page, "江西省 / 宜春市 / 袁州区 / 彬江镇")
    assertContains(page, "还没有监管单位和责任人")
    assertContains(page, "落实监管责任人")
    assertContains(page, f"?subject={one.number}")


def test_those_who_only_read_are_offered_nothing(client):
    one = SubjectFactory()
    client.force_login(UserFactory(role=Role.UNIT, division_id=COUNTY))
    page = client.get(reverse("registry:subject", args=[one.number]))
    assertContains(page, one.name)
    assertNotContains(page, "修改登记信息")


@pytest.mark.parametrize(
    "role, division, list_status, subject_status, change_status",
    [
        (Role.SUPERVISOR, COUNTY, 200, 200, 200), (Role.SUPERVISOR, OTHER_COUNTY, 200, 404, 404),
        (Role.UNIT, CITY, 200, 200, 403), (Role.ANALYST, CITY, 403, 404, 404), (Role.SUBJECT, TOWN, 403, 404, 404),
        (Role.SUPERVISOR, None, 200, 404, 404),
    ],
)  # fmt: skip
def test_who_sees_what(client, role, division, list_status, subject_status, change_status):
    one = SubjectFactory()
    client.force_login(UserFactory(role=role, division_id=division))
    assert client.get(reverse(LIST)).status_code == list_status
    assert client.get(reverse("registry:subject", args=[one.number])).status_code == subject_status
    for name in ("change-subject", "close-subject"):
        assert client.get(reverse(f"registry:{name}", args=[one.number])).status_code == change_status
    assert client.get(reverse("registry:assign"), {"subject": one.number}).status_code == (
        change_status if role == Role.SUPERVISOR else 403
    )


def test_a_producer_sees_the_own_entry_and_no_other(client):
    mine, other = SubjectFactory(), SubjectFactory()
    client.force_login(UserFactory(role=Role.SUBJECT, division_id=TOWN, subject_number=mine.number))
    assertContains(client.get(reverse("registry:subject", args=[mine.number])), mine.name)
    assert client.get(reverse("registry:subject", args=[other.number])).status_code == 404


# New and change


def test_a_subject_is_entered(client, supervisor):
    page = client.get(reverse("registry:new-subject"), {"division": TOWN})
    assertContains(page, "彬江镇 · 袁州区 · 360902100000")
    assertNotContains(page, "确认不是同一主体")
    answer = client.post(reverse("registry:new-subject"), typed(uscc=uscc(77).lower(), division="彬江镇"))
    added = Subject.objects.get()
    assertRedirects(answer, reverse("registry:subject", args=[added.number]))
    assert (added.number, added.uscc, added.division_id) == ("ZT-360902-000001", uscc(77), TOWN)
    assertContains(client.get(reverse("registry:subject", args=[added.number])), "纳入名录")


@pytest.mark.parametrize(
    "change, field, said",
    [
        ({"name": ""}, "name", "必填"),
        ({"uscc": ""}, "uscc", "必须有统一社会信用代码"),
        ({"uscc": uscc(77)[:17] + "X"}, "uscc", "校验码不符"),
        ({"phone": "123"}, "phone", "11 位手机号"),
        ({"division": "宜春市"}, "division", "没有找到"),
        ({"registered_on": "2999-01-01"}, "registered_on", "将来的日期"),
        ({"registered_on": "去年"}, "registered_on", "有效的日期"),
        ({"type": "shop"}, "type", "shop"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(client, supervisor, change, field, said):
    page = client.post(reverse("registry:new-subject"), typed(**change))
    assertContains(page, said, status_code=422)
    assertContains(page, f'href="#field-{field}"', status_code=422)
    if field != "contact":
        assertContains(page, 'value="王小明"', status_code=422)
    assert not Subject.objects.exists()


def test_everything_wrong_is_said_at_once(client, supervisor):
    page = client.post(
        reverse("registry:new-subject"),
        typed(division="江", phone="12", uscc="123", registered_on="2999-01-01", name=""),
    )
    for field in ("division", "phone", "uscc", "registered_on", "name"):
        assertContains(page, f'href="#field-{field}"', status_code=422)
    assertContains(page, 'href="#field-', count=5, status_code=422)


def test_a_likely_duplicate_is_compared_and_confirmed_and_nothing_is_lost(client, supervisor):
    old = SubjectFactory(person=True, name="李大农", phone="13900000000", contact="李大农")
    again = typed(name="李大农", type="grower", uscc="", phone="13900000000", products="水稻、油菜")
    page = client.post(reverse("registry:new-subject"), again)
    assertContains(page, "疑似同一主体", status_code=422)
    assertContains(page, reverse("registry:subject", args=[old.number]), status_code=422)
    assertContains(page, 'name="confirmed"', status_code=422)
    assertContains(page, 'value="水稻、油菜"', status_code=422)
    assert Subject.objects.count() == 1
    assert client.post(reverse("registry:new-subject"), {**again, "confirmed": "on"}).status_code == 302
    assert Subject.objects.count() == 2


def test_the_same_code_is_never_entered_twice(client, supervisor):
    old = SubjectFactory(uscc=uscc(77), division_id=OTHER_COUNTY, closed_on=date(2026, 4, 1), close_reason="注销")
    page = client.post(reverse("registry:new-subject"), typed(confirmed="on"))
    assertContains(page, f"{old.name}（{old.number}）”已用此代码登记", status_code=422)
    assertContains(page, "已于 2026-04-01 退出名录，请在原记录上恢复", status_code=422)


def test_a_change_is_written_to_the_journal(client, supervisor):
    one = SubjectFactory(uscc=uscc(77))
    url = reverse("registry:change-subject", args=[one.number])
    assertContains(client.get(url), 'name="version" value="1"')
    assertRedirects(client.post(url, typed(version="1")), reverse("registry:subject", args=[one.number]))
    one.refresh_from_db()
    assert (one.name, one.version) == ("彬江绿源蔬菜专业合作社", 2)
    assertContains(client.get(reverse("registry:subject", args=[one.number])), "名称、地址、纳入名录日期")


def test_two_people_change_one_subject(client, supervisor):
    one = SubjectFactory(uscc=uscc(77))
    url = reverse("registry:change-subject", args=[one.number])
    assert client.post(url, typed(version="1", name="甲合作社", scale="below")).status_code == 302
    second = client.post(url, typed(version="1", name="乙合作社", division="彬江镇 · 袁州区 · 360902100000"))
    assertContains(second, "刚被他人修改", status_code=422)
    assertContains(second, "现在是“甲合作社”", status_code=422)
    assertContains(second, "现在是“规模以下”", status_code=422)
    assertNotContains(second, "现在是“彬江镇", status_code=422)
    assertContains(second, 'value="乙合作社"', status_code=422)
    assert Subject.objects.get().name == "甲合作社"
    assertContains(second, 'name="version" value="2"', status_code=422)
    assert client.post(url, typed(version="2", name="乙合作社")).status_code == 302
    assert Subject.objects.get().name == "乙合作社"


# Supervision


def test_ticked_subjects_are_given_a_supervisor(client, supervisor, station, django_assert_max_num_queries):
    many = SubjectFactory.create_batch(30)
    page = client.get(reverse("registry:assign"), {"subject": [s.number for s in many]})
    assertContains(page, "30 个主体，一次保存")
    assertContains(page, f"{station.name} · 彬江镇")  # the own unit, to begin with
    today = timezone.localdate().isoformat()
    sent = {
        "subject": [f"{s.number}:1" for s in many], "organisation": str(station.pk), "supervisor": "李监管",
        "supervised_from": today,
    }  # fmt: skip
    with django_assert_max_num_queries(20):
        answer = client.post(reverse("registry:assign"), sent)
    assertRedirects(answer, reverse(LIST))
    assert Subject.objects.filter(supervisor="李监管", supervising=station, supervised_from=today).count() == 30
    assertContains(client.get(reverse("registry:subject", args=[many[0].number])), "落实监管")


def test_nothing_ticked(client, supervisor):
    assertContains(client.get(reverse("registry:assign")), "没有勾选主体")
    assertContains(client.post(reverse("registry:assign"), {"supervisor": "李监管"}), "没有勾选主体", status_code=422)


def test_what_is_wrong_with_a_supervision_is_said(client, supervisor, station):
    one = SubjectFactory()
    future = (timezone.localdate() + timedelta(days=1)).isoformat()
    sent = {
        "subject": f"{one.number}:1",
        "organisation": "没有这个站",
        "supervisor": "李监管",
        "supervised_from": future,
    }
    page = client.post(reverse("registry:assign"), sent)
    assertContains(page, "没有找到“没有这个站”", status_code=422)
    page = client.post(reverse("registry:assign"), {**sent, "organisation": station.pk})
    assertContains(page, "将来的日期", status_code=422)
    assertContains(page, 'value="李监管"', status_code=422)
    assert client.get(reverse("registry:assign"), {"subject": "ZT-360902-999999"}).status_code == 404


def test_two_people_assign_one_subject(client, supervisor, station):
    one = SubjectFactory(version=2)
    sent = {
        "subject": f"{one.number}:1", "organisation": str(station.pk), "supervisor": "李监管",
        "supervised_from": "2026-05-01",
    }  # fmt: skip
    page = client.post(reverse("registry:assign"), sent)
    assertContains(page, "刚被他人修改", status_code=422)
    assertContains(page, f'value="{one.number}:2"', status_code=422)
    assert not Subject.objects.get().supervisor
    assert client.post(reverse("registry:assign"), {**sent, "subject": f"{one.number}:2"}).status_code == 302


def test_a_supervisor_is_replaced(client, supervisor, station):
    one = SubjectFactory(supervising=station, supervisor="李监管", supervised_from=date(2026, 1, 1))
    assertContains(client.get(reverse("registry:subject", args=[one.number])), "更换监管责任人")
    page = client.get(reverse("registry:assign"), {"subject": one.number})
    assertContains(page, 'value="李监管"')


# Leaving and coming back


def test_a_subject_leaves_and_comes_back(client, supervisor):
    one = SubjectFactory()
    url = reverse("registry:close-subject", args=[one.number])
    assertContains(client.get(url), timezone.localdate().isoformat())
    sent = {"closed_on": "2026-05-01", "close_reason": "已注销", "version": "1"}
    assert client.post(url, {**sent, "close_reason": ""}).status_code == 422
    assertContains(client.post(url, {**sent, "closed_on": "2020-01-01"}), "早于纳入名录日期", status_code=422)
    assertContains(client.post(url, {**sent, "version": "7"}), "刚被他人修改", status_code=422)
    assertRedirects(client.post(url, sent), reverse("registry:subject", args=[one.number]))
    page = client.get(reverse("registry:subject", args=[one.number]))
    assertContains(page, "2026-05-01 退出名录：已注销")
    assertNotContains(page, "修改登记信息")
    assertContains(client.post(url, {**sent, "version": "2"}), "已于 2026-05-01 退出名录", status_code=422)
    change = client.post(reverse("registry:change-subject", args=[one.number]), typed(version="2"))
    assertContains(change, "请先恢复纳入名录", status_code=422)
    again = reverse("registry:reopen-subject", args=[one.number])
    assert client.post(again, {"version": "1"}).status_code == 409
    assertRedirects(client.post(again, {"version": "2"}), reverse("registry:subject", args=[one.number]))
    assert Subject.objects.get().closed_on is None
    assertContains(client.post(again, {"version": "3"}), "不需要恢复", status_code=409)


# Suggestions, to-do, search


def test_suggestions(client, supervisor, station):
    one = SubjectFactory(name="彬江绿源")
    SubjectFactory(name="丰城绿源", division_id=OTHER_COUNTY)
    found = client.get(reverse("registry:subject-options"), {"subject": "绿源"})
    assertContains(found, f"彬江绿源 · {one.number} · 彬江镇")
    assertNotContains(found, "丰城")
    assertContains(client.get(reverse("registry:supervising-options"), {"organisation": "彬江镇"}), station.name)
    client.force_login(UserFactory(role=Role.UNIT, division_id=COUNTY))
    assert client.get(reverse("registry:supervising-options")).status_code == 403


def test_what_waits_and_what_is_found(client, supervisor, django_assert_max_num_queries):
    SubjectFactory.create_batch(3)
    one = SubjectFactory(name="彬江绿源", supervised_from=None)
    with django_assert_max_num_queries(18):  # every context is asked what waits, the programme since it was left out
        assertContains(client.get(reverse("home")), "为 4 个主体落实监管责任人")
    assertContains(client.get(reverse("search"), {"q": "绿源"}), one.number)
    assertContains(client.get(reverse("search"), {"q": one.number}), "彬江绿源")
    client.force_login(UserFactory(role=Role.UNIT, division_id=COUNTY))
    assertNotContains(client.get(reverse("home")), "落实监管责任人")
