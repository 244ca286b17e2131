"""The law for systems: look-up, judging, bans, editions. Names and codes are both understood."""

from datetime import date
from typing import Any

from ninja import Field, Query, Router, Schema

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.api import Refusal
from nongan.common.http import ApiRequest
from nongan.common.keyset import keyset_page
from nongan.standards import queries
from nongan.standards.api.shapes import Name, Word, food_of, item_of
from nongan.standards.models import Ban, Edition
from nongan.standards.queries import lists
from nongan.standards.queries.judging import Written, judge_written
from nongan.standards.rules import BanStatus, Judgement, Verdict

router = Router()
MOST_JUDGED = 1000


class SnapshotOut(Schema):
    """The limit as it stood: what a verdict keeps."""

    text: str
    form: str
    value: str
    unit: str
    edition: str
    validity: str
    commodity: str
    food_text: str
    condition: str
    temporary: bool
    demonstration: bool
    note: str
    source: str
    row: str


class JudgementOut(Schema):
    verdict: Verdict
    reason: str
    path: list[str]
    limit: SnapshotOut | None
    forbidden: bool
    banned: bool


class LookUpIn(Schema):
    food: Name = Field(description="Code, name or synonym.", examples=["豇豆"])
    item: Name = Field(description="Code, name or synonym.", examples=["克百威"])
    on: date = Field(description="Day of production, else of sampling.")
    result: Word = Field("", description="Judged where given: “0.03”, “未检出”, “<0.01 mg/kg”.")
    unit: Word = Field("mg/kg", description="Of a result and a detection limit without their own.")
    lod: Word = Field("", description="Detection limit of the method.")


class GroundOut(Schema):
    limit: SnapshotOut
    way: list[str]
    words: str
    exclusions: list[str]


class BanOut(Schema):
    analyte: str
    status: BanStatus
    everywhere: bool
    scope: str
    valid_from: date
    valid_to: date | None
    basis: str
    demonstration: bool


class AnswerOut(Schema):
    food: str
    food_name: str
    analyte: str
    analyte_name: str
    on: date
    why: str
    answer: str
    words: str
    grounds: list[GroundOut]
    forbidden: BanOut | None
    demonstration: bool
    judgement: JudgementOut | None


class WrittenIn(Schema):
    food: Name
    item: Name
    result: Word
    unit: Word = ""
    lod: Word = ""
    produced_on: date | None = None
    sampled_on: date | None = None


class WrittenResultsIn(Schema):
    results: list[WrittenIn] = Field(min_length=1, max_length=MOST_JUDGED)


class BansIn(Schema):
    item: Word = ""
    food: Word = ""
    status: BanStatus | None = None
    on: date | None = None
    at: str = ""


class BanRowOut(BanOut):
    id: int
    analyte_name: str
    listed_as: str
    note: str
    confidence: str
    source: str


class BansOut(Schema):
    items: list[BanRowOut]
    next: str


class EditionOut(Schema):
    id: int
    code: str
    title: str
    valid_from: date
    valid_to: date | None
    authority: str
    complete: bool
    demonstration: bool
    rows: int
    source: str


class EditionsOut(Schema):
    items: list[EditionOut]
    next: str


def _judgement(found: Judgement) -> dict[str, Any]:
    limit = found.limit.as_dict() if found.limit else None
    told = {name: getattr(found, name) for name in ("verdict", "reason", "forbidden", "banned")}
    return told | {"path": list(found.path), "limit": limit}


def _ban(ban: Any) -> dict[str, Any]:
    """A ban as a value of the law or as a row of the table."""
    analyte = ban.analyte_id if isinstance(ban, Ban) else ban.analyte
    fields = ("status", "everywhere", "valid_from", "valid_to", "basis", "demonstration")
    return {name: getattr(ban, name) for name in fields} | {"analyte": analyte, "scope": ban.scope_text}


@router.get("/look-up", response={200: AnswerOut, 409: Refusal})
def look_up(request: ApiRequest, query: Query[LookUpIn]) -> dict[str, Any]:
    """The limit of an item in a food on a day, with the way to it, and the verdict on a result."""
    require(request.auth, Permission.STANDARDS_VIEW)
    answer = queries.look_up(
        food=food_of(query.food), analyte=item_of(query.item), on=query.on, result=query.result, unit=query.unit,
        lod=query.lod,
    )  # fmt: skip
    fields = ("food", "food_name", "analyte", "analyte_name", "on", "words", "demonstration")
    return {name: getattr(answer, name) for name in fields} | {
        "why": answer.why.value,
        "answer": answer.large,
        "grounds": [
            {"limit": g.limit.as_dict(), "way": list(g.way), "words": g.words, "exclusions": list(g.exclusions)}
            for g in answer.grounds
        ],
        "forbidden": _ban(answer.forbidden) if answer.forbidden else None,
        "judgement": _judgement(answer.judgement) if answer.judgement else None,
    }


@router.post("/judge", response={200: list[JudgementOut], 409: Refusal})
def judge(request: ApiRequest, body: WrittenResultsIn) -> list[dict[str, Any]]:
    """Judge up to 1,000 results, in their order. What is not understood is `undecided`, never `pass`."""
    require(request.auth, Permission.STANDARDS_VIEW)
    return [_judgement(found) for found in judge_written(Written(**dict(one)) for one in body.results)]


@router.get("/bans", response=BansOut)
def list_bans(request: ApiRequest, query: Query[BansIn]) -> dict[str, Any]:
    """Banned, stopped and restricted substances, in pages."""
    require(request.auth, Permission.STANDARDS_VIEW)
    rows = lists.bans_like(item=query.item, food=query.food, status=query.status or "", on=query.on)
    found = keyset_page(rows, order=lists.BAN_ORDER, at=query.at)
    fields = ("listed_as", "note", "confidence", "source")
    items = [
        _ban(ban) | {name: getattr(ban, name) for name in fields} | {"id": ban.pk, "analyte_name": ban.analyte.name}
        for ban in found.rows
    ]
    return {"items": items, "next": found.next}


@router.get("/editions", response=EditionsOut)
def list_editions(request: ApiRequest, at: str = "") -> dict[str, Any]:
    """Editions that are loaded, with their validity."""
    require(request.auth, Permission.STANDARDS_VIEW)
    found = keyset_page(lists.editions(), order=lists.EDITION_ORDER, at=at)
    return {"items": [_edition(one) for one in found.rows], "next": found.next}


def _edition(one: Edition) -> dict[str, Any]:
    fields = ("code", "title", "valid_from", "valid_to", "authority", "complete", "demonstration", "rows", "source")
    return {name: getattr(one, name) for name in fields} | {"id": one.pk}
