"""What monitoring does when a laboratory signs, withdraws or refuses."""

from typing import TYPE_CHECKING

from nongan.journal.services import on, on_many
from nongan.monitoring import services

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nongan.journal.models import Line

SYSTEM = "系统"


@on_many("laboratory.report.signed", "laboratory.report.withdrawn")
def follow(lines: "Sequence[Line]") -> None:
    services.follow_reports(specimen_ids=[line.facts["specimen"] for line in lines], by=SYSTEM, at=lines[0].at)


@on("laboratory.specimen.rejected")
def take_back(line: "Line") -> None:
    services.take_back(specimen_id=line.facts["specimen"], why=line.note, by=SYSTEM, at=line.at)
