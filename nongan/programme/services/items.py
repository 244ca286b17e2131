"""Keeping the three lists of a county: found, rectified, verified; and who answers for a task."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from nongan.accounts.queries import organisations_in
from nongan.accounts.rules import Permission
from nongan.accounts.services import require, require_scope
from nongan.common.divisions import Level, level_of
from nongan.common.editing import check_version
from nongan.common.errors import RuleBroken
from nongan.journal.services import record
from nongan.programme.models import ListItem, TaskLine
from nongan.programme.queries.items import items_visible_to
from nongan.programme.queries.plans import plans_visible_to
from nongan.programme.queries.tasks import carried_in, tasks_visible_to
from nongan.programme.rules.states import ItemState, ListKind, check_closer, check_item_move

if TYPE_CHECKING:
    from nongan.accounts.models import User


class ItemRefused(RuleBroken):
    code = "item_refused"


def _check_organisation(organisation_id: int | None, division: str) -> None:
    """Only an organisation of the county answers for a line of its list. Raises ItemRefused."""
    if organisation_id is None or not organisations_in(division).filter(pk=organisation_id).exists():
        raise ItemRefused(_("责任单位须是本县市区的机构。请先在“机构”中登记，或改选。"))


@transaction.atomic
def add_item(
    *, kind: str, plan_id: int, division: str, text: str, organisation_id: int | None, person: str, due: date | None,
    source: str, task_id: int | None, by: "User", at: datetime,
) -> ListItem:  # fmt: skip
    """Add a problem or a task of its own to a county's list."""
    plan = plans_visible_to(by).get(pk=plan_id)
    require(by, Permission.TASK_REVIEW)
    require_scope(by, division)
    if level_of(division) != Level.COUNTY:
        raise ItemRefused(_("清单按县市区编制，请选择县市区。"))
    if ListKind(kind) == ListKind.RESPONSIBILITY:
        raise ItemRefused(_("责任清单由任务生成，请在任务上指定责任单位和责任人。"))
    if not text.strip():
        raise ItemRefused(_("请填写内容。"))
    _check_organisation(organisation_id, division)
    line_id = tasks_visible_to(by).get(pk=task_id).line_id if task_id else None
    item = ListItem.objects.create(
        kind=kind, plan=plan, division_id=division, line_id=line_id, text=text.strip(),
        organisation_id=organisation_id, person=person.strip(), due=due, source=source.strip(), found_by=by,
        found_at=at,
    )  # fmt: skip
    record("programme.item.added", on=item, by=by, at=at, kind=kind, number=item.number)
    return item


def _locked(item_id: int, seen: int, by: "User") -> ListItem:
    item = items_visible_to(by).select_for_update(of=("self",)).get(pk=item_id)
    check_version(item, seen)
    return item


@transaction.atomic
def rectify_item(*, item_id: int, seen: int, measure: str, result: str, by: "User", at: datetime) -> ListItem:
    """The responsible organisation has put it right: what was done, what came of it."""
    item = _locked(item_id, seen, by)
    if not by.may(Permission.TASK_REVIEW):
        require(by, Permission.TASK_REPORT)
        if item.organisation_id is None or item.organisation_id != by.organisation_id:
            raise PermissionDenied(_("只能办理本单位负责的清单项。"))
    check_item_move(item.state, ItemState.DONE)
    if not result.strip():
        raise ItemRefused(_("请填写整改情况：做了什么，结果如何。"))
    item.state, item.done_by, item.done_at = ItemState.DONE, by, at
    item.measure, item.result = measure.strip(), result.strip()
    item.save()
    record("programme.item.rectified", on=item, by=by, at=at, number=item.number, note=item.result)
    return item


@transaction.atomic
def verify_item(*, item_id: int, seen: int, by: "User", at: datetime) -> ListItem:
    """Close it, after looking. Neither the finder nor the rectifier may (rules.states.check_closer)."""
    item = _locked(item_id, seen, by)
    require(by, Permission.TASK_REVIEW)
    check_item_move(item.state, ItemState.VERIFIED)
    check_closer(item.found_by_id, item.done_by_id, by.pk)
    item.state, item.verified_by, item.verified_at = ItemState.VERIFIED, by, at
    item.save()
    record("programme.item.verified", on=item, by=by, at=at, number=item.number)
    return item


@transaction.atomic
def reopen_item(*, item_id: int, seen: int, reason: str, by: "User", at: datetime) -> ListItem:
    """It was not put right: back to the responsible organisation, with the reason."""
    item = _locked(item_id, seen, by)
    require(by, Permission.TASK_REVIEW)
    check_item_move(item.state, ItemState.OPEN)
    if not reason.strip():
        raise ItemRefused(_("请写明未通过核实的原因。"))
    item.state, item.done_by, item.done_at = ItemState.OPEN, None, None
    item.save()
    record("programme.item.reopened", on=item, by=by, at=at, number=item.number, note=reason.strip())
    return item


@transaction.atomic
def assign_duty(
    *, task_id: int, division: str, organisation_id: int, person: str, text: str, seen: int, by: "User", at: datetime
) -> ListItem:
    """Name the organisation and the person who answer for a task in a county; `seen` is 0 where nobody did so far."""
    task = tasks_visible_to(by).filter(carried_in(division)).get(pk=task_id)
    require(by, Permission.TASK_REVIEW)
    require_scope(by, division)
    _check_organisation(organisation_id, division)
    if not person.strip():
        raise ItemRefused(_("请填写责任人。"))
    line = TaskLine.objects.select_for_update().get(pk=task.line_id)
    item = ListItem.objects.filter(kind=ListKind.RESPONSIBILITY, line=line, division_id=division).first()
    if item is None:
        item = ListItem(
            kind=ListKind.RESPONSIBILITY, line=line, plan=task.plan_version.plan, division_id=division, found_by=by,
            found_at=at, version=0,
        )  # fmt: skip
    check_version(item, seen)
    item.organisation_id, item.person, item.text = organisation_id, person.strip(), text.strip()
    item.save()
    record(
        "programme.duty.assigned", on=item, by=by, at=at, person=item.person, organisation=organisation_id,
        note=f"{task.label} {item.person}",
    )  # fmt: skip
    return item
