"""Computing figures: all of them, and those that acts touched."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.evidence import EvidenceView
from nongan.indicators.models import Beginning, Snapshot
from nongan.indicators.queries import store
from nongan.indicators.queries.catalogue import counted_views
from nongan.indicators.services import snapshot as snapshots
from nongan.indicators.services.values import Cell, fingerprint, store_values, values_of_many
from nongan.journal.queries import last_sequence, lines_since
from nongan.journal.services import record

if TYPE_CHECKING:
    from nongan.accounts.models import User

EVERY = timedelta(seconds=3)  # a view is not computed more often
AT_ONCE = timedelta(0)
MANY = 50_000  # acts or rows; beyond this, reading everything is quicker than picking

Progress = Callable[[str, int], object]  # name of the view, rows read since the last call


class Overtaken(Exception):
    """Another process computed the view meanwhile: what it stored is as new, this is thrown away."""


@dataclass
class Done:
    """What a computation did: rows read from the database and values that changed, by view."""

    rows: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """A view to be computed: what is known of it, the files to count, the act up to which they tell."""

    view: EvidenceView
    seen: Snapshot | None
    files: list[str]
    sequence: int
    taken: bool = False  # read from the database as a whole


def compute_all(*, at: datetime, progress: Progress = lambda view, n: None) -> Done:
    """Read all evidence again and compute every value."""
    done = Done()
    known = {snapshot.view: snapshot for snapshot in Snapshot.objects.all()}
    jobs = [_taken(view, known.get(view.name), done, partial(progress, view.name)) for view in counted_views()]
    for job, changed in _publish(jobs, at):
        done.changed[job.view.name] = changed
    return done


def recompute(*, at: datetime) -> Done:
    """Compute every value again from the snapshot as it lies."""
    done = Done()
    known = {snapshot.view: snapshot for snapshot in Snapshot.objects.all()}
    found = [(view, known[view.name]) for view in counted_views() if view.name in known]
    for job, changed in _publish([Job(view, seen, seen.files, seen.sequence) for view, seen in found], at):
        done.changed[job.view.name] = changed
    return done


def _taken(view: EvidenceView, seen: Snapshot | None, done: Done, progress: snapshots.Progress = lambda n: None) -> Job:
    """Read a view from the database as a whole. Acts that come meanwhile are read again in the next round."""
    sequence, folder = last_sequence(), store.folder_of(view.name)
    files = snapshots.take(view, folder, progress)
    done.rows[view.name] = snapshots.count(folder, files)
    return Job(view, seen, files, sequence, taken=True)


def refresh(*, at: datetime, every: timedelta = EVERY) -> Done:
    """Count again what acts have touched since, and what a new day, plan or definition changes. Cheap when nothing."""
    done = Done()
    known = {snapshot.view: snapshot for snapshot in Snapshot.objects.all()}
    lines = _new_lines(known.values())
    for view in counted_views():
        seen = known.get(view.name)
        if seen is not None and timedelta(0) <= at - seen.computed_at < every:
            continue
        job = _job(view, seen, lines, at, done)
        if job is not None:
            with suppress(Overtaken):
                ((_job_of, done.changed[view.name]),) = _publish([job], at)
    return done


def _new_lines(known: Iterable[Snapshot]) -> list[Any] | None:
    """Acts since the oldest snapshot; None when there are too many to look at one by one."""
    sequences = [snapshot.sequence for snapshot in known]
    found = lines_since(min(sequences), most=MANY + 1) if sequences else []
    return found if len(found) <= MANY else None


def _job(view: EvidenceView, seen: Snapshot | None, lines: list[Any] | None, at: datetime, done: Done) -> Job | None:
    """What there is to do for a view; None when nothing."""
    folder = store.folder_of(view.name)
    if seen is None or lines is None or seen.fingerprint[:32] != fingerprint(view)[:32]:
        return _taken(view, seen, done)
    touched = _touched(view, seen, lines)
    if len(touched) > MANY or not all((folder / name).exists() for name in seen.files):
        return _taken(view, seen, done)
    sequence = max([seen.sequence, *(line.sequence for line in lines)])
    if touched:
        done.rows[view.name] = len(touched)
        return Job(view, seen, snapshots.amend(view, folder, seen.files, touched), sequence)
    if seen.on != timezone.localdate(at) or seen.fingerprint != fingerprint(view):
        return Job(view, seen, seen.files, sequence)
    if sequence > seen.sequence:
        Snapshot.objects.filter(pk=seen.pk, generation=seen.generation).update(sequence=sequence)
    return None


def _touched(view: EvidenceView, seen: Snapshot, lines: list[Any]) -> set[int]:
    """Keys of the rows that acts since the snapshot named."""
    found: set[int] = set()
    for line in lines:
        detail = view.touched_by.get(line.action)
        if detail is not None and line.sequence > seen.sequence:
            found.add(int(line.facts[detail] if detail else line.on_id))
    return found


@transaction.atomic
def count_since(*, start: date) -> None:
    """From now on there are figures from this day until now; the worker computes them in its next round."""
    Beginning.objects.get_or_create(start=start)


@transaction.atomic
def ask_recount(*, by: "User", at: datetime) -> None:
    """Have all evidence read again: the worker does it in its next round."""
    require(by, Permission.INDICATOR_COMPUTE)
    for snapshot in Snapshot.objects.select_for_update().order_by("pk"):
        snapshot.fingerprint = ""
        snapshot.save(update_fields=["fingerprint"])
        record("indicators.recount.asked", on=snapshot, by=by, at=at, view=snapshot.view)


def _publish(jobs: list[Job], at: datetime) -> Iterator[tuple[Job, int]]:
    """Compute each view from its files, then make files and values visible together: how many values changed.

    Raises Overtaken.
    """
    on = timezone.localdate(at)
    jobs = sorted(jobs, key=lambda job: -(job.seen.rows if job.seen else 0))  # the longest first
    marks = [fingerprint(job.view) for job in jobs]  # before anything is counted: what changes later is seen later
    tables = [(job.view, store.open_files([store.folder_of(job.view.name) / f for f in job.files])) for job in jobs]
    for n, values in values_of_many(tables, on):
        yield jobs[n], _publish_one(jobs[n], marks[n], values, on, at)


def _publish_one(job: Job, mark: str, values: list[Cell], on: date, at: datetime) -> int:
    folder, seen = store.folder_of(job.view.name), job.seen
    same_files = seen is not None and seen.files == job.files
    state = {
        "files": job.files, "rows": seen.rows if seen and same_files else snapshots.count(folder, job.files),
        "sequence": job.sequence, "on": on, "computed_at": at, "fingerprint": mark,
        "generation": (seen.generation if seen else 0) + 1,
    }  # fmt: skip
    if job.taken or seen is None:
        state["taken_at"] = at
    with transaction.atomic():
        if seen is None:
            snapshot, made = Snapshot.objects.get_or_create(view=job.view.name, defaults=state)
            if not made:
                raise Overtaken
        elif not Snapshot.objects.filter(pk=seen.pk, generation=seen.generation).update(**state):
            raise Overtaken
        changed = store_values(seen.pk if seen else snapshot.pk, values, at)
    snapshots.sweep(folder, job.files, at)
    return changed
