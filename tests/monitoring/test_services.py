"""Acts on samples: they work, and are refused three ways."""

from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied

from nongan.accounts.rules import Role
from nongan.common.editing import Stale
from nongan.documents.rules import FileNotAccepted
from nongan.journal.models import Line
from nongan.laboratory.models import Specimen, Test
from nongan.laboratory.rules.states import ReceivingRefused
from nongan.monitoring import rules, services
from nongan.monitoring.models import Sample
from nongan.monitoring.rules import SampleKind, SampleState, Verdict
from tests.accounts.factories import CITY, COUNTY, OTHER_COUNTY, TOWN, OrganisationFactory, UserFactory
from tests.conftest import NOON
from tests.monitoring.factories import DAY, LaboratoryFactory, SampleFactory, SamplerFactory, sampling
from tests.registry.factories import SubjectFactory
from tests.standards.factories import CARBOFURAN, CHLORPYRIFOS, COWPEA, IMIDACLOPRID, small_law

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law(divisions: None) -> None:
    small_law()


def acts_on(sample: Sample) -> list[str]:
    lines = Line.objects.filter(on_model="monitoring.Sample", on_id=str(sample.pk)).order_by("sequence")
    return [line.action.rsplit(".", 1)[-1] for line in lines]


def test_a_sample_is_taken_with_number_place_level_and_usual_items() -> None:
    officer = SamplerFactory(division_id=COUNTY)
    first = services.take_sample(sampling=sampling(), by=officer, at=NOON)
    second = services.take_sample(sampling=sampling(panel=(CARBOFURAN,)), by=officer, at=NOON)
    assert (first.number, second.number) == ("CY-2026-360902-000001", "CY-2026-360902-000002")
    assert (first.division_id, first.level, first.organisation) == (TOWN, 6, officer.organisation)
    first.refresh_from_db()
    assert (first.county, first.township) == ("360902", "360902100")
    assert first.panel == [CARBOFURAN, IMIDACLOPRID, CHLORPYRIFOS]
    assert second.panel == [CARBOFURAN]
    assert acts_on(first) == ["taken"]


def test_numbers_go_on_after_rows_that_were_loaded_in_bulk() -> None:
    SampleFactory(number="CY-2026-360902-000041")
    taken = services.take_sample(sampling=sampling(), by=SamplerFactory(), at=NOON)
    assert taken.number == "CY-2026-360902-000042"


def test_many_are_taken_in_order_in_few_statements(django_assert_max_num_queries) -> None:
    samplings = [sampling(subject=SubjectFactory().number) for _n in range(300)]
    officer = SamplerFactory()
    with django_assert_max_num_queries(45):
        taken = services.take_samples(samplings=samplings, by=officer, at=NOON)
    assert [s.subject.number for s in taken] == [s.subject for s in samplings]
    assert [int(s.number[-6:]) for s in taken] == list(range(1, 301))


def test_photographs_are_kept_with_the_sample() -> None:
    taken = services.take_sample(sampling=sampling(), files=[("封签.txt", b"seal 1")], by=SamplerFactory(), at=NOON)
    assert [a.document.name for a in taken.attachments.all()] == ["封签.txt"]
    assert acts_on(taken) == ["taken", "attached"]
    with pytest.raises(FileNotAccepted):
        services.attach_files(number=taken.number, files=[("x.exe", b"MZ")], by=SamplerFactory(), at=NOON)
    with pytest.raises(PermissionDenied):
        services.attach_files(number=taken.number, files=[], by=UserFactory(), at=NOON)
    with pytest.raises(ObjectDoesNotExist):
        services.attach_files(number=taken.number, files=[], by=SamplerFactory(division_id=OTHER_COUNTY), at=NOON)


