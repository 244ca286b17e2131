"""What the database itself refuses, whoever asks it."""

import pytest
from django.db import DatabaseError, connection, transaction

from nongan.laboratory.models import Report, Specimen, Test
from nongan.laboratory.services import withdraw_report
from tests.conftest import NOON
from tests.laboratory.factories import SpecimenFactory, people_of, signed_report, submitted, verified
from tests.standards.factories import CARBOFURAN, small_law

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law(db):
    small_law()


@pytest.fixture
def report():
    return signed_report()


@pytest.fixture
def specimen():
    made = SpecimenFactory()
    verified([made])
    return Specimen.objects.get(pk=made.pk)


def refused(act, *args, **kwargs):
    with pytest.raises(DatabaseError) as fault, transaction.atomic():
        act(*args, **kwargs)
    return str(fault.value)


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "fail"}, {"banned": True}, {"content": {}}, {"digest": "0" * 64}, {"number": "BG-1"},
        {"revision": 2}, {"signed_by": None},
    ],
)  # fmt: skip
def test_a_signed_report_is_never_changed(report, change):
    refused(Report.objects.filter(pk=report.pk).update, **change)


def test_a_signed_report_is_never_removed(report):
    assert "never removed" in refused(Report.objects.filter(pk=report.pk)._raw_delete, using="default")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            refused(cursor.execute, "TRUNCATE laboratory_report CASCADE")


def test_a_withdrawal_is_for_ever(report):
    people = people_of(report.specimen.laboratory)
    withdraw_report(number=report.number, reason="错", by=people.signatory, at=NOON)
    mine = Report.objects.filter(pk=report.pk)
    refused(mine.update, withdrawn_by=None, withdrawn_at=None, withdrawn_reason="")
    refused(mine.update, withdrawn_reason="另一个原因")


@pytest.mark.parametrize(
    "change", [{"text": "0.5"}, {"verdict": "fail"}, {"limit": None}, {"lod": "1"}, {"method": "x"}]
)
def test_results_of_a_signed_report_are_never_changed(report, change):
    tests = Test.objects.filter(specimen=report.specimen)
    refused(tests.update, **change)
    refused(tests._raw_delete, using="default")


def issue(specimen, by, **columns):
    fields = {"number": "BG-1", "verdict": "pass", "content": {}, "digest": "0" * 64, "signed_at": NOON}
    return Report.objects.create(specimen=specimen, signed_by=by, **{**fields, **columns})


def test_whoever_entered_a_result_does_not_sign(specimen):
    people = people_of(specimen.laboratory)
    refused(issue, specimen, people.analyst)
    issue(specimen, people.signatory)
    refused(issue, specimen, people.signatory, number="BG-2")  # one in force


def test_nothing_is_signed_before_it_is_verified():
    made = SpecimenFactory()
    submitted([made])
    refused(issue, made, people_of(made.laboratory).signatory)


def test_a_new_report_replaces_the_withdrawn_one_before_it(specimen, report):
    by = people_of(specimen.laboratory).signatory
    refused(issue, specimen, by, revision=2)
    refused(issue, specimen, by, revision=2, replaces=report)
    refused(issue, specimen, by, verdict="undecided")


def test_a_result_is_verified_by_another(specimen):
    people = people_of(specimen.laboratory)
    refused(Test.objects.filter(specimen=specimen).update, verified_by=people.analyst)
    refused(Specimen.objects.filter(pk=specimen.pk).update, verified_by=people.analyst)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "received"}, {"state": "signed", "verified_by": None}, {"verdict": ""}, {"submitted_by": None},
        {"reject_cause": "seal"}, {"produced_on": "2026-12-31"},
    ],
)  # fmt: skip
def test_a_specimen_has_what_its_state_says(specimen, change):
    refused(Specimen.objects.filter(pk=specimen.pk).update, **change)


@pytest.mark.parametrize("change", [{"found_banned": True}, {"unjudged_reason": "x"}])
def test_a_result_does_not_contradict_itself(specimen, change):
    refused(Test.objects.filter(specimen=specimen, analyte=CARBOFURAN).update, **change)


def test_an_item_is_asked_for_once(specimen):
    refused(Test.objects.create, specimen=specimen, analyte_id=CARBOFURAN)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="INSERT OR REPLACE is SQLite's")
@pytest.mark.parametrize(
    ("table", "left_out"), [("laboratory_report", ()), ("laboratory_test", ()), ("laboratory_test", ("id",))]
)
def test_nothing_signed_is_written_over(table, left_out, report):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name FROM pragma_table_info('{table}')")
        columns = ", ".join(f'"{name}"' for (name,) in cursor.fetchall() if name not in left_out)
        with pytest.raises(DatabaseError, match="never"):
            cursor.execute(f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}")
