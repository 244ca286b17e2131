"""Handing a suspected crime to the police (国务院令第310号). Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nongan.common.errors import RuleBroken
from nongan.common.words import listed


class Paper(TextChoices):
    """The five materials of 国务院令第310号 第六条."""

    LETTER = "letter", _("涉嫌犯罪案件移送书")
    REPORT = "report", _("涉嫌犯罪案件情况的调查报告")
    GOODS = "goods", _("涉案物品清单")
    TEST = "test", _("有关检验报告或者鉴定结论")
    OTHER = "other", _("其他有关涉嫌犯罪的材料")


class PapersMissing(RuleBroken):
    """A transfer without its five materials. `missing` names them."""

    code = "papers_missing"

    def __init__(self, missing: list[Paper]) -> None:
        self.missing = missing
        names = listed(paper.label for paper in missing)
        super().__init__(_("移送材料不齐，缺：%(names)s（国务院令第310号第六条）。请补齐后移送。") % {"names": names})


# 法释〔2021〕24号 第九条第（二）项、第十一条第二款: banned pesticides and veterinary drugs are 有毒、有害的非食品原料.
BANNED_FOUND = _(
    "检出国家禁用物质（%(finding)s），涉嫌生产、销售有毒、有害食品罪（刑法第一百四十四条；"
    "法释〔2021〕24号第九条第（二）项、第十一条第二款）。"
)


def check_papers(given: Collection[str]) -> None:
    """All five must be there. Raises PapersMissing."""
    missing = [paper for paper in Paper if paper not in given]
    if missing:
        raise PapersMissing(missing)


def in_time(
    decided_at: datetime | None, decide_by: datetime, handed_over_at: datetime | None, hand_over_by: datetime | None
) -> bool:
    """Was it decided within three days of the suspicion and handed over within 24 hours of the approval (第五条)?"""
    return (
        decided_at is not None
        and handed_over_at is not None
        and hand_over_by is not None
        and decided_at <= decide_by
        and handed_over_at <= hand_over_by
    )


LONGEST_LIST = 500  # items of one hand-over
MOST_OF_ONE = Decimal("9999999.999")


@dataclass(frozen=True)
class Goods:
    """One line of the list of goods (涉案物品清单). `quantity` in `unit`, None where goods are not counted."""

    name: str
    quantity: Decimal | None = None
    unit: str = ""
    note: str = ""


LONGEST = {"name": 100, "unit": 10, "note": 200}


class GoodsRefused(RuleBroken):
    """The list of what goes to the police cannot be so. `field`: items or none_reason."""

    code = "goods_refused"

    def __init__(self, message: Any, field: str) -> None:
        self.field = field
        super().__init__(str(message))


def check_goods(goods: Sequence[Goods], none_reason: str) -> None:
    """Either goods are listed, or it is said why there are none (第十二条). Raises GoodsRefused."""
    if goods and none_reason:
        raise GoodsRefused(_("已填物品清单，不能又写“没有涉案物品”的原因。请清空其中一处。"), "none_reason")
    if not goods and not none_reason:
        raise GoodsRefused(
            _("请逐件填写涉案物品清单；没有涉案物品的，写明原因（国务院令第310号第四条、第十二条）。"), "items"
        )
    if len(goods) > LONGEST_LIST:
        raise GoodsRefused(_("一次最多 %(n)s 件，请分次登记。") % {"n": LONGEST_LIST}, "items")
    for n, one in enumerate(goods, 1):
        check_one(n, one)


def check_one(n: int, one: Goods) -> None:
    """Line `n` of the list. Raises GoodsRefused."""
    if not one.name.strip():
        raise GoodsRefused(_("清单第 %(n)s 行没有名称。") % {"n": n}, "items")
    if any(len(getattr(one, field)) > most for field, most in LONGEST.items()):
        raise GoodsRefused(_("清单第 %(n)s 行太长，请缩短。") % {"n": n}, "items")
    if one.quantity is None:
        return
    if not 0 < one.quantity <= MOST_OF_ONE or one.quantity != one.quantity.quantize(Decimal("0.001")):
        raise GoodsRefused(_("清单第 %(n)s 行的数量应大于 0，最多三位小数。") % {"n": n}, "items")
    if not one.unit.strip():
        raise GoodsRefused(_("清单第 %(n)s 行有数量，没有单位。") % {"n": n}, "items")


def goods_late(handed_at: datetime | None, by: datetime | None) -> bool:
    """Were the goods handed over after the third day (第十二条)? What is not handed over yet runs on its clock."""
    return handed_at is not None and by is not None and handed_at > by
