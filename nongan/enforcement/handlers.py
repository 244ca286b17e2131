"""检打联动: what a sample's result does here. The service is idempotent: a line may be heard twice, or out of order."""

from typing import TYPE_CHECKING

from nongan.enforcement.queries.cases import concerning
from nongan.enforcement.services import follow_sample
from nongan.journal.services import on_many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nongan.journal.models import Line


@on_many("monitoring.sample.judged", "monitoring.sample.reopened")
def sample_changed(lines: "Sequence[Line]") -> None:
    concerned = concerning({int(line.facts["sample"]) for line in lines})
    for sample_id in sorted(concerned):
        follow_sample(sample_id=sample_id, at=lines[0].at)
