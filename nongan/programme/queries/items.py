"""The three lists of each county."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from nongan.accounts.rules import Permission
from nongan.common.divisions import LENGTH, Level, covers, level_of
from nongan.common.words import listed
from nongan.places.queries import divisions_in
from nongan.programme.models import ListItem, Plan, Task, TaskQuerySet
from nongan.programme.models.items import ListItemQuerySet
from nongan.programme.queries.plans import plans_visible_to
from nongan.programme.queries.tasks import carried_in, tasks_visible_to, with_progress, with_units
from nongan.programme.rules.lights import Light, Window, light
from nongan.programme.rules.reading.shapes import Role
from nongan.programme.rules.states import ItemState, ListKind, VersionState

if TYPE_CHECKING:
    from nongan.accounts.models import User
    from nongan.places.models import Division


def county_of(scope: str) -> str:
    """The county that a township or village lies in; the division itself from the county up."""
    return scope[: Level.COUNTY].ljust(LENGTH, "0") if scope and level_of(scope) > Level.COUNTY else scope


def items_visible_to(user: "User") -> ListItemQuerySet:
    """Lines of the lists of one's own county, or of all counties of one's city."""
    if not user.may(Permission.PLAN_VIEW):
        return ListItem.objects.none()
    related = ("division", "organisation", "found_by", "done_by", "verified_by", "line", "plan")
    return ListItem.objects.in_division(county_of(user.scope)).select_related(*related)


def counties_of(user: "User") -> list["Division"]:
    """The counties whose lists this person reads."""
    scope = county_of(user.scope)
    return list(divisions_in(scope).filter(level=Level.COUNTY)) if scope else []


def counts(user: "User", division: str) -> dict[str, int]:
    """How many lines of each kind are not closed in a county (blank: in all that one sees)."""
    items = items_visible_to(user).filter(~Q(state=ItemState.VERIFIED))
    if division:
        items = items.in_division(division)
    return dict(items.order_by().values_list("kind").annotate(n=Count("pk")))


def county_tasks(user: "User", division: str) -> TaskQuerySet:
    """The tasks that organisations of the county carry, with units and progress, in the order of the plans."""
    tasks = tasks_visible_to(user).filter(carried_in(division))
    return with_units(with_progress(tasks, user)).order_by("plan_version_id", "position")


@dataclass(frozen=True)
class Duty:
    """A line of the responsibility list: a task, the units of the county named for it, and who answers there."""

    task: Task
    names: tuple[str, ...]
    role: str
    item: ListItem | None

    @property
    def organisation(self) -> str:
        if self.item and self.item.organisation:
            return self.item.organisation.name
        return listed(self.names)

    @property
    def person(self) -> str:
        return self.item.person if self.item else ""


def duties(user: "User", division: str) -> list[Duty]:
    """The responsibility list of a county: every task that it carries, and who answers for it."""
    items = items_visible_to(user).filter(kind=ListKind.RESPONSIBILITY, division_id=division)
    by_line = {item.line_id: item for item in items}
    found = []
    for task in county_tasks(user, division):
        here = [u for u in task.units.all() if u.organisation and covers(division, u.organisation.division_id)]
        names = tuple(dict.fromkeys(u.organisation.name for u in here if u.organisation))
        role = str(Role(here[0].role).label) if here else ""
        found.append(Duty(task, names, role, by_line.get(task.line_id)))
    return found


def light_of_item(item: ListItem, at: Window) -> Light:
    return light(item.due, item.state != ItemState.OPEN, at)


def plans_for_lists(user: "User", division: str) -> list[Plan]:
    """The plans in force that concern a county: its own and those of the divisions above it."""
    found = plans_visible_to(user).filter(versions__state=VersionState.ADOPTED).order_by("pk").distinct()
    return [plan for plan in found if covers(plan.division_id, division)]


def overdue_items(user: "User", on: date) -> ListItemQuerySet:
    """Open problems of one's own organisation past their day."""
    if not user.organisation_id:
        return ListItem.objects.none()
    return items_visible_to(user).filter(organisation=user.organisation_id, state=ItemState.OPEN, due__lt=on)
