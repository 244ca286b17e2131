"""A plan's content as the JSON that systems exchange (and `nongan plan read --json` prints). Pure."""

from typing import Any

from nongan.programme.rules.content import Content
from nongan.programme.rules.reading.shapes import Role
from nongan.programme.rules.units import split_units


def plan_json(content: Content) -> dict[str, Any]:
    """{"title", "basis", "goals", "targets", "tasks", "phases", "safeguards", "unread"}; dates as ISO text or null,
    values as decimal text. Units come in the order responsible, lead, support, common."""
    chapters = {chapter["id"]: chapter for chapter in content["chapters"]}
    return {
        "title": content["title"],
        "basis": list(content["basis"]),
        "goals": [
            {"number": row["number"] or None, "heading": row["heading"], "text": row["text"]}
            for row in content["goals"]
        ],
        "targets": [
            {name: row[name] for name in ("text", "where", "comparator", "value", "unit")}
            | {"indicator": row["indicator"] or None}
            for row in content["targets"]
        ],
        "tasks": [_task(row, chapters.get(row["chapter"], {})) for row in content["tasks"]],
        "phases": [
            {"name": row["name"], "from": row["from"] or None, "to": row["to"] or None, "text": row["text"]}
            for row in content["phases"]
        ],
        "safeguards": [row["text"] for row in content["safeguards"]],
        "unread": [row["text"] for row in content["unread"] if not row["settled"]],
    }


def _task(row: dict[str, Any], chapter: dict[str, Any]) -> dict[str, Any]:
    return {
        "chapter": chapter.get("label", ""),
        "chapter_heading": chapter.get("heading", ""),
        "number": int(row["number"]) if row["number"].isdecimal() else None,
        "text": row["text"],
        "units": [{"name": name, "role": role} for role in Role.values for name in split_units(row[role])],
        "key": row["key"],
        "score": row["score"] or None,
        "due": row["due"] or None,
    }
