"""What the worker does in one round."""

from datetime import datetime

from django.core.cache import cache

from nongan.enforcement.services import open_missing
from nongan.indicators.services import refresh
from nongan.journal.services import deliver_due

RECONCILED_EVERY = 60  # seconds: handlers open cases at once, this only mends what none of them did


def work_once(*, at: datetime) -> dict[str, int]:
    """One round: deliveries that are due; once a minute, failed samples without case or disposal; figures that acts
    have touched. Returns what was done."""
    delivered, failed = deliver_due(at=at)
    due = cache.add("operations.reconciled", True, RECONCILED_EVERY)
    mended = open_missing(at=at) if due else 0
    changed = sum(refresh(at=at).changed.values())
    return {"delivered": delivered, "failed": failed, "mended": mended, "figures": changed}
