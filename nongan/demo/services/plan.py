"""The example plan, adopted, with its tasks in every state."""

from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from nongan.common.divisions import prefix_of
from nongan.demo.services.people import City
from nongan.programme.queries.drafts import proposals
from nongan.programme.queries.overview import shown
from nongan.programme.services.adoption import adopt_version
from nongan.programme.services.drafts import begin_drafts, confirm_draft
from nongan.programme.services.items import add_item, assign_duty, rectify_item, verify_item
from nongan.programme.services.reading import read_plan_file
from nongan.programme.services.reports import accept_report, return_report, save_report
from nongan.programme.services.schedule import save_steps

if TYPE_CHECKING:
    from nongan.accounts.models import User
    from nongan.programme.models import PlanVersion, Task

TEXT = Path(__file__).parent.parent / "data" / "plan.txt"
SHANGHAI = ZoneInfo("Asia/Shanghai")
ADOPTED = datetime(2025, 12, 5, 9, 30, tzinfo=SHANGHAI)

DONE, WAITING, RETURNED, DOING = "done", "waiting", "returned", "doing"
STATES = [DONE] * 9 + [DOING] * 2 + [WAITING] * 2 + [RETURNED, "todo"]

PROBLEMS = (
    ("360902000000", "2 家合作社生产记录缺安全间隔期一栏", "补印记录本，逐户上门指导", True),
    ("360981000000", "批发市场有 6 个摊位没有进货查验凭证", "市场开办方逐摊核查，未补齐的暂停入场", True),
    ("360983000000", "乡镇检测室 1 台速测仪超过检定有效期", "送检定，期间借用邻镇设备", False),
    ("360921000000", "3 家农资店购销台账与库存不符", "限期盘点改正并复查", False),
)


def adopt_plan(city: City, at: datetime) -> "PlanVersion":
    """Read, confirm, match and adopt the example plan, as the programme office does on screen."""
    office = city.people["office"]
    moment = min(ADOPTED, at)
    file = read_plan_file(
        name="宜春市创建国家农产品质量安全市实施方案（演示）.txt", data=TEXT.read_bytes(), division=city.code,
        plan_id=None, by=office, at=moment,
    )  # fmt: skip
    (draft,) = begin_drafts(file_id=file.pk, positions=[0], by=office, at=moment)
    confirmed = confirm_draft(version_id=draft.pk, seen=draft.version, by=office, at=moment + timedelta(hours=2))
    matches = {proposal.name: proposal.match for proposal in proposals(confirmed)}
    adopted = adopt_version(
        version_id=confirmed.pk, seen=confirmed.version, matches=matches, by=office, at=moment + timedelta(hours=3)
    )
    return adopted.version


def report_progress(city: City, version: "PlanVersion", chance: Random, at: datetime) -> None:
    """Units report; most reports are accepted, some wait, some are returned."""
    bearers = {person.organisation_id: person for person in city.people.values() if person.role == "unit"}
    tasks = [(task, groups) for chapter in shown(version).chapters for task, groups in chapter.tasks]
    for place, (task, _groups) in enumerate(tasks):
        wanted = STATES[(place * 7) % len(STATES)]
        people = [bearers[u.organisation_id] for u in task.units.all() if u.organisation_id in bearers]
        for person in dict.fromkeys(people):
            _report(city, task, person, wanted, chance, at)
    _steps(city, [task for task, _groups in tasks], at)
    _lists(city, [task for task, _groups in tasks], at)


def _report(city: City, task: "Task", person: "User", wanted: str, chance: Random, at: datetime) -> None:
    if wanted == "todo" or (wanted == DOING and chance.random() < 0.5):
        return
    office = city.people["office"]
    sent = min(ADOPTED + timedelta(days=chance.randint(60, 330), hours=chance.randint(0, 8)), at - timedelta(days=2))
    completes = wanted == DONE
    text = "已完成：制度、台账和现场情况均已核实。" if completes else "正在推进：已部署到乡镇，台账每月汇总一次。"
    report = save_report(task_id=task.pk, text=text, completes=completes, submit=True, by=person, at=sent, seen=None)
    if wanted in (DONE, DOING):
        accept_report(report_id=report.pk, seen=report.version, by=office, at=sent + timedelta(days=1))
    elif wanted == RETURNED:
        reason = "请补充各县市区的完成数量和佐证材料。"
        return_report(report_id=report.pk, seen=report.version, reason=reason, by=office, at=sent + timedelta(days=1))


def _steps(city: City, tasks: list["Task"], at: datetime) -> None:
    """The monthly schedule of the tasks of monitoring and enforcement."""
    words = ("部署到县", "中期检查", "补齐短板", "总结自查")
    for place, task in enumerate(tasks):
        if place % 2:
            continue
        months = [datetime(2026, month, 1).date() for month in (1, 4 + place % 3, 8, 11)]
        steps = [(month, words[n], month < at.date().replace(day=1)) for n, month in enumerate(months)]
        save_steps(task_id=task.pk, seen=task.line.version, steps=steps, by=city.people["office"], at=at)


def _lists(city: City, tasks: list["Task"], at: datetime) -> None:
    finder, closer = city.people["office2"], city.people["office"]
    found_at = datetime.combine(at.date() - timedelta(days=40), time(10), SHANGHAI)
    plan_id = tasks[0].plan_version.plan_id
    for place, (county, text, measure, closed) in enumerate(PROBLEMS):
        unit = city.people[f"unit-{prefix_of(county)}"]
        item = add_item(
            kind="problem", plan_id=plan_id, division=county, task_id=tasks[4 + place].pk, text=text,
            organisation_id=unit.organisation_id, person=unit.full_name, source="县市区自查",
            due=at.date() + timedelta(days=14 - 20 * place), by=finder, at=found_at,
        )  # fmt: skip
        if closed:
            item = rectify_item(
                item_id=item.pk, seen=item.version, measure=measure, result="已整改到位，附现场照片备查。", by=unit,
                at=found_at + timedelta(days=9),
            )  # fmt: skip
        if closed and place == 0:
            verify_item(item_id=item.pk, seen=item.version, by=closer, at=found_at + timedelta(days=12))
    for county in city.counties[:3]:
        unit = city.people[f"unit-{prefix_of(county)}"]
        for task in tasks[10:14]:
            if any(u.organisation_id == unit.organisation_id for u in task.units.all()) and unit.organisation_id:
                assign_duty(
                    task_id=task.pk, division=county, organisation_id=unit.organisation_id, person=unit.full_name,
                    text="统筹辖区任务，按月报送进展", seen=0, by=closer, at=found_at,
                )  # fmt: skip
