"""What waits for the head and for the officers: the lists agree with the rules, and a paused case presses nobody."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from nongan.enforcement import queries, services
from nongan.enforcement.models import Case, Disposal
from nongan.enforcement.queries.cases import standing_of
from nongan.enforcement.queries.work import closable, decidable
from nongan.enforcement.rules.acts import Act, refusal
from tests.enforcement.factories import DAY, HOUR, NOTHING, STEPS, Agency, disposed, driven, handed, lead, transferred
from tests.standards.factories import small_law

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law(db):
    small_law()


@pytest.fixture
def began():
    return timezone.now().replace(microsecond=0) - 10 * DAY


@pytest.fixture
def agency():
    return Agency()


def told(user, case, at=None):
    """The to-dos of a person about a case."""
    return [todo for todo in queries.todos(user, at or timezone.now()) if case.number in todo.note]


def unpenalised(agency, began, *, decided):
    """A case in which no penalty is proposed, reviewed or decided."""
    case = driven("investigating", agency, at=began)
    at = began + DAY
    services.propose_outcome(number=case.number, **NOTHING, by=agency.first, at=at)
    services.review_case(number=case.number, passed=True, opinion="程序合法。", by=agency.reviewer, at=at + HOUR)
    if decided:
        services.decide_case(
            number=case.number, decision_number="袁农不罚〔2026〕1号", by=agency.head, at=at + 2 * HOUR
        )
    return case


def in_hearing(agency, began, *, heard, reviewed):
    case = driven("notified", agency, at=began - 30 * DAY)
    at = began - 29 * DAY
    services.set_hearing(
        number=case.number, asked_at=at, hearing_on=timezone.localdate(at + 16 * DAY), by=agency.first, at=at
    )
    if heard:
        services.record_hearing(
            number=case.number, held_on=timezone.localdate(at + 16 * DAY), host="赵局", record_text="双方陈述。",
            by=agency.first, at=at + 16 * DAY,
        )  # fmt: skip
    if reviewed:
        services.review_case(
            number=case.number, passed=True, opinion="听证程序合法。", by=agency.reviewer, at=at + 17 * DAY
        )
    return case


def test_the_lists_of_the_head_agree_with_the_rules(agency, began):
    for name, _step in STEPS:
        driven(name, agency, at=began)
    driven("executed", agency, at=began)  # whose produce is not disposed of
    for decided in (False, True):
        unpenalised(agency, began, decided=decided)
    disposed(unpenalised(agency, began, decided=True), agency, began + 2 * DAY)
    for heard, reviewed in ((False, False), (True, False), (True, True)):
        in_hearing(agency, began, heard=heard, reviewed=reviewed)
    lead(banned=True, at=began)
    filed = transferred("filed", agency, at=began)
    handed(filed, agency, began + 2 * DAY)
    disposed(filed, agency, began + 2 * DAY)
    transferred("filed", agency, at=began)
    for at in (began + DAY, began + 30 * DAY):
        wanted = {act: set() for act in (Act.DECIDE, Act.CLOSE)}
        for case in Case.objects.all():
            for act, numbers in wanted.items():
                numbers |= {case.number} if refusal(act, standing_of(case), at) is None else set()
        assert {case.number for case in decidable(Case.objects.all(), at)} == wanted[Act.DECIDE] != set()
        assert {case.number for case in closable(Case.objects.all())} == wanted[Act.CLOSE] != set()


def test_the_head_is_told_of_decisions_and_of_cases_to_close(agency, began):
    answered, unanswered = driven("answered", agency, at=began), driven("notified", agency, at=began)
    done = driven("disposed", agency, at=began)
    (decide,) = told(agency.head, answered, began + 2 * DAY)
    assert decide.text.startswith("作出决定 剩")
    assert told(agency.head, unanswered, began + 2 * DAY) == []
    (decide,) = told(agency.head, unanswered, began + 30 * DAY)
    assert decide.text.startswith("作出决定")
    (close,) = told(agency.head, done)
    assert (close.text, close.due) == ("结案", None)
    assert [todo.text for todo in told(agency.first, done)] == []


def test_nobody_is_pressed_in_a_paused_case(client, agency, began):
    """Both acts of the officer are refused, so no to-do; and no filing clock on screen."""
    case = driven("asked", agency, at=began)
    fresh = lead(at=began)
    Case.objects.update(withdrawn_at=began + DAY)
    Disposal.objects.update(withdrawn_at=began + DAY, due_at=None)
    assert queries.todos(agency.first, timezone.now()) == []
    assert queries.todos(agency.head, timezone.now()) == []
    client.force_login(agency.first)
    for paused in (case, fresh):
        response = client.get(reverse("enforcement:case", args=[paused.number]))
        assertContains(response, "案件暂停办理")
        assertContains(response, "请等待新报告")
        assert response.context["clock"] is None
    assert [row["clock"] for row in client.get(reverse("enforcement:cases")).context["rows"]] == [None, None]


def test_a_refuted_case_waits_for_the_head_alone(client, agency, began):
    case = driven("asked", agency, at=began)
    Case.objects.update(withdrawn_at=began + DAY, refuted_at=began + 2 * DAY)
    (dismiss,) = told(agency.head, case)
    assert (dismiss.text, dismiss.due) == ("撤销案件（结果已推翻）", None)
    assert told(agency.first, case) == []
    client.force_login(agency.first)
    response = client.get(reverse("enforcement:case", args=[case.number]))
    assertContains(response, "请负责人撤销案件")
    assertNotContains(response, "请等待新报告")
    services.dismiss_case(number=case.number, reason="复检合格。", by=agency.head, at=timezone.now())
    assert told(agency.head, case) == []


def test_a_running_case_keeps_its_clock(client, agency, began):
    case = driven("asked", agency, at=timezone.now() - timedelta(hours=3))
    client.force_login(agency.first)
    assert client.get(reverse("enforcement:case", args=[case.number])).context["clock"].what == "决定是否立案"
