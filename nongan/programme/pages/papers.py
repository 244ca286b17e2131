"""Lists and the schedule as files: xlsx with real dates, docx to be printed and sealed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from nongan.common.http import download
from nongan.common.media import DOCX, XLSX
from nongan.common.spreadsheet import write_table
from nongan.programme.queries.items import Duty, light_of_item
from nongan.programme.queries.schedule import Schedule
from nongan.programme.queries.tasks import carriers, light_of
from nongan.programme.rules.lights import Window
from nongan.programme.rules.paper import Table, paper
from nongan.programme.rules.states import ListKind

FILL = "CFE6D9"
PROBLEM_WIDTHS = (12, 30, 14, 24, 18, 9, 11, 12)
TASK_WIDTHS = (7, 42, 22, 8, 12, 9)
DUTY_WIDTHS = (7, 36, 12, 22, 10, 20)


def problem_table(items: Sequence[Any], at: Window) -> tuple[list[str], list[list[Any]]]:
    """(headings, rows) with values, not texts."""
    heads = [
        _("编号"),
        _("问题"),
        _("来源"),
        _("整改措施"),
        _("责任单位"),
        _("责任人"),
        _("完成时限"),
        _("状态"),
        _("期限"),
    ]
    rows = [
        [
            item.number, item.text, item.source, item.measure, item.organisation.name if item.organisation else "",
            item.person, item.due, item.get_state_display(), light_of_item(item, at).label,
        ]
        for item in items
    ]  # fmt: skip
    return heads, rows


def task_table(tasks: Sequence[Any], items: Sequence[Any], at: Window) -> tuple[list[str], list[list[Any]]]:
    heads = [_("序号"), _("任务"), _("本县市区责任单位"), _("关键项"), _("完成时限"), _("期限")]
    rows: list[list[Any]] = [
        [
            task.label, task.text, "、".join(carrier.text for carrier in carriers(task.units.all())),
            _("是") if task.key else "", task.due, light_of(task, at).label,
        ]
        for task in tasks
    ]  # fmt: skip
    rows += [
        [item.number, item.text, item.organisation.name if item.organisation else "", "", item.due,
         light_of_item(item, at).label]
        for item in items
    ]  # fmt: skip
    return heads, rows


def duty_table(duties: Sequence[Duty]) -> tuple[list[str], list[list[Any]]]:
    heads = [_("序号"), _("任务"), _("分工"), _("责任单位"), _("责任人"), _("职责")]
    rows = [
        [d.task.label, d.task.text, d.role, d.organisation, d.person, d.item.text if d.item else ""] for d in duties
    ]
    return heads, rows


def list_file(
    form: str, kind: ListKind, place: str, table: tuple[list[str], list[list[Any]]], on: date, filler: str
) -> HttpResponse:
    """One list of one county as xlsx or docx."""
    heads, rows = table
    name = f"{place}{kind.label}"
    if form == "xlsx":
        return download(write_table(str(kind.label), heads, rows), f"{name}.xlsx", XLSX)
    widths = {ListKind.PROBLEM: (*PROBLEM_WIDTHS, 9), ListKind.TASK: TASK_WIDTHS, ListKind.RESPONSIBILITY: DUTY_WIDTHS}
    made = paper(
        name, _("填表单位：%(place)s") % {"place": place}, on, [Table(heads, _texts(rows), widths[kind])], filler=filler
    )
    return download(made, f"{name}.docx", DOCX)


def schedule_file(form: str, schedule: Schedule, unit: str, on: date, filler: str) -> HttpResponse:
    """The monthly schedule: one column a month; coloured from beginning to end, with the steps written in."""
    months = [f"{month.year}-{month.month:02}" for month in schedule.months]
    name = f"{schedule.version.plan.title}{_('工作配档表')}"
    heads = [_("序号"), _("任务"), _("责任单位"), _("完成时限"), *months]
    rows: list[list[Any]] = []
    fills: dict[tuple[int, int], str] = {}
    for n, shown in enumerate(schedule.tasks):
        units = "、".join(c.text for c in shown.carriers if c.role != "common")
        cells: list[Any] = [shown.task.label, shown.task.text, units, shown.task.due]
        for m, step in enumerate(shown.steps):
            inside = shown.bar is not None and shown.bar.first <= m <= shown.bar.last
            cells.append(
                (step.text + (_("（已完成）") if step.done else ""))
                if step
                else "●"
                if inside and form == "xlsx"
                else ""
            )
            if inside:
                fills[n, m + 4] = FILL
        rows.append(cells)
    if form == "xlsx":
        return download(write_table(_("工作配档表"), heads, rows), f"{name}.xlsx", XLSX)
    widths = (6, 30, 16, 11, *([max(3, 48 // len(months))] * len(months)))
    tables = [_phase_table(schedule), Table(heads, _texts(rows), widths, _("任务"), fills)]
    made = paper(name, _("填表单位：%(unit)s") % {"unit": unit}, on, tables, filler=filler)
    return download(made, f"{name}.docx", DOCX)


def _phase_table(schedule: Schedule) -> Table:
    rows = [[p.phase.name, p.phase.start or "", p.phase.end or "", p.phase.text] for p in schedule.phases]
    return Table([_("阶段"), _("开始"), _("结束"), _("内容")], _texts(rows), (16, 11, 11, 62), _("阶段"))


def _texts(rows: Sequence[Sequence[Any]]) -> list[list[str]]:
    return [
        ["" if value is None else value.isoformat() if isinstance(value, date) else str(value) for value in row]
        for row in rows
    ]
