"""The three lists of a county: problems, tasks, responsibilities."""

from datetime import datetime

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from nongan.accounts.rules import Role
from nongan.programme.models import ListItem
from tests.accounts.factories import COUNTY, OTHER_COUNTY, TOWN, UserFactory
from tests.programme.acts import paper, problem, sheet, tasks_of, unit

pytestmark = pytest.mark.django_db


def test_each_county_has_three_lists(client, office, plan, county):
    problem(plan, county, office)
    problem(plan, county, office, kind="task", text="本区补充任务")
    assertContains(client.get(reverse("programme:lists")), "快检记录不完整")
    assertNotContains(client.get(reverse("programme:lists") + f"?county={OTHER_COUNTY}"), "快检记录不完整")
    tasks = client.get(reverse("programme:lists") + f"?kind=task&county={COUNTY}")
    assertContains(tasks, "方案任务 2 项")
    assertContains(tasks, "本区补充任务")
    duties = client.get(reverse("programme:lists") + f"?kind=responsibility&county={COUNTY}")
    assertContains(duties, "袁州区人民政府")
    assertContains(duties, "未指定", count=2)


def test_a_county_reads_its_own_lists_only(client, office, plan, county):
    item = problem(plan, county, office)
    for division, sees in [(COUNTY, True), (TOWN, True), (OTHER_COUNTY, False)]:
        client.force_login(UserFactory(role=Role.SUPERVISOR, division_id=division))
        check = assertContains if sees else assertNotContains
        check(client.get(reverse("programme:lists")), "快检记录不完整")
        assert client.get(reverse("programme:item", args=[item.pk])).status_code == (200 if sees else 404)
    assert client.get(reverse("programme:lists") + f"?county={COUNTY}").status_code == 404


def test_a_problem_from_finding_to_closing(client, office, plan, county):
    url = reverse("programme:new-item")
    assertContains(client.get(url), "登记到哪个县市区")
    url += f"?county={COUNTY}"
    sent = {"kind": "problem", "plan": plan.plan_id, "text": "台账缺页", "task": tasks_of(plan)[1].pk, "source": "自查",
            "organisation": "袁州区人民政府 · 袁州区", "person": "李四", "due": "2026-05-20"}  # fmt: skip
    assertContains(client.post(url, {**sent, "organisation": "没有的局"}), "没有找到", status_code=422)
    client.post(url, sent)
    item = ListItem.objects.get()
    page = reverse("programme:item", args=[item.pk])

    client.force_login(unit(county))
    assertContains(
        client.post(page, {"act": "rectify", "version": 1, "measure": "补", "result": ""}),
        "field-error",
        status_code=422,
    )
    stale = client.post(page, {"act": "rectify", "version": 9, "measure": "补", "result": "已补"})
    assertContains(stale, "刚被他人修改", status_code=422)
    assertContains(stale, "已补</textarea>", status_code=422)
    client.post(page, {"act": "rectify", "version": 1, "measure": "补", "result": "已补"})

    client.force_login(office)
    assertContains(client.get(page), "发现人和整改人不能核实销号")
    assertContains(client.post(page, {"act": "verify", "version": 2}), "不能核实销号", status_code=422)
    client.force_login(UserFactory())
    assertContains(client.post(page, {"act": "reopen", "version": 2, "reason": ""}), "field-error", status_code=422)
    client.post(page, {"act": "verify", "version": 2})
    item.refresh_from_db()
    assert item.state == "verified"


def test_a_duty_is_given_to_a_person(client, office, plan, county):
    task = tasks_of(plan)[1]
    url = reverse("programme:duty", args=[task.pk, COUNTY])
    assertContains(client.get(url), "指定责任单位和责任人")
    client.post(url, {"organisation": str(county.pk), "person": "周立新", "text": "牵头", "version": "0"})
    shown = client.get(reverse("programme:lists") + f"?kind=responsibility&county={COUNTY}")
    assertContains(shown, "周立新")
    stale = client.post(url, {"organisation": str(county.pk), "person": "别人", "version": "0"})
    assertContains(stale, "现在是“周立新”", status_code=422)
    client.force_login(unit(county))
    assert client.get(url).status_code == 403


def test_lists_as_files(client, office, plan, county):
    problem(plan, county, office)
    for kind in ("problem", "task", "responsibility"):
        url = reverse("programme:lists") + f"?kind={kind}&county={COUNTY}"
        rows = sheet(client.get(url + "&export=xlsx"))
        table = paper(client.get(url + "&export=docx")).tables[0]
        assert [cell.text for cell in table.rows[0].cells] == rows[0]
        assert len(table.rows) == len(rows) > 1
    rows = sheet(client.get(reverse("programme:lists") + f"?county={COUNTY}&export=xlsx"))
    assert datetime(2026, 5, 20) in rows[1]


def test_lists_take_few_queries(client, office, plan, county, django_assert_max_num_queries):
    for _ in range(5):
        problem(plan, county, office)
    for kind in ("problem", "task", "responsibility"):
        with django_assert_max_num_queries(13):
            client.get(reverse("programme:lists") + f"?kind={kind}&county={COUNTY}")
