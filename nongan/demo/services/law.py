"""What a laboratory would be asked for a food on a day, and results that pass or fail by the law that is loaded."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from random import Random

from nongan.common.quantity import plain
from nongan.laboratory.rules.entry import Typed
from nongan.standards.queries import book, find_commodity, usual_panel
from nongan.standards.rules import LimitForm, Why

ITEMS = 5  # of a panel; a real one has thirty, which would tell no more
METHODS = {"mg/kg": "GB 23200.121-2021", "μg/kg": "GB 31658.17-2021"}
NOT_DETECTED = "未检出"


@dataclass(frozen=True)
class Item:
    """One item asked for: its unit and largest lawful amount; `absent` where it must not be found at all, `banned`
    where finding it is a suspected crime."""

    analyte: str
    unit: str
    high: Decimal | None
    absent: bool
    banned: bool

    @property
    def lod(self) -> Decimal:
        """A tenth of the limit, one digit; of what must not be found, one part in a thousand million."""
        if self.high is None:
            return Decimal("0.5") if self.unit == "μg/kg" else Decimal("0.001")
        tenth = self.high / 10
        return tenth.quantize(Decimal(1).scaleb(tenth.adjusted()))

    def typed(self, chance: Random, *, fails: bool) -> Typed:
        """A result as an analyst types it."""
        return Typed(self._text(chance, fails), self.unit, plain(self.lod), "", METHODS.get(self.unit, "GB 5009 系列"))

    def _text(self, chance: Random, fails: bool) -> str:
        if self.high is None:
            return self._times(chance, self.lod, 30, 260) if fails else NOT_DETECTED
        if fails:
            return self._times(chance, self.high, 12, 42)
        return self._times(chance, self.high, 2, 7) if not self.absent and chance.random() < 0.15 else NOT_DETECTED

    def _times(self, chance: Random, base: Decimal, low: int, high: int) -> str:
        """Between low and high tenths of the base, to three digits."""
        value = base * chance.randint(low, high) / 10
        return plain(value.quantize(Decimal(1).scaleb(value.adjusted() - 2)))


@cache
def code_of(food: str) -> str:
    """The code of a food by name; blank where the loaded tree does not know it."""
    return find_commodity(food) or ""


law = cache(book)  # nobody changes the law while the city is built
panel_of = cache(usual_panel)


@cache
def items_for(commodity: str, on: date) -> tuple[Item, ...]:
    """The first items of the usual panel by which the food can be judged on a day."""
    found = (_item(commodity, analyte, on) for analyte in panel_of(commodity))
    return tuple(item for item in found if item is not None)[:ITEMS]


def _item(commodity: str, analyte: str, on: date) -> Item | None:
    resolution = law().resolve(commodity, analyte, on)
    if resolution.why == Why.BAN:
        return Item(analyte, "μg/kg" if commodity.startswith("A") else "mg/kg", None, True, True)
    if resolution.why != Why.LIMIT or len(resolution.readings) != 1:
        return None
    limit = resolution.readings[0].limit
    if limit is None or limit.condition or limit.bounds.basis:
        return None
    banned = resolution.ban is not None
    if limit.bounds.form in {LimitForm.ABSENT, LimitForm.UNUSED}:
        return Item(analyte, "μg/kg", None, True, banned)
    if limit.bounds.form != LimitForm.MAXIMUM or not limit.bounds.high or limit.bounds.unit not in METHODS:
        return None
    return Item(analyte, limit.bounds.unit, limit.bounds.high, banned, banned)
