"""The monthly schedule."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.accounts.services import require, require_scope
from nongan.common.editing import check_version
from nongan.journal.services import record
from nongan.programme.models import ScheduleItem, TaskLine
from nongan.programme.queries.tasks import tasks_visible_to

if TYPE_CHECKING:
    from nongan.accounts.models import User


@transaction.atomic
def save_steps(
    *, task_id: int, seen: int, steps: Sequence[tuple[date, str, bool]], by: "User", at: datetime
) -> TaskLine:
    """Set the monthly steps of a task: (first of the month, what is planned, done?). A month without text has none.

    Months that `steps` does not name stay as they are. Raises Stale.
    """
    task = tasks_visible_to(by).get(pk=task_id)
    require(by, Permission.TASK_REVIEW)
    require_scope(by, task.plan_version.plan.division_id)
    line = TaskLine.objects.select_for_update().get(pk=task.line_id)
    check_version(line, seen)
    line.save(update_fields=["version"])
    ScheduleItem.objects.filter(line=line, month__in=[month for month, _text, _done in steps]).delete()
    kept = [ScheduleItem(line=line, month=m, text=text.strip(), done=done) for m, text, done in steps if text.strip()]
    ScheduleItem.objects.bulk_create(kept)
    record(
        "programme.schedule.changed", on=line, by=by, at=at, division=task.plan_version.plan.division_id,
        months=len(kept), note=_("%(n)s 个月有安排") % {"n": len(kept)},
    )  # fmt: skip
    return line
