"""Computing, refreshing and proving, on the records of the real contexts."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import TestCase
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nongan.accounts.models import OrganisationKind
from nongan.accounts.rules import Role
from nongan.indicators import services
from nongan.indicators.models import Snapshot, Value
from nongan.indicators.queries import store
from nongan.indicators.queries.catalogue import counted_views
from nongan.indicators.queries.figures import value
from nongan.indicators.rules.periods import parse_period
from nongan.indicators.services.compute import Job, Overtaken, _publish
from nongan.indicators.services.values import stored_values
from nongan.journal.models import Line
from nongan.laboratory import services as laboratory
from nongan.laboratory.models import Report
from nongan.monitoring.models import Sample
from nongan.operations.services import work_once
from nongan.places.models import Population
from tests.accounts.factories import CITY, COUNTY, OTHER_COUNTY, TOWN, OrganisationFactory, UserFactory
from tests.conftest import NOON, SHANGHAI
from tests.indicators.acts import act
from tests.monitoring.factories import SampleFactory, judged_sample
from tests.registry.factories import SubjectFactory
from tests.standards.factories import small_law

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=1)
ALL = parse_period("all")


@pytest.fixture
def law():
    small_law()


def samples(passed, failed, **facts):
    """Judged at once, past the journal: what a first computation finds."""
    made = {"division_id": TOWN, "judged": True, **facts}
    SampleFactory.create_batch(passed, **made)
    SampleFactory.create_batch(failed, verdict="fail", **made)


def figure(code, division=CITY, period=ALL):
    return value(code, division, period).figure


def everything():
    """All stored values of all views."""
    return {cell for s in Snapshot.objects.all() for cell in stored_values(s.pk)}


# Computing


def test_the_first_figure_of_a_city(law):
    samples(39, 1)
    samples(1, 9, kind="risk")
    samples(0, 1, division_id="360981001000", sampled_on=date(2025, 12, 31))
    services.compute_all(at=NOON)
    shown = figure("pass_rate")
    assert (shown.text, shown.numerator, shown.denominator) == ("95.12", 39, 41)
    assert figure("pass_rate", COUNTY).text == "97.5"
    assert figure("pass_rate", TOWN, parse_period("2026-05")).text == "97.5"
    assert figure("pass_rate", OTHER_COUNTY, parse_period("2025")).text == "0"
    assert not figure("pass_rate", OTHER_COUNTY, parse_period("2026")).known
    assert figure("quantitative_batches").numerator == 51
    assert figure("supervision_coverage").text == "0"


def test_nothing_recorded_is_no_data_for_every_indicator():
    services.compute_all(at=NOON)
    assert Value.objects.count() == 0
    assert Snapshot.objects.count() == len(counted_views())
    assert not figure("pass_rate").known
    assert not figure("quantitative_batches").known


def test_the_database_refuses_an_empty_denominator(law):
    samples(1, 0)
    services.compute_all(at=NOON)
    for wrong in ({"denominator": 0}, {"numerator": -1}, {"kind": "week"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Value.objects.filter(indicator="pass_rate").update(**wrong)


def test_batches_per_thousand_residents(law):
    Population.objects.create(division_id=COUNTY, year=2025, residents=2_000, source="统计公报")
    Population.objects.create(division_id=OTHER_COUNTY, year=2025, residents=3_000, source="统计公报")
    samples(3, 0)
    services.compute_all(at=NOON)
    assert figure("quantitative_batches", COUNTY, parse_period("2026")).per_head == "1.5"
    assert figure("quantitative_batches", CITY, parse_period("2026")).per_head == "0.6"
    assert figure("quantitative_batches", TOWN, parse_period("2026")).per_head == ""


def test_a_day_is_a_day_in_shanghai(law):
    """The worker's clock says the evening of the 31st in Greenwich; in Shanghai it is the 1st."""
    SubjectFactory(registered_on=date(2026, 6, 1))
    services.compute_all(at=datetime(2026, 5, 31, 23, 30, tzinfo=SHANGHAI))
    assert not figure("supervision_coverage").known
    services.compute_all(at=datetime(2026, 5, 31, 16, 30, tzinfo=UTC))
    assert figure("supervision_coverage", CITY, parse_period("2026-06")).denominator == 1


def test_since_the_first_day_of_a_plan(law):
    samples(1, 0, sampled_on=date(2026, 2, 28))
    samples(2, 0, sampled_on=date(2026, 3, 15))
    services.compute_all(at=NOON)
    services.count_since(start=date(2026, 3, 15))
    services.count_since(start=date(2026, 3, 15))
    services.refresh(at=LATER)
    assert figure("pass_rate", CITY, parse_period("since-2026-03-15")).denominator == 2
    assert figure("pass_rate").denominator == 3


# Refreshing


def test_an_act_moves_the_figure_within_one_round(law):
    work_once(at=NOON)
    sample = judged_sample("0.5", division=TOWN)
    assert Line.objects.filter(action="monitoring.sample.judged").exists()
    assert not figure("pass_rate").known
    done = services.refresh(at=LATER)
    assert done.rows["monitoring.official_results"] == 1
    assert figure("pass_rate", TOWN).text == "0"
    assert figure("failed_disposed").text == "0"
    assert figure("case_transfer").denominator == 1
    assert sample.number


def test_a_withdrawn_report_takes_its_sample_out_again(law):
    sample = judged_sample("0.5")
    services.refresh(at=NOON)
    assert figure("pass_rate").denominator == 1
    report = Sample.objects.get(pk=sample.pk).report
    signed = Report.objects.get(number=report)
    with TestCase.captureOnCommitCallbacks(execute=True):
        laboratory.withdraw_report(number=report, reason="抄错数据，重新检测", by=signed.signed_by, at=NOON)
    services.refresh(at=LATER)
    assert not figure("pass_rate").known


