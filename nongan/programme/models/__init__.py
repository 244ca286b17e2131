"""Plans and what is done about them."""

from nongan.programme.models.items import ListItem
from nongan.programme.models.plans import Goal, Phase, Plan, PlanFile, PlanQuerySet, PlanVersion, Target
from nongan.programme.models.reports import Report
from nongan.programme.models.tasks import ScheduleItem, Task, TaskLine, TaskQuerySet, TaskUnit

__all__ = [
    "Goal",
    "ListItem",
    "Phase",
    "Plan",
    "PlanFile",
    "PlanQuerySet",
    "PlanVersion",
    "Report",
    "ScheduleItem",
    "Target",
    "Task",
    "TaskLine",
    "TaskQuerySet",
    "TaskUnit",
]
