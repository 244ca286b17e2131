"""What can happen to figures. The names that other contexts use stand here."""

from nongan.indicators.services.compute import AT_ONCE, Done, ask_recount, compute_all, count_since, recompute, refresh
from nongan.indicators.services.proof import Proof, prove

__all__ = ["AT_ONCE", "Done", "Proof", "ask_recount", "compute_all", "count_since", "prove", "recompute", "refresh"]
