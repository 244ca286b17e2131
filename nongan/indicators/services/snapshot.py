"""Writing the snapshot: one file a county and year, sorted newest first; new files beside the old ones.

A file never changes. Readers know files by the names in `Snapshot.files`, so nobody sees half a file; what no snapshot
names any more is removed after a while.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
from pyarrow import parquet

from nongan.common.evidence import EvidenceView
from nongan.indicators.queries.store import quoted, reading, run

TYPES: dict[str, pa.DataType] = {
    "int": pa.int64(), "text": pa.string(), "bool": pa.bool_(), "date": pa.date32(), "decimal": pa.decimal128(24, 6)
}  # fmt: skip
BATCH = 20_000  # rows in memory while reading the database
AT_ONCE = 500  # keys in one question to the database
GROUP = 20_480  # rows in a row group: small enough that days and places leave most groups unread
KEPT_FOR = timedelta(minutes=10)  # a reader of an older snapshot is done by then

Progress = Callable[[int], object]


def schema_of(view: EvidenceView) -> pa.Schema:
    columns = [(name, TYPES[kind]) for name, kind in view.columns.items()]
    return pa.schema([*columns, ("place", pa.int32()), ("month", pa.date32())])


def take(view: EvidenceView, folder: Path, progress: Progress = lambda n: None) -> list[str]:
    """Read all rows from the database in chunks and write them. Returns the names of the files."""
    folder.mkdir(parents=True, exist_ok=True)
    raw = folder / f"raw-{uuid4().hex}.parquet"
    try:
        _write_raw(view, raw, view.rows(None).iterator(chunk_size=5000), progress)
        source = f"SELECT * FROM {reading([raw])}"
        found = [_write_part(folder, part, f"{source} WHERE {_in(part)}") for part in _parts(source)]
    finally:
        raw.unlink(missing_ok=True)
    return _or_empty(view, folder, found)


def amend(view: EvidenceView, folder: Path, files: list[str], ids: Iterable[int]) -> list[str]:
    """Read some rows again: the parts in which they stood or stand are written anew without and with them."""
    wanted = sorted(set(ids))
    raw, keys = folder / f"raw-{uuid4().hex}.parquet", folder / f"keys-{uuid4().hex}.parquet"
    try:
        again = (row for start in range(0, len(wanted), AT_ONCE) for row in view.rows(wanted[start : start + AT_ONCE]))
        _write_raw(view, raw, again, lambda n: None)
        parquet.write_table(pa.table({"id": pa.array(wanted, pa.int64())}), keys)
        new = f"SELECT * FROM {reading([raw])}"
        stood = f"SELECT * FROM {reading([folder / f for f in files])} WHERE id IN (SELECT id FROM {reading([keys])})"
        by_part = {_part_of(name): name for name in files if not name.startswith("empty")}
        for part in sorted({*_parts(new), *_parts(stood)}):
            source = f"{new} WHERE {_in(part)}"
            if part in by_part:
                kept = f"SELECT * FROM {reading([folder / by_part.pop(part)])} WHERE id NOT IN"
                source = f"{kept} (SELECT id FROM {reading([keys])}) UNION ALL BY NAME {source}"
            by_part[part] = _write_part(folder, part, source)
    finally:
        raw.unlink(missing_ok=True)
        keys.unlink(missing_ok=True)
    return _or_empty(view, folder, sorted(by_part.values()))


def count(folder: Path, files: list[str]) -> int:
    return sum(parquet.read_metadata(folder / name).num_rows for name in files)


def sweep(folder: Path, files: Iterable[str], at: datetime) -> None:
    """Remove what is named no more and lay long enough for every reader to be done."""
    named = set(files)
    for file in folder.glob("*.parquet"):
        if file.name not in named and file.stat().st_mtime < (at - KEPT_FOR).timestamp():
            file.unlink(missing_ok=True)


def _write_raw(view: EvidenceView, file: Path, rows: Iterable[dict[str, Any]], progress: Progress) -> None:
    schema = schema_of(view)
    with parquet.ParquetWriter(file, schema, compression="lz4") as writer:
        for some in _batches(rows):
            writer.write_batch(_record_batch(view, schema, some))
            progress(len(some))


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    some: list[dict[str, Any]] = []
    for row in rows:
        some.append(row)
        if len(some) == BATCH:
            yield some
            some = []
    if some:
        yield some


def _record_batch(view: EvidenceView, schema: pa.Schema, rows: list[dict[str, Any]]) -> pa.RecordBatch:
    columns: list[list[Any]] = []
    for name, kind in view.columns.items():
        values = [row[name] for row in rows]
        columns.append([bool(v) for v in values] if kind == "bool" else values)
    columns.append([int(row["division"][:9]) for row in rows])
    columns.append([row["date"].replace(day=1) for row in rows])
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


Part = tuple[int, int]  # county (six digits), year


def _parts(source: str) -> list[Part]:
    found = run(f"SELECT DISTINCT place // 1000, year(month) FROM ({source}) ORDER BY ALL")
    return [(int(county), int(year)) for county, year in found]


def _in(part: Part) -> str:
    return f"place // 1000 = {part[0]} AND year(month) = {part[1]}"


def _part_of(name: str) -> Part:
    county, year, _rest = name.split("-", 2)
    return int(county), int(year)


def _write_part(folder: Path, part: Part, source: str) -> str:
    """One part, sorted; blank when no row is left in it."""
    name = f"{part[0]}-{part[1]}-{uuid4().hex}.parquet"
    file = folder / name
    ((written,),) = run(
        f"COPY (SELECT * FROM ({source}) ORDER BY date DESC, id DESC) TO {quoted(file)} "
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {GROUP})"
    )
    if written:
        return name
    file.unlink()
    return ""


def _or_empty(view: EvidenceView, folder: Path, found: list[str]) -> list[str]:
    found = [name for name in found if name]
    if not found:
        name = f"empty-{uuid4().hex}.parquet"
        parquet.write_table(schema_of(view).empty_table(), folder / name)
        found = [name]
    return found
