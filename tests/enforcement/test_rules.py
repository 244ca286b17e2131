"""The law of cases by example and by property."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongan.enforcement.rules import deadlines, disposal, penalties, states
from nongan.enforcement.rules.acts import (
    SPECS,
    Act,
    AlreadyDone,
    NotLawful,
    SamePerson,
    Standing,
    acts_of_stage,
    check_officers,
    check_reviewer,
    refusal,
)  # fmt: skip
from nongan.enforcement.rules.deadlines import PERIODS, Clock, Days, check_extendable, due, left, period
from nongan.enforcement.rules.disposal import Balance, DisposalRefused, balance_of, check_involved, check_line
from nongan.enforcement.rules.states import CaseState, Method, MoveNotAllowed, Procedure, TransferState
from nongan.enforcement.rules.transfer import Paper, PapersMissing, check_papers, in_time
from nongan.places.rules import Calendar
from tests.conftest import NOON, SHANGHAI

# 劳动节 2026: 1–5 May off, Saturday 9 May worked in exchange
MAY = Calendar({**{date(2026, 5, day): False for day in range(1, 6)}, date(2026, 5, 9): True})
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31)).map(lambda t: t.replace(tzinfo=SHANGHAI))
calendars = st.dictionaries(days, st.booleans(), max_size=30).map(Calendar)


# --- deadlines ---


@pytest.mark.parametrize(
    ("clock", "procedure", "start", "last"),
    [
        (Clock.FILE, Procedure.AGRICULTURE, datetime(2026, 4, 29, 10), "2026-05-12 23:59:59"),  # 30, 6–9, 11, 12
        (Clock.FILE, Procedure.MARKET, datetime(2026, 5, 12, 10), "2026-06-02 23:59:59"),
        (Clock.DECIDE, Procedure.AGRICULTURE, datetime(2026, 5, 12, 10), "2026-08-10 23:59:59"),
        (Clock.DECIDE, Procedure.AGRICULTURE, datetime(2026, 2, 2, 10), "2026-05-06 23:59:59"),  # 3 May is a day off
        (Clock.ANSWER, "", datetime(2026, 4, 30, 18), "2026-05-11 23:59:59"),
        (Clock.TRANSFER, "", datetime(2026, 4, 30, 18), "2026-05-03 23:59:59"),  # natural days, through the holiday
        (Clock.HAND_OVER, "", datetime(2026, 4, 30, 18, 30), "2026-05-01 18:30:00"),  # hours, to the minute
        (Clock.POLICE, "", datetime(2026, 5, 12, 0, 1), "2026-05-15 23:59:59"),
    ],
)
def test_the_last_moment(clock, procedure, start, last):
    start = start.replace(tzinfo=SHANGHAI)
    rule = period(clock, start.date(), procedure or Procedure.AGRICULTURE)
    assert due(rule, start, MAY).strftime("%Y-%m-%d %H:%M:%S") == last


@given(st.sampled_from(PERIODS), moments, calendars)
def test_deadlines_lie_ahead_and_end_on_days_that_count(rule, start, calendar):
    last = due(rule, start, calendar)
    assert last > start
    assert rule.days == Days.HOURS or last >= deadlines.end_of(start.date() + timedelta(days=rule.length), start)
    assert due(rule, start, calendar, extended=True) >= last
    if rule.rolls:
        assert calendar.works(last.date())
    if rule.days == Days.WORKING:
        assert calendar.between(start.date(), last.date()) == rule.length


@given(st.sampled_from(PERIODS), moments, calendars, st.integers(1, 400))
def test_a_later_start_never_ends_earlier(rule, start, calendar, hours):
    assert due(rule, start + timedelta(hours=hours), calendar) >= due(rule, start, calendar)


def test_every_clock_has_a_rule_with_a_source():
    for clock in Clock:
        for procedure in Procedure:
            assert period(clock, date(2026, 5, 12), procedure).source
    assert period(Clock.TRANSFER, date(2001, 1, 1)).length == 3  # an old case takes the first rule there is
    with pytest.raises(LookupError):
        period(Clock.FILE, date(2026, 5, 12), table=())


def test_a_period_is_extended_once_where_its_rule_says_so():
    check_extendable(period(Clock.DECIDE, NOON.date()), False)
    for rule, extended in ((period(Clock.DECIDE, NOON.date()), True), (period(Clock.TRANSFER, NOON.date()), False)):
        with pytest.raises(deadlines.NotExtendable):
            check_extendable(rule, extended)


@pytest.mark.parametrize(
    ("hours", "words", "tone"),
    [
        (5.5, "剩 5 小时", "bad"), (0.5, "剩 30 分钟", "bad"), (30, "剩 30 小时", "warn"), (60, "剩 2 天", "warn"),
        (24 * 12, "剩 12 天", "info"),
        (-3, "逾期 3 小时", "bad"), (-50, "逾期 2 天", "bad"), (-0.1, "逾期 6 分钟", "bad"),
    ],
)  # fmt: skip
def test_how_a_clock_is_said(hours, words, tone):
    said = left(NOON + timedelta(hours=hours), NOON)
    assert (str(said.text), said.tone, said.late) == (words, tone, hours < 0)


# --- moves and acts ---


@given(st.sampled_from(CaseState), st.sampled_from(CaseState))
def test_the_table_of_moves_is_what_the_check_follows(old, new):
    if new in states.MOVES[old]:
        states.check_move(old, new)
    else:
        with pytest.raises(MoveNotAllowed):
            states.check_move(old, new)


@given(st.sampled_from(TransferState), st.sampled_from(TransferState))
def test_the_same_for_transfers(old, new):
    if new in states.TRANSFER_MOVES[old]:
        states.check_transfer_move(old, new)
    else:
        with pytest.raises(MoveNotAllowed):
            states.check_transfer_move(old, new)


def test_every_state_is_reached_and_every_act_is_described():
    reached = {CaseState.LEAD} | {new for moves in states.MOVES.values() for new in moves}
    assert reached == set(CaseState)
    assert set(SPECS) == set(Act)


standings = st.builds(
    Standing, state=st.sampled_from(CaseState), officers=st.booleans(), asked=st.booleans(), withdrawn=st.booleans(),
    refuted=st.booleans(), proposed=st.sampled_from(["", "penalty", "minor", "unfounded"]), reviewed=st.booleans(),
    answer_until=st.none() | moments, answered=st.booleans(), hearing_told=st.booleans(), hearing_held=st.booleans(),
    outcome=st.sampled_from(["", "penalty", "minor"]), transfer=st.sampled_from(["", *TransferState]),
    goods_moved=st.booleans(),
    disposal=st.sampled_from(["", *states.DisposalState]),
)  # fmt: skip


@given(standings, moments)
def test_a_penalty_never_stands_in_for_a_transfer(case, at):
    """国务院令第310号 第十一条."""
    if case.transfer in states.RUNNING:
        assert refusal(Act.DECIDE, case, at) is not None
        assert refusal(Act.CLOSE, case, at) is not None


@given(standings, moments)
def test_a_case_with_the_police_is_not_closed_before_its_goods_are_there(case, at):
    """国务院令第310号 第十二条."""
    if case.state == "transferred" and not case.goods_moved:
        assert refusal(Act.CLOSE, case, at) is not None


@given(standings, moments)
def test_a_withdrawn_report_never_leads_to_a_decision(case, at):
    if case.withdrawn:
        for act in (Act.FILE, Act.PROPOSE, Act.NOTIFY, Act.DECIDE, Act.EXECUTE, Act.APPROVE, Act.HAND_OVER):
            assert refusal(act, case, at) is not None


@given(standings, moments)
def test_a_penalty_is_never_decided_unheard(case, at):
    """行政处罚法 第四十四条、第六十二条."""
    if case.proposed == "penalty" and refusal(Act.DECIDE, case, at) is None:
        assert case.state in (CaseState.NOTIFIED, CaseState.HEARING)
        assert case.answered or case.hearing_held or case.answer_until is None or at > case.answer_until


@given(standings, moments)
def test_pages_show_what_belongs_to_the_stage(case, at):
    for act, refused in acts_of_stage(case, at):
        assert CaseState(case.state) in SPECS[act].states
        assert refused is None or isinstance(refused, NotLawful)


def test_what_is_done_is_told_apart_from_what_is_forbidden():
    case = Standing(state="notified", proposed="penalty", answered=True)
    assert isinstance(refusal(Act.ANSWER, case, NOON), AlreadyDone)
    assert not isinstance(refusal(Act.HEARING, case, NOON), AlreadyDone)


def test_two_people():
    for pair in ((1, 1), (None, 1), (1, None)):
        with pytest.raises(SamePerson):
            check_officers(*pair)
    check_officers(1, 2)
    check_reviewer(3, (1, 2))
    with pytest.raises(SamePerson):
        check_reviewer(2, (1, 2))


# --- penalties ---

values = st.decimals(0, 10_000_000, places=2)


@pytest.mark.parametrize(
    ("article", "value", "household", "expected"),
    [
        ("70", "9999.99", False, (100_000, 150_000)), ("70", "10000", False, (150_000, 300_000)),
        ("70", "500", True, (1_000, 10_000)), ("71", "1200", False, (50_000, 100_000)),
        ("71", "20000", False, (200_000, 400_000)), ("71", "20000", True, (500, 5_000)),
        ("72", "100", False, (5_000, 50_000)), ("72", "10000", False, (50_000, 100_000)), ("other", "1", False, None),
    ],
)  # fmt: skip
def test_ranges_of_the_law(article, value, household, expected):
    assert penalties.fine_range(article, Decimal(value), household) == expected


@given(st.sampled_from(["70", "71", "72"]), values, st.booleans(), values, st.sampled_from(["", "主动消除"]))
def test_a_fine_is_never_above_and_below_only_with_a_ground(article, value, household, fine, ground):
    least, most = penalties.fine_range(article, value, household)
    lawful = fine <= most and (fine >= least or ground)
    if lawful:
        penalties.check_fine(article, value, household, fine, ground)
    else:
        with pytest.raises(penalties.FineOutOfRange):
            penalties.check_fine(article, value, household, fine, ground)


@given(values, values, values, values)
def test_never_heavier_than_told(fine, taken, told, told_taken):
    if fine <= told and taken <= told_taken:
        penalties.check_not_heavier(fine, taken, told, told_taken)
    else:
        with pytest.raises(penalties.HeavierAfterHearing):
            penalties.check_not_heavier(fine, taken, told, told_taken)


# --- transfer ---


@given(st.sets(st.sampled_from(list(Paper))))
def test_five_materials(given_papers):
    if given_papers == set(Paper):
        check_papers(given_papers)
    else:
        with pytest.raises(PapersMissing) as refused:
            check_papers(given_papers)
        assert set(refused.value.missing) == set(Paper) - given_papers


def test_in_time_means_both():
    day, hour = timedelta(days=1), timedelta(hours=1)
    assert in_time(NOON, NOON + day, NOON + hour, NOON + day)
    assert not in_time(NOON + 2 * day, NOON + day, NOON + 2 * day, NOON + 3 * day)
    assert not in_time(NOON, NOON + day, NOON + 25 * hour, NOON + day)
    assert not in_time(NOON, NOON + day, None, NOON + day)


# --- disposal ---

weights = st.decimals("0.001", 5000, places=3)
lines = st.lists(st.tuples(st.sampled_from(Method), weights), max_size=12)


@given(weights, lines)
def test_weights_always_balance(involved, wanted):
    balance, booked = Balance(involved), []
    for method, kg in wanted:
        try:
            balance = check_line(balance, method, kg)
        except DisposalRefused:
            continue
        booked.append((method, kg))
        assert 0 <= balance.settled <= involved
        assert balance.held <= involved
        assert balance.remaining + balance.disposed + balance.lost == involved
    assert balance_of(involved, booked) == balance
    assert (balance.state == states.DisposalState.DONE) == (balance.settled == involved)


@given(weights, lines)
def test_what_is_taken_back_is_as_if_it_never_was(involved, wanted):
    balance = Balance(involved)
    for method, kg in wanted:
        try:
            after = check_line(balance, method, kg)
        except DisposalRefused:
            continue
        assert disposal.check_reversal(after, method, kg) == balance
        balance = after


@pytest.mark.parametrize("kg", ["0", "-1", "0.0001", "99999999"])
def test_weights_that_are_none(kg):
    with pytest.raises(DisposalRefused):
        check_line(Balance(Decimal(10)), Method.DESTROY, Decimal(kg))
    with pytest.raises(DisposalRefused):
        check_involved(Balance(), Decimal(kg))


def test_nothing_is_booked_before_one_knows_how_much_there_was():
    with pytest.raises(DisposalRefused, match="涉案数量"):
        check_line(Balance(), Method.DESTROY, Decimal(1))
    with pytest.raises(DisposalRefused, match="少于已登记"):
        check_involved(Balance(Decimal(10), Decimal(6), Decimal(2)), Decimal(7))
