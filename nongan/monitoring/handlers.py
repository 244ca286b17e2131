"""What monitoring does when a laboratory signs, withdraws or refuses."""

from typing import TYPE_CHECKING

from nongan.journal.services import on
from nongan.monitoring import services

if TYPE_CHECKING:
    from nongan.journal.models import Line

SYSTEM = "系统"


@on("laboratory.report.signed", "laboratory.report.withdrawn")
def follow(line: "Line") -> None:
    services.follow_report(specimen_id=line.facts["specimen"], by=SYSTEM, at=line.at)


@on("laboratory.specimen.rejected")
def take_back(line: "Line") -> None:
    services.take_back(specimen_id=line.facts["specimen"], why=line.note, by=SYSTEM, at=line.at)
