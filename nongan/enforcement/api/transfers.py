"""A suspected crime on its way to the police."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Field, File, Form, Router, Schema, UploadedFile
from pydantic import Json

from nongan.common.http import ApiRequest
from nongan.enforcement import services
from nongan.enforcement.api.acts import ANSWERS, perform
from nongan.enforcement.api.cases import shown
from nongan.enforcement.api.shapes import ActIn, Line, OfficersIn, ReasonIn, Text
from nongan.enforcement.rules.transfer import Goods, Paper

router = Router()


class SuspicionIn(OfficersIn):
    grounds: Text


class ApprovalIn(ActIn):
    """Officers are named here where none are named yet."""

    officer: Line = ""
    second: Line = ""


class HandOverIn(Schema):
    police: Line
    letter_number: Line
    handed_over_at: datetime | None = None
    version: int | None = None


class ReceiptIn(ActIn):
    received_at: datetime
    receiver: Line


class PoliceIn(ActIn):
    filed: bool
    answered_at: datetime
    answer_number: Line
    reason: Line = ""


class GoodsIn(Schema):
    name: Line
    quantity: Decimal | None = Field(None, gt=0, max_digits=10, decimal_places=3)
    unit: Line = ""
    note: Line = ""


GoodsList = Annotated[list[GoodsIn], Field(max_length=500, description="涉案物品清单")]


class HandoverIn(Schema):
    """`goods`: a JSON object, `{"items": […]}`; left out where there are no goods, with `none_reason`."""

    goods: Json[dict[Literal["items"], GoodsList]] = Field(default_factory=dict)
    receiver: Line = ""
    materials: Line = ""
    none_reason: Line = ""
    handed_at: datetime | None = Field(None, description="Now when left out.")
    version: int | None = None


class GroundsIn(ActIn):
    grounds: Line


@router.post("/cases/{number}/suspect", response=ANSWERS)
def suspect_crime(request: ApiRequest, number: str, body: SuspicionIn) -> dict[str, Any]:
    """Two officers report a suspected crime: the three days begin."""
    return perform(request, number, services.suspect_crime, body)


@router.post("/cases/{number}/approve", response=ANSWERS)
def approve_transfer(request: ApiRequest, number: str, body: ApprovalIn) -> dict[str, Any]:
    """The head approves: 24 hours to hand over."""
    return perform(request, number, services.approve_transfer, body)


@router.post("/cases/{number}/refuse", response=ANSWERS)
def refuse_transfer(request: ApiRequest, number: str, body: ReasonIn) -> dict[str, Any]:
    """The head does not approve, and says why."""
    return perform(request, number, services.refuse_transfer, body)


@router.post("/cases/{number}/hand-over", response=ANSWERS)
def hand_over(
    request: ApiRequest,
    number: str,
    body: Form[HandOverIn],
    letter: File[list[UploadedFile]] = [],  # noqa: B006
    report: File[list[UploadedFile]] = [],  # noqa: B006
    goods: File[list[UploadedFile]] = [],  # noqa: B006
    test: File[list[UploadedFile]] = [],  # noqa: B006
    other: File[list[UploadedFile]] = [],  # noqa: B006
) -> dict[str, Any]:
    """The case goes to the police with its five materials."""
    given = dict(zip(Paper, (letter, report, goods, test, other), strict=True))
    papers = {paper.value: [(file.name or "", file.read()) for file in files] for paper, files in given.items()}
    facts = body.model_dump(exclude={"version"})
    services.hand_over(number=number, **facts, papers=papers, seen=body.version, by=request.auth, at=timezone.now())
    return shown(request, number)


@router.post("/cases/{number}/receipt", response=ANSWERS)
def record_receipt(request: ApiRequest, number: str, body: ReceiptIn) -> dict[str, Any]:
    """The police signed the receipt: three days to examine."""
    return perform(request, number, services.record_receipt, body)


@router.post("/cases/{number}/police", response=ANSWERS)
def record_police_decision(request: ApiRequest, number: str, body: PoliceIn) -> dict[str, Any]:
    """The police filed the case, or not."""
    return perform(request, number, services.record_police_decision, body)


@router.post("/cases/{number}/goods", response=ANSWERS)
def hand_over_goods(
    request: ApiRequest,
    number: str,
    body: Form[HandoverIn],
    files: File[list[UploadedFile]] = [],  # noqa: B006
) -> dict[str, Any]:
    """Goods and materials follow after the police filed the case: the list with the signed receipt, or why none."""
    facts = body.model_dump(exclude={"version", "goods"})
    items = [Goods(**one.model_dump()) for one in body.goods.get("items", [])]
    services.hand_over_goods(
        number=number, **facts, items=items, files=[(file.name or "", file.read()) for file in files],
        seen=body.version, by=request.auth, at=timezone.now(),
    )  # fmt: skip
    return shown(request, number)


@router.post("/cases/{number}/reconsider", response=ANSWERS)
def ask_reconsideration(request: ApiRequest, number: str, body: GroundsIn) -> dict[str, Any]:
    """Ask the police to reconsider, within three days."""
    return perform(request, number, services.ask_reconsideration, body)


@router.post("/cases/{number}/reconsidered", response=ANSWERS)
def record_reconsideration(request: ApiRequest, number: str, body: PoliceIn) -> dict[str, Any]:
    """What the police decided on reconsideration."""
    return perform(request, number, services.record_reconsideration, body)


@router.post("/cases/{number}/resume", response=ANSWERS)
def resume_case(request: ApiRequest, number: str, body: ReasonIn) -> dict[str, Any]:
    """The police do not file: the agency deals with the case itself."""
    return perform(request, number, services.resume_case, body)
