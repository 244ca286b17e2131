"""Samples for systems: the same acts, guards and refusals as the pages."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.api import Refusal
from nongan.common.http import ApiRequest
from nongan.common.keyset import keyset_page
from nongan.laboratory.queries import report_of
from nongan.monitoring import queries, services
from nongan.monitoring.models import Sample, SampleQuerySet
from nongan.monitoring.rules import CONCLUDED, Packaging, SampleKind, SampleState, Sampling, Unit, Verdict

router = Router(tags=["monitoring"])

PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
Text = Annotated[str, Field(max_length=500, pattern=PRINTABLE)]
Code = Annotated[str, Field(pattern=r"^\d{12}$", examples=["360902100000"])]
Items = Annotated[list[Text], Field(max_length=200, description="Codes of analytes.")]
Numbers = Annotated[list[Text], Field(min_length=1, max_length=1000)]


class SamplingIn(Schema):
    kind: SampleKind
    subject: Text = Field(description="Number of the subject.")
    commodity: Text = Field(description="Code of the food.")
    sampled_on: date
    samplers: Text = Field(description="Names, parted by 、.")
    produced_on: date | None = None
    division: Code | None = Field(None, description="Where it was taken; that of the subject when left out.")
    quantity: Decimal | None = Field(None, gt=0, max_digits=9, decimal_places=3)
    unit: Unit = Unit.KILOGRAM
    packaging: Packaging = Packaging.LOOSE
    place: Text = ""
    note: Text = ""
    panel: Items = []


class SamplingsIn(Schema):
    samples: list[SamplingIn] = Field(min_length=1, max_length=1000)


class SendIn(Schema):
    """`panels`: number → codes of the analytes; an empty list for those noted on the sample, or usual for the food."""

    laboratory: int = Field(description="Key of the laboratory.", ge=1, le=2**31)
    panels: dict[str, Items] = Field(min_length=1, max_length=1000)


class PublishIn(Schema):
    numbers: Numbers


class VoidIn(Schema):
    version: int = Field(
        ge=0, le=2**31, description="The version that you read; 409 `stale` when somebody saved since."
    )
    reason: Text


class SampleOut(Schema):
    number: str
    kind: str
    state: str
    subject: str
    subject_name: str
    division: str
    commodity: str
    commodity_name: str
    produced_on: date | None
    sampled_on: date
    quantity: Decimal | None
    unit: str
    packaging: str
    place: str
    samplers: str
    panel: list[str]
    corrections: int = Field(description="How often the form was corrected before the sample was sent.")
    specimen: str = Field(description="Blind code under which the laboratory has it.")
    returned: str = Field(description="Why the laboratory refused the last specimen.")
    report: str
    verdict: str
    banned: bool
    finding: str
    judged_at: datetime | None
    published_at: datetime | None
    version: int


class ItemOut(Schema):
    analyte: str
    code: str
    result: str
    limit: str
    verdict: str
    path: str
    reason: str
    forbidden: bool
    banned: bool


class SampleWholeOut(SampleOut):
    """With the items of the report in force."""

    items: list[ItemOut]


class SamplesOut(Schema):
    """A page; `next` and `previous` are given back as `at`, empty at the ends."""

    items: list[SampleOut]
    next: str
    previous: str


class CorrectIn(SamplingIn):
    """The form as it ought to be, whole: what is left out becomes empty, or as usual."""

    version: int = Field(
        ge=0, le=2**31, description="The version that you read; 409 `stale` when somebody saved since."
    )
    reason: Text


class SamplesIn(Schema):
    text: Text = Field("", description="The beginning of a number, a blind code, or a part of the subject's name.")
    kind: SampleKind | None = None
    state: SampleState | None = None
    verdict: Verdict | None = None
    division: Code | None = Field(None, description="The division and everything in it.")
    commodity: Text = Field("", description="Code or name of a food or a category.")
    since: date | None = None
    until: date | None = None
    at: Text = ""
    size: int = Field(50, description="20, 50 or 100.")


FIELDS = (
    "number", "kind", "state", "produced_on", "sampled_on", "quantity", "unit", "packaging", "place", "samplers",
    "panel", "corrections", "returned", "report", "verdict", "banned", "finding", "judged_at", "published_at",
    "version",
)  # fmt: skip


def _out(s: Sample) -> dict[str, Any]:
    return {name: getattr(s, name) for name in FIELDS} | {
        "subject": s.subject.number,
        "subject_name": s.subject.name,
        "division": s.division_id,
        "commodity": s.commodity_id,
        "commodity_name": s.commodity.name,
        "specimen": s.specimen.code if s.specimen else "",
    }


def _whole(rows: SampleQuerySet) -> SampleQuerySet:
    return rows.prefetch_related("subject", "commodity", "specimen")


def _again(request: ApiRequest, numbers: list[str]) -> list[dict[str, Any]]:
    """The samples as they stand now, in the order given."""
    rows = _whole(queries.samples_visible_to(request.auth, rare=True).filter(number__in=numbers))
    found = {s.number: _out(s) for s in rows}
    return [found[number] for number in numbers if number in found]


def _sampling(body: SamplingIn) -> Sampling:
    facts = body.model_dump(exclude={"version", "reason"})
    return Sampling(**{**facts, "division": body.division or "", "panel": tuple(body.panel)})


@router.get("/samples", response={200: SamplesOut, 403: Refusal})
def list_samples(request: ApiRequest, query: Query[SamplesIn]) -> dict[str, Any]:
    """Samples taken in your division, newest first."""
    require(request.auth, Permission.SAMPLE_VIEW)
    rows = queries.samples_visible_to(request.auth, query.division or "", rare=bool(query.text.strip()))
    rows = queries.matching(rows, query.text, request.auth) if query.text.strip() else rows
    rows = queries.of_food(rows, query.commodity) if query.commodity.strip() else rows
    rows = rows.in_state(query.state) if query.state else rows
    rows = rows.with_verdict(query.verdict) if query.verdict else rows
    rows = rows.filter(kind=query.kind) if query.kind else rows
    rows = rows.filter(sampled_on__gte=query.since) if query.since else rows
    rows = rows.filter(sampled_on__lte=query.until) if query.until else rows
    found = keyset_page(_whole(rows), order=queries.NEWEST, at=query.at, size=query.size)
    return {"items": [_out(s) for s in found.rows], "next": found.next, "previous": found.previous}


@router.post("/samples", response={201: list[SampleOut], 403: Refusal, 404: Refusal, 409: Refusal})
def take_samples(request: ApiRequest, body: SamplingsIn) -> Status[list[dict[str, Any]]]:
    """Enter samplings of your organisation: all of them, or none when one is refused. Numbers are given here."""
    samplings = [_sampling(one) for one in body.samples]
    taken = services.take_samples(samplings=samplings, by=request.auth, at=timezone.now())
    return Status(201, _again(request, [sample.number for sample in taken]))


@router.post("/samples/send", response={200: list[SampleOut], 403: Refusal, 404: Refusal, 409: Refusal})
def send_samples(request: ApiRequest, body: SendIn) -> list[dict[str, Any]]:
    """Send samples to a laboratory: all of them, or none when one is refused."""
    services.send_samples(panels=body.panels, laboratory_id=body.laboratory, by=request.auth, at=timezone.now())
    return _again(request, list(body.panels))


@router.post("/samples/publish", response={200: list[SampleOut], 403: Refusal, 404: Refusal, 409: Refusal})
def publish_samples(request: ApiRequest, body: PublishIn) -> list[dict[str, Any]]:
    """Make results public: all of them, or none when one is refused."""
    services.publish_samples(numbers=body.numbers, by=request.auth, at=timezone.now())
    return _again(request, body.numbers)


@router.get("/samples/{number}", response={200: SampleWholeOut, 404: Refusal})
def get_sample(request: ApiRequest, number: str) -> dict[str, Any]:
    """One sample with the items of its report; a producer or dealer sees the concluded ones of the own."""
    found = _whole(queries.samples_visible_to(request.auth)).get(number=number)
    report = report_of(found.specimen_id) if found.specimen_id and found.state in CONCLUDED else None
    return {**_out(found), "items": [vars(item) for item in report.items] if report else []}


@router.post("/samples/{number}/correct", response={200: SampleOut, 403: Refusal, 404: Refusal, 409: Refusal})
def correct_sample(request: ApiRequest, number: str, body: CorrectIn) -> dict[str, Any]:
    """Put the form right while the sample waits to be sent. The number stays."""
    services.correct_sample(
        number=number, seen=body.version, sampling=_sampling(body), reason=body.reason, by=request.auth,
        at=timezone.now(),
    )  # fmt: skip
    return _again(request, [number])[0]


@router.post("/samples/{number}/void", response={200: SampleOut, 403: Refusal, 404: Refusal, 409: Refusal})
def void_sample(request: ApiRequest, number: str, body: VoidIn) -> dict[str, Any]:
    """Make a sample void that has no result."""
    services.void_sample(number=number, seen=body.version, reason=body.reason, by=request.auth, at=timezone.now())
    return _again(request, [number])[0]
