"""From a read file to a confirmed draft."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.accounts.services import require, require_scope
from nongan.common.editing import check_version
from nongan.common.errors import RuleBroken
from nongan.journal.services import record
from nongan.programme.models import Plan, PlanFile, PlanVersion
from nongan.programme.queries.drafts import indicator_names
from nongan.programme.queries.plans import drafts_visible_to, files_of, plans_visible_to
from nongan.programme.rules.checking import faults
from nongan.programme.rules.content import Content, without_marks
from nongan.programme.rules.states import VersionState, check_version_move

if TYPE_CHECKING:
    from nongan.accounts.models import User


class NotReady(RuleBroken):
    """The draft cannot be confirmed yet; the faults say where and what to do."""

    code = "draft_not_ready"


class NothingChosen(RuleBroken):
    code = "nothing_chosen"


@transaction.atomic
def begin_drafts(*, file_id: int, positions: Sequence[int], by: "User", at: datetime) -> list[PlanVersion]:
    """A draft of each chosen plan of a file: a new plan each, or the next version of the plan it was uploaded to."""
    file = files_of(by).select_for_update(of=("self",)).get(pk=file_id)
    require(by, Permission.PLAN_EDIT)
    require_scope(by, file.division_id)
    chosen = [n for n in dict.fromkeys(positions) if 0 <= n < len(file.plans)]
    if not chosen:
        raise NothingChosen(_("请至少选择一篇方案。"))
    if file.plan_id and len(chosen) > 1:
        raise NothingChosen(_("作为已有方案的新版本，只能选择一篇。"))
    return [_begin(file, position, by, at) for position in chosen]


def _begin(file: PlanFile, position: int, by: "User", at: datetime) -> PlanVersion:
    content = without_marks(file.plans[position])
    if file.plan_id:
        plan = plans_visible_to(by).select_for_update(of=("self",)).get(pk=file.plan_id)
    else:
        title = content["title"][:200] or _("未命名方案")
        plan = Plan.objects.create(title=title, division_id=file.division_id, created_at=at)
    last = plan.versions.aggregate(last=Max("number"))["last"] or 0
    version = PlanVersion.objects.create(
        plan=plan, number=last + 1, file=file, position=position, content=content,
        read_at=file.at, changed_at=at, changed_by=by,
    )  # fmt: skip
    record(
        "programme.draft.begun", on=plan, by=by, at=at, number=version.number, file=str(file.document_id),
        note=_("第 %(n)s 版草稿") % {"n": version.number},
    )  # fmt: skip
    return version


def _draft(version_id: int, seen: int, by: "User") -> PlanVersion:
    version = drafts_visible_to(by).select_for_update(of=("self",)).get(pk=version_id)
    require(by, Permission.PLAN_EDIT)
    check_version(version, seen)
    return version


def _check_open(version: PlanVersion) -> None:
    if version.state != VersionState.DRAFT:
        raise NotReady(_("这一版已不是草稿，不能修改。需要修改时请先退回草稿。"))


def _save(version: PlanVersion, by: "User", at: datetime, *fields: str) -> None:
    version.changed_by, version.changed_at = by, at
    version.save(update_fields=[*fields, "version", "changed_by", "changed_at"])


@transaction.atomic
def save_draft(*, version_id: int, seen: int, content: Content, by: "User", at: datetime) -> PlanVersion:
    """Keep what was typed, right or wrong; only confirming asks for faults. Raises Stale, NotReady."""
    version = _draft(version_id, seen, by)
    _check_open(version)
    version.content = content
    _save(version, by, at, "content")
    record(
        "programme.draft.saved",
        on=version,
        by=by,
        at=at,
        division=version.plan.division_id,
        tasks=len(content["tasks"]),
    )
    return version


@transaction.atomic
def confirm_draft(*, version_id: int, seen: int, by: "User", at: datetime) -> PlanVersion:
    """The saved content is right; next its units are matched. Raises NotReady while it has faults."""
    version = _draft(version_id, seen, by)
    check_version_move(version.state, VersionState.CONFIRMED)
    found = faults(version.content, indicator_names())
    if found:
        raise NotReady(_("还有 %(n)s 处需要改正，不能确认。") % {"n": len(found)})
    version.state = VersionState.CONFIRMED
    _save(version, by, at, "state")
    _name_plan(version)
    record(
        "programme.draft.confirmed", on=version.plan, by=by, at=at, number=version.number,
        note=_("第 %(n)s 版，%(tasks)s 项任务") % {"n": version.number, "tasks": len(version.content["tasks"])},
    )  # fmt: skip
    return version


def _name_plan(version: PlanVersion) -> None:
    """Until a version is adopted, the plan bears the title of its draft."""
    if not version.plan.versions.filter(adopted_at__isnull=False).exists():
        version.plan.title = version.content["title"][:200]
        version.plan.save(update_fields=["title"])


@transaction.atomic
def reopen_draft(*, version_id: int, seen: int, by: "User", at: datetime) -> PlanVersion:
    """Back to correction."""
    version = _draft(version_id, seen, by)
    check_version_move(version.state, VersionState.DRAFT)
    version.state = VersionState.DRAFT
    _save(version, by, at, "state")
    record("programme.draft.reopened", on=version.plan, by=by, at=at, number=version.number)
    return version


@transaction.atomic
def drop_draft(*, version_id: int, seen: int, by: "User", at: datetime) -> PlanVersion:
    """Give a draft up; it is kept, and shown no more."""
    version = _draft(version_id, seen, by)
    check_version_move(version.state, VersionState.DROPPED)
    version.state = VersionState.DROPPED
    _save(version, by, at, "state")
    record(
        "programme.draft.dropped", on=version.plan, by=by, at=at, number=version.number,
        note=_("第 %(n)s 版草稿") % {"n": version.number},
    )  # fmt: skip
    return version
