"""Values: computed from the rows of a snapshot, compared with what is stored, stored where they differ."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from json import dumps
from typing import Any

from django.db import connection

from nongan.common.divisions import LENGTH, Level, level_of
from nongan.common.evidence import EvidenceView
from nongan.common.rows import insert_rows
from nongan.indicators.models import Beginning, Value
from nongan.indicators.queries import store
from nongan.indicators.queries.catalogue import definitions_of
from nongan.indicators.rules.definition import Definition
from nongan.indicators.rules.expression import cells
from nongan.indicators.rules.periods import PeriodKind
from nongan.places.queries import divisions_in, residents_by_division

AT_ONCE = 2  # views that are counted at the same time
ALL = "0" * 12  # the code above all provinces

COLUMNS = ("indicator", "division", "kind", "start", "numerator", "denominator", "snapshot_id", "computed_at")

Key = tuple[str, str, str, str]  # indicator, division, kind of period, first day
Sums = tuple[Any, Any]  # numerator, denominator (None: a count whose residents are not known)
Part = tuple[list[Definition], Sequence[str], str]  # definitions, columns, SQL
Cell = tuple[str, str, str, str, Any, Any]  # a key and its sums in one: there are tens of thousands


def fingerprint(view: EvidenceView) -> str:
    """32 characters for the columns, 32 for what is computed from them."""
    meaning = [definition.model_dump_json() for definition in definitions_of(view.name)]
    meaning += [str(start) for start in beginnings()]
    parts = (dumps(view.columns), dumps(meaning))
    return "".join(sha256(part.encode()).hexdigest()[:32] for part in parts)


def beginnings() -> list[date]:
    return list(Beginning.objects.order_by("start").values_list("start", flat=True))


def values_of(view: EvidenceView, table: Any, on: date) -> list[Cell]:
    """Every value of a view's indicators, computed from its rows."""
    ((_n, found),) = values_of_many([(view, table)], on)
    return found


def values_of_many(many: Sequence[tuple[EvidenceView, Any]], on: date) -> Iterator[tuple[int, list[Cell]]]:
    """The values of each view with its place in `many`, whichever is counted first. What is done with them here is
    done while DuckDB counts the others."""
    starts, residents = beginnings(), _Residents(on)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        counting = {pool.submit(_counted, _parts(view, table, starts, on)): n for n, (view, table) in enumerate(many)}
        for done in as_completed(counting):
            found: list[Cell] = []
            for some, columns, rows in done.result():
                for definition in some:
                    found += _cells_of(definition, rows, columns, residents)
            yield counting[done], found


def _parts(view: EvidenceView, table: Any, starts: list[date], on: date) -> list[Part]:
    """One expression for all flows of the view, one for each stock, as SQL."""
    definitions = definitions_of(view.name)
    flows = [d for d in definitions if d.stock is None]
    parts = [*([flows] if flows else []), *([d] for d in definitions if d.stock)]
    expressions = [(some, cells(table, some, starts, on)) for some in parts]
    return [(some, expression.columns, store.sql_of(expression)) for some, expression in expressions]


def _counted(parts: list[Part]) -> list[tuple[list[Definition], Sequence[str], list[tuple[Any, ...]]]]:
    return [(some, columns, store.run(sql)) for some, columns, sql in parts]


def _cells_of(
    definition: Definition, rows: list[tuple[Any, ...]], columns: Sequence[str], residents: "_Residents"
) -> list[Cell]:
    """No value where there is nothing below the line, or nothing counted."""
    code, n = definition.code, columns.index(f"n_{definition.code}")
    if definition.kind != "count":
        d = columns.index(f"d_{code}")
        return [(code, row[0], row[1], row[2], row[n], row[d]) for row in rows if row[d]]
    below = residents.of if definition.per_residents else lambda *_key: None
    return [(code, *row[:3], row[n], below(row[0], row[1], row[2])) for row in rows if row[n]]


class _Residents:
    """Residents by division in the year of a period. Where a city or a county has no figure of its own, its parts are
    added up, if all of them have one."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.years: dict[int, dict[str, int | None]] = {}
        self.parts: dict[str, list[str]] = {}  # of the cities that were asked for, and of their counties

    def of(self, division: str, kind: str, start: str) -> int | None:
        year = self.on.year if kind == PeriodKind.SINCE else int(start[:4])
        if year not in self.years:
            self.years[year] = dict(residents_by_division(ALL, year))
        return self._known(division, self.years[year]) or None

    def _known(self, division: str, known: dict[str, int | None]) -> int | None:
        if division not in known:
            inside = self._parts(division) if level_of(division) in (Level.CITY, Level.COUNTY) else []
            counts = [self._known(part, known) for part in inside]
            known[division] = sum(n or 0 for n in counts) if counts and all(counts) else None
        return known[division]

    def _parts(self, division: str) -> list[str]:
        if division not in self.parts:
            city = division[: Level.CITY].ljust(LENGTH, "0")
            below = divisions_in(city).filter(level__in=[Level.COUNTY, Level.TOWNSHIP])
            for code, parent in below.values_list("code", "parent_id"):
                self.parts.setdefault(parent or "", []).append(code)
        return self.parts.setdefault(division, [])


def stored_values(snapshot_id: int) -> dict[Cell, int]:
    """Each value with its key in the table. Read past the ORM, days as text: there are tens of thousands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indicator, division, kind, CAST(start AS varchar(10)), numerator, denominator, id "
            f"FROM {Value._meta.db_table} WHERE snapshot_id = %s",
            [snapshot_id],
        )
        return {row[:6]: row[6] for row in cursor.fetchall()}


def same(one: Sums, other: Sums) -> bool:
    """Equal numbers; SQLite gives back fractions as floats of 15 digits."""
    return all(
        a == b or (a is not None and b is not None and abs(Decimal(str(a)) - Decimal(str(b))) < Decimal("0.000001"))
        for a, b in zip(one, other, strict=True)
    )


def store_values(snapshot_id: int, values: list[Cell], at: datetime) -> int:
    """Write what differs: one statement each for new, changed and vanished values. Returns how many there were."""
    stored = stored_values(snapshot_id)
    moment = connection.ops.adapt_datetimefield_value(at)
    fresh: Iterable[Cell] = set(values).difference(stored) if stored else values
    changed: list[tuple[Any, ...]] = []
    gone: list[tuple[int]] = []
    if stored and (fresh or len(stored) > len(values)):
        old = {cell[:4]: (cell[4:], key) for cell, key in stored.items()}
        differing = [cell for cell in fresh if cell[:4] in old and not same(cell[4:], old[cell[:4]][0])]
        changed = [(*cell[4:], moment, old[cell[:4]][1]) for cell in differing]
        gone = [(old[key][1],) for key in old.keys() - {cell[:4] for cell in values}]
        fresh = [cell for cell in fresh if cell[:4] not in old]
    new = [(*cell, snapshot_id, moment) for cell in fresh]
    table = Value._meta.db_table
    _write(f"DELETE FROM {table} WHERE id = %s", gone)
    _write(f"UPDATE {table} SET numerator = %s, denominator = %s, computed_at = %s WHERE id = %s", changed)
    insert_rows(table, COLUMNS, new)
    return len(new) + len(changed) + len(gone)


def _write(statement: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)
