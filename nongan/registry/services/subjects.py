"""What can happen to a subject: entered, changed, supervised, closed, reopened."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.accounts.services import require, require_scope
from nongan.common.divisions import Level
from nongan.common.editing import Stale, check_version
from nongan.common.serials import take
from nongan.common.words import listed, mark
from nongan.journal.services import Act, record, record_many
from nongan.places.queries import divisions_in
from nongan.registry import queries
from nongan.registry.models import Serial, Subject
from nongan.registry.rules import (
    FIELDS,
    LONGEST,
    Facts,
    Fault,
    LikelyDuplicate,
    NotOpen,
    SubjectRefused,
    check_facts,
    fault_of_day,
)

if TYPE_CHECKING:
    from nongan.accounts.models import User

CHANGED = ("name", "type", "scale", "uscc", "division", "address", "contact", "phone", "products", "registered_on")


@dataclass(frozen=True)
class Supervision:
    """Who answers for a subject: organisation, person, from which day."""

    organisation_id: int
    supervisor: str
    start: date


@dataclass(frozen=True)
class Entry:
    """A line of an import: the facts, and the supervision if the sheet names one. `distinct`: somebody has looked and
    said that it is another subject than one of the same name."""

    facts: Facts
    supervision: Supervision | None = None
    distinct: bool = False


@transaction.atomic
def register_subject(*, facts: Facts, by: "User", at: datetime, confirmed: bool = False) -> Subject:
    """Enter a subject. `confirmed`: a person has looked at those that look like the same.

    Raises SubjectRefused (faults by field), LikelyDuplicate.
    """
    require(by, Permission.SUBJECT_EDIT)
    facts = facts.tidy
    _check(facts, by, at)
    alike = _check_new(facts, confirmed, None)
    subject = _filled(Subject(number=_numbers(facts.division, 1)[0]), facts)
    with _code_once():
        subject.save(force_insert=True)
    note = _("经核实，与%(names)s不是同一主体") % {"names": listed(alike[:5])} if alike else ""
    record(
        "registry.subject.registered", on=subject, by=by, at=at, number=subject.number, name=subject.name, note=note,
    )  # fmt: skip
    return subject


@transaction.atomic
def register_many(*, entries: Sequence[Entry], by: "User", at: datetime) -> list[Subject]:
    """Enter many checked lines at once (imports): a few statements for ten thousand. Raises SubjectRefused."""
    require(by, Permission.SUBJECT_EDIT)
    for division in {entry.facts.division for entry in entries}:
        require_scope(by, division)
    numbers = _numbers_for([entry.facts.division for entry in entries])
    subjects = []
    for entry, number in zip(entries, numbers, strict=True):
        facts = entry.facts.tidy
        check_facts(facts, on=localdate(at))
        subject = _filled(Subject(number=number), facts)
        if entry.supervision:
            _supervise(subject, entry.supervision)
        subjects.append(subject)
    with _code_once():
        subjects = Subject.objects.bulk_create(subjects, batch_size=1000)
    distinct = _("经核实，与同名的主体不是同一主体")
    notes = [{"note": distinct} if entry.distinct else {} for entry in entries]
    acts = [
        Act("registry.subject.registered", s, {"number": s.number, "name": s.name, **note})
        for s, note in zip(subjects, notes, strict=True)
    ]
    record_many(acts, by=by, at=at)
    return subjects


@transaction.atomic
def change_subject(
    *, number: str, seen: int, facts: Facts, by: "User", at: datetime, confirmed: bool = False
) -> Subject:
    """Change what an entry says; `seen` is the version that the person read. Raises Stale and as registering does."""
    subject = _locked(number, by)
    require(by, Permission.SUBJECT_EDIT)
    check_version(subject, seen)
    _check_open(subject)
    facts, before = facts.tidy, subject.facts
    _check(facts, by, at)
    if (facts.name, facts.uscc, facts.division) != (before.name, before.uscc, before.division):
        _check_new(facts, confirmed, subject.pk)
    changed = [field for field in CHANGED if getattr(before, field) != getattr(facts, field)]
    with _code_once():
        _filled(subject, facts).save()
    note = "、".join(str(FIELDS["division" if field == "division" else field]) for field in changed)
    record("registry.subject.changed", on=subject, by=by, at=at, number=number, fields=changed, note=note)
    return subject


@transaction.atomic
def assign_supervisor(
    *, seen: Mapping[str, int], organisation_id: int, supervisor: str, start: date, by: "User", at: datetime
) -> list[Subject]:
    """Make an organisation and a person answer for subjects, one or many, from a day on.

    `seen`: number → the version that the person read. All or nothing: raises Subject.DoesNotExist when one is not to
    be seen, Stale when one was changed meanwhile, NotOpen when one has left the registry.
    """
    visible = queries.subjects_visible_to(by).filter(number__in=list(seen))
    subjects = list(visible.select_for_update(of=("self",)).order_by("number"))
    if len(subjects) != len(seen) or not subjects:
        raise Subject.DoesNotExist
    require(by, Permission.SUBJECT_EDIT)
    organisation = queries.supervising_organisations(by).get(pk=organisation_id)
    supervisor = " ".join(supervisor.split())
    _check_supervision(supervisor, start, at)
    _check_versions(subjects, seen)
    for subject in subjects:
        _check_open(subject)
        _supervise(subject, Supervision(organisation.pk, supervisor, max(start, subject.registered_on)))
    Subject.objects.bulk_update(subjects, ["supervising", "supervisor", "supervised_from", "version"], batch_size=500)
    note = f"{organisation.name} {supervisor}"
    record_many(
        [Act("registry.subject.supervised", s, {"number": s.number, "note": note}) for s in subjects], by=by, at=at
    )
    return subjects


@transaction.atomic
def close_subject(*, number: str, seen: int, closed_on: date, reason: str, by: "User", at: datetime) -> Subject:
    """Take a subject off the registry from a day on, with the reason. Its records stay. Raises SubjectRefused."""
    subject = _locked(number, by)
    require(by, Permission.SUBJECT_EDIT)
    check_version(subject, seen)
    _check_open(subject)
    reason = " ".join(reason.split())
    faults = [] if reason else [Fault("close_reason", _("未填写"), _("请写明为什么退出"))]
    if len(reason) > LONGEST["close_reason"]:
        faults.append(Fault("close_reason", _("超过 %(n)s 个字") % {"n": LONGEST["close_reason"]}, _("请缩短")))
    if fault := fault_of_day("closed_on", closed_on, localdate(at)):
        faults.append(fault)
    elif closed_on < subject.registered_on:
        day = subject.registered_on.isoformat()
        faults.append(Fault("closed_on", _("早于纳入名录日期 %(day)s") % {"day": day}, _("请核对两个日期")))
    if faults:
        raise SubjectRefused(faults)
    subject.closed_on, subject.close_reason = closed_on, reason
    subject.save(update_fields=["closed_on", "close_reason", "version"])
    record("registry.subject.closed", on=subject, by=by, at=at, number=number, note=reason)
    return subject


@transaction.atomic
def reopen_subject(*, number: str, seen: int, by: "User", at: datetime) -> Subject:
    """Bring a subject back that had left: the same code cannot be entered twice. Raises NotOpen."""
    subject = _locked(number, by)
    require(by, Permission.SUBJECT_EDIT)
    check_version(subject, seen)
    if subject.closed_on is None:
        raise NotOpen(_("“%(name)s”就在名录里，不需要恢复。") % {"name": subject.name})
    was = f"{subject.closed_on} {subject.close_reason}"
    subject.closed_on, subject.close_reason = None, ""
    subject.save(update_fields=["closed_on", "close_reason", "version"])
    record("registry.subject.reopened", on=subject, by=by, at=at, number=number, was=was)
    return subject


@contextmanager
def _code_once() -> Iterator[None]:
    """Two people enter the same code at the same moment: the database keeps the first, the second is told."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as fault:
        reason = _("刚有人用相同的代码登记了主体")
        raise SubjectRefused([Fault("uscc", reason, _("请按代码查询，在原记录上修改"))]) from fault


