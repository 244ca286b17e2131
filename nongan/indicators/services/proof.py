"""The proof: stored values against a recomputation, and against the records counted one by one."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from shutil import rmtree
from typing import Any
from uuid import uuid4

from nongan.common.evidence import EvidenceView
from nongan.common.quantity import plain
from nongan.indicators.models import Snapshot
from nongan.indicators.queries import store
from nongan.indicators.queries.catalogue import counted_views, definitions_of
from nongan.indicators.rules.expression import matching, tally
from nongan.indicators.rules.periods import Period, PeriodKind
from nongan.indicators.services import snapshot as snapshots
from nongan.indicators.services.compute import AT_ONCE, Progress, refresh
from nongan.indicators.services.values import Cell, Key, Sums, fingerprint, same, stored_values, values_of


@dataclass(frozen=True)
class Difference:
    """A value that is not what it should be."""

    indicator: str
    division: str
    period: str
    what: str  # “stored” or “records”
    stored: str
    found: str

    def __str__(self) -> str:
        other = {"stored": "recomputed", "records": "counted record by record"}[self.what]
        return f"{self.indicator} {self.division} {self.period}: stored {self.stored}, {other} {self.found}."


@dataclass
class Proof:
    """How much was compared, and every difference found."""

    values: int = 0
    counted: int = 0
    differences: list[Difference] = field(default_factory=list)


def prove(
    *, at: datetime, sample: int | None = 200, progress: Progress = lambda view, n: None, again: bool = True
) -> Proof:
    """Stored values against what their snapshot gives, and the counts of the records behind `sample` of them (None:
    all). Where all is well and `again`, against a full reading of the database too, with every act in.

    Nothing is put right before it is looked at: a refresh would mend what a proof must find.
    """
    proof = Proof()
    for view, snapshot in _snapshots():
        stored = _stored(snapshot)
        if snapshot.fingerprint == fingerprint(view):
            _compare(proof, stored, values_of(view, store.table_of(snapshot), snapshot.on))
        _count_records(proof, view, snapshot, stored, sample)
    if again and not proof.differences:
        refresh(at=at, every=AT_ONCE)
        proof.values = 0
        for view, snapshot in _snapshots():
            _compare(proof, _stored(snapshot), _read_again(view, snapshot, partial(progress, view.name)))
    return proof


def _snapshots() -> list[tuple[EvidenceView, Snapshot]]:
    known = {snapshot.view: snapshot for snapshot in Snapshot.objects.all()}
    return [(view, known[view.name]) for view in counted_views() if view.name in known]


def _stored(snapshot: Snapshot) -> dict[Key, Sums]:
    return _by_key(stored_values(snapshot.pk))


def _by_key(cells: Iterable[Cell]) -> dict[Key, Sums]:
    return {cell[:4]: cell[4:] for cell in cells}


def _read_again(view: EvidenceView, snapshot: Snapshot, progress: Callable[[int], object]) -> list[Cell]:
    folder = store.folder_of(view.name) / f"proof-{uuid4().hex}"
    try:
        files = snapshots.take(view, folder, progress)
        return values_of(view, store.open_files([folder / name for name in files]), snapshot.on)
    finally:
        rmtree(folder, ignore_errors=True)


def _compare(proof: Proof, stored: dict[Key, Sums], computed: list[Cell]) -> None:
    fresh = _by_key(computed)
    proof.values += len(stored.keys() | fresh.keys())
    for key in sorted(stored.keys() | fresh.keys()):
        one, other = stored.get(key), fresh.get(key)
        if one is None or other is None or not same(one, other):
            proof.differences.append(_difference(key, "stored", one, other))


def _difference(key: Key, what: str, stored: Sums | None, found: Sums | None) -> Difference:
    code, division, kind, start = key
    period = str(Period(PeriodKind(kind), date.fromisoformat(start)))
    texts = ["no value" if sums is None else "/".join(map(_number, sums)) for sums in (stored, found)]
    return Difference(code, division, period, what, *texts)


def _number(value: Any) -> str:
    return "–" if value is None else plain(Decimal(str(value)))


def _count_records(
    proof: Proof, view: EvidenceView, snapshot: Snapshot, stored: dict[Key, Sums], sample: int | None
) -> None:
    keys = sorted(stored)
    if sample is not None and sample < len(keys):
        keys = random.Random(snapshot.generation).sample(keys, sample)
    table, known = store.table_of(snapshot), {d.code: d for d in definitions_of(view.name)}
    for key in keys:
        code, division, kind, start = key
        definition = known.get(code)
        if definition is None:
            continue
        period = Period(PeriodKind(kind), date.fromisoformat(start))
        rows = matching(table, definition, division, period, snapshot.on)
        ((n, d),) = store.fetch(tally(rows, definition))
        counted = (n, stored[key][1] if definition.kind == "count" else d)
        proof.counted += 1
        if not same(counted, stored[key]):
            proof.differences.append(_difference(key, "records", stored[key], counted))
