"""A large city is copied from a small one: every number, code and digest is one of its own, and the proofs hold."""

import json
from itertools import chain

import pytest

from nongan.demo.services.copies import copied_models, copy_city
from nongan.enforcement.models import Case
from nongan.indicators.models import Value
from nongan.indicators.services import compute_all, prove
from nongan.journal.models import Line
from nongan.journal.queries import verify
from nongan.laboratory.models import Report
from nongan.laboratory.rules.report import digest_of
from nongan.monitoring.models import Sample
from nongan.monitoring.services import take_sample
from nongan.registry.models import Serial, Subject
from nongan.registry.rules import check_character, fault_of_code
from tests.conftest import NOON
from tests.monitoring.factories import SamplerFactory, sampling
from tests.world import whole_city

pytestmark = pytest.mark.django_db
COPIES = 2


def counted():
    return {kind._meta.label: kind._default_manager.count() for kind in copied_models()}


@pytest.fixture
def city():
    """What stood before, and the city with its copies."""
    world = whole_city()
    for n, subject in enumerate(Subject.objects.all()):  # as the demonstration city has them
        first = f"91360902MY{n:07d}"
        Subject.objects.filter(pk=subject.pk).update(uscc=first + check_character(first))
        prefix, last = subject.number[:-6], int(subject.number[-6:])
        serial, _made = Serial.objects.get_or_create(prefix=prefix, defaults={"last": last})
        serial.last = max(serial.last, last + 1)  # the factory begins with zero
        serial.save()
    before = counted()
    copy_city(COPIES, lambda n: None)
    return world, before


def test_everything_that_grows_stands_there_so_many_times(city):
    _world, before = city
    assert before["enforcement.Case"] == 1 and before["laboratory.Test"] > 0
    assert counted() == {label: n * (1 + COPIES) for label, n in before.items()}


def test_a_copy_hangs_together(city):
    world, _before = city
    cases = Case.objects.select_related("sample__specimen", "subject").order_by("pk")
    assert {case.sample.subject_id for case in cases} == {case.subject_id for case in cases}
    for case in cases:
        report = Report.objects.get(specimen=case.sample.specimen)
        assert case.report == case.sample.report == report.number
        assert case.sample.number in case.finding
        assert report.content["code"] == case.sample.specimen.code
        assert report.digest == digest_of(report.content)
    ours = chain.from_iterable((c.number, c.sample.number, c.sample.specimen.code, c.report) for c in cases)
    assert len(set(ours)) == 4 * (1 + COPIES)
    assert all(not subject.uscc or fault_of_code(subject.uscc) is None for subject in Subject.objects.all())
    assert cases[0].pk == world.case.pk


def test_the_journal_tells_of_the_copies_and_its_chain_holds(city):
    assert verify().altered is None
    for sample in Sample.objects.all():
        told = Line.objects.filter(on_model="monitoring.Sample", on_id=str(sample.pk))
        facts = [json.loads(line.details) for line in told]
        assert facts and all(fact["number"] == sample.number and fact["sample"] == sample.pk for fact in facts)
    signed = {json.loads(line.details)["digest"] for line in Line.objects.filter(action="laboratory.report.signed")}
    assert signed == set(Report.objects.values_list("digest", flat=True))


def test_figures_count_the_copies_and_are_proven(city):
    compute_all(at=NOON)
    proof = prove(at=NOON, sample=None)
    assert proof.counted and not proof.differences
    assert Value.objects.filter(indicator="pass_rate").order_by("-denominator")[0].denominator == 1 + COPIES


def test_the_next_number_follows_the_copies(city):
    sampler = SamplerFactory()
    sample = take_sample(sampling=sampling(), by=sampler, at=NOON)
    assert Sample.objects.filter(number=sample.number).count() == 1
    assert sample.pk > max(Sample.objects.exclude(pk=sample.pk).values_list("pk", flat=True))
