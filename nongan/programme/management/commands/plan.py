"""`nongan plan read FILE [--json]`: what the reader makes of a document. No database is opened."""

import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nongan.programme.rules.reading import PlanUnreadable, read_file, to_json

NAMES = {"responsible": "", "lead": "牵头:", "support": "配合:", "common": "共同:"}
_NO_TASKS = "文件中没有读到任务"


class Command(BaseCommand):
    help = "Read a plan document (.docx, .txt) and print its tasks, units, targets and phases."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        read = acts.add_parser("read", help="print what the reader understands")
        read.add_argument("file", type=Path)
        read.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            found = to_json(read_file(file.name, file.read_bytes()))
        except OSError as fault:
            raise CommandError(f"{file}: {fault.strerror}") from fault
        except PlanUnreadable as refusal:
            raise CommandError(str(refusal)) from refusal
        try:
            self.show(found, as_json=options["json"])
            self.stdout.flush()
        except BrokenPipeError:  # `| head` has read enough; what is still buffered must not fail at exit either
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return
        if not any(plan["tasks"] for plan in found["plans"]):
            if not options["json"]:
                raise CommandError(_NO_TASKS)
            self.stderr.write(_NO_TASKS)

    def show(self, found: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            return
        for plan in found["plans"]:
            self.tell(plan)

    def tell(self, plan: dict[str, Any]) -> None:
        """One plan in lines that fit a terminal."""
        write = self.stdout.write
        counts = [f"{name} {len(plan[key])}" for name, key in _PARTS]
        write(self.style.MIGRATE_HEADING(plan["title"] or "（无标题）"))
        write("  " + "，".join(counts))
        if plan["targets"]:
            write("指标")
        for target in plan["targets"]:
            figure = f"{target['comparator']} {target['value']}{target['unit']}"
            write(f"  {figure:<16} {target['indicator'] or '-':<22} {_cut(target['text'], 48)}")
        chapter = None
        for task in plan["tasks"]:
            if chapter != (task["chapter"], task["chapter_heading"]):
                chapter = (task["chapter"], task["chapter_heading"])
                write(f"任务 {task['chapter']} {task['chapter_heading']}")
            star = "★" if task["key"] else ""
            write(f"  {task['number']:>3} {star}{_cut(task['text'], 60)}")
            write(f"      {_units(task)}" + (f"；时限 {task['due']}" if task["due"] else ""))
        for phase in plan["phases"]:
            write(f"阶段 {phase['name']}  {phase['from'] or '?'} — {phase['to'] or '?'}")
        for text in plan["unread"]:
            write(self.style.WARNING(f"未读懂 {_cut(str(text), 70)}"))
        write("")


_PARTS = (
    ("任务", "tasks"), ("指标", "targets"), ("目标", "goals"), ("阶段", "phases"), ("保障措施", "safeguards"),
    ("未读懂", "unread"),
)  # fmt: skip


def _units(task: dict[str, Any]) -> str:
    return "、".join(NAMES[unit["role"]] + unit["name"] for unit in task["units"]) or "（无责任单位）"


def _cut(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
