"""A draft under correction: what the machine read, and what it is matched with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nongan.accounts.queries import find_organisation, organisations_in
from nongan.common.divisions import Level, level_of
from nongan.places.queries import divisions_in
from nongan.programme.models import PlanVersion, TaskUnit
from nongan.programme.rules.adoption import Match, NewOrganisation, unit_names
from nongan.programme.rules.catalogue import NAMES
from nongan.programme.rules.content import Content
from nongan.programme.rules.states import VersionState
from nongan.programme.rules.units import GOVERNMENT, Collective, collective, full_name

if TYPE_CHECKING:
    from nongan.accounts.models import Organisation


@dataclass(frozen=True)
class Proposal:
    """A unit's name, in how many tasks, whom it seems to mean, and how that was found.

    `how`: “known” (an organisation bears the name), “before” (an earlier version of the plan matched it so),
    “collective” (one organisation per division), “new” (nobody bears it).
    """

    name: str
    tasks: int
    match: Match
    how: str
    organisations: tuple["Organisation", ...] = ()


def machine_content(version: PlanVersion) -> Content:
    """What the machine read, with the marks of the document."""
    content: Content = version.file.plans[version.position]
    return content


def indicator_names() -> Mapping[str, str]:
    """Code → name of every indicator that a target may name."""
    return {code: str(name) for code, name in NAMES.items()}


def proposals(version: PlanVersion) -> list[Proposal]:
    """What each unit's name of the draft may stand for, in the order of the text."""
    division = version.plan.division
    earlier = _matched_before(version)
    found = []
    for name, tasks in unit_names(version.content).items():
        group = collective(name)
        if name in earlier:
            known = tuple(earlier[name])
            found.append(Proposal(name, tasks, Match(tuple(o.pk for o in known)), "before", known))
        elif group and group.level > level_of(division.code):
            found.append(_of_group(name, tasks, group, division.code))
        else:
            found.append(_of_one(name, tasks, division.code, division.name))
    return found


def _of_one(name: str, tasks: int, division: str, division_name: str) -> Proposal:
    full = full_name(name, division_name)
    known = find_organisation(name, division) or find_organisation(full, division)
    if known:
        return Proposal(name, tasks, Match((known.pk,)), "known", (known,))
    new = NewOrganisation(full, division, (name,) if full != name else ())
    return Proposal(name, tasks, Match(new=(new,)), "new")


def _of_group(name: str, tasks: int, group: Collective, division: str) -> Proposal:
    """One organisation per county; of townships only those that exist, for their offices are entered elsewhere."""
    known, new = [], []
    bearers = {(o.division_id, n): o for o in organisations_in(division) for n in (o.name, *o.aliases)}
    for place in divisions_in(division).filter(level=group.level):
        names = [place.name + group.body] + ([place.name + "政府"] if group.body == GOVERNMENT else [])
        one = next((bearers[place.code, n] for n in names if (place.code, n) in bearers), None)
        if one:
            known.append(one)
        elif group.level == Level.COUNTY:
            new.append(NewOrganisation(names[0], place.code, tuple(names[1:])))
    match = Match(tuple(o.pk for o in known), tuple(new))
    return Proposal(name, tasks, match, "collective", tuple(known))


def _matched_before(version: PlanVersion) -> dict[str, list["Organisation"]]:
    """Name → organisations in the version of the same plan that is in force."""
    units = TaskUnit.objects.filter(
        task__plan_version__plan_id=version.plan_id,
        task__plan_version__state=VersionState.ADOPTED,
        organisation__isnull=False,
    ).select_related("organisation__division")
    found: dict[str, dict[int, Organisation]] = {}
    for unit in units:
        if unit.organisation is not None:
            found.setdefault(unit.name, {})[unit.organisation.pk] = unit.organisation
    return {name: list(organisations.values()) for name, organisations in found.items()}
