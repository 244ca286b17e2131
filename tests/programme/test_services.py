"""Acts: each works, and is refused three ways (not yours to see, not yours to do, not lawful now)."""

from datetime import date

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied

from nongan.accounts.models import Organisation
from nongan.accounts.rules import Role
from nongan.common.editing import Stale
from nongan.common.errors import RuleBroken
from nongan.documents.rules import FileNotAccepted
from nongan.journal.models import Line
from nongan.programme.models import ListItem, PlanVersion, Report, ScheduleItem, Target, Task, TaskUnit
from nongan.programme.queries.drafts import proposals
from nongan.programme.queries.overview import reports_left_of
from nongan.programme.queries.tasks import tasks_visible_to, with_progress
from nongan.programme.rules.adoption import Match, NewOrganisation
from nongan.programme.rules.states import MoveNotAllowed, SameHand, VersionState
from nongan.programme.services import adoption, drafts, items, reports, schedule
from tests.accounts.factories import CITY, COUNTY, OTHER_COUNTY, OrganisationFactory, UserFactory
from tests.conftest import NOON
from tests.programme.factories import PlanFileFactory, PlanVersionFactory, adopt, adopted, content, next_version

pytestmark = pytest.mark.django_db
FAR = "410100000000"


def office(**kwargs):
    return UserFactory(role=Role.PROGRAMME_OFFICE, **kwargs)


def unit(organisation, **kwargs):
    return UserFactory(role=Role.UNIT, organisation=organisation, division_id=organisation.division_id, **kwargs)


@pytest.fixture
def bureau():
    return OrganisationFactory(name="宜春市农业农村局", aliases=["市农业农村局"])


@pytest.fixture
def county():
    return OrganisationFactory(name="袁州区人民政府", division_id=COUNTY)


@pytest.fixture
def plan(bureau, county):
    return adopted()


def task_of(version, row):
    return Task.objects.get(plan_version=version, position={"t1": 1, "t2": 2, "t3": 3}[row])


# --- drafts ---


def test_each_chosen_plan_of_a_file_becomes_a_draft():
    file = PlanFileFactory(plans=[content(title="甲"), content(title="乙"), content(title="丙")])
    made = drafts.begin_drafts(file_id=file.pk, positions=[0, 2, 2], by=file.owner, at=NOON)
    assert [(v.plan.title, v.number, v.state) for v in made] == [("甲", 1, "draft"), ("丙", 1, "draft")]
    assert made[0].plan.number.startswith("FA-360900-")


def test_a_file_uploaded_to_a_plan_becomes_its_next_version(plan):
    file = PlanFileFactory(plan=plan.plan, owner=plan.file.owner)
    (made,) = drafts.begin_drafts(file_id=file.pk, positions=[0], by=file.owner, at=NOON)
    assert (made.plan, made.number) == (plan.plan, plan.number + 1)


def test_begin_drafts_is_refused():
    file = PlanFileFactory()
    unseen, powerless = office(), file.owner
    with pytest.raises(ObjectDoesNotExist):
        drafts.begin_drafts(file_id=file.pk, positions=[0], by=unseen, at=NOON)
    with pytest.raises(drafts.NothingChosen):
        drafts.begin_drafts(file_id=file.pk, positions=[7], by=powerless, at=NOON)
    powerless.role = Role.UNIT
    with pytest.raises(PermissionDenied):
        drafts.begin_drafts(file_id=file.pk, positions=[0], by=powerless, at=NOON)
    assert not PlanVersion.objects.exists()


def test_a_draft_keeps_whatever_was_typed():
    version = PlanVersionFactory()
    wrong = content(title="")
    wrong["targets"][0]["value"] = "九十八"
    drafts.save_draft(version_id=version.pk, seen=1, content=wrong, by=version.file.owner, at=NOON)
    version.refresh_from_db()
    assert (version.content["targets"][0]["value"], version.version) == ("九十八", 2)
    with pytest.raises(drafts.NotReady):
        drafts.confirm_draft(version_id=version.pk, seen=2, by=version.file.owner, at=NOON)


