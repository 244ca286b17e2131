"""Reports on tasks: submitted, returned, accepted; who completes a task."""

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied

from nongan.accounts.models import Organisation
from nongan.accounts.rules import Role
from nongan.common.editing import Stale
from nongan.documents.rules import FileNotAccepted
from nongan.journal.models import Line
from nongan.programme.models import Report
from nongan.programme.queries.tasks import tasks_visible_to, with_progress
from nongan.programme.rules.states import MoveNotAllowed, SameHand
from nongan.programme.services import reports
from tests.accounts.factories import COUNTY, OrganisationFactory, UserFactory
from tests.conftest import NOON
from tests.programme.acts import assign, complete, office, report, task_of, unit

pytestmark = pytest.mark.django_db
FAR = "410100000000"


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
