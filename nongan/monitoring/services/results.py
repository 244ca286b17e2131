"""What the laboratory says of a sample: its report is followed, its refusal brings the sample back."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from nongan.journal.services import Act, record, record_many
from nongan.laboratory.queries import ReportCard, reports_of
from nongan.monitoring.models import Sample
from nongan.monitoring.rules import CONCLUDED, SampleState, check_move, finding_of

JUDGEMENT = ["state", "report", "verdict", "banned", "tested_banned", "quantitative", "finding", "judged_at",
             "published_at", "version"]  # fmt: skip


@transaction.atomic
def follow_reports(*, specimen_ids: Collection[int], by: str, at: datetime) -> list[Sample]:
    """Bring samples to what the laboratory's reports in force say; those where there was something to do come back.

    It looks at how things stand, not at what was told: told twice, late or in another order, the end is the same.
    A signed report judges the sample. A withdrawn one sends it back to “being tested” and takes its result out of the
    public eye. A report that replaces another does both. A void sample stays void.
    However many samples: a few statements.
    """
    reports = reports_of(specimen_ids)
    standing = Sample.objects.select_for_update().filter(specimen__in=specimen_ids).exclude(state=SampleState.VOID)
    changed: list[Sample] = []
    acts: list[Act] = []
    for sample in standing.order_by("pk"):
        report = reports.get(sample.specimen_id or 0)
        if sample.report == (report.number if report else ""):
            continue
        if sample.state in CONCLUDED:
            acts.append(_reopen(sample))
        if report is not None:
            acts.append(_judge(sample, report))
        sample.version += 1
        changed.append(sample)
    Sample.objects.bulk_update(changed, JUDGEMENT, batch_size=200)
    if acts:
        record_many(acts, by=by, at=at)
    return changed


def _reopen(sample: Sample) -> Act:
    check_move(sample.state, SampleState.SENT, sample.number)
    withdrawn, was = sample.report, sample.verdict
    sample.state, sample.report, sample.verdict, sample.finding = SampleState.SENT, "", "", ""
    sample.banned, sample.tested_banned, sample.quantitative = False, False, True
    sample.judged_at, sample.published_at = None, None
    details = {"sample": sample.pk, "number": sample.number, "report": withdrawn, "verdict": was, "note": withdrawn}
    return Act("monitoring.sample.reopened", sample, details)


def _judge(sample: Sample, report: ReportCard) -> Act:
    """Copy what the report says. Of screening tests (快速检测) alone: the sample is no quantitative one."""
    check_move(sample.state, SampleState.JUDGED, sample.number)
    sample.state, sample.report, sample.verdict = SampleState.JUDGED, report.number, report.verdict
    sample.banned, sample.tested_banned = report.banned, report.tested_banned
    sample.quantitative = report.quantitative
    failing = [item for item in report.items if item.verdict == "fail"]
    sample.finding = finding_of((item.analyte, item.result, item.limit, item.banned) for item in failing)
    sample.judged_at = report.signed_at
    note = "：".join(filter(None, [str(sample.get_verdict_display()), sample.finding]))
    details = {
        "sample": sample.pk, "number": sample.number, "verdict": sample.verdict, "banned": sample.banned,
        "report": sample.report, "note": note,
    }  # fmt: skip
    return Act("monitoring.sample.judged", sample, details)


@transaction.atomic
def take_back(*, specimen_id: int, why: str, by: str, at: datetime) -> Sample | None:
    """The laboratory refused the specimen: the sample waits to be sent again. None where that is done already."""
    sample = Sample.objects.select_for_update().filter(specimen=specimen_id, state=SampleState.SENT).first()
    if sample is None:
        return None
    check_move(sample.state, SampleState.TAKEN, sample.number)
    sample.state, sample.specimen, sample.sent_at, sample.returned = SampleState.TAKEN, None, None, why
    sample.version += 1
    sample.save(update_fields=["state", "specimen", "sent_at", "returned", "version"])
    record("monitoring.sample.returned", on=sample, by=by, at=at, sample=sample.pk, number=sample.number, note=why)
    return sample
