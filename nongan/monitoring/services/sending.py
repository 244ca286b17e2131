"""Samples go to a laboratory, under blind codes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.journal.services import Act, record_many
from nongan.laboratory.queries import laboratories
from nongan.laboratory.services import Order, receive_specimens
from nongan.monitoring.models import Sample
from nongan.monitoring.queries import samples_visible_to
from nongan.monitoring.rules import NothingToTest, SampleState, check_sendable
from nongan.standards.queries import usual_panel

if TYPE_CHECKING:
    from nongan.accounts.models import User

CHANGED = ["state", "specimen", "sent_at", "panel", "returned", "version"]


@transaction.atomic
def send_samples(*, panels: Mapping[str, Sequence[str]], laboratory_id: int, by: "User", at: datetime) -> list[Sample]:
    """Send samples to one laboratory: all, or none.

    `panels`: number → codes of the analytes asked for; none for those that were noted when the sample was taken,
    or else those usual for the product. Raises MoveNotAllowed, NothingToTest, laboratory ReceivingRefused.
    """
    samples = locked(panels, by)
    require(by, Permission.SAMPLE_TAKE)
    for sample in samples:
        check_sendable(sample.number, sample.state)
        sample.panel = list(panels[sample.number] or sample.panel or usual_panel(sample.commodity_id))
        if not sample.panel:
            raise NothingToTest(_("样品 %(number)s 没有检测项目，请选择后再送检。") % {"number": sample.number})
    orders = [
        Order(laboratory_id, sample.commodity_id, sample.sampled_on, tuple(sample.panel), sample.produced_on)
        for sample in samples
    ]
    specimens = receive_specimens(orders=orders, by=by, at=at)
    for sample, specimen in zip(samples, specimens, strict=True):
        sample.state, sample.specimen, sample.sent_at, sample.returned = SampleState.SENT, specimen, at, ""
        sample.version += 1
    Sample.objects.bulk_update(samples, CHANGED, batch_size=200)
    name = dict(laboratories()).get(laboratory_id, "")
    acts = [Act("monitoring.sample.sent", s, _details(s, name)) for s in samples]
    record_many(acts, by=by, at=at)
    return samples


def _details(sample: Sample, laboratory: str) -> dict[str, object]:
    code = sample.specimen.code if sample.specimen else ""
    note = f"{laboratory} · {code}"
    return {"sample": sample.pk, "number": sample.number, "specimen": sample.specimen_id, "code": code, "note": note}


def locked(numbers: Mapping[str, object] | Sequence[str], by: "User") -> list[Sample]:
    """Samples by number, locked, in that order. Raises Sample.DoesNotExist when one is not to be seen, or none is."""
    wanted = list(dict.fromkeys(numbers))
    found: dict[str, Sample] = {}
    for start in range(0, len(wanted), 500):
        some = (
            samples_visible_to(by, rare=True)
            .select_for_update(of=("self",))
            .filter(number__in=wanted[start : start + 500])
        )
        found |= {sample.number: sample for sample in some.order_by("pk")}
    if not wanted or len(found) < len(wanted):
        raise Sample.DoesNotExist("、".join(number for number in wanted if number not in found))
    return [found[number] for number in wanted]