def test_the_second_of_two_people_is_told():
    version = PlanVersionFactory()
    other = office()
    drafts.save_draft(version_id=version.pk, seen=1, content=content(title="先"), by=version.file.owner, at=NOON)
    with pytest.raises(Stale):
        drafts.save_draft(version_id=version.pk, seen=1, content=content(title="后"), by=other, at=NOON)
    version.refresh_from_db()
    assert version.content["title"] == "先"


ACTS = [
    lambda v, by: drafts.save_draft(version_id=v.pk, seen=v.version, content=content(), by=by, at=NOON),
    lambda v, by: drafts.confirm_draft(version_id=v.pk, seen=v.version, by=by, at=NOON),
    lambda v, by: drafts.reopen_draft(version_id=v.pk, seen=v.version, by=by, at=NOON),
    lambda v, by: drafts.drop_draft(version_id=v.pk, seen=v.version, by=by, at=NOON),
    lambda v, by: adoption.adopt_version(version_id=v.pk, seen=v.version, matches={}, by=by, at=NOON),
]


@pytest.mark.parametrize("act", ACTS)
def test_acts_on_drafts_are_refused(act, plan):
    draft = PlanVersionFactory()
    for by in (office(division_id=FAR), office(division_id=COUNTY), UserFactory(role=Role.UNIT)):
        with pytest.raises(ObjectDoesNotExist):  # who may not edit does not see drafts at all
            act(draft, by)
    with pytest.raises(RuleBroken):  # a plan in force is no draft
        act(plan, plan.file.owner)


def test_confirm_reopen_drop():
    version, by = PlanVersionFactory(content=content(title="新名")), None
    by = version.file.owner
    version = drafts.confirm_draft(version_id=version.pk, seen=1, by=by, at=NOON)
    assert version.plan.title == "新名"
    version = drafts.reopen_draft(version_id=version.pk, seen=2, by=by, at=NOON)
    version = drafts.drop_draft(version_id=version.pk, seen=3, by=by, at=NOON)
    assert version.state == VersionState.DROPPED
    with pytest.raises(MoveNotAllowed):
        drafts.drop_draft(version_id=version.pk, seen=4, by=by, at=NOON)


# --- units and adoption ---


def test_units_are_proposed(bureau, county):
    version = PlanVersionFactory()
    found = {p.name: p for p in proposals(version)}
    assert (found["市农业农村局"].how, found["市农业农村局"].match) == ("known", Match((bureau.pk,)))
    assert found["市农业农村局"].tasks == 3
    assert found["市公安局"].match == Match(new=(NewOrganisation("宜春市公安局", CITY, ("市公安局",)),))
    counties = found["各县市区政府"]
    assert (counties.how, counties.match.organisations) == ("collective", (county.pk,))
    assert [new.name for new in counties.match.new] == ["丰城市人民政府"]


def test_adopting_makes_rows_of_the_content(bureau, county):
    version = adopted()
    assert (version.state, version.adopted_by) == (VersionState.ADOPTED, version.file.owner)
    tasks = list(version.tasks.all())
    assert [(t.label, t.due, t.due_from, t.key) for t in tasks] == [
        ("一-1", date(2026, 6, 30), "phase", False),
        ("一-2", date(2026, 5, 15), "own", False),
        ("二-1", date(2026, 6, 30), "phase", True),
    ]
    assert [(p.name, p.start, p.end) for p in version.phases.all()][1] == (
        "组织实施阶段", date(2026, 3, 1), date(2026, 6, 30)
    )  # fmt: skip
    targets = list(version.targets.all())
    assert [(str(t.value.normalize()), t.indicator, t.task_id) for t in targets] == [
        ("98", "pass_rate", None), ("1E+2", "records_rate", tasks[0].pk)
    ]  # fmt: skip
    units = TaskUnit.objects.filter(task=tasks[1]).order_by("position", "pk")
    assert [(u.name, u.organisation.name) for u in units] == [
        ("市农业农村局", "宜春市农业农村局"), ("市公安局", "宜春市公安局"), ("各县市区政府", "袁州区人民政府"),
        ("各县市区政府", "丰城市人民政府"),
    ]  # fmt: skip
    assert Organisation.objects.get(name="宜春市公安局").aliases == ["市公安局"]
    line = Line.objects.get(action="programme.plan.adopted")
    assert (line.division, line.facts["start"], line.facts["tasks"]) == (CITY, "2026-01-01", 3)


