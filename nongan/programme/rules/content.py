"""What a plan version says while people correct it: rows of text, exactly as typed, each with an id of its own.

A content is JSON: `title`, `basis` (lines), the groups below, and `serial` (the last id given). A row is a dict of
strings with an `id`; `key` and `settled` are booleans. Text that is not yet a date or a number is kept: `faults`
names it, nothing typed is lost. Units are written as people write them, names joined by “、”, one line per role.

The machine's content has `marks` besides: [start, end, kind, id] of the document's text (see `marking`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from nongan.programme.rules.reading.shapes import Plan, Role, Span
from nongan.programme.rules.units import join_units

Content = dict[str, Any]
Row = dict[str, Any]
FIELDS: Mapping[str, tuple[str, ...]] = {
    "goals": ("number", "heading", "text"),
    "targets": ("text", "where", "comparator", "value", "unit", "indicator", "task"),
    "chapters": ("label", "heading"),
    "tasks": ("chapter", "number", "text", *Role.values, "key", "score", "due", "standard"),
    "phases": ("name", "from", "to", "text"),
    "safeguards": ("text",),
    "unread": ("text", "reason", "settled"),
}
FLAGS = frozenset({"key", "settled"})
LETTER = {"goals": "g", "targets": "x", "chapters": "c", "tasks": "t", "phases": "p", "safeguards": "s", "unread": "u"}


def empty_row(group: str, row_id: str, **values: Any) -> Row:
    return {"id": row_id, **{name: False if name in FLAGS else "" for name in FIELDS[group]}, **values}


def from_reading(plan: Plan) -> Content:
    """The machine's content of a plan, with the marks of the document."""
    content: Content = {"title": plan.title, "basis": [basis.text for basis in plan.basis], "serial": 0, "marks": []}
    content |= {group: [] for group in FIELDS}
    for goal in plan.goals:
        _add(content, "goals", goal.span, number=goal.number or "", heading=goal.heading, text=goal.text)
    places = _add_tasks(content, plan)
    for target in plan.targets:
        task = next((row for span, row in places if span.start <= target.span.start < span.end), "")
        row = _add(
            content, "targets", None, text=target.text, where=target.where, comparator=str(target.comparator.value),
            value=_plain(target.value), unit=target.unit, indicator=target.indicator or "", task=task,
        )  # fmt: skip
        _mark(content, target.figure or target.span, "target", row["id"])
    for phase in plan.phases:
        _add(
            content, "phases", phase.span, name=phase.name, text=phase.text,
            **{"from": _day(phase.start), "to": _day(phase.end)},
        )  # fmt: skip
    for safeguard in plan.safeguards:
        _add(content, "safeguards", safeguard.span, text=safeguard.text)
    for unread in plan.unread:
        _add(content, "unread", unread.span, text=unread.text, reason=unread.reason.value)
    for heading in plan.headings:
        _mark(content, heading.span, "heading", "")
    for passage in plan.passages:
        _mark(content, passage.span, "passage", "")
    return content


def _add_tasks(content: Content, plan: Plan) -> list[tuple[Span, str]]:
    """Adds chapters and tasks; returns where each task stands and its id."""
    places: list[tuple[Span, str]] = []
    chapters: dict[tuple[str, str], str] = {}
    for task in plan.tasks:
        place = (task.chapter, task.chapter_heading)
        if place not in chapters:
            chapters[place] = _add(content, "chapters", None, label=place[0], heading=place[1])["id"]
        units = {role: join_units([u.name for u in task.units if u.role == role]) for role in Role.values}
        row = _add(
            content, "tasks", task.span, chapter=chapters[place], number=str(task.number), text=task.text,
            key=task.key, score="" if task.score is None else _plain(task.score), due=_day(task.due),
            standard=task.standard, **units,
        )  # fmt: skip
        for unit in task.units:
            if unit.role != Role.COMMON:
                _mark(content, unit.span, "unit", row["id"])
        places.append((task.span, row["id"]))
    return places


def _add(content: Content, group: str, span: Span | None, **values: Any) -> Row:
    content["serial"] += 1
    row = empty_row(group, f"{LETTER[group]}{content['serial']}", **values)
    content[group].append(row)
    if span is not None:
        _mark(content, span, group, row["id"])
    return row


def _mark(content: Content, span: Span, kind: str, row_id: str) -> None:
    if span.end > span.start:
        content["marks"].append([span.start, span.end, kind, row_id])


def _plain(value: Any) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def without_marks(content: Content) -> Content:
    return {name: value for name, value in content.items() if name != "marks"}


def rows_by_id(content: Content) -> dict[str, tuple[str, Row]]:
    """Every row with its group."""
    return {row["id"]: (group, row) for group in FIELDS for row in content.get(group, [])}


def missing_rows(content: Content, machine: Content) -> dict[str, list[Row]]:
    """Rows that the machine read and a person took out, by group: they can be put back."""
    present = rows_by_id(content)
    return {group: [row for row in machine.get(group, []) if row["id"] not in present] for group in FIELDS}


def differences(old: Content, new: Content) -> Iterable[tuple[str, str]]:
    """(name of the field as on the form, what stands in `old`) wherever a field of a shared row differs."""
    for name in ("title", "basis"):
        if old[name] != new[name]:
            yield name, "\n".join(old[name]) if isinstance(old[name], list) else old[name]
    theirs = rows_by_id(old)
    for row_id, (group, row) in rows_by_id(new).items():
        if row_id in theirs:
            other = theirs[row_id][1]
            for field in FIELDS[group]:
                if row[field] != other[field]:
                    yield f"{group}.{row_id}.{field}", str(other[field])
