"""The monthly steps and the three lists."""

from datetime import date

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied

from nongan.common.editing import Stale
from nongan.programme.models import ListItem, ScheduleItem
from nongan.programme.rules.states import MoveNotAllowed, SameHand
from nongan.programme.services import items, schedule
from tests.accounts.factories import CITY, COUNTY, OTHER_COUNTY, OrganisationFactory
from tests.conftest import NOON
from tests.programme.acts import assign, office, task_of, unit

pytestmark = pytest.mark.django_db
FAR = "410100000000"


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