def test_without_dates_a_task_has_none_and_the_plan_starts_today(bureau):
    phases = [{**row, "from": "", "to": ""} for row in content()["phases"]]
    version = adopted(phases=phases)
    assert task_of(version, "t1").due is None
    assert adoption.start_of(version) == NOON.date()


def test_adoption_is_all_or_nothing(bureau):
    version = PlanVersionFactory()
    by = version.file.owner
    version = drafts.confirm_draft(version_id=version.pk, seen=1, by=by, at=NOON)
    before = Organisation.objects.count()
    matches = {"市农业农村局": Match(new=(NewOrganisation("宜春市新局", CITY),)), "市公安局": Match()}
    with pytest.raises(adoption.NotMatched, match="各县市区政府"):
        adoption.adopt_version(version_id=version.pk, seen=2, matches=matches, by=by, at=NOON)
    assert (Organisation.objects.count(), Task.objects.count(), Target.objects.count()) == (before, 0, 0)


def test_a_unit_cannot_be_an_organisation_from_elsewhere(bureau):
    version = PlanVersionFactory()
    by = version.file.owner
    version = drafts.confirm_draft(version_id=version.pk, seen=1, by=by, at=NOON)
    matches = {p.name: p.match for p in proposals(version)}
    matches["市公安局"] = Match((OrganisationFactory(division_id=FAR).pk,))
    with pytest.raises(adoption.NotMatched, match="市公安局"):
        adoption.adopt_version(version_id=version.pk, seen=2, matches=matches, by=by, at=NOON)


def test_two_names_may_mean_one_new_organisation():
    tasks = content()["tasks"]
    tasks[0]["responsible"], tasks[1]["responsible"], tasks[2]["common"] = "市农业局", "宜春市农业局", ""
    version = adopted(tasks=tasks)
    assert Organisation.objects.filter(name="宜春市农业局").count() == 1
    assert {u.organisation.name for u in TaskUnit.objects.filter(task__plan_version=version)} == {
        "宜春市农业局", "宜春市农业农村局"
    }  # fmt: skip


def test_a_name_may_stand_for_nobody(bureau):
    version = PlanVersionFactory()
    by = version.file.owner
    version = drafts.confirm_draft(version_id=version.pk, seen=1, by=by, at=NOON)
    matches = {p.name: Match() for p in proposals(version)}
    adoption.adopt_version(version_id=version.pk, seen=2, matches=matches, by=by, at=NOON)
    assert not TaskUnit.objects.filter(organisation__isnull=False).exists()
    assert TaskUnit.objects.filter(name="市公安局").count() == 1


def test_a_new_version_takes_over_reports_steps_and_matches(bureau, plan):
    by = plan.file.owner
    me = unit(bureau)
    kept, lost = task_of(plan, "t1"), task_of(plan, "t3")
    for task in (kept, lost):
        report(task, me)
    schedule.save_steps(task_id=kept.pk, seen=1, steps=[(date(2026, 5, 1), "布置", False)], by=by, at=NOON)
    police = Organisation.objects.get(name="宜春市公安局")
    police.name, police.aliases = "宜春市公安局（新）", []
    police.save()

    tasks = content()["tasks"]
    tasks[0]["text"] = "建立完善生产记录，记录率达到100%。"
    tasks[2]["text"] = "开展品牌推介。"
    draft = next_version(plan, tasks=tasks)
    assert {p.name: p.how for p in proposals(draft)}["市公安局"] == "before"
    result = adopt(draft)

    plan.refresh_from_db()
    assert (plan.state, result.carried, result.left) == (VersionState.SUPERSEDED, 2, 1)
    new = task_of(result.version, "t1")
    assert Report.objects.get(line=new.line).task == kept
    assert ScheduleItem.objects.get(line=new.line).text == "布置"
    assert [r.task for r in reports_left_of(plan.plan, by)] == [lost]
    assert {task.plan_version for task in tasks_visible_to(me)} == {result.version}


