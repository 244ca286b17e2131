"""Limits for systems: listed, added, corrected, ended."""

from datetime import date
from typing import Any

from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.api import Refusal
from nongan.common.http import ApiRequest
from nongan.common.keyset import keyset_page
from nongan.standards import services
from nongan.standards.api.shapes import PRINTABLE, Name, Note, Short, Told, Word, food_of, item_of
from nongan.standards.models import Limit
from nongan.standards.queries import lists

router = Router()


class LimitsIn(Schema):
    item: Word = ""
    food: Word = Field("", description="Finds also the rows of the categories that the food stands under.")
    edition: Word = ""
    on: date | None = Field(None, description="Only rows in force on this day.")
    at: str = ""


class LimitOut(Schema):
    id: int
    edition: str
    valid_from: date
    valid_to: date | None
    demonstration: bool
    analyte: str
    analyte_name: str
    commodity: str
    commodity_name: str
    exclusions: list[str]
    limit: str
    food_text: str
    condition: str
    note: str
    source: str
    version: int


class LimitIn(Schema):
    """A limit as the standard has it. Names and codes are both understood."""

    item: Name
    food: Name
    limit: str = Field(
        min_length=1, max_length=60, pattern=PRINTABLE, examples=["≤0.05 mg/kg", "不得检出"],
        description="A number, a range (6.5~8.5), ≥ a minimum, 不得检出, 不得使用 or —; a trailing * is temporary.",
    )  # fmt: skip
    unit: Word = Field("", description="Of a limit without its own.")
    exclusions: list[Name] = Field([], max_length=100, description="Foods that it does not hold for.")
    food_text: Note = Field("", description="The food in the words of the standard.")
    condition: Short = ""
    note: Note = ""
    valid_from: date | None = Field(None, description="Where it begins later than its edition.")
    valid_to: date | None = Field(None, description="Where it ends earlier than its edition.")
    source: Told
    reason: Told


class NewLimitIn(LimitIn):
    edition: int = Field(description="`id` of the edition.", ge=1, lt=2**63)


class ChangedLimitIn(LimitIn):
    version: int = Field(description="The version that was read.", ge=0, lt=2**31)


class EndedLimitIn(Schema):
    valid_to: date | None = Field(description="The last day on which it holds; null: as long as its edition.")
    source: Told
    reason: Told
    version: int = Field(description="The version that was read.", ge=0, lt=2**31)


class LimitsOut(Schema):
    items: list[LimitOut]
    next: str


def _limit(limit: Limit) -> dict[str, Any]:
    edition, span = limit.edition, limit.validity
    fields = ("food_text", "condition", "note", "version")
    return {name: getattr(limit, name) for name in fields} | {
        "id": limit.pk,
        "edition": edition.code,
        "valid_from": span.valid_from,
        "valid_to": span.valid_to,
        "demonstration": edition.demonstration,
        "analyte": limit.analyte_id,
        "analyte_name": limit.analyte.name,
        "commodity": limit.commodity_id,
        "commodity_name": limit.commodity.name,
        "exclusions": [food.name for food in limit.exclusions.all()],
        "limit": str(limit.bounds),
        "source": limit.source or edition.source,
    }


@router.get("/limits", response=LimitsOut)
def list_limits(request: ApiRequest, query: Query[LimitsIn]) -> dict[str, Any]:
    """Limits by item, food, edition and day, in pages."""
    require(request.auth, Permission.STANDARDS_VIEW)
    rows = lists.limits_like(item=query.item, food=query.food, edition=query.edition, on=query.on)
    found = keyset_page(rows, order=lists.LIMIT_ORDER, at=query.at)
    return {"items": [_limit(limit) for limit in found.rows], "next": found.next}


@router.get("/limits/{limit_id}", response={200: LimitOut, 404: Refusal})
def get_limit(request: ApiRequest, limit_id: int) -> dict[str, Any]:
    """One limit, with the version that a correction must name."""
    require(request.auth, Permission.STANDARDS_VIEW)
    return _limit(lists.limits().get(pk=limit_id))


@router.post("/limits", response={201: LimitOut, 403: Refusal, 404: Refusal, 409: Refusal})
def add_limit(request: ApiRequest, body: NewLimitIn) -> Status[dict[str, Any]]:
    """Add one limit to a loaded edition."""
    require(request.auth, Permission.STANDARDS_EDIT)
    added = services.add_limit(
        edition_id=body.edition, facts=_facts(body), reason=body.reason, by=request.auth, at=timezone.now()
    )
    return Status(201, _limit(lists.limits().get(pk=added.pk)))


@router.put("/limits/{limit_id}", response={200: LimitOut, 403: Refusal, 404: Refusal, 409: Refusal})
def change_limit(request: ApiRequest, limit_id: int, body: ChangedLimitIn) -> dict[str, Any]:
    """Correct one limit; verdicts that were given keep the limit that they used."""
    require(request.auth, Permission.STANDARDS_EDIT)
    services.change_limit(
        limit_id=limit_id, facts=_facts(body), reason=body.reason, seen=body.version, by=request.auth,
        at=timezone.now(),
    )  # fmt: skip
    return _limit(lists.limits().get(pk=limit_id))


@router.post("/limits/{limit_id}/end", response={200: LimitOut, 403: Refusal, 404: Refusal, 409: Refusal})
def end_limit(request: ApiRequest, limit_id: int, body: EndedLimitIn) -> dict[str, Any]:
    """Say until which day one limit holds."""
    services.end_limit(
        limit_id=limit_id, valid_to=body.valid_to, source=body.source, reason=body.reason, seen=body.version,
        by=request.auth, at=timezone.now(),
    )  # fmt: skip
    return _limit(lists.limits().get(pk=limit_id))


def _facts(body: LimitIn) -> services.LimitFacts:
    told = body.dict(include={"limit", "unit", "food_text", "condition", "note", "valid_from", "valid_to", "source"})
    exclusions = tuple(food_of(name) for name in body.exclusions)
    return services.LimitFacts(item=item_of(body.item), food=food_of(body.food), exclusions=exclusions, **told)
