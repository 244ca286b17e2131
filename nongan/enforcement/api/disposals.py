"""Disposal duties: the list, one duty with its ledger, booking."""

from datetime import date
from typing import Any

from django.utils import timezone
from ninja import Field, File, Form, Query, Router, Schema, UploadedFile

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.http import ApiRequest
from nongan.common.keyset import keyset_page
from nongan.enforcement import services
from nongan.enforcement.api.shapes import (
    REFUSED,
    ActIn,
    Code,
    DisposalsOut,
    DisposalWholeOut,
    Kilograms,
    Line,
    ReasonIn,
    disposal_out,
    line_out,
)  # fmt: skip
from nongan.enforcement.queries import disposals as queries
from nongan.enforcement.rules.states import DisposalState, Method

router = Router()
ANSWERS: Any = {200: DisposalWholeOut, **REFUSED}


class DisposalsIn(Schema):
    text: Line = Field("", description="The beginning of a number, or a part of party or product.")
    state: DisposalState | None = None
    division: Code | None = None
    at: Line = ""
    size: int = Field(50, description="20, 50 or 100.")


class WeightIn(ActIn):
    involved: Kilograms
    basis: Line


class DisposalLineIn(Schema):
    method: Method
    kg: Kilograms
    done_on: date
    place: Line = ""
    witnesses: Line = ""
    note: Line = ""
    version: int | None = None


@router.get("/disposals", response={200: DisposalsOut, 403: REFUSED[403]})
def list_disposals(request: ApiRequest, query: Query[DisposalsIn]) -> dict[str, Any]:
    """Disposal duties of your division, newest first."""
    require(request.auth, Permission.CASE_VIEW)
    rows = queries.disposals_visible_to(request.auth, query.division or "")
    rows = queries.matching(rows, query.text) if query.text else rows
    rows = rows.filter(state=query.state) if query.state else rows
    found = keyset_page(queries.with_parts(rows), order=queries.NEWEST, at=query.at, size=query.size)
    return {"items": [disposal_out(d) for d in found.rows], "next": found.next, "previous": found.previous}


@router.get("/disposals/{number}", response={200: DisposalWholeOut, 403: REFUSED[403], 404: REFUSED[404]})
def get_disposal(request: ApiRequest, number: str) -> dict[str, Any]:
    require(request.auth, Permission.CASE_VIEW)
    return _shown(request, number)


@router.post("/disposals/{number}/involved", response=ANSWERS)
def establish_weight(request: ApiRequest, number: str, body: WeightIn) -> dict[str, Any]:
    """How many kilograms the failed batch holds."""
    services.establish_weight(
        number=number, involved=body.involved, basis=body.basis, seen=body.version, by=request.auth, at=timezone.now()
    )
    return _shown(request, number)


@router.post("/disposals/{number}/lines", response=ANSWERS)
def record_disposal(
    request: ApiRequest,
    number: str,
    body: Form[DisposalLineIn],
    files: File[list[UploadedFile]] = [],  # noqa: B006
) -> dict[str, Any]:
    """Book what became of some of it, with its evidence."""
    facts = body.model_dump(exclude={"version"})
    services.record_disposal(
        number=number, **facts, files=[(f.name or "", f.read()) for f in files], seen=body.version, by=request.auth,
        at=timezone.now(),
    )  # fmt: skip
    return _shown(request, number)


@router.post("/disposals/{number}/lines/{line_id}/reverse", response=ANSWERS)
def reverse_disposal(request: ApiRequest, number: str, line_id: int, body: ReasonIn) -> dict[str, Any]:
    """Take a wrong line back by a line of its own."""
    services.reverse_disposal(
        number=number, line_id=line_id, reason=body.reason, seen=body.version, by=request.auth, at=timezone.now()
    )
    return _shown(request, number)


def _shown(request: ApiRequest, number: str) -> dict[str, Any]:
    seen = queries.with_parts(queries.disposals_visible_to(request.auth))
    duty = seen.get(number=number)
    return disposal_out(duty) | {"lines": [line_out(line) for line in duty.lines.order_by("pk")]}
