"""Reading the snapshot: immutable Parquet files, by DuckDB within this process.

Ibis writes the SQL of an expression; DuckDB runs it. Another engine that reads Parquet takes the place of this file.
"""

import threading
from collections import OrderedDict
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import ibis
from django.conf import settings
from ibis.expr.types import Table
from pyarrow import parquet

from nongan.indicators.models import Snapshot

OPEN = 64  # snapshots that a process keeps open
_lock = threading.Lock()
_tables: "OrderedDict[tuple[Path, ...], Table]" = OrderedDict()
_names = count(1)
_local = threading.local()


def folder_of(view: str) -> Path:
    return Path(settings.VAR) / "snapshot" / view


def table_of(snapshot: Snapshot) -> Table:
    """The rows of a snapshot."""
    return open_files([folder_of(snapshot.view) / name for name in snapshot.files])


def open_files(files: list[Path]) -> Table:
    """Parquet files of one shape as one table, opened once a process."""
    key = tuple(files)
    with _lock:
        if key not in _tables:
            name = f"rows_{next(_names)}"
            run(f"CREATE VIEW {name} AS SELECT * FROM {reading(files)}")
            _tables[key] = ibis.table(ibis.Schema.from_pyarrow(parquet.read_schema(files[0])), name=name)
            while len(_tables) > OPEN:
                run(f"DROP VIEW {_tables.popitem(last=False)[1].get_name()}")
        _tables.move_to_end(key)
        return _tables[key]


def reading(files: list[Path]) -> str:
    """The files as a table of SQL."""
    return "read_parquet([{}])".format(", ".join(quoted(file) for file in files))


def quoted(file: Path) -> str:
    return "'{}'".format(str(file).replace("'", "''"))


def sql_of(expression: Table) -> str:
    return str(ibis.to_sql(expression, dialect="duckdb"))


def fetch(expression: Table) -> list[tuple[Any, ...]]:
    """All rows of an expression as tuples."""
    return run(sql_of(expression))


def run(sql: str) -> list[tuple[Any, ...]]:
    """Run a statement. Threads share the process's database, in memory, each through a cursor of its own."""
    if not hasattr(_local, "cursor"):
        _local.cursor = _database().cursor()
    rows: list[tuple[Any, ...]] = _local.cursor.execute(sql).fetchall()
    return rows


@cache
def _database() -> Any:
    database = duckdb.connect()
    database.execute("SET GLOBAL parquet_metadata_cache = true")
    return database
