"""One sample at a time, from the field to the signed report, with a result that was chosen beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from nongan.common.quantity import plain
from nongan.demo.services.hours import afternoon, on
from nongan.demo.services.law import NOT_DETECTED, Item, code_of, items_for
from nongan.demo.services.people import City
from nongan.demo.services.subjects import Source
from nongan.laboratory import services as laboratory
from nongan.laboratory.queries import specimens_visible_to
from nongan.laboratory.rules.states import RejectCause
from nongan.laboratory.services import Entry
from nongan.monitoring import services as monitoring
from nongan.monitoring.rules import Sampling

if TYPE_CHECKING:
    from nongan.accounts.models import User
    from nongan.monitoring.models import Sample

NEAR_FENGCHENG = ("360981000000", "360982000000", "360983000000")
TRIES = 400
HOUR = timedelta(hours=1)


def laboratory_of(city: City, county: str) -> tuple[str, int]:
    """Suffix of the user names, and key: three counties send to Fengcheng."""
    near = county in NEAR_FENGCHENG
    suffix, place = ("-360981", "360981000000") if near else ("", city.code)
    return suffix, city.organisations[f"laboratory-{place}"].pk


def quantity(chance: Random) -> Decimal:
    """A sample of one to three kilograms."""
    return Decimal(chance.randint(10, 30)) / 10


@dataclass(frozen=True)
class Picked:
    """Whom and what to sample, and which item is to fail."""

    source: Source
    food: str
    item: Item
    items: tuple[Item, ...]
    quantity: Decimal


def pick(
    sources: Sequence[Source], county: str, at: datetime, chance: Random, *, banned: bool = False
) -> Picked | None:
    """A subject of a county that the register knew, with a product in which such an item can fail."""
    known = [s for s in sources if s.known <= at.date() and s.subject.division_id.startswith(county[:6])]
    for _n in range(TRIES if known else 0):
        source = chance.choice(known)
        food = code_of(chance.choice(source.products))
        items = items_for(food, at.date()) if food else ()
        fit = [item for item in items if (item.banned and not item.high if banned else not item.absent)]
        if fit:
            return Picked(source, food, chance.choice(fit), items, quantity(chance))
    return None


def test_whole(city: City, picked: Picked, signed: datetime, chance: Random, *, fails: bool) -> "Sample":
    """Taken and sent in the morning three days before, tested, verified and signed on the day of `signed`."""
    sample = take(city, picked, on(afternoon(signed - timedelta(days=3)), 10), send=True)
    failing = picked.item.analyte if fails else ""
    test(city, sample, signed - 5 * HOUR, chance, fails=failing)
    _verify(city, sample, signed - 2 * HOUR)
    _sign(city, sample, signed)
    return sample


def take(city: City, picked: Picked, at: datetime, *, send: bool) -> "Sample":
    subject = picked.source.subject
    county = subject.division_id[:6].ljust(12, "0")
    sampling = Sampling(
        kind="routine", subject=subject.number, commodity=picked.food, sampled_on=at.date(), produced_on=at.date(),
        samplers="、".join(o.full_name for o in city.inspectors(county)), quantity=picked.quantity,
        place=subject.address, panel=tuple(item.analyte for item in picked.items),
    )  # fmt: skip
    (sample,) = monitoring.take_samples(samplings=[sampling], by=city.supervisor(county), at=at)
    if send:
        _suffix, key = laboratory_of(city, county)
        (sample,) = monitoring.send_samples(
            panels={sample.number: ()}, laboratory_id=key, by=city.people["supervisor"], at=at + HOUR
        )
    return sample


def test(
    city: City, sample: "Sample", at: datetime, chance: Random, *, fails: str = "", undecided: bool = False
) -> None:
    """Enter and hand in; `undecided`: by a method that cannot see as little as the limit."""
    analyst, code = _person(city, sample, "analyst"), _code(sample)
    items = items_for(sample.commodity_id, sample.produced_on or sample.sampled_on)
    entries = [Entry(code, item.analyte, item.typed(chance, fails=item.analyte == fails)) for item in items]
    if undecided:
        blunt = next(n for n, item in enumerate(items) if item.high)
        lod = plain((items[blunt].high or Decimal(1)) * 3)
        entries[blunt] = replace(entries[blunt], typed=replace(entries[blunt].typed, text=NOT_DETECTED, lod=lod))
    laboratory.enter_results(entries=entries, tested_on=at.date(), by=analyst, at=at)
    laboratory.submit(codes=[code], by=analyst, at=at)


def retest(
    city: City, sample: "Sample", report: str, withdrawn: datetime, signed: datetime, chance: Random, *, sign: bool
) -> None:
    """The report is withdrawn; the corrected results pass and are verified, and are signed or not yet."""
    reason = "复核原始记录发现样品编号录入有误，结果须更正。"
    signatory = _person(city, sample, "signatory")
    laboratory.withdraw_report(number=report, reason=reason, by=signatory, at=withdrawn)
    test(city, sample, max(withdrawn, signed - 5 * HOUR), chance)
    _verify(city, sample, max(withdrawn, signed - 2 * HOUR))
    if sign:
        _sign(city, sample, signed)


def reject(city: City, sample: "Sample", at: datetime) -> None:
    """The laboratory sends it back."""
    analyst, code = _person(city, sample, "analyst"), _code(sample)
    laboratory.reject_specimen(
        code=code, seen=versions([code], analyst)[code], cause=RejectCause.INSUFFICIENT,
        note="仅 0.3 千克，不足检验和备样。", by=analyst, at=at,
    )  # fmt: skip


def _verify(city: City, sample: "Sample", at: datetime) -> None:
    verifier = _person(city, sample, "verifier")
    laboratory.verify(seen=versions([_code(sample)], verifier), by=verifier, at=at)


def _sign(city: City, sample: "Sample", at: datetime) -> None:
    signatory = _person(city, sample, "signatory")
    laboratory.sign(seen=versions([_code(sample)], signatory), by=signatory, at=at)


def versions(codes: Sequence[str], by: "User") -> dict[str, int]:
    """Blind code → version, as the person has it before the eyes."""
    return dict(specimens_visible_to(by).filter(code__in=codes).values_list("code", "version"))


def _code(sample: "Sample") -> str:
    assert sample.specimen is not None, "it was sent"
    return sample.specimen.code


def _person(city: City, sample: "Sample", role: str) -> "User":
    suffix, _key = laboratory_of(city, sample.division_id[:6].ljust(12, "0"))
    return city.people[f"{role}{suffix}"]
