"""Tasks and reports on them: lists, filters, files, guards."""

import io
from datetime import datetime

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from nongan.accounts.models import Organisation
from nongan.accounts.rules import Role
from nongan.programme.models import Report
from nongan.programme.services import reports
from tests.accounts.factories import UserFactory
from tests.conftest import NOON
from tests.programme.acts import report, sheet, tasks_of, unit
from tests.programme.factories import adopted, coming

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_a_unit_sees_its_own_tasks_first(client, plan):
    police = Organisation.objects.get(name="宜春市公安局")
    client.force_login(unit(police))
    response = client.get(reverse("programme:tasks"))
    assertContains(response, "本单位的任务")
    assertContains(response, "共 1 条")
    for headers in ({}, HTMX):
        assertContains(client.get(reverse("programme:tasks") + "?whose=all", headers=headers), "共 3 条")


def test_a_county_sees_the_tasks_of_its_units_only(client, county, plan):
    client.force_login(unit(county))
    response = client.get(reverse("programme:tasks") + "?whose=all")
    assertContains(response, "共 2 条")
    first, second, _third = tasks_of(plan)
    assert client.get(reverse("programme:task", args=[first.pk])).status_code == 404
    assert client.get(reverse("programme:task", args=[second.pk])).status_code == 200


@pytest.mark.parametrize(
    "query, count",
    [
        ("light=overdue", 1), ("light=on_time", 2), ("light=done", 0), ("progress=waiting", 1), ("progress=todo", 2),
        ("text=公安", 1), ("text=定量", 1), ("chapter=二", 1), ("chapter=主体", 2), ("key=on", 1), ("plan=999", 3),
    ],
)  # fmt: skip
def test_tasks_are_filtered(client, office, plan, bureau, query, count):
    report(tasks_of(plan)[0], unit(bureau))
    assertContains(
        client.get(reverse("programme:tasks") + f"?whose=all&{query}"), f"共 {count} 条" if count else "没有符合条件"
    )


def test_tasks_export_with_real_dates(client, office, plan):
    rows = sheet(client.get(reverse("programme:tasks") + "?whose=all&export=1"))
    heads = rows[0]
    second = dict(zip(heads, rows[2], strict=True))
    assert second["完成时限"] == datetime(2020, 1, 1)
    assert (second["责任单位"], second["期限"]) == ("市农业农村局、市公安局、各县市区政府", "超期")
    assert dict(zip(heads, rows[3], strict=True))["分值"] == 10
    assert len(rows) == 4


def test_the_task_list_takes_few_queries(client, office, plan, django_assert_max_num_queries):
    for _ in range(2):
        adopted(**coming())
    with django_assert_max_num_queries(9):
        assertContains(client.get(reverse("programme:tasks") + "?whose=all"), "共 9 条")


def test_a_task_shows_its_units_targets_and_reports(client, office, plan, bureau):
    first, second, _third = tasks_of(plan)
    report(first, unit(bureau), files=[("计划.txt", "内容".encode())])
    response = client.get(reverse("programme:task", args=[first.pk]))
    for words in [
        "记录率达到100%",
        "已完成监测 320 批次",
        "计划.txt",
        "提交进展",
        "按实施阶段的结束日计",
        "通过",
        "退回给填报单位",
    ]:
        assertContains(response, words)
    assertContains(client.get(reverse("programme:task", args=[second.pk])), "2 个机构")


def test_the_task_page_takes_few_queries(client, office, plan, bureau, django_assert_max_num_queries):
    task = tasks_of(plan)[0]
    for n in range(4):
        made = report(task, unit(bureau), files=[(f"{n}.txt", b"x")])
        reports.accept_report(report_id=made.pk, seen=made.version, by=UserFactory(), at=NOON)
    with django_assert_max_num_queries(18):
        client.get(reverse("programme:task", args=[task.pk]))


def test_reporting_with_files_and_judging(client, plan, bureau):
    task = tasks_of(plan)[0]
    client.force_login(unit(bureau))
    url = reverse("programme:write-report", args=[task.pk])
    assertContains(client.get(url), task.text)
    assertContains(client.post(url, {"act": "submit", "text": ""}), "进展情况", status_code=422)
    bad = client.post(url, {"act": "submit", "text": "写好的内容", "attachments": [io.BytesIO(b"MZ")]})
    assertContains(bad, "写好的内容", status_code=422)
    photo, table = io.BytesIO("现场".encode()), io.BytesIO(b"a,b")
    photo.name, table.name = "现场.txt", "表.csv"
    sent = {"act": "submit", "text": "已完成", "completes": "on", "attachments": [photo, table]}
    assertRedirects(client.post(url, sent), reverse("programme:task", args=[task.pk]))
    made = Report.objects.get()
    assert (made.state, made.completes, made.attachments.count()) == ("submitted", True, 2)
    assertRedirects(client.get(url), reverse("programme:task", args=[task.pk]))  # it is being judged

    client.force_login(plan.file.owner)
    back = reverse("programme:return-report", args=[made.pk])
    empty = client.post(back, {f"r{made.pk}-reason": "", f"r{made.pk}-version": made.version})
    assertContains(empty, "field-error", status_code=422)
    client.post(back, {f"r{made.pk}-reason": "照片不清", f"r{made.pk}-version": made.version})
    made.refresh_from_db()
    assert (made.state, made.reason) == ("returned", "照片不清")

    client.force_login(made.by)
    assertContains(client.get(url), "照片不清")
    client.post(url, {"act": "submit", "text": "已补", "version": made.version, "completes": "on"})
    made.refresh_from_db()
    client.force_login(plan.file.owner)
    client.post(reverse("programme:accept-report", args=[made.pk]), {"version": made.version})
    made.refresh_from_db()
    assert (made.state, made.line.done_at is not None) == ("accepted", True)


def test_two_colleagues_writing_the_same_report(client, plan, bureau):
    task = tasks_of(plan)[0]
    draft = report(task, unit(bureau), submit=False, text="同事写的")
    client.force_login(unit(bureau))
    response = client.post(
        reverse("programme:write-report", args=[task.pk]),
        {"act": "save", "text": "我写的", "version": draft.version - 1},
    )
    assertContains(response, "我写的</textarea>", status_code=422)
    assertContains(response, "现在是“同事写的”", status_code=422)


def test_report_pages_are_guarded(client, plan, bureau):
    task = tasks_of(plan)[0]
    made = report(task, unit(bureau))
    write = reverse("programme:write-report", args=[task.pk])
    accept = reverse("programme:accept-report", args=[made.pk])
    for who, url, status in [
        ({"role": Role.OFFICER}, write, 403), ({"role": Role.UNIT, "division_id": "410100000000"}, write, 404),
        ({"role": Role.UNIT}, accept, 403), ({"division_id": "410100000000"}, accept, 404),
    ]:  # fmt: skip
        client.force_login(UserFactory(**who))
        assert client.post(url, {"version": 1, "text": "x"}).status_code == status
    made.refresh_from_db()
    assert made.state == "submitted"
