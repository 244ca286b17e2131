"""Specimens made at once in a consistent state, or driven through the real acts by the people of a laboratory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import factory
from django.utils.timezone import localdate

from nongan.accounts.models import Organisation, OrganisationKind, User
from nongan.accounts.rules import Role
from nongan.laboratory import services
from nongan.laboratory.models import Report, Specimen, Test
from nongan.laboratory.rules.entry import Typed
from tests.accounts.factories import CITY, OrganisationFactory, UserFactory
from tests.conftest import NOON
from tests.standards.factories import CARBOFURAN, CHLORPYRIFOS, COWPEA, IMIDACLOPRID

DAY = date(2026, 5, 11)
RECEIVED = NOON - timedelta(hours=3)
PANEL = (CARBOFURAN, IMIDACLOPRID, CHLORPYRIFOS)
# Results of PANEL in 豇豆 that give a verdict by the small law, in mg/kg; what is not named is not detected.
PASSING: dict[str, str] = {}
FAILING = {IMIDACLOPRID: "2.5"}
BANNED = {CARBOFURAN: "0.5"}


class LaboratoryFactory(OrganisationFactory):
    name = factory.Sequence("宜春市农产品质量安全检测中心{}".format)
    kind = OrganisationKind.LABORATORY


class SpecimenFactory(factory.django.DjangoModelFactory[Specimen]):
    """Received, with PANEL to be tested; `SpecimenFactory(panel=(CARBOFURAN,))`. Needs `small_law()`."""

    class Meta:
        model = Specimen
        skip_postgeneration_save = True

    code = factory.Sequence("MY-{:010d}".format)
    laboratory = factory.SubFactory(LaboratoryFactory)
    commodity_id = COWPEA
    sampled_on = DAY
    received_at = RECEIVED

    @factory.post_generation
    def panel(self, create: bool, extracted: Sequence[str] | None, **kwargs: object) -> None:
        Test.objects.bulk_create(Test(specimen=self, analyte_id=a) for a in (PANEL if extracted is None else extracted))


@dataclass(frozen=True)
class People:
    """Those of one laboratory."""

    analyst: User
    verifier: User
    signatory: User


def people_of(laboratory: Organisation) -> People:
    """Made where they are not there yet."""
    return People(*(_person(laboratory, role) for role in (Role.ANALYST, Role.VERIFIER, Role.SIGNATORY)))


def _person(laboratory: Organisation, role: Role) -> User:
    there = User.objects.filter(role=role, organisation=laboratory).order_by("pk").first()
    return there or UserFactory(role=role, organisation=laboratory, division_id=CITY)


def received(
    laboratory: Organisation, count: int, panel: Sequence[str] = PANEL, at: datetime = RECEIVED
) -> list[Specimen]:
    """Sent in by an officer, through the real act."""
    order = services.Order(laboratory.pk, COWPEA, min(DAY, localdate(at)), tuple(panel))
    return services.receive_specimens(orders=[order] * count, by=UserFactory(role=Role.OFFICER), at=at)


def typed(text: str = "ND", **changes: str) -> Typed:
    """A whole row: mg/kg, detection limit 0.002."""
    return Typed(**{"text": text, "unit": "mg/kg", "lod": "0.002", "loq": "0.005", "method": "GB 23200.121", **changes})


def entries_of(specimens: Sequence[Specimen], results: Mapping[str, str] | None = None) -> list[services.Entry]:
    """A result for every test: those of `results` (analyte code → text), else not detected."""
    found = Test.objects.filter(specimen__in=specimens).order_by("pk").select_related("specimen")
    said = results or {}
    return [services.Entry(t.specimen.code, t.analyte_id, typed(said.get(t.analyte_id, "ND")), "") for t in found]


def seen(specimens: Sequence[Specimen]) -> dict[str, int]:
    """What somebody sees who looks now."""
    keys = [specimen.pk for specimen in specimens]
    return dict(Specimen.objects.filter(pk__in=keys).values_list("code", "version"))


def entered(specimens: Sequence[Specimen], results: Mapping[str, str] | None = None, at: datetime = NOON) -> None:
    """Entered and saved by the analyst, not yet handed in."""
    by = people_of(specimens[0].laboratory).analyst
    services.enter_results(entries=entries_of(specimens, results), tested_on=localdate(at), by=by, at=at)


def submitted(specimens: Sequence[Specimen], results: Mapping[str, str] | None = None, at: datetime = NOON) -> None:
    entered(specimens, results, at)
    services.submit(codes=[s.code for s in specimens], by=people_of(specimens[0].laboratory).analyst, at=at)


def verified(specimens: Sequence[Specimen], results: Mapping[str, str] | None = None, at: datetime = NOON) -> None:
    submitted(specimens, results, at)
    services.verify(seen=seen(specimens), by=people_of(specimens[0].laboratory).verifier, at=at)


def signed(
    specimens: Sequence[Specimen], results: Mapping[str, str] | None = None, at: datetime = NOON
) -> list[Report]:
    """Received specimens of one laboratory → their signed reports, through the real acts and people.

    `results`: analyte code → text as typed in mg/kg (“0.5”, “<0.002”), ND where not named.
    """
    verified(specimens, results, at)
    return services.sign(seen=seen(specimens), by=people_of(specimens[0].laboratory).signatory, at=at)


def signed_report(specimen: Specimen | None = None, verdict: str = "pass", at: datetime = NOON) -> Report:
    """A signed report with this verdict (pass or fail) on a specimen of PANEL; a new one where none is given."""
    results = {"pass": PASSING, "fail": FAILING}[verdict]
    return signed([specimen or SpecimenFactory()], results, at)[0]
