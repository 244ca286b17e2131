"""The laboratory for systems: an instrument's software may list specimens, enter results and fetch reports."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from ninja import Field, Query, Router, Schema

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.api import Refusal
from nongan.common.http import ApiRequest
from nongan.common.keyset import keyset_page
from nongan.laboratory import services
from nongan.laboratory.models import Report, Specimen, Test
from nongan.laboratory.queries.reports import is_intact, reports_visible_to
from nongan.laboratory.queries.specimens import specimens_visible_to, tests_of
from nongan.laboratory.rules.entry import LONGEST, Typed, tidy
from nongan.laboratory.rules.states import LONGEST_REASON, SpecimenState

router = Router(tags=["laboratory"])
MOST = 2_000  # rows or specimens in one request


class SpecimenOut(Schema):
    code: str
    commodity: str
    commodity_name: str
    produced_on: date | None
    sampled_on: date
    received_at: datetime
    state: str
    verdict: str
    banned: bool
    return_reason: str
    version: int


class AppliedLimitOut(Schema):
    """The limit that was applied, as it stood on the day of judging."""

    text: str
    value: str
    unit: str
    edition: str
    validity: str
    food: str
    source: str
    row: str
    demonstration: bool


class SpecimenTestOut(Schema):
    """One analyte asked for, its result as typed, and the judgement once the specimen is submitted."""

    analyte: str
    name: str
    text: str
    unit: str
    lod: str
    loq: str
    method: str
    tested_on: date | None
    verdict: str
    reason: str
    path: str
    limit: AppliedLimitOut | None
    forbidden: bool
    found_banned: bool
    seen: str = Field(description="Tells whether the row was changed since; send it back with a new result.")


class SpecimenWholeOut(SpecimenOut):
    tests: list[SpecimenTestOut]
    reports: list[str]


class SpecimensOut(Schema):
    items: list[SpecimenOut]
    next: str


class SpecimensIn(Schema):
    state: SpecimenState | None = None
    at: str = ""


class ResultIn(Schema):
    """A result as written: `text` is a number, ND, <limit, or of a screening test 阴性, 阳性. `seen` guards what
    somebody else may have typed."""

    code: str = Field(max_length=32)
    analyte: str = Field(max_length=20)
    text: str = Field(max_length=LONGEST["text"])
    unit: str = Field("", max_length=LONGEST["unit"])
    lod: str = Field("", max_length=LONGEST["lod"])
    loq: str = Field("", max_length=LONGEST["loq"])
    method: str = Field("", max_length=LONGEST["method"])
    seen: str | None = Field(None, max_length=10)


class ResultsIn(Schema):
    tested_on: date
    results: list[ResultIn] = Field(min_length=1, max_length=MOST)


class ResultConflictOut(Schema):
    """A row that somebody else was first to save: it was left as it is."""

    code: str
    analyte: str
    text: str
    unit: str
    by: str
    open: bool


class SavedResultsOut(Schema):
    changed: int
    conflicts: list[ResultConflictOut]


class SpecimenCodesIn(Schema):
    codes: list[str] = Field(min_length=1, max_length=MOST)


class SeenSpecimensIn(Schema):
    """Blind code → version that was looked at."""

    seen: dict[str, int] = Field(min_length=1, max_length=MOST)


class ReturnSpecimensIn(SeenSpecimensIn):
    reason: str = Field(min_length=1, max_length=LONGEST_REASON)


class WithdrawReportIn(Schema):
    reason: str = Field(min_length=1, max_length=LONGEST_REASON)


class ReportItemOut(Schema):
    analyte: str
    name: str
    typed: str
    result: str
    unit: str
    lod: str
    loq: str
    method: str
    tested_on: str
    detected: bool | None
    verdict: str
    reason: str
    path: str
    limit: AppliedLimitOut | None
    forbidden: bool
    found_banned: bool
    unjudged_reason: str


class ReportContentOut(Schema):
    """The report word for word, as signed; its canonical JSON has the digest. Dates are ISO text."""

    code: str
    commodity: str
    commodity_name: str
    produced_on: str
    sampled_on: str
    received_on: str
    laboratory: str
    entered_by: list[str]
    verified_by: str
    verified_on: str
    signed_by: str
    signed_on: str
    replaces: str
    items: list[ReportItemOut]


class LabReportOut(Schema):
    number: str
    revision: int
    verdict: str
    banned: bool
    signed_at: datetime
    withdrawn_at: datetime | None
    withdrawn_reason: str
    digest: str
    intact: bool = Field(description="The stored content still has the digest of the signing.")
    content: ReportContentOut


REFUSED: dict[int, Any] = {403: Refusal, 404: Refusal, 409: Refusal}


def _specimen(s: Specimen) -> dict[str, Any]:
    fields = (
        "code", "produced_on", "sampled_on", "received_at", "state", "verdict", "banned", "return_reason", "version",
    )  # fmt: skip
    return {name: getattr(s, name) for name in fields} | {
        "commodity": s.commodity_id, "commodity_name": s.commodity.name,
    }  # fmt: skip


def _test(test: Test) -> dict[str, Any]:
    fields = (
        "text", "unit", "lod", "loq", "method", "tested_on", "verdict", "reason", "path", "limit", "forbidden",
        "found_banned",
    )  # fmt: skip
    return {name: getattr(test, name) for name in fields} | {
        "analyte": test.analyte_id, "name": test.analyte.name, "seen": test.typed.digest,
    }  # fmt: skip


def _report(report: Report) -> dict[str, Any]:
    fields = (
        "number", "revision", "verdict", "banned", "signed_at", "withdrawn_at", "withdrawn_reason", "digest", "content",
    )  # fmt: skip
    return {name: getattr(report, name) for name in fields} | {"intact": is_intact(report)}


@router.get("/specimens", response={200: SpecimensOut, 403: Refusal})
def list_specimens(request: ApiRequest, query: Query[SpecimensIn]) -> dict[str, Any]:
    """Specimens of your laboratory, newest first; blind-coded, without origin."""
    require(request.auth, Permission.SPECIMEN_VIEW)
    specimens = specimens_visible_to(request.auth)
    rows = specimens.filter(state=query.state) if query.state else specimens
    found = keyset_page(rows, order=("-received_at", "-pk"), at=query.at, size=100)
    return {"items": [_specimen(s) for s in found.rows], "next": found.next}


@router.get("/specimens/{code}", response={200: SpecimenWholeOut, 403: Refusal, 404: Refusal})
def get_specimen(request: ApiRequest, code: str) -> dict[str, Any]:
    """A specimen with its tests and the numbers of its reports, the withdrawn ones too."""
    require(request.auth, Permission.SPECIMEN_VIEW)
    found = specimens_visible_to(request.auth).get(code=code)
    numbers = reports_visible_to(request.auth).filter(specimen=found).order_by("revision")
    return _specimen(found) | {
        "tests": [_test(test) for test in tests_of([found])],
        "reports": list(numbers.values_list("number", flat=True)),
    }


@router.post("/results", response={200: SavedResultsOut, **REFUSED})
def enter_results(request: ApiRequest, body: ResultsIn) -> dict[str, Any]:
    """Save results, of many specimens at once. Rows that somebody else changed come back as conflicts."""
    entries = [
        services.Entry(
            r.code, r.analyte, Typed(*(tidy(text) for text in (r.text, r.unit, r.lod, r.loq, r.method))), r.seen
        )
        for r in body.results
    ]
    saved = services.enter_results(entries=entries, tested_on=body.tested_on, by=request.auth, at=timezone.now())
    conflicts = [
        {"code": code, "analyte": a, "text": now.typed.text, "unit": now.typed.unit, "by": now.by, "open": now.open}
        for (code, a), now in saved.conflicts.items()
    ]
    return {"changed": saved.changed, "conflicts": conflicts}


@router.post("/submit", response={200: list[SpecimenOut], **REFUSED})
def submit(request: ApiRequest, body: SpecimenCodesIn) -> list[dict[str, Any]]:
    """Hand in whole specimens: they are judged. All, or none."""
    return [_specimen(s) for s in services.submit(codes=body.codes, by=request.auth, at=timezone.now())]


@router.post("/verify", response={200: list[SpecimenOut], **REFUSED})
def verify(request: ApiRequest, body: SeenSpecimensIn) -> list[dict[str, Any]]:
    """A second person confirms the results. All, or none."""
    return [_specimen(s) for s in services.verify(seen=body.seen, by=request.auth, at=timezone.now())]


@router.post("/return", response={200: list[SpecimenOut], **REFUSED})
def return_for_correction(request: ApiRequest, body: ReturnSpecimensIn) -> list[dict[str, Any]]:
    """Send specimens back to be corrected, with the reason."""
    returned = services.return_for_correction(seen=body.seen, reason=body.reason, by=request.auth, at=timezone.now())
    return [_specimen(s) for s in returned]


@router.post("/sign", response={200: list[LabReportOut], **REFUSED})
def sign(request: ApiRequest, body: SeenSpecimensIn) -> list[dict[str, Any]]:
    """Issue the reports of verified specimens. All, or none."""
    return [_report(r) for r in services.sign(seen=body.seen, by=request.auth, at=timezone.now())]


@router.get("/reports/{number}", response={200: LabReportOut, 403: Refusal, 404: Refusal})
def get_report(request: ApiRequest, number: str) -> dict[str, Any]:
    """A report of your laboratory, in force or withdrawn."""
    require(request.auth, Permission.SPECIMEN_VIEW)
    return _report(reports_visible_to(request.auth).get(number=number))


@router.post("/reports/{number}/withdraw", response={200: LabReportOut, **REFUSED})
def withdraw(request: ApiRequest, number: str, body: WithdrawReportIn) -> dict[str, Any]:
    """Take a report back; the specimen's results can then be corrected and a new report replaces it."""
    withdrawn = services.withdraw_report(number=number, reason=body.reason, by=request.auth, at=timezone.now())
    return _report(withdrawn)
