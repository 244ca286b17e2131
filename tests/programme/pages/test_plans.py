"""Plans: versions, what they say, to whom, in how many queries."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from nongan.accounts.rules import Role
from tests.accounts.factories import COUNTY, TOWN, UserFactory
from tests.programme.acts import report, tasks_of, unit
from tests.programme.factories import PlanVersionFactory, adopt, adopted, coming, content, next_version

pytestmark = pytest.mark.django_db


def test_plans_show_versions_lights_and_drafts(client, office, plan):
    next_version(plan)
    response = client.get(reverse("programme:plans"))
    assertContains(response, plan.plan.number)
    assertContains(response, "超期 1")
    assertContains(response, "正常 2")
    assertContains(response, f"校正第 {plan.number + 1} 版草稿")


def test_plans_of_others_are_not_seen(client, plan):
    for who, sees in [
        ({"division_id": COUNTY, "role": Role.UNIT}, True),  # a county reads the city's plan
        ({"division_id": TOWN, "role": Role.SUPERVISOR}, True),
        ({"division_id": "410100000000"}, False),
        ({"division_id": None}, False),
    ]:
        client.force_login(UserFactory(**who))
        check = assertContains if sees else assertNotContains
        check(client.get(reverse("programme:plans")), plan.plan.number)
        assert client.get(reverse("programme:plan", args=[plan.plan_id])).status_code == (200 if sees else 404)


def test_drafts_are_shown_to_those_who_edit_only(client, plan):
    draft = PlanVersionFactory()
    client.force_login(UserFactory(role=Role.UNIT))
    assertNotContains(client.get(reverse("programme:plans")), draft.plan.number)
    response = client.get(reverse("programme:plan", args=[draft.plan_id]))
    assertNotContains(response, reverse("programme:review", args=[draft.pk]))


@pytest.mark.parametrize("name", ["plans", "tasks", "lists", "schedule"])
def test_pages_need_the_permission(client, name):
    client.force_login(UserFactory(role=Role.ANALYST))
    assert client.get(reverse(f"programme:{name}")).status_code == 403


def test_a_plan_shows_everything_that_it_says(client, office, plan):
    response = client.get(reverse("programme:plan", args=[plan.plan_id]))
    for words in [
        "组织实施阶段", "抽检合格率达到98%以上", "98%", "每年开展定量监测", "加强组织领导", "《农产品质量安全法》",
        "共同责任单位：各县市区政府", "2020-01-01", "（随实施阶段）", "采纳方案",
    ]:  # fmt: skip
        assertContains(response, words)


def test_a_county_user_follows_only_own_tasks_from_the_plan(client, county, plan):
    client.force_login(unit(county))
    response = client.get(reverse("programme:plan", args=[plan.plan_id]))
    first, second, _third = tasks_of(plan)
    assertContains(response, first.text)
    assertNotContains(response, reverse("programme:task", args=[first.pk]))
    assertContains(response, reverse("programme:task", args=[second.pk]))


def test_plan_pages_take_few_queries(client, office, plan, django_assert_max_num_queries):
    for _ in range(3):
        adopted(**coming())
    with django_assert_max_num_queries(10):
        client.get(reverse("programme:plans"))
    with django_assert_max_num_queries(22):
        client.get(reverse("programme:plan", args=[plan.plan_id]))


def test_versions_differ_in_words_and_figures(client, office, plan):
    new = content()
    new["targets"][0] |= {"text": "抽检合格率达到98.5%以上", "value": "98.5"}
    draft = next_version(plan, targets=new["targets"])
    response = client.get(reverse("programme:difference", args=[draft.pk]))
    assertContains(response, "抽检合格率达到<del>98</del><ins>98.5</ins>%以上")
    assertContains(response, "<del>不低于 98%</del> → <ins>不低于 98.5%</ins>")
    assertContains(client.get(reverse("programme:difference", args=[plan.pk])), "没有可以比较的版本")
    client.force_login(UserFactory(role=Role.UNIT))
    assert client.get(reverse("programme:difference", args=[draft.pk])).status_code == 404


def test_what_a_new_version_could_not_carry_is_shown(client, office, plan, bureau):
    report(tasks_of(plan)[2], unit(bureau), text="品牌之前的监测填报")
    tasks = coming()["tasks"]
    tasks[2]["text"] = "开展品牌推介。"
    adopt(next_version(plan, **coming(tasks=tasks)))
    response = client.get(reverse("programme:plan", args=[plan.plan_id]))
    assertContains(response, "未能承接的填报")
    assertContains(response, "品牌之前的监测填报")
    old = client.get(reverse("programme:plan", args=[plan.plan_id]) + f"?version={plan.number}")
    assertContains(old, "这是已被替代的版本")
    assertContains(old, "每年开展定量监测")
