"""What is done in a case, one act after another: a penalty, a transfer to the police, the disposal of the produce."""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

from PIL import Image

from nongan.demo.services.hours import in_time, on
from nongan.enforcement import services as enforcement
from nongan.enforcement.rules.penalties import article_of
from nongan.enforcement.rules.transfer import Goods, Paper
from nongan.places.queries import working_calendar

if TYPE_CHECKING:
    from nongan.accounts.models import User
    from nongan.enforcement.models import Case

INQUIRIES = (
    ("site", "现场检查产品存放、生产记录和投入品库房，拍照取证。"),
    ("question", "询问当事人用药品种、日期和销售去向。"),
)
FOUND = {
    False: "当事人未遵守安全间隔期，产品经检测不合格。",
    True: "当事人使用国家禁用的投入品，产品经检测不合格。",
}
OFFICE_HOURS = (*range(9 * 60, 12 * 60), *range(13 * 60 + 30, 17 * 60))  # minutes of the day
POLICE = "市公安局食药环侦支队"


@dataclass(frozen=True)
class Hands:
    """Who deals with a case."""

    first: "User"
    second: "User"
    head: "User"
    reviewer: "User"


@dataclass(frozen=True)
class Step:
    """An act so long after the one before, within `limit` of it where a clock of the law runs; `minute` of the day
    where it does not matter when. Facts that are functions are asked with the moment of the act."""

    gap: timedelta
    act: Callable[..., object]
    number: str
    by: "User"
    facts: Mapping[str, Any]
    limit: timedelta | None = None
    minute: int = 0

    def do(self, at: datetime) -> None:
        facts = {name: fact(at) if callable(fact) else fact for name, fact in self.facts.items()}
        self.act(number=self.number, by=self.by, at=at, **facts)


def timed(
    steps: Iterable[Step], began: datetime, *, slow: int = 1, last: datetime | None = None, any_day: bool = False
) -> Iterator[tuple[datetime, Step]]:
    """Each step with its moment, in office hours where its clock and `last`, when all must be done, leave time."""
    moment = began
    for step in steps:
        ends = min((end for end in (step.limit and moment + step.limit, last) if end), default=None)
        wanted = moment + step.gap * slow
        if step.minute:
            wanted = on(wanted, *divmod(step.minute, 60))
        moment = max(moment, in_time(wanted, ends, any_day=any_day))
        yield moment, step


def penalty(
    case: "Case", hands: Hands, chance: Random, *, minor: bool = False, declined: bool = False, hearing: bool = False
) -> Iterator[Step]:
    """The ordinary procedure to its end; `declined`: the head does not file."""

    def step(days: float, act: Callable[..., object], by: "User", **facts: Any) -> Step:
        return Step(timedelta(days=days), act, case.number, by, facts, minute=chance.choice(OFFICE_HOURS))

    first, head = hands.first, hands.head
    household = case.subject is not None and not case.subject.uscc
    fine = Decimal(chance.randint(5, 12) * 100) if household else Decimal(50_000)
    fine *= 2 if case.banned else 1  # the range of 第七十条 begins at twice that of 第七十一条
    proposal: dict[str, Any] = {"outcome": "minor"} if minor else {
        "outcome": "penalty", "article": article_of(case.banned).value, "fine": fine,
        "goods_value": Decimal(chance.randint(3, 90) * 100),
    }  # fmt: skip

    yield step(
        2, enforcement.ask_filing, first, officer=first.username, second=hands.second.username, cause=case.cause,
        grounds="检测报告载明不合格，违法事实初步存在，属本机关管辖。" if case.sample_id else case.finding,
    )  # fmt: skip
    if declined:
        yield step(2, enforcement.decline_case, head, reason="当事人已主动召回全部产品，情节显著轻微，由乡镇指导整改。")
        return
    yield step(1, enforcement.file_case, head)
    for kind, text in INQUIRIES:
        yield step(2, enforcement.record_inquiry, first, kind=kind, held_on=day_of, text=text)
    yield step(5, enforcement.propose_outcome, first, facts=FOUND[case.banned], household=household, **proposal)
    opinion = "事实清楚，证据充分，程序合法，裁量适当。"
    yield step(3, enforcement.review_case, hands.reviewer, passed=True, opinion=opinion)
    if not minor:
        yield step(2, enforcement.notify_party, first, served_at=moment_of, hearing=hearing or fine >= 50_000)
        if hearing:
            yield step(2, enforcement.set_hearing, first, asked_at=moment_of, hearing_on=hearing_day)
            return
        yield step(3, enforcement.record_answer, first, answer="当事人表示无异议，放弃陈述申辩。")
    kind = "农不罚" if minor else "农罚"
    yield step(12, enforcement.decide_case, head, decision_number=paper_number(kind, case.number))
    if not minor:
        yield step(12, enforcement.execute_case, first, paid=fine, executed_on=day_of)
    yield step(16, enforcement.close_case, head, reason="处理完毕，材料归档。")


