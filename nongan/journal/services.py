"""Writing to the journal, and telling the contexts above what happened."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, models, transaction

from nongan.common.rows import insert_rows
from nongan.journal.models import Delivery, Line
from nongan.journal.rules import canonical, clean, instant, seal

Handler = Callable[[Line], None]
HANDLERS: dict[str, dict[str, Handler]] = {}  # action → name of the handler → handler
PAST_COLUMNS = ("sequence", "at", "by", "action", "on_model", "on_id", "division", "details", "previous", "hash")
PAST_AT_ONCE = 10_000  # lines in memory
RETRY_AFTER = [timedelta(seconds=s) for s in (10, 60, 600, 3600, 6 * 3600)]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Act:
    """What `record_many` writes one line of."""

    action: str
    on: models.Model
    details: dict[str, Any] = field(default_factory=dict)
    division: str = ""


def on(*actions: str) -> Callable[[Handler], Handler]:
    """Subscribe to acts by name. Handlers live in `<context>/handlers.py`, are idempotent, and call one service."""

    def subscribe(handler: Handler) -> Handler:
        for action in actions:
            HANDLERS.setdefault(action, {})[f"{handler.__module__}.{handler.__qualname__}"] = handler
        return handler

    return subscribe


@dataclass(frozen=True)
class Together:
    """A handler that takes the lines of one recording at once: an import, or three hundred reports signed together."""

    many: Callable[[Sequence[Line]], None]

    def __call__(self, line: Line) -> None:
        self.many([line])


def on_many(*actions: str) -> Callable[[Callable[[Sequence[Line]], None]], Together]:
    """Like `on`, for handlers that take many lines; a retry brings one line at a time."""

    def subscribe(many: Callable[[Sequence[Line]], None]) -> Together:
        handler = Together(many)
        for action in actions:
            HANDLERS.setdefault(action, {})[f"{many.__module__}.{many.__qualname__}"] = handler
        return handler

    return subscribe


def record(action: str, *, on: models.Model, by: object, at: datetime, division: str = "", **details: Any) -> Line:
    """Write one line in the caller's transaction; its handlers run after the commit.

    `by` is a user or a name (“系统”). `division` is the full code that scopes who reads the line;
    left out, it is the division of the thing.
    """
    return record_many([Act(action, on, details, division)], by=by, at=at)[0]


@transaction.atomic
def record_many(acts: Iterable[Act], *, by: object, at: datetime) -> list[Line]:
    """Write many lines at once, in order. Imports use it: one line per thing, one statement for all."""
    sequence, last = _take_head()
    name, moment = clean(str(by)), instant(at)
    lines = []
    for act in acts:
        sequence += 1
        line = Line(
            sequence=sequence, at=at, by=name, action=act.action, on_model=act.on._meta.label,
            on_id=clean(str(act.on.pk)), division=act.division or getattr(act.on, "division_id", None) or "",
            details=canonical(act.details), previous=last,
        )  # fmt: skip
        line.hash = last = seal(
            line.previous, sequence, moment, name, line.action, line.on_model, line.on_id, line.division, line.details
        )
        lines.append(line)
    if len(lines) == 1:
        lines[0].save(force_insert=True)
    else:
        Line.objects.bulk_create(lines, batch_size=500)
    _put_head(sequence, last)
    _post(lines, at)
    return lines


class Past(NamedTuple):
    """A line that tells of a past: an act of another journal, at its own time. `details` is canonical JSON."""

    at: datetime
    by: str
    action: str
    on_model: str
    on_id: str
    division: str
    details: str


@transaction.atomic
def append_past(lines: Iterable[Past]) -> int:
    """Chain lines of the past onto the journal, in the order given; nobody hears them. Returns how many."""
    sequence, last = _take_head()
    adapt, begun, rows = connection.ops.adapt_datetimefield_value, sequence, []
    for line in lines:
        sequence += 1
        previous, last = last, seal(last, sequence, instant(line.at), *map(clean, line[1:]))
        rows.append((sequence, adapt(line.at), *map(clean, line[1:]), previous, last))
        if len(rows) == PAST_AT_ONCE:
            insert_rows(Line._meta.db_table, PAST_COLUMNS, rows)
            rows.clear()
    insert_rows(Line._meta.db_table, PAST_COLUMNS, rows)
    _put_head(sequence, last)
    return sequence - begun


def _take_head() -> tuple[int, str]:
    """Lock the end of the chain and read it. Every act passes here, so the statements are written out."""
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""  # SQLite: the transaction is the lock
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sequence, hash FROM journal_head WHERE id = 1{lock}")
        sequence, last = cursor.fetchone()
    return int(sequence), str(last)


def _put_head(sequence: int, last: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_head SET sequence = %s, hash = %s WHERE id = 1", [sequence, last])


def _post(lines: list[Line], at: datetime) -> None:
    deliveries = [
        Delivery(line_sequence=line.sequence, handler=name, due_at=at + RETRY_AFTER[0])
        for line in lines
        for name in HANDLERS.get(line.action, ())
    ]
    if deliveries:
        Delivery.objects.bulk_create(deliveries, batch_size=500)
        transaction.on_commit(lambda: _deliver_all(deliveries, lines, at))


def _deliver_all(deliveries: list[Delivery], lines: list[Line], at: datetime) -> None:
    """An import of ten thousand rows is heard in one transaction; where that fails, each line on its own."""
    if len(deliveries) > 1:
        try:
            with transaction.atomic():
                _hear(deliveries, {line.sequence: line for line in lines})
                keys = [delivery.pk for delivery in deliveries]
                for start in range(0, len(keys), 5_000):
                    Delivery.objects.filter(pk__in=keys[start : start + 5_000]).delete()
                return
        except Exception:
            logger.exception("Delivery of %s lines at once failed; delivering one by one", len(deliveries))
    for delivery in deliveries:
        deliver(delivery.pk, at=at)


def _hear(deliveries: list[Delivery], lines: dict[int, Line]) -> None:
    """Each handler hears its lines in order; one that takes many hears all of its lines together."""
    together: dict[str, list[Line]] = {}
    for delivery in deliveries:
        line = lines[delivery.line_sequence]
        handler = HANDLERS[line.action][delivery.handler]
        if isinstance(handler, Together):
            together.setdefault(delivery.handler, []).append(line)
        else:
            handler(line)
    for name, heard in together.items():
        handler = HANDLERS[heard[0].action][name]
        assert isinstance(handler, Together)
        handler.many(heard)


def deliver(delivery_id: int, *, at: datetime) -> bool:
    """Run one handler once: its work and the removal of the delivery are one transaction. True when done.

    A handler that fails leaves the delivery with the fault, due again later; the act itself stands.
    """
    try:
        with transaction.atomic():
            delivery = Delivery.objects.select_for_update().filter(pk=delivery_id).first()
            if delivery is None:
                return True
            line = Line.objects.get(pk=delivery.line_sequence)
            handler = HANDLERS.get(line.action, {}).get(delivery.handler)
            if handler is None:
                raise LookupError(f"No handler {delivery.handler} for {line.action}")
            delivery.delete()
            handler(line)
            return True
    except Exception as fault:
        logger.exception("Delivery %s failed", delivery_id)
        _put_off(delivery_id, fault, at)
        return False


def _put_off(delivery_id: int, fault: Exception, at: datetime) -> None:
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().filter(pk=delivery_id).first()
        if delivery is not None:
            delivery.due_at = at + RETRY_AFTER[min(delivery.attempts, len(RETRY_AFTER) - 1)]
            delivery.attempts += 1
            delivery.fault = f"{type(fault).__name__}: {fault}"[:2000]
            delivery.save(update_fields=["due_at", "attempts", "fault"])


def deliver_due(*, at: datetime, most: int = 500) -> tuple[int, int]:
    """Retry what is due, oldest first. Returns how many were delivered and how many failed again."""
    due = list(Delivery.objects.filter(due_at__lte=at).order_by("line_sequence").values_list("pk", flat=True)[:most])
    done = sum(deliver(pk, at=at) for pk in due)
    return done, len(due) - done
