"""Matching units and adopting a plan."""

from datetime import date

import pytest

from nongan.accounts.models import Organisation
from nongan.journal.models import Line
from nongan.programme.models import Report, ScheduleItem, Target, Task, TaskUnit
from nongan.programme.queries.drafts import proposals
from nongan.programme.queries.overview import reports_left_of
from nongan.programme.queries.tasks import tasks_visible_to
from nongan.programme.rules.adoption import Match, NewOrganisation
from nongan.programme.rules.states import VersionState
from nongan.programme.services import adoption, drafts, schedule
from tests.accounts.factories import CITY, OrganisationFactory
from tests.conftest import NOON
from tests.programme.acts import complete, report, task_of, unit
from tests.programme.factories import PlanVersionFactory, adopt, adopted, content, next_version

pytestmark = pytest.mark.django_db
FAR = "410100000000"


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
