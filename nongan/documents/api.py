"""Tables in, for systems: upload and report, then confirm or give up. Nothing is saved before the confirmation."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from ninja import Field, File, Form, Router, Schema, Status, UploadedFile
from pydantic import Json

from nongan.common.api import Refusal
from nongan.common.http import ApiRequest
from nongan.common.keyset import keyset_page
from nongan.documents import queries, services
from nongan.documents.models import Import
from nongan.documents.rules import LARGEST, FileNotAccepted

router = Router(tags=["documents"])


class ImportIn(Schema):
    kind: str = Field(description="What the rows are: subjects, results, …", examples=["subjects"])
    options: Json[dict[str, str]] = Field(default_factory=dict, description="JSON object of what the kind asks for.")


class ProblemOut(Schema):
    """One fault: row on the sheet (the heading is row 1), heading of the column, why, what to do."""

    row: int
    field: str
    reason: str
    remedy: str


class ImportOut(Schema):
    id: int
    kind: str
    file: str
    sha256: str
    state: str
    rows: int
    bad_rows: int
    at: datetime
    done_at: datetime | None


class ImportReportOut(ImportOut):
    problems: list[ProblemOut]


class ImportsOut(Schema):
    items: list[ImportOut]
    next: str


def _out(found: Import) -> dict[str, Any]:
    fields = ("kind", "state", "rows", "bad_rows", "at", "done_at")
    own = {"id": found.pk, "file": found.document.name, "sha256": found.document.sha256}
    return own | {name: getattr(found, name) for name in fields}


def _report(found: Import) -> dict[str, Any]:
    return _out(found) | {"problems": found.problems}


@router.get("/imports", response=ImportsOut)
def list_imports(request: ApiRequest, at: str = "") -> dict[str, Any]:
    """Your own imports, newest first."""
    found = keyset_page(queries.imports_of(request.auth.username).defer("problems"), order=("-pk",), at=at)
    return {"items": [_out(one) for one in found.rows], "next": found.next}


@router.post("/imports", response={201: ImportReportOut, 403: Refusal, 404: Refusal, 409: Refusal})
def begin_import(request: ApiRequest, body: Form[ImportIn], file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """Upload a table (.xlsx or .csv); every fault is named by row and field. Nothing is saved yet."""
    if body.kind not in services.KINDS:
        raise Import.DoesNotExist
    if (file.size or 0) > LARGEST:
        raise FileNotAccepted("文件超过 20 MB，请拆分后上传。")
    found = services.begin_import(
        kind=body.kind, name=file.name or "", data=file.read(), options=body.options, by=request.auth,
        at=timezone.now(),
    )  # fmt: skip
    return Status(201, _report(found))


@router.get("/imports/{import_id}", response={200: ImportReportOut, 404: Refusal})
def get_import(request: ApiRequest, import_id: int) -> dict[str, Any]:
    """One of your own imports with its report."""
    return _report(queries.imports_of(request.auth.username).get(pk=import_id))


@router.post("/imports/{import_id}/confirm", response={200: ImportOut, 403: Refusal, 404: Refusal, 409: Refusal})
def confirm_import(request: ApiRequest, import_id: int) -> dict[str, Any]:
    """Save every row, or none: with a fault in any row nothing is saved (409 `import_refused`)."""
    return _out(services.finish_import(import_id=import_id, by=request.auth, at=timezone.now()))


@router.post("/imports/{import_id}/drop", response={200: ImportOut, 404: Refusal, 409: Refusal})
def drop_import(request: ApiRequest, import_id: int) -> dict[str, Any]:
    """Give up an import that waits."""
    return _out(services.drop_import(import_id=import_id, by=request.auth, at=timezone.now()))
