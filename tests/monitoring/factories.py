"""Samples: made at once in a consistent state, or driven through the real chain from the field to the report."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import factory
from django.test import TestCase
from django.utils.timezone import localdate

from nongan.accounts.models import OrganisationKind, User
from nongan.accounts.rules import Role
from nongan.laboratory import services as laboratory
from nongan.laboratory.models import Report, Specimen
from nongan.laboratory.rules.entry import Typed
from nongan.monitoring import services
from nongan.monitoring.models import Sample
from nongan.monitoring.rules import SampleKind, SampleState, Sampling, Verdict
from tests.accounts.factories import CITY, COUNTY, OrganisationFactory, UserFactory
from tests.conftest import NOON
from tests.registry.factories import SubjectFactory
from tests.standards.factories import CARBOFURAN, COWPEA

DAY = date(2026, 5, 11)


class LaboratoryFactory(OrganisationFactory):
    name = factory.Sequence("市农产品质量安全检测中心{}".format)
    kind = OrganisationKind.LABORATORY


class SamplerFactory(UserFactory):
    """An officer of a city; `SamplerFactory(division_id=COUNTY)` one of a county, whose organisation is there too."""

    role = Role.OFFICER
    organisation = factory.SubFactory(OrganisationFactory, division_id=factory.SelfAttribute("..division_id"))


class SpecimenFactory(factory.django.DjangoModelFactory[Specimen]):
    class Meta:
        model = Specimen

    code = factory.Sequence("MY-{:010d}".format)
    laboratory = factory.SubFactory(LaboratoryFactory)
    commodity_id = COWPEA
    sampled_on = DAY
    received_at = NOON


class SampleFactory(factory.django.DjangoModelFactory[Sample]):
    """`SampleFactory()` waits to be sent; `SampleFactory(sent=True)`, `(judged=True, verdict="fail")`,
    `(published=True)`, `(void=True)` have the columns that go with it. Needs `small_law()`."""

    class Meta:
        model = Sample

    class Params:
        sent = factory.Trait(
            state=SampleState.SENT, specimen=factory.SubFactory(SpecimenFactory), sent_at=NOON, panel=[CARBOFURAN]
        )
        judged = factory.Trait(
            sent=True, state=SampleState.JUDGED, verdict=Verdict.PASS, report=factory.Sequence("BG-2026-{:06d}".format),
            tested_banned=True, judged_at=NOON,
        )  # fmt: skip
        published = factory.Trait(judged=True, state=SampleState.PUBLISHED, published_at=NOON + timedelta(days=1))
        void = factory.Trait(state=SampleState.VOID, void_reason="样品在途中损坏")

    number = factory.Sequence("CY-2026-360902-9{:05d}".format)
    kind = SampleKind.ROUTINE
    subject = factory.SubFactory(SubjectFactory)
    division_id = "360902100000"
    commodity_id = COWPEA
    sampled_on = DAY
    samplers = "张三、李四"
    organisation = factory.SubFactory(OrganisationFactory, division_id=COUNTY)
    level = 6


def sampling(**changes: object) -> Sampling:
    """What a sound form says; the subject is made, where none is named."""
    facts: dict[str, object] = {
        "kind": SampleKind.ROUTINE, "commodity": COWPEA, "sampled_on": DAY, "samplers": "张三、李四",
        "produced_on": DAY - timedelta(days=1),
    }  # fmt: skip
    facts |= changes
    if "subject" not in facts:
        facts["subject"] = SubjectFactory().number
    return Sampling(**facts)  # type: ignore[arg-type]


def people_of(specimens: Sequence[Specimen]) -> tuple[User, User, User]:
    """Analyst, verifier, signatory of the laboratory that has the specimens."""
    where = {"organisation": specimens[0].laboratory, "division_id": CITY}
    roles = (Role.ANALYST, Role.VERIFIER, Role.SIGNATORY)
    analyst, verifier, signatory = (
        User.objects.filter(role=role, organisation=where["organisation"]).first() or UserFactory(role=role, **where)
        for role in roles
    )
    return analyst, verifier, signatory


def report_on(samples: Sequence[Sample], results: Mapping[str, str], at: datetime = NOON) -> list[Report]:
    """Results (analyte code → text, in mg/kg, LOD 0.002) entered, verified and signed by the laboratory's people."""
    specimens = [sample.specimen for sample in samples if sample.specimen]
    analyst, verifier, signatory = people_of(specimens)
    codes = [specimen.code for specimen in specimens]
    entries = [
        laboratory.Entry(
            specimen.code, analyte, Typed(results.get(analyte, "未检出"), "mg/kg", "0.002", "0.005", "GB 23200.121")
        )
        for sample, specimen in zip(samples, specimens, strict=True)
        for analyte in sample.panel
    ]
    laboratory.enter_results(entries=entries, tested_on=localdate(at), by=analyst, at=at)
    laboratory.submit(codes=codes, by=analyst, at=at)
    laboratory.verify(seen=versions(codes), by=verifier, at=at)
    with heard():
        return laboratory.sign(seen=versions(codes), by=signatory, at=at)


def heard() -> AbstractContextManager[object]:
    """A test's transaction never commits: what runs after a commit runs at the end of this block."""
    return TestCase.captureOnCommitCallbacks(execute=True)


def versions(codes: Sequence[str]) -> dict[str, int]:
    return dict(Specimen.objects.filter(code__in=codes).values_list("code", "version"))


def sent_samples(
    count: int = 1, *, by: User | None = None, panel: Sequence[str] = (CARBOFURAN,), **facts: object
) -> list[Sample]:
    """Taken and sent by an officer (of the city), through the real services."""
    officer = by or SamplerFactory()
    taken = services.take_samples(samplings=[sampling(**facts) for _n in range(count)], by=officer, at=NOON)
    place = LaboratoryFactory()
    return services.send_samples(
        panels={sample.number: panel for sample in taken}, laboratory_id=place.pk, by=officer, at=NOON
    )


def judged_sample(result: str = "未检出", *, by: User | None = None, **facts: object) -> Sample:
    """From the field to the signed report, all that hear of it included. The result of 克百威 decides: “0.5” fails,
    and is a banned substance."""
    (sample,) = sent_samples(by=by, **facts)
    report_on([sample], {CARBOFURAN: result})
    sample.refresh_from_db()
    return sample