def test_a_done_task_goes_on_when_a_new_version_gives_it_to_more_units(bureau, plan):
    task = task_of(plan, "t1")
    complete(task, unit(bureau), plan.file.owner)
    same = adopt(next_version(plan)).version
    assert task_of(same, "t1").line.done_at == NOON
    tasks = content()["tasks"]
    tasks[0]["responsible"] += "、市公安局"
    more = adopt(next_version(same, tasks=tasks)).version
    assert task_of(more, "t1").line.done_at is None


# --- reports ---


def report(task, by, **kwargs):
    given = {"text": "已完成三分之二。", "completes": False, "submit": True, **kwargs}
    return reports.save_report(task_id=task.pk, by=by, at=NOON, **given)


def test_report_return_correct_accept(bureau, plan):
    me, judge, task = unit(bureau), plan.file.owner, task_of(plan, "t1")
    made = report(task, me, files=[("照片.txt", "现场".encode())])
    made = reports.return_report(report_id=made.pk, seen=made.version, reason="缺附件", by=judge, at=NOON)
    assert (made.state, made.reason) == ("returned", "缺附件")
    made = report(task, me, text="已补。", seen=made.version, dropped=[str(made.attachments.get().pk)],
                  files=[("记录.csv", b"a,b")])  # fmt: skip
    assert [d.name for d in made.attachments.all()] == ["记录.csv"]
    made = reports.accept_report(report_id=made.pk, seen=made.version, by=judge, at=NOON)
    assert (made.state, made.reviewer, made.reason) == ("accepted", judge, "")
    assert [line.action for line in Line.objects.filter(on_model="programme.TaskLine").order_by("sequence")] == [
        "programme.report.submitted", "programme.report.returned", "programme.report.submitted",
        "programme.report.accepted",
    ]  # fmt: skip
    assert Report.objects.count() == 1
    report(task, me)  # the next one is a new one
    assert Report.objects.count() == 2


def test_reporting_is_refused(bureau, plan):
    task, me = task_of(plan, "t1"), unit(bureau)
    with pytest.raises(ObjectDoesNotExist):  # another city
        report(task, unit(OrganisationFactory(division_id=FAR)))
    with pytest.raises(PermissionDenied):  # an officer does not report
        report(task, UserFactory(role=Role.OFFICER, organisation=bureau))
    with pytest.raises(PermissionDenied):  # not this organisation's task
        report(task, unit(Organisation.objects.get(name="宜春市公安局")))
    with pytest.raises(reports.ReportRefused):
        report(task, me, text="  ")
    with pytest.raises(FileNotAccepted):
        report(task, me, files=[("病毒.exe", b"MZ")])
    assert not Report.objects.exists()
    report(task, me)
    with pytest.raises(MoveNotAllowed):  # it is being judged
        report(task, me, text="再改")


def test_two_colleagues_and_one_draft(bureau, plan):
    task = task_of(plan, "t1")
    draft = report(task, unit(bureau), submit=False)
    report(task, unit(bureau), submit=False, seen=draft.version, text="我先")
    with pytest.raises(Stale):
        report(task, unit(bureau), submit=False, seen=draft.version, text="我后")
    assert Report.objects.get().text == "我先"


@pytest.mark.parametrize(
    "judge",
    [
        lambda r, by: reports.accept_report(report_id=r.pk, seen=r.version, by=by, at=NOON),
        lambda r, by: reports.return_report(report_id=r.pk, seen=r.version, reason="不足", by=by, at=NOON),
    ],
)
def test_judging_is_refused(judge, bureau, plan):
    author = office(organisation=bureau)
    made = report(task_of(plan, "t1"), author)
    with pytest.raises(ObjectDoesNotExist):
        judge(made, office(division_id=COUNTY))
    with pytest.raises(PermissionDenied):
        judge(made, unit(bureau))
    with pytest.raises(SameHand):
        judge(made, author)
    done = reports.accept_report(report_id=made.pk, seen=made.version, by=plan.file.owner, at=NOON)
    with pytest.raises(MoveNotAllowed):
        judge(done, plan.file.owner)


