"""About two thousand subjects, most of them supervised, a few not yet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from nongan.demo.rules import PERSONAL, TRADES, Trade, business_name, mobile, person_name
from nongan.demo.services.people import City
from nongan.registry.rules import Facts, check_character
from nongan.registry.services import Entry, Supervision, register_many

if TYPE_CHECKING:
    from nongan.registry.models import Subject

SUPERVISED = 0.985
WITHOUT_CODE = frozenset({*PERSONAL, "family_farm"})


@dataclass(frozen=True)
class Source:
    """A subject from which samples are taken, and what it offers."""

    subject: "Subject"
    products: tuple[str, ...]


def enter_subjects(
    city: City, count: int, chance: Random, first: date, at: datetime, progress: Callable[[int], object]
) -> list[Source]:
    """`count` subjects spread over all townships, entered between `first` and two months before `at`."""
    taken: set[str] = set()
    towns = [(county, town) for county in city.counties for town in city.townships[county]]
    plan = chance.choices(TRADES, [trade.per_thousand for trade in TRADES], k=count)
    lines = [(trade, *towns[n % len(towns)], n) for n, trade in enumerate(plan)]
    last = at.date() - timedelta(days=60)
    sources: list[Source] = []
    for county in city.counties:
        own = [
            (_entry(city, trade, town, n, chance, taken, first, last), trade)
            for trade, c, town, n in lines
            if c == county
        ]
        made = register_many(entries=[entry for entry, _trade in own], by=city.supervisor(county), at=at)
        sources += [Source(subject, tuple(subject.products.split("、"))) for subject in made if subject.products]
        progress(len(made))
    return sources


def _entry(
    city: City, trade: Trade, town: str, n: int, chance: Random, taken: set[str], first: date, last: date
) -> Entry:
    place = city.names[town]
    registered = first + timedelta(days=chance.randrange((last - first).days)) if chance.random() < 0.3 else first
    offered = chance.sample(trade.products, min(len(trade.products), chance.randint(2, 5)))
    facts = Facts(
        name=business_name(chance, trade, place, taken), type=trade.type,
        scale="above" if chance.random() < trade.above else "below",
        uscc="" if trade.type in WITHOUT_CODE else _code(trade, town, n), division=town,
        contact=person_name(chance), phone=mobile(chance), registered_on=registered,
        address=f"{place}{chance.choice('南北东西')}片{chance.randint(1, 60)}号", products="、".join(offered),
    )  # fmt: skip
    if chance.random() >= SUPERVISED:
        return Entry(facts)
    station = city.organisations[f"station-{town}"]
    start = registered + timedelta(days=chance.randint(1, 40))
    return Entry(facts, Supervision(station.pk, person_name(chance), min(start, last)))


def _code(trade: Trade, town: str, n: int) -> str:
    """A sound code that is nobody's: organisation numbers of letters that the register does not reach."""
    first = ("93" if trade.type == "cooperative" else "91") + town[:6] + f"MY{n:07d}"
    return first + check_character(first)
