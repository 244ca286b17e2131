"""Two years of official samples at plan size, month by month, through the same acts that people use."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from nongan.demo.services.bench import laboratory_of, quantity, versions
from nongan.demo.services.law import Item, code_of, items_for
from nongan.demo.services.people import City
from nongan.demo.services.subjects import Source
from nongan.laboratory import services as laboratory
from nongan.laboratory.services import Entry
from nongan.monitoring import services as monitoring
from nongan.monitoring.rules import Sampling
from nongan.places.queries import working_calendar

if TYPE_CHECKING:
    from nongan.accounts.models import User
    from nongan.monitoring.models import Sample

SHANGHAI = ZoneInfo("Asia/Shanghai")
KINDS = ("routine",) * 11 + ("supervision",) * 6 + ("risk",) * 3
FAILING = (0.012, 0.016, 0.034, 0.010, 0.014, 0.008, 0.006, 0.022, 0.012, 0.018)  # share by county, in code order
BANNED = 0.12  # of failures where nothing but a banned substance can fail, so many do; the others pass after all
SEASON = (0.8, 0.55, 0.9, 1.0, 1.1, 1.15, 1.1, 1.1, 1.2, 1.15, 1.05, 0.9)  # of the months, twelve in all
PUBLISHED_AFTER = timedelta(days=45)


@dataclass(frozen=True)
class Month:
    """A month of sampling: its first day, and the moments at which what was sampled is entered, sent, tested."""

    first: date
    last: date
    entered: datetime

    @property
    def sent(self) -> datetime:
        return self.entered + timedelta(hours=1)

    @property
    def tested(self) -> datetime:
        """On the second working day, at eleven; verified in the afternoon, signed at four."""
        return datetime.combine(working_calendar().add(self.last, 2), time(11), SHANGHAI)

    @property
    def signed(self) -> datetime:
        return self.tested + timedelta(hours=5)


def months_until(at: datetime, count: int) -> list[Month]:
    """The `count` months up to `at`, the oldest first; the current one as far as it has gone, left out where no report
    can be signed yet."""
    firsts, day = [], at.date().replace(day=1)
    for _n in range(count):
        firsts.append(day)
        day = (day - timedelta(days=1)).replace(day=1)
    months = []
    for first in reversed(firsts):
        month = _month(first, min(first + timedelta(days=24), at.date()), at)
        months += [month] if month.last > first else []
    return months or months_until(at, count + 1)


def _month(first: date, last: date, at: datetime) -> Month:
    """A month whose last day of sampling is a working day, early enough for its reports to be signed by `at`."""
    calendar = working_calendar()
    month = Month(first, last, datetime.combine(last, time(10), SHANGHAI))
    if last > first and (not calendar.works(last) or month.signed > at):
        return _month(first, last - timedelta(days=1), at)
    return month


def shares(city: City, a_month: int, month: date) -> dict[str, int]:
    """County → samples of a month: more where there are more townships, and in the season; in each at least one."""
    towns = {county: len(city.townships[county]) for county in city.counties}
    whole = a_month * SEASON[month.month - 1] / sum(towns.values())
    return {county: max(1, round(whole * count)) for county, count in towns.items()}


def sample_months(
    city: City, sources: Sequence[Source], months: Sequence[Month], a_month: int, chance: Random, at: datetime,
    progress: Callable[[int], object],
) -> None:  # fmt: skip
    """`a_month` samples in each month. Those of the last month are left in every state; older ones are published."""
    by_county: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        by_county[source.subject.division_id[:6].ljust(12, "0")].append(source)
    finished: list[tuple[datetime, list[str]]] = []
    for place, month in enumerate(months):
        samples = [
            sample
            for county, share in shares(city, a_month, month.first).items()
            for sample in _take(city, county, by_county[county], month, share, chance)
        ]
        newest = place == len(months) - 1
        signed = _test(city, samples, month, chance, newest=newest)
        finished.append((month.signed, signed))
        _publish(city, finished, month.signed if not newest else at)
        progress(len(samples))


def _take(
    city: City, county: str, sources: Sequence[Source], month: Month, count: int, chance: Random
) -> list["Sample"]:
    by_person: dict[str, list[Sampling]] = defaultdict(list)
    officers = city.inspectors(county)
    people = {"officer": officers[0], "supervisor": city.supervisor(county)}
    for _n in range(count):
        kind = chance.choice(KINDS)
        sampling = _sampling(kind, sources, month, chance, [o.full_name for o in officers])
        by_person["officer" if kind == "supervision" else "supervisor"].append(sampling)
    taken: list[Sample] = []
    for who, samplings in by_person.items():
        taken += monitoring.take_samples(samplings=samplings, by=people[who], at=month.entered)
    return taken


def _sampling(kind: str, sources: Sequence[Source], month: Month, chance: Random, names: Sequence[str]) -> Sampling:
    """A sample of something that the subject offers and the law can judge."""
    while True:
        source = chance.choice(sources)
        food = code_of(chance.choice(source.products))
        sampled = month.first + timedelta(days=chance.randrange((month.last - month.first).days + 1))
        made = sampled - timedelta(days=chance.randint(0, 3))
        if food and source.known <= sampled and items_for(food, made):
            break
    panel = tuple(item.analyte for item in items_for(food, made))
    return Sampling(
        kind=kind, subject=source.subject.number, commodity=food, sampled_on=sampled, samplers="、".join(names),
        produced_on=made, quantity=quantity(chance), place=source.subject.address, panel=panel,
    )  # fmt: skip


def _test(city: City, samples: Sequence["Sample"], month: Month, chance: Random, *, newest: bool) -> list[str]:
    """Send, test, verify, sign. Of the newest month some wait to be sent, and some stop at every desk of the way.

    Returns the numbers of the samples whose report is signed.
    """
    signed: list[str] = []
    for (suffix, key), mine in _by_laboratory(city, samples).items():
        sent = monitoring.send_samples(
            panels={sample.number: () for n, sample in enumerate(mine) if not newest or n % 8},
            laboratory_id=key,
            by=city.people["supervisor"], at=month.sent,
        )  # fmt: skip
        stages = [_share(sent, n, newest) for n in range(4)]
        _enter([s for stage in stages[:3] for s in stage], city.people[f"analyst{suffix}"], month, chance)
        codes = {n: [s.specimen.code for s in stage if s.specimen] for n, stage in enumerate(stages)}
        done = [code for n in (0, 1) for code in codes[n]]
        laboratory.submit(codes=done + codes[2], by=city.people[f"analyst{suffix}"], at=month.tested)
        laboratory.verify(
            seen=versions(done, city.people[f"verifier{suffix}"]), by=city.people[f"verifier{suffix}"],
            at=month.tested + timedelta(hours=3),
        )  # fmt: skip
        laboratory.sign(
            seen=versions(codes[0], city.people[f"signatory{suffix}"]), by=city.people[f"signatory{suffix}"],
            at=month.signed,
        )  # fmt: skip
        signed += [sample.number for sample in stages[0]]
    return signed


def _share(samples: Sequence["Sample"], stage: int, newest: bool) -> list["Sample"]:
    """Signed (0), verified (1), entered (2), received (3): everything is signed but for the newest month."""
    if not newest:
        return list(samples) if stage == 0 else []
    return [sample for n, sample in enumerate(samples) if (0, 0, 0, 0, 1, 2, 3, 0)[n % 8] == stage]


def _by_laboratory(city: City, samples: Sequence["Sample"]) -> dict[tuple[str, int], list["Sample"]]:
    """The laboratory (suffix of its user names, key) → its samples."""
    found: dict[tuple[str, int], list[Sample]] = defaultdict(list)
    for sample in samples:
        found[laboratory_of(city, sample.division_id[:6].ljust(12, "0"))].append(sample)
    return found


def _enter(samples: Sequence["Sample"], analyst: "User", month: Month, chance: Random) -> None:
    entries = []
    for sample in samples:
        assert sample.specimen is not None
        items = items_for(sample.commodity_id, sample.produced_on or sample.sampled_on)
        county = int(sample.division_id[4:6])
        bad = _failing(items, chance) if chance.random() < FAILING[county % len(FAILING)] else -1
        entries += [
            Entry(sample.specimen.code, item.analyte, item.typed(chance, fails=n == bad))
            for n, item in enumerate(items)
        ]
    if entries:
        laboratory.enter_results(entries=entries, tested_on=month.tested.date(), by=analyst, at=month.tested)


def _failing(items: Sequence[Item], chance: Random) -> int:
    """The place of an item that fails, -1 for none: a banned substance is by far the rarer failure."""
    ordinary = [n for n, item in enumerate(items) if not item.absent]
    if ordinary and chance.random() < 0.985:
        return chance.choice(ordinary)
    return chance.randrange(len(items)) if ordinary or chance.random() < BANNED else -1


def _publish(city: City, finished: list[tuple[datetime, list[str]]], now: datetime) -> None:
    """The office publishes what was signed long enough ago."""
    for signed_at, numbers in [one for one in finished if one[0] + PUBLISHED_AFTER <= now]:
        if numbers:
            monitoring.publish_samples(numbers=numbers, by=city.people["office"], at=signed_at + PUBLISHED_AFTER)
        finished.remove((signed_at, numbers))
