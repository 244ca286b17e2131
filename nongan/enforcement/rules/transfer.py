"""Handing a suspected crime to the police (国务院令第310号). Pure."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nongan.common.errors import RuleBroken


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
        names = "、".join(str(paper.label) for paper in missing)
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
