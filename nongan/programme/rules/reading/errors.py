"""The one refusal of the reader."""

from nongan.common.errors import RuleBroken


class PlanUnreadable(RuleBroken):
    """The file or text cannot be read as a plan. The message says what was found and what to do."""

    code = "plan_unreadable"
