"""How an analyst writes a result, and what is wrong with it.

Understood: a number (`0.012`, full-width digits too), a number with its unit (`12 μg/kg`), 未检出 (`ND`, `N.D.`,
`未检出`), and “below” (`<0.01`, 低于 0.01), where the number is the detection or quantification limit; of a rapid
screening test (快速检测), which is qualitative: 阴性, 阳性.
Nothing is guessed: what is not understood is a fault that says what to write instead.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy as _

from nongan.common.errors import RuleBroken
from nongan.common.quantity import plain
from nongan.common.words import listed, mark
from nongan.laboratory.rules.units import USUAL, per_kilogram, unit_named

NOT_DETECTED = "未检出"
SAYS_NOT_DETECTED = {"nd", "n.d.", "n.d", "未检出", "未检测出", "notdetected"}
NEGATIVE, POSITIVE = "阴性", "阳性"
SAYS_NEGATIVE = {"阴性", "阴", "negative", "(-)"}
SAYS_POSITIVE = {"阳性", "阳", "positive", "(+)"}
BELOW = re.compile(r"^(?:<|小于|低于)(.+)$")
NUMBER = re.compile(r"^\d{1,9}(?:\.\d{1,9})?$")
SPLIT = re.compile(r"^([\d.,]+)([^\d.,].*)$")
BLANKS = re.compile(r"(?<![\d.]) | (?![\d.])")  # but not those inside “0.01 2”, which is no number
WHOLE = Decimal(1_000_000)  # mg/kg: the food itself
LONGEST = {"text": 40, "unit": 20, "lod": 20, "loq": 20, "method": 100}

HEADINGS: dict[str, Any] = {
    "text": _("结果"),
    "unit": _("单位"),
    "lod": _("检出限"),
    "loq": _("定量限"),
    "method": _("检测方法"),
    "tested_on": _("检测日期"),
}


class EntryRefused(RuleBroken):
    """Results that cannot be taken as they stand."""

    code = "entry_refused"


@dataclass(frozen=True)
class Typed:
    """A row of the worksheet, as typed."""

    text: str = ""
    unit: str = ""
    lod: str = ""
    loq: str = ""
    method: str = ""

    @property
    def digest(self) -> str:
        """Tells whether two people saw the same row."""
        joined = "\x1f".join((self.text, self.unit, self.lod, self.loq, self.method))
        return sha256(joined.encode()).hexdigest()[:10] if joined.strip("\x1f") else ""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a row: which field (a key of HEADINGS), why, what to do."""

    field: str
    reason: Any
    remedy: Any = ""

    def __str__(self) -> str:
        told = f"{self.reason}{mark('，')}{self.remedy}" if self.remedy else self.reason
        return f"{HEADINGS[self.field]}{mark('：')}{told}"


@dataclass(frozen=True)
class Reading:
    """What a row means: the text in the standards' form, the unit it is in, and the two limits in that unit.

    `value` is None when nothing was measured. `detected`: False for 未检出, “below” the detection limit, and a number
    below it; None for “below” a quantification limit alone, where a trace may have been seen. `qualitative`: the
    result of a screening test, which says only whether something was found.
    """

    text: str
    unit: str
    value: Decimal | None
    lod: Decimal | None
    loq: Decimal | None
    detected: bool | None
    qualitative: bool = False


class Kind(Enum):
    NUMBER = "number"
    BELOW = "below"
    NONE = "none"
    NEGATIVE = "negative"
    POSITIVE = "positive"


@dataclass(frozen=True)
class Said:
    """What a result text says by itself; `unit` where one was written behind the number."""

    kind: Kind
    number: Decimal | None = None
    unit: str = ""