def test_nothing_happened_nothing_is_read(law, django_assert_max_num_queries):
    samples(2, 1)
    services.compute_all(at=NOON)
    with (
        patch("nongan.indicators.services.snapshot.take", side_effect=AssertionError),
        patch("nongan.indicators.services.snapshot.amend", side_effect=AssertionError),
        django_assert_max_num_queries(12),
    ):
        assert services.refresh(at=LATER).changed == {}


def test_not_more_often_than_every_few_seconds(law):
    services.compute_all(at=NOON)
    judged_sample("未检出")
    assert services.refresh(at=NOON + timedelta(seconds=1)).changed == {}
    assert services.refresh(at=NOON + timedelta(seconds=4)).changed


def test_a_new_day_brings_its_own_values():
    SubjectFactory(registered_on=date(2026, 5, 1), closed_on=date(2026, 6, 1), close_reason="注销")
    services.refresh(at=NOON)
    assert figure("supervision_coverage").denominator == 1
    services.refresh(at=NOON.replace(month=6, day=1))
    assert not figure("supervision_coverage").known
    assert figure("supervision_coverage", CITY, parse_period("2026-05")).denominator == 1


def test_lost_files_are_read_again(law):
    samples(1, 0)
    services.compute_all(at=NOON)
    snapshot = Snapshot.objects.get(view="monitoring.official_results")
    (store.folder_of(snapshot.view) / snapshot.files[0]).unlink()
    services.refresh(at=LATER)
    assert services.prove(at=LATER).differences == []


def test_two_workers_at_once(law):
    """The one that comes second throws its work away; nothing is stored twice."""
    samples(1, 0)
    services.compute_all(at=NOON)
    seen = Snapshot.objects.get(view="monitoring.official_results")
    (view,) = [v for v in counted_views() if v.name == seen.view]
    services.recompute(at=LATER)
    with pytest.raises(Overtaken):
        list(_publish([Job(view, seen, seen.files, seen.sequence)], LATER))


def test_who_may_ask_for_a_recount(law):
    samples(1, 0)
    services.compute_all(at=NOON)
    with pytest.raises(PermissionDenied):
        services.ask_recount(by=UserFactory(role=Role.SUPERVISOR), at=NOON)
    services.ask_recount(by=UserFactory(), at=NOON)
    SampleFactory(judged=True)  # past the journal: only a full reading finds it
    services.refresh(at=LATER)
    assert figure("pass_rate").denominator == 2
    assert Line.objects.filter(action="indicators.recount.asked").count() == len(counted_views())


@settings(max_examples=4, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.tuples(st.sampled_from("rrrsxcof!"), st.integers(0, 5)), min_size=4, max_size=12))
def test_incremental_equals_full(law, steps):
    """Random acts, refreshed now and then: what is stored equals a full recomputation."""
    with transaction.atomic():
        officer = UserFactory(role=Role.SUPERVISOR, division_id=CITY)
        station = OrganisationFactory(name="监管站", kind=OrganisationKind.TOWNSHIP, division_id=TOWN)
        at = NOON
        for kind, n in steps:
            at += timedelta(minutes=1)
            if kind == "!":
                services.refresh(at=at)
            else:
                act(kind, n, officer, station, at)
        at += timedelta(minutes=1)
        services.refresh(at=at)
        stored = everything()
        Value.objects.all().delete()
        Snapshot.objects.all().delete()
        services.compute_all(at=at)
        assert stored == everything()
        transaction.set_rollback(True)


# Proof


def test_all_is_proven(law):
    samples(5, 2)
    samples(1, 1, division_id="360981001000")
    services.refresh(at=NOON)
    proof = services.prove(at=LATER, sample=None)
    assert proof.differences == []
    proof = services.prove(at=LATER, sample=None)
    assert proof.counted == proof.values == Value.objects.count() > 20


def test_a_tampered_value_is_found_and_named(law):
    samples(5, 2)
    services.compute_all(at=NOON)
    Value.objects.filter(indicator="pass_rate", division=COUNTY, kind="month").update(numerator=7)
    first = services.prove(at=LATER, sample=None).differences[0]
    assert str(first) == ("pass_rate 360902000000 2026-05: stored 7/7, recomputed 5/7.")
    with pytest.raises(CommandError, match="pass_rate 360902000000 2026-05: stored 7/7"):
        call_command("indicators", "prove", "--all")


def test_a_value_made_up_or_removed_is_found(law):
    samples(5, 2)
    services.compute_all(at=NOON)
    Value.objects.filter(indicator="pass_rate", division=COUNTY, kind="year").delete()
    (first,) = services.prove(at=LATER, sample=0).differences
    assert str(first).startswith("pass_rate 360902000000 2026: stored no value")


def test_a_record_changed_past_the_journal_is_found(law):
    samples(5, 2)
    services.compute_all(at=NOON)
    Sample.objects.filter(verdict="fail").update(verdict="pass")
    assert services.prove(at=LATER).differences[0].what == "stored"
    assert services.prove(at=LATER, again=False).differences == []


def test_the_commands(law, capsys):
    samples(5, 2)
    call_command("indicators", "compute")
    out = capsys.readouterr().out
    assert "monitoring.official_results: 7 rows read" in out
    call_command("indicators", "refresh")
    assert "Nothing changed." in capsys.readouterr().out
    call_command("indicators", "prove", "--sample", "5")
    assert "values equal their recomputation" in capsys.readouterr().out
    assert isinstance(figure("pass_rate").numerator, Decimal)
