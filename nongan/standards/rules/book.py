"""The law on a day: every limit and ban, and the look-up that finds what holds for an item in a food.

The look-up walks from the food up through all its categories, passes over rows that except it, and keeps the rows that
name it most closely. Where several readings remain (rows in conflict, a food named too broadly), all of them are kept:
a verdict must hold under every one.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from nongan.standards.rules.analyte import Analytes
from nongan.standards.rules.ban import Ban, BanStatus
from nongan.standards.rules.commodity import Tree
from nongan.standards.rules.limit import Authority, Edition, Limit, LimitForm

MOST_KEPT = 400_000  # resolutions; far more than a city has pairs of food and item
RANK = {BanStatus.BANNED: 0, BanStatus.STOPPED: 1, BanStatus.RESTRICTED: 2, BanStatus.CONTROLLED: 3}


class Side(StrEnum):
    """How the reported item stands to the item that the limit is set for."""

    ITSELF = "itself"
    PART = "part"  # one component of a sum: the sum is at least as much
    WHOLE = "whole"  # 总汞 against a limit of 甲基汞: the part is at most as much


class Why(StrEnum):
    """Why there is, or is not, anything to judge by."""

    LIMIT = "limit"
    BAN = "ban"
    NO_LIMIT = "no_limit"
    NO_EDITION = "no_edition"
    NO_FOOD = "no_food"
    NO_ITEM = "no_item"


@dataclass(frozen=True)
class Reading:
    """One way in which the law may hold: by a row, by a ban, or not at all. `words` is the way there."""

    words: str
    limit: Limit | None = None
    ban: Ban | None = None
    side: Side = Side.ITSELF
    factor: Decimal = Decimal(1)


@dataclass(frozen=True)
class Resolution:
    """What holds for an item in a food during one stretch of days. `ban`: it may not be used on this food."""

    why: Why
    readings: tuple[Reading, ...] = ()
    ban: Ban | None = None
    words: str = ""


@dataclass(frozen=True)
class LimitBook:
    """Everything loaded, as one value. Building it checks that the tables agree; it never changes afterwards."""

    tree: Tree
    analytes: Analytes
    editions: Mapping[str, Edition]
    limits: tuple[Limit, ...]
    bans: tuple[Ban, ...] = ()
    _kept: dict[tuple[str, str, int], Resolution] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(
        cls,
        tree: Tree,
        analytes: Analytes,
        editions: Iterable[Edition],
        limits: Iterable[Limit],
        bans: Iterable[Ban] = (),
    ) -> "LimitBook":
        return cls(tree, analytes, {e.code: e for e in editions}, tuple(limits), tuple(bans))

    # Time: between two breaks nothing comes into force or ends, so one look-up serves all its days.

    @cached_property
    def breaks(self) -> list[date]:
        """The days on which an edition, a ban or a row with days of its own begins, or is over."""
        dated: list[Edition | Ban | Limit] = [*self.editions.values(), *self.bans, *(r for r in self.limits if r.dated)]
        ends = {one.valid_to + timedelta(days=1) for one in dated if one.valid_to and one.valid_to < date.max}
        return sorted({one.valid_from for one in dated if one.valid_from} | ends)

    def stretch(self, on: date) -> int:
        """The number of the stretch of days in which nothing changes."""
        return bisect_right(self.breaks, on)

    # Rows

    @cached_property
    def rows_of(self) -> dict[str, dict[str, tuple[Limit, ...]]]:
        """Analyte → food or category → rows."""
        found: dict[str, dict[str, list[Limit]]] = {}
        for limit in self.limits:
            found.setdefault(limit.analyte, {}).setdefault(limit.commodity, []).append(limit)
        return {a: {c: tuple(rows) for c, rows in by.items()} for a, by in found.items()}

    @cached_property
    def bans_of(self) -> dict[str, tuple[Ban, ...]]:
        """Analyte → bans that forbid foods, the strongest first."""
        found: dict[str, list[Ban]] = {}
        for ban in sorted(self.bans, key=lambda ban: (RANK[BanStatus(ban.status)], ban.valid_from)):
            if ban.forbids:
                found.setdefault(ban.analyte, []).append(ban)
        return {analyte: tuple(bans) for analyte, bans in found.items()}

    @cached_property
    def _editions_of(self) -> dict[str, frozenset[str]]:
        rows = {analyte: [r for rows in by.values() for r in rows] for analyte, by in self.rows_of.items()}
        return {analyte: frozenset(row.edition for row in listed) for analyte, listed in rows.items()}

    @cached_property
    def _usable_kept(self) -> dict[tuple[str, int], frozenset[str]]:
        return {}

    def usable(self, analyte: str, on: date) -> frozenset[str]:
        """Editions by which the item is judged on a day: official ones where there are any, else quoted ones."""
        place = (analyte, self.stretch(on))
        known = self._usable_kept.get(place)
        if known is None:
            listing = self._editions_of.get(analyte, frozenset())
            current = [self.editions[code] for code in listing if self.editions[code].in_force(on)]
            official = [e for e in current if e.authority == Authority.OFFICIAL]
            known = self._usable_kept[place] = frozenset(e.code for e in official or current)
        return known

    def closest(self, food: str, analyte: str, editions: frozenset[str], on: date | None = None) -> list[Limit]:
        """The rows of these editions that name the food most closely, of those in force on a day where one is given."""
        by_food = self.rows_of.get(analyte)
        if not by_food or not editions:
            return []
        ways = self.tree.chains(food)
        hits = [
            row
            for node in ways
            if node in by_food
            for row in by_food[node]
            if row.edition in editions and row.exclusions.isdisjoint(ways) and (on is None or row.in_force(on))
        ]
        if len(hits) < 2:
            return hits
        nodes = {row.commodity for row in hits}
        outer = {n for n in nodes for o in nodes if o != n and self.tree.is_within(o, n)}
        return [row for row in hits if row.commodity not in outer]

    def ban_on(self, food: str, analyte: str, on: date) -> Ban | None:
        """The ban that forbids the item, or a sum that it is part of, on this food on this day."""
        if not self.bans:
            return None
        ways = self.tree.chains(food)
        for code in (analyte, *self.analytes.sums.get(analyte, ())):
            for ban in self.bans_of.get(code, ()):
                if ban.in_force(on) and (ban.everywhere or not ban.scope.isdisjoint(ways)):
                    return ban
        return None

    # The look-up

    def resolve(self, food: str, analyte: str, on: date) -> Resolution:
        """What holds for the item in the food on the day. Never raises for unknown codes: it says so."""
        place = (food, analyte, self.stretch(on))
        found = self._kept.get(place)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[place] = self._resolve(food, analyte, on)
        return found

    def _resolve(self, food: str, analyte: str, on: date) -> Resolution:
        if food not in self.tree.nodes:
            return Resolution(Why.NO_FOOD, words=f"食品“{food}”不在分类树中，不能查限量。")
        if analyte not in self.analytes.by_code:
            return Resolution(Why.NO_ITEM, words=f"检测项目“{analyte}”不在项目表中，不能查限量。")
        ban = self.ban_on(food, analyte, on)
        readings = self._readings(food, analyte, on, Side.ITSELF) or self._related(food, analyte, on)
        if readings:
            return Resolution(Why.LIMIT, tuple(readings), ban, readings[0].words)
        if ban:
            words = f"{self.tree.name(food)}：没有该项目的限量；{self.analytes.name(ban.analyte)}{ban.words}"
            return Resolution(Why.BAN, (Reading(words, ban=ban),), ban, words)
        return self._nothing(food, analyte, on)

    def _readings(self, food: str, analyte: str, on: date, side: Side, factor: Decimal = Decimal(1)) -> list[Reading]:
        """By the closest rows; and, where the food is a category, by those that hold for some of the foods in it."""
        editions = self.usable(analyte, on)
        own = [self._by(row, food, side, factor) for row in self._effective(food, analyte, editions, on)]
        narrower: list[Reading] = []
        for code in self._narrower(food, analyte, editions, on):
            rows = self._effective(code, analyte, editions, on)
            narrower += [self._by(row, code, side, factor) for row in rows] or [Reading(self._none(code))]
        if not narrower and len(own) < 2:
            return own
        if narrower and not own:
            own = [Reading(self._none(food))]
        return list({_gist(reading): reading for reading in reversed([*own, *narrower])}.values())[::-1]

    def _effective(self, food: str, analyte: str, editions: frozenset[str], on: date) -> list[Limit]:
        """A row that says “no limit” ends the search; it is not itself a limit."""
        return [row for row in self.closest(food, analyte, editions, on) if row.bounds.form != LimitForm.NONE]

    def _narrower(self, food: str, analyte: str, editions: frozenset[str], on: date) -> list[str]:
        if not self.tree.is_category(food):
            return []
        by_food = self.rows_of.get(analyte, {})
        rows = [row for rows in by_food.values() for row in rows if row.edition in editions and row.in_force(on)]
        named = {row.commodity for row in rows} | {code for row in rows for code in row.exclusions}
        return sorted(named & self.tree.below(food))

    def _related(self, food: str, analyte: str, on: date) -> list[Reading]:
        """Without a limit of its own an item may still speak for a sum that it is part of, or for a part of it."""
        found: list[Reading] = []
        for whole in self.analytes.sums.get(analyte, ()):
            factor = self.analytes.part(whole, analyte).factor
            found += self._readings(food, whole, on, Side.PART, factor)
        part = self.analytes.by_code[analyte].screens
        return found + (self._readings(food, part, on, Side.WHOLE) if part else [])

    def _nothing(self, food: str, analyte: str, on: date) -> Resolution:
        name, item = self.tree.name(food), self.analytes.name(analyte)
        usable = self.usable(analyte, on)
        listing = self._editions_of.get(analyte, frozenset())
        complete = any(self.editions[code].complete for code in usable)
        if listing and (not usable or (not complete and self.closest(food, analyte, listing - usable))):
            editions = "、".join(f"{e.code}（{e.validity}）" for e in self._dated(listing - usable))
            words = f"{name}：当时没有已载入的“{item}”限量版本；已载入 {editions}"
            return Resolution(Why.NO_EDITION, words=words)
        past = [row for row in self.closest(food, analyte, usable) if row.dated and not row.in_force(on)]
        if past:
            held = "、".join(f"{row.text}（{self.editions[row.edition].validity_of(row)}）" for row in past)
            return Resolution(Why.NO_LIMIT, words=f"{name}：“{item}”当日没有限量；已载入 {held}")
        partial = "；已载入的只是部分限量，未查到不等于没有限量" if usable and not complete else ""
        return Resolution(Why.NO_LIMIT, words=f"{name}：已载入的标准中没有“{item}”的限量{partial}")

    def _dated(self, codes: frozenset[str]) -> list[Edition]:
        return sorted((self.editions[code] for code in codes), key=lambda e: (e.valid_from, e.code))

    # Words

    def _none(self, food: str) -> str:
        return f"{self.tree.name(food)}：没有限量"

    def _by(self, row: Limit, food: str, side: Side, factor: Decimal) -> Reading:
        """“豇豆 → 荚可食类豆类蔬菜 → 豆类蔬菜：GB 2763-2026（2026-03-01 起）吡虫啉“豆类蔬菜(菜豆除外)”≤2 mg/kg”."""
        return Reading(
            f"{self.tree.way(food, row.commodity)}：{self._said_of(row)}", limit=row, side=side, factor=factor
        )

    @cached_property
    def _said(self) -> dict[int, str]:
        return {}

    def _said_of(self, row: Limit) -> str:
        """What a row says, whichever food it is applied to."""
        said = self._said.get(id(row))
        if said is None:
            said = self._said[id(row)] = self._say(row)
        return said

    def _say(self, row: Limit) -> str:
        edition = self.editions[row.edition]
        marks = [edition.validity_of(row)] + ["演示数据"] * edition.demonstration
        text = row.food_text or self.tree.name(row.commodity)
        words = f"{edition.code}（{'，'.join(marks)}）{self.analytes.name(row.analyte)}“{text}”{row.text}"
        if row.exclusions:
            words += f"，本品不在除外之列（除外：{'、'.join(sorted(map(self.tree.name, row.exclusions)))}）"
        extra = [
            "临时限量" if row.bounds.temporary else "",
            f"适用条件：{row.condition}" if row.condition else "",
            row.note,
        ]
        return words + "".join(f"；{x}" for x in extra if x)


def _gist(reading: Reading) -> tuple[object, ...]:
    """Readings that judge alike are one."""
    row = reading.limit
    return (row.bounds, row.condition, reading.side, reading.factor) if row else ()
