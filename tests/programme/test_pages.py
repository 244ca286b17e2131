"""Plans, tasks, lists, the schedule: what they show, to whom, in how many queries; and the files they make."""

import io
from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from nongan.accounts.models import Organisation
from nongan.accounts.rules import Role
from nongan.programme.models import ListItem, Report, Task
from nongan.programme.queries import work
from nongan.programme.services import items, reports, schedule
from tests.accounts.factories import COUNTY, OTHER_COUNTY, TOWN, OrganisationFactory, UserFactory
from tests.conftest import NOON
from tests.programme.factories import PlanVersionFactory, adopt, adopted, content, next_version

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def coming(**changes):
    """The small plan, with days that lie far ahead whenever the tests run; task 2 is long overdue."""
    made = content()
    made["tasks"][1]["due"] = "2020-01-01"
    made["phases"][1] |= {"to": "2099-12-31"}
    return {"tasks": made["tasks"], "phases": made["phases"], **changes}


@pytest.fixture
def bureau():
    return OrganisationFactory(name="宜春市农业农村局", aliases=["市农业农村局"])


@pytest.fixture
def county():
    return OrganisationFactory(name="袁州区人民政府", division_id=COUNTY)


@pytest.fixture
def plan(bureau, county):
    return adopted(**coming())


@pytest.fixture
def office(client, plan):
    client.force_login(plan.file.owner)
    return plan.file.owner


def unit(organisation):
    return UserFactory(role=Role.UNIT, organisation=organisation, division_id=organisation.division_id)


def tasks_of(version):
    return list(Task.objects.filter(plan_version=version))


def report(task, by, **kwargs):
    given = {"text": "已完成监测 320 批次。", "completes": False, "submit": True, **kwargs}
    return reports.save_report(task_id=task.pk, by=by, at=NOON, **given)


def sheet(response):
    """Rows of an exported workbook."""
    return [list(row) for row in load_workbook(io.BytesIO(response.content)).active.values]


def paper(response):
    return Document(io.BytesIO(response.content))


# --- plans ---


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


# --- tasks ---


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


# --- lists ---


def problem(plan, county, by, **kwargs):
    given = {
        "kind": "problem", "division": COUNTY, "text": "快检记录不完整", "person": "张建国", "source": "市级督查",
        "due": date(2026, 5, 20), "task_id": None, **kwargs,
    }  # fmt: skip
    return items.add_item(plan_id=plan.plan_id, organisation_id=county.pk, by=by, at=NOON, **given)


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


# --- the schedule ---


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


# --- to-do and search ---


def test_todos_of_a_unit(plan, bureau):
    me = unit(bureau)
    made = report(tasks_of(plan)[0], me)
    reports.return_report(report_id=made.pk, seen=made.version, reason="缺附件", by=plan.file.owner, at=NOON)
    found = work.todos(me, timezone.now())
    assert [(todo.text, todo.tone) for todo in found] == [
        ("办理超期任务 1 项", "bad"), ("修改退回的填报：一-1", "warn")
    ]  # fmt: skip
    assert timezone.localdate(found[0].due) == date(2020, 1, 1)


def test_todos_of_the_office(plan, bureau, county):
    office = plan.file.owner
    report(tasks_of(plan)[0], unit(bureau))
    item = problem(plan, county, UserFactory())
    items.rectify_item(item_id=item.pk, seen=1, measure="补", result="已补", by=unit(county), at=NOON)
    PlanVersionFactory()
    assert [todo.text for todo in work.todos(office, NOON)] == ["审核进展 1 份", "核实整改 1 项", "校正方案草稿"]


def test_todos_of_a_county_unit_are_its_problems(plan, county):
    problem(plan, county, plan.file.owner)
    found = work.todos(unit(county), datetime(2026, 5, 25, 9, tzinfo=NOON.tzinfo))
    assert ("整改问题", "bad") in [(todo.text.split()[0], todo.tone) for todo in found]


def test_search_finds_plans_tasks_and_items_of_one_s_own(plan, county):
    item = problem(plan, county, plan.file.owner)
    county_user, stranger = unit(county), UserFactory(division_id="410100000000")
    assert {hit.kind for hit in work.search(plan.file.owner, "监")} == {"任务"}
    assert [hit.number for hit in work.search(plan.file.owner, plan.plan.number)] == [plan.plan.number]
    assert [hit.number for hit in work.search(county_user, item.number)] == [item.number]
    assert [hit.name for hit in work.search(county_user, "生产记录")] == []
    assert work.search(stranger, "实施方案") == work.search(UserFactory(role=Role.ANALYST), "实施方案") == []
