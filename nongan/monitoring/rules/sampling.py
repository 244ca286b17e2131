"""What a sampling form says, who may sample what, and what its number tells. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nongan.common.divisions import Level
from nongan.common.errors import RuleBroken
from nongan.common.words import listed, sentence


class SampleKind(TextChoices):
    ROUTINE = "routine", _("例行监测")
    RISK = "risk", _("风险监测")
    SUPERVISION = "supervision", _("监督抽查")


class Unit(TextChoices):
    KILOGRAM = "kg", _("千克")
    GRAM = "g", _("克")
    PIECE = "piece", _("个（只、枚、尾）")
    LITRE = "l", _("升")
    MILLILITRE = "ml", _("毫升")
    BAG = "bag", _("袋（盒、瓶）")


class Packaging(TextChoices):
    LOOSE = "loose", _("散装")
    PACKED = "packed", _("预包装")
    SIMPLE = "simple", _("简易包装")


OLDEST = timedelta(days=5 * 366)  # nothing that is sampled was made longer ago
NUMBER = re.compile(r"CY-(\d{0,4})(?:(?<=\d{4})-(\d{0,6})(?:(?<=\d{6})-(\d*))?)?", re.ASCII)
NAMES = re.compile(r"[、,，;；/\s]+")
ITEMS = re.compile(r"[、，;；\n\r]+|,(?!\d)")  # 2,4-滴 has a comma of its own
LONGEST = {"packaging": 10, "place": 200, "samplers": 200, "note": 500}
MOST_ITEMS = 200  # analytes asked for in one sample


class SampleRefused(RuleBroken):
    """The sampling says something that cannot be. `faults` name each field."""

    code = "sample_refused"

    def __init__(self, faults: "list[Fault]") -> None:
        self.faults = faults
        super().__init__(listed((sentence(FIELDS.get(f.field, f.field), f.reason, f.remedy) for f in faults), "；"))


class SampledAbove(RuleBroken):
    """A higher authority has supervision-sampled the same batch (农产品质量安全法 第四十七条第三款)."""

    code = "sampled_above"


class NoOrganisation(RuleBroken):
    """Samples are taken by organisations; this account belongs to none."""

    code = "no_organisation"


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a sampling: code word of the field, why, what to do."""

    field: str
    reason: Any
    remedy: Any = ""


@dataclass(frozen=True)
class Sampling:
    """What a sampling form (抽样单) says. `samplers`: names, as written, parted by 、 or blanks. `division` may be
    blank: that of the subject. `quantity` in `unit`. `panel`: codes of the analytes asked for; none means those
    that are usual for the product."""

    kind: str
    subject: str
    commodity: str
    sampled_on: date
    samplers: str
    produced_on: date | None = None
    division: str = ""
    quantity: Decimal | None = None
    unit: str = Unit.KILOGRAM
    packaging: str = Packaging.LOOSE
    place: str = ""
    note: str = ""
    panel: tuple[str, ...] = ()


FIELDS: dict[str, Any] = {
    "kind": _("类别"),
    "subject": _("被抽样主体"),
    "commodity": _("产品"),
    "sampled_on": _("抽样日期"),
    "produced_on": _("生产日期"),
    "division": _("抽样地区划"),
    "quantity": _("抽样量"),
    "unit": _("单位"),
    "packaging": _("包装"),
    "place": _("抽样地点"),
    "samplers": _("抽样人员"),
    "note": _("备注"),
    "panel": _("检测项目"),
    "void_reason": _("作废原因"),
    "reason": _("更正原因"),
}


def number_prefix(year: int, county: str) -> str:
    """What the numbers of a county (6 digits) share in the year of sampling."""
    return f"CY-{year}-{county}-"


@dataclass(frozen=True)
class NumberPart:
    """The beginning of a number as somebody types it: which years it can be of, digits of the county, of the serial.

    The year of a number is that of sampling and the county that of the place, so a list is found by those.
    """

    years: tuple[int, int]
    county: str
    serial: str


def number_part(text: str) -> NumberPart | None:
    """“CY-2026-3609”: of 2026, somewhere in 3609; None for what cannot begin a number."""
    found = NUMBER.fullmatch(text)
    if found is None:
        return None
    year, county, serial = (part or "" for part in found.groups())
    return NumberPart((max(int(year.ljust(4, "0")), 1), max(int(year.ljust(4, "9")), 1)), county, serial)


def names_of(text: str) -> list[str]:
    """The names in a line such as “张三、李四”, each once."""
    return list(dict.fromkeys(name for name in NAMES.split(text.strip()) if name))


