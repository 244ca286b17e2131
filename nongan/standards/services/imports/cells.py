"""Cells as people fill them in: names of foods and items, days, yes and no, lists."""

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common import words
from nongan.common.spreadsheet import Column, Problem, Row
from nongan.standards.rules import LimitBook

if TYPE_CHECKING:
    from nongan.accounts.models import User

YES = {"是", "有", "齐全", "1", "y", "yes", "true"}
NO = {"", "否", "无", "不齐全", "0", "n", "no", "false"}
LISTED = re.compile(r"[;；、,，\n]+(?![^()（）]*[)）])")
CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$")


def allow(by: "User") -> None:
    require(by, Permission.STANDARDS_EDIT)


class Faults:
    """Collects the problems of a sheet, with the headings of its columns."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self.headings = {column.key: column.heading for column in columns}
        self.found: list[Problem] = []

    def add(self, row: Row, key: str, reason: str, remedy: str = "") -> None:
        self.found.append(Problem(row.number, self.headings.get(key, key), reason, remedy))

    def whole(self, field: str, reason: str, remedy: str = "") -> None:
        """A fault of something typed with the upload, shown at the heading row."""
        self.found.append(Problem(1, field, reason, remedy))

    @property
    def rows(self) -> set[int]:
        return {problem.row for problem in self.found}


def listed(text: str) -> list[str]:
    """“菜豆、食荚豌豆；蚕豆” as names; commas inside brackets do not part."""
    return [part.strip() for part in LISTED.split(text) if part.strip()]


def code_of(law: LimitBook, faults: Faults, row: Row, key: str, text: str) -> str:
    """The code of a food by code, name or synonym; a fault where it is unknown or means several."""
    if text in law.tree.nodes:
        return text
    found = law.tree.find(text)
    if found.code and "结尾" not in found.how:
        return found.code
    if len(found.codes) > 1:
        names = words.listed(words.bracketed(law.tree.name(code), code) for code in found.codes[:4])
        faults.add(row, key, _("“%(text)s”不止一种食品：%(names)s") % {"text": text, "names": names}, _("请填编码"))
    else:
        remedy = _("请核对名称，或先在“食品分类”中导入")
        faults.add(row, key, _("食品分类中没有“%(text)s”") % {"text": text}, remedy)
    return ""


def item_of(law: LimitBook, faults: Faults, row: Row, key: str, text: str) -> str:
    found = text if text in law.analytes.by_code else law.analytes.find(text)
    if not found:
        remedy = _("请核对名称，或先在“检测项目”中导入")
        faults.add(row, key, _("项目表中没有“%(text)s”") % {"text": text}, remedy)
    return found


def day_of(faults: Faults, row: Row | None, key: str, text: str) -> date | None:
    """A day, or a fault; blank is None without a fault."""
    tidy = text
    for sign in "年月/.":
        tidy = tidy.replace(sign, "-")
    try:
        day = parse_date(tidy.replace("日", "").strip()) if tidy else None
    except ValueError:
        day = None
    if text and day is None:
        reason, remedy = _("“%(text)s”不是日期") % {"text": text}, _("请写成 2026-03-01 的样子")
        if row is None:
            faults.whole(key, reason, remedy)
        else:
            faults.add(row, key, reason, remedy)
    return day


def yes_of(faults: Faults, row: Row | None, key: str, text: str) -> bool:
    tidy = text.strip().casefold()
    if tidy not in YES | NO:
        reason, remedy = _("“%(text)s”应为“是”或“否”") % {"text": text}, _("请填 是 或 否")
        if row is None:
            faults.whole(key, reason, remedy)
        else:
            faults.add(row, key, reason, remedy)
    return tidy in YES


def choice_of(faults: Faults, row: Row, key: str, text: str, choices: type[TextChoices]) -> str:
    """The code word behind a label."""
    value = next((value for value, label in choices.choices if text in (str(label), value)), "")
    if not value:
        remedy = _("请填 %(labels)s 之一") % {"labels": words.listed(choices.labels)}
        faults.add(row, key, _("没有“%(text)s”这一类") % {"text": text}, remedy)
    return value


def too_long(faults: Faults, row: Row, lengths: dict[str, int]) -> None:
    for key, most in lengths.items():
        if len(row.cells[key]) > most:
            faults.add(row, key, _("超过 %(n)s 个字") % {"n": most}, _("请缩短"))
