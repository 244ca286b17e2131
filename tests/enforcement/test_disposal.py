"""Disposing of failed produce: weights that balance, evidence, reversal."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from nongan.accounts.rules import Role
from nongan.common.editing import Stale
from nongan.enforcement import services
from nongan.enforcement.models import Disposal
from nongan.enforcement.rules.disposal import DisposalRefused
from nongan.enforcement.services.acting import ActRefused
from tests.accounts.factories import OTHER_COUNTY, UserFactory
from tests.conftest import NOON
from tests.enforcement.factories import DAY, PHOTO, Agency, lead
from tests.standards.factories import small_law

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law(db):
    small_law()


@pytest.fixture
def agency():
    return Agency()


@pytest.fixture
def duty():
    return Disposal.objects.get(case=lead())


def weigh(duty, who, kg="100"):
    return services.establish_weight(number=duty.number, involved=Decimal(kg), basis="台账", by=who, at=NOON)


def book(duty, who, method, kg, **more):
    given = {"files": [PHOTO], "note": "售予东门市场", **more}
    return services.record_disposal(
        number=duty.number, method=method, kg=Decimal(kg), done_on=NOON.date(), by=who, at=NOON, **given
    )


def test_every_failed_sample_has_a_duty(duty):
    assert (duty.number, duty.state, duty.involved) == ("CZ-360902-2026-000001", "open", None)
    assert duty.due_at.date().isoformat() == "2026-05-27"


def test_by_a_supervisor_until_nothing_is_left(duty, agency):
    supervisor = agency.person(Role.SUPERVISOR, "刘监管")
    weigh(duty, supervisor)
    book(duty, supervisor, "seal", "100", files=[])
    assert Disposal.objects.get().state == "open"  # sealed is not disposed of
    book(duty, supervisor, "harmless", "60.5")
    partly = Disposal.objects.get()
    assert (partly.state, partly.balance.remaining, partly.held) == ("partly", Decimal("39.5"), Decimal(100))
    book(duty, supervisor, "lost", "9.5", files=[])
    book(duty, supervisor, "destroy", "30")
    done = Disposal.objects.get()
    assert (done.state, done.done_on, done.balance.remaining) == ("done", NOON.date(), 0)


def test_more_than_there_is_cannot_be_disposed_of(duty, agency):
    with pytest.raises(DisposalRefused, match="涉案数量"):
        book(duty, agency.first, "destroy", "1")
    weigh(duty, agency.first)
    book(duty, agency.first, "destroy", "70")
    with pytest.raises(DisposalRefused, match="待处置的 30 千克"):
        book(duty, agency.first, "lost", "30.001")
    with pytest.raises(DisposalRefused, match="少于已登记的 70 千克"):
        weigh(duty, agency.first, "69")
    assert weigh(duty, agency.first, "70").state == "done"


def test_a_wrong_line_is_taken_back_and_kept(duty, agency):
    weigh(duty, agency.first)
    line = book(duty, agency.first, "destroy", "100")
    assert Disposal.objects.get().state == "done"
    with pytest.raises(ActRefused):
        services.reverse_disposal(number=duty.number, line_id=line.pk, reason=" ", by=agency.first, at=NOON)
    back = services.reverse_disposal(number=duty.number, line_id=line.pk, reason="称重登错", by=agency.first, at=NOON)
    now = Disposal.objects.get()
    assert (back.kg, now.state, now.done_on, now.lines.count()) == (Decimal(-100), "open", None, 2)
    for one in (line, back):
        with pytest.raises(DisposalRefused, match="冲销"):
            services.reverse_disposal(number=duty.number, line_id=one.pk, reason="x", by=agency.first, at=NOON)


def test_destroying_is_proven_and_losing_is_explained(duty, agency):
    weigh(duty, agency.first)
    with pytest.raises(ActRefused, match="现场照片") as refused:
        book(duty, agency.first, "destroy", "1", files=[])
    assert refused.value.field == "files"
    with pytest.raises(ActRefused, match="无法追回"):
        book(duty, agency.first, "lost", "1", note=" ")


def test_days_lie_in_order(duty, agency):
    weigh(duty, agency.first)
    for day in (NOON.date() - DAY, NOON.date() + DAY):
        with pytest.raises(ActRefused):
            services.record_disposal(
                number=duty.number, method="seal", kg=Decimal(1), done_on=day, by=agency.first, at=NOON
            )


def test_refused_to_strangers_to_readers_and_to_the_second(duty, agency):
    with pytest.raises(Disposal.DoesNotExist):
        weigh(duty, UserFactory(role=Role.OFFICER, division_id=OTHER_COUNTY))
    with pytest.raises(PermissionDenied):
        weigh(duty, agency.person(Role.UNIT, "单位"))
    weigh(duty, agency.first)
    with pytest.raises(Stale):
        services.establish_weight(
            number=duty.number, involved=Decimal(5), basis="x", by=agency.first, at=NOON, seen=duty.version
        )
