"""Acts on a case, from filing to closing."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from ninja import Router

from nongan.common.http import ApiRequest
from nongan.enforcement import services
from nongan.enforcement.api.cases import shown
from nongan.enforcement.api.shapes import REFUSED, ActIn, CaseOut, Line, Money, OfficersIn, ReasonIn, Text
from nongan.enforcement.models import InquiryKind
from nongan.enforcement.rules.penalties import Article
from nongan.enforcement.rules.states import Outcome, Procedure

router = Router()
ANSWERS: Any = {200: CaseOut, **REFUSED}


class AskFilingIn(OfficersIn):
    cause: Line
    grounds: Text
    procedure: Procedure = Procedure.AGRICULTURE


class InquiryIn(ActIn):
    kind: InquiryKind
    held_on: date
    text: Text


class ProposalIn(ActIn):
    outcome: Outcome
    facts: Text
    article: Article | None = None
    basis: Line = ""
    goods_value: Money | None = None
    household: bool = False
    fine: Money = Decimal(0)
    confiscated: Money = Decimal(0)
    mitigation: Line = ""


class ReviewIn(ActIn):
    passed: bool
    opinion: Line


class NoticeIn(ActIn):
    served_at: datetime
    hearing: bool = True


class AnswerIn(ActIn):
    answer: Text


class HearingIn(ActIn):
    asked_at: datetime
    hearing_on: date


class HeldIn(ActIn):
    held_on: date
    host: Line
    record_text: Text


class DecisionIn(ActIn):
    decision_number: Line
    fine: Money | None = None
    confiscated: Money | None = None
    served_at: datetime | None = None


class ExecutionIn(ActIn):
    paid: Money
    executed_on: date
    note: Line = ""


def perform(request: ApiRequest, number: str, service: Any, body: ActIn) -> dict[str, Any]:
    """Call the service with the body's fields, and answer with the case as it stands then."""
    facts = body.model_dump(mode="python", exclude={"version"})
    service(number=number, **facts, seen=body.version, by=request.auth, at=timezone.now())
    return shown(request, number)


@router.post("/cases/{number}/ask-filing", response=ANSWERS)
def ask_filing(request: ApiRequest, number: str, body: AskFilingIn) -> dict[str, Any]:
    """Two officers ask the head to file the case."""
    return perform(request, number, services.ask_filing, body)


@router.post("/cases/{number}/file", response=ANSWERS)
def file_case(request: ApiRequest, number: str, body: ActIn) -> dict[str, Any]:
    """The head files the case."""
    return perform(request, number, services.file_case, body)


@router.post("/cases/{number}/decline", response=ANSWERS)
def decline_case(request: ApiRequest, number: str, body: ReasonIn) -> dict[str, Any]:
    """The head decides not to file."""
    return perform(request, number, services.decline_case, body)


@router.post("/cases/{number}/extend", response=ANSWERS)
def extend_deadline(request: ApiRequest, number: str, body: ReasonIn) -> dict[str, Any]:
    """The head extends the clock for filing, or for deciding, once."""
    return perform(request, number, services.extend_deadline, body)


@router.post("/cases/{number}/inquire", response=ANSWERS)
def record_inquiry(request: ApiRequest, number: str, body: InquiryIn) -> dict[str, Any]:
    """Keep one step of the investigation."""
    return perform(request, number, services.record_inquiry, body)


@router.post("/cases/{number}/propose", response=ANSWERS)
def propose_outcome(request: ApiRequest, number: str, body: ProposalIn) -> dict[str, Any]:
    """End the investigation with what ought to follow."""
    services.propose_outcome(
        number=number, outcome=body.outcome, facts=body.facts, article=body.article or "", basis=body.basis,
        goods_value=body.goods_value, household=body.household, fine=body.fine, confiscated=body.confiscated,
        mitigation=body.mitigation, seen=body.version, by=request.auth, at=timezone.now(),
    )  # fmt: skip
    return shown(request, number)


@router.post("/cases/{number}/review", response=ANSWERS)
def review_case(request: ApiRequest, number: str, body: ReviewIn) -> dict[str, Any]:
    """The legal review, by somebody who did not investigate."""
    return perform(request, number, services.review_case, body)


@router.post("/cases/{number}/return", response=ANSWERS)
def return_case(request: ApiRequest, number: str, body: ReasonIn) -> dict[str, Any]:
    """The head sends the case back for further investigation."""
    return perform(request, number, services.return_case, body)


@router.post("/cases/{number}/notify", response=ANSWERS)
def notify_party(request: ApiRequest, number: str, body: NoticeIn) -> dict[str, Any]:
    """The party was told what is proposed, and its rights."""
    return perform(request, number, services.notify_party, body)


@router.post("/cases/{number}/answer", response=ANSWERS)
def record_answer(request: ApiRequest, number: str, body: AnswerIn) -> dict[str, Any]:
    """What the party said, or that it gave up saying anything."""
    return perform(request, number, services.record_answer, body)


@router.post("/cases/{number}/hearing", response=ANSWERS)
def set_hearing(request: ApiRequest, number: str, body: HearingIn) -> dict[str, Any]:
    """The party asked for a hearing; it is set."""
    return perform(request, number, services.set_hearing, body)


@router.post("/cases/{number}/held", response=ANSWERS)
def record_hearing(request: ApiRequest, number: str, body: HeldIn) -> dict[str, Any]:
    """The hearing was held."""
    return perform(request, number, services.record_hearing, body)


@router.post("/cases/{number}/decide", response=ANSWERS)
def decide_case(request: ApiRequest, number: str, body: DecisionIn) -> dict[str, Any]:
    """The head decides what was proposed."""
    return perform(request, number, services.decide_case, body)


@router.post("/cases/{number}/execute", response=ANSWERS)
def execute_case(request: ApiRequest, number: str, body: ExecutionIn) -> dict[str, Any]:
    """The decision is carried out."""
    return perform(request, number, services.execute_case, body)


@router.post("/cases/{number}/close", response=ANSWERS)
def close_case(request: ApiRequest, number: str, body: ReasonIn) -> dict[str, Any]:
    """The head closes the case."""
    return perform(request, number, services.close_case, body)


@router.post("/cases/{number}/dismiss", response=ANSWERS)
def dismiss_case(request: ApiRequest, number: str, body: ReasonIn) -> dict[str, Any]:
    """The head dismisses a case whose failed result did not stand."""
    return perform(request, number, services.dismiss_case, body)
