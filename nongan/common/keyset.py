"""Lists that page by key: any page of ten million rows costs what the first one costs.

The reader's place is the ordering values of the last row seen, packed into an opaque token; no OFFSET is used.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

SIZES = (20, 50, 100)
COUNT_TO = 10_000  # beyond this a list says “10,000+”: counting further would cost more than the page itself

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list. `count` stops at COUNT_TO + 1; `next` and `previous` are tokens, empty at the ends."""

    rows: list[Row]
    next: str
    previous: str
    count: int
    size: int

    @property
    def more_than_counted(self) -> bool:
        return self.count > COUNT_TO


def keyset_page(rows: "models.QuerySet[Any, Row]", *, order: tuple[str, ...], at: str = "", size: int = 0) -> Page[Row]:
    """The page of `rows` at token `at` (empty or damaged: the first page).

    `order` names columns of the queryset, never null, `-` for descending, together unique: end it with the key.
    `rows` may be model instances or `.values()`.
    """
    size = size if size in SIZES else SIZES[1]
    backwards, place = _unpack(at, rows.model, order)
    found = rows.filter(_beyond(order, place, backwards)) if place else rows
    wanted = tuple(_reverse(o) for o in order) if backwards else order
    some = list(found.order_by(*wanted)[: size + 1])
    more, some = len(some) > size, some[:size]
    if backwards:
        some.reverse()
    has_next, has_previous = (True, more) if backwards else (more, bool(place))
    whole = not place and not more
    return Page(
        rows=some,
        next=_pack("n", some[-1], order) if some and has_next else "",
        previous=_pack("p", some[0], order) if some and has_previous else "",
        count=len(some) if whole else rows.order_by()[: COUNT_TO + 1].count(),
        size=size,
    )


def _reverse(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: tuple[str, ...], place: list[Any], backwards: bool) -> Q:
    """Rows after the place in lexicographic order; the first condition alone lets an index find the start."""
    clause, equal = Q(), Q()
    for name, value in zip(order, place, strict=True):
        column = name.lstrip("-")
        step = "lt" if name.startswith("-") != backwards else "gt"
        clause |= equal & Q(**{f"{column}__{step}": value})
        equal &= Q(**{column: value})
    first = order[0].lstrip("-")
    bound = "lte" if order[0].startswith("-") != backwards else "gte"
    return Q(**{f"{first}__{bound}": place[0]}) & clause


def _pack(direction: str, row: Any, order: tuple[str, ...]) -> str:
    names = [name.lstrip("-") for name in order]
    values = [row[n] if isinstance(row, dict) else _value(row, n) for n in names]
    text = json.dumps([direction, *(str(v) for v in values)], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _unpack(token: str, model: type[models.Model], order: tuple[str, ...]) -> tuple[bool, list[Any]]:
    if not token:
        return False, []
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        direction, *texts = json.loads(text)
        if "\x00" in "".join(map(str, texts)).encode().decode():  # PostgreSQL holds neither that nor half a pair
            return False, []
        fields = [_field(model, name.lstrip("-")) for name in order]
        return direction == "p", [f.to_python(v) for f, v in zip(fields, texts, strict=True)]
    except (ValueError, TypeError, binascii.Error, ValidationError):
        return False, []


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    *parents, last = name.split("__")
    for parent in parents:
        model = model._meta.get_field(parent).related_model  # type: ignore[assignment]
    field = model._meta.pk if last == "pk" else model._meta.get_field(last)
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field  # type: ignore[return-value]
