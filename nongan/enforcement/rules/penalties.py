"""What failing produce breaks, and what it costs: articles 70–72 of the 农产品质量安全法 as rows of a table. Pure.

Amounts in yuan. The value of goods (货值金额) decides between a fixed range and a multiple of the value; a household
(农户) has its own range.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nongan.common.errors import RuleBroken
from nongan.common.quantity import plain


class Article(TextChoices):
    """The article that the penalty rests on."""

    BANNED = "70", _("农产品质量安全法第七十条（禁用投入品、禁用药物）")
    OVER_LIMIT = "71", _("农产品质量安全法第七十一条（残留超标等不符合标准）")
    ADDITIVES = "72", _("农产品质量安全法第七十二条（设施、保鲜剂、混储混运）")
    OTHER = "other", _("其他法律法规")


@dataclass(frozen=True)
class Range:
    """Fines of an article: (least, most) in yuan below the threshold, in multiples of the value from it on."""

    threshold: Decimal
    fixed: tuple[int, int]
    multiple: tuple[int, int]
    household: tuple[int, int]
    source: str


RANGES: dict[str, Range] = {
    Article.BANNED: Range(
        Decimal(10_000), (100_000, 150_000), (15, 30), (1_000, 10_000), "《农产品质量安全法》第七十条"
    ),
    Article.OVER_LIMIT: Range(
        Decimal(10_000), (50_000, 100_000), (10, 20), (500, 5_000), "《农产品质量安全法》第七十一条"
    ),
    Article.ADDITIVES: Range(Decimal(10_000), (5_000, 50_000), (5, 10), (300, 3_000), "《农产品质量安全法》第七十二条"),
}
CAUSES: dict[bool, str] = {  # was a banned substance found?
    True: "涉嫌销售含有国家禁止使用的农药、兽药或者其他化合物的农产品",  # 第七十条第一款第（二）项
    False: "涉嫌销售农药、兽药等化学物质残留不符合农产品质量安全标准的农产品",  # 第七十一条第一款第（一）项
}


class FineOutOfRange(RuleBroken):
    code = "fine_out_of_range"


class HeavierAfterHearing(RuleBroken):
    code = "heavier_after_hearing"


def article_of(banned: bool) -> Article:
    return Article.BANNED if banned else Article.OVER_LIMIT


def fine_range(article: str, value: Decimal, household: bool) -> tuple[Decimal, Decimal] | None:
    """(least, most) yuan; None where the article is not of this law."""
    found = RANGES.get(article)
    if found is None:
        return None
    if household:
        least, most = found.household
        return Decimal(least), Decimal(most)
    if value < found.threshold:
        return Decimal(found.fixed[0]), Decimal(found.fixed[1])
    return value * found.multiple[0], value * found.multiple[1]


def check_fine(article: str, value: Decimal, household: bool, fine: Decimal, mitigation: str) -> None:
    """A fine lies in the range; below it only with a ground of mitigation (行政处罚法 第三十二条), above it never.

    Raises FineOutOfRange.
    """
    found = fine_range(article, value, household)
    if found is None or found[0] <= fine <= found[1] or (fine < found[0] and mitigation.strip()):
        return
    raise FineOutOfRange(
        _(
            "罚款 %(fine)s 元不在法定幅度 %(least)s–%(most)s 元内（%(source)s）。请核对货值金额；"
            "依法减轻处罚的，请填写减轻理由（行政处罚法第三十二条）。"
        )
        % {
            "fine": plain(fine), "least": plain(found[0]), "most": plain(found[1]), "source": RANGES[article].source,
        }
    )  # fmt: skip


def check_not_heavier(fine: Decimal, confiscated: Decimal, told_fine: Decimal, told_confiscated: Decimal) -> None:
    """What is decided is not heavier than what the party was told (行政处罚法 第四十四条、第四十五条第三款).

    Raises HeavierAfterHearing.
    """
    if fine > told_fine or confiscated > told_confiscated:
        raise HeavierAfterHearing(
            _(
                "决定的罚没款（罚款 %(fine)s 元、没收 %(taken)s 元）重于已告知的（%(told)s 元、%(told_taken)s 元），"
                "不得因陈述、申辩加重处罚（行政处罚法第四十五条）。确需改变的，请退回调查，重新审核并告知。"
            )
            % {
                "fine": plain(fine), "taken": plain(confiscated), "told": plain(told_fine),
                "told_taken": plain(told_confiscated),
            }
        )  # fmt: skip


def needs_hearing(revokes: bool, stops: bool, large: bool) -> bool:
    """The party must be told of the right to a hearing (行政处罚法 第六十三条第一款 (一)–(四))."""
    return revokes or stops or large