def faults_of(sampling: Sampling, *, level: int, on: date) -> list[Fault]:
    """Everything wrong with a sampling by an organisation of a `level` (common.divisions.Level), as known on a day."""
    found = [
        _unknown(field, getattr(sampling, field), allowed)
        for field, allowed in {"kind": SampleKind, "unit": Unit, "packaging": Packaging}.items()
        if getattr(sampling, field) not in allowed.values
    ]
    found += [
        Fault(field, _("超过 %(n)s 个字") % {"n": most}, _("请缩短"))
        for field, most in LONGEST.items()
        if len(getattr(sampling, field, "")) > most
    ]
    if sampling.quantity is not None and not 0 < sampling.quantity < 1_000_000:
        found.append(Fault("quantity", _("应大于 0 且小于一百万"), _("请核对数量和单位")))
    if len(set(sampling.panel)) < len(sampling.panel):
        found.append(Fault("panel", _("同一项目选了两次"), _("请去掉重复的")))
    if len(sampling.panel) > MOST_ITEMS:
        found.append(Fault("panel", _("超过 %(n)s 项") % {"n": MOST_ITEMS}, _("请减少，或分几件样品")))
    if not names_of(sampling.samplers):
        found.append(Fault("samplers", _("未填写"), _("请填抽样人员姓名")))
    found += _faults_of_days(sampling, on)
    if sampling.kind == SampleKind.SUPERVISION:
        found += _faults_of_supervision(sampling, level)
    return found


def _faults_of_days(sampling: Sampling, on: date) -> list[Fault]:
    found = []
    made, taken = sampling.produced_on, sampling.sampled_on
    if taken > on:
        found.append(Fault("sampled_on", _("%(day)s 是将来的日期") % {"day": taken}, _("请填今天或以前的日期")))
    elif on - taken > OLDEST:
        found.append(Fault("sampled_on", _("%(day)s 太早，不可信") % {"day": taken}, _("请核对年份")))
    if made is not None and made > taken:
        reason = _("%(made)s 晚于抽样日期 %(taken)s") % {"made": made, "taken": taken}
        found.append(Fault("produced_on", reason, _("产品不可能先抽样后生产，请核对两个日期")))
    elif made is not None and not found and taken - made > OLDEST:
        found.append(Fault("produced_on", _("%(day)s 太早，不可信") % {"day": made}, _("请核对年份")))
    return found


def _faults_of_supervision(sampling: Sampling, level: int) -> list[Fault]:
    """监督抽查 is for county level and above (农产品质量安全法 第四十七条第一款). Its result is evidence for a penalty
    (第五十条), so at least two officers take it (行政处罚法 第四十二条), and the batch is known (第四十七条第三款)."""
    found = []
    if level > Level.COUNTY:
        reason = _("监督抽查由县级以上农业农村主管部门组织（农产品质量安全法第四十七条）")
        found.append(Fault("kind", reason, _("乡镇请选例行监测或风险监测，或由县级登记")))
    if len(names_of(sampling.samplers)) < 2:
        reason = _("监督抽查的抽样人员不得少于两人（行政处罚法第四十二条）")
        found.append(Fault("samplers", reason, _("请填两人以上的姓名，用顿号隔开")))
    if sampling.produced_on is None:
        reason = _("监督抽查须填，用来核对上级是否已抽查同批次产品（农产品质量安全法第四十七条）")
        found.append(Fault("produced_on", reason, _("请填生产、采收、屠宰或进货日期")))
    return found


def parts_of(text: str) -> list[str]:
    """The items in a line such as “克百威、2,4-滴”, each once."""
    return list(dict.fromkeys(part for piece in ITEMS.split(text) if (part := piece.strip())))


def check_not_sampled_above(kind: str, level: int, earlier: list[tuple[str, int]]) -> None:
    """`earlier`: (number, level) of supervision samples of the same batch. Raises SampledAbove.

    上级农业农村主管部门监督抽查的同批次农产品，下级农业农村主管部门不得另行重复抽查
    (农产品质量安全法 第四十七条第三款). A smaller level is a higher authority: a city is 4, a county 6.
    """
    if kind != SampleKind.SUPERVISION:
        return
    if above := [number for number, by_level in earlier if by_level < level]:
        raise SampledAbove(
            _("上级已监督抽查同批次产品（%(numbers)s），不得重复抽查（农产品质量安全法第四十七条）。请改抽其他批次。")
            % {"numbers": listed(above)}
        )


def fault_of_number(number: str, sampled_on: date, place: str) -> list[Fault]:
    """The number says year and county, and stays: what would belie it is another sample."""
    _cy, year, county, _serial = number.split("-", 3)
    found = []
    if str(sampled_on.year) != year:
        reason = _("单号 %(number)s 是 %(year)s 年的") % {"number": number, "year": year}
        found.append(Fault("sampled_on", reason, _("年份确实登记错的，请作废后重新登记")))
    if place[: Level.COUNTY] != county:
        reason = _("单号 %(number)s 属于另一个县（区）") % {"number": number}
        found.append(Fault("division", reason, _("县（区）确实登记错的，请作废后重新登记")))
    return found


def _unknown(field: str, text: str, allowed: Any) -> Fault:
    reason = _("没有“%(text)s”这一项") % {"text": text}
    return Fault(field, reason, _("可填：%(labels)s") % {"labels": listed(allowed.labels)})
