"""The schedule by month, and its files."""

from datetime import date, datetime

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from nongan.programme.services import schedule
from tests.accounts.factories import UserFactory
from tests.conftest import NOON
from tests.programme.acts import paper, sheet, tasks_of
from tests.programme.factories import adopted, coming

pytestmark = pytest.mark.django_db


def dated():
    """The small plan with its own days of 2026."""
    return adopted()


def test_the_schedule_shows_phases_tasks_and_steps(client, office, bureau):
    version = dated()
    task = tasks_of(version)[0]
    client.force_login(version.file.owner)
    url = reverse("programme:steps", args=[task.pk])
    page = client.get(url)
    assertContains(page, "2026-01")
    months = {f"2026{month:02}-text": "" for month in range(1, 7)}
    client.post(url, {"version": "1", **months, "202605-text": "县市区部署", "202605-done": "on"})
    stale = client.post(url, {"version": "1", **months, "202605-text": "别的"})
    assertContains(stale, "现在是“县市区部署”", status_code=422)
    assertContains(stale, 'value="别的"', status_code=422)
    response = client.get(reverse("programme:schedule") + f"?plan={version.plan_id}")
    for words in ["组织实施阶段", "2026-03-01 — 2026-06-30", "县市区部署", task.text, "6月"]:
        assertContains(response, words)
    assertContains(response, "state-bad")  # the light is a word beside the task, not a colour alone


def test_the_schedule_as_files(client, bureau):
    version = dated()
    task = tasks_of(version)[1]
    schedule.save_steps(
        task_id=task.pk, seen=1, steps=[(date(2026, 4, 1), "中期督查", False)], by=version.file.owner, at=NOON
    )
    client.force_login(version.file.owner)
    rows = sheet(client.get(reverse("programme:schedule") + f"?plan={version.plan_id}&export=xlsx"))
    assert rows[0][3:] == ["完成时限", *[f"2026-{month:02}" for month in range(1, 7)]]
    assert rows[2][3] == datetime(2026, 5, 15)
    assert [cell or "" for cell in rows[2][4:]] == ["●", "●", "●", "中期督查", "●", ""]
    made = paper(client.get(reverse("programme:schedule") + f"?plan={version.plan_id}&export=docx"))
    assert made.paragraphs[0].text == "宜春市创建国家农产品质量安全市实施方案工作配档表"
    assert "填表单位" in made.paragraphs[1].text
    assert [table.rows[0].cells[0].text for table in made.tables] == ["阶段", "序号"]
    footer = made.sections[0].footer.paragraphs[0]._p.xml
    assert "PAGE" in footer and "NUMPAGES" in footer
    assert made.tables[1].rows[2].cells[3].text == "2026-05-15"


def test_the_schedule_takes_few_queries(client, office, plan, django_assert_max_num_queries):
    for _ in range(2):
        adopted(**coming())
    with django_assert_max_num_queries(14):
        client.get(reverse("programme:schedule"))


def test_without_a_plan_pages_say_what_to_do(client):
    client.force_login(UserFactory())
    for name in ("plans", "schedule"):
        assertContains(client.get(reverse(f"programme:{name}")), "上传方案")
    assertContains(client.get(reverse("programme:lists")), "还没有登记问题")
    assertContains(client.get(reverse("programme:tasks")), "采纳方案之后")