def test_taking_is_refused() -> None:
    elsewhere = SamplerFactory(division_id=OTHER_COUNTY)
    with pytest.raises(ObjectDoesNotExist):
        services.take_sample(sampling=sampling(), by=elsewhere, at=NOON)
    with pytest.raises(PermissionDenied):
        services.take_sample(sampling=sampling(), by=UserFactory(role=Role.UNIT), at=NOON)
    with pytest.raises(PermissionDenied):
        county = SamplerFactory(division_id=COUNTY)
        services.take_sample(sampling=sampling(division=OTHER_COUNTY), by=county, at=NOON)
    with pytest.raises(rules.NoOrganisation):
        services.take_sample(sampling=sampling(), by=UserFactory(role=Role.OFFICER, organisation=None), at=NOON)
    with pytest.raises(rules.SampleRefused, match="将来") as refusal:
        services.take_sample(sampling=sampling(sampled_on=DAY + timedelta(days=9)), by=SamplerFactory(), at=NOON)
    assert [fault.field for fault in refusal.value.faults] == ["sampled_on"]
    assert not Sample.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"commodity": "X99"}, "commodity"), ({"panel": ("X1",)}, "panel"), ({"division": "360902999000"}, "division")],
)
def test_what_does_not_exist_is_named(changes: dict[str, object], field: str) -> None:
    with pytest.raises(rules.SampleRefused) as refusal:
        services.take_sample(sampling=sampling(**changes), by=SamplerFactory(), at=NOON)
    assert [fault.field for fault in refusal.value.faults] == [field]


def test_who_left_the_registry_is_not_sampled_after_that_day() -> None:
    gone = SubjectFactory(closed_on=DAY - timedelta(days=1), close_reason="停产").number
    with pytest.raises(rules.SampleRefused, match="退出名录"):
        services.take_sample(sampling=sampling(subject=gone), by=SamplerFactory(), at=NOON)
    before = DAY - timedelta(days=3)
    services.take_sample(
        sampling=sampling(subject=gone, sampled_on=before, produced_on=before), by=SamplerFactory(), at=NOON
    )


def test_a_batch_that_the_city_supervises_is_not_sampled_again_by_the_county() -> None:
    city, county = SamplerFactory(division_id=CITY), SamplerFactory(division_id=COUNTY)
    batch = sampling(kind=SampleKind.SUPERVISION)
    above = services.take_sample(sampling=batch, by=city, at=NOON)
    with pytest.raises(rules.SampledAbove, match=above.number):
        services.take_sample(sampling=batch, by=county, at=NOON)
    routine = sampling(subject=batch.subject)
    services.take_sample(sampling=routine, by=county, at=NOON)
    services.void_sample(number=above.number, seen=1, reason="漏封", by=city, at=NOON)
    services.take_sample(sampling=batch, by=county, at=NOON)
    services.take_sample(sampling=batch, by=city, at=NOON)


def test_a_township_does_not_supervise() -> None:
    station = OrganisationFactory(division_id=TOWN, kind="township")
    supervisor = UserFactory(role=Role.SUPERVISOR, organisation=station, division_id=TOWN)
    with pytest.raises(rules.SampleRefused, match="县级以上"):
        services.take_sample(sampling=sampling(kind=SampleKind.SUPERVISION), by=supervisor, at=NOON)


def test_many_are_sent_blind_with_the_items_asked_for(django_assert_max_num_queries) -> None:
    samples = [SampleFactory(panel=[CARBOFURAN]) for _n in range(100)]
    panels = {sample.number: () for sample in samples} | {samples[0].number: (CARBOFURAN, IMIDACLOPRID)}
    officer, place = SamplerFactory(), LaboratoryFactory()
    with django_assert_max_num_queries(40):
        sent = services.send_samples(panels=panels, laboratory_id=place.pk, by=officer, at=NOON)
    assert {s.state for s in sent} == {SampleState.SENT}
    assert Test.objects.filter(specimen=sent[0].specimen).count() == 2
    assert Test.objects.filter(specimen=sent[1].specimen).count() == 1
    assert Sample.objects.filter(specimen__laboratory=place, sent_at=NOON, version=2).count() == 100
    assert acts_on(samples[0]) == ["sent"]


def test_without_noted_items_the_usual_ones_are_asked_for() -> None:
    sample = SampleFactory(panel=[])
    (sent,) = services.send_samples(
        panels={sample.number: ()}, laboratory_id=LaboratoryFactory().pk, by=SamplerFactory(), at=NOON
    )
    assert sent.panel == [CARBOFURAN, IMIDACLOPRID, CHLORPYRIFOS]