def transfer(
    case: "Case", hands: Hands, chance: Random, *, filed: bool = True, approved: datetime | None = None
) -> Iterator[Step]:
    """To the police, who file; where they do not, they are asked to reconsider. `approved`: when the head does."""

    def step(hours: float, limit: int | None, act: Callable[..., object], by: "User", **facts: Any) -> Step:
        gap = timedelta(hours=hours, minutes=chance.randint(-50, 50))
        return Step(gap, act, case.number, by, facts, None if limit is None else timedelta(hours=limit))

    first, head = hands.first, hands.head
    named = {"officer": first.username, "second": hands.second.username}
    if approved is None:
        yield step(18, 72, enforcement.approve_transfer, head, **named)
    else:
        yield Step(approved - case.opened_at, enforcement.approve_transfer, case.number, head, named, timedelta(3))
    yield step(
        5, 24, enforcement.hand_over, first, police=POLICE, letter_number=paper_number("农移", case.number),
        papers={paper.value: [(f"{paper.label}.png", picture(chance))] for paper in Paper},
    )  # fmt: skip
    yield step(2, 24, enforcement.record_receipt, first, received_at=moment_of, receiver="值班民警")
    yield step(
        44, 72, enforcement.record_police_decision, first, filed=filed, answered_at=moment_of,
        answer_number=paper_number("公立字" if filed else "公不立字", case.number),
        reason="" if filed else "现有证据不足以证明系当事人故意使用。",
    )  # fmt: skip
    if not filed:
        grounds = "农药购买记录和询问笔录证明当事人明知禁用而使用。"
        yield step(20, 72, enforcement.ask_reconsideration, first, grounds=grounds)
        return
    yield step(22, 72, enforcement.hand_over_goods, first, **_goods(chance))
    yield step(480, None, enforcement.close_case, head, reason="公安机关已立案，涉案物品已移交。")


def _goods(chance: Random) -> dict[str, Any]:
    if chance.random() >= 0.4:
        return {"items": [], "none_reason": "产品已无害化处理，未查扣其他物品。"}
    return {
        "items": [Goods("查扣的农药空瓶及剩余药液", Decimal(chance.randint(1, 8)), "瓶")], "receiver": "值班民警",
        "files": [("移交清单.png", picture(chance))],
    }  # fmt: skip


def refused(case: "Case", hands: Hands, chance: Random) -> Iterator[Step]:
    """The head does not approve the transfer; the agency goes on with the case."""
    reason = "检出量接近检出限，当事人无主观故意的证据，先行立案调查。"
    gap, limit = timedelta(hours=40), timedelta(hours=72)
    yield Step(gap, enforcement.refuse_transfer, case.number, hands.head, {"reason": reason}, limit)
    yield from penalty(case, hands, chance)


def disposal(case: "Case", hands: Hands, chance: Random) -> Iterator[Step]:
    """The weight, what is gone or done at once, the rest."""

    def step(hours: int, act: Callable[..., object], **facts: Any) -> Step:
        gap, minute = timedelta(hours=hours), chance.choice(OFFICE_HOURS)
        return Step(gap, act, case.disposal.number, hands.first, facts, minute=minute)

    def harmless(hours: int, kg: Decimal) -> Step:
        return step(
            hours, enforcement.record_disposal, method="harmless", kg=kg, done_on=day_of, place="县无害化处理中心",
            witnesses="两名执法人员", files=[("处置现场.png", picture(chance))],
        )  # fmt: skip

    weight = Decimal(chance.randint(20, 900))
    lost = (weight * chance.choice((0, 0, 10, 25)) / 100).quantize(Decimal(1))
    yield step(49, enforcement.establish_weight, involved=weight, basis="现场清点并核对销售台账")
    if lost:
        note = "已零售给散户，无法逐一追回。"
        yield step(48, enforcement.record_disposal, method="lost", kg=lost, done_on=day_of, note=note)
    else:
        yield harmless(48, lost := weight // 2)
    yield harmless(48, weight - lost)


def day_of(at: datetime) -> date:
    return at.date()


def moment_of(at: datetime) -> datetime:
    return at


def hearing_day(at: datetime) -> date:
    return working_calendar().add(at.date(), 10)


def paper_number(kind: str, case: str) -> Callable[[datetime], str]:
    """The number of an official paper of the year of the act: 农罚〔2026〕031号."""
    return lambda at: f"{kind}〔{at.year}〕{case[7:9]}{case[-3:]}号"


def picture(chance: Random) -> bytes:
    """A small plain picture, another colour each time."""
    content = io.BytesIO()
    Image.new("RGB", (64, 48), (chance.randrange(256), chance.randrange(256), 99)).save(content, "PNG")
    return content.getvalue()
