"""Goods and materials follow a case that the police filed (国务院令第310号 第十二条): three days, a list, a receipt."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from nongan.enforcement.models import Handover, HandoverItem, Transfer
from nongan.enforcement.rules.acts import Act
from nongan.enforcement.rules.transfer import Goods, check_goods
from nongan.enforcement.services.acting import ActRefused, File, check_moment, keep_files, moved, take_case, words

if TYPE_CHECKING:
    from nongan.accounts.models import User


@transaction.atomic
def hand_over_goods(
    *, number: str, items: Sequence[Goods], by: "User", at: datetime, receiver: str = "", materials: str = "",
    none_reason: str = "", handed_at: datetime | None = None, files: Sequence[File] = (), seen: int | None = None,
) -> Handover:  # fmt: skip
    """Record that the goods of the list went to the police, with the signed receipt; or why there are none. The first
    record stops the clock; what was forgotten follows in a further one. Raises GoodsRefused, ActRefused,
    FileNotAccepted."""
    case = take_case(number, Act.GOODS, by, at, seen)
    transfer = Transfer.objects.select_for_update().get(case=case)
    why = none_reason.strip()
    check_goods(items, why)
    when = check_moment(handed_at or at, _("移交时间"), "handed_at", after=transfer.answered_at, at=at)
    if items and not files:
        raise ActRefused(_("请上传公安机关签收的交接清单或回执的照片、扫描件（国务院令第310号第十二条）。"), "files")
    handover = Handover.objects.create(
        transfer=transfer, handed_at=when, kinds=len(items), by=by, at=at,
        none_reason=words(why, _("没有涉案物品的原因"), "none_reason", 500) if why else "",
        receiver=words(receiver, _("接收人"), "receiver", 50) if items else receiver.strip()[:50],
        materials=words(materials, _("一并移交的材料"), "materials", 500) if materials.strip() else "",
    )  # fmt: skip
    HandoverItem.objects.bulk_create(
        HandoverItem(handover=handover, name=g.name.strip(), quantity=g.quantity, unit=g.unit.strip(), note=g.note)
        for g in items
    )
    handover.files.add(*keep_files(files, by, at))
    transfer.goods_at = transfer.goods_at or when
    transfer.save(update_fields=["goods_at"])
    case.transfer = transfer
    note = _("没有涉案物品：%(why)s") % {"why": why} if why else _list(items, handover.receiver)
    moved("enforcement.transfer.goods_moved", case, by, at, note, late=transfer.goods_late, handover=handover.pk)
    return handover


def _list(items: Sequence[Goods], receiver: str) -> str:
    """“豇豆等 3 种，接收人 周警官”."""
    if len(items) == 1:
        return _("%(name)s，接收人 %(who)s") % {"name": items[0].name, "who": receiver}
    return _("%(name)s等 %(n)s 种，接收人 %(who)s") % {"name": items[0].name, "n": len(items), "who": receiver}
