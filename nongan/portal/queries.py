"""What everybody may read: published results, and how many there are. Nothing else leaves by this door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count, Q, QuerySet

from nongan.common.quantity import percent
from nongan.laboratory.queries import ReportCard, ReportItem, reports_of
from nongan.monitoring.queries import published
from nongan.standards.queries import find_commodity, pick_commodities

COUNTED_FOR = 300  # seconds
MOST_FOODS = 50
BY_PLAN = ("routine", "supervision")
Row = dict[str, Any]


class NotPublished(ObjectDoesNotExist):
    """There is no such result, or it is not for everybody (yet)."""


@dataclass(frozen=True)
class Result:
    """A published result: the sample as a row of `monitoring.queries.published`, and what was found in it."""

    sample: Row
    items: tuple[ReportItem, ...]
    laboratory: str

    @property
    def failing(self) -> list[ReportItem]:
        return [item for item in self.items if item.verdict == "fail"]


@dataclass(frozen=True)
class Standing:
    """How many results of a year's sampling by plan are published, how many of them pass; until when this was counted.
    Risk monitoring is aimed at suspect produce: as in the indicator `pass_rate`, it does not count."""

    year: int
    total: int
    passing: int
    at: datetime

    @property
    def failing(self) -> int:
        return self.total - self.passing

    @property
    def rate(self) -> str:
        """Percent, cut and never rounded up; blank where nothing is published."""
        return percent(self.passing, self.total) if self.total else ""


def results(
    *, division: str, food: str = "", verdict: str = "", by_plan: bool = False, since: date | None = None,
    until: date | None = None,
) -> "QuerySet[Any, Row]":  # fmt: skip
    """Published results of a division. `food`: a code or a part of a name; `by_plan`: as they are counted, without
    risk monitoring. List them in the order NEWEST."""
    rows = published(division=division, verdict=verdict)
    rows = rows.filter(kind__in=BY_PLAN) if by_plan else rows
    rows = rows.filter(commodity_id__in=foods_named(food)) if food else rows
    rows = rows.filter(sampled_on__gte=since) if since else rows
    return rows.filter(sampled_on__lte=until) if until else rows


def foods_named(text: str) -> list[str]:
    """The codes of the food of that name, or of all foods that the text may mean."""
    code = find_commodity(text)
    return [code] if code else [found for found, _label in pick_commodities(text, MOST_FOODS)]


def with_items(rows: Sequence[Row]) -> list[Result]:
    """The findings of the rows of a page: one query for all."""
    reports = reports_of([row["specimen_id"] for row in rows])
    return [_result(row, reports.get(row["specimen_id"])) for row in rows]


def result(number: str, *, division: str) -> Result:
    """One published result by the number of its sample. Raises NotPublished."""
    row = published(division=division).filter(number=number).first()
    if row is None:
        raise NotPublished(number)
    return with_items([row])[0]


def _result(row: Row, report: ReportCard | None) -> Result:
    """Only the report that was published: one that is withdrawn says nothing any more."""
    if report is None or report.number != row["report"]:
        return Result(row, (), "")
    return Result(row, report.items, report.laboratory)


def standing(division: str, at: datetime) -> Standing:
    """The published results of this year, counted anew every five minutes."""
    key = f"portal.standing.{division}.{at.year}"
    found: Standing | None = cache.get(key)
    if found is None:
        rows = results(division=division, by_plan=True, since=date(at.year, 1, 1))
        count = rows.order_by().values("state").aggregate(total=Count("id"), passing=Count("id", Q(verdict="pass")))
        found = Standing(at.year, count["total"], count["passing"], at)
        cache.set(key, found, COUNTED_FOR)
    return found
