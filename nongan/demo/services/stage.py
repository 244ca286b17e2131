"""What every city holds beside the course of its months: a case in each state, and what seldom happens to a sample."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from random import Random
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from nongan.demo.services.bench import pick, reject, retest, take, test, test_whole
from nongan.demo.services.cases import do, hands_for
from nongan.demo.services.chains import Step, disposal, penalty, refused, timed, transfer
from nongan.demo.services.hours import SIGNS, afternoon, daytime_before, office, on
from nongan.demo.services.people import STAFFED, City
from nongan.demo.services.subjects import Source
from nongan.enforcement import services as enforcement
from nongan.enforcement.queries.cases import cases_visible_to
from nongan.monitoring import services as monitoring
from nongan.monitoring.queries import samples_visible_to
from nongan.registry.queries import subjects_visible_to
from nongan.registry.services import close_subject

if TYPE_CHECKING:
    from nongan.enforcement.models import Case

DAY = timedelta(days=1)
SHARE = 20  # of so many samples one may be such a case
WITHDRAWN, PASSED, DISMISSED = "withdrawn", "passed", "dismissed"  # what became of the report


@dataclass(frozen=True)
class Play:
    """A failed sample signed `age` days ago, its case driven up to the act `last` (blank: nobody has touched it).
    `disposed`: how many acts of its disposal are done; `report`: what became of its report."""

    age: float
    last: str = ""
    acts: Callable[..., Any] = penalty
    disposed: int = 3
    report: str = ""
    banned: bool = False

    @property
    def pressing(self) -> bool:
        """The three days of a suspected crime run: the laboratory signs on any day."""
        return self.banned and self.age < 7


PLAYS = (  # those worth seeing first come first
    Play(0.2, acts=transfer, banned=True, disposed=0),
    Play(24, "review_case"),
    Play(33, "record_answer"),
    Play(4, "ask_filing", disposed=0),
    Play(1.7, "approve_transfer", transfer, banned=True, disposed=0),
    Play(13, "record_inquiry", disposed=2),
    Play(45, "decide_case"),
    Play(17, "ask_filing", report=PASSED),
    Play(1, disposed=0),
    Play(4.2, "record_police_decision", transfer, banned=True, disposed=1),
    Play(66, "execute_case"),
    Play(26, "notify_party"),
    Play(8, "file_case", disposed=2),
    Play(30, "set_hearing", partial(penalty, hearing=True)),
    Play(5.5, "ask_reconsideration", partial(transfer, filed=False), banned=True, disposed=1),
    Play(20, "decline_case", partial(penalty, declined=True)),
    Play(28, "file_case", report=DISMISSED),
    Play(1.8, "hand_over", transfer, banned=True, disposed=0),
    Play(12, "record_inquiry", refused, banned=True),
    Play(2.5, "record_receipt", transfer, banned=True, disposed=0),
    Play(9, "ask_filing", report=WITHDRAWN, disposed=1),
    Play(95, "close_case"),
)


def stage(city: City, sources: Sequence[Source], samples: int, chance: Random, at: datetime) -> None:
    """Add them, the oldest first: of a city of few `samples` fewer, so that its figures stay those of a city."""
    chosen = list(enumerate(PLAYS[: max(1, samples // SHARE)]))
    for place, play in sorted(chosen, key=lambda one: -one[1].age):
        _play(city, sources, place, play, chance, at)
    _lead_by_hand(city, sources, chance, at)
    _odd_samples(city, sources, chance, at)
    _closed(city, sources, at)


def _play(city: City, sources: Sequence[Source], place: int, play: Play, chance: Random, at: datetime) -> None:
    """Two of three where somebody can log in as the officer, the third anywhere."""
    county = city.counties[place % len(city.counties)] if place % 3 == 2 else STAFFED[0]
    approved = daytime_before(at - timedelta(hours=2)) if play.last == "approve_transfer" else None
    age = at - (approved - DAY / 2) if approved else play.age * DAY
    signed = afternoon(at - age, any_day=play.pressing)
    found = pick(sources, county, afternoon(signed - 3 * DAY), chance, banned=play.banned)
    if found is None:
        return  # the register knew nobody then
    sample = test_whole(city, found, signed, chance, fails=True)
    case = cases_visible_to(city.reviewer).select_related("disposal").get(sample__number=sample.number)
    hands = hands_for(city, case)
    opened = timezone.localtime(case.opened_at)
    more = {"approved": approved} if approved else {}
    acts = _up_to(play.last, play.acts(case, hands, chance, **more)) if play.last else []
    duty = list(disposal(case, hands, chance))[: play.disposed]
    do(chain(timed(acts, opened, last=at, any_day=play.pressing), timed(duty, opened, last=at)), at)
    if play.report:
        _report_falls(city, case, play.report, opened, chance, at)


def _up_to(last: str, steps: Any) -> list[Step]:
    """The steps up to the last one of that name."""
    found = list(steps)
    ends = max(n for n, step in enumerate(found) if step.act.__name__ == last)
    return found[: ends + 1]


def _report_falls(city: City, case: "Case", what: str, opened: datetime, chance: Random, at: datetime) -> None:
    """The laboratory takes its report back; the new one passes; the head dismisses the case."""
    withdrawn = min(on(office(opened + 7 * DAY), 10), at)
    signed = min(on(office(withdrawn + DAY), SIGNS), at)
    assert case.sample is not None, "its report is there"
    retest(city, case.sample, case.report, withdrawn, signed, chance, sign=what != WITHDRAWN)
    if what == DISMISSED:
        head = hands_for(city, case).head
        reason = "复核发现样品编号录入有误，更正后的报告合格，违法事实不能成立。"
        enforcement.dismiss_case(number=case.number, reason=reason, by=head, at=min(office(withdrawn + 3 * DAY), at))


def _lead_by_hand(city: City, sources: Sequence[Source], chance: Random, at: datetime) -> None:
    """A case that comes from an inspection, not from a sample."""
    officer = city.inspectors(STAFFED[0])[0]
    found = at - 9 * DAY
    subject = next(s.subject for s in sources if s.subject.division_id.startswith(STAFFED[0][:6]))
    opened = office(found)
    case = enforcement.open_case(
        source="inspection", party=subject.name, cause="涉嫌未建立农产品生产记录", division=subject.division_id,
        finding="日常检查发现：近两个月没有用药记录，库房有未登记的农药。", subject=subject.number, by=officer,
        at=min(opened, at),
    )  # fmt: skip
    acts = _up_to("file_case", penalty(case, hands_for(city, case), chance))
    do(timed(acts, opened, last=at), at)


def _odd_samples(city: City, sources: Sequence[Source], chance: Random, at: datetime) -> None:
    """One made void, one that the laboratory sends back, one whose result cannot be judged."""
    taken = on(afternoon(at - 2 * DAY), 10)
    county, hour = STAFFED[0], timedelta(hours=1)
    supervisor = city.supervisor(county)
    found = [one for one in (pick(sources, county, taken, chance) for _n in range(3)) if one]
    if len(found) < 3:
        return  # nobody there offers what the law can judge
    void, returned, open_ = (take(city, one, taken, send=n > 0) for n, one in enumerate(found))
    seen = samples_visible_to(supervisor).get(number=void.number).version
    reason = "抽样单填错主体，已重新抽样。"
    monitoring.void_sample(number=void.number, seen=seen, reason=reason, by=supervisor, at=taken + hour)
    reject(city, returned, taken + 4 * hour)
    test(city, open_, taken + 4 * hour, chance, undecided=True)


def _closed(city: City, sources: Sequence[Source], at: datetime) -> None:
    """A subject that has left the register, the first that was never sampled; else the last of all."""
    county = STAFFED[0][:6]
    supervisor = city.supervisor(STAFFED[0])
    sampled = set(samples_visible_to(supervisor).order_by().values_list("subject_id", flat=True))
    mine = [s.subject for s in sources if s.subject.division_id.startswith(county)]
    subject = next((one for one in mine if one.pk not in sampled), mine[-1])
    seen = subjects_visible_to(supervisor).get(pk=subject.pk).version
    reason, today = "已停止生产，土地流转给他人。", at.date()
    close_subject(number=subject.number, seen=seen, closed_on=today, reason=reason, by=supervisor, at=at)
