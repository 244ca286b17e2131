"""For everybody, without a token: published results and the limit look-up."""

from datetime import date
from typing import Any, Literal

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from nongan.common.api import DivisionCode, Refusal, Text, Token
from nongan.common.divisions import covers
from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest
from nongan.common.keyset import keyset_page
from nongan.monitoring.queries import NEWEST
from nongan.portal import queries
from nongan.standards import queries as standards

router = Router(tags=["public"])


class NotThere(RuleBroken):
    """No food or item goes by this name."""

    code = "name_unknown"


class PublicItemOut(Schema):
    item: str
    result: str
    limit: str
    verdict: str


class PublicResultOut(Schema):
    number: str
    product: str
    subject: str
    division: str
    sampled_on: date
    produced_on: date | None
    verdict: str
    finding: str
    report: str
    published_on: date


class PublicResultWholeOut(PublicResultOut):
    laboratory: str
    items: list[PublicItemOut]


class PublicResultsOut(Schema):
    items: list[PublicResultOut]
    next: str


class PublicResultsIn(Schema):
    food: Text = Field("", description="Code, name, or part of a name.")
    division: DivisionCode = Field("", description="Full code of a division of the city.")
    verdict: Literal["", "pass", "fail"] = ""
    since: date | None = None
    until: date | None = None
    at: Token = ""


class PublicLookUpIn(Schema):
    food: Text = Field(description="Code, name or synonym.", examples=["豇豆"])
    item: Text = Field(description="Code, name or synonym.", examples=["克百威"])
    on: date | None = Field(None, description="Day of production; today where it is left out.")


class PublicAnswerOut(Schema):
    food: str
    item: str
    on: date
    answer: str
    words: str
    editions: list[str]
    forbidden: bool
    demonstration: bool


@router.get("/results", response=PublicResultsOut, auth=None)
def list_published_results(request: PageRequest, query: Query[PublicResultsIn]) -> dict[str, Any]:
    """Published results of official sampling, newest first."""
    inside = covers(settings.CITY, query.division)
    rows = queries.results(
        division=query.division if inside else settings.CITY, food=query.food, verdict=query.verdict,
        since=query.since, until=query.until,
    )  # fmt: skip
    rows = rows if inside or not query.division else rows.none()
    found = keyset_page(rows, order=NEWEST, at=query.at)
    return {"items": [_result(row) for row in found.rows], "next": found.next}


@router.get("/results/{number}", response={200: PublicResultWholeOut, 404: Refusal}, auth=None)
def get_published_result(request: PageRequest, number: str) -> dict[str, Any]:
    """A published result with every item tested."""
    found = queries.result(number, division=settings.CITY)
    items = [{"item": i.analyte, "result": i.result, "limit": i.limit, "verdict": i.verdict} for i in found.items]
    return _result(found.sample) | {"laboratory": found.laboratory, "items": items}


@router.get("/look-up", response={200: PublicAnswerOut, 409: Refusal}, auth=None)
def look_up_limit(request: PageRequest, query: Query[PublicLookUpIn]) -> dict[str, Any]:
    """The limit of an item in a food on a day."""
    food, item = standards.find_commodity(query.food), standards.find_analyte(query.item)
    if food is None or item is None:
        raise NotThere(_("没有找到“%(text)s”。请用编码或标准中的名称。") % {"text": query.item if food else query.food})
    answer = standards.look_up(food=food, analyte=item, on=query.on or timezone.localdate())
    return {
        "food": answer.food_name, "item": answer.analyte_name, "on": answer.on, "answer": answer.large,
        "words": answer.words, "editions": sorted({ground.limit.edition for ground in answer.grounds}),
        "forbidden": answer.forbidden is not None, "demonstration": answer.demonstration,
    }  # fmt: skip


def _result(row: dict[str, Any]) -> dict[str, Any]:
    fields = ("number", "sampled_on", "produced_on", "verdict", "finding", "report")
    return {name: row[name] for name in fields} | {
        "product": row["commodity_name"], "subject": row["subject_name"], "division": row["division_name"],
        "published_on": timezone.localdate(row["published_at"]),
    }  # fmt: skip
