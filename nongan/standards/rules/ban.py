"""Substances that may not be used, by announcement, scope and day."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BanStatus(TextChoices):
    BANNED = "banned", _("禁用")
    RESTRICTED = "restricted", _("限用")
    STOPPED = "stopped", _("停用")
    CONTROLLED = "controlled", _("定点经营")


class BanTest(TextChoices):
    """When is a banned substance found? 含有: a positive amount was reported (农产品质量安全法 第三十六条第一项);
    不得检出: the method must have detected it, so that a bare number needs the detection limit beside it."""

    CONTAINS = "contains", _("含有")
    DETECTED = "detected", _("不得检出")


FORBIDDING = {BanStatus.BANNED, BanStatus.RESTRICTED, BanStatus.STOPPED}
WORDS = {
    BanStatus.BANNED: "禁用",
    BanStatus.RESTRICTED: "禁限用",
    BanStatus.STOPPED: "停用",
    BanStatus.CONTROLLED: "定点经营",
}


@dataclass(frozen=True)
class Ban:
    """A substance that is banned, banned on some foods (限用), or stopped, from a day until a day.

    `scope`: codes of foods and categories; empty with `everywhere` for all. CONTROLLED (restricted sale only) forbids
    no food and takes no part in judging. `listed_as` is the entry of the list, `basis` the announcement.
    """

    analyte: str
    status: BanStatus
    valid_from: date
    basis: str
    valid_to: date | None = None
    everywhere: bool = False
    scope: frozenset[str] = field(default_factory=frozenset)
    test: BanTest = BanTest.CONTAINS
    listed_as: str = ""
    scope_text: str = ""
    note: str = ""
    confidence: str = ""
    source: str = ""
    demonstration: bool = True
    key: str = ""

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    @property
    def forbids(self) -> bool:
        return self.status in FORBIDDING

    @property
    def words(self) -> str:
        """“自 2026-06-01 起禁用（农业农村部公告第736号）”, “蔬菜限用”."""
        scope = "" if self.everywhere else f"（范围：{self.scope_text}）"
        return f"自 {self.valid_from} 起{WORDS[self.status]}{scope}，依据{self.basis}"
