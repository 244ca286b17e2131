"""Every act on a case in one table: in which states it is lawful, who does it, and what else the law demands. Pure.

Services ask `check`; pages ask `refusal` for the reason to print under a disabled button. One table, so they agree.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nongan.common.errors import RuleBroken
from nongan.enforcement.rules.states import RUNNING, CaseState, DisposalState, MoveNotAllowed, Outcome, TransferState

C, T = CaseState, TransferState


class Act(TextChoices):
    """The code is the last word of the URL; the order is the order of the buttons."""

    DISMISS = "dismiss", _("撤销案件（结果已推翻）")
    SUSPECT = "suspect", _("报告涉嫌犯罪")
    APPROVE = "approve", _("批准移送")
    REFUSE = "refuse", _("不批准移送")
    HAND_OVER = "hand-over", _("移送公安机关")
    RECEIPT = "receipt", _("登记公安回执")
    POLICE = "police", _("登记公安决定")
    RECONSIDER = "reconsider", _("提请复议")
    RECONSIDERED = "reconsidered", _("登记复议决定")
    GOODS = "goods", _("移交涉案物品")
    RESUME = "resume", _("恢复行政处理")
    FILE = "file", _("批准立案")
    ASK_FILING = "ask-filing", _("提请立案")
    DECLINE = "decline", _("不予立案")
    PROPOSE = "propose", _("提出处理意见")
    INQUIRE = "inquire", _("登记调查取证")
    REVIEW = "review", _("法制审核")
    NOTIFY = "notify", _("告知当事人")
    ANSWER = "answer", _("登记陈述申辩")
    HEARING = "hearing", _("安排听证")
    HELD = "held", _("登记听证笔录")
    DECIDE = "decide", _("作出决定")
    EXECUTE = "execute", _("登记执行")
    CLOSE = "close", _("结案")
    RETURN = "return", _("退回补充调查")
    EXTEND = "extend", _("延长期限")


class Hand(StrEnum):
    """Whose hand an act needs."""

    OFFICER = "officer"  # one of the two on the case, or the head; before they are named, any officer
    REVIEWER = "reviewer"  # an officer who is not on the case
    HEAD = "head"


@dataclass(frozen=True)
class Standing:
    """What the rules ask about a case. `reviewed`: passed since the last proposal or hearing. `answer_until`: when the
    party's time to ask for a hearing ends. `goods_moved`: their hand-over to the police is recorded, or that there are
    none. `transfer`, `disposal`: states, blank where there is none."""

    state: str
    officers: bool = False
    asked: bool = False
    withdrawn: bool = False
    refuted: bool = False
    proposed: str = ""
    reviewed: bool = False
    answer_until: datetime | None = None
    answered: bool = False
    hearing_told: bool = False
    hearing_held: bool = False
    outcome: str = ""
    filing_extended: bool = False
    decision_extended: bool = False
    transfer: str = ""
    goods_moved: bool = False
    disposal: str = ""


class NotLawful(RuleBroken):
    """The state would allow the act, but something that the law demands before it is missing."""

    code = "not_lawful"


class AlreadyDone(NotLawful):
    """Nothing forbids the act: it has been done. A page does not offer it again."""


class SamePerson(RuleBroken):
    """Two different people are needed."""

    code = "same_person"


Check = Callable[[Standing, datetime], Any]


@dataclass(frozen=True)
class Spec:
    states: frozenset[CaseState]
    hand: Hand
    checks: tuple[Check, ...] = ()
    transfers: frozenset[str] | None = None  # None: any


def _not_withdrawn(case: Standing, at: datetime) -> Any:
    if case.withdrawn:
        return _(
            "检测报告已撤回，违法事实暂无证据支持（行政处罚法第四十条）。请等待新报告；新报告合格的，撤销案件并解除处置。"
        )
    return None


def _refuted(case: Standing, at: datetime) -> Any:
    return None if case.refuted else _("检测结果没有被推翻。只有新报告合格时才能这样撤销案件。")


def _asked(case: Standing, at: datetime) -> Any:
    return (
        None if case.asked else _("还没有立案审批表。请先由两名执法人员提请立案（行政处罚法第四十二条、第五十四条）。")
    )


def _not_proposed(case: Standing, at: datetime) -> Any:
    return _("处理意见已提出，正待法制审核。") if case.proposed else None


def _proposed(case: Standing, at: datetime) -> Any:
    if case.state == C.INVESTIGATING and not case.proposed:
        return _("调查尚未终结。请先提出处理意见（行政处罚法第五十七条）。")
    return None


def _hearing_held(case: Standing, at: datetime) -> Any:
    if case.state == C.HEARING and not case.hearing_held:
        return _("听证尚未举行。请先登记听证笔录（行政处罚法第六十四条第（八）项）。")
    return None


def _review_open(case: Standing, at: datetime) -> Any:
    if case.state == C.HEARING and case.reviewed:
        return _("听证后的法制审核已通过。")
    return None


def _penalty_proposed(case: Standing, at: datetime) -> Any:
    if case.proposed != Outcome.PENALTY:
        return _("拟不予处罚，不必告知处罚内容。请由负责人作出决定。")
    return None


def _not_answered(case: Standing, at: datetime) -> Any:
    return _("陈述申辩已登记。") if case.answered else None


def _hearing_in_time(case: Standing, at: datetime) -> Any:
    if not case.hearing_told:
        return _("告知书没有告知听证权利。属于应当听证的，请退回补充调查后重新告知（行政处罚法第六十三条）。")
    return None


def _not_held(case: Standing, at: datetime) -> Any:
    return _("听证笔录已登记。") if case.hearing_held else None


def _no_open_transfer(case: Standing, at: datetime) -> Any:
    if case.transfer in RUNNING:
        return _(
            "本案涉嫌犯罪，须先决定是否移送公安机关，不得以行政处罚代替移送"
            "（国务院令第310号第十一条、行政处罚法第八条第二款）。"
        )
    return None


def _decidable(case: Standing, at: datetime) -> Any:
    """行政处罚法 第五十七条、第五十八条、第六十二条、第六十四条."""
    if case.proposed and case.proposed != Outcome.PENALTY and case.state in (C.INVESTIGATING, C.REVIEWED):
        if case.state == C.INVESTIGATING:
            return _("处理意见未经法制审核（行政处罚法第五十八条）。请先审核。")
        return None
    if case.state in (C.INVESTIGATING, C.REVIEWED):
        return _("没有告知当事人拟处罚的内容和权利，不得作出处罚决定（行政处罚法第四十四条、第六十二条）。请先告知。")
    if case.state == C.HEARING and not (case.hearing_held and case.reviewed):
        return _("经过听证的案件，听证笔录登记并再次法制审核通过后才能决定（行政处罚法第五十八条、第六十五条）。")
    waiting = case.answer_until is not None and at <= case.answer_until
    if case.state == C.NOTIFIED and waiting and not case.answered:
        return _(
            "当事人陈述、申辩和要求听证的期限未满，也没有登记其意见（行政处罚法第四十五条、第六十二条、第六十四条）。"
            "请登记陈述申辩，或等期限届满。"
        )
    return None


def _penalty(case: Standing, at: datetime) -> Any:
    return None if case.outcome == Outcome.PENALTY else _("没有处罚内容需要执行，可直接结案。")


def _closable(case: Standing, at: datetime) -> Any:
    if case.state == C.DECIDED and case.outcome == Outcome.PENALTY:
        return _("处罚决定尚未执行完毕。请先登记执行（行政处罚法第六十六条）。")
    if case.state == C.TRANSFERRED and case.transfer != T.FILED:
        return _("公安机关尚未决定立案。不予立案的，请恢复行政处理（国务院令第310号第十条）。")
    if case.state == C.TRANSFERRED and not case.goods_moved:
        return _(
            "涉案物品和有关材料尚未移交公安机关并办结交接手续（国务院令第310号第十二条）。"
            "请先登记移交；没有涉案物品的，写明原因。"
        )
    if case.disposal in (DisposalState.OPEN, DisposalState.PARTLY):
        return _("不合格产品尚未处置完毕（农产品质量安全法第七十条、第七十一条）。请先登记处置，使重量结清。")
    return None


def _extendable(case: Standing, at: datetime) -> Any:
    extended = case.filing_extended if case.state == C.LEAD else case.decision_extended
    return _("这一期限已延长过一次，不能再延长。") if extended else None


DONE: tuple[Check, ...] = (_not_proposed, _not_answered, _not_held, _review_open)


def _s(*states: CaseState) -> frozenset[CaseState]:
    return frozenset(states)


ADMINISTRATIVE = _s(C.LEAD, C.FILED, C.INVESTIGATING, C.REVIEWED, C.NOTIFIED, C.HEARING)
SUSPECTING = ADMINISTRATIVE | _s(C.DECIDED, C.EXECUTED)
WITHOUT = frozenset({"", T.REFUSED, T.LIFTED})
SPECS: Mapping[Act, Spec] = {
    Act.DISMISS: Spec(SUSPECTING, Hand.HEAD, (_refuted,)),
    Act.SUSPECT: Spec(SUSPECTING, Hand.OFFICER, (_not_withdrawn,), WITHOUT),
    Act.APPROVE: Spec(SUSPECTING, Hand.HEAD, (_not_withdrawn,), frozenset({T.SUSPECTED})),
    Act.REFUSE: Spec(SUSPECTING, Hand.HEAD, (), frozenset({T.SUSPECTED})),
    Act.HAND_OVER: Spec(SUSPECTING, Hand.OFFICER, (_not_withdrawn,), frozenset({T.APPROVED})),
    Act.RECEIPT: Spec(_s(C.TRANSFERRED), Hand.OFFICER, (), frozenset({T.HANDED_OVER})),
    Act.POLICE: Spec(_s(C.TRANSFERRED), Hand.OFFICER, (), frozenset({T.RECEIVED})),
    Act.RECONSIDER: Spec(_s(C.TRANSFERRED), Hand.OFFICER, (), frozenset({T.NOT_FILED})),
    Act.RECONSIDERED: Spec(_s(C.TRANSFERRED), Hand.OFFICER, (), frozenset({T.RECONSIDERED})),
    Act.GOODS: Spec(_s(C.TRANSFERRED), Hand.OFFICER, (), frozenset({T.FILED})),
    Act.RESUME: Spec(_s(C.TRANSFERRED), Hand.OFFICER, (), frozenset({T.NOT_FILED})),
    Act.ASK_FILING: Spec(_s(C.LEAD), Hand.OFFICER, (_not_withdrawn,)),
    Act.FILE: Spec(_s(C.LEAD), Hand.HEAD, (_not_withdrawn, _asked)),
    Act.DECLINE: Spec(_s(C.LEAD), Hand.HEAD, (_no_open_transfer,)),
    Act.INQUIRE: Spec(_s(C.FILED, C.INVESTIGATING), Hand.OFFICER, (_not_proposed,)),
    Act.PROPOSE: Spec(_s(C.INVESTIGATING), Hand.OFFICER, (_not_withdrawn, _not_proposed)),
    Act.REVIEW: Spec(_s(C.INVESTIGATING, C.HEARING), Hand.REVIEWER, (_proposed, _hearing_held, _review_open)),
    Act.NOTIFY: Spec(_s(C.REVIEWED), Hand.OFFICER, (_not_withdrawn, _penalty_proposed)),
    Act.ANSWER: Spec(_s(C.NOTIFIED), Hand.OFFICER, (_not_answered,)),
    Act.HEARING: Spec(_s(C.NOTIFIED), Hand.OFFICER, (_not_withdrawn, _hearing_in_time)),
    Act.HELD: Spec(_s(C.HEARING), Hand.OFFICER, (_not_held,)),
    Act.DECIDE: Spec(
        _s(C.INVESTIGATING, C.REVIEWED, C.NOTIFIED, C.HEARING), Hand.HEAD,
        (_not_withdrawn, _no_open_transfer, _proposed, _decidable),
    ),
    Act.EXECUTE: Spec(_s(C.DECIDED), Hand.OFFICER, (_not_withdrawn, _penalty)),
    Act.CLOSE: Spec(_s(C.DECIDED, C.EXECUTED, C.TRANSFERRED), Hand.HEAD, (_no_open_transfer, _closable)),
    Act.RETURN: Spec(_s(C.REVIEWED, C.NOTIFIED, C.HEARING), Hand.HEAD),
    Act.EXTEND: Spec(ADMINISTRATIVE, Hand.HEAD, (_extendable,)),
}  # fmt: skip


def refusal(act: Act, case: Standing, at: datetime) -> RuleBroken | None:
    """Why the act is not lawful now; None when it is."""
    spec = SPECS[act]
    if CaseState(case.state) not in spec.states or (spec.transfers is not None and case.transfer not in spec.transfers):
        now: Any = CaseState(case.state).label
        if spec.transfers is not None and case.transfer:
            now = _("%(case)s，移送：%(transfer)s") % {"case": now, "transfer": TransferState(case.transfer).label}
        return MoveNotAllowed(
            _("案件现为“%(state)s”，不能%(act)s。请刷新页面，按现在的状态办理。") % {"state": now, "act": act.label}
        )
    for check_ in spec.checks:
        reason = check_(case, at)
        if reason:
            return (AlreadyDone if check_ in DONE else NotLawful)(str(reason))
    return None


def check(act: Act, case: Standing, at: datetime) -> None:
    """Raises MoveNotAllowed or NotLawful."""
    refused = refusal(act, case, at)
    if refused is not None:
        raise refused


def acts_of_stage(case: Standing, at: datetime) -> list[tuple[Act, RuleBroken | None]]:
    """Acts that belong to the state in which the case is, each with its refusal: what a page shows as buttons."""
    found = [(act, refusal(act, case, at)) for act in Act]
    return [(act, refused) for act, refused in found if not isinstance(refused, MoveNotAllowed)]


def check_officers(first: int | None, second: int | None) -> None:
    """Two officers or more, different people (行政处罚法 第四十二条; 国务院令第310号 第五条). Raises SamePerson."""
    if first is None or second is None or first == second:
        raise SamePerson(_("执法人员不得少于两人（行政处罚法第四十二条）。请指定两名不同的执法人员。"))


def check_reviewer(reviewer: int, officers: tuple[int | None, int | None]) -> None:
    """The legal review is not done by those who investigated (行政处罚法 第五十八条). Raises SamePerson."""
    if reviewer in officers:
        raise SamePerson(_("法制审核须由未参与本案调查的人员进行（行政处罚法第五十八条）。请由另一位人员审核。"))
