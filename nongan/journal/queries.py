"""Reading the journal, and proving that it has not been touched."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from nongan.journal.models import Delivery, Head, Line, LineQuerySet
from nongan.journal.rules import BEGINNING, seal

MOMENT = {  # as `rules.instant` writes it; SQLite leaves out a fraction of zero
    "sqlite": "CAST(at AS TEXT)",
    "postgresql": "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
}
BATCH = 5_000


@dataclass(frozen=True)
class Verification:
    """How many lines were read, and the first that is wrong with the reason; `altered` is None when all is well."""

    lines: int
    altered: int | None = None
    reason: str = ""
    root: str = BEGINNING


def lines_in(division: str) -> LineQuerySet:
    """Lines about things in a division."""
    return Line.objects.in_division(division)


def lines_visible_to(user: Any) -> LineQuerySet:
    """Accounts stand above the journal, so the person is known here by `may` and `scope` alone."""
    return lines_in(user.scope) if user.may("journal.view") else Line.objects.none()


def timeline(thing: models.Model, *, most: int = 100) -> list[Line]:
    """What happened to a thing, newest first."""
    lines = Line.objects.filter(on_model=thing._meta.label, on_id=str(thing.pk))
    return list(lines.order_by("-sequence")[:most])


def waiting() -> "models.QuerySet[Delivery]":
    """Deliveries that failed at least once."""
    return Delivery.objects.filter(attempts__gt=0).order_by("line_sequence")


def verify(progress: Callable[[int], None] = lambda n: None) -> Verification:
    """Recompute the whole chain. Names the first line that was altered, removed, inserted or moved."""
    previous, expected = BEGINNING, 1
    for rows in _batches():
        for row in rows:
            stored_previous, sequence, at, by, action, on_model, on_id, division, details, stored = row
            if sequence != expected:
                return Verification(expected - 1, expected, f"第 {expected} 行缺失")
            if stored_previous != previous:
                return Verification(expected - 1, sequence, "与上一行的哈希不符")
            moment = at if len(at) == 26 else f"{at}.000000"
            if seal(previous, sequence, moment, by, action, on_model, on_id, division, details) != stored:
                return Verification(expected - 1, sequence, "内容与哈希不符")
            previous, expected = stored, expected + 1
        progress(len(rows))
    head = Head.objects.first()
    if head and (head.sequence, head.hash) != (expected - 1, previous):
        return Verification(expected - 1, expected, f"末尾缺失：应有 {head.sequence} 行")
    return Verification(expected - 1, root=previous)


def _batches() -> Iterator[list[tuple[Any, ...]]]:
    """Rows in order, by key, without the cost of model instances."""
    last = 0
    columns = f'previous, sequence, {MOMENT[connection.vendor]}, "by", action, on_model, on_id, division, details, hash'
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                f"SELECT {columns} FROM journal_line WHERE sequence > %s ORDER BY sequence LIMIT {BATCH}", [last]
            )
            rows = cursor.fetchall()
            if not rows:
                return
            yield rows
            last = rows[-1][1]
