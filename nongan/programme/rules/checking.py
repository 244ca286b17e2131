"""Is a corrected content complete enough to be confirmed? Every fault with its place and what to do. Pure."""

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from nongan.programme.rules.content import Content, Row
from nongan.programme.rules.reading.shapes import Comparator, Role
from nongan.programme.rules.units import split_units

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
_NUMBER = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,6})?$")
_LENGTHS = {"title": 200, "heading": 200, "where": 200, "name": 100, "unit": 20, "label": 20, "number": 20}


@dataclass(frozen=True)
class Fault:
    """`field` is the name on the form: “tasks.t3.due”."""

    field: str
    message: str


def day_of(text: str) -> date | None:
    """2026-5-1, 2026/05/01, 2026年5月1日; None for a blank. Raises ValueError."""
    text = text.strip()
    if not text:
        return None
    match = _DAY.match(text)
    if not match:
        raise ValueError(text)
    year, month, day = (int(part) for part in match.groups())
    return date(year, month, day)


def number_of(text: str) -> Decimal:
    """A plain decimal; thousands separators and full-width digits are taken. Raises ValueError."""
    text = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text).replace(",", "").strip()
    if not _NUMBER.match(text):
        raise ValueError(text)
    try:
        return Decimal(text)
    except InvalidOperation as fault:
        raise ValueError(text) from fault


def faults(content: Content, codes: Container[str]) -> list[Fault]:
    """Every reason why the content cannot be confirmed; `codes` are the indicators that a target may name."""
    found: list[Fault] = []
    if not content["title"].strip():
        found.append(Fault("title", _("请填写方案名称。")))
    if not content["tasks"]:
        found.append(Fault("tasks", _("方案里没有任务，不能确认。请从未读懂的内容中选为任务，或手工增加。")))
    for chapter in content["chapters"]:
        if not chapter["heading"].strip():
            found.append(Fault(f"chapters.{chapter['id']}.heading", _("请填写章标题。")))
    for goal in content["goals"]:
        if not goal["text"].strip() and not goal["heading"].strip():
            found.append(Fault(f"goals.{goal['id']}.text", _("请填写目标，或删除这一行。")))
    for safeguard in content["safeguards"]:
        if not safeguard["text"].strip():
            found.append(Fault(f"safeguards.{safeguard['id']}.text", _("请填写内容，或删除这一行。")))
    for target in content["targets"]:
        found += _target_faults(target, codes)
    found += _task_faults(content)
    found += _phase_faults(content["phases"])
    return [*found, *_too_long(content)]


def _target_faults(row: Row, codes: Container[str]) -> Iterator[Fault]:
    place = f"targets.{row['id']}"
    if not row["text"].strip():
        yield Fault(f"{place}.text", _("请填写指标内容，或删除这一行。"))
    if row["comparator"] not in Comparator.values:
        yield Fault(f"{place}.comparator", _("请选择不低于、不高于或等于。"))
    if not row["value"].strip():
        yield Fault(f"{place}.value", _("请填写目标值。"))
    elif not _is(number_of, row["value"]):
        yield Fault(f"{place}.value", _("目标值须是数字，整数最多 18 位、小数最多 6 位；单位填在右侧。"))
    if row["indicator"] and row["indicator"] not in codes:
        yield Fault(f"{place}.indicator", _("没有这个指标。请从列表选择，或选“不对应”。"))


def _task_faults(content: Content) -> Iterator[Fault]:
    chapters = {chapter["id"] for chapter in content["chapters"]}
    seen: set[tuple[str, int]] = set()
    for row in content["tasks"]:
        place = f"tasks.{row['id']}"
        if row["chapter"] not in chapters:
            yield Fault(f"{place}.chapter", _("请选择所在的章。"))
        if not row["text"].strip():
            yield Fault(f"{place}.text", _("请填写任务内容，或删除这一行。"))
        if not row["number"].strip().isdecimal() or not 0 < int(row["number"]) < 10_000:
            yield Fault(f"{place}.number", _("序号须是正整数。"))
        elif (row["chapter"], int(row["number"])) in seen:
            yield Fault(f"{place}.number", _("本章已有这个序号，请改成不重复的序号。"))
        else:
            seen.add((row["chapter"], int(row["number"])))
        if row["score"].strip() and (not _is(number_of, row["score"]) or abs(number_of(row["score"])) >= 100_000):
            yield Fault(f"{place}.score", _("分值须是数字，可留空。"))
        if not _is(day_of, row["due"]):
            yield Fault(f"{place}.due", _("日期须如 2026-12-31，可留空。"))
        for role in Role.values:
            if any(len(name) > 100 for name in split_units(row[role])):
                yield Fault(f"{place}.{role}", _("单位名称过长。单位之间请用顿号隔开。"))


def _phase_faults(rows: list[Row]) -> Iterator[Fault]:
    """Phases follow one another: each ends after it begins and begins no earlier than the one before."""
    before: date | None = None
    for row in rows:
        place = f"phases.{row['id']}"
        if not row["name"].strip():
            yield Fault(f"{place}.name", _("请填写阶段名称，或删除这一行。"))
        bad = [end for end in ("from", "to") if not _is(day_of, row[end])]
        for end in bad:
            yield Fault(f"{place}.{end}", _("日期须如 2026-12-31，可留空。"))
        if bad:
            continue
        start, stop = day_of(row["from"]), day_of(row["to"])
        if start and stop and stop < start:
            yield Fault(f"{place}.to", _("结束日期早于开始日期。"))
        if start and before and start < before:
            yield Fault(f"{place}.from", _("早于上一阶段的开始日期。请核对日期，或用上移、下移调整次序。"))
        before = start or before


def _too_long(content: Content) -> Iterator[Fault]:
    if len(content["title"]) > _LENGTHS["title"]:
        yield Fault("title", _("最多 %(n)s 字。") % {"n": _LENGTHS["title"]})
    for group in ("goals", "chapters", "targets", "phases"):
        for row in content[group]:
            for field, limit in _LENGTHS.items():
                if len(row.get(field, "")) > limit:
                    yield Fault(f"{group}.{row['id']}.{field}", _("最多 %(n)s 字。") % {"n": limit})


def _is(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


def warnings(content: Content) -> list[Fault]:
    """What a person should look at, though it does not stop the confirmation."""
    found = [
        Fault(f"tasks.{row['id']}.responsible", _("没有读到责任单位。"))
        for row in content["tasks"]
        if not any(row[role].strip() for role in Role.values)
    ]
    found += [
        Fault(f"targets.{row['id']}.indicator", _("没有对应的指标，驾驶舱不能计算它。"))
        for row in content["targets"]
        if not row["indicator"]
    ]
    return found