def _locked(number: str, by: "User") -> Subject:
    return queries.subjects_visible_to(by).select_for_update(of=("self",)).get(number=number)


def _check(facts: Facts, by: "User", at: datetime) -> None:
    """The place is one's own and exists, and the entry is sound."""
    check_facts(facts, on=localdate(at))
    require_scope(by, facts.division)
    if not divisions_in(facts.division).filter(pk=facts.division).exists():
        reason = _("没有“%(code)s”这个区划代码") % {"code": facts.division}
        raise SubjectRefused([Fault("division", reason, _("请从提示中选择"))])


def _check_new(facts: Facts, confirmed: bool, but: int | None) -> list[Subject]:
    """Nobody else has the code; whoever looks the same has been looked at, and comes back."""
    same = queries.same_as(facts, but=but)
    for other in same:
        if facts.uscc and other.uscc == facts.uscc:
            raise SubjectRefused([Fault("uscc", _("“%(name)s”已用此代码登记") % {"name": other}, _remedy(other))])
    if same and not confirmed:
        raise LikelyDuplicate(listed(f"{other}{mark('，')}{other.division.name}" for other in same[:5]))
    return same


def _remedy(other: Subject) -> str:
    if other.closed_on is None:
        return _("请在原记录上修改，不要重复登记")
    return _("该主体已于 %(day)s 退出名录，请在原记录上恢复") % {"day": other.closed_on}


