"""Samples are taken, by form or many at once; what belongs to them is kept; what was taken in error is made void."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.accounts.services import require, require_scope
from nongan.common.divisions import Level, level_of
from nongan.common.editing import check_version
from nongan.common.serials import take
from nongan.common.words import listed
from nongan.documents.services import store
from nongan.journal.services import Act, record, record_many
from nongan.monitoring.models import Attachment, Sample, Serial
from nongan.monitoring.queries import same_batches, samples_visible_to
from nongan.monitoring.rules import (
    Fault,
    NoOrganisation,
    SampleKind,
    SampleRefused,
    SampleState,
    Sampling,
    check_move,
    check_not_sampled_above,
    check_reason,
    faults_of,
    number_prefix,
)
from nongan.places.queries import names_of as names_of_divisions
from nongan.registry.queries import subject_named, subjects_visible_to
from nongan.standards.queries import known_analytes, known_commodities, usual_panel

if TYPE_CHECKING:
    from nongan.accounts.models import Organisation, User
    from nongan.registry.models import Subject

File = tuple[str, bytes]  # name, content


@transaction.atomic
def take_sample(*, sampling: Sampling, files: Sequence[File] = (), by: "User", at: datetime) -> Sample:
    """Enter a sampling, with photographs and papers. Raises as `take_samples` does, and FileNotAccepted."""
    (sample,) = take_samples(samplings=[sampling], by=by, at=at)
    _attach(sample, files, by, at)
    return sample


@transaction.atomic
def take_samples(*, samplings: Sequence[Sampling], by: "User", at: datetime) -> list[Sample]:
    """Enter many samplings of the person's organisation, in their order: all, or none.

    Raises Subject.DoesNotExist, PermissionDenied (not the own division), NoOrganisation, SampleRefused, SampledAbove.
    """
    require(by, Permission.SAMPLE_TAKE)
    subjects = _subjects({sampling.subject for sampling in samplings}, by)
    organisation = organisation_of(by)
    level = level_of(organisation.division_id)
    places = [sampling.division or subjects[sampling.subject].division_id for sampling in samplings]
    for place in set(places):
        require_scope(by, place)
    check = Check(samplings, places)
    batches = same_batches([(subjects[s.subject].pk, s.commodity, s.produced_on) for s in supervised(samplings)])
    usual = {commodity: usual_panel(commodity) for commodity in {s.commodity for s in samplings if not s.panel}}
    samples = []
    for sampling, place in zip(samplings, places, strict=True):
        subject = subjects[sampling.subject]
        if faults := check.faults(sampling, subject, place, level, localdate(at)):
            raise SampleRefused(faults)
        if sampling.produced_on is not None:
            earlier = batches.get((subject.pk, sampling.commodity, sampling.produced_on), [])
            check_not_sampled_above(sampling.kind, level, earlier)
        panel = sampling.panel or usual[sampling.commodity]
        samples.append(_made(sampling, subject, place, level, panel, organisation))
    _number(samples)
    samples = Sample.objects.bulk_create(samples, batch_size=500)
    acts = [Act("monitoring.sample.taken", s, {"sample": s.pk, "number": s.number}) for s in samples]
    record_many(acts, by=by, at=at)
    return samples


class Check:
    """What the rules do not know: which products, analytes and divisions exist, and who has left the registry."""

    def __init__(self, samplings: Collection[Sampling], places: Collection[str]) -> None:
        self.commodities = known_commodities({s.commodity for s in samplings})
        self.analytes = known_analytes({code for s in samplings for code in s.panel})
        self.divisions = names_of_divisions(set(places))

    def faults(self, sampling: Sampling, subject: "Subject", place: str, level: int, on: date) -> list[Fault]:
        """Everything wrong with one sampling."""
        found = faults_of(sampling, level=level, on=on)
        if sampling.commodity not in self.commodities:
            reason = _("没有编码为“%(code)s”的产品") % {"code": sampling.commodity}
            found.append(Fault("commodity", reason, _("请从提示中选择")))
        if unknown := [code for code in sampling.panel if code not in self.analytes]:
            reason = _("没有编码为“%(codes)s”的检测项目") % {"codes": listed(unknown)}
            found.append(Fault("panel", reason, _("请从提示中选择")))
        if place not in self.divisions:
            reason = _("没有“%(code)s”这个区划代码") % {"code": place}
            found.append(Fault("division", reason, _("请从提示中选择")))
        if subject.closed_on is not None and subject.closed_on < sampling.sampled_on:
            reason = _("“%(name)s”已于 %(day)s 退出名录") % {"name": subject.name, "day": subject.closed_on}
            found.append(Fault("subject", reason, _("如仍在生产经营，请先在名录中恢复")))
        return found


def organisation_of(by: "User") -> "Organisation":
    """The organisation for which the person samples. Raises NoOrganisation."""
    if by.organisation is None:
        raise NoOrganisation(_("您的账号没有所属机构，不能抽样：抽样单须写明抽样单位。请联系系统管理员补上机构。"))
    return by.organisation


def supervised(samplings: Sequence[Sampling]) -> list[Sampling]:
    return [sampling for sampling in samplings if sampling.kind == SampleKind.SUPERVISION]


def _subjects(numbers: set[str], by: "User") -> "dict[str, Subject]":
    """Number → subject. Raises Subject.DoesNotExist when one is not there, or not to be seen."""
    wanted = sorted(numbers)
    found: dict[str, Subject] = {}
    for start in range(0, len(wanted), 500):
        some = subjects_visible_to(by).filter(number__in=wanted[start : start + 500])
        found |= {subject.number: subject for subject in some}
    for number in wanted:
        if number not in found:
            subject_named(number, by)
    return found


def _made(
    sampling: Sampling, subject: "Subject", place: str, level: int, panel: Sequence[str], organisation: "Organisation"
) -> Sample:
    return Sample(
        kind=sampling.kind, subject=subject, division_id=place, commodity_id=sampling.commodity,
        produced_on=sampling.produced_on, sampled_on=sampling.sampled_on, quantity=sampling.quantity,
        unit=sampling.unit, packaging=sampling.packaging, place=sampling.place, samplers=sampling.samplers.strip(),
        organisation=organisation, level=level, note=sampling.note, panel=list(panel),
    )  # fmt: skip


def _number(samples: Sequence[Sample]) -> None:
    """Give each the next number of its year and county. Counters are locked in order: no two wait in a ring."""
    mine: dict[str, list[Sample]] = {}
    for sample in samples:
        county = sample.division_id[: Level.COUNTY]
        mine.setdefault(number_prefix(sample.sampled_on.year, county), []).append(sample)
    for prefix in sorted(mine):
        for n, sample in zip(take(Serial, prefix, len(mine[prefix]), _highest), mine[prefix], strict=True):
            sample.number = f"{prefix}{n:06d}"


def _highest(prefix: str) -> int:
    """The highest number in use, for a counter that begins after rows were loaded in bulk."""
    used = Sample.objects.filter(number__gte=prefix, number__lt=prefix + "~")
    tail = Cast(Substr("number", len(prefix) + 1), IntegerField())
    return used.aggregate(highest=Max(tail))["highest"] or 0


@transaction.atomic
def attach_files(*, number: str, files: Sequence[File], by: "User", at: datetime) -> Sample:
    """Keep photographs and papers with a sample, whatever its state: papers come later. Raises FileNotAccepted."""
    sample = samples_visible_to(by).select_for_update(of=("self",)).get(number=number)
    require(by, Permission.SAMPLE_TAKE)
    _attach(sample, files, by, at)
    return sample


def _attach(sample: Sample, files: Sequence[File], by: "User", at: datetime) -> None:
    documents = [store(name=name, data=data, by=by, at=at) for name, data in files]
    if not documents:
        return
    Attachment.objects.bulk_create(Attachment(sample=sample, document=document) for document in documents)
    names = "、".join(document.name for document in documents)
    record("monitoring.sample.attached", on=sample, by=by, at=at, number=sample.number, note=names)


@transaction.atomic
def void_sample(*, number: str, seen: int, reason: str, by: "User", at: datetime) -> Sample:
    """Make a sample void that was entered in error or can no longer be tested. Raises Stale, MoveNotAllowed,
    ReasonMissing."""
    sample = samples_visible_to(by).select_for_update(of=("self",)).get(number=number)
    require(by, Permission.SAMPLE_TAKE)
    check_version(sample, seen)
    check_move(sample.state, SampleState.VOID, number)
    sample.void_reason = check_reason(reason)
    sample.state = SampleState.VOID
    sample.save(update_fields=["state", "void_reason", "version"])
    record(
        "monitoring.sample.voided", on=sample, by=by, at=at, sample=sample.pk, number=number, note=sample.void_reason,
    )  # fmt: skip
    return sample
