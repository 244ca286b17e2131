"""Signed reports: for the laboratory's own people, and as values for the contexts above."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from nongan.accounts.rules import Permission
from nongan.laboratory.models import Report
from nongan.laboratory.rules.report import Content, Item, content_from, digest_of

if TYPE_CHECKING:
    from nongan.accounts.models import User


@dataclass(frozen=True)
class ReportItem:
    """One line of a report. `result` and `limit` are as printed, with unit; `limit` is blank where there is none.

    `verdict`: pass, fail or unjudged. `forbidden`: the substance may not be used on this food at all;
    `banned`: it was found. `path`: how the limit was found, in words. `reason`: why this verdict.
    """

    analyte: str
    code: str
    result: str
    limit: str
    verdict: str
    path: str
    reason: str
    forbidden: bool
    banned: bool


@dataclass(frozen=True)
class ReportCard:
    """A report in force. `specimen` is the key, `code` the blind code. `tested_banned`: it has a forbidden item.
    `quantitative`: at least one item is of a quantitative test, not of screening."""

    number: str
    revision: int
    specimen: int
    code: str
    laboratory: str
    signed_at: datetime
    verdict: str
    banned: bool
    tested_banned: bool
    quantitative: bool
    items: tuple[ReportItem, ...]


def report_of(specimen_id: int) -> ReportCard | None:
    """The report in force on a specimen; None before it is signed, and after it is withdrawn."""
    return reports_of([specimen_id]).get(specimen_id)


def reports_of(specimen_ids: Collection[int]) -> dict[int, ReportCard]:
    """Specimen → report in force, in one query."""
    found = Report.objects.filter(specimen__in=specimen_ids, withdrawn_at__isnull=True)
    return {report.specimen_id: _card(report) for report in found}


def reports_visible_to(user: "User") -> "QuerySet[Report]":
    """Reports of the own laboratory, the withdrawn ones too."""
    if not user.may(Permission.SPECIMEN_VIEW) or user.organisation_id is None:
        return Report.objects.none()
    mine = Report.objects.filter(specimen__laboratory_id=user.organisation_id)
    return mine.select_related("specimen", "replaces", "replaced_by", "signed_by", "withdrawn_by")


def replacing(report: Report) -> Report | None:
    """The report that was issued in place of a withdrawn one, once it is."""
    found: Report | None = getattr(report, "replaced_by", None)
    return found


def content_of(report: Report) -> Content:
    return content_from(report.content)


def is_intact(report: Report) -> bool:
    """Does the stored content still give the digest that was journalled when it was signed?"""
    return digest_of(report.content) == report.digest


def _card(report: Report) -> ReportCard:
    content = content_of(report)
    items = tuple(_item(item) for item in content.items)
    return ReportCard(
        number=report.number, revision=report.revision, specimen=report.specimen_id, code=content.code,
        laboratory=content.laboratory, signed_at=report.signed_at, verdict=report.verdict, banned=report.banned,
        tested_banned=any(item.forbidden for item in items),
        quantitative=any(not item.qualitative for item in content.items), items=items,
    )  # fmt: skip


def _item(item: Item) -> ReportItem:
    return ReportItem(
        analyte=item.name, code=item.analyte, result=item.result_text, limit=item.limit_text, verdict=item.verdict,
        path=item.path, reason=item.unjudged_reason or item.reason, forbidden=item.forbidden, banned=item.found_banned,
    )  # fmt: skip
