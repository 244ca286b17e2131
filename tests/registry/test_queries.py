"""What one finds."""

from datetime import date

import pytest

from nongan.accounts.models import OrganisationKind
from nongan.accounts.rules import Role
from nongan.registry import queries
from nongan.registry.models import Subject
from tests.accounts.factories import CITY, COUNTY, OTHER_COUNTY, TOWN, OrganisationFactory, UserFactory
from tests.conftest import NOON
from tests.registry.factories import SubjectFactory, uscc

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return UserFactory(role=Role.PROGRAMME_OFFICE, division_id=CITY)


def test_a_blank_scope_sees_nothing():
    SubjectFactory()
    nobody = UserFactory(role=Role.SUPERVISOR, division_id=None)
    assert not queries.subjects_visible_to(nobody).exists()
    assert queries.division_choices(nobody) == []
    assert queries.todos(nobody, NOON) == []


def test_a_subject_is_found_by_its_number_within_ones_scope(city):
    one = SubjectFactory()
    assert queries.subject_named(one.number, city) == one
    with pytest.raises(Subject.DoesNotExist):
        queries.subject_named(one.number, UserFactory(role=Role.SUPERVISOR, division_id=OTHER_COUNTY))
    with pytest.raises(Subject.DoesNotExist):
        queries.subject_named("ZT-360902-999999", city)


@pytest.mark.parametrize(
    "text, found",
    [
        ("绿源", True), ("ZT-360902-0000", True), ("zt-3609", True), ("ZT-4", False),
        ("91360900", True), ("91360901", False),
        (uscc(3), True), (uscc(3).lower(), True), (f"{uscc(3)[:9]} {uscc(3)[9:]}", True), (uscc(4), False),
        ("%", False), ("zt360902000012", True), ("ZT-360902-000013", False), ("ZT", False),
    ],
)  # fmt: skip
def test_by_number_code_or_name(city, text, found):
    SubjectFactory(number="ZT-360902-000012", name="彬江绿源合作社", uscc=uscc(3))
    assert queries.matching(queries.subjects_visible_to(city), text).exists() == found


def test_a_name_that_looks_like_a_code_is_found_too(city):
    SubjectFactory(name="ABC123农场")
    SubjectFactory(name="ZT农场")
    assert queries.matching(Subject.objects.all(), "ABC123").count() == 1
    assert queries.matching(Subject.objects.all(), "ZT农").count() == 1


def test_a_label_that_was_picked_is_taken_back(city):
    one = SubjectFactory(name="彬江绿源合作社")
    SubjectFactory(name="彬江绿源合作社", division_id=OTHER_COUNTY)
    SubjectFactory(name="彬江绿源旧社", closed_on=date(2026, 1, 1), close_reason="注销")
    options = queries.pick_subjects(city, "彬江绿源")
    assert len(options) == 2
    assert queries.pick_subjects(city, options[0][1]) == [options[0]]
    assert queries.pick_subjects(city, one.number) == [(one.number, f"彬江绿源合作社 · {one.number} · 彬江镇")]


def test_only_supervising_organisations_of_the_scope_are_offered():
    user = UserFactory(role=Role.SUPERVISOR, division_id=COUNTY, organisation=None)
    station = OrganisationFactory(name="彬江镇监管站", kind=OrganisationKind.TOWNSHIP, division_id=TOWN)
    for other in (
        {"kind": OrganisationKind.LABORATORY, "division_id": TOWN}, {"division_id": OTHER_COUNTY},
        {"division_id": TOWN, "active": False}, {"kind": OrganisationKind.SUBJECT, "division_id": TOWN},
    ):  # fmt: skip
        OrganisationFactory(**other)
    label = (str(station.pk), "彬江镇监管站 · 彬江镇")
    assert queries.pick_supervising(user, "") == [label]
    assert queries.pick_supervising(user, label[1]) == [label]
    assert queries.pick_supervising(user, label[0]) == [label]
    assert queries.pick_supervising(user, "99999999999999999999") == []


def test_the_divisions_of_the_query_row(city):
    groups = dict(queries.division_choices(city))
    assert groups["袁州区"] == [
        ("360902000000", "袁州区（全部）"), ("360902001000", "灵泉街道"), ("360902100000", "彬江镇")
    ]  # fmt: skip
    township = UserFactory(role=Role.SUPERVISOR, division_id=TOWN)
    assert queries.division_choices(township) == [
        ("", [("360902100000", "彬江镇"), ("360902100201", "彬江村委会")])
    ]  # fmt: skip


def test_lookalikes_are_found_wherever_they_stand(city):
    one = SubjectFactory(uscc=uscc(9), division_id=OTHER_COUNTY)
    two = SubjectFactory(person=True, name="李大农", division_id="360902100201")
    assert queries.same_as(SubjectFactory.build(uscc=uscc(9)).facts) == [one]
    assert queries.same_as(SubjectFactory.build(person=True, name="李大农").facts) == [two]
    assert queries.same_as(SubjectFactory.build(person=True, name="李大农").facts, but=two.pk) == []


def test_what_waits(city):
    SubjectFactory.create_batch(2)
    SubjectFactory(closed_on=date(2026, 1, 1), close_reason="注销")
    (todo,) = queries.todos(city, NOON)
    assert todo.text == "为 2 个主体落实监管责任人"
    assert queries.todos(UserFactory(role=Role.UNIT), NOON) == []
