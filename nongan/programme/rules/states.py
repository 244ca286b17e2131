"""States of plans, reports and list items, and the moves between them. Pure."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nongan.common.errors import RuleBroken


class VersionState(TextChoices):
    """A version is corrected, confirmed, its units matched, adopted. One version of a plan is in force."""

    DRAFT = "draft", _("草稿")
    CONFIRMED = "confirmed", _("已确认，待匹配单位")
    ADOPTED = "adopted", _("执行中")
    SUPERSEDED = "superseded", _("已被新版替代")
    DROPPED = "dropped", _("已放弃")


class DueFrom(TextChoices):
    """Whence a task's last day comes."""

    OWN = "own", _("方案写明")
    PHASE = "phase", _("随实施阶段")
    NONE = "", _("未写明")


class TaskState(TextChoices):
    """How far a task is, from the reports about it."""

    TODO = "todo", _("未填报")
    DOING = "doing", _("进行中")
    WAITING = "waiting", _("待审核")
    RETURNED = "returned", _("已退回")
    DONE = "done", _("已完成")


class ReportState(TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("已退回")
    ACCEPTED = "accepted", _("已通过")


class ListKind(TextChoices):
    """The three lists that every county keeps (问题清单、任务清单、责任清单)."""

    PROBLEM = "problem", _("问题清单")
    TASK = "task", _("任务清单")
    RESPONSIBILITY = "responsibility", _("责任清单")


class ItemState(TextChoices):
    OPEN = "open", _("未完成")
    DONE = "done", _("已整改，待核实")
    VERIFIED = "verified", _("已核实")


VERSION_MOVES: Mapping[VersionState, set[VersionState]] = {
    VersionState.DRAFT: {VersionState.CONFIRMED, VersionState.DROPPED},
    VersionState.CONFIRMED: {VersionState.DRAFT, VersionState.ADOPTED, VersionState.DROPPED},
    VersionState.ADOPTED: {VersionState.SUPERSEDED},
    VersionState.SUPERSEDED: set(),
    VersionState.DROPPED: set(),
}
REPORT_MOVES: Mapping[ReportState, set[ReportState]] = {
    ReportState.DRAFT: {ReportState.DRAFT, ReportState.SUBMITTED},
    ReportState.RETURNED: {ReportState.RETURNED, ReportState.SUBMITTED},
    ReportState.SUBMITTED: {ReportState.RETURNED, ReportState.ACCEPTED},
    ReportState.ACCEPTED: set(),
}
ITEM_MOVES: Mapping[ItemState, set[ItemState]] = {
    ItemState.OPEN: {ItemState.DONE},
    ItemState.DONE: {ItemState.VERIFIED, ItemState.OPEN},
    ItemState.VERIFIED: set(),
}


class MoveNotAllowed(RuleBroken):
    """The thing is in a state from which it cannot go there."""

    code = "move_not_allowed"


class SameHand(RuleBroken):
    """Who did a thing does not also judge it: reporting and reviewing, finding and closing are two people's work."""

    code = "same_hand"


def check_version_move(old: str, new: VersionState) -> None:
    """Raises MoveNotAllowed."""
    if new not in VERSION_MOVES[VersionState(old)]:
        raise MoveNotAllowed(
            _("这一版现在是“%(old)s”，不能改为“%(new)s”。请刷新页面查看最新状态。")
            % {"old": VersionState(old).label, "new": new.label}
        )


def check_report_move(old: str, new: ReportState) -> None:
    """Raises MoveNotAllowed."""
    if new not in REPORT_MOVES[ReportState(old)]:
        raise MoveNotAllowed(
            _("这份填报现在是“%(old)s”，不能改为“%(new)s”。") % {"old": ReportState(old).label, "new": new.label}
        )


def check_item_move(old: str, new: ItemState) -> None:
    """Raises MoveNotAllowed."""
    if new not in ITEM_MOVES[ItemState(old)]:
        raise MoveNotAllowed(
            _("这一项现在是“%(old)s”，不能改为“%(new)s”。") % {"old": ItemState(old).label, "new": new.label}
        )


def check_reviewer(reporter: int, reviewer: int) -> None:
    """A report is reviewed by another person than its author. Raises SameHand."""
    if reporter == reviewer:
        raise SameHand(_("本人填报的进展须由他人审核。请另一位创建办人员处理。"))


def check_closer(finder: int, rectifier: int | None, closer: int) -> None:
    """A problem is closed by somebody who neither found nor rectified it. Raises SameHand."""
    if closer in (finder, rectifier):
        raise SameHand(_("发现人和整改人不能核实销号。请另一位人员到场或调阅材料后核实。"))
