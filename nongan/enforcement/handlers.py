"""检打联动: what a sample's result does here. The service is idempotent: a line may be heard twice, or out of order."""

from typing import TYPE_CHECKING

from nongan.enforcement.services import follow_sample
from nongan.journal.services import on

if TYPE_CHECKING:
    from nongan.journal.models import Line


@on("monitoring.sample.judged", "monitoring.sample.reopened")
def sample_changed(line: "Line") -> None:
    follow_sample(sample_id=int(line.facts["sample"]), at=line.at)
