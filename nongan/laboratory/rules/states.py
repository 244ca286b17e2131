"""States of a specimen, their moves, and the persons who must differ."""

from collections.abc import Collection

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nongan.common.editing import Stale
from nongan.common.errors import RuleBroken


class SpecimenState(TextChoices):
    RECEIVED = "received", _("待检")
    ENTERED = "entered", _("待复核")
    VERIFIED = "verified", _("待签发")
    SIGNED = "signed", _("已签发")
    REJECTED = "rejected", _("拒收")


class RejectCause(TextChoices):
    """Why a laboratory sends a specimen back untested."""

    DAMAGED = "damaged", _("样品破损、变质")
    INSUFFICIENT = "insufficient", _("样品量不足")
    SEAL = "seal", _("封样破损或标识不清")
    MISMATCH = "mismatch", _("样品与送检信息不符")
    OUT_OF_SCOPE = "out_of_scope", _("超出检测能力范围")
    OTHER = "other", _("其他")


# Returned for correction and withdrawn after signing both lead back to where results can be changed.
MOVES: dict[SpecimenState, frozenset[SpecimenState]] = {
    SpecimenState.RECEIVED: frozenset({SpecimenState.ENTERED, SpecimenState.REJECTED}),
    SpecimenState.ENTERED: frozenset({SpecimenState.VERIFIED, SpecimenState.RECEIVED}),
    SpecimenState.VERIFIED: frozenset({SpecimenState.SIGNED, SpecimenState.RECEIVED}),
    SpecimenState.SIGNED: frozenset({SpecimenState.RECEIVED}),
    SpecimenState.REJECTED: frozenset(),
}
JUDGED = (SpecimenState.ENTERED, SpecimenState.VERIFIED, SpecimenState.SIGNED)
CHECKED = (SpecimenState.VERIFIED, SpecimenState.SIGNED)
LONGEST_REASON = 300


class MoveNotAllowed(RuleBroken):
    """The specimen's state does not allow this act."""

    code = "move_not_allowed"


class SamePerson(RuleBroken):
    """Whoever entered a result neither verifies nor signs it."""

    code = "same_person"


class ReasonMissing(RuleBroken):
    """The act needs a reason in words."""

    code = "reason_missing"


class ReceivingRefused(RuleBroken):
    """The order for a specimen says something that cannot be."""

    code = "receiving_refused"


def check_move(code: str, old: str, new: SpecimenState) -> None:
    """Raises MoveNotAllowed unless the table has the move. `code` names the specimen in the message."""
    state = SpecimenState(old)
    if new not in MOVES[state]:
        raise MoveNotAllowed(
            _("样品 %(code)s 现为“%(old)s”，不能转为“%(new)s”。请刷新页面，按现在的状态办理。")
            % {"code": code, "old": state.label, "new": new.label}
        )


def check_returnable(code: str, state: str) -> None:
    """What waits for a second person or a signature can be sent back. Raises MoveNotAllowed."""
    if state == SpecimenState.SIGNED:
        raise MoveNotAllowed(
            _("样品 %(code)s 已签发，结果不能退回修改，只能撤回报告后更正重发（RB/T 214-2017，4.5.26）。")
            % {"code": code}
        )
    check_move(code, state, SpecimenState.RECEIVED)


def check_judgeable(code: str, state: str) -> None:
    """Only results that were handed in and are not yet signed are judged again. Raises MoveNotAllowed."""
    if state not in {SpecimenState.ENTERED, SpecimenState.VERIFIED}:
        label = SpecimenState(state).label
        raise MoveNotAllowed(
            _("样品 %(code)s 现为“%(state)s”，只有待复核和待签发的样品可以重新判定。") % {"code": code, "state": label}
        )


def check_leavable(code: str, name: str, state: str, *, undecided: bool, forbidden: bool = False) -> None:
    """A signatory leaves unjudged only what is verified and undecided, and never a banned substance: a report that
    passes says that there is none. Raises MoveNotAllowed."""
    if forbidden:
        raise MoveNotAllowed(
            _("样品 %(code)s 的“%(name)s”是禁用物质，必须有结论，不能不判定。请退回补充检出限或重新检测。")
            % {"code": code, "name": name}
        )
    if state != SpecimenState.VERIFIED or not undecided:
        raise MoveNotAllowed(
            _("样品 %(code)s 的“%(name)s”不是待签发样品的待判定项目，不能改为不判定。") % {"code": code, "name": name}
        )


def check_seen(code: str, now: int, seen: int) -> None:
    """Raises Stale unless the specimen is still the version that the person looked at."""
    if now != seen:
        raise Stale(_("样品 %(code)s 刚被他人改动，您的操作未执行。请核对最新内容后再办理。") % {"code": code})


def check_verifier(code: str, by: int, entered_by: Collection[int]) -> None:
    """Results are verified by a second person (RB/T 214-2017, 4.5.16: 对计算和数据转移进行检查). Raises SamePerson."""
    if by in entered_by:
        raise SamePerson(_("样品 %(code)s 有您本人录入的结果，须由另一人复核。") % {"code": code})


def check_signatory(code: str, by: int, entered_by: Collection[int]) -> None:
    """A report is issued by an authorised signatory (检验检测机构监督管理办法 第十一条), who answers for it and so did
    not enter the results. Verifier and signatory may be one person: small county laboratories have few people, and
    the second pair of eyes is already there. Raises SamePerson."""
    if by in entered_by:
        raise SamePerson(_("样品 %(code)s 有您本人录入的结果，须由另一位授权签字人签发。") % {"code": code})


def check_reason(text: str) -> str:
    """The reason, without blanks at its ends. Raises ReasonMissing when there is none or it is too long."""
    reason = text.strip()
    if not reason:
        raise ReasonMissing(_("请写明原因。"))
    if len(reason) > LONGEST_REASON:
        raise ReasonMissing(_("原因超过 %(n)s 个字，请缩短。") % {"n": LONGEST_REASON})
    return reason
