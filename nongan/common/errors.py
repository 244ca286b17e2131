"""Refusals that every context shares."""

from typing import ClassVar


class RuleBroken(Exception):
    """The law, or a rule of a context, says no.

    The message is fit to show to the user: what was refused, why, and what to do.
    Subclasses name themselves in `code`, which the API returns with a 409.
    """

    code: ClassVar[str] = "rule_broken"
