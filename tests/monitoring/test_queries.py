"""Scope, and what the public may read."""

import pytest

from nongan.accounts.rules import Role
from nongan.common.keyset import keyset_page
from nongan.monitoring import queries
from nongan.monitoring.models import Sample
from nongan.monitoring.rules import SampleKind, Verdict
from tests.accounts.factories import CITY, COUNTY, OTHER_COUNTY, TOWN, UserFactory
from tests.monitoring.factories import SampleFactory
from tests.registry.factories import SubjectFactory
from tests.standards.factories import small_law

pytestmark = pytest.mark.django_db
VILLAGE = "360902100201"


@pytest.fixture(autouse=True)
def law(divisions: None) -> None:
    small_law()


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        ("000000000000", "abcd"), ("360000000000", "abcd"), (CITY, "abcd"), (COUNTY, "abc"), (OTHER_COUNTY, "d"),
        (TOWN, "ab"), (VILLAGE, "b"), ("410100000000", ""), ("", ""),
    ],
)  # fmt: skip
def test_each_sees_the_own_place(scope: str, seen: str) -> None:
    made = {
        "a": SampleFactory(division_id=TOWN), "b": SampleFactory(division_id=VILLAGE),
        "c": SampleFactory(division_id="360902001000"), "d": SampleFactory(division_id="360981001000"),
    }  # fmt: skip
    user = UserFactory.build(division_id=scope or None)
    visible = set(queries.samples_visible_to(user).values_list("pk", flat=True))
    assert "".join(name for name, sample in made.items() if sample.pk in visible) == seen
    assert not queries.samples_visible_to(UserFactory.build(role=Role.SUBJECT, division_id=scope or None)).exists()


def test_a_narrower_place_is_asked_for_inside_the_own_only() -> None:
    SampleFactory(division_id=TOWN)
    county = UserFactory.build(division_id=COUNTY)
    assert queries.samples_visible_to(county, TOWN).count() == 1
    assert queries.samples_visible_to(county, OTHER_COUNTY).count() == 0
    assert queries.samples_visible_to(county, CITY).count() == 0
    for wrong in ("360902", "3609020000009999", "36090x000000", "x"):
        assert queries.samples_visible_to(county, wrong).count() == 0
    assert queries.samples_visible_to(county, rare=True).count() == 1
    assert queries.samples_visible_to(UserFactory.build(division_id=None), rare=True).count() == 0


def test_the_public_reads_published_results_without_names_of_persons() -> None:
    SampleFactory(judged=True)
    company = SampleFactory(published=True)
    person = SampleFactory(
        published=True, verdict=Verdict.FAIL, kind=SampleKind.RISK, subject=SubjectFactory(person=True)
    )
    rows = {row["id"]: row for row in queries.published()}
    assert set(rows) == {company.pk, person.pk}
    assert rows[company.pk]["subject_name"] == company.subject.name
    assert rows[person.pk]["subject_name"] == "李某"
    assert [row["id"] for row in queries.published(verdict="fail")] == [person.pk]
    assert [row["id"] for row in queries.published(kind="routine", division=COUNTY)] == [company.pk]
    assert not queries.published(division=OTHER_COUNTY)


def test_results_are_listed_by_key() -> None:
    SampleFactory.create_batch(45, published=True)
    first = keyset_page(queries.published(), order=queries.NEWEST, size=20)
    second = keyset_page(queries.published(), order=queries.NEWEST, size=20, at=first.next)
    assert (len(first.rows), len(second.rows), first.count) == (20, 20, 45)
    assert not {row["id"] for row in first.rows} & {row["id"] for row in second.rows}


def test_failed_samples_are_those_whose_verdict_stands() -> None:
    failed = SampleFactory(judged=True, verdict=Verdict.FAIL)
    SampleFactory(judged=True)
    SampleFactory(sent=True)
    assert list(queries.failed_samples()) == [failed.pk]
    assert Sample.objects.concluded().count() == 2
    assert set(queries.sample_cards([failed.pk, 0])) == {failed.pk}