def test_a_report_is_returned_with_a_reason(bureau, plan):
    made = report(task_of(plan, "t1"), unit(bureau))
    with pytest.raises(reports.ReportRefused):
        reports.return_report(report_id=made.pk, seen=made.version, reason=" ", by=plan.file.owner, at=NOON)


def complete(task, by, judge):
    made = report(task, by, completes=True)
    reports.accept_report(report_id=made.pk, seen=made.version, by=judge, at=NOON)


def progress(user, task, *, mine=False):
    return with_progress(tasks_visible_to(user), user, mine=mine).get(pk=task.pk).progress


def test_a_task_is_done_when_every_responsible_unit_is(bureau, county, plan):
    judge, task = plan.file.owner, task_of(plan, "t2")
    mine, theirs = unit(bureau), unit(county)
    complete(task, mine, judge)
    assert (progress(judge, task), progress(mine, task, mine=True), progress(theirs, task)) == ("doing", "done", "todo")
    complete(task, theirs, judge)
    assert (progress(judge, task), progress(theirs, task)) == ("doing", "done")  # a county sees its own part
    for name in ("宜春市公安局", "丰城市人民政府"):
        complete(task, unit(Organisation.objects.get(name=name)), judge)
    assert progress(judge, task) == "done"
    assert Line.objects.filter(action="programme.task.done").count() == 1


def test_leading_units_complete_a_task_for_common_ones(bureau, plan):
    task = task_of(plan, "t3")
    complete(task, unit(bureau), plan.file.owner)
    assert progress(plan.file.owner, task) == "done"


def test_a_county_may_charge_one_of_its_organisations(bureau, county, plan):
    keeper = office(division_id=COUNTY, organisation=county)
    task = task_of(plan, "t2")
    local = OrganisationFactory(name="袁州区农业农村局", division_id=COUNTY)
    with pytest.raises(PermissionDenied):
        report(task, unit(local))
    assign(task, local, keeper)
    complete(task, unit(local), plan.file.owner)
    for name in ("宜春市公安局", "丰城市人民政府", "宜春市农业农村局"):
        complete(task, unit(Organisation.objects.get(name=name)), plan.file.owner)
    assert progress(plan.file.owner, task) == "done"  # without a report of 袁州区人民政府 itself


# --- the schedule ---


def test_steps_are_set_month_by_month(plan):
    by, task = plan.file.owner, task_of(plan, "t1")
    first, second = date(2026, 5, 1), date(2026, 6, 1)
    schedule.save_steps(task_id=task.pk, seen=1, steps=[(first, "部署", True), (second, "督查", False)], by=by, at=NOON)
    schedule.save_steps(task_id=task.pk, seen=2, steps=[(second, " ", False)], by=by, at=NOON)
    assert [(s.month, s.text, s.done) for s in ScheduleItem.objects.all()] == [(first, "部署", True)]
    with pytest.raises(Stale):
        schedule.save_steps(task_id=task.pk, seen=2, steps=[], by=by, at=NOON)


def test_the_schedule_is_the_office_s(bureau, county, plan):
    task = task_of(plan, "t2")
    for by, refusal in [
        (office(division_id=FAR), ObjectDoesNotExist), (unit(bureau), PermissionDenied),
        (office(division_id=COUNTY), PermissionDenied),
    ]:  # fmt: skip
        with pytest.raises(refusal):
            schedule.save_steps(task_id=task.pk, seen=1, steps=[], by=by, at=NOON)


# --- the three lists ---


def add(plan, by, county, **kwargs):
    given = {
        "kind": "problem", "plan_id": plan.plan_id, "division": COUNTY, "text": "记录不全", "person": "张三",
        "organisation_id": county.pk, "due": date(2026, 5, 20), "source": "自查", "task_id": None,
    } | kwargs  # fmt: skip
    return items.add_item(**given, by=by, at=NOON)


def rectify(item, by, **kwargs):
    return items.rectify_item(
        item_id=item.pk, seen=item.version, measure="整改", result="已补齐", by=by, at=NOON, **kwargs
    )


