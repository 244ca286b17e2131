"""Results from a sheet: every fault named by row and field, then all rows or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.dateparse import parse_date
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.spreadsheet import Problem, Row
from nongan.documents.services import ImportKind
from nongan.laboratory.models import Specimen, Test
from nongan.laboratory.queries.specimens import specimens_visible_to, tests_of
from nongan.laboratory.rules.entry import EntryRefused, Fault, Typed, faults_of_day, read, tidy
from nongan.laboratory.rules.spreadsheet import COLUMNS, SAID
from nongan.laboratory.rules.states import SpecimenState
from nongan.laboratory.services.entry import Entry, enter_results
from nongan.standards.queries import book

if TYPE_CHECKING:
    from nongan.accounts.models import User

TYPED = ("text", "unit", "lod", "loq", "method")


@dataclass(frozen=True)
class Line:
    """One row of the sheet that can be saved."""

    number: int
    entry: Entry
    tested_on: date


def allow(by: "User") -> None:
    require(by, Permission.RESULT_ENTER)


def check(rows: list[Row], options: dict[str, str], by: "User") -> list[Problem]:
    """Every fault of every row that holds a result; rows without one are passed over."""
    reading = Reading(rows, by, localdate())
    problems: list[Problem] = []
    lines: list[Line] = []
    for row in rows:
        line, found = reading.read(row)
        problems += found
        lines += [line] if line else []
    if not lines and not problems:
        problems.append(Problem(2, SAID["text"], _("整张表没有一个结果"), _("请填写结果后再上传")))
    return problems + _twice(lines)


def apply(rows: list[Row], options: dict[str, str], by: "User", at: datetime) -> int:
    """Save every result, by day of testing. Raises EntryRefused."""
    reading = Reading(rows, by, localdate(at))
    days: dict[date, list[Entry]] = {}
    for row in rows:
        line, problems = reading.read(row)
        if problems:
            raise EntryRefused(_("第 %(row)s 行有变动，请重新上传。") % {"row": row.number})
        if line:
            days.setdefault(line.tested_on, []).append(line.entry)
    count = 0
    for day, entries in sorted(days.items()):
        saved = enter_results(entries=entries, tested_on=day, by=by, at=at)
        if saved.conflicts:
            raise EntryRefused(_("有结果刚被他人录入，未导入任何数据。请重新上传。"))
        count += len(entries)
    return count


class Reading:
    """The sheet read against what stands in the laboratory now, in few queries however many rows."""

    def __init__(self, rows: Sequence[Row], by: "User", on: date) -> None:
        self.by, self.on, self.names = by, on, book().analytes
        codes = {_code(row) for row in rows}
        found = specimens_visible_to(by).filter(code__in=codes)
        self.specimens = {specimen.code: specimen for specimen in found}
        self.tests = {(t.specimen_id, t.analyte_id): t for t in tests_of(self.specimens.values())}
        self.by_name = {(t.specimen_id, t.analyte.name): t for t in self.tests.values()}

    def read(self, row: Row) -> tuple[Line | None, list[Problem]]:
        """What a row holds and what is wrong with it; neither when it holds no result."""
        typed = Typed(**{key: tidy(row.cells[key]) for key in TYPED})
        if not typed.text:
            return None, []
        if not row.cells["code"] or not row.cells["analyte"]:
            return None, []  # named already as missing
        specimen = self.specimens.get(_code(row))
        if specimen is None:
            return None, [self._problem(row, "code", _("没有这个盲样"), _("请核对编号；只能录入送到本机构的样品"))]
        test = self._test(specimen, tidy(row.cells["analyte"]))
        if test is None:
            return None, [self._problem(row, "analyte", _("不是该样品的送检项目"), _("请核对项目名称"))]
        day, problems = self._day(row, specimen)
        _reading, faults = read(typed)
        problems += [self._fault(row, fault) for fault in faults]
        problems += self._taken(row, specimen, test, typed)
        if problems or day is None:
            return None, problems
        return Line(row.number, Entry(specimen.code, test.analyte_id, typed), day), []

    def _test(self, specimen: Specimen, text: str) -> Test | None:
        """By name or code as ordered, else by a synonym."""
        found = self.by_name.get((specimen.pk, text)) or self.tests.get((specimen.pk, text))
        return found or self.tests.get((specimen.pk, self.names.find(text)))

    def _day(self, row: Row, specimen: Specimen) -> tuple[date | None, list[Problem]]:
        text = row.cells["tested_on"]
        if not text:
            return None, [self._problem(row, "tested_on", _("未填写"), _("请填检测日期，如 2026-05-12"))]
        try:
            day = parse_date(tidy(text).replace("/", "-").replace(".", "-"))
        except ValueError:
            day = None
        if day is None:
            reason = _("“%(text)s”不是日期") % {"text": text}
            return None, [self._problem(row, "tested_on", reason, _("请按 2026-05-12 的样子填写"))]
        faults = faults_of_day(day, received_on=localdate(specimen.received_at), on=self.on)
        return day, [self._fault(row, fault) for fault in faults]

    def _taken(self, row: Row, specimen: Specimen, test: Test, typed: Typed) -> list[Problem]:
        """A file overwrites neither what was handed in nor what a colleague typed."""
        if specimen.state != SpecimenState.RECEIVED:
            reason = _("样品现为“%(state)s”") % {"state": specimen.get_state_display()}
            return [self._problem(row, "code", reason, _("只能录入待检的样品"))]
        if test.entered_by_id not in {None, self.by.pk} and typed != test.typed:
            who = test.entered_by.full_name if test.entered_by else ""
            reason = _("%(who)s 已录入“%(text)s”") % {"who": who, "text": test.text}
            return [self._problem(row, "text", reason, _("要更正请在录入页上改"))]
        return []

    def _fault(self, row: Row, fault: Fault) -> Problem:
        return self._problem(row, fault.field, str(fault.reason), str(fault.remedy))

    def _problem(self, row: Row, key: str, reason: str, remedy: str) -> Problem:
        return Problem(row.number, SAID[key], reason, remedy)


def _code(row: Row) -> str:
    return tidy(row.cells["code"]).upper()


def _twice(lines: Sequence[Line]) -> list[Problem]:
    """The same item of the same specimen on two rows."""
    first: dict[tuple[str, str], int] = {}
    problems = []
    for line in lines:
        number = first.setdefault((line.entry.code, line.entry.analyte), line.number)
        if number != line.number:
            reason = _("与第 %(n)s 行重复") % {"n": number}
            problems.append(Problem(line.number, SAID["analyte"], reason, _("同一样品同一项目只留一行")))
    return problems


def kind() -> ImportKind:
    """What `apps.ready` registers with documents."""
    return ImportKind(
        kind="results", title="检测结果", columns=COLUMNS, allow=allow, check=check, apply=apply,
        back="laboratory:specimens",
    )  # fmt: skip
