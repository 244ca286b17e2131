"""What a report says, word for word."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy as _

from nongan.common.errors import RuleBroken
from nongan.common.words import bracketed, listed, mark
from nongan.standards.rules import Verdict as Verdict
from nongan.standards.rules import overall as overall

SIGNABLE = (Verdict.PASS, Verdict.FAIL, Verdict.UNJUDGED)


class Undecided(RuleBroken):
    """A report cannot be signed while one of its items waits for a verdict."""

    code = "undecided"


class LimitsChanged(RuleBroken):
    """The limits were changed after the signatory's colleagues looked at the judgement."""

    code = "limits_changed"


class Withdrawn(RuleBroken):
    """The report has been withdrawn already."""

    code = "withdrawn"


@dataclass(frozen=True)
class Limit:
    """The limit that was applied, as it stood on the day of judging: never looked up again.

    `text` as it is printed (“≤0.05 mg/kg”, “不得检出”), `edition` “GB 2763-2026”, `validity` “2026-03-01 起”,
    `food` the words of the row (“豆类蔬菜（菜豆除外）”), `source` where the row came from, `row` its key there.
    `demonstration`: the row is an example, not taken from the standard's own text.
    """

    text: str
    value: str
    unit: str
    edition: str
    validity: str = ""
    food: str = ""
    source: str = ""
    row: str = ""
    demonstration: bool = False


@dataclass(frozen=True)
class Judgement:
    """The verdict on one item: why, by which limit, and the way to it in words.

    `forbidden`: the substance may not be used on this food at all; `found_banned`: and it was found.
    """

    verdict: str
    reason: str
    path: str
    limit: Limit | None = None
    forbidden: bool = False
    found_banned: bool = False


@dataclass(frozen=True)
class Item:
    """One line of a report. `typed` is what the analyst wrote, `result` what it means; `lod`, `loq` are in `unit`.

    `detected` is None for “below the quantification limit”. `qualitative`: of a screening test. Dates are ISO text.
    """

    analyte: str
    name: str
    typed: str
    result: str
    unit: str
    lod: str
    loq: str
    method: str
    tested_on: str
    detected: bool | None
    verdict: str
    reason: str
    path: str
    limit: Limit | None
    forbidden: bool
    found_banned: bool
    unjudged_reason: str = ""
    qualitative: bool = False

    @property
    def result_text(self) -> str:
        """As printed: “0.05 mg/kg”, “<0.01 mg/kg”, “未检出（检出限 0.002 mg/kg）”, “阳性（快速检测）”."""
        rapid = _("快速检测")
        if self.qualitative and self.detected:
            return bracketed(self.result, rapid)
        if self.detected is not False:
            return f"{self.result} {self.unit}"
        word, bound = (_("检出限"), self.lod) if self.lod else (_("定量限"), self.loq)
        if self.qualitative:
            return bracketed(self.result, f"{rapid}{mark('，')}{word} {bound} {self.unit}")
        return bracketed(_("未检出"), f"{word} {bound} {self.unit}")

    @property
    def limit_text(self) -> str:
        return self.limit.text if self.limit else ""


@dataclass(frozen=True)
class Content:
    """A report: on which specimen, by which laboratory, which items, by which people. Dates are ISO text."""

    code: str
    commodity: str
    commodity_name: str
    produced_on: str
    sampled_on: str
    received_on: str
    laboratory: str
    entered_by: tuple[str, ...]
    verified_by: str
    verified_on: str
    signed_by: str
    signed_on: str
    replaces: str
    items: tuple[Item, ...]

    @property
    def failing(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.verdict == Verdict.FAIL)

    @property
    def tested(self) -> str:
        """The days of testing: “2026-05-11”, or “2026-05-10 至 2026-05-12”."""
        days = sorted({item.tested_on for item in self.items if item.tested_on})
        return " 至 ".join(dict.fromkeys([days[0], days[-1]])) if days else ""

    @property
    def demonstration(self) -> bool:
        """Was one of the limits only demonstration data? Then the report proves nothing, and says so."""
        return any(item.limit is not None and item.limit.demonstration for item in self.items)

    @property
    def conclusion(self) -> str:
        """The sentence under the table."""
        if self.failing:
            names, by = "、".join(item.name for item in self.failing), "、".join(_editions(self.failing))
            return _("经检测，该样品%(names)s不符合 %(by)s 要求，结论为不合格。") % {"names": names, "by": by}
        by = "、".join(self.editions)
        if any(item.verdict == Verdict.PASS for item in self.items):
            return _("经检测，该样品所检项目中有限量的均符合 %(by)s 要求，结论为合格。") % {"by": by}
        return str(_("所检项目均没有可用的限量，只报告结果，不作判定。"))

    @property
    def editions(self) -> tuple[str, ...]:
        """The standards by which it was judged, each once."""
        return _editions(self.items)


def _editions(items: Iterable[Item]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.limit.edition for item in items if item.limit and item.limit.edition))


def check_decided(code: str, undecided: Sequence[tuple[str, str]]) -> None:
    """`undecided`: (name of the analyte, why) of every item without a verdict. Raises Undecided.

    A report says 合格 or 不合格 of every item that has a limit. So that nothing passes in silence, an undecided item
    is either given what it lacks (return it: add the detection limit) or left unjudged by a signatory who says why.
    That holds for a failing sample too: its report would else be silent on the item.
    """
    if undecided:
        items = listed((bracketed(name, why) for name, why in undecided), "；")
        raise Undecided(
            _("样品 %(code)s 有待判定项目，不能签发：%(items)s。请退回补充，或逐项写明不判定的原因。")
            % {"code": code, "items": items}
        )


def check_unchanged(code: str, name: str, seen: Judgement, now: Judgement) -> None:
    """What is signed is what was seen: a limit imported in between is not applied behind anybody's back.

    Raises LimitsChanged.
    """
    if seen != now:
        raise LimitsChanged(
            _("样品 %(code)s 的“%(name)s”提交后限量标准有变动，判定与您看到的不同。请点“重新判定”，核对后再签发。")
            % {"code": code, "name": name}
        )


def check_in_force(number: str, withdrawn: bool) -> None:
    """Raises Withdrawn."""
    if withdrawn:
        raise Withdrawn(_("报告 %(number)s 已撤回，不能再撤。") % {"number": number})


def canonical(content: Content) -> dict[str, Any]:
    """As JSON; what is stored."""
    return {
        **asdict(content),
        "entered_by": list(content.entered_by),
        "items": [asdict(item) for item in content.items],
    }


def content_from(data: dict[str, Any]) -> Content:
    """The inverse of `canonical`."""
    items = tuple(_item(item) for item in data["items"])
    rest = {f.name: data[f.name] for f in fields(Content) if f.name not in {"items", "entered_by"}}
    return Content(items=items, entered_by=tuple(data["entered_by"]), **rest)


def _item(data: dict[str, Any]) -> Item:
    limit = Limit(**data["limit"]) if data["limit"] else None
    return Item(**{**data, "limit": limit})


def digest_of(data: dict[str, Any]) -> str:
    """SHA-256 of the content as JSON with sorted keys, hexadecimal: the same before and after storing."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
