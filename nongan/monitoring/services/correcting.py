"""A sampling form is corrected before the sample is sent: number kept, every change on record."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localdate

from nongan.accounts.rules import Permission
from nongan.accounts.services import require, require_scope
from nongan.common.editing import check_version
from nongan.journal.services import record
from nongan.monitoring.models import Sample
from nongan.monitoring.queries import same_batches, samples_visible_to, sampling_in_words
from nongan.monitoring.rules import (
    FIELDS,
    SampleRefused,
    Sampling,
    check_changed,
    check_correctable,
    check_not_sampled_above,
    check_reason,
    fault_of_number,
)
from nongan.monitoring.services.taking import Check
from nongan.registry.queries import subject_named
from nongan.standards.queries import usual_panel

if TYPE_CHECKING:
    from nongan.accounts.models import User
    from nongan.registry.models import Subject

COLUMNS = ("kind", "produced_on", "sampled_on", "quantity", "unit", "packaging", "place", "note")


@transaction.atomic
def correct_sample(*, number: str, seen: int, sampling: Sampling, reason: str, by: "User", at: datetime) -> Sample:
    """Correct what the form says of a sample that waits to be sent; who sampled (the organisation) and the number stay.
    `seen` is the version that the person read.

    Raises Stale, MoveNotAllowed, SampleRefused, SampledAbove, NothingChanged, ReasonMissing, Subject.DoesNotExist.
    """
    sample = samples_visible_to(by).select_for_update(of=("self",)).get(number=number)
    require(by, Permission.SAMPLE_TAKE)
    check_version(sample, seen)
    check_correctable(number, sample.state)
    why = check_reason(reason)
    subject = subject_named(sampling.subject, by)
    place = sampling.division or subject.division_id
    require_scope(by, place)
    _check(sample, sampling, subject, place, at)
    before = sampling_in_words(sample)
    for column in COLUMNS:
        setattr(sample, column, getattr(sampling, column))
    sample.samplers, sample.subject, sample.division_id = sampling.samplers.strip(), subject, place
    if sample.commodity_id != sampling.commodity:
        sample.commodity_id = sampling.commodity  # the food that was loaded before goes with its key
    sample.panel = list(sampling.panel or usual_panel(sampling.commodity))
    changes = _changes(before, sampling_in_words(sample))
    check_changed(changes)
    sample.corrections += 1
    sample.save()
    note = "；".join(f"{FIELDS[field]}：{was or '—'} → {now or '—'}" for field, was, now in changes)
    told = [{"field": field, "was": was, "now": now} for field, was, now in changes]
    record(
        "monitoring.sample.corrected", on=sample, by=by, at=at, sample=sample.pk, number=number, changes=told,
        reason=why, note=f"{note}。{why}",
    )  # fmt: skip
    return sample


def _check(sample: Sample, sampling: Sampling, subject: "Subject", place: str, at: datetime) -> None:
    found = Check([sampling], [place]).faults(sampling, subject, place, sample.level, localdate(at))
    found += fault_of_number(sample.number, sampling.sampled_on, place)
    if found:
        raise SampleRefused(found)
    if sampling.produced_on is not None:
        same = same_batches([(subject.pk, sampling.commodity, sampling.produced_on)])
        others = [one for batch in same.values() for one in batch if one[0] != sample.number]
        check_not_sampled_above(sampling.kind, sample.level, others)


def _changes(before: dict[str, str], after: dict[str, str]) -> Sequence[tuple[str, str, str]]:
    """(field, was, now) of what differs, in the order of the form."""
    return [(field, was, after[field]) for field, was in before.items() if was != after[field]]
