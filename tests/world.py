"""One of each thing in a city, for the tests that go through every address."""

from dataclasses import dataclass
from typing import Any

from nongan.accounts.models import Organisation, User
from nongan.accounts.rules import ROLES, Permission, Role
from nongan.enforcement.models import Case, Disposal
from nongan.monitoring.models import Sample
from nongan.programme.models import PlanVersion, Report, Task
from nongan.programme.services import items, reports
from nongan.standards.models import Edition
from tests.accounts.factories import COUNTY, OrganisationFactory, UserFactory
from tests.conftest import NOON
from tests.monitoring.factories import judged_sample
from tests.places.factories import population
from tests.programme.factories import adopted
from tests.standards.factories import small_law


@dataclass
class World:
    """One of each thing in a city, and a person of each role there."""

    people: dict[str, User]
    sample: Sample
    case: Case
    disposal: Disposal
    version: PlanVersion
    task: Task
    report: Report
    item: Any
    organisation: Organisation
    person: User
    edition: Edition
    laboratory: Organisation


def whole_city() -> World:
    """By the real acts, from the plan to the case. Needs the database."""
    small_law()
    bureau = OrganisationFactory(name="宜春市农业农村局", aliases=["市农业农村局"])
    sample = judged_sample("0.5")
    laboratory = sample.specimen.laboratory
    people = {
        role: UserFactory(role=role, organisation=laboratory if Permission.SPECIMEN_VIEW in ROLES[role] else bureau)
        for role in Role
    }
    population()
    version = adopted()
    task = Task.objects.filter(plan_version=version, units__organisation=bureau).first()
    reporter, office = people[Role.UNIT], people[Role.PROGRAMME_OFFICE]
    report = reports.save_report(
        task_id=task.pk, text="完成一半", completes=False, submit=True, seen=None, by=reporter, at=NOON
    )
    county = OrganisationFactory(name="袁州区农业农村局", division_id=COUNTY)
    item = items.add_item(
        kind="problem", plan_id=version.plan_id, division=COUNTY, text="台账不全", organisation_id=county.pk,
        person="李四", due=None, source="", task_id=None, by=office, at=NOON,
    )  # fmt: skip
    return World(
        people=people, sample=sample, case=Case.objects.get(), disposal=Disposal.objects.get(),
        version=version, task=task, report=report, item=item, organisation=bureau,
        person=UserFactory(division_id=COUNTY), laboratory=laboratory, edition=Edition.objects.first(),
    )  # fmt: skip
