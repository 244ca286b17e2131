"""What is offered for counting."""

from datetime import date

import pytest

from nongan.enforcement import services
from nongan.enforcement.evidence import VIEWS
from nongan.journal.rules import ACTS
from nongan.monitoring.rules import SampleState, Verdict
from tests.conftest import NOON
from tests.enforcement.factories import DAY, HOUR, PAPERS, Agency, disposed, lead, transferred
from tests.standards.factories import small_law

pytestmark = pytest.mark.django_db
DISPOSALS, CRIMES = VIEWS


@pytest.fixture(autouse=True)
def law(db):
    small_law()


def rows(view, ids=None):
    return list(view.rows(ids).order_by("id"))


def test_the_columns_are_those_that_are_promised():
    lead(banned=True)
    for view in VIEWS:
        (row,) = rows(view)
        assert set(row) == set(view.columns)
        kinds = {"int": int, "text": str, "bool": bool, "date": date}
        for name, kind in view.columns.items():
            assert row[name] is None and kind == "date" or isinstance(row[name], kinds[kind]), name
        assert set(view.touched_by) <= set(ACTS)


def test_disposals():
    who = Agency()
    done, open_ = disposed(lead(), who, NOON), lead()
    first, second = rows(DISPOSALS)
    assert (first["disposed"], first["decided_on"], first["commodity"]) == (True, NOON.date(), "豇豆")
    assert (second["disposed"], second["decided_on"], second["number"]) == (False, None, open_.disposal.number)
    assert first["date"] == done.sample.sampled_on
    assert [r["id"] for r in rows(DISPOSALS, [done.pk])] == [done.pk]


def test_a_withdrawn_result_leaves_the_count():
    case = lead(banned=True)
    sample = case.sample
    sample.state, sample.verdict, sample.report, sample.judged_at = SampleState.SENT, "", "", None
    sample.banned = sample.tested_banned = False
    sample.save()
    services.follow_sample(sample_id=sample.pk, at=NOON + DAY)
    assert rows(DISPOSALS) == []
    assert len(rows(CRIMES)) == 1
    sample.state, sample.verdict, sample.report, sample.judged_at = SampleState.JUDGED, Verdict.PASS, "BG-9", NOON
    sample.save()
    services.follow_sample(sample_id=sample.pk, at=NOON + DAY)
    assert rows(DISPOSALS) == rows(CRIMES) == []


def test_suspected_crimes():
    who = Agency()
    lead()
    waiting, refused, late = lead(banned=True), lead(banned=True), transferred("approved", who)
    services.refuse_transfer(number=refused.number, reason="不构成", by=who.head, at=NOON + HOUR)
    services.hand_over(
        number=late.number, police="公安", letter_number="1号", papers=PAPERS, by=who.first, at=NOON + 30 * HOUR
    )
    done = transferred("filed", who)
    found = {r["number"]: r for r in rows(CRIMES)}
    facts = {
        n: (found[c.number]["handed_over"], found[c.number]["refused"], found[c.number]["in_time"])
        for n, c in {"waiting": waiting, "refused": refused, "late": late, "done": done}.items()
    }
    assert facts == {
        "waiting": (False, False, False), "refused": (False, True, False), "late": (True, False, False),
        "done": (True, False, True),
    }  # fmt: skip
    assert found[done.number]["date"] == found[done.number]["handed_over_on"] == NOON.date()
    assert [r["number"] for r in rows(CRIMES, [done.pk])] == [done.number]
