"""The answer to “what is the limit of this item in this food on this day, and does this result keep it?”."""

from dataclasses import dataclass
from datetime import date

from nongan.common.errors import RuleBroken
from nongan.common.words import listed
from nongan.standards.queries.book import book
from nongan.standards.rules import (
    Ban,
    Judgement,
    LimitBook,
    NumberRefused,
    Quantity,
    Resolution,
    Snapshot,
    UnitRefused,
    Why,
    decide,
    parse_quantity,
    parse_result,
    snapshot_of,
)

MOST_IN_ONE = 2  # limits that an answer names side by side


class DetectionLimitRefused(RuleBroken):
    """The detection limit is not an amount."""

    code = "detection_limit_refused"


@dataclass(frozen=True)
class Ground:
    """One row that holds, as a person reads it. `way`: the names from the food up to where the row hangs."""

    limit: Snapshot
    way: tuple[str, ...]
    words: str
    exclusions: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """`large` is the answer in a few characters, to be shown largest. `grounds` are several only where the law may
    hold in several ways (a food named too broadly, rows in conflict). `forbidden`: may not be used on this food."""

    food: str
    food_name: str
    line: tuple[str, ...]
    analyte: str
    analyte_name: str
    definition: str
    on: date
    why: Why
    large: str
    words: str
    grounds: tuple[Ground, ...]
    forbidden: Ban | None
    bans: tuple[Ban, ...]
    judgement: Judgement | None = None

    @property
    def demonstration(self) -> bool:
        """Rests on demonstration data."""
        held = any(ground.limit.demonstration for ground in self.grounds)
        return held or bool(self.forbidden and self.forbidden.demonstration)


def look_up(
    *, food: str, analyte: str, on: date, result: str = "", unit: str = "", lod: str = "", produced: bool = True
) -> Answer:
    """The law on an item in a food (codes) on a day, and the verdict on a result if one is given.

    `unit` is that of a result without its own, and of `lod`, the detection limit of the method. Unknown codes are
    answered as such. Raises DetectionLimitRefused.
    """
    law = book()
    resolution = law.resolve(food, analyte, on)
    judgement = _judge(law, resolution, on, result, unit, lod, produced) if result.strip() else None
    known_food, item = food in law.tree.nodes, law.analytes.by_code.get(analyte)
    return Answer(
        food=food, food_name=law.tree.name(food) if known_food else "",
        line=tuple(one.name for one in law.tree.line(food)) if known_food else (), analyte=analyte,
        analyte_name=item.name if item else "", definition=item.definition if item else "", on=on, why=resolution.why,
        large=_large(resolution), words=resolution.words, grounds=_grounds(law, resolution, food),
        forbidden=resolution.ban, bans=_bans(law, analyte), judgement=judgement,
    )  # fmt: skip


def _judge(
    law: LimitBook, resolution: Resolution, on: date, result: str, unit: str, lod: str, produced: bool
) -> Judgement:
    try:
        limit = amount_of(lod, unit) if lod.strip() else None
    except (NumberRefused, UnitRefused) as refusal:
        raise DetectionLimitRefused(f"看不懂检出限“{lod}”：{refusal}") from refusal
    day = f"按{'生产' if produced else '抽样'}日期 {on}"
    own = parse_result(result, lod=limit)
    says_unit = own.quantity is not None and own.quantity.unit.symbol
    return decide(law, resolution, own if says_unit else parse_result(result, unit, lod=limit), day)


def amount_of(text: str, unit: str) -> Quantity:
    """A unit behind the number wins over the one chosen beside it."""
    own = parse_quantity(text)
    return own if own.unit.symbol else parse_quantity(text, unit)


def _large(resolution: Resolution) -> str:
    limits = list(dict.fromkeys(reading.limit.text for reading in resolution.readings if reading.limit))
    if limits:
        return " 或 ".join(limits) if len(limits) <= MOST_IN_ONE else "因品种而异"
    if resolution.why == Why.BAN:
        return "禁止使用"
    return {Why.NO_LIMIT: "没有限量", Why.NO_EDITION: "没有当日版本"}.get(resolution.why, "查不到")


def _grounds(law: LimitBook, resolution: Resolution, food: str) -> tuple[Ground, ...]:
    found = []
    for reading in resolution.readings:
        limit = reading.limit
        if limit is None:
            continue
        chains = law.tree.chains(food)
        steps = chains.get(limit.commodity) or (limit.commodity,)
        found.append(
            Ground(
                limit=snapshot_of(law, limit, law.editions[limit.edition]),
                way=tuple(law.tree.name(step) for step in steps), words=reading.words,
                exclusions=tuple(sorted(law.tree.name(code) for code in limit.exclusions)),
            )
        )  # fmt: skip
    return tuple(found)


def _bans(law: LimitBook, analyte: str) -> tuple[Ban, ...]:
    """Everything that is listed about the substance, also what holds for other foods or from another day."""
    codes = {analyte, *law.analytes.sums.get(analyte, ())}
    return tuple(sorted((ban for ban in law.bans if ban.analyte in codes), key=lambda ban: (ban.valid_from, ban.key)))


def bans_text(food: str, analyte: str, on: date) -> str:
    """In words, the ban that forbids the item on this food on this day; blank when there is none."""
    law = book()
    ban = law.ban_on(food, analyte, on) if food in law.tree.nodes and analyte in law.analytes.by_code else None
    return f"{law.analytes.name(ban.analyte)}{ban.words}" if ban else ""


@dataclass(frozen=True)
class Line:
    """One item of all that is limited in a food."""

    analyte: str
    name: str
    kind: str
    text: str
    condition: str
    words: str
    limited: bool
    forbidden: bool
    demonstration: bool


def limits_in(food: str, on: date) -> list[Line]:
    """Every item that is limited in a food on a day, by name, then those only forbidden. Raises KeyError."""
    law = book()
    law.tree.nodes[food]
    candidates = {*law.rows_of, *law.bans_of}
    lines = []
    for code in candidates:
        resolution = law.resolve(food, code, on)
        if not resolution.readings:
            continue
        item = law.analytes.by_code[code]
        editions = [law.editions[r.limit.edition] for r in resolution.readings if r.limit]
        demonstration = any(e.demonstration for e in editions) or bool(resolution.ban and resolution.ban.demonstration)
        conditions = dict.fromkeys(r.limit.condition for r in resolution.readings if r.limit and r.limit.condition)
        lines.append(
            Line(
                code, item.name, str(item.kind.label), _large(resolution), listed(conditions, "；"), resolution.words,
                bool(editions), resolution.ban is not None, demonstration,
            )
        )  # fmt: skip
    return sorted(lines, key=lambda line: (not line.limited, line.kind, line.name))
