"""What the worker does in one round."""

from datetime import datetime

from nongan.journal.services import deliver_due


def work_once(*, at: datetime) -> dict[str, int]:
    """One round: deliveries that are due. Returns what was done."""
    delivered, failed = deliver_due(at=at)
    return {"delivered": delivered, "failed": failed}
