"""Reading the journal, and proving that it has not been touched."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, models

from nongan.journal.models import Delivery, Head, Line, LineQuerySet
from nongan.journal.rules import BEGINNING, SEPARATOR

# One value a line: its stored hash (64 characters), then the very bytes that `rules.seal` hashed, put together by the
# database. Text has no control characters (`rules.clean`), so nothing cuts the format short.
FIELDS = 'hash, previous, sequence, {at}, "by", action, on_model, on_id, division, details'
CONTENT = {
    "sqlite": "CAST(printf('%%s%%s{0}%%d{0}%%s{0}%%s{0}%%s{0}%%s{0}%%s{0}%%s{0}%%s', {1}) AS BLOB)".format(
        SEPARATOR, FIELDS.format(at="at || substr('.000000', 1, 26 - length(at))")
    ),
    "postgresql": "convert_to(format('%%s%%s{0}%%s{0}%%s{0}%%s{0}%%s{0}%%s{0}%%s{0}%%s{0}%%s', {1}), 'UTF8')".format(
        SEPARATOR, FIELDS.format(at="to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')")
    ),
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


def require_reader(user: Any) -> None:
    """Raise PermissionDenied unless the person may read the journal."""
    if not user.may("journal.view"):
        raise PermissionDenied("journal.view")


def lines_visible_to(user: Any) -> LineQuerySet:
    """Accounts stand above the journal, so the person is known here by `may` and `scope` alone."""
    return lines_in(user.scope) if user.may("journal.view") else Line.objects.none()


def last_sequence() -> int:
    """The number of the last line; 0 when there is none."""
    return Head.objects.get(pk=1).sequence


def lines_since(sequence: int, *, most: int) -> list[Line]:
    """The lines after one, in order, at most so many: what happened since somebody looked last."""
    return list(Line.objects.filter(sequence__gt=sequence).order_by("sequence")[:most])


def timeline(thing: models.Model, *, most: int = 100) -> list[Line]:
    """What happened to a thing, newest first."""
    lines = Line.objects.filter(on_model=thing._meta.label, on_id=str(thing.pk))
    return list(lines.order_by("-sequence")[:most])


def acted(action: str) -> bool:
    """Did this ever happen here?"""
    return Line.objects.filter(action=action).exists()


def waiting() -> "models.QuerySet[Delivery]":
    """Deliveries that failed at least once."""
    return Delivery.objects.filter(attempts__gt=0).order_by("line_sequence")


def verify(progress: Callable[[int], object] = lambda n: None) -> Verification:
    """Recompute the whole chain. Names the first line that was altered, removed, inserted or moved."""
    previous, sound = BEGINNING.encode(), 0
    for rows in _batches():
        for (line,) in rows:
            content = line[64:]
            if sha256(content).hexdigest().encode() != line[:64] or not content.startswith(previous):
                return _wrong(sound, previous, content)
            previous, sound = line[:64], sound + 1
        progress(len(rows))
    head = Head.objects.get(pk=1)
    if (head.sequence, head.hash) != (sound, previous.decode()):
        return Verification(sound, sound + 1, f"末尾缺失：应有 {head.sequence} 行")
    return Verification(sound, root=previous.decode())


def _wrong(sound: int, previous: bytes, content: bytes) -> Verification:
    stored_previous, sequence, _ = content.split(SEPARATOR.encode(), 2)
    if int(sequence) != sound + 1:
        return Verification(sound, sound + 1, f"第 {sound + 1} 行缺失")
    altered = "内容与哈希不符" if stored_previous == previous else "与上一行的哈希不符"
    return Verification(sound, sound + 1, altered)


def _batches() -> Iterator[list[tuple[bytes]]]:
    """Lines in order, by key, without the cost of model instances."""
    statement = f"SELECT {CONTENT[connection.vendor]} FROM journal_line WHERE sequence > %s ORDER BY sequence"
    last = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(f"{statement} LIMIT {BATCH}", [last])
            rows = cursor.fetchall()
            if not rows:
                return
            yield rows
            last = int(rows[-1][0].split(SEPARATOR.encode(), 2)[1])
