"""Specimens come in, under a code that tells nothing, or are refused."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.words import listed
from nongan.journal.services import Act, record, record_many
from nongan.laboratory.models import Specimen, Test
from nongan.laboratory.queries.specimens import divisions_of_laboratories, specimens_visible_to
from nongan.laboratory.rules.codes import ALPHABET, BLIND_LENGTH, blind_code
from nongan.laboratory.rules.states import (
    ReceivingRefused,
    RejectCause,
    SpecimenState,
    check_move,
    check_reason,
    check_seen,
)
from nongan.standards.queries import known_analytes, known_commodities

if TYPE_CHECKING:
    from nongan.accounts.models import User

TRIES = 3  # a blind code is one of 31^10: two alike are a matter of bad luck, thrice alike of a broken source


@dataclass(frozen=True)
class Order:
    """What a laboratory is asked: which food, of which days, for which analytes (codes). Nothing about its origin."""

    laboratory_id: int
    commodity_id: str
    sampled_on: date
    analyte_ids: tuple[str, ...]
    produced_on: date | None = None


def receive_specimen(
    *, laboratory_id: int, commodity_id: str, produced_on: date | None, sampled_on: date, analyte_ids: Sequence[str],
    by: "User", at: datetime,
) -> Specimen:  # fmt: skip
    """One specimen, under a new blind code. Raises ReceivingRefused."""
    order = Order(laboratory_id, commodity_id, sampled_on, tuple(analyte_ids), produced_on)
    return receive_specimens(orders=[order], by=by, at=at)[0]


@transaction.atomic
def receive_specimens(*, orders: Sequence[Order], by: "User", at: datetime) -> list[Specimen]:
    """Many specimens, in the order of the orders, in the same few statements. Raises ReceivingRefused.

    Asked for by whoever samples; the laboratory's own people do not see who that was.
    """
    require(by, Permission.SAMPLE_TAKE)
    places = divisions_of_laboratories()
    _check(orders, places, timezone.localdate(at))
    made = _create(orders, at)
    Test.objects.bulk_create(
        Test(specimen=specimen, analyte_id=analyte)
        for specimen, order in zip(made, orders, strict=True)
        for analyte in order.analyte_ids
    )
    acts = [
        Act("laboratory.specimen.received", specimen, {"code": specimen.code}, places[specimen.laboratory_id])
        for specimen in made
    ]
    record_many(acts, by=by, at=at)
    return made


def _create(orders: Sequence[Order], at: datetime, tries: int = TRIES) -> list[Specimen]:
    """The specimens, under codes that are free."""
    specimens = [
        Specimen(
            code=blind_code("".join(secrets.choice(ALPHABET) for _i in range(BLIND_LENGTH))),
            laboratory_id=order.laboratory_id, commodity_id=order.commodity_id, produced_on=order.produced_on,
            sampled_on=order.sampled_on, received_at=at,
        )
        for order in orders
    ]  # fmt: skip
    try:
        with transaction.atomic():
            return Specimen.objects.bulk_create(specimens)
    except IntegrityError:
        if tries == 1:
            raise
        return _create(orders, at, tries - 1)


def _check(orders: Sequence[Order], laboratories: dict[int, str], on: date) -> None:
    """Every order names a laboratory in service, a known food, known analytes once each, and days that can be."""
    commodities = known_commodities({order.commodity_id for order in orders})
    analytes = known_analytes({analyte for order in orders for analyte in order.analyte_ids})
    for order in orders:
        unknown = [analyte for analyte in order.analyte_ids if analyte not in analytes]
        if order.laboratory_id not in laboratories:
            raise ReceivingRefused(_("这个机构不是在用的检测机构，请另选。"))
        if order.commodity_id not in commodities:
            raise ReceivingRefused(_("没有编码为“%(code)s”的食品分类。") % {"code": order.commodity_id})
        if not order.analyte_ids:
            raise ReceivingRefused(_("没有检测项目，请至少选一项。"))
        if unknown:
            raise ReceivingRefused(_("没有编码为“%(codes)s”的检测项目。") % {"codes": listed(unknown)})
        if len(set(order.analyte_ids)) < len(order.analyte_ids):
            raise ReceivingRefused(_("同一检测项目选了两次，请去掉重复的。"))
        if order.sampled_on > on:
            raise ReceivingRefused(_("抽样日期 %(day)s 是将来的日期，请核对。") % {"day": order.sampled_on})
        if order.produced_on is not None and order.produced_on > order.sampled_on:
            raise ReceivingRefused(_("生产日期 %(day)s 晚于抽样日期，请核对。") % {"day": order.produced_on})


@transaction.atomic
def reject_specimen(*, code: str, seen: int, cause: str, note: str, by: "User", at: datetime) -> Specimen:
    """Refuse a specimen that cannot be tested, with the cause (RejectCause) and a word about it.

    Raises MoveNotAllowed, Stale, ReasonMissing. Whoever sent it hears of it (`laboratory.specimen.rejected`).
    """
    specimen = specimens_visible_to(by).select_for_update(of=("self",)).get(code=code)
    require(by, Permission.RESULT_ENTER)
    check_seen(code, specimen.version, seen)
    check_move(code, specimen.state, SpecimenState.REJECTED)
    specimen.reject_cause = RejectCause(cause)
    specimen.reject_note = check_reason(note) if cause == RejectCause.OTHER or note.strip() else ""
    specimen.state = SpecimenState.REJECTED
    specimen.version += 1
    specimen.save(update_fields=["state", "reject_cause", "reject_note", "version"])
    words = "：".join(filter(None, [str(RejectCause(cause).label), specimen.reject_note]))
    record(
        "laboratory.specimen.rejected", on=specimen, by=by, at=at, division=specimen.laboratory.division_id,
        specimen=specimen.pk, code=code, cause=cause, note=words,
    )  # fmt: skip
    return specimen