def tidy(text: str) -> str:
    """Full-width signs made plain, blanks at the ends and doubled inside gone. Nothing else is changed."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("\x00", "").split())


def is_screening(text: str) -> bool:
    """Does a result say 阴性 or 阳性, as a screening test does?"""
    return _bare(text) in SAYS_NEGATIVE | SAYS_POSITIVE


def _bare(text: str) -> str:
    return BLANKS.sub("", tidy(text)).lower()


def read(typed: Typed) -> tuple[Reading | None, list[Fault]]:
    """The meaning of a row and everything wrong with it; no meaning while there is a fault.

    An empty result is a fault here: ask only about rows in which something stands or that are to be submitted.
    """
    faults = [
        Fault(field, _("超过 %(n)s 个字") % {"n": most}, _("请缩短"))
        for field, most in LONGEST.items()
        if len(getattr(typed, field)) > most
    ]
    said = _said(typed.text, faults)
    positive = said.kind == Kind.POSITIVE  # says nothing of an amount: needs no unit
    unit = "" if positive else _unit(typed.unit, said.unit, faults)
    lod, loq = (_limit(field, getattr(typed, field), faults) for field in ("lod", "loq"))
    if lod and loq and lod > loq:
        reason = _("检出限 %(lod)s 大于定量限 %(loq)s") % {"lod": plain(lod), "loq": plain(loq)}
        faults.append(Fault("lod", reason, _("请核对，两者可能填反")))
    if not typed.method:
        faults.append(Fault("method", _("未填写"), _("请填检测方法的标准号，如 GB 23200.121")))
    if not {fault.field for fault in faults} & {"text", "unit", "lod", "loq"}:
        faults += _together(said, unit, lod, loq)
    if faults:
        return None, faults
    return _reading(said, unit, lod, loq), []


def _reading(said: Said, unit: str, lod: Decimal | None, loq: Decimal | None) -> Reading:
    if said.kind == Kind.POSITIVE:
        return Reading(POSITIVE, unit, None, None, None, detected=True, qualitative=True)
    if said.kind == Kind.NEGATIVE:
        return Reading(NEGATIVE, unit, None, lod, loq, detected=False, qualitative=True)
    if said.kind == Kind.NONE or said.number is None:
        return Reading(NOT_DETECTED, unit, None, lod, loq, detected=False)
    if said.kind == Kind.BELOW:
        return Reading(f"<{plain(said.number)}", unit, None, lod, loq, detected=False if said.number == lod else None)
    return Reading(plain(said.number), unit, said.number, lod, loq, detected=lod is None or said.number >= lod)


def _said(text: str, faults: list[Fault]) -> Said:
    """What the text alone says. With a fault the answer says nothing."""
    bare = _bare(text)
    if bare in SAYS_NOT_DETECTED:
        return Said(Kind.NONE)
    if bare in SAYS_NEGATIVE or bare in SAYS_POSITIVE:
        return Said(Kind.NEGATIVE if bare in SAYS_NEGATIVE else Kind.POSITIVE)
    below = BELOW.match(bare)
    rest = below.group(1) if below else bare
    split = SPLIT.match(rest)
    unit = unit_named(split.group(2)) if split else ""
    number = _number(split.group(1) if split and unit else rest)
    if not bare:
        faults.append(Fault("text", _("未填写"), _("未检出请填 ND")))
    elif number is None:
        remedy = _("请填数字、ND 或 <定量限；快速检测填 阴性、阳性")
        faults.append(Fault("text", _("看不懂“%(text)s”") % {"text": tidy(text)}, remedy))
    elif not number:
        faults.append(Fault("text", _("结果不能为 0"), _("未检出请填 ND")))
    return Said(Kind.BELOW if below else Kind.NUMBER, number, unit)


def _unit(text: str, inside: str, faults: list[Fault]) -> str:
    """The unit of the column, or that written inside the result; both must agree."""
    unit = unit_named(text) if text else inside
    if not unit:
        reason = _("没有“%(text)s”这个单位") % {"text": text} if text else _("未填写")
        faults.append(Fault("unit", reason, _("可填：%(units)s") % {"units": listed(USUAL)}))
    elif inside and inside != unit:
        reason = _("结果里写的是 %(a)s，单位栏是 %(b)s") % {"a": inside, "b": unit}
        faults.append(Fault("unit", reason, _("请改成一致")))
    return unit


def _limit(field: str, text: str, faults: list[Fault]) -> Decimal | None:
    number = _number(tidy(text)) if text else None
    if text and not number:
        faults.append(Fault(field, _("“%(text)s”不是大于 0 的数") % {"text": text}, _("请只填数字，单位同结果")))
    return number or None


def _number(text: str) -> Decimal | None:
    return Decimal(text) if NUMBER.match(text) else None


def _together(said: Said, unit: str, lod: Decimal | None, loq: Decimal | None) -> list[Fault]:
    """What is wrong only when the fields are seen side by side."""
    if said.kind in (Kind.NONE, Kind.NEGATIVE) and not (lod or loq):
        return [Fault("lod", _("未检出时必填"), _("请填检出限；方法只给定量限的，填定量限"))]
    if said.number is None:
        return []
    if said.kind == Kind.BELOW and said.number not in {lod, loq}:
        return [_below_what(plain(said.number), [plain(limit) for limit in (lod, loq) if limit])]
    factor = per_kilogram(unit)
    if factor is not None and said.number * factor > WHOLE:
        reason = _("%(n)s %(unit)s 比样品本身还多") % {"n": plain(said.number), "unit": unit}
        return [Fault("text", reason, _("请核对小数点和单位"))]
    return []


def _below_what(number: str, known: list[str]) -> Fault:
    if not known:
        return Fault("loq", _("结果为“小于”时必填"), _("请填 %(n)s 所指的检出限或定量限") % {"n": number})
    reason = _("“<%(n)s”与检出限、定量限（%(known)s）都不一致") % {"n": number, "known": listed(known)}
    return Fault("text", reason, _("请核对这几个数"))


def is_touched(typed: Typed, seen: str | None, *, now: Typed) -> bool:
    """Did the person write something here? `seen`: digest of the row as it stood when it was shown; None: not shown.

    A row is untouched when it says what stands there now, or what stood there then; and when it was empty, has no
    result still, and meanwhile got one: the unit and limits on it are only those that the page offered.
    """
    if typed == now or typed.digest == seen:
        return False
    return bool(typed.text) or not (seen == "" and now.text)


def faults_of_day(day: date, *, received_on: date, on: date) -> list[Fault]:
    """Testing happens between receipt and today."""
    if day > on:
        return [Fault("tested_on", _("%(day)s 是将来的日期") % {"day": day}, _("请填今天或以前的日期"))]
    if day < received_on:
        reason = _("%(day)s 早于收样日期 %(received)s") % {"day": day, "received": received_on}
        return [Fault("tested_on", reason, _("请核对检测日期"))]
    return []
