"""The journal for systems that keep a copy: read onwards by sequence, prove by hash."""

from datetime import datetime
from typing import Any

from ninja import Field, Query, Router, Schema

from nongan.common.api import Refusal, Text
from nongan.common.http import ApiRequest
from nongan.journal.models import Line
from nongan.journal.queries import lines_visible_to, require_reader

router = Router(tags=["journal"])
MOST = 200
LAST = 2**63 - 1  # the largest sequence that the table can hold


class JournalLineOut(Schema):
    sequence: int
    at: datetime
    by: str
    action: str
    on_model: str
    on_id: str
    division: str
    details: dict[str, Any]
    previous: str
    hash: str


class JournalLinesOut(Schema):
    """`next` is the sequence to ask after for more; null at the end."""

    items: list[JournalLineOut]
    next: int | None


class JournalLinesIn(Schema):
    after: int = Field(0, ge=0, le=LAST, description="Only lines with a larger sequence.")
    action: Text = Field("", description="Beginning of the name of the act, such as `monitoring.sample`.")
    on_model: Text = ""
    on_id: Text = ""
    most: int = Field(MOST, ge=1, le=MOST)


@router.get("/lines", response={200: JournalLinesOut, 403: Refusal})
def list_lines(request: ApiRequest, query: Query[JournalLinesIn]) -> dict[str, Any]:
    """Lines of your division, oldest first."""
    require_reader(request.auth)
    rows = lines_visible_to(request.auth).filter(sequence__gt=query.after).order_by("sequence")
    for column, value in (("action__startswith", query.action), ("on_model", query.on_model), ("on_id", query.on_id)):
        rows = rows.filter(**{column: value}) if value else rows
    found = list(rows[: query.most + 1])
    more, found = len(found) > query.most, found[: query.most]
    return {"items": [_line(line) for line in found], "next": found[-1].sequence if more else None}


def _line(line: Line) -> dict[str, Any]:
    fields = ("sequence", "at", "by", "action", "on_model", "on_id", "division", "previous", "hash")
    return {name: getattr(line, name) for name in fields} | {"details": line.facts}
