"""Writing to the journal, and telling the contexts above what happened."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction

from nongan.journal.models import Delivery, Head, Line
from nongan.journal.rules import canonical, clean, instant, seal

Handler = Callable[[Line], None]
HANDLERS: dict[str, dict[str, Handler]] = {}  # action → name of the handler → handler
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


def record(action: str, *, on: models.Model, by: object, at: datetime, division: str = "", **details: Any) -> Line:
    """Write one line in the caller's transaction; its handlers run after the commit.

    `by` is a user or a name (“系统”). `division` is the full code that scopes who reads the line;
    left out, it is the division of the thing.
    """
    return record_many([Act(action, on, details, division)], by=by, at=at)[0]


@transaction.atomic
def record_many(acts: Iterable[Act], *, by: object, at: datetime) -> list[Line]:
    """Write many lines at once, in order. Imports use it: one line per thing, one statement for all."""
    head = Head.objects.select_for_update().get(pk=1)
    name, moment = clean(str(by)), instant(at)
    lines = []
    for act in acts:
        line = Line(
            sequence=head.sequence + 1,
            at=at,
            by=name,
            action=act.action,
            on_model=act.on._meta.label,
            on_id=clean(str(act.on.pk)),
            division=act.division or getattr(act.on, "division_id", None) or "",
            details=canonical(act.details),
            previous=head.hash,
        )
        line.hash = seal(
            line.previous,
            line.sequence,
            moment,
            name,
            line.action,
            line.on_model,
            line.on_id,
            line.division,
            line.details,
        )
        head.sequence, head.hash = line.sequence, line.hash
        lines.append(line)
    Line.objects.bulk_create(lines, batch_size=500)
    Head.objects.filter(pk=1).update(sequence=head.sequence, hash=head.hash)
    _post(lines, at)
    return lines


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
        by_sequence = {line.sequence: line for line in lines}
        try:
            with transaction.atomic():
                for delivery in deliveries:
                    line = by_sequence[delivery.line_sequence]
                    HANDLERS[line.action][delivery.handler](line)
                Delivery.objects.filter(pk__in=[d.pk for d in deliveries]).delete()
                return
        except Exception:
            logger.exception("Delivery of %s lines at once failed; delivering one by one", len(deliveries))
    for delivery in deliveries:
        deliver(delivery.pk, at=at)


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
