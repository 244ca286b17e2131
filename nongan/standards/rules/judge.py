"""The verdict on a result: pass, fail, undecided or unjudged, with the limit and the way to it.

The words of a verdict are Chinese and stay so: they are part of the record, like the limit itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nongan.common.quantity import plain
from nongan.standards.rules.ban import Ban, BanTest
from nongan.standards.rules.book import LimitBook, Reading, Resolution, Side, Why
from nongan.standards.rules.limit import Edition, Limit, LimitForm
from nongan.standards.rules.quantity import EXACT, UnitRefused, parse_unit
from nongan.standards.rules.result import ZERO, Form, Interval, Presence, Result


class Verdict(TextChoices):
    PASS = "pass", _("合格")
    FAIL = "fail", _("不合格")
    UNDECIDED = "undecided", _("待判定")
    UNJUDGED = "unjudged", _("不判定")


@dataclass(frozen=True)
class Snapshot:
    """The limit by which a result was judged, as it stood on that day: stored with the verdict, never looked up again.

    `text` as printed (“≤0.2 mg/kg”), `value` the bare number or range, `row` the key of the row in its source.
    """

    text: str
    form: str
    value: str
    unit: str
    edition: str
    validity: str
    commodity: str
    food_text: str
    condition: str
    temporary: bool
    demonstration: bool
    note: str
    source: str
    row: str

    def as_dict(self) -> dict[str, Any]:
        return dict(self.__dict__)


@dataclass(frozen=True)
class Judgement:
    """`path` holds the steps in words. `forbidden`: the substance may not be used on this food at all."""

    verdict: Verdict
    reason: str
    path: tuple[str, ...]
    limit: Snapshot | None = None
    ban: Ban | None = None

    @property
    def words(self) -> str:
        return "；".join(self.path)

    @property
    def forbidden(self) -> bool:
        return self.ban is not None

    @property
    def banned(self) -> bool:
        """A forbidden substance was found in an amount that the law does not tolerate."""
        return self.ban is not None and self.verdict == Verdict.FAIL


def judge(
    book: LimitBook,
    *,
    food: str,
    analyte: str,
    result: Result,
    produced_on: date | None = None,
    sampled_on: date | None = None,
) -> Judgement:
    """Judge one result. `food` and `analyte` are codes. Never raises on bad input: what is not understood is 待判定.

    In force is what was in force on the day of production, or, where that is unknown, of sampling.
    不合格 and 合格 are said only when they hold under every reading of the law and of the result.
    """
    on = produced_on or sampled_on
    if on is None:
        return Judgement(Verdict.UNDECIDED, "没有生产日期，也没有抽样日期，不知用哪一版限量。", ())
    day = f"按{'生产' if produced_on else '抽样'}日期 {on}"
    return decide(book, book.resolve(food, analyte, on), result, day)


def decide(book: LimitBook, resolution: Resolution, result: Result, day: str) -> Judgement:
    """The verdict by what was looked up."""
    if result.form == Form.UNREAD:
        reason = f"看不懂结果“{result.text}”：{result.trouble}"
        return _judgement(book, Verdict.UNDECIDED, reason, resolution, resolution.readings[:1], [day])
    if not resolution.readings:
        verdict = Verdict.UNJUDGED if resolution.why == Why.NO_LIMIT else Verdict.UNDECIDED
        return Judgement(verdict, resolution.words, (day, resolution.words), ban=resolution.ban)
    found = [_by_reading(book, reading, result) for reading in resolution.readings]
    verdicts = {verdict for verdict, _ in found}
    if len(verdicts) == 1:
        return _judgement(book, *found[0], resolution, resolution.readings, [day], result)
    reason = _disagreement(resolution.readings, found)
    return _judgement(book, Verdict.UNDECIDED, reason, resolution, resolution.readings, [day])


def _disagreement(readings: tuple[Reading, ...], found: list["Said"]) -> str:
    """One example of each verdict, and how many readings there are."""
    examples: dict[Verdict, str] = {}
    for reading, (verdict, why) in zip(readings, found, strict=True):
        examples.setdefault(verdict, f"{reading.words}，{why}")
    return f"{len(readings)} 种读法的结论不同：" + "；".join(examples.values())


def overall(verdicts: Iterable[str]) -> Verdict:
    """The sample: one failing item fails it; an undecided one keeps it undecided; passing needs one that passes."""
    found = set(verdicts)
    for verdict in (Verdict.FAIL, Verdict.UNDECIDED, Verdict.PASS):
        if verdict.value in found:
            return verdict
    return Verdict.UNJUDGED


def _judgement(
    book: LimitBook,
    verdict: Verdict,
    reason: str,
    resolution: Resolution,
    readings: tuple[Reading, ...],
    path: list[str],
    result: Result | None = None,
) -> Judgement:
    steps = [*path, *(reading.words for reading in readings)]
    ban = resolution.ban
    if ban and resolution.why == Why.LIMIT:
        steps.append(f"{book.analytes.name(ban.analyte)}{ban.words}")
        if verdict == Verdict.PASS and result is not None and result.form == Form.NUMBER:
            steps.append("结果未超限量，但该物质不得在本品上使用，检出的应追查来源")
    first = readings[0] if readings else None
    return Judgement(verdict, reason, (*steps, reason), _snapshot(book, first), ban)


def _snapshot(book: LimitBook, reading: Reading | None) -> Snapshot | None:
    if reading is None:
        return None
    if reading.limit is not None:
        return snapshot_of(book, reading.limit, book.editions[reading.limit.edition])
    if reading.ban is None:
        return None
    ban = reading.ban
    return Snapshot(
        text="不得检出" if ban.test == BanTest.DETECTED else "禁止使用", form=LimitForm.UNUSED.value, value="", unit="",
        edition=ban.basis, validity=f"{ban.valid_from} 起", commodity="", food_text=ban.scope_text, condition="",
        temporary=False, demonstration=ban.demonstration, note=ban.listed_as, source=ban.source, row=ban.key,
    )  # fmt: skip


def snapshot_of(book: LimitBook, limit: Limit, edition: Edition) -> Snapshot:
    """The row as it stands now."""
    bounds = limit.bounds
    numbers = [plain(n) for n in (bounds.low, bounds.high) if n is not None]
    return Snapshot(
        text=limit.text, form=LimitForm(bounds.form).value, value="–".join(numbers), unit=bounds.unit,
        edition=edition.code, validity=edition.validity_of(limit), commodity=limit.commodity,
        food_text=limit.food_text or book.tree.name(limit.commodity), condition=limit.condition,
        temporary=bounds.temporary, demonstration=edition.demonstration, note=limit.note,
        source=limit.source or edition.source, row=limit.key,
    )  # fmt: skip


Said = tuple[Verdict, str]


def _by_reading(book: LimitBook, reading: Reading, result: Result) -> Said:
    if reading.ban is not None:
        return _by_presence(result, reading.side, f"属禁用物质（{reading.ban.basis}）", reading.ban.test)
    if reading.limit is None:
        return Verdict.UNJUDGED, "没有限量"
    bounds = reading.limit.bounds
    if bounds.form in {LimitForm.ABSENT, LimitForm.UNUSED}:
        verdict, reason = _by_presence(result, reading.side, str(bounds), BanTest.DETECTED)
    else:
        verdict, reason = _by_amount(reading, result)
    if verdict == Verdict.FAIL and reading.limit.condition:
        return Verdict.UNDECIDED, f"{reason}；该限量有适用条件（{reading.limit.condition}），须由人核对"
    return verdict, reason


def _by_presence(result: Result, side: Side, rule: str, test: BanTest) -> Said:
    """不得检出, 不得使用, a ban: was the substance there?"""
    try:
        presence = result.presence
    except UnitRefused as refusal:
        return Verdict.UNDECIDED, str(refusal)
    if presence == Presence.ABSENT:
        return (Verdict.UNDECIDED, "只有一个组分未检出") if side == Side.PART else (Verdict.PASS, f"未检出，{rule}")
    if side == Side.WHOLE:
        return Verdict.UNDECIDED, "总量检出，须测其组分"
    if presence == Presence.PRESENT:
        return Verdict.FAIL, f"检出 {result}，{rule}"
    positive = result.form == Form.NUMBER and result.quantity is not None and result.quantity.value > 0
    if test == BanTest.CONTAINS and positive:
        return Verdict.FAIL, f"含有 {result}，{rule}，不得销售（农产品质量安全法第三十六条第一项）"
    return Verdict.UNDECIDED, f"{rule}，但结果“{result}”没有检出限，不能断定是否检出。请补充方法的检出限"


def _by_amount(reading: Reading, result: Result) -> Said:
    assert reading.limit is not None
    bounds = reading.limit.bounds
    if result.basis != bounds.basis and result.presence != Presence.ABSENT:
        said = [f"以{basis}计" if basis else "未说明以什么计" for basis in (bounds.basis, result.basis)]
        return Verdict.UNDECIDED, f"限量{said[0]}，结果{said[1]}，不能比较"
    try:
        interval = result.interval(parse_unit(bounds.unit))
    except UnitRefused as refusal:
        return Verdict.UNDECIDED, str(refusal)
    if interval is None:
        return Verdict.UNDECIDED, f"结果“{result}”没有数值，不能与限量 {bounds} 比较"
    return _compare(reading, _seen_from(interval, reading), result)


def _seen_from(interval: Interval, reading: Reading) -> Interval:
    """What the interval of the reported item says about the item that the limit is set for."""
    if reading.side == Side.PART:
        return Interval(EXACT.multiply(interval.low, reading.factor), None, low_open=interval.low_open)
    if reading.side == Side.WHOLE:
        return Interval(ZERO, interval.high, high_open=interval.high_open)
    return interval


def _compare(reading: Reading, amount: Interval, result: Result) -> Said:
    assert reading.limit is not None
    bounds = reading.limit.bounds
    low = bounds.low if bounds.low is not None else ZERO
    high = bounds.high if bounds.high is not None else Decimal("Infinity")
    if amount.is_above(high):
        return Verdict.FAIL, f"{result} 超过限量 {bounds}"
    if bounds.low is not None and amount.is_below(low):
        return Verdict.FAIL, f"{result} 低于要求 {bounds}"
    if amount.is_at_least(low) and (high.is_infinite() or amount.is_at_most(high)):
        return Verdict.PASS, f"{result} 符合 {bounds}"
    return Verdict.UNDECIDED, _doubt(reading, amount, result)


def _doubt(reading: Reading, amount: Interval, result: Result) -> str:
    assert reading.limit is not None
    if reading.side == Side.PART:
        return "只报告了一个组分，其和未知，不能判定合格"
    if reading.side == Side.WHOLE:
        return f"总量 {result} 超过组分限量 {reading.limit.text}，须测定组分后再判"
    if amount.high is None:
        return f"结果“{result.text}”没有给出上限，不能与限量 {reading.limit.text} 比较"
    return f"结果“{result.text}”的检出限或定量限高于限量 {reading.limit.text}，不能证明符合"
