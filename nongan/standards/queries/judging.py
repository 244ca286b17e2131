"""Judging results as other systems write them: foods and items by code, name or synonym."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from nongan.standards.queries.book import book
from nongan.standards.queries.look_up import amount_of
from nongan.standards.queries.names import food_named, item_named
from nongan.standards.rules import Judgement, LimitBook, NumberRefused, UnitRefused, Verdict, judge, parse_result


@dataclass(frozen=True)
class Written:
    """A result with its food, item and days; `unit` is that of numbers without their own."""

    food: str
    item: str
    result: str
    unit: str = ""
    lod: str = ""
    produced_on: date | None = None
    sampled_on: date | None = None


def judge_written(results: Iterable[Written]) -> list[Judgement]:
    """Judge results in their order. Never raises: what is not understood is 待判定."""
    law = book()
    return [_judge(law, one) for one in results]


def _judge(law: LimitBook, one: Written) -> Judgement:
    food, analyte = food_named(law.tree, one.food), item_named(law.analytes, one.item)
    if food is None or analyte is None:
        unknown = f"食品“{one.food}”" if food is None else f"检测项目“{one.item}”"
        return Judgement(Verdict.UNDECIDED, f"没有读懂{unknown}，不能判定。", ())
    try:
        lod = amount_of(one.lod, one.unit) if one.lod.strip() else None
    except (NumberRefused, UnitRefused) as refusal:
        return Judgement(Verdict.UNDECIDED, f"看不懂检出限“{one.lod}”：{refusal}", ())
    read = parse_result(one.result, one.unit, lod=lod)
    return judge(law, food=food, analyte=analyte, result=read, produced_on=one.produced_on, sampled_on=one.sampled_on)
