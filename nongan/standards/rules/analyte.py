"""What is tested for: names, residue definitions, and how results of parts make the result of a sum.

Sources of the definitions: GB 2763 (残留物) for pesticides, GB 31650 (残留标志物) for veterinary drugs, GB 2762 for
contaminants. A part that was not detected counts as 0, as the sums of the GB 23200 methods are reported.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nongan.common.errors import RuleBroken
from nongan.standards.rules.names import key, parts
from nongan.standards.rules.quantity import EXACT, Quantity, Unit
from nongan.standards.rules.result import ZERO, Form, Interval, Presence, Result


class AnalyteKind(TextChoices):
    PESTICIDE = "pesticide", _("农药")
    DRUG = "drug", _("兽药")
    CONTAMINANT = "contaminant", _("污染物")
    ADDITIVE = "additive", _("添加剂")
    MICROBE = "microbe", _("微生物")
    QUALITY = "quality", _("品质指标")


class AnalytesBroken(RuleBroken):
    """The table of analytes contradicts itself."""

    code = "analytes_broken"


@dataclass(frozen=True)
class Part:
    """A component of a sum. `factor` turns its amount into that “expressed as” the sum (ratio of molar masses)."""

    code: str
    factor: Decimal = Decimal(1)


@dataclass(frozen=True)
class Analyte:
    """`parts`: the residue definition, empty for a single substance. `screens`: an item of which this one is the whole
    (总汞 screens 甲基汞): as long as the whole is within the limit, the part is."""

    code: str
    name: str
    kind: AnalyteKind = AnalyteKind.PESTICIDE
    synonyms: tuple[str, ...] = ()
    definition: str = ""
    parts: tuple[Part, ...] = ()
    screens: str = ""
    source: str = ""


@dataclass(frozen=True)
class Analytes:
    """All analytes by code."""

    by_code: Mapping[str, Analyte] = field(default_factory=dict)

    @classmethod
    def of(cls, analytes: Iterable[Analyte]) -> "Analytes":
        """Raises AnalytesBroken for a code twice, an unknown part, or a name that two analytes claim."""
        by_code: dict[str, Analyte] = {}
        for one in analytes:
            if one.code in by_code:
                raise AnalytesBroken(f"检测项目编码 {one.code} 重复。")
            by_code[one.code] = one
        made = cls(by_code)
        for one in by_code.values():
            for other in [*(part.code for part in one.parts), *([one.screens] if one.screens else [])]:
                if other not in by_code or other == one.code:
                    raise AnalytesBroken(f"{one.name} 的组分 {other} 不存在。")
        _ = made._names
        return made

    @cached_property
    def _names(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for one in self.by_code.values():
            for name in (one.name, *one.synonyms):
                other = found.setdefault(key(name), one.code)
                if other != one.code:
                    raise AnalytesBroken(f"名称“{name}”同时属于 {self.by_code[other].name} 和 {one.name}。")
        return found

    @cached_property
    def sums(self) -> dict[str, tuple[str, ...]]:
        """Code of a part → codes of the sums that it counts in."""
        found: dict[str, list[str]] = {}
        for one in self.by_code.values():
            for part in one.parts:
                found.setdefault(part.code, []).append(one.code)
        return {code: tuple(codes) for code, codes in found.items()}

    def find(self, text: str) -> str:
        """The code of a written name, or blank: exact, then without “(以…计)”, then without a footnote letter, then by
        the names in and around its brackets, or joined by 和 and /, where all that are known mean the same."""
        name = key(text)
        plain = name.split("(以")[0]
        noted = plain[:-1] if plain[-1:] in set("abcde") and len(plain) > 1 and plain[-2] > "z" else plain
        exact = next((self._names[n] for n in (name, plain, noted) if n in self._names), "")
        return exact or self._agreed(parts(text)[1:]) or self._agreed(re.split("[和/]", plain), every=True)

    def _agreed(self, names: list[str], *, every: bool = False) -> str:
        """The one code that the known names mean; with `every`, all of several must be known. A sum named with its
        parts (恩诺沙星和环丙沙星) is the sum."""
        codes = [self._names.get(name, "") for name in names]
        known = set(codes) - {""}
        known -= {part.code for code in known for part in self.by_code[code].parts}
        if len(known) != 1 or (every and ("" in codes or len(codes) < 2)):
            return ""
        return known.pop()

    def name(self, code: str) -> str:
        return self.by_code[code].name

    def part(self, whole: str, code: str) -> Part:
        """A part of a sum. Raises StopIteration when it is none."""
        return next(part for part in self.by_code[whole].parts if part.code == code)


def combine(whole: Analyte, results: Mapping[str, Result], unit: Unit) -> Result:
    """The result of a sum from the results of its parts (by code), in `unit`. Raises UnitRefused.

    Parts not detected count as 0; all not detected is 未检出. A part below its quantification limit, missing or not
    understood leaves the sum between two bounds: it can then still fail, or pass, if both bounds do.
    """
    text = "，".join(f"{code} {result.text}" for code, result in results.items())
    spans = [_span(results.get(part.code), part.factor, unit) for part in whole.parts]
    low = high = ZERO
    for span in spans:
        low = EXACT.add(low, span.low)
        high = EXACT.add(high, span.high or ZERO)
    if not high and all(span.high is not None for span in spans):
        return Result(text=text, form=Form.ABSENT, lod=_lod(whole, results, unit))
    if all(span == Interval(ZERO, None) for span in spans):
        return Result(text=text, form=Form.UNREAD, trouble=f"没有 {whole.name} 任何组分的结果。")
    known = all(span.high is not None for span in spans)
    top = Quantity(high, unit) if known else None
    if known and low == high:
        return Result(text=text, form=Form.NUMBER, quantity=top, detected=_confirmed(results))
    least = Quantity(low, unit)
    return Result(text=text, form=Form.BETWEEN, quantity=top, least=least, detected=_confirmed(results))


def _span(result: Result | None, factor: Decimal, unit: Unit) -> Interval:
    """Where the amount of one part lies, expressed as the sum."""
    interval = result.interval(unit) if result is not None else None
    if result is None or interval is None:
        return Interval(ZERO, None)
    if result.presence == Presence.ABSENT:
        return Interval(ZERO, ZERO)
    high = EXACT.multiply(interval.high, factor) if interval.high is not None else None
    return Interval(EXACT.multiply(interval.low, factor), high)


def _lod(whole: Analyte, results: Mapping[str, Result], unit: Unit) -> Quantity | None:
    """The largest detection limit among the parts, when all of them are known."""
    lods = [results[part.code].lod for part in whole.parts]
    known = [lod.amount_in(unit) for lod in lods if lod is not None]
    return Quantity(max(known), unit) if len(known) == len(lods) else None


def _confirmed(results: Mapping[str, Result]) -> bool | None:
    """One part that is certainly there is enough."""
    return True if any(result.presence == Presence.PRESENT for result in results.values()) else None
