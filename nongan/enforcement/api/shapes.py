"""What goes in and comes out."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Field, Schema

from nongan.common.api import Refusal
from nongan.enforcement.models import Case, Disposal, DisposalLine
from nongan.enforcement.queries.cases import disposal_of, transfer_of
from nongan.enforcement.queries.files import Kept

PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
Line = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Text = Annotated[str, Field(max_length=5000, pattern=PRINTABLE)]
Code = Annotated[str, Field(pattern=r"^\d{12}$", examples=["360902100000"])]
Money = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2, description="Yuan.")]
Kilograms = Annotated[Decimal, Field(gt=0, max_digits=10, decimal_places=3)]
Seen = Annotated[
    int | None, Field(ge=0, le=2**31, description="The version that you read; 409 `stale` when somebody saved since.")
]
REFUSED = {403: Refusal, 404: Refusal, 409: Refusal}


class ActIn(Schema):
    """An act that needs nothing but the case."""

    version: Seen = None


class ReasonIn(ActIn):
    reason: Line


class OfficersIn(ActIn):
    officer: Line = Field(description="User name of the leading officer.")
    second: Line = Field(description="User name of the second officer; another person.")


class TransferOut(Schema):
    state: str
    grounds: str
    suspected_at: datetime
    decide_by: datetime
    decided_at: datetime | None
    refused_reason: str
    hand_over_by: datetime | None
    handed_over_at: datetime | None
    police: str
    letter_number: str
    received_at: datetime | None
    receiver: str
    police_by: datetime | None
    answered_at: datetime | None
    answer_number: str
    answer_reason: str
    in_time: bool
    goods_by: datetime | None = Field(description="Until when goods and materials follow; null unless they filed.")
    goods_at: datetime | None
    goods_late: bool


class CaseOut(Schema):
    number: str
    source: str
    sample: str = Field(description="Number of the sample, blank without one.")
    subject: str = Field(description="Number of the subject, blank where nobody knows it.")
    party: str
    division: str
    procedure: str
    cause: str
    finding: str
    report: str
    banned: bool
    state: str
    opened_at: datetime
    due_at: datetime | None = Field(description="The most urgent clock that runs.")
    due_for: str
    withdrawn_at: datetime | None
    refuted_at: datetime | None
    officer: str
    second: str
    filed_at: datetime | None
    proposed: str
    proposed_fine: Decimal
    proposed_confiscated: Decimal
    reviewed_at: datetime | None
    notified_at: datetime | None
    answer_until: datetime | None
    outcome: str
    decision_number: str
    decided_at: datetime | None
    fine: Decimal
    confiscated: Decimal
    paid: Decimal
    executed_at: datetime | None
    closed_at: datetime | None
    closed_reason: str
    disposal: str = Field(description="Number of the disposal duty, blank without one.")
    transfer: TransferOut | None
    version: int


class FileOut(Schema):
    """A file that an act left. `link` opens for two hours, for the person who asked."""

    act: str
    kind: str
    name: str
    content_type: str
    size: int
    sha256: str
    by: str
    at: datetime
    link: str


class CasesOut(Schema):
    """A page; `next` and `previous` are given back as `at`, empty at the ends."""

    items: list[CaseOut]
    next: str
    previous: str


class LineOut(Schema):
    id: int
    method: str
    kg: Decimal = Field(description="Negative in a line that takes another one back.")
    done_on: date
    place: str
    witnesses: str
    note: str
    reverses: int | None


class DisposalOut(Schema):
    number: str
    case: str
    sample: str
    division: str
    state: str
    opened_at: datetime
    due_at: datetime | None = Field(description="A reminder; null once nothing is left.")
    involved: Decimal | None = Field(description="Kilograms of the failed batch; null until it is established.")
    disposed: Decimal
    lost: Decimal
    held: Decimal
    remaining: Decimal | None
    done_on: date | None
    withdrawn_at: datetime | None
    lifted_reason: str
    version: int


class DisposalWholeOut(DisposalOut):
    """With its ledger."""

    lines: list[LineOut]


class DisposalsOut(Schema):
    items: list[DisposalOut]
    next: str
    previous: str


CASE_FIELDS = (
    "number", "source", "party", "procedure", "cause", "finding", "report", "banned", "state", "opened_at", "due_at",
    "due_for", "withdrawn_at", "refuted_at", "filed_at", "proposed", "proposed_fine", "proposed_confiscated",
    "reviewed_at", "notified_at", "answer_until", "outcome", "decision_number", "decided_at", "fine", "confiscated",
    "paid", "executed_at", "closed_at", "closed_reason", "version",
)  # fmt: skip
DISPOSAL_FIELDS = (
    "number", "state", "opened_at", "due_at", "involved", "disposed", "lost", "held", "done_on", "withdrawn_at",
    "lifted_reason", "version",
)  # fmt: skip
LINE_FIELDS = ("method", "kg", "done_on", "place", "witnesses", "note")


def case_out(case: Case) -> dict[str, Any]:
    transfer, duty = transfer_of(case), disposal_of(case)
    return {name: getattr(case, name) for name in CASE_FIELDS} | {
        "division": case.division_id,
        "sample": case.sample.number if case.sample else "",
        "subject": case.subject.number if case.subject else "",
        "officer": case.officer.username if case.officer else "",
        "second": case.second.username if case.second else "",
        "disposal": duty.number if duty else "",
        "transfer": {name: getattr(transfer, name) for name in TransferOut.model_fields} if transfer else None,
    }


def file_out(file: Kept, link: str) -> dict[str, Any]:
    document = file.document
    facts = {name: getattr(document, name) for name in ("name", "content_type", "size", "sha256", "by", "at")}
    return {**facts, "act": str(file.act), "kind": str(file.kind), "link": link}


def disposal_out(duty: Disposal) -> dict[str, Any]:
    return {name: getattr(duty, name) for name in DISPOSAL_FIELDS} | {
        "division": duty.division_id,
        "case": duty.case.number,
        "sample": duty.sample.number,
        "remaining": duty.balance.remaining,
    }


def line_out(line: DisposalLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in LINE_FIELDS} | {"id": line.pk, "reverses": line.reverses_id}
