"""What the laboratory says of a sample: its report is followed, its refusal brings the sample back."""

from datetime import datetime

from django.db import transaction

from nongan.journal.services import record
from nongan.laboratory.queries import ReportCard, report_of
from nongan.monitoring.models import Sample
from nongan.monitoring.rules import CONCLUDED, SampleState, check_move, finding_of

JUDGEMENT = ["state", "report", "verdict", "banned", "tested_banned", "quantitative", "finding", "judged_at",
             "published_at", "version"]  # fmt: skip


@transaction.atomic
def follow_report(*, specimen_id: int, by: str, at: datetime) -> Sample | None:
    """Bring a sample to what the laboratory's report in force says; None where there is nothing to do.

    It looks at how things stand, not at what was told: told twice, late or in another order, the end is the same.
    A signed report judges the sample. A withdrawn one sends it back to “being tested” and takes its result out of the
    public eye. A report that replaces another does both. A void sample stays void.
    """
    sample = Sample.objects.select_for_update().filter(specimen=specimen_id).first()
    if sample is None or sample.state == SampleState.VOID:
        return None
    report = report_of(specimen_id)
    if sample.report == (report.number if report else ""):
        return None
    if sample.state in CONCLUDED:
        _reopen(sample, by, at)
    if report is not None:
        _judge(sample, report, by, at)
    return sample


def _reopen(sample: Sample, by: str, at: datetime) -> None:
    check_move(sample.state, SampleState.SENT, sample.number)
    withdrawn, was = sample.report, sample.verdict
    sample.state, sample.report, sample.verdict, sample.finding = SampleState.SENT, "", "", ""
    sample.banned, sample.tested_banned, sample.quantitative = False, False, True
    sample.judged_at, sample.published_at = None, None
    sample.version += 1
    sample.save(update_fields=JUDGEMENT)
    record(
        "monitoring.sample.reopened", on=sample, by=by, at=at, sample=sample.pk, number=sample.number,
        report=withdrawn, verdict=was, note=withdrawn,
    )  # fmt: skip


def _judge(sample: Sample, report: ReportCard, by: str, at: datetime) -> None:
    """Copy what the report says.

    Every report of the laboratory context is one of quantitative methods: each item has a value or a detection limit.
    Nothing there tells a screening test (快速检测) apart, so `quantitative` is true until something does.
    """
    check_move(sample.state, SampleState.JUDGED, sample.number)
    sample.state, sample.report, sample.verdict = SampleState.JUDGED, report.number, report.verdict
    sample.banned, sample.tested_banned, sample.quantitative = report.banned, report.tested_banned, True
    failing = [item for item in report.items if item.verdict == "fail"]
    sample.finding = finding_of((item.analyte, item.result, item.limit, item.banned) for item in failing)
    sample.judged_at = report.signed_at
    sample.version += 1
    sample.save(update_fields=JUDGEMENT)
    record(
        "monitoring.sample.judged", on=sample, by=by, at=at, sample=sample.pk, number=sample.number,
        verdict=sample.verdict, banned=sample.banned, report=sample.report,
        note="：".join(filter(None, [str(sample.get_verdict_display()), sample.finding])),
    )  # fmt: skip


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
