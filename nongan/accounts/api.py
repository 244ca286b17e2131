"""Who am I, and who is who, for systems. Everything here is read; people are managed on the pages."""

from typing import Any

from ninja import Query, Router, Schema

from nongan.accounts import queries
from nongan.accounts.models import Organisation, OrganisationKind, User
from nongan.accounts.rules import Permission, Role
from nongan.accounts.services import require
from nongan.common.api import DivisionCode, Refusal, Text, Token
from nongan.common.divisions import within
from nongan.common.http import ApiRequest
from nongan.common.keyset import keyset_page

router = Router(tags=["accounts"])


class MeOut(Schema):
    username: str
    full_name: str
    role: Role
    organisation: str
    division: str
    subject_number: str
    permissions: list[Permission]


class OrganisationOut(Schema):
    id: int
    name: str
    aliases: list[str]
    kind: OrganisationKind
    division: str
    active: bool


class OrganisationsOut(Schema):
    items: list[OrganisationOut]
    next: str


class PersonOut(Schema):
    id: int
    username: str
    full_name: str
    role: Role
    organisation: int | None
    division: str
    active: bool


class PeopleOut(Schema):
    items: list[PersonOut]
    next: str


class ListIn(Schema):
    text: Text = ""
    division: DivisionCode = ""
    at: Token = ""


class OrganisationsIn(ListIn):
    kind: OrganisationKind | None = None


class PeopleIn(ListIn):
    role: Role | None = None


@router.get("/me", response=MeOut)
def who_am_i(request: ApiRequest) -> dict[str, Any]:
    """The person for whom you speak, and what that person may do."""
    me = request.auth
    return {
        "username": me.username, "full_name": me.full_name, "role": me.role, "division": me.scope,
        "organisation": str(me.organisation or ""), "subject_number": me.subject_number,
        "permissions": [permission for permission in Permission if me.may(permission)],
    }  # fmt: skip


@router.get("/organisations", response={200: OrganisationsOut, 403: Refusal})
def list_organisations(request: ApiRequest, query: Query[OrganisationsIn]) -> dict[str, Any]:
    """Organisations of your division, by division and name; `text` is a part of the name or of a former name."""
    require(request.auth, Permission.ACCOUNT_VIEW)
    rows = queries.organisations_visible_to(request.auth)
    rows = queries.organisations_matching(rows, query.text) if query.text else rows
    rows = rows.filter(within("division_id", query.division)) if query.division else rows
    rows = rows.filter(kind=query.kind) if query.kind else rows
    found = keyset_page(rows, order=("division_id", "name", "pk"), at=query.at)
    return {"items": [_organisation(o) for o in found.rows], "next": found.next}


@router.get("/organisations/{organisation_id}", response={200: OrganisationOut, 403: Refusal, 404: Refusal})
def get_organisation(request: ApiRequest, organisation_id: int) -> dict[str, Any]:
    require(request.auth, Permission.ACCOUNT_VIEW)
    return _organisation(queries.organisations_visible_to(request.auth).get(pk=organisation_id))


@router.get("/people", response={200: PeopleOut, 403: Refusal})
def list_people(request: ApiRequest, query: Query[PeopleIn]) -> dict[str, Any]:
    """People of your division, by user name; `text` is a part of the name or user name. No telephone numbers."""
    require(request.auth, Permission.ACCOUNT_VIEW)
    rows = queries.people_visible_to(request.auth)
    rows = queries.people_matching(rows, query.text) if query.text else rows
    rows = rows.filter(within("division_id", query.division)) if query.division else rows
    rows = rows.filter(role=query.role) if query.role else rows
    found = keyset_page(rows, order=("username",), at=query.at)
    return {"items": [_person(p) for p in found.rows], "next": found.next}


@router.get("/people/{person_id}", response={200: PersonOut, 403: Refusal, 404: Refusal})
def get_person(request: ApiRequest, person_id: int) -> dict[str, Any]:
    require(request.auth, Permission.ACCOUNT_VIEW)
    return _person(queries.people_visible_to(request.auth).get(pk=person_id))


def _organisation(found: Organisation) -> dict[str, Any]:
    fields = ("name", "aliases", "kind", "active")
    return {name: getattr(found, name) for name in fields} | {"id": found.pk, "division": found.division_id}


def _person(found: User) -> dict[str, Any]:
    fields = ("username", "full_name", "role")
    return {name: getattr(found, name) for name in fields} | {
        "id": found.pk, "organisation": found.organisation_id, "division": found.scope, "active": found.is_active,
    }  # fmt: skip
