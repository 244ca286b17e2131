"""Drafts: begun, saved, confirmed, reopened, dropped; and refused."""

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied

from nongan.accounts.rules import Role
from nongan.common.editing import Stale
from nongan.common.errors import RuleBroken
from nongan.programme.models import PlanVersion
from nongan.programme.rules.states import MoveNotAllowed, VersionState
from nongan.programme.services import adoption, drafts
from tests.accounts.factories import COUNTY, UserFactory
from tests.conftest import NOON
from tests.programme.acts import office
from tests.programme.factories import PlanFileFactory, PlanVersionFactory, content

pytestmark = pytest.mark.django_db
FAR = "410100000000"


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
