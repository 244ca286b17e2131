"""Cases driven to any state through the real acts, by the people of one county."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate

from nongan.accounts.models import User
from nongan.accounts.rules import Role
from nongan.enforcement import services
from nongan.enforcement.models import Case, Disposal, Handover
from nongan.enforcement.rules.transfer import Goods, Paper
from nongan.monitoring.models import Sample
from nongan.monitoring.rules import Verdict
from tests.accounts.factories import COUNTY, OrganisationFactory, UserFactory
from tests.conftest import NOON
from tests.monitoring.factories import SampleFactory

PHOTO = ("现场.txt", "销毁现场照片".encode())
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Agency:
    """An enforcement agency of a county: two officers on the case, a third for the review, the head."""

    def __init__(self, division: str = COUNTY) -> None:
        self.organisation = OrganisationFactory(name="袁州区农业综合行政执法大队", division_id=division)
        self.first = self.person(Role.OFFICER, "李明")
        self.second = self.person(Role.OFFICER, "王芳")
        self.reviewer = self.person(Role.OFFICER, "陈法")
        self.head = self.person(Role.OFFICER_HEAD, "赵局")

    def person(self, role: str, name: str) -> User:
        user: User = UserFactory(
            role=role, full_name=name, organisation=self.organisation, division_id=self.organisation.division_id
        )
        return user

    @property
    def pair(self) -> dict[str, str]:
        return {"officer": self.first.username, "second": self.second.username}


def failed_sample(*, banned: bool = False, judged_at: datetime = NOON, **changes: Any) -> Sample:
    """A judged sample that failed. Needs `small_law()`."""
    finding = "克百威 0.5 mg/kg（限量 0.02 mg/kg）" if banned else "吡虫啉 1.5 mg/kg（限量 1 mg/kg）"
    facts = {"verdict": Verdict.FAIL, "finding": finding, **changes}
    made: Sample = SampleFactory(judged=True, banned=banned, judged_at=judged_at, **facts)
    return made


def lead(*, banned: bool = False, at: datetime = NOON, **changes: Any) -> Case:
    """The case that a failed sample opens."""
    case = services.follow_sample(sample_id=failed_sample(banned=banned, judged_at=at, **changes).pk, at=at)
    assert case is not None
    return case


PENALTY: dict[str, Any] = {
    "outcome": "penalty", "facts": "销售吡虫啉超标的豇豆 200 千克，货值 1200 元。", "article": "71",
    "goods_value": Decimal(1200), "fine": Decimal(50_000), "confiscated": Decimal(300),
}  # fmt: skip
NOTHING: dict[str, Any] = {"outcome": "minor", "facts": "初次违法，已及时改正，未造成危害后果。"}


def _ask(case: Case, who: Agency, at: datetime) -> None:
    services.ask_filing(
        number=case.number, **who.pair, cause=case.cause, grounds="检测报告证明违法事实。", by=who.first, at=at
    )


def _file(case: Case, who: Agency, at: datetime) -> None:
    services.file_case(number=case.number, by=who.head, at=at)


def _inquire(case: Case, who: Agency, at: datetime) -> None:
    services.record_inquiry(
        number=case.number, kind="question", held_on=localdate(at), text="当事人承认。", by=who.first, at=at
    )


def _propose(case: Case, who: Agency, at: datetime) -> None:
    services.propose_outcome(number=case.number, **PENALTY, by=who.first, at=at)


def _review(case: Case, who: Agency, at: datetime) -> None:
    services.review_case(number=case.number, passed=True, opinion="事实清楚，程序合法。", by=who.reviewer, at=at)


def _notify(case: Case, who: Agency, at: datetime) -> None:
    services.notify_party(number=case.number, served_at=at, hearing=True, by=who.first, at=at)


def _answer(case: Case, who: Agency, at: datetime) -> None:
    services.record_answer(number=case.number, answer="当事人放弃陈述申辩。", by=who.first, at=at)


def _decide(case: Case, who: Agency, at: datetime) -> None:
    services.decide_case(number=case.number, decision_number="袁农罚〔2026〕1号", by=who.head, at=at)


def _execute(case: Case, who: Agency, at: datetime) -> None:
    services.execute_case(number=case.number, paid=Decimal(50_300), executed_on=localdate(at), by=who.first, at=at)


def _dispose(case: Case, who: Agency, at: datetime) -> None:
    disposed(case, who, at)


def _close(case: Case, who: Agency, at: datetime) -> None:
    services.close_case(number=case.number, reason="执行完毕。", by=who.head, at=at)


Step = Callable[[Case, Agency, datetime], None]
STEPS: list[tuple[str, Step]] = [
    ("asked", _ask), ("filed", _file), ("investigating", _inquire), ("proposed", _propose), ("reviewed", _review),
    ("notified", _notify), ("answered", _answer), ("decided", _decide), ("executed", _execute), ("disposed", _dispose),
    ("closed", _close),
]  # fmt: skip


def driven(to: str, who: Agency | None = None, case: Case | None = None, at: datetime = NOON) -> Case:
    """A case driven to a step of STEPS, one hour an act, beginning at `at`."""
    who, case = who or Agency(), case or lead(at=at)
    for n, (name, step) in enumerate(STEPS):
        step(case, who, at + (n + 1) * HOUR)
        if name == to:
            break
    return Case.objects.get(pk=case.pk)


def disposed(case: Case, who: Agency, at: datetime, kg: str = "200") -> Disposal:
    """The duty of a case, wholly done."""
    number = Disposal.objects.get(case=case).number
    services.establish_weight(number=number, involved=Decimal(kg), basis="进货台账", by=who.first, at=at)
    services.record_disposal(
        number=number, method="destroy", kg=Decimal(kg), done_on=localdate(at), files=[PHOTO], by=who.first, at=at
    )
    return Disposal.objects.get(number=number)


def handed(case: Case, who: Agency, at: datetime, **changes: Any) -> Handover:
    """The goods of a case that the police filed, handed over at `at`."""
    facts: dict[str, Any] = {
        "items": [Goods("豇豆", Decimal("37.5"), "千克", "批号 0512")], "receiver": "周警官", "files": [PHOTO],
    }  # fmt: skip
    return services.hand_over_goods(number=case.number, **{**facts, **changes}, by=who.first, at=at)


PAPERS = {paper: [(f"{paper}.txt", str(paper.label).encode())] for paper in Paper}


def transferred(to: str = "handed_over", who: Agency | None = None, at: datetime = NOON) -> Case:
    """A case of a banned substance on its way to the police: approved, handed_over, received, filed, not_filed."""
    who = who or Agency()
    case = lead(banned=True, at=at)
    services.approve_transfer(number=case.number, **who.pair, by=who.head, at=at + HOUR)
    if to != "approved":
        services.hand_over(
            number=case.number, police="袁州区公安局", letter_number="袁农移〔2026〕1号", papers=PAPERS, by=who.first,
            at=at + 2 * HOUR,
        )  # fmt: skip
    if to in ("received", "filed", "not_filed"):
        services.record_receipt(
            number=case.number, received_at=at + 3 * HOUR, receiver="周警官", by=who.first, at=at + 3 * HOUR
        )
    if to in ("filed", "not_filed"):
        services.record_police_decision(
            number=case.number, filed=to == "filed", answered_at=at + DAY, answer_number="袁公立〔2026〕9号",
            reason="" if to == "filed" else "情节显著轻微", by=who.first, at=at + DAY,
        )  # fmt: skip
    return Case.objects.get(pk=case.pk)