def test_sending_is_refused_as_a_whole() -> None:
    sample, sent = SampleFactory(panel=[CARBOFURAN]), SampleFactory(sent=True)
    place, officer = LaboratoryFactory(), SamplerFactory()

    def send(*numbers: str, by=officer, laboratory: int = place.pk) -> None:  # type: ignore[no-untyped-def]
        services.send_samples(panels={n: () for n in numbers}, laboratory_id=laboratory, by=by, at=NOON)

    with pytest.raises(ObjectDoesNotExist):
        send(sample.number, by=SamplerFactory(division_id=OTHER_COUNTY))
    with pytest.raises(ObjectDoesNotExist):
        send(sample.number, "CY-2026-360902-888888")
    with pytest.raises(PermissionDenied):
        send(sample.number, by=UserFactory())
    with pytest.raises(rules.MoveNotAllowed, match=sent.number):
        send(sample.number, sent.number)
    for state in ("judged", "published", "void"):
        with pytest.raises(rules.MoveNotAllowed):
            send(SampleFactory(**{state: True}).number)
    with pytest.raises(ReceivingRefused):
        send(sample.number, laboratory=OrganisationFactory().pk)
    with pytest.raises(rules.NothingToTest):
        send(SampleFactory(commodity_id="A0501").number)
    sample.refresh_from_db()
    assert sample.state == SampleState.TAKEN
    assert not Specimen.objects.filter(laboratory=place).exists()


def test_results_are_published_once() -> None:
    passed, failed = SampleFactory(judged=True), SampleFactory(judged=True, verdict=Verdict.FAIL)
    office = UserFactory()
    done = services.publish_samples(numbers=[passed.number, failed.number], by=office, at=NOON)
    assert {(s.state, s.published_at) for s in done} == {(SampleState.PUBLISHED, NOON)}
    assert acts_on(passed) == ["published"]
    with pytest.raises(rules.MoveNotAllowed):
        services.publish_samples(numbers=[passed.number], by=office, at=NOON)


def test_publishing_is_refused() -> None:
    sample, unjudged = SampleFactory(judged=True), SampleFactory(judged=True, verdict=Verdict.UNJUDGED)
    with pytest.raises(ObjectDoesNotExist):
        services.publish_samples(numbers=[sample.number], by=UserFactory(division_id=OTHER_COUNTY), at=NOON)
    with pytest.raises(PermissionDenied):
        services.publish_samples(numbers=[sample.number], by=SamplerFactory(), at=NOON)
    with pytest.raises(rules.NotPublishable):
        services.publish_samples(numbers=[sample.number, unjudged.number], by=UserFactory(), at=NOON)
    with pytest.raises(ObjectDoesNotExist):
        services.publish_samples(numbers=[], by=UserFactory(), at=NOON)
    sample.refresh_from_db()
    assert sample.state == SampleState.JUDGED


@pytest.mark.parametrize("trait", ["", "sent"])
def test_a_sample_is_made_void_with_a_reason(trait: str) -> None:
    sample = SampleFactory(**{trait: True} if trait else {})
    services.void_sample(number=sample.number, seen=1, reason="漏封", by=SamplerFactory(), at=NOON)
    sample.refresh_from_db()
    assert (sample.state, sample.void_reason, sample.version) == (SampleState.VOID, "漏封", 2)
    assert acts_on(sample) == ["voided"]


def test_making_void_is_refused() -> None:
    sample, judged = SampleFactory(), SampleFactory(judged=True)
    with pytest.raises(ObjectDoesNotExist):
        elsewhere = SamplerFactory(division_id=OTHER_COUNTY)
        services.void_sample(number=sample.number, seen=1, reason="漏封", by=elsewhere, at=NOON)
    with pytest.raises(PermissionDenied):
        services.void_sample(number=sample.number, seen=1, reason="漏封", by=UserFactory(), at=NOON)
    with pytest.raises(rules.MoveNotAllowed):
        services.void_sample(number=judged.number, seen=1, reason="漏封", by=SamplerFactory(), at=NOON)
    with pytest.raises(Stale):
        services.void_sample(number=sample.number, seen=7, reason="漏封", by=SamplerFactory(), at=NOON)
    with pytest.raises(rules.ReasonMissing):
        services.void_sample(number=sample.number, seen=1, reason=" ", by=SamplerFactory(), at=NOON)


def test_a_commodity_is_known_by_code() -> None:
    assert SampleFactory().commodity_id == COWPEA
