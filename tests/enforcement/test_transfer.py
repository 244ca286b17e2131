"""Suspected crimes: the clock starts by itself, three days, 24 hours, five materials, what the police answer."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localtime

from nongan.documents.rules import FileNotAccepted
from nongan.enforcement import services
from nongan.enforcement.models import Case, Transfer
from nongan.enforcement.rules.acts import NotLawful
from nongan.enforcement.rules.states import MoveNotAllowed
from nongan.enforcement.rules.transfer import Paper, PapersMissing
from nongan.enforcement.services.acting import ActRefused
from tests.conftest import NOON
from tests.enforcement.factories import (
    DAY,
    HOUR,
    PAPERS,
    PENALTY,
    Agency,
    disposed,
    driven,
    handed,
    lead,
    transferred,
)  # fmt: skip
from tests.standards.factories import small_law

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law(db):
    small_law()


@pytest.fixture
def agency():
    return Agency()


def test_a_banned_substance_starts_the_clock_by_itself():
    case = lead(banned=True)
    transfer = Transfer.objects.get(case=case)
    assert (transfer.state, transfer.suspected_at) == ("suspected", NOON)
    assert localtime(transfer.decide_by).strftime("%Y-%m-%d %H:%M:%S") == "2026-05-15 23:59:59"
    assert (case.due_for, case.due_at) == ("transfer", transfer.decide_by)
    assert "第一百四十四条" in transfer.grounds
    assert not Transfer.objects.filter(case=lead()).exists()


def test_the_whole_way_to_the_police(agency):
    case = transferred("filed", agency)
    transfer = Transfer.objects.get(case=case)
    assert (case.state, transfer.state, transfer.in_time) == ("transferred", "filed", True)
    assert (transfer.hand_over_by - transfer.decided_at) == timedelta(hours=24)
    assert {f.kind for f in transfer.files.all()} == set(Paper)
    assert (case.due_for, case.due_at) == ("goods", transfer.goods_by)
    with pytest.raises(NotLawful, match="第十二条"):
        services.close_case(number=case.number, reason="公安已立案", by=agency.head, at=NOON + 2 * DAY)
    handed(case, agency, NOON + 2 * DAY)
    assert Case.objects.get(pk=case.pk).due_at is None
    with pytest.raises(NotLawful, match="重量结清"):
        services.close_case(number=case.number, reason="公安已立案", by=agency.head, at=NOON + 2 * DAY)
    disposed(case, agency, NOON + 2 * DAY)
    assert (
        services.close_case(number=case.number, reason="公安已立案", by=agency.head, at=NOON + 2 * DAY).due_at is None
    )


def test_the_head_decides_and_names_two_officers(agency):
    case = lead(banned=True)
    with pytest.raises(PermissionDenied):
        services.approve_transfer(number=case.number, **agency.pair, by=agency.first, at=NOON)
    with pytest.raises(ActRefused):
        services.approve_transfer(number=case.number, by=agency.head, at=NOON)
    done = services.approve_transfer(number=case.number, **agency.pair, by=agency.head, at=NOON + HOUR)
    assert (done.officer, done.second, done.due_for) == (agency.first, agency.second, "hand_over")
    assert done.due_at == NOON + 25 * HOUR
    with pytest.raises(MoveNotAllowed):
        services.approve_transfer(number=case.number, by=agency.head, at=NOON + 2 * HOUR)


def test_a_refusal_says_why_and_may_be_asked_again(agency):
    case = driven("filed", agency, lead(banned=True))
    with pytest.raises(ActRefused):
        services.refuse_transfer(number=case.number, reason="", by=agency.head, at=NOON + DAY)
    services.refuse_transfer(number=case.number, reason="不是禁用范围", by=agency.head, at=NOON + DAY)
    again = services.suspect_crime(
        number=case.number, **agency.pair, grounds="补充证据证明明知", by=agency.first, at=NOON + 2 * DAY
    )
    transfer = Transfer.objects.get(case=again)
    assert (transfer.state, transfer.refused_reason, transfer.decided_at) == ("suspected", "", None)
    assert transfer.decide_by.date().isoformat() == "2026-05-17"


def test_nothing_goes_without_its_five_materials(agency):
    case = transferred("approved", agency)
    given = {"number": case.number, "police": "袁州区公安局", "letter_number": "1号", "by": agency.first}
    with pytest.raises(PapersMissing, match="涉案物品清单") as refused:
        services.hand_over(**given, papers={**PAPERS, Paper.GOODS: []}, at=NOON + 2 * HOUR)
    assert refused.value.missing == [Paper.GOODS]
    with pytest.raises(FileNotAccepted):
        services.hand_over(**given, papers={**PAPERS, Paper.GOODS: [("a.exe", b"MZ")]}, at=NOON + 2 * HOUR)
    assert Case.objects.get(pk=case.pk).state == "lead"
    with pytest.raises(ActRefused, match="早于上一环节"):
        services.hand_over(**given, papers=PAPERS, handed_over_at=NOON - DAY, at=NOON + 2 * HOUR)


def test_late_is_kept_as_late(agency):
    case = transferred("approved", agency)
    services.hand_over(
        number=case.number,
        police="袁州区公安局",
        letter_number="1号",
        papers=PAPERS,
        by=agency.first,
        at=NOON + 26 * HOUR,
    )
    assert Transfer.objects.get(case=case).in_time is False


def test_a_decision_never_stands_in_for_a_transfer(agency):
    case = driven("answered", agency)
    services.suspect_crime(number=case.number, **agency.pair, grounds="金额巨大", by=agency.first, at=NOON + DAY)
    with pytest.raises(NotLawful, match="不得以行政处罚代替移送"):
        services.decide_case(number=case.number, decision_number="1号", by=agency.head, at=NOON + DAY)


def test_the_police_do_not_file(agency):
    case = transferred("not_filed", agency)
    assert case.due_for == "reconsider"
    late = NOON + 5 * DAY
    with pytest.raises(ActRefused, match="三日期限已过"):
        services.ask_reconsideration(number=case.number, grounds="事实清楚", by=agency.first, at=late)
    resumed = services.resume_case(number=case.number, reason="依法处罚", by=agency.first, at=late)
    assert (resumed.state, resumed.filed_at, resumed.due_for) == ("investigating", late, "decide")
    services.propose_outcome(number=case.number, **PENALTY, by=agency.first, at=late)


def test_reconsideration(agency):
    case = transferred("not_filed", agency)
    services.ask_reconsideration(number=case.number, grounds="事实清楚", by=agency.first, at=NOON + 2 * DAY)
    answer = {"number": case.number, "answer_number": "复1号", "by": agency.first, "answered_at": NOON + 3 * DAY}
    with pytest.raises(ActRefused, match="不予立案的理由"):
        services.record_reconsideration(**answer, filed=False, at=NOON + 3 * DAY)
    services.record_reconsideration(**answer, filed=False, reason="维持", at=NOON + 3 * DAY)
    with pytest.raises(ActRefused, match="已复议过一次"):
        services.ask_reconsideration(number=case.number, grounds="再议", by=agency.first, at=NOON + 3 * DAY)
    other = transferred("not_filed", agency)
    services.ask_reconsideration(number=other.number, grounds="事实清楚", by=agency.first, at=NOON + 2 * DAY)
    filed = services.record_reconsideration(**{**answer, "number": other.number}, filed=True, at=NOON + 3 * DAY)
    assert Transfer.objects.get(case=filed).state == "filed"


def test_people_enter_whole_minutes(agency):
    """The minute in which the head approved is not “before the approval”."""
    case = lead(banned=True)
    services.approve_transfer(number=case.number, **agency.pair, by=agency.head, at=NOON + timedelta(seconds=40))
    done = services.hand_over(
        number=case.number, police="袁州区公安局", letter_number="1号", papers=PAPERS, by=agency.first,
        handed_over_at=NOON, at=NOON + timedelta(seconds=50),
    )  # fmt: skip
    assert Transfer.objects.get(case=done).handed_over_at == NOON + timedelta(seconds=40)