def _check_open(subject: Subject) -> None:
    if subject.closed_on is not None:
        raise NotOpen(
            _("“%(name)s”已于 %(day)s 退出名录，不能修改。如需继续监管，请先恢复纳入名录。")
            % {"name": subject.name, "day": subject.closed_on}
        )


def _check_versions(subjects: Sequence[Subject], seen: Mapping[str, int]) -> None:
    stale = [subject for subject in subjects if subject.version != seen[subject.number]]
    if stale:
        names = listed(stale[:5])
        raise Stale(_("%(names)s刚被他人修改，未保存。请核对最新内容后再次保存。") % {"names": names})
    for subject in subjects:
        check_version(subject, seen[subject.number])


def _check_supervision(supervisor: str, start: date, at: datetime) -> None:
    faults = [] if supervisor else [Fault("supervisor", _("未填写"), _("必填"))]
    if len(supervisor) > LONGEST["supervisor"]:
        faults.append(Fault("supervisor", _("超过 %(n)s 个字") % {"n": LONGEST["supervisor"]}, _("请缩短")))
    if fault := fault_of_day("supervised_from", start, localdate(at)):
        faults.append(fault)
    if faults:
        raise SubjectRefused(faults)


def _filled(subject: Subject, facts: Facts) -> Subject:
    subject.name, subject.type, subject.scale, subject.uscc = facts.name, facts.type, facts.scale, facts.uscc
    subject.division_id, subject.address, subject.contact = facts.division, facts.address, facts.contact
    subject.phone, subject.products, subject.registered_on = facts.phone, facts.products, facts.registered_on
    return subject


def _supervise(subject: Subject, supervision: Supervision) -> None:
    subject.supervising_id, subject.supervisor = supervision.organisation_id, supervision.supervisor
    subject.supervised_from = supervision.start


def _numbers_for(divisions: Sequence[str]) -> list[str]:
    """A number for each, in order. Counters are locked by prefix in order: no two imports wait in a ring."""
    counties = [division[: Level.COUNTY] for division in divisions]
    taken = {county: iter(_numbers(county, counties.count(county))) for county in sorted(set(counties))}
    return [next(taken[county]) for county in counties]


def _numbers(division: str, how_many: int) -> list[str]:
    """The next numbers of a county, ZT-<county>-<six digits>; two people at once get different ones."""
    prefix = f"ZT-{division[: Level.COUNTY]}-"
    return [f"{prefix}{n:06d}" for n in take(Serial, prefix, how_many, _highest)]


def _highest(prefix: str) -> int:
    """The highest number in use, for a counter that begins after rows were loaded in bulk."""
    used = Subject.objects.filter(number__gte=prefix, number__lt=prefix + "~")
    tail = Cast(Substr("number", len(prefix) + 1), IntegerField())
    return used.aggregate(highest=Max(tail))["highest"] or 0
