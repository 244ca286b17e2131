"""Rows past the ORM, where there are hundreds of thousands."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

PARAMETERS = 999  # in one statement: what the oldest SQLite takes


def insert_rows(table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows as the database keeps them (no field converts them), many a statement: half the time of one each.

    `table` and `columns` are names from a model's `_meta`, never what somebody typed.
    """
    quote = connection.ops.quote_name
    start = f"INSERT INTO {quote(table)} ({', '.join(map(quote, columns))}) VALUES "
    row, most = f"({', '.join(['%s'] * len(columns))})", PARAMETERS // len(columns)
    with connection.cursor() as cursor:
        for first in range(0, len(rows), most):
            some = rows[first : first + most]
            cursor.execute(start + ", ".join([row] * len(some)), [value for one in some for value in one])
