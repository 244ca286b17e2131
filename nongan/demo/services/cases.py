"""Cases, transfers and disposal: each as far as it would have come by now."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from PIL import Image

from nongan.demo.services.people import City
from nongan.enforcement import services as enforcement
from nongan.enforcement.queries.cases import cases_visible_to
from nongan.enforcement.rules.penalties import article_of
from nongan.enforcement.rules.transfer import Goods, Paper

if TYPE_CHECKING:
    from nongan.accounts.models import User
    from nongan.enforcement.models import Case

INQUIRIES = (
    (5, "site", "现场检查产品存放、生产记录和投入品库房，拍照取证。"),
    (7, "question", "询问当事人用药品种、日期和销售去向。"),
)


@dataclass(frozen=True)
class Hands:
    """Who deals with a case."""

    first: "User"
    second: "User"
    head: "User"
    reviewer: "User"


@dataclass(frozen=True)
class Step:
    """An act so long after the lead; facts that are functions are asked with the moment of the act."""

    after: timedelta
    act: Callable[..., object]
    number: str
    by: "User"
    facts: Mapping[str, Any]

    def do(self, at: datetime) -> None:
        facts = {name: fact(at) if callable(fact) else fact for name, fact in self.facts.items()}
        self.act(number=self.number, by=self.by, at=at, **facts)


def handle_cases(city: City, chance: Random, at: datetime, progress: Callable[[int], object]) -> None:
    """Every case that opened by itself is driven through the real acts until `at`."""
    for case in list(cases_visible_to(city.reviewer).order_by("opened_at", "pk").select_related("disposal")):
        county = case.division_id[:6].ljust(12, "0")
        first, second = city.inspectors(county)
        hands = Hands(first, second, city.head(county), city.reviewer)
        opened = timezone.localtime(case.opened_at)
        steps = [*_disposal(case, hands, chance), *(_transfer if case.banned else _penalty)(case, hands, chance)]
        slow = 1 if case.banned else chance.choice((1, 1, 1, 2))  # the clocks of a transfer run in hours
        for step in sorted(steps, key=lambda step: step.after):
            moment = opened + step.after * slow
            if moment > at:
                break
            step.do(moment)
        progress(1)


def _penalty(case: "Case", hands: Hands, chance: Random) -> Iterator[Step]:
    def step(days: int, act: Callable[..., object], by: "User", **facts: Any) -> Step:
        return Step(timedelta(days=days), act, case.number, by, facts)

    first, head = hands.first, hands.head
    household = case.subject is not None and not case.subject.uscc
    fine = Decimal(chance.randint(5, 12) * 100) if household else Decimal(50_000)
    penalty = {
        "outcome": "penalty", "article": article_of(case.banned).value, "fine": fine,
        "goods_value": Decimal(chance.randint(3, 90) * 100),
    }  # fmt: skip
    minor = chance.random() < 0.1

    yield step(
        2, enforcement.ask_filing, first, officer=first.username, second=hands.second.username, cause=case.cause,
        grounds="检测报告载明不合格，违法事实初步存在，属本机关管辖。",
    )  # fmt: skip
    if chance.random() < 0.03:
        yield step(4, enforcement.decline_case, head, reason="当事人已主动召回全部产品，情节显著轻微，由乡镇指导整改。")
        return
    yield step(3, enforcement.file_case, head)
    for days, kind, text in INQUIRIES:
        yield step(days, enforcement.record_inquiry, first, kind=kind, held_on=day_of, text=text)
    yield step(
        12, enforcement.propose_outcome, first, facts="当事人未遵守安全间隔期，产品经检测不合格。", household=household,
        **({"outcome": "minor"} if minor else penalty),
    )  # fmt: skip
    opinion = "事实清楚，证据充分，程序合法，裁量适当。"
    yield step(15, enforcement.review_case, hands.reviewer, passed=True, opinion=opinion)
    if not minor:
        yield step(17, enforcement.notify_party, first, served_at=moment_of, hearing=fine >= 50_000)
        yield step(20, enforcement.record_answer, first, answer="当事人表示无异议，放弃陈述申辩。")
        yield step(44, enforcement.execute_case, first, paid=fine, executed_on=day_of)
    kind = "农不罚" if minor else "农罚"
    yield step(32, enforcement.decide_case, head, decision_number=paper_number(kind, case.number))
    yield step(60, enforcement.close_case, head, reason="处理完毕，材料归档。")


def _transfer(case: "Case", hands: Hands, chance: Random) -> Iterator[Step]:
    def step(hours: int, act: Callable[..., object], by: "User", **facts: Any) -> Step:
        return Step(timedelta(hours=hours), act, case.number, by, facts)

    first = hands.first
    yield step(27, enforcement.approve_transfer, hands.head, officer=first.username, second=hands.second.username)
    yield step(
        42, enforcement.hand_over, first, police="市公安局食药环侦支队",
        letter_number=paper_number("农移", case.number),
        papers={paper.value: [(f"{paper.label}.png", picture(chance))] for paper in Paper},
    )  # fmt: skip
    yield step(44, enforcement.record_receipt, first, received_at=moment_of, receiver="值班民警")
    yield step(
        98, enforcement.record_police_decision, first, filed=True, answered_at=moment_of,
        answer_number=paper_number("公立字", case.number),
    )  # fmt: skip
    if chance.random() < 0.4:
        goods: dict[str, Any] = {
            "items": [Goods("查扣的农药空瓶及剩余药液", Decimal(chance.randint(1, 8)), "瓶")], "receiver": "值班民警",
            "files": [("移交清单.png", picture(chance))],
        }  # fmt: skip
    else:
        goods = {"items": [], "none_reason": "产品已无害化处理，未查扣其他物品。"}
    yield step(120, enforcement.hand_over_goods, first, **goods)


def _disposal(case: "Case", hands: Hands, chance: Random) -> Iterator[Step]:
    def step(hours: int, act: Callable[..., object], **facts: Any) -> Step:
        return Step(timedelta(hours=hours), act, case.disposal.number, hands.first, facts)

    weight = Decimal(chance.randint(20, 900))
    lost = (weight * chance.choice((0, 0, 10, 25)) / 100).quantize(Decimal(1))
    yield step(49, enforcement.establish_weight, involved=weight, basis="现场清点并核对销售台账")
    if lost:
        note = "已零售给散户，无法逐一追回。"
        yield step(97, enforcement.record_disposal, method="lost", kg=lost, done_on=day_of, note=note)
    yield step(
        145, enforcement.record_disposal, method="harmless", kg=weight - lost, done_on=day_of,
        place="县无害化处理中心", witnesses="两名执法人员", files=[("处置现场.png", picture(chance))],
    )  # fmt: skip


def day_of(at: datetime) -> date:
    return at.date()


def moment_of(at: datetime) -> datetime:
    return at


def paper_number(kind: str, case: str) -> Callable[[datetime], str]:
    """The number of an official paper of the year of the act: 农罚〔2026〕031号."""
    return lambda at: f"{kind}〔{at.year}〕{case[7:9]}{case[-3:]}号"


def picture(chance: Random) -> bytes:
    """A small plain picture, another colour each time."""
    content = io.BytesIO()
    Image.new("RGB", (64, 48), (chance.randrange(256), chance.randrange(256), 99)).save(content, "PNG")
    return content.getvalue()
