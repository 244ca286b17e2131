"""Adding, removing and moving rows of a content. Pure: every function returns a new content."""

from copy import deepcopy

from nongan.programme.rules.content import FIELDS, LETTER, Content, empty_row, rows_by_id

TAKEN_AS = ("tasks", "targets", "goals", "phases", "safeguards")  # what an unread piece may turn out to be


def apply(content: Content, machine: Content, act: str) -> tuple[Content, str]:
    """The content after an act, and the id of the row to show; an act that is not understood changes nothing.

    add.<group>[.<chapter id>] · remove.<group>.<id> · up.… · down.… · restore.<group>.<id> · take.<group>.<unread id>
    """
    verb, _dot, rest = act.partition(".")
    group, _dot, row_id = rest.partition(".")
    if group not in FIELDS:
        return content, ""
    changed = deepcopy(content)
    if verb == "add":
        return changed, _add(changed, group, row_id)
    if verb == "restore":
        return changed, _restore(changed, machine, group, row_id)
    if verb == "take" and group in TAKEN_AS:
        return changed, _take(changed, group, row_id)
    places = [row["id"] for row in changed[group]]
    if row_id not in places:
        return content, ""
    place = places.index(row_id)
    if verb == "remove":
        return changed, _remove(changed, group, place)
    if verb in ("up", "down"):
        _move(changed, group, place, -1 if verb == "up" else 1)
        return changed, row_id
    return content, ""


def _add(content: Content, group: str, chapter: str) -> str:
    content["serial"] += 1
    row = empty_row(group, f"{LETTER[group]}{content['serial']}")
    if group == "tasks":
        known = any(chapter == head["id"] for head in content["chapters"])
        row["chapter"] = chapter if known else _last_chapter(content)
        content["tasks"].insert(_end_of_chapter(content, row["chapter"]), row)
        row["number"] = str(_next_number(content, row["chapter"]))
    else:
        content[group].append(row)
    return str(row["id"])


def _end_of_chapter(content: Content, chapter: str) -> int:
    places = [place for place, task in enumerate(content["tasks"]) if task["chapter"] == chapter]
    return places[-1] + 1 if places else len(content["tasks"])


def _last_chapter(content: Content) -> str:
    if not content["chapters"]:
        _add(content, "chapters", "")
    return str(content["chapters"][-1]["id"])


def _next_number(content: Content, chapter: str) -> int:
    numbers = [int(t["number"]) for t in content["tasks"] if t["chapter"] == chapter and t["number"].isdecimal()]
    return max(numbers, default=0) + 1


def _remove(content: Content, group: str, place: int) -> str:
    """The row after it (or before) is shown next. A chapter with tasks stays: tasks belong to a chapter."""
    row = content[group][place]
    if group == "chapters" and any(task["chapter"] == row["id"] for task in content["tasks"]):
        return str(row["id"])
    del content[group][place]
    rest = content[group]
    return str(rest[min(place, len(rest) - 1)]["id"]) if rest else ""


def _move(content: Content, group: str, place: int, step: int) -> None:
    """Past the neighbour; for tasks past the neighbour of the same chapter."""
    rows = content[group]
    other = place + step
    if group == "tasks":
        while 0 <= other < len(rows) and rows[other]["chapter"] != rows[place]["chapter"]:
            other += step
    if 0 <= other < len(rows):
        rows.insert(other, rows.pop(place))


def _restore(content: Content, machine: Content, group: str, row_id: str) -> str:
    """Put a row that the machine read back behind the rows that it followed."""
    order = [row["id"] for row in machine.get(group, [])]
    if row_id not in order or row_id in rows_by_id(content):
        return ""
    row = deepcopy(machine[group][order.index(row_id)])
    if group == "tasks" and row["chapter"] not in {chapter["id"] for chapter in content["chapters"]}:
        _restore(content, machine, "chapters", row["chapter"])
    before = set(order[: order.index(row_id)])
    places = [place for place, other in enumerate(content[group]) if other["id"] in before]
    content[group].insert(places[-1] + 1 if places else 0, row)
    return row_id


def _take(content: Content, group: str, unread_id: str) -> str:
    """An unread piece becomes a row of a group, to be completed by hand; the piece counts as settled."""
    unread = next((row for row in content["unread"] if row["id"] == unread_id), None)
    if unread is None:
        return ""
    row_id = _add(content, group, "")
    row = next(row for row in content[group] if row["id"] == row_id)
    row["text"], unread["settled"] = unread["text"], True
    if group == "targets":
        row["comparator"] = ">="
    return row_id
