"""What the database itself refuses."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from nongan.enforcement.models import Case, Disposal, DisposalLine, Transfer
from tests.conftest import NOON
from tests.enforcement.factories import Agency, disposed, driven, lead, transferred
from tests.standards.factories import small_law

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law(db):
    small_law()


def refused(rows, **changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**changes)


@pytest.mark.parametrize(
    "false",
    [
        {"party": ""}, {"state": "filed"}, {"state": "decided"}, {"state": "closed"}, {"state": "not_filed"},
        {"outcome": "penalty"}, {"fine": 5}, {"paid": 5}, {"due_for": ""}, {"source": "complaint"},
        {"declined_reason": "x"}, {"refuted_at": NOON}, {"filed_at": NOON}, {"closed_reason": "x"},
    ],
)  # fmt: skip
def test_a_lead_is_nothing_more(false):
    refused(Case.objects.filter(pk=lead().pk), **false)


def test_officers_are_two_and_do_not_review():
    case = driven("reviewed", who := Agency())
    rows = Case.objects.filter(pk=case.pk)
    refused(rows, second=who.first)
    refused(rows, officer=None)
    refused(rows, officer=None, second=None)
    refused(rows, reviewed_by=who.second)


def test_a_decision_is_whole_and_not_heavier_than_told():
    rows = Case.objects.filter(pk=driven("decided").pk)
    for false in (
        {"outcome": ""},
        {"decided_by": None},
        {"fine": 50_001},
        {"notified_at": None},
        {"reviewed_at": None},
    ):
        refused(rows, **false)


def test_one_case_and_one_duty_a_sample():
    case = lead()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(
            number="AJ-1", source="sample", sample=case.sample, party="x", cause="x", division_id=case.division_id,
            opened_at=NOON,
        )  # fmt: skip


def test_a_transfer_moves_wholly():
    rows = Transfer.objects.filter(case=transferred("received"))
    for false in (
        {"state": "suspected"}, {"state": "refused"}, {"state": "filed"}, {"decided_by": None}, {"hand_over_by": None},
        {"handed_over_at": NOON - timedelta(days=1)}, {"police": ""}, {"receiver": ""}, {"grounds": ""},
    ):  # fmt: skip
        refused(rows, **false)


def test_weights_balance_in_the_database_too():
    who = Agency()
    duty = disposed(lead(), who, NOON)
    rows = Disposal.objects.filter(pk=duty.pk)
    for false in (
        {"state": "open"}, {"state": "partly"}, {"done_on": None}, {"disposed": 199}, {"lost": 1}, {"involved": None},
        {"held": 201}, {"state": "lifted"},
    ):  # fmt: skip
        refused(rows, **false)
    refused(Disposal.objects.filter(case=lead()), state="done")
    refused(Disposal.objects.filter(state="open"), involved=5, disposed=1)


@pytest.mark.parametrize("how", ["update", "delete"])
def test_a_line_of_the_ledger_is_never_changed_or_removed(how):
    disposed(lead(), Agency(), NOON)
    rows = DisposalLine.objects.all()
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        rows.update(place="x") if how == "update" else rows._raw_delete(rows.db)
