"""Cases: the list, one case, a lead by hand."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from ninja import Field, Query, Router, Schema

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.http import ApiRequest
from nongan.common.keyset import keyset_page
from nongan.documents.queries import link_to
from nongan.enforcement import services
from nongan.enforcement.api.shapes import REFUSED, CaseOut, CasesOut, Code, FileOut, Line, Text, case_out, file_out
from nongan.enforcement.queries import cases as queries
from nongan.enforcement.queries.files import files_of
from nongan.enforcement.rules.states import CaseState, Procedure, Source, TransferState

router = Router()


class CasesIn(Schema):
    text: Line = Field("", description="The beginning of a number, or a part of party or cause.")
    state: CaseState | None = None
    source: Source | None = None
    transfer: TransferState | None = None
    division: Code | None = Field(None, description="The division and everything in it.")
    mine: bool = False
    urgent: bool = Field(False, description="Only cases with a clock, the most urgent first.")
    at: Line = ""
    size: int = Field(50, description="20, 50 or 100.")


class CaseIn(Schema):
    source: Source
    party: Line = Field("", description="Left out where `subject` says it.")
    subject: Line = ""
    division: Code
    cause: Line
    finding: Text
    found_at: datetime | None = Field(None, description="Now when left out. The days for filing count from here.")
    procedure: Procedure = Procedure.AGRICULTURE


@router.get("/cases", response={200: CasesOut, 403: REFUSED[403]})
def list_cases(request: ApiRequest, query: Query[CasesIn]) -> dict[str, Any]:
    """Cases of your division, newest first."""
    require(request.auth, Permission.CASE_VIEW)
    rows = queries.cases_visible_to(request.auth, query.division or "")
    rows = queries.matching(rows, query.text) if query.text else rows
    rows = queries.mine(rows, request.auth) if query.mine else rows
    wanted = {"state": query.state, "source": query.source, "transfer__state": query.transfer}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    rows = rows.running() if query.urgent else rows
    order = queries.URGENT if query.urgent else queries.NEWEST
    whole = queries.with_parts(rows).select_related("subject")
    found = keyset_page(whole, order=order, at=query.at, size=query.size)
    return {"items": [case_out(case) for case in found.rows], "next": found.next, "previous": found.previous}


@router.post("/cases", response={200: CaseOut, **REFUSED})
def open_case(request: ApiRequest, body: CaseIn) -> dict[str, Any]:
    """Enter a lead that does not come from a sample."""
    facts = body.model_dump() | {"source": body.source.value, "procedure": body.procedure.value}
    made = services.open_case(**facts, by=request.auth, at=timezone.now())
    return shown(request, made.number)


@router.get("/cases/{number}", response={200: CaseOut, 403: REFUSED[403], 404: REFUSED[404]})
def get_case(request: ApiRequest, number: str) -> dict[str, Any]:
    require(request.auth, Permission.CASE_VIEW)
    return shown(request, number)


@router.get("/cases/{number}/files", response={200: list[FileOut], 403: REFUSED[403], 404: REFUSED[404]})
def list_files(request: ApiRequest, number: str) -> list[dict[str, Any]]:
    """Every file that an act on the case left, oldest first."""
    require(request.auth, Permission.CASE_VIEW)
    case = queries.with_parts(queries.cases_visible_to(request.auth)).get(number=number)
    return [file_out(file, link_to(file.document, request.auth.username)) for file in files_of(case)]


def shown(request: ApiRequest, number: str) -> dict[str, Any]:
    """The case as it stands now. Raises Case.DoesNotExist."""
    seen = queries.with_parts(queries.cases_visible_to(request.auth)).select_related("subject")
    return case_out(seen.get(number=number))
