"""Many results at once: the same verdicts as one by one, at a fraction of the cost.

Between two breaks of the law the same item in the same food is held to the same row. So each distinct (food, item,
unit, stretch of days) is looked up once, and where the answer is one plain limit, its numbers are compared as a column
of decimals, by full value. Everything else (rows in conflict, parts of sums, bans) goes the long way of `decide`.
"""

import gc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from nongan.standards.rules.book import LimitBook, Resolution, Side
from nongan.standards.rules.judge import Verdict, decide
from nongan.standards.rules.limit import Limit, LimitForm
from nongan.standards.rules.quantity import NumberRefused, Quantity, UnitRefused, parse_unit
from nongan.standards.rules.result import Form, Result

NUMERIC = {LimitForm.MAXIMUM, LimitForm.MINIMUM, LimitForm.RANGE}
VERDICTS = list(Verdict)
PASS, FAIL, UNDECIDED = (VERDICTS.index(verdict) for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.UNDECIDED))
COMPARE, EACH = len(VERDICTS), len(VERDICTS) + 1  # how a rule judges, where it has not one verdict for all numbers


Span = tuple[Decimal | None, Decimal | None]
Converted = dict[tuple[int, str], Span | None]  # a row and a unit → its ends in that unit


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for a food, an item and a unit in one stretch of days. `how`: a verdict for every number, a comparison
    with `low` and `high` (in the unit of the results, None for no end), or each number for itself."""

    resolution: Resolution
    how: int
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def limit(self) -> Limit | None:
        """The row that is kept with the verdict."""
        return self.resolution.readings[0].limit if self.resolution.readings else None

    @property
    def path(self) -> str:
        return self.resolution.words


@dataclass(frozen=True)
class Judged:
    """Columns as long as the results: an index into `VERDICTS`, and an index into `rules` for limit and path."""

    codes: Any
    rules: list[Rule]
    places: Any

    def __iter__(self) -> Iterator[tuple[Verdict, Rule]]:
        pairs = zip(self.codes.to_pylist(), self.places.to_pylist(), strict=True)
        return ((VERDICTS[code], self.rules[place]) for code, place in pairs)


def judge_columns(book: LimitBook, *, foods: Any, analytes: Any, days: Any, amounts: Any, units: Any) -> Judged:
    """The verdict on each bare number, with limit and path. Arrow arrays of one length: text, days, decimals, text.

    The same as `judge` on a result of form NUMBER without detection limit; a missing or negative amount is 待判定.
    """
    keys, distinct = _keys(book, foods, analytes, days, units)
    rules = _rules_of(book, distinct)
    places = keys.indices
    how = pc.take(pa.array([rule.how for rule in rules], pa.int8()), places)
    within = pc.and_(
        _kept(pc.greater_equal, amounts, [rule.low for rule in rules], places),
        _kept(pc.less_equal, amounts, [rule.high for rule in rules], places),
    )
    codes = pc.if_else(pc.equal(how, COMPARE), pc.if_else(within, _code(PASS), _code(FAIL)), how)
    known = pc.fill_null(pc.not_equal(pc.sign(amounts), -1), False)
    codes = pc.if_else(known, codes, _code(UNDECIDED))
    return Judged(_each(book, codes, rules, places, amounts, units), rules, places)


def _rules_of(book: LimitBook, distinct: list[tuple[str, str, date, str]]) -> list[Rule]:
    """A hundred thousand small values in one go, none of them garbage: the collector would only walk through them."""
    converted: Converted = {}
    collecting = gc.isenabled()
    gc.disable()
    try:
        return [_rule_of(book, *one, converted) for one in distinct]
    finally:
        if collecting:
            gc.enable()


def _keys(
    book: LimitBook, foods: Any, analytes: Any, days: Any, units: Any
) -> tuple[Any, list[tuple[str, str, date, str]]]:
    """Every result as the number of its distinct (food, item, day of a stretch, unit), and these."""
    columns = [pc.dictionary_encode(column) for column in (foods, analytes, units)]
    dates = pc.dictionary_encode(days)
    on = dates.dictionary.to_pylist()
    stretches = [book.stretch(day) for day in on]
    sample = dict(zip(stretches, on, strict=True))  # any day of a stretch stands for all of them
    key = pc.take(pa.array(stretches, pa.int64()), dates.indices)
    sizes = [max(stretches, default=0) + 1]
    for column in columns:
        key = pc.add(pc.multiply(key, len(column.dictionary)), column.indices.cast(pa.int64()))
        sizes.append(len(column.dictionary))
    encoded = pc.dictionary_encode(key)
    names = [column.dictionary.to_pylist() for column in columns]
    distinct = []
    for number in encoded.dictionary.to_pylist():
        rest, unit = divmod(number, sizes[3])
        rest, item = divmod(rest, sizes[2])
        stretch, food = divmod(rest, sizes[1])
        distinct.append((names[0][food], names[1][item], sample[stretch], names[2][unit]))
    return encoded, distinct


def _rule_of(book: LimitBook, food: str, analyte: str, on: date, unit: str, converted: "Converted") -> Rule:
    """The rule, with its bounds in `unit` where one comparison decides."""
    resolution = book.resolve(food, analyte, on)
    if not resolution.readings:  # nothing to judge by: every number gets the same verdict
        return Rule(resolution, VERDICTS.index(decide(book, resolution, number(Decimal(0), unit), "").verdict))
    reading = resolution.readings[0]
    limit = reading.limit
    if len(resolution.readings) > 1 or limit is None or reading.side != Side.ITSELF:
        return Rule(resolution, EACH)
    key = (id(limit), unit)
    if key not in converted:
        converted[key] = _plain_bounds(limit, unit)
    bounds = converted[key]
    return Rule(resolution, COMPARE, *bounds) if bounds else Rule(resolution, EACH)


def _plain_bounds(limit: Limit, unit: str) -> Span | None:
    """The two ends in `unit`, where a comparison with them is all there is to judging by this row."""
    bounds = limit.bounds
    if bounds.form not in NUMERIC or bounds.basis or limit.condition:
        return None
    try:
        own, asked = parse_unit(bounds.unit), parse_unit(unit)
        low = Quantity(bounds.low, own).amount_in(asked) if bounds.low is not None else None
        high = Quantity(bounds.high, own).amount_in(asked) if bounds.high is not None else None
    except (UnitRefused, NumberRefused):
        return None
    return low, high


def _kept(compare: Any, amounts: Any, bounds: list[Decimal | None], places: Any) -> Any:
    """Does each amount keep the bound of its rule? Where there is no bound, yes."""
    if all(bound is None for bound in bounds):
        return pa.scalar(True)
    return pc.fill_null(compare(amounts, pc.take(pa.array(bounds), places)), True)


def _code(value: int) -> Any:
    return pa.scalar(value, pa.int8())


def _each(book: LimitBook, codes: Any, rules: list[Rule], places: Any, amounts: Any, units: Any) -> Any:
    """Results whose rule has no short way, one by one."""
    left = pc.indices_nonzero(pc.equal(codes, EACH))
    if not len(left):
        return codes
    rows = zip(*(pc.take(column, left).to_pylist() for column in (places, amounts, units)), strict=True)
    found = [decide(book, rules[place].resolution, number(amount, unit), "").verdict for place, amount, unit in rows]
    return pc.replace_with_mask(
        codes, pc.equal(codes, EACH), pa.array([VERDICTS.index(verdict) for verdict in found], pa.int8())
    )


def number(amount: Decimal, unit: str) -> Result:
    """A bare amount as a result."""
    text = f"{amount} {unit}".strip()
    try:
        return Result(text=text, form=Form.NUMBER, quantity=Quantity(amount, parse_unit(unit)))
    except UnitRefused as refusal:
        return Result(text=text, form=Form.UNREAD, trouble=str(refusal))
