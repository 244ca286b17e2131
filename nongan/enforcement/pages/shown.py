"""How states and clocks look: tone and words beside each other, so that lists and pages agree."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nongan.enforcement.models import Case, Disposal
from nongan.enforcement.rules.deadlines import Clock, left
from nongan.enforcement.rules.states import CaseState, DisposalState, TransferState

CASE_TONES = {
    CaseState.LEAD: "warn", CaseState.NOT_FILED: "idle", CaseState.DECIDED: "info", CaseState.EXECUTED: "info",
    CaseState.TRANSFERRED: "info", CaseState.CLOSED: "ok",
}  # fmt: skip
TRANSFER_TONES = {
    TransferState.SUSPECTED: "bad", TransferState.APPROVED: "bad", TransferState.REFUSED: "idle",
    TransferState.FILED: "ok", TransferState.NOT_FILED: "warn", TransferState.LIFTED: "idle",
}  # fmt: skip
DISPOSAL_TONES = {
    DisposalState.OPEN: "bad", DisposalState.PARTLY: "warn", DisposalState.DONE: "ok", DisposalState.LIFTED: "idle",
}  # fmt: skip


def case_tone(state: str) -> str:
    return CASE_TONES.get(CaseState(state), "info")


def transfer_tone(state: str) -> str:
    return TRANSFER_TONES.get(TransferState(state), "info")


def disposal_tone(state: str) -> str:
    return DISPOSAL_TONES[DisposalState(state)]


@dataclass(frozen=True)
class Ticking:
    """A clock on screen: what must be done, “剩 5 小时”, its tone, until when."""

    what: Any
    text: Any
    tone: str
    due: datetime


def clock_of(case: Case, at: datetime) -> Ticking | None:
    return ticking(case.due_at, case.due_for, at) if case.due_at else None


def ticking(due: datetime, clock: str, at: datetime) -> Ticking:
    shown = left(due, at)
    return Ticking(Clock(clock).label, shown.text, shown.tone, due)


def duty_clock(duty: Disposal, at: datetime) -> Ticking | None:
    return ticking(duty.due_at, Clock.DISPOSE, at) if duty.due_at else None