def test_a_problem_is_found_rectified_and_verified_by_three_people(county, plan):
    finder, closer = plan.file.owner, office()
    item = add(plan, finder, county, task_id=task_of(plan, "t1").pk)
    assert item.number == f"WT-360902-{item.pk:05d}"
    item = rectify(item, unit(county))
    with pytest.raises(SameHand):
        items.verify_item(item_id=item.pk, seen=item.version, by=finder, at=NOON)
    item = items.reopen_item(item_id=item.pk, seen=item.version, reason="现场仍缺", by=closer, at=NOON)
    assert (item.state, item.done_by) == ("open", None)
    item = rectify(item, office(division_id=COUNTY))
    item = items.verify_item(item_id=item.pk, seen=item.version, by=closer, at=NOON)
    assert (item.state, item.verified_by) == ("verified", closer)
    with pytest.raises(MoveNotAllowed):
        rectify(item, unit(county))


def test_who_rectified_does_not_verify(county, plan):
    closer = office()
    item = rectify(add(plan, plan.file.owner, county), closer)
    with pytest.raises(SameHand):
        items.verify_item(item_id=item.pk, seen=item.version, by=closer, at=NOON)


def test_adding_is_refused(county, plan):
    with pytest.raises(ObjectDoesNotExist):
        add(plan, office(division_id=FAR), county)
    with pytest.raises(PermissionDenied):
        add(plan, unit(county), county)
    with pytest.raises(PermissionDenied):
        add(plan, office(division_id=OTHER_COUNTY), county)
    for wrong in [{"text": ""}, {"division": CITY}, {"kind": "responsibility"}, {"organisation_id": None},
                  {"organisation_id": OrganisationFactory(division_id=OTHER_COUNTY).pk}]:  # fmt: skip
        with pytest.raises(items.ItemRefused):
            add(plan, plan.file.owner, county, **wrong)
    assert not ListItem.objects.exists()


def test_acts_on_items_are_refused(county, plan):
    item = add(plan, plan.file.owner, county)
    acts = [
        rectify,
        lambda item, by: items.verify_item(item_id=item.pk, seen=item.version, by=by, at=NOON),
        lambda item, by: items.reopen_item(item_id=item.pk, seen=item.version, reason="x", by=by, at=NOON),
    ]
    for act in acts:
        with pytest.raises(ObjectDoesNotExist):
            act(item, office(division_id=OTHER_COUNTY))
        with pytest.raises(PermissionDenied):
            act(item, unit(OrganisationFactory(division_id=COUNTY)))
    for act in acts[1:]:
        with pytest.raises(MoveNotAllowed):
            act(item, office())
    with pytest.raises(items.ItemRefused):
        items.rectify_item(item_id=item.pk, seen=item.version, measure="", result="", by=unit(county), at=NOON)
    with pytest.raises(Stale):
        items.rectify_item(item_id=item.pk, seen=9, measure="a", result="b", by=unit(county), at=NOON)


def assign(task, organisation, by, **kwargs):
    given = {"task_id": task.pk, "division": COUNTY, "organisation_id": organisation.pk, "person": "李四", "text": "",
             "seen": 0, **kwargs}  # fmt: skip
    return items.assign_duty(**given, by=by, at=NOON)


def test_a_duty_is_assigned_and_changed(county, plan):
    task, keeper = task_of(plan, "t2"), office(division_id=COUNTY)
    made = assign(task, county, keeper)
    again = assign(task, county, keeper, person="王五", seen=made.version)
    assert (again.pk, again.person) == (made.pk, "王五")
    with pytest.raises(Stale):
        assign(task, county, keeper, seen=0)


def test_assigning_is_refused(county, plan):
    task, keeper = task_of(plan, "t2"), office(division_id=COUNTY)
    with pytest.raises(ObjectDoesNotExist):
        assign(task_of(plan, "t1"), county, keeper)  # no unit of the county carries it
    with pytest.raises(PermissionDenied):
        assign(task, county, unit(county))
    with pytest.raises(PermissionDenied):
        assign(task, county, office(division_id=OTHER_COUNTY))
    with pytest.raises(items.ItemRefused):
        assign(task, county, keeper, person=" ")
    with pytest.raises(items.ItemRefused):
        assign(task, OrganisationFactory(), keeper)
