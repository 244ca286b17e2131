"""Reports: signed once, never changed; withdrawn, and issued anew."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.serials import take
from nongan.journal.services import Act, record, record_many
from nongan.laboratory.models import Report, Serial, Specimen, Test
from nongan.laboratory.queries.judging import judgements_of
from nongan.laboratory.queries.reports import reports_visible_to
from nongan.laboratory.queries.specimens import specimens_visible_to, tests_of
from nongan.laboratory.rules.codes import report_number, report_prefix
from nongan.laboratory.rules.entry import read
from nongan.laboratory.rules.report import (
    Content,
    Item,
    Judgement,
    Limit,
    Verdict,
    canonical,
    check_decided,
    check_in_force,
    check_unchanged,
    digest_of,
)
from nongan.laboratory.rules.states import SpecimenState, check_move, check_reason, check_signatory
from nongan.laboratory.services.judging import change
from nongan.laboratory.services.review import analysts, locked, reopen

if TYPE_CHECKING:
    from nongan.accounts.models import User


@transaction.atomic
def sign(*, seen: Mapping[str, int], by: "User", at: datetime) -> list[Report]:
    """Issue the reports of verified specimens, as many as one likes at once: all, or none.

    `seen`: blind code → version that lay before the eyes. Limits that changed since the results were handed in are
    refused, not applied unseen. Raises Stale, MoveNotAllowed, SamePerson, Undecided, LimitsChanged.
    """
    specimens = locked(seen, by, Permission.REPORT_SIGN)
    tests = list(tests_of(specimens))
    mine: dict[int, list[Test]] = {}
    for test in tests:
        mine.setdefault(test.specimen_id, []).append(test)
    people = analysts(tests)
    for specimen in specimens:
        check_move(specimen.code, specimen.state, SpecimenState.SIGNED)
        check_signatory(specimen.code, by.pk, people.get(specimen.pk, set()))
        undecided = [(t.analyte.name, t.reason) for t in mine[specimen.pk] if t.verdict == Verdict.UNDECIDED]
        check_decided(specimen.code, undecided)
    _check_limits(specimens, tests)
    reports = Report.objects.bulk_create(_reports(specimens, mine, by, at))
    change(specimens, state=SpecimenState.SIGNED)
    _record_signed(reports, specimens, by, at)
    return reports


def _check_limits(specimens: Sequence[Specimen], tests: Sequence[Test]) -> None:
    now = judgements_of(specimens, tests)
    codes = {specimen.pk: specimen.code for specimen in specimens}
    for test in tests:
        check_unchanged(codes[test.specimen_id], test.analyte.name, judgement_of(test), now[test.pk])


def judgement_of(test: Test) -> Judgement:
    """The judgement that is kept on a test; an item left unjudged is undecided underneath."""
    return Judgement(
        verdict=Verdict.UNDECIDED if test.unjudged_reason else test.verdict, reason=test.reason, path=test.path,
        limit=Limit(**test.limit) if test.limit else None, forbidden=test.forbidden, found_banned=test.found_banned,
    )  # fmt: skip


def _reports(
    specimens: Sequence[Specimen], tests: Mapping[int, Sequence[Test]], by: "User", at: datetime
) -> list[Report]:
    """One for each specimen, numbered without a gap, each replacing the withdrawn one before it."""
    year = timezone.localdate(at).year
    numbers = iter(_numbers(year, len(specimens)))
    earlier = Report.objects.filter(specimen__in=specimens).order_by("revision")
    last = {report.specimen_id: report for report in earlier}
    reports = []
    for specimen in specimens:
        before = last.get(specimen.pk)
        content = canonical(_content(specimen, tests[specimen.pk], before, by, at))
        reports.append(
            Report(
                number=next(numbers), specimen=specimen, revision=before.revision + 1 if before else 1,
                replaces=before, verdict=specimen.verdict, banned=specimen.banned, content=content,
                digest=digest_of(content), signed_by=by, signed_at=at,
            )
        )  # fmt: skip
    return reports


def _numbers(year: int, count: int) -> list[str]:
    """The next numbers of a year. The row of the counter stays locked until the reports are there: no gaps."""
    return [report_number(year, n) for n in take(Serial, report_prefix(year), count)]


def _content(specimen: Specimen, tests: Sequence[Test], before: Report | None, by: "User", at: datetime) -> Content:
    analysts_named = dict.fromkeys(test.entered_by.full_name for test in tests if test.entered_by)
    return Content(
        code=specimen.code,
        commodity=specimen.commodity_id,
        commodity_name=specimen.commodity.name,
        produced_on=specimen.produced_on.isoformat() if specimen.produced_on else "",
        sampled_on=specimen.sampled_on.isoformat(),
        received_on=timezone.localdate(specimen.received_at).isoformat(),
        laboratory=specimen.laboratory.name,
        entered_by=tuple(analysts_named),
        verified_by=specimen.verified_by.full_name if specimen.verified_by else "",
        verified_on=timezone.localdate(specimen.verified_at).isoformat() if specimen.verified_at else "",
        signed_by=by.full_name,
        signed_on=timezone.localdate(at).isoformat(),
        replaces=before.number if before else "",
        items=tuple(_item(test) for test in tests),
    )


def _item(test: Test) -> Item:
    reading, _faults = read(test.typed)
    assert reading is not None, "submitted results are whole"
    judgement = judgement_of(test)
    return Item(
        analyte=test.analyte_id, name=test.analyte.name, typed=test.text, result=reading.text, unit=reading.unit,
        lod=test.lod, loq=test.loq, method=test.method,
        tested_on=test.tested_on.isoformat() if test.tested_on else "", detected=reading.detected,
        verdict=test.verdict, reason=judgement.reason, path=judgement.path, limit=judgement.limit,
        forbidden=judgement.forbidden, found_banned=judgement.found_banned, unjudged_reason=test.unjudged_reason,
        qualitative=reading.qualitative,
    )  # fmt: skip


def _record_signed(reports: Sequence[Report], specimens: Sequence[Specimen], by: "User", at: datetime) -> None:
    places = {specimen.pk: specimen.laboratory.division_id for specimen in specimens}
    acts = []
    for report in reports:
        details = {
            "specimen": report.specimen_id, "code": report.specimen.code, "report": report.number,
            "verdict": report.verdict, "banned": report.banned, "digest": report.digest, "note": report.number,
        }  # fmt: skip
        acts.append(Act("laboratory.report.signed", report.specimen, details, places[report.specimen_id]))
    record_many(acts, by=by, at=at)


@transaction.atomic
def withdraw_report(*, number: str, reason: str, by: "User", at: datetime) -> Report:
    """Take a signed report back, with the reason, so that the results can be corrected and a new report replaces it
    (RB/T 214-2017, 4.5.26: a revised report names the one that it replaces). The old one stays readable for ever.

    Raises Withdrawn, ReasonMissing.
    """
    report = reports_visible_to(by).select_for_update(of=("self",)).get(number=number)
    specimen = specimens_visible_to(by).select_for_update(of=("self",)).get(pk=report.specimen_id)
    require(by, Permission.REPORT_SIGN)
    words = check_reason(reason)
    check_in_force(number, report.withdrawn_at is not None)
    check_move(specimen.code, specimen.state, SpecimenState.RECEIVED)
    report.withdrawn_by, report.withdrawn_at, report.withdrawn_reason = by, at, words
    report.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    reopen([specimen], words)
    record(
        "laboratory.report.withdrawn", on=specimen, by=by, at=at, division=specimen.laboratory.division_id,
        specimen=specimen.pk, code=specimen.code, report=number, note=f"{number}：{words}",
    )  # fmt: skip
    return report
