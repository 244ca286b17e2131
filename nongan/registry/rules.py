"""Who stands in the registry, and what an entry must say. Pure."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nongan.common.divisions import LENGTH, Level, level_of
from nongan.common.errors import RuleBroken
from nongan.common.words import listed, sentence


class SubjectType(TextChoices):
    ENTERPRISE = "enterprise", _("农产品生产企业")
    COOPERATIVE = "cooperative", _("农民专业合作社")
    GROWER = "grower", _("种植大户")
    BREEDER = "breeder", _("养殖大户")
    FAMILY_FARM = "family_farm", _("家庭农场")
    SLAUGHTERHOUSE = "slaughterhouse", _("畜禽屠宰企业")
    STORAGE = "storage", _("收购储运企业")
    BROKER = "broker", _("经纪人")
    WHOLESALE = "wholesale", _("批发市场")
    RETAIL = "retail", _("零售市场")
    INPUT_MAKER = "input_maker", _("投入品生产企业")
    INPUT_DEALER = "input_dealer", _("农资经营店")


class Scale(TextChoices):
    ABOVE = "above", _("规模以上")
    BELOW = "below", _("规模以下")


# People who may trade under their own name. Everybody else is registered somewhere and has a code (GB 32100-2015, 1).
PERSONS = frozenset({SubjectType.GROWER, SubjectType.BREEDER, SubjectType.FAMILY_FARM, SubjectType.BROKER})

# The check character of the 统一社会信用代码 (GB 32100-2015, 4 and Annex A): 31 characters without I O S V Z; weights
# are the powers of 3 modulo 31. 31 is prime and no weight is 0, so every change of one character is found.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
CODE_LENGTH = len(WEIGHTS) + 1
PHONE = re.compile(r"^(1\d{10}|0\d{2,3}-?\d{7,8})$")
EARLIEST = date(1949, 10, 1)


class SubjectRefused(RuleBroken):
    """The entry says something that cannot be. `faults` name each field."""

    code = "subject_refused"

    def __init__(self, faults: "list[Fault]") -> None:
        self.faults = faults
        super().__init__(listed((sentence(FIELDS.get(f.field, f.field), f.reason, f.remedy) for f in faults), "；"))


class LikelyDuplicate(RuleBroken):
    """Somebody who looks like the same stands in the registry; a person must look and confirm."""

    code = "likely_duplicate"

    def __init__(self, names: str) -> None:
        super().__init__(_("名录里已有疑似同一主体：%(names)s。请先核对；确认不是同一主体再登记。") % {"names": names})


class NotOpen(RuleBroken):
    """The subject has left the registry, or never left it."""

    code = "subject_not_open"


@dataclass(frozen=True)
class Fault:
    """One thing wrong with an entry: code word of the field, why, what to do."""

    field: str
    reason: Any
    remedy: Any = ""


@dataclass(frozen=True)
class Facts:
    """What an entry says. `uscc` as `tidy_code` gives it; `division` is a full 12-digit code."""

    name: str
    type: str
    scale: str
    uscc: str
    division: str
    contact: str
    phone: str
    registered_on: date
    address: str = ""
    products: str = ""

    @property
    def tidy(self) -> "Facts":
        """As it is kept: blanks and line ends inside a text become one blank, none in codes and telephones."""
        texts: dict[str, Any] = {field: " ".join(getattr(self, field).split()) for field in TEXTS}
        return replace(self, **texts, uscc=tidy_code(self.uscc), phone="".join(self.phone.split()))


TEXTS = ("name", "address", "contact", "products")

# Code words of the fields → what they are called on forms and sheets.
FIELDS: dict[str, Any] = {
    "name": _("名称"),
    "type": _("类型"),
    "scale": _("规模"),
    "uscc": _("统一社会信用代码"),
    "division": _("区划代码"),
    "division_name": _("区划名称"),
    "address": _("地址"),
    "contact": _("联系人"),
    "phone": _("联系电话"),
    "products": _("主要产品"),
    "registered_on": _("纳入名录日期"),
    "supervising": _("监管单位"),
    "supervisor": _("监管责任人"),
    "supervised_from": _("落实监管日期"),
    "closed_on": _("退出日期"),
    "close_reason": _("退出原因"),
}
LONGEST = {"name": 200, "address": 200, "contact": 50, "products": 200, "supervisor": 50, "close_reason": 200}


def tidy_code(text: str) -> str:
    """A code as it is kept: no blanks or hyphens, capital letters, half-width."""
    half = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)
    return "".join(half.split()).replace("-", "").upper()


def check_character(first_17: str) -> str:
    """The 18th character of a 统一社会信用代码 (GB 32100-2015, Annex A). Raises ValueError for foreign characters."""
    total = sum(ALPHABET.index(c) * weight for c, weight in zip(first_17, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def fault_of_code(uscc: str) -> Fault | None:
    """What is wrong with a 统一社会信用代码, or None. Its third to eighth characters are a division code."""
    if len(uscc) != CODE_LENGTH:
        return Fault("uscc", _("应为 18 位，现有 %(n)s 位") % {"n": len(uscc)}, _("请照营业执照或登记证书填写"))
    strange = [c for c in uscc if c not in ALPHABET]
    if strange:
        reason = _("含有不会出现的字符“%(c)s”（没有 I、O、S、V、Z）") % {"c": strange[0]}
        return Fault("uscc", reason, _("请照营业执照核对形近字符"))
    if not uscc[2:8].isdigit():
        return Fault("uscc", _("第 3 至 8 位应为登记机关的区划代码"), _("请照营业执照核对"))
    if check_character(uscc[:17]) != uscc[17]:
        return Fault("uscc", _("校验码不符，至少有一位填错"), _("请照营业执照逐位核对"))
    return None


def must_have_code(type: str) -> bool:
    """Enterprises, cooperatives, slaughterhouses, markets, stores, makers and dealers are registered somewhere."""
    return type not in PERSONS


def faults_of(facts: Facts, *, on: date) -> list[Fault]:
    """Everything wrong with an entry by itself, as known on a day; duplicates and scope are asked elsewhere."""
    found = [
        Fault(field, _("未填写"), _("必填")) for field in ("name", "contact", "phone") if not getattr(facts, field)
    ]
    found += _too_long(facts)
    found += [
        Fault(field, _("含有看不见的控制字符"), _("请删去后重新输入"))
        for field in TEXTS
        if not getattr(facts, field).isprintable()
    ]
    if facts.type not in SubjectType.values:
        found.append(_unknown("type", facts.type, SubjectType))
    elif not facts.uscc and must_have_code(facts.type):
        label = SubjectType(facts.type).label
        found.append(Fault("uscc", _("未填写"), _("%(type)s必须有统一社会信用代码") % {"type": label}))
    if facts.scale not in Scale.values:
        found.append(_unknown("scale", facts.scale, Scale))
    if facts.uscc and (fault := fault_of_code(facts.uscc)):
        found.append(fault)
    if facts.phone and not PHONE.match(facts.phone):
        found.append(Fault("phone", _("格式不对"), _("请填 11 位手机号，或带区号的固定电话，如 0795-3123456")))
    if fault := fault_of_place(facts.division):
        found.append(fault)
    if fault := fault_of_day("registered_on", facts.registered_on, on):
        found.append(fault)
    return found


def fault_of_place(division: str) -> Fault | None:
    """An entry stands in a county, a township or a village: somebody there is responsible for it."""
    if len(division) != LENGTH or not division.isdigit():
        return Fault("division", _("区划代码应为 12 位数字"), _("请从提示中选择"))
    if level_of(division) < Level.COUNTY:
        return Fault("division", _("只到省或市，太粗"), _("请选到县（区）、乡镇或村"))
    return None


def fault_of_day(field: str, day: date, on: date) -> Fault | None:
    """Nobody was entered tomorrow, or before there was a country to do it."""
    if day > on:
        return Fault(field, _("%(day)s 是将来的日期") % {"day": day.isoformat()}, _("请填今天或以前的日期"))
    if day < EARLIEST:
        return Fault(field, _("%(day)s 太早，不可信") % {"day": day.isoformat()}, _("请核对年份"))
    return None


def check_facts(facts: Facts, *, on: date) -> None:
    """Raises SubjectRefused with every fault."""
    if found := faults_of(facts, on=on):
        raise SubjectRefused(found)


def township_of(division: str) -> str:
    """The nine digits of the township in which a division lies; of a county, its own six and three zeros."""
    return division[: Level.TOWNSHIP]


def same_subject(a: Facts, b: Facts) -> bool:
    """Do two entries look like the same subject?

    The same code: yes. Otherwise the same name in the same township, unless both have codes (which then differ), or
    they are persons with different telephone numbers: namesakes are common in a village.
    """
    if a.uscc and a.uscc == b.uscc:
        return True
    if a.name != b.name or township_of(a.division) != township_of(b.division) or (a.uscc and b.uscc):
        return False
    return not (a.type in PERSONS and b.type in PERSONS and a.phone != b.phone)


def _too_long(facts: Facts) -> list[Fault]:
    return [
        Fault(field, _("超过 %(n)s 个字") % {"n": most}, _("请缩短"))
        for field, most in LONGEST.items()
        if len(getattr(facts, field, "")) > most
    ]


def _unknown(field: str, text: str, allowed: type[TextChoices]) -> Fault:
    reason = _("没有“%(text)s”这一项") % {"text": text}
    return Fault(field, reason, _("可填：%(labels)s") % {"labels": listed(allowed.labels)})
