"""What can happen to a subject, and the three ways in which each act is refused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from nongan.accounts.models import Organisation, OrganisationKind
from nongan.accounts.rules import Role
from nongan.common.editing import Stale
from nongan.journal.models import Line
from nongan.journal.queries import verify
from nongan.registry import services
from nongan.registry.models import Serial, Subject
from nongan.registry.rules import Facts, LikelyDuplicate, NotOpen, Scale, SubjectRefused, SubjectType
from nongan.registry.services import Entry, Supervision
from tests.accounts.factories import CITY, COUNTY, OTHER_COUNTY, TOWN, OrganisationFactory, UserFactory
from tests.conftest import NOON
from tests.registry.factories import SubjectFactory, uscc

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
GOOD = Facts(
    name="彬江镇绿源蔬菜专业合作社", type=SubjectType.COOPERATIVE, scale=Scale.ABOVE, uscc=uscc(1), division=TOWN,
    contact="王小明", phone="13800000000", registered_on=date(2026, 3, 1),
)  # fmt: skip
LI = replace(GOOD, name="李大农", type=SubjectType.GROWER, uscc="", phone="13900000001")


@pytest.fixture
def by():
    return UserFactory(role=Role.SUPERVISOR, division_id=COUNTY)


@pytest.fixture
def station():
    return OrganisationFactory(name="彬江镇监管站", kind=OrganisationKind.TOWNSHIP, division_id=TOWN)


def register(facts=GOOD, **more):
    return services.register_subject(facts=facts, at=NOON, **more)


def fields(refused):
    return [fault.field for fault in refused.value.faults]


# Registering


def test_registering_gives_a_number_and_writes_a_line(by):
    one = register(by=by)
    two = register(LI, by=by)
    assert (one.number, two.number) == ("ZT-360902-000001", "ZT-360902-000002")
    line = Line.objects.get(on_id=str(one.pk))
    assert (line.action, line.division, line.by) == ("registry.subject.registered", TOWN, str(by))


def test_what_was_typed_is_tidied(by):
    one = register(
        replace(GOOD, name=" 绿源\n合作社 ", uscc=f" {uscc(1)[:9].lower()}-{uscc(1)[9:]}", phone="138 0000 0000"), by=by
    )
    assert (one.name, one.uscc, one.phone) == ("绿源 合作社", uscc(1), "13800000000")


def test_registering_is_refused(by):
    with pytest.raises(PermissionDenied):
        register(by=UserFactory(role=Role.UNIT, division_id=COUNTY))
    with pytest.raises(PermissionDenied):
        register(replace(GOOD, division="360981001000"), by=by)
    with pytest.raises(PermissionDenied):
        register(by=UserFactory(role=Role.SUPERVISOR, division_id=None))
    with pytest.raises(SubjectRefused) as refused:
        register(replace(GOOD, name="", phone="1", registered_on=TODAY + timedelta(days=1)), by=by)
    assert set(fields(refused)) == {"name", "phone", "registered_on"}
    assert not Subject.objects.exists()
    assert not Line.objects.exists()


@pytest.mark.parametrize("division", ["360902999000", "360902100999"])
def test_a_place_must_exist(by, division):
    with pytest.raises(SubjectRefused, match="没有.*这个区划代码"):
        register(replace(GOOD, division=division), by=by)


@pytest.mark.parametrize("strange", ["绿源\x00合作社", "绿源\u202e合作社", "绿源\x07"])
def test_control_characters_are_refused(by, strange):
    with pytest.raises(SubjectRefused, match="控制字符"):
        register(replace(GOOD, name=strange), by=by)


def test_a_code_stands_once_in_the_whole_registry(by):
    old = register(by=by)
    again = replace(GOOD, name="另一个名字", division="360902001000")
    with pytest.raises(SubjectRefused, match=old.number):
        register(again, by=by)
    with pytest.raises(SubjectRefused, match="请在原记录上修改"):
        register(again, confirmed=True, by=by)
    services.close_subject(number=old.number, seen=1, closed_on=TODAY, reason="注销", by=by, at=NOON)
    with pytest.raises(SubjectRefused, match="请在原记录上恢复"):
        register(again, by=by)


def test_two_people_enter_the_same_code_at_the_same_moment(by, monkeypatch):
    """Both looked before either saved: the database keeps one, the other is told."""
    register(by=by)
    monkeypatch.setattr("nongan.registry.queries.same_as", lambda *a, **k: [])
    with pytest.raises(SubjectRefused, match="刚有人用相同的代码"):
        register(replace(GOOD, name="另一个名字"), by=by)
    with pytest.raises(SubjectRefused, match="刚有人用相同的代码"):
        services.register_many(entries=[Entry(LI), Entry(GOOD)], by=by, at=NOON)
    assert Subject.objects.count() == 1


def test_a_namesake_is_registered_once_somebody_has_looked(by):
    register(LI, by=by)
    with pytest.raises(LikelyDuplicate, match="李大农（ZT-360902-000001），彬江镇"):
        register(replace(LI, contact="别人"), by=by)
    register(replace(LI, phone="13900000002"), by=by)
    register(LI, confirmed=True, by=by)
    assert Subject.objects.count() == 3


def test_the_database_itself_keeps_what_must_never_be_false(station):
    for wrong in (
        {"uscc": ""}, {"supervisor": "有人无单位"}, {"closed_on": date(2020, 1, 1), "close_reason": "早"},
        {"closed_on": date(2026, 1, 1)}, {"supervising": station},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            SubjectFactory(**wrong)


# Many at once


def test_many_are_registered_in_few_statements(by, station, django_assert_max_num_queries):
    entries = [
        Entry(replace(GOOD, uscc=uscc(n), division=TOWN if n % 2 else "360902001000"),
              Supervision(station.pk, "李监管", date(2026, 4, 1)) if n % 3 else None)
        for n in range(400)
    ]  # fmt: skip
    with django_assert_max_num_queries(40):  # SQLite takes 999 values a statement
        made = services.register_many(entries=entries, by=by, at=NOON)
    assert [s.number for s in made[:2]] == ["ZT-360902-000001", "ZT-360902-000002"]
    assert Subject.objects.unsupervised().count() == 134
    assert Line.objects.count() == 400
    assert verify().altered is None


def test_many_are_refused_as_one(by):
    with pytest.raises(PermissionDenied):
        services.register_many(entries=[Entry(GOOD)], by=UserFactory(role=Role.UNIT, division_id=COUNTY), at=NOON)
    with pytest.raises(PermissionDenied):
        services.register_many(entries=[Entry(GOOD), Entry(replace(LI, division="360981001000"))], by=by, at=NOON)
    with pytest.raises(SubjectRefused):
        services.register_many(entries=[Entry(GOOD), Entry(replace(LI, phone=""))], by=by, at=NOON)
    assert not Subject.objects.exists()


def test_numbers_go_on_after_rows_that_were_loaded_in_bulk(by):
    SubjectFactory(number="ZT-360902-000417")
    assert register(by=by).number == "ZT-360902-000418"
    assert str(Serial.objects.get()) == "ZT-360902-000418"
    other = UserFactory(role=Role.SUPERVISOR, division_id=CITY)
    assert register(replace(LI, division=OTHER_COUNTY), by=other).number == "ZT-360981-000001"


# Changing


def test_changing_says_what_was_changed(by):
    one = register(by=by)
    services.change_subject(
        number=one.number, seen=1, facts=replace(GOOD, phone="0795-3123456", products="茄子"), by=by, at=NOON
    )
    line = Line.objects.filter(action="registry.subject.changed").get()
    assert line.note == "联系电话、主要产品"
    assert Subject.objects.get().version == 2


def test_changing_is_refused(by):
    one, other = register(by=by), register(LI, by=by)
    change = {"number": one.number, "seen": 1, "facts": replace(GOOD, products="茄子"), "at": NOON}
    with pytest.raises(Subject.DoesNotExist):
        services.change_subject(**change, by=UserFactory(role=Role.SUPERVISOR, division_id=OTHER_COUNTY))
    with pytest.raises(PermissionDenied):
        services.change_subject(**change, by=UserFactory(role=Role.UNIT, division_id=COUNTY))
    with pytest.raises(Stale):
        services.change_subject(**{**change, "seen": 2}, by=by)
    with pytest.raises(PermissionDenied):
        services.change_subject(**{**change, "facts": replace(GOOD, division=OTHER_COUNTY)}, by=by)
    with pytest.raises(LikelyDuplicate):
        services.change_subject(**{**change, "number": other.number, "facts": replace(LI, name=GOOD.name)}, by=by)
    services.close_subject(number=one.number, seen=1, closed_on=TODAY, reason="注销", by=by, at=NOON)
    with pytest.raises(NotOpen, match="请先恢复"):
        services.change_subject(**{**change, "seen": 2}, by=by)
    assert Subject.objects.get(pk=one.pk).products == ""


def test_moving_next_to_a_namesake_is_looked_at(by):
    register(LI, by=by)
    far = register(replace(LI, division="360902001000"), by=by)
    with pytest.raises(LikelyDuplicate):
        services.change_subject(number=far.number, seen=1, facts=LI, by=by, at=NOON)


# Supervision


def assign(seen, organisation, by, **change):
    return services.assign_supervisor(
        **{"seen": seen, "organisation_id": organisation.pk, "supervisor": "李监管", "start": TODAY, "at": NOON,
           "by": by, **change}
    )  # fmt: skip


def test_supervision_begins_at_the_earliest_when_the_subject_was_entered(by, station):
    one, two = register(by=by), register(replace(LI, registered_on=date(2026, 5, 1)), by=by)
    assign({one.number: 1, two.number: 1}, station, by, start=date(2026, 4, 1), supervisor=" 李监管 ")
    assert list(Subject.objects.order_by("pk").values_list("supervised_from", "supervisor", "version")) == [
        (date(2026, 4, 1), "李监管", 2), (date(2026, 5, 1), "李监管", 2)
    ]  # fmt: skip
    assert {line.note for line in Line.objects.filter(action="registry.subject.supervised")} == {"彬江镇监管站 李监管"}


def test_supervision_is_refused_for_all_when_it_is_for_one(by, station):
    one, two = register(by=by), register(LI, by=by)
    both = {one.number: 1, two.number: 1}
    foreign = SubjectFactory(division_id=OTHER_COUNTY)
    for seen in ({**both, foreign.number: 1}, {}, {"ZT-360902-999999": 1}):
        with pytest.raises(Subject.DoesNotExist):
            assign(seen, station, by)
    with pytest.raises(PermissionDenied):
        assign(both, station, UserFactory(role=Role.UNIT, division_id=COUNTY))
    with pytest.raises(Stale, match=two.number):
        assign({one.number: 1, two.number: 9}, station, by)
    with pytest.raises(Organisation.DoesNotExist):
        assign(both, OrganisationFactory(division_id=OTHER_COUNTY), by)
    with pytest.raises(Organisation.DoesNotExist):
        assign(both, OrganisationFactory(kind=OrganisationKind.LABORATORY, division_id=TOWN), by)
    with pytest.raises(SubjectRefused) as refused:
        assign(both, station, by, supervisor=" ", start=TODAY + timedelta(days=1))
    assert fields(refused) == ["supervisor", "supervised_from"]
    services.close_subject(number=two.number, seen=1, closed_on=TODAY, reason="注销", by=by, at=NOON)
    with pytest.raises(NotOpen):
        assign({one.number: 1, two.number: 2}, station, by)
    assert not Subject.objects.supervised().exists()


# Leaving and coming back


def test_leaving_and_coming_back(by):
    one = register(by=by)
    services.close_subject(number=one.number, seen=1, closed_on=TODAY, reason=" 已注销 ", by=by, at=NOON)
    assert Subject.objects.closed().get().close_reason == "已注销"
    services.reopen_subject(number=one.number, seen=2, by=by, at=NOON)
    assert Subject.objects.active().get().version == 3
    assert Line.objects.get(action="registry.subject.reopened").facts["was"] == f"{TODAY} 已注销"


@pytest.mark.parametrize(
    "change, field",
    [
        ({"reason": " "}, "close_reason"), ({"reason": "长" * 201}, "close_reason"),
        ({"closed_on": TODAY + timedelta(days=1)}, "closed_on"), ({"closed_on": date(2026, 2, 28)}, "closed_on"),
    ],
)  # fmt: skip
def test_leaving_needs_a_day_and_a_reason(by, change, field):
    one = register(by=by)
    with pytest.raises(SubjectRefused) as refused:
        services.close_subject(
            **{"number": one.number, "seen": 1, "closed_on": TODAY, "reason": "注销", "by": by, "at": NOON, **change}
        )
    assert fields(refused) == [field]


def test_leaving_and_coming_back_are_refused(by):
    one = register(by=by)
    leave = {"number": one.number, "seen": 1, "closed_on": TODAY, "reason": "注销", "at": NOON}
    back = {"number": one.number, "seen": 1, "at": NOON}
    for stranger, refusal in [
        (UserFactory(role=Role.SUPERVISOR, division_id=OTHER_COUNTY), Subject.DoesNotExist),
        (UserFactory(role=Role.UNIT, division_id=COUNTY), PermissionDenied),
    ]:
        with pytest.raises(refusal):
            services.close_subject(**leave, by=stranger)
        with pytest.raises(refusal):
            services.reopen_subject(**back, by=stranger)
    with pytest.raises(NotOpen, match="就在名录里"):
        services.reopen_subject(**back, by=by)
    with pytest.raises(Stale):
        services.close_subject(**{**leave, "seen": 5}, by=by)
    services.close_subject(**leave, by=by)
    with pytest.raises(NotOpen):
        services.close_subject(**{**leave, "seen": 2}, by=by)
    with pytest.raises(Stale):
        services.reopen_subject(**back, by=by)
