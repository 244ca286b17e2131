"""The registry for systems: the same acts, guards and refusals as the pages."""

from datetime import date
from typing import Annotated, Any

from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.api import Refusal
from nongan.common.http import ApiRequest
from nongan.common.keyset import keyset_page
from nongan.registry import queries, services
from nongan.registry.models import Subject
from nongan.registry.rules import Facts, Scale, SubjectType

router = Router(tags=["registry"])

PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
Text = Annotated[str, Field(max_length=200, pattern=PRINTABLE)]
Code = Annotated[str, Field(pattern=r"^\d{12}$", examples=["360902100000"])]
Version = Annotated[int, Field(ge=0, description="The version that you read; 409 `stale` when somebody saved since.")]


class FactsIn(Schema):
    name: Text
    type: SubjectType
    scale: Scale
    uscc: Text = Field(
        "", description="统一社会信用代码; may be blank for persons (grower, breeder, family farm, broker)."
    )
    division: Code
    address: Text = ""
    contact: Text
    phone: Text
    products: Text = ""
    registered_on: date


class SubjectIn(FactsIn):
    confirmed: bool = Field(
        False, description="A person has compared it with those that look the same (409 `likely_duplicate`)."
    )


class SubjectChangeIn(SubjectIn):
    version: Version


class SupervisionIn(Schema):
    seen: dict[str, int] = Field(description="Number of each subject → the version that you read.", min_length=1)
    organisation: int
    supervisor: Text
    supervised_from: date


class CloseIn(Schema):
    version: Version
    closed_on: date
    reason: Text


class ReopenIn(Schema):
    version: Version


class SupervisionOut(Schema):
    organisation: int
    organisation_name: str
    supervisor: str
    supervised_from: date


class SubjectOut(Schema):
    number: str
    name: str
    type: str
    scale: str
    uscc: str
    division: str
    division_name: str
    address: str
    contact: str
    phone: str
    products: str
    registered_on: date
    supervision: SupervisionOut | None
    closed_on: date | None
    close_reason: str
    version: int


class SubjectsOut(Schema):
    """A page; `next` and `previous` are given back as `at`, empty at the ends."""

    items: list[SubjectOut]
    next: str
    previous: str


class SubjectsIn(Schema):
    text: Text = Field("", description="The beginning of a number or a 统一社会信用代码, or a part of the name.")
    type: SubjectType | None = None
    scale: Scale | None = None
    division: Code | None = Field(None, description="The division and everything in it.")
    supervised: bool | None = None
    active: bool | None = None
    at: str = ""
    size: int = Field(50, description="20, 50 or 100.")


def _out(s: Subject) -> dict[str, Any]:
    supervision = s.supervising and {
        "organisation": s.supervising.pk,
        "organisation_name": s.supervising.name,
        "supervisor": s.supervisor,
        "supervised_from": s.supervised_from,
    }
    return {**vars(s.facts), "number": s.number, "division_name": s.division.name, "supervision": supervision,
            "closed_on": s.closed_on, "close_reason": s.close_reason, "version": s.version}  # fmt: skip


def _facts(body: FactsIn) -> Facts:
    return Facts(**{name: getattr(body, name) for name in Facts.__dataclass_fields__})


def _again(number: str, request: ApiRequest) -> dict[str, Any]:
    return _out(queries.subject_named(number, request.auth))


@router.get("/subjects", response={200: SubjectsOut, 403: Refusal})
def list_subjects(request: ApiRequest, query: Query[SubjectsIn]) -> dict[str, Any]:
    """Subjects of your division, by place and number."""
    require(request.auth, Permission.SUBJECT_VIEW)
    rows = queries.subjects_visible_to(request.auth)
    rows = queries.matching(rows, query.text) if query.text else rows
    rows = rows.in_division(query.division) if query.division else rows
    rows = rows.filter(**{name: value for name in ("type", "scale") if (value := getattr(query, name))})
    if query.supervised is not None:
        rows = rows.supervised() if query.supervised else rows.unsupervised()
    if query.active is not None:
        rows = rows.active() if query.active else rows.closed()
    found = keyset_page(rows, order=queries.ORDER, at=query.at, size=query.size)
    return {"items": [_out(s) for s in found.rows], "next": found.next, "previous": found.previous}


@router.post("/subjects/assign", response={200: list[SubjectOut], 403: Refusal, 404: Refusal, 409: Refusal})
def assign_supervisor(request: ApiRequest, body: SupervisionIn) -> list[dict[str, Any]]:
    """Make an organisation and a person answer for subjects: all of them, or none when one is refused."""
    services.assign_supervisor(
        seen=body.seen, organisation_id=body.organisation, supervisor=body.supervisor, start=body.supervised_from,
        by=request.auth, at=timezone.now(),
    )  # fmt: skip
    rows = queries.subjects_visible_to(request.auth).filter(number__in=list(body.seen))
    return [_out(s) for s in rows.order_by(*queries.ORDER)]


@router.get("/subjects/{number}", response={200: SubjectOut, 404: Refusal})
def get_subject(request: ApiRequest, number: str) -> dict[str, Any]:
    """One subject; a producer or dealer sees the own entry."""
    return _again(number, request)


@router.post("/subjects", response={201: SubjectOut, 403: Refusal, 409: Refusal})
def register_subject(request: ApiRequest, body: SubjectIn) -> Status[dict[str, Any]]:
    """Enter a subject; the number is given by the registry. Every fault of the entry is named in one refusal."""
    added = services.register_subject(facts=_facts(body), confirmed=body.confirmed, by=request.auth, at=timezone.now())
    return Status(201, _again(added.number, request))


@router.put("/subjects/{number}", response={200: SubjectOut, 403: Refusal, 404: Refusal, 409: Refusal})
def change_subject(request: ApiRequest, number: str, body: SubjectChangeIn) -> dict[str, Any]:
    """Say anew what an entry says."""
    services.change_subject(
        number=number, seen=body.version, facts=_facts(body), confirmed=body.confirmed, by=request.auth,
        at=timezone.now(),
    )  # fmt: skip
    return _again(number, request)


@router.post("/subjects/{number}/close", response={200: SubjectOut, 403: Refusal, 404: Refusal, 409: Refusal})
def close_subject(request: ApiRequest, number: str, body: CloseIn) -> dict[str, Any]:
    """Take a subject off the registry; its records stay."""
    services.close_subject(
        number=number, seen=body.version, closed_on=body.closed_on, reason=body.reason, by=request.auth,
        at=timezone.now(),
    )  # fmt: skip
    return _again(number, request)


@router.post("/subjects/{number}/reopen", response={200: SubjectOut, 403: Refusal, 404: Refusal, 409: Refusal})
def reopen_subject(request: ApiRequest, number: str, body: ReopenIn) -> dict[str, Any]:
    """Bring back a subject that had left."""
    services.reopen_subject(number=number, seen=body.version, by=request.auth, at=timezone.now())
    return _again(number, request)
