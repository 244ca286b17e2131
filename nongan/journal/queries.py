"""Reading the journal, and proving that it has not been touched."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, models

from nongan.journal.models import Delivery, Head, Line, LineQuerySet
from nongan.journal.rules import BEGINNING, SEPARATOR

# One value a line: its stored hash (64 characters), then the very bytes that `rules.seal` hashed, put together by the
# database. Text has no control characters (`rules.clean`), so nothing cuts the format short. A batch is one value:
# its lines, joined by a character that no line holds.
FIELDS = 'hash, previous, sequence, {at}, "by", action, on_model, on_id, division, details'
LINES = {
    "sqlite": "printf('%%s%%s{0}%%d{0}%%s{0}%%s{0}%%s{0}%%s{0}%%s{0}%%s{0}%%s', {1})".format(
        SEPARATOR, FIELDS.format(at="at || substr('.000000', 1, 26 - length(at))")
    ),
    "postgresql": "format('%%s%%s{0}%%s{0}%%s{0}%%s{0}%%s{0}%%s{0}%%s{0}%%s{0}%%s', {1})".format(
        SEPARATOR, FIELDS.format(at="to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')")
    ),
}
JOINED = {
    "sqlite": "CAST(group_concat(line, char(30)) AS BLOB)",
    "postgresql": "convert_to(string_agg(line, chr(30) ORDER BY sequence), 'UTF8')",
}
BETWEEN = b"\x1e"
BATCH = 2_000


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


def lines_about(kinds: Iterable[str]) -> LineQuerySet:
    """Every line about things of these kinds (`registry.Subject`), in order."""
    return Line.objects.filter(on_model__in=list(kinds)).order_by("sequence")


def require_reader(user: Any) -> None:
    """Raise PermissionDenied unless the person may read the journal."""
    if not user.may("journal.view"):
        raise PermissionDenied("journal.view")


def lines_visible_to(user: Any) -> LineQuerySet:
    """Accounts stand above the journal, so the person is known here by `may` and `scope` alone."""
    return lines_in(user.scope) if user.may("journal.view") else Line.objects.none()


NAMES = """
    WITH RECURSIVE names(name) AS (
        SELECT min("by") FROM journal_line
        UNION ALL
        SELECT (SELECT min("by") FROM journal_line WHERE "by" > name) FROM names WHERE name IS NOT NULL
    )
    SELECT name FROM names WHERE name IS NOT NULL"""


def names_with(text: str) -> list[str]:
    """The people of the journal in whose names a text stands. One step of the index a person, however many lines."""
    with connection.cursor() as cursor:
        cursor.execute(NAMES)
        return [name for (name,) in cursor.fetchall() if text.casefold() in name.casefold()]


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
    for lines in _batches():
        if not _is_sound(lines, previous):
            return _first_wrong(lines, previous, sound)
        previous, sound = lines[-1][:64], sound + len(lines)
        progress(len(lines))
    head = Head.objects.get(pk=1)
    if (head.sequence, head.hash) != (sound, previous.decode()):
        return Verification(sound, sound + 1, f"末尾缺失：应有 {head.sequence} 行")
    return Verification(sound, root=previous.decode())


def _is_sound(lines: list[bytes], previous: bytes) -> bool:
    """Does each line give its hash, and stand after the line before it? All at once: a million lines pass here."""
    hashes = "".join([sha256(line[64:]).hexdigest() for line in lines]).encode()
    stored = b"".join([line[:64] for line in lines])
    return hashes == stored and b"".join([line[64:128] for line in lines]) == previous + stored[:-64]


def _first_wrong(lines: list[bytes], previous: bytes, sound: int) -> Verification:
    for line in lines:
        content = line[64:]
        if sha256(content).hexdigest().encode() != line[:64] or not content.startswith(previous):
            return _wrong(sound, previous, content)
        previous, sound = line[:64], sound + 1
    raise AssertionError("a batch that is not sound has a line that is not")


def _wrong(sound: int, previous: bytes, content: bytes) -> Verification:
    """The line after the sound ones: another line stands in its place, or its content, or its place in the chain."""
    stored_previous, _separator, rest = content.partition(SEPARATOR.encode())
    sequence = rest.partition(SEPARATOR.encode())[0]
    if sequence.isdigit() and int(sequence) != sound + 1:
        return Verification(sound, sound + 1, f"第 {sound + 1} 行缺失")
    altered = "内容与哈希不符" if stored_previous == previous else "与上一行的哈希不符"
    return Verification(sound, sound + 1, altered)


def _batches() -> Iterator[list[bytes]]:
    """Lines in order, by key, without the cost of model instances."""
    line, joined, last = LINES[connection.vendor], JOINED[connection.vendor], 0
    inside = f"SELECT sequence, {line} AS line FROM journal_line WHERE sequence > %s ORDER BY sequence LIMIT {BATCH}"
    statement = f"SELECT max(sequence), {joined} FROM ({inside}) AS batch"
    with connection.cursor() as cursor:
        while True:
            cursor.execute(statement, [last])
            last, batch = cursor.fetchone()
            if last is None:
                return
            yield bytes(batch).split(BETWEEN)
