"""What an operating context offers for counting: a named, flat view, one row per thing.

A view's queryset yields dictionaries with the fixed columns and the view's own facts, under exactly these names:

id        whole number, the key of the row in this view
number    what people call it; `link` (a URL name) takes it as its only argument
title     one readable line
division  full 12-digit code
date      the day on which it counts (for `stock` views: from which it exists)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

FIXED = {"id": "int", "number": "text", "title": "text", "division": "text", "date": "date"}


@dataclass(frozen=True)
class EvidenceView:
    """`facts`: further columns → "text" | "bool" | "date" | "decimal" | "int"; a date may be null, the others not.

    `rows(ids)` is the queryset of all rows (ids None) or of some. `touched_by`: journal action → name of the detail
    that holds the row's id ("" for the line's own `on_id`), so that only what changed is counted again.
    """

    name: str
    title: Any  # translatable
    rows: Callable[[list[int] | None], "QuerySet[Any, dict[str, Any]]"]
    link: str
    facts: Mapping[str, str] = field(default_factory=dict)
    touched_by: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> dict[str, str]:
        return {**FIXED, **self.facts}
