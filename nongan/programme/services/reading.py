"""Taking a document in."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.accounts.services import require, require_scope
from nongan.documents.services import store
from nongan.journal.services import record
from nongan.programme.models import PlanFile
from nongan.programme.queries.plans import plans_visible_to
from nongan.programme.rules.content import from_reading
from nongan.programme.rules.reading import PlanUnreadable, read_file

if TYPE_CHECKING:
    from nongan.accounts.models import User


@transaction.atomic
def read_plan_file(*, name: str, data: bytes, division: str, plan_id: int | None, by: "User", at: datetime) -> PlanFile:
    """Read a document and keep it with its reading. `plan_id`: it is the next version of that plan, of its division.

    Raises FileNotAccepted, PlanUnreadable; then nothing is kept.
    """
    require(by, Permission.PLAN_EDIT)
    plan = plans_visible_to(by).get(pk=plan_id) if plan_id else None
    division = plan.division_id if plan else division
    require_scope(by, division)
    reading = read_file(name, data)
    plans = [from_reading(found) for found in reading.plans if found.tasks]
    if not plans:
        raise PlanUnreadable(_("没有读到任何任务。请确认文件是实施方案正文，而不是通知封面、目录或附表。"))
    document = store(name=name, data=data, by=by, at=at)
    file = PlanFile.objects.create(
        document=document, text=reading.text, plans=plans, plan=plan, division_id=division, owner=by, at=at
    )
    record("programme.file.read", on=file, by=by, at=at, name=document.name, plans=len(plans))
    return file
