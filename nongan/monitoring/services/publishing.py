"""Results are made public."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.journal.services import Act, record_many
from nongan.monitoring.models import Sample
from nongan.monitoring.rules import SampleState, check_publishable
from nongan.monitoring.services.sending import locked

if TYPE_CHECKING:
    from nongan.accounts.models import User


@transaction.atomic
def publish_samples(*, numbers: Sequence[str], by: "User", at: datetime) -> list[Sample]:
    """Make decided results public: all, or none. Raises MoveNotAllowed, NotPublishable."""
    samples = locked(numbers, by)
    require(by, Permission.SAMPLE_PUBLISH)
    for sample in samples:
        check_publishable(sample.number, sample.state, sample.verdict)
        sample.state, sample.published_at = SampleState.PUBLISHED, at
        sample.version += 1
    Sample.objects.bulk_update(samples, ["state", "published_at", "version"], batch_size=200)
    acts = [Act("monitoring.sample.published", s, {"sample": s.pk, "number": s.number}) for s in samples]
    record_many(acts, by=by, at=at)
    return samples
