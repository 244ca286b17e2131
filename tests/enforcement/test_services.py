"""Acts on cases: they work; they are refused to whom they must be."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from nongan.accounts.rules import Role
from nongan.common.editing import Stale
from nongan.enforcement import services
from nongan.enforcement.models import Case
from nongan.enforcement.rules.acts import NotLawful, SamePerson
from nongan.enforcement.rules.penalties import FineOutOfRange, HeavierAfterHearing
from nongan.enforcement.rules.states import CaseState, MoveNotAllowed
from nongan.enforcement.services.acting import ActRefused
from nongan.journal.models import Line
from tests.accounts.factories import OTHER_COUNTY, UserFactory
from tests.conftest import NOON
from tests.enforcement.factories import DAY, HOUR, NOTHING, PENALTY, Agency, driven, lead
from tests.standards.factories import small_law

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law(db):
    small_law()


@pytest.fixture
def agency():
    return Agency()


@pytest.mark.parametrize(
    ("to", "state", "clock"),
    [
        ("asked", "lead", "file"), ("filed", "filed", "decide"), ("investigating", "investigating", "decide"),
        ("reviewed", "reviewed", "decide"), ("notified", "notified", "decide"), ("decided", "decided", "pay"),
        ("executed", "executed", ""), ("closed", "closed", ""),
    ],
)  # fmt: skip
def test_a_case_goes_its_way(to, state, clock):
    case = driven(to)
    assert (case.state, case.due_for) == (state, clock)


def test_the_whole_way_is_in_the_journal():
    case = driven("closed")
    acts = list(Line.objects.filter(on_id=str(case.pk), on_model="enforcement.Case").values_list("action", flat=True))
    assert [a.rsplit(".", 1)[1] for a in sorted(acts, key=acts.index)] == [
        "opened", "filing_asked", "filed", "inquired", "proposed", "reviewed", "notified", "answered", "decided",
        "executed", "closed",
    ]  # fmt: skip
    assert (case.fine, case.paid, case.outcome) == (Decimal(50_000), Decimal(50_300), "penalty")


def test_a_number_says_county_and_year():
    assert lead().number == "AJ-360902-2026-000001"
    assert lead().number == "AJ-360902-2026-000002"


def test_a_lead_by_hand(agency):
    case = services.open_case(
        source="complaint", party="路边摊贩", cause="涉嫌销售病死猪肉", division="360902100000", finding="群众举报",
        by=agency.first, at=NOON,
    )  # fmt: skip
    assert (case.state, case.subject, case.sample) == ("lead", None, None)
    with pytest.raises(PermissionDenied):
        services.open_case(
            source="complaint", party="x", cause="x", division=OTHER_COUNTY, finding="x", by=agency.first, at=NOON
        )
    with pytest.raises(PermissionDenied):
        services.open_case(
            source="complaint", party="x", cause="x", division="360902100000", finding="x", at=NOON,
            by=agency.person(Role.SUPERVISOR, "监管"),
        )  # fmt: skip
    with pytest.raises(ActRefused, match="违法线索"):
        services.open_case(
            source="complaint", party="x", cause="x", division="360902100000", finding=" ", by=agency.first, at=NOON
        )


ACTS = {
    "ask_filing": ("lead", {"officer": "a", "second": "b", "cause": "x", "grounds": "x"}, "first", "filed"),
    "file_case": ("asked", {}, "head", "filed"),
    "decline_case": ("lead", {"reason": "x"}, "head", "filed"),
    "extend_deadline": ("lead", {"reason": "x"}, "head", "executed"),
    "record_inquiry": ("filed", {"kind": "site", "held_on": NOON.date(), "text": "x"}, "first", "reviewed"),
    "propose_outcome": ("investigating", PENALTY, "first", "reviewed"),
    "review_case": ("proposed", {"passed": True, "opinion": "x"}, "reviewer", "reviewed"),
    "return_case": ("reviewed", {"reason": "x"}, "head", "filed"),
    "notify_party": ("reviewed", {"served_at": NOON + 6 * HOUR, "hearing": True}, "first", "filed"),
    "record_answer": ("notified", {"answer": "x"}, "first", "reviewed"),
    "set_hearing": ("notified", {"asked_at": NOON + 7 * HOUR, "hearing_on": NOON.date()}, "first", "reviewed"),
    "record_hearing": ("notified", {"held_on": NOON.date(), "host": "x", "record_text": "x"}, "first", "notified"),
    "decide_case": ("answered", {"decision_number": "x"}, "head", "decided"),
    "execute_case": ("decided", {"paid": Decimal(50_300), "executed_on": NOON.date()}, "first", "executed"),
    "close_case": ("disposed", {"reason": "x"}, "head", "notified"),
    "dismiss_case": ("lead", {"reason": "x"}, "head", "lead"),
    "suspect_crime": ("filed", {"officer": "a", "second": "b", "grounds": "x"}, "first", "closed"),
    "approve_transfer": ("filed", {}, "head", "filed"),
    "refuse_transfer": ("filed", {"reason": "x"}, "head", "filed"),
    "hand_over": ("filed", {"police": "x", "letter_number": "x", "papers": {}}, "first", "filed"),
    "record_receipt": ("filed", {"received_at": NOON, "receiver": "x"}, "first", "filed"),
    "record_police_decision": ("filed", {"filed": True, "answered_at": NOON, "answer_number": "x"}, "first", "filed"),
    "ask_reconsideration": ("filed", {"grounds": "x"}, "first", "filed"),
    "record_reconsideration": ("filed", {"filed": True, "answered_at": NOON, "answer_number": "x"}, "first", "filed"),
    "resume_case": ("filed", {"reason": "x"}, "first", "filed"),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_three_refusals(act, agency):
    to, arguments, hand, wrong = ACTS[act]
    case = lead() if to == "lead" else driven(to, agency)
    does = getattr(services, act)
    at = NOON + 30 * HOUR
    stranger = UserFactory(role=Role.OFFICER_HEAD, division_id=OTHER_COUNTY)
    with pytest.raises(Case.DoesNotExist):
        does(number=case.number, **arguments, by=stranger, at=at)
    not_theirs = agency.person(Role.OFFICER if hand == "head" else Role.SUPERVISOR, "外人")
    with pytest.raises(PermissionDenied):
        does(number=case.number, **arguments, by=not_theirs, at=at)
    other = lead() if wrong == "lead" else driven(wrong, agency)
    with pytest.raises((MoveNotAllowed, NotLawful)):
        does(number=other.number, **arguments, by=getattr(agency, hand), at=at)


def test_others_do_not_handle_a_case_that_has_officers(agency):
    case = driven("filed", agency)
    with pytest.raises(PermissionDenied):
        services.record_inquiry(
            number=case.number, kind="site", held_on=NOON.date(), text="x", by=agency.reviewer, at=NOON + DAY
        )
    services.record_inquiry(
        number=case.number, kind="site", held_on=NOON.date(), text="x", by=agency.head, at=NOON + DAY
    )


def test_two_officers_who_are_two(agency):
    case = lead()
    same = {"officer": agency.first.username, "second": agency.first.username}
    with pytest.raises(SamePerson, match="第四十二条"):
        services.ask_filing(number=case.number, **same, cause="x", grounds="x", by=agency.first, at=NOON)
    for stranger in ("nobody", UserFactory(role=Role.OFFICER, division_id=OTHER_COUNTY).username):
        with pytest.raises(ActRefused) as refused:
            services.ask_filing(
                number=case.number, officer=agency.first.username, second=stranger, cause="x", grounds="x",
                by=agency.first, at=NOON,
            )  # fmt: skip
        assert refused.value.field == "second"


def test_the_second_to_save_is_told(agency):
    case = lead()
    services.ask_filing(
        number=case.number, **agency.pair, cause="x", grounds="x", by=agency.first, at=NOON, seen=case.version
    )
    with pytest.raises(Stale):
        services.file_case(number=case.number, by=agency.head, at=NOON, seen=case.version)


def test_who_investigated_does_not_review(agency):
    case = driven("proposed", agency)
    with pytest.raises(SamePerson, match="第五十八条"):
        services.review_case(number=case.number, passed=True, opinion="x", by=agency.second, at=NOON + DAY)


def test_a_review_that_fails_sends_the_case_back(agency):
    case = driven("proposed", agency)
    back = services.review_case(number=case.number, passed=False, opinion="货值不清", by=agency.reviewer, at=NOON + DAY)
    assert (back.state, back.proposed, back.proposed_fine) == ("investigating", "", 0)


def test_a_case_is_not_decided_before_the_party_is_heard(agency):
    case = driven("notified", agency)
    decide = {"number": case.number, "decision_number": "x", "by": agency.head}
    with pytest.raises(NotLawful, match="第六十二条"):
        services.decide_case(**decide, at=NOON + DAY)
    assert services.decide_case(**decide, at=case.answer_until + timedelta(seconds=1)).state == CaseState.DECIDED


def test_nor_before_it_is_told(agency):
    case = driven("reviewed", agency)
    with pytest.raises(NotLawful, match="第四十四条"):
        services.decide_case(number=case.number, decision_number="x", by=agency.head, at=NOON + DAY)


def test_a_penalty_never_grows_after_the_notice(agency):
    case = driven("answered", agency)
    with pytest.raises(HeavierAfterHearing):
        services.decide_case(
            number=case.number, decision_number="x", fine=Decimal(60_000), by=agency.head, at=NOON + DAY
        )
    with pytest.raises(FineOutOfRange, match="50000–100000"):
        services.decide_case(
            number=case.number, decision_number="x", fine=Decimal(40_000), by=agency.head, at=NOON + DAY
        )


def test_a_fine_lies_in_the_range_or_says_why_not(agency):
    case = driven("investigating", agency)
    low = {**PENALTY, "fine": Decimal(20_000)}
    with pytest.raises(FineOutOfRange):
        services.propose_outcome(number=case.number, **low, by=agency.first, at=NOON + DAY)
    made = services.propose_outcome(
        number=case.number, **low, mitigation="主动消除危害后果", by=agency.first, at=NOON + DAY
    )
    assert made.proposed_fine == Decimal(20_000)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"article": ""}, "article"), ({"article": "other"}, "basis"), ({"goods_value": None}, "goods_value"),
        ({"fine": Decimal(-1)}, "fine"), ({"facts": ""}, "facts"), ({"outcome": "minor"}, "fine"),
    ],
)  # fmt: skip
def test_a_proposal_says_everything(agency, change, field):
    case = driven("investigating", agency)
    with pytest.raises(ActRefused) as refused:
        services.propose_outcome(number=case.number, **{**PENALTY, **change}, by=agency.first, at=NOON + DAY)
    assert refused.value.field == field


def test_without_a_penalty_there_is_nothing_to_tell_and_to_execute(agency):
    case = driven("investigating", agency)
    services.propose_outcome(number=case.number, **NOTHING, by=agency.first, at=NOON + DAY)
    with pytest.raises(NotLawful, match="第五十八条"):
        services.decide_case(number=case.number, decision_number="x", by=agency.head, at=NOON + DAY)
    services.review_case(number=case.number, passed=True, opinion="x", by=agency.reviewer, at=NOON + DAY)
    with pytest.raises(NotLawful, match="拟不予处罚"):
        services.notify_party(number=case.number, served_at=NOON + DAY, hearing=False, by=agency.first, at=NOON + DAY)
    decided = services.decide_case(number=case.number, decision_number="x", by=agency.head, at=NOON + DAY)
    assert (decided.outcome, decided.fine, decided.due_for) == ("minor", 0, "")


def test_a_hearing(agency):
    case = driven("notified", agency)
    at = NOON + DAY
    asked = {"number": case.number, "asked_at": at, "by": agency.first, "at": at}
    with pytest.raises(ActRefused, match="2026-05-22"):  # seven working days after 13 May
        services.set_hearing(**asked, hearing_on=NOON.date() + timedelta(days=8))
    services.set_hearing(**asked, hearing_on=NOON.date() + timedelta(days=10))
    with pytest.raises(NotLawful, match="第五十八条"):
        services.decide_case(number=case.number, decision_number="x", by=agency.head, at=NOON + 11 * DAY)
    held = {"number": case.number, "held_on": NOON.date() + timedelta(days=10), "record_text": "双方质证。"}
    with pytest.raises(ActRefused, match="非本案调查人员"):
        services.record_hearing(**held, host="李明", by=agency.first, at=NOON + 11 * DAY)
    services.record_hearing(**held, host="孙主持", by=agency.first, at=NOON + 11 * DAY)
    with pytest.raises(NotLawful, match="再次法制审核"):
        services.decide_case(number=case.number, decision_number="x", by=agency.head, at=NOON + 11 * DAY)
    services.review_case(number=case.number, passed=True, opinion="x", by=agency.reviewer, at=NOON + 12 * DAY)
    assert services.decide_case(number=case.number, decision_number="x", by=agency.head, at=NOON + 12 * DAY).outcome


def test_a_hearing_asked_for_too_late(agency):
    case = driven("notified", agency)
    late = case.answer_until + HOUR
    with pytest.raises(ActRefused, match="五个工作日"):
        services.set_hearing(
            number=case.number, asked_at=late, hearing_on=late.date() + 30 * DAY, by=agency.first, at=late
        )


def test_sent_back_by_the_head_everything_is_done_anew(agency):
    case = driven("answered", agency)
    back = services.return_case(number=case.number, reason="补充货值证据", by=agency.head, at=NOON + DAY)
    assert (back.state, back.reviewed_at, back.notified_at, back.answered_at) == ("investigating", None, None, None)


def test_moments_lie_in_order(agency):
    case = driven("reviewed", agency)
    for served in (NOON + 99 * DAY, NOON - DAY):
        with pytest.raises(ActRefused) as refused:
            services.notify_party(number=case.number, served_at=served, hearing=True, by=agency.first, at=NOON + DAY)
        assert refused.value.field == "served_at"


def test_paid_means_all_of_it_and_at_most_double(agency):
    case = driven("decided", agency)
    for paid in (Decimal(50_299), Decimal(100_301)):
        with pytest.raises(ActRefused):
            services.execute_case(
                number=case.number, paid=paid, executed_on=(NOON + DAY).date(), by=agency.first, at=NOON + DAY
            )


def test_a_case_is_not_closed_while_produce_is_left(agency):
    case = driven("executed", agency)
    with pytest.raises(NotLawful, match="重量结清"):
        services.close_case(number=case.number, reason="x", by=agency.head, at=NOON + DAY)


def test_deadlines_are_extended_once(agency):
    case = lead()
    before = case.due_at
    longer = services.extend_deadline(number=case.number, reason="检测结果待核", by=agency.head, at=NOON)
    assert longer.due_at > before
    with pytest.raises(NotLawful):
        services.extend_deadline(number=case.number, reason="x", by=agency.head, at=NOON)
    filed = driven("filed", agency)
    after = services.extend_deadline(number=filed.number, reason="案情复杂", by=agency.head, at=NOON + DAY)
    assert (after.due_at - filed.due_at).days in range(28, 33)


def test_declined_with_a_reason(agency):
    case = lead()
    with pytest.raises(ActRefused):
        services.decline_case(number=case.number, reason=" ", by=agency.head, at=NOON)
    assert services.decline_case(number=case.number, reason="无管辖权", by=agency.head, at=NOON).state == "not_filed"
