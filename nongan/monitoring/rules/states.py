"""What a sample can be, the moves between, and what each state is open to. Pure."""

from collections.abc import Collection, Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nongan.common.errors import RuleBroken
from nongan.standards.rules import Verdict as Verdict


class SampleState(TextChoices):
    TAKEN = "taken", _("待送检")
    SENT = "sent", _("检测中")
    JUDGED = "judged", _("已判定")
    PUBLISHED = "published", _("已公布")
    VOID = "void", _("已作废")


# A withdrawn report sends the sample back to “being tested”; a specimen that the laboratory refuses leaves the sample
# to be sent again; nothing judged can be made void.
MOVES: dict[SampleState, frozenset[SampleState]] = {
    SampleState.TAKEN: frozenset({SampleState.SENT, SampleState.VOID}),
    SampleState.SENT: frozenset({SampleState.JUDGED, SampleState.TAKEN, SampleState.VOID}),
    SampleState.JUDGED: frozenset({SampleState.PUBLISHED, SampleState.SENT}),
    SampleState.PUBLISHED: frozenset({SampleState.SENT}),
    SampleState.VOID: frozenset(),
}

CONCLUDED = (SampleState.JUDGED, SampleState.PUBLISHED)
PUBLISHABLE = (Verdict.PASS, Verdict.FAIL)
LONGEST_REASON = 200


class MoveNotAllowed(RuleBroken):
    """The sample's state does not allow this act."""

    code = "move_not_allowed"


class NotPublishable(RuleBroken):
    """Only a decided result is published."""

    code = "not_publishable"


class ReasonMissing(RuleBroken):
    """The act needs a reason in words."""

    code = "reason_missing"


class NothingChanged(RuleBroken):
    """A correction that corrects nothing."""

    code = "nothing_changed"


class NothingToTest(RuleBroken):
    """A sample is sent to be tested for something."""

    code = "nothing_to_test"


def check_move(old: str, new: SampleState, number: str = "") -> None:
    """Raises MoveNotAllowed unless the table has the move. `number` names the sample in the message."""
    state = SampleState(old)
    if new not in MOVES[state]:
        raise MoveNotAllowed(
            _("样品 %(number)s 现为“%(old)s”，不能转为“%(new)s”。请刷新页面，按现在的状态办理。")
            % {"number": number, "old": state.label, "new": new.label}
        )


def is_sendable(state: str) -> bool:
    """A laboratory gets what waits to be sent; from “judged” only a withdrawn report leads back to “being tested”."""
    return state == SampleState.TAKEN


def check_sendable(number: str, state: str) -> None:
    """Raises MoveNotAllowed unless the sample waits to be sent."""
    if not is_sendable(state):
        raise MoveNotAllowed(
            _("样品 %(number)s 现为“%(state)s”，只有待送检的样品可以送检。请刷新页面，按现在的状态办理。")
            % {"number": number, "state": SampleState(state).label}
        )


def is_correctable(state: str) -> bool:
    """What the form says is open to correction until the sample is sent: the laboratory tests by it."""
    return state == SampleState.TAKEN


def check_correctable(number: str, state: str) -> None:
    """Raises MoveNotAllowed unless the sample waits to be sent."""
    if not is_correctable(state):
        raise MoveNotAllowed(
            _("样品 %(number)s 现为“%(state)s”，送检后抽样单不能更正。登记有误、尚未出结论的，请作废后另行抽样。")
            % {"number": number, "state": SampleState(state).label}
        )


def check_changed(changes: Collection[object]) -> None:
    """Raises NothingChanged."""
    if not changes:
        raise NothingChanged(_("没有任何改动，不需要更正。"))


def is_publishable(state: str, verdict: str) -> bool:
    return state == SampleState.JUDGED and verdict in PUBLISHABLE


def check_publishable(number: str, state: str, verdict: str) -> None:
    """A result is published once, when it is judged and decided. Raises MoveNotAllowed, NotPublishable."""
    check_move(state, SampleState.PUBLISHED, number)
    if verdict not in PUBLISHABLE:
        label = Verdict(verdict).label
        raise NotPublishable(
            _("样品 %(number)s 的结论是“%(verdict)s”，只有合格或不合格的结果可以公布。请待检测机构给出结论。")
            % {"number": number, "verdict": label}
        )


def check_reason(text: str) -> str:
    """The reason, without blanks at its ends. Raises ReasonMissing when there is none or it is too long."""
    reason = text.strip()
    if not reason:
        raise ReasonMissing(_("请写明原因。"))
    if len(reason) > LONGEST_REASON:
        raise ReasonMissing(_("原因超过 %(n)s 个字，请缩短。") % {"n": LONGEST_REASON})
    return reason


def finding_of(failing: Iterable[tuple[str, str, str, bool]]) -> str:
    """The failing items in words. Each: (analyte, result, limit or blank, found though it may not be used at all)."""
    items = []
    for analyte, result, limit, banned in failing:
        allowed = f"限量 {limit}" if limit[:1] in "≤<0123456789" else limit  # else words: “不得检出”
        bounds = "，".join(filter(None, [allowed if limit else "", "禁用物质" if banned else ""]))
        items.append(f"{analyte} {result}" + (f"（{bounds}）" if bounds else ""))
    return "；".join(items)
