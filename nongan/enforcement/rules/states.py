"""What a case, a transfer and a disposal duty can be, and the moves between. Pure."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nongan.common.errors import RuleBroken


class CaseState(TextChoices):
    """行政处罚法 第五章 第三节 普通程序, in the order of a case."""

    LEAD = "lead", _("线索")
    NOT_FILED = "not_filed", _("不予立案")
    FILED = "filed", _("已立案")
    INVESTIGATING = "investigating", _("调查中")
    REVIEWED = "reviewed", _("法制审核通过")
    NOTIFIED = "notified", _("已告知")
    HEARING = "hearing", _("听证")
    DECIDED = "decided", _("已决定")
    EXECUTED = "executed", _("已执行")
    TRANSFERRED = "transferred", _("已移送公安")
    CLOSED = "closed", _("已结案")


class Source(TextChoices):
    """Where a lead comes from."""

    SAMPLE = "sample", _("抽检不合格")
    INSPECTION = "inspection", _("监督检查")
    COMPLAINT = "complaint", _("投诉举报")
    ASSIGNED = "assigned", _("上级交办")
    REFERRED = "referred", _("其他部门移送")
    OTHER = "other", _("其他")


class Procedure(TextChoices):
    """Whose rule of procedure governs the case: it sets the days for filing."""

    AGRICULTURE = "agriculture", _("农业行政处罚程序")
    MARKET = "market", _("市场监管行政处罚程序")


class Outcome(TextChoices):
    """行政处罚法 第五十七条第一款 (一)–(三); (四) is the transfer."""

    PENALTY = "penalty", _("给予行政处罚")
    MINOR = "minor", _("违法行为轻微，不予处罚")
    UNFOUNDED = "unfounded", _("违法事实不能成立，不予处罚")


class TransferState(TextChoices):
    """国务院令第310号《行政执法机关移送涉嫌犯罪案件的规定》第五条至第九条."""

    SUSPECTED = "suspected", _("待负责人决定")
    REFUSED = "refused", _("不批准移送")
    APPROVED = "approved", _("已批准，待移送")
    HANDED_OVER = "handed_over", _("已移送，待公安受理")
    RECEIVED = "received", _("公安审查中")
    FILED = "filed", _("公安已立案")
    NOT_FILED = "not_filed", _("公安不予立案")
    RECONSIDERED = "reconsidered", _("已提请复议")
    LIFTED = "lifted", _("嫌疑已排除")


class DisposalState(TextChoices):
    OPEN = "open", _("待处置")
    PARTLY = "partly", _("部分处置")
    DONE = "done", _("处置完毕")
    LIFTED = "lifted", _("已解除")


class Method(TextChoices):
    """What is done with failed produce (农产品质量安全法 第七十条、第七十一条: 追回、无害化处理、监督销毁)."""

    DESTROY = "destroy", _("监督销毁")
    HARMLESS = "harmless", _("无害化处理")
    LOST = "lost", _("已售无法追回")
    POLICE = "police", _("随案移交公安机关")
    RECALL = "recall", _("追回（召回）")
    SEAL = "seal", _("封存（先行登记保存）")


FINAL = (Method.DESTROY, Method.HARMLESS, Method.LOST, Method.POLICE)  # count against the weight involved

ENDED = (CaseState.NOT_FILED, CaseState.CLOSED)
ASSIGNED = tuple(s for s in CaseState if s not in (CaseState.LEAD, CaseState.NOT_FILED, CaseState.CLOSED))
RUNNING = (TransferState.SUSPECTED, TransferState.APPROVED)  # the agency has yet to act
WITH_POLICE = (
    TransferState.HANDED_OVER, TransferState.RECEIVED, TransferState.FILED, TransferState.NOT_FILED,
    TransferState.RECONSIDERED,
)  # fmt: skip

C = CaseState
MOVES: Mapping[CaseState, frozenset[CaseState]] = {
    C.LEAD: frozenset({C.FILED, C.NOT_FILED, C.TRANSFERRED, C.CLOSED}),
    C.NOT_FILED: frozenset(),
    C.FILED: frozenset({C.INVESTIGATING, C.TRANSFERRED, C.CLOSED}),
    C.INVESTIGATING: frozenset({C.INVESTIGATING, C.REVIEWED, C.DECIDED, C.TRANSFERRED, C.CLOSED}),
    C.REVIEWED: frozenset({C.NOTIFIED, C.INVESTIGATING, C.DECIDED, C.TRANSFERRED, C.CLOSED}),
    C.NOTIFIED: frozenset({C.HEARING, C.DECIDED, C.INVESTIGATING, C.TRANSFERRED, C.CLOSED}),
    C.HEARING: frozenset({C.HEARING, C.DECIDED, C.INVESTIGATING, C.TRANSFERRED, C.CLOSED}),
    C.DECIDED: frozenset({C.EXECUTED, C.TRANSFERRED, C.CLOSED}),
    C.EXECUTED: frozenset({C.CLOSED, C.TRANSFERRED}),
    C.TRANSFERRED: frozenset({C.INVESTIGATING, C.CLOSED}),
    C.CLOSED: frozenset(),
}
T = TransferState
TRANSFER_MOVES: Mapping[TransferState, frozenset[TransferState]] = {
    T.SUSPECTED: frozenset({T.APPROVED, T.REFUSED, T.LIFTED}),
    T.REFUSED: frozenset({T.SUSPECTED}),
    T.APPROVED: frozenset({T.HANDED_OVER, T.LIFTED}),
    T.HANDED_OVER: frozenset({T.RECEIVED}),
    T.RECEIVED: frozenset({T.FILED, T.NOT_FILED}),
    T.FILED: frozenset(),
    T.NOT_FILED: frozenset({T.RECONSIDERED}),
    T.RECONSIDERED: frozenset({T.FILED, T.NOT_FILED}),
    T.LIFTED: frozenset({T.SUSPECTED}),
}


class MoveNotAllowed(RuleBroken):
    """The thing is in a state from which it cannot go there."""

    code = "move_not_allowed"


def check_move(old: str, new: CaseState) -> None:
    """Raises MoveNotAllowed unless the table has the move."""
    if new not in MOVES[CaseState(old)]:
        raise MoveNotAllowed(
            _("案件现为“%(old)s”，不能转为“%(new)s”。请刷新页面，按现在的状态办理。")
            % {"old": CaseState(old).label, "new": new.label}
        )


def check_transfer_move(old: str, new: TransferState) -> None:
    """Raises MoveNotAllowed unless the table has the move."""
    if new not in TRANSFER_MOVES[TransferState(old)]:
        raise MoveNotAllowed(
            _("移送现为“%(old)s”，不能转为“%(new)s”。请刷新页面，按现在的状态办理。")
            % {"old": TransferState(old).label, "new": new.label}
        )
