"""About two thousand subjects, most of them supervised, a few not yet."""

from collections import defaultdict
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
    """A subject from which samples are taken, what it offers, and since when the register knows it."""

    subject: "Subject"
    products: tuple[str, ...]
    known: date


def enter_subjects(
    city: City, count: int, chance: Random, first: date, at: datetime, progress: Callable[[int], object]
) -> list[Source]:
    """`count` subjects spread over all townships, entered between `first` and two months before `at`: each county month
    by month, at the end of the month in which somebody was put in charge of them."""
    taken: set[str] = set()
    towns = [(county, town) for county in city.counties for town in city.townships[county]]
    plan = chance.choices(TRADES, [trade.per_thousand for trade in TRADES], k=count)
    apart = max(1, len(towns) // count)  # few subjects lie in every second township, so that no county is without
    lines = [(trade, *towns[n * apart % len(towns)], n) for n, trade in enumerate(plan)]
    last = at.date() - timedelta(days=60)
    sources: list[Source] = []
    for county in city.counties:
        own = [_entry(city, trade, town, n, chance, taken, first, last) for trade, c, town, n in lines if c == county]
        by_month: dict[date, list[Entry]] = defaultdict(list)
        for entry in own:
            by_month[_told_on(entry).replace(day=1)].append(entry)
        for month in sorted(by_month):
            entered = min(at, _last_moment(month, at))
            made = register_many(entries=by_month[month], by=city.supervisor(county), at=entered)
            sources += [
                Source(subject, tuple(subject.products.split("、")), entered.date())
                for subject in made
                if subject.products
            ]
            progress(len(made))
    return sources


def _told_on(entry: Entry) -> date:
    """The day on which all that the entry says has come."""
    return entry.supervision.start if entry.supervision else entry.facts.registered_on


def _last_moment(month: date, at: datetime) -> datetime:
    """The last working hour of a month, on the clock of `at`."""
    last = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return at.replace(year=last.year, month=last.month, day=last.day, hour=16, minute=0)


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
