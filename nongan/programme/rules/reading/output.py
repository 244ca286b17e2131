"""A reading as the JSON that `nongan plan read --json` prints. Dates as ISO text or null, values as decimal text."""

from datetime import date
from decimal import Decimal
from typing import Any

from nongan.programme.rules.reading.shapes import Plan, Reading, Task


def to_json(reading: Reading) -> dict[str, Any]:
    """{"plans": [{"title", "basis", "goals", "targets", "tasks", "phases", "safeguards", "unread"}]}."""
    return {"plans": [_plan(plan) for plan in reading.plans]}


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "title": plan.title,
        "basis": [basis.text for basis in plan.basis],
        "goals": [{"number": goal.number, "heading": goal.heading, "text": goal.text} for goal in plan.goals],
        "targets": [
            {
                "text": target.text,
                "where": target.where,
                "comparator": target.comparator.value,
                "value": plain_number(target.value),
                "unit": target.unit,
                "indicator": target.indicator,
            }
            for target in plan.targets
        ],
        "tasks": [_task(task) for task in plan.tasks],
        "phases": [
            {"name": phase.name, "from": _day(phase.start), "to": _day(phase.end), "text": phase.text}
            for phase in plan.phases
        ],
        "safeguards": [safeguard.text for safeguard in plan.safeguards],
        "unread": _unread(plan),
    }


def _task(task: Task) -> dict[str, Any]:
    return {
        "chapter": task.chapter,
        "chapter_heading": task.chapter_heading,
        "number": task.number,
        "text": task.text,
        "standard": task.standard or None,
        "units": [{"name": unit.name, "role": unit.role.value} for unit in task.units],
        "key": task.key,
        "score": None if task.score is None else plain_number(task.score),
        "due": _day(task.due),
    }


def _unread(plan: Plan) -> list[str]:
    """What was not understood, and what was but has no place of its own in this form, in the order of the text."""
    pieces = [(piece.span.start, piece.text) for piece in plan.unread]
    pieces += [(passage.span.start, passage.text) for passage in plan.passages]
    return [text for _start, text in sorted(pieces)]


def plain_number(value: Decimal) -> str:
    """20000, 1.5: no exponent, no trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
