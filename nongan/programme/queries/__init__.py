"""What can this person see? The names that other contexts use stand here."""

from nongan.programme.queries.plans import adopted_plans, adopted_version, plans_visible_to, targets_of

__all__ = ["adopted_plans", "adopted_version", "plans_visible_to", "targets_of"]
