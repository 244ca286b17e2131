"""The tables that ship with the product: demonstration data with its source, refreshed at every set-up."""

import csv
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import models as db
from django.db import transaction

from nongan.standards.models import Analyte, Ban, Branch, Commodity, Component, Edition, Limit, PanelItem
from nongan.standards.queries.book import read_book
from nongan.standards.rules import parse_limit
from nongan.standards.services.stamp import renew

DATA = Path(__file__).parent.parent / "data"
AT_ONCE = 500


@transaction.atomic
def load_reference() -> dict[str, int]:
    """Bring the shipped foods, items, limits, bans and panels into the database; idempotent.

    What the operator imported stands beside it untouched, as does a limit that a person corrected or ended, and an
    edition whose end the operator set keeps it.
    Raises TreeBroken, AnalytesBroken when shipped and imported tables contradict each other; then nothing is changed.
    """
    counts = {
        "commodities": _commodities(list(_rows("commodities.csv"))),
        "analytes": _analytes(list(_rows("analytes.csv"))),
        "editions": _editions(list(_rows("editions.csv"))),
        "limits": _limits(list(_rows("limits.csv"))),
        "bans": _bans(list(_rows("bans.csv"))),
        "panel items": _panels(list(_rows("panels.csv"))),
    }
    read_book()
    renew()
    return counts


def _rows(file: str) -> Iterator[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def _upsert(objects: Iterable[Any], model: type[db.Model], unique: list[str], update: list[str]) -> None:
    model._default_manager.bulk_create(
        objects, batch_size=AT_ONCE, update_conflicts=True, unique_fields=unique, update_fields=update
    )


def _names(text: str) -> list[str]:
    return text.split("|") if text else []


def _codes(text: str) -> list[str]:
    return text.split(";") if text else []


def _commodities(rows: list[dict[str, str]]) -> int:
    foods = [
        Commodity(
            code=row["code"], name=row["name"], synonyms=_names(row["synonyms"]), heads=_names(row["heads"]),
            processed=row["processed"] == "1", position=place, source=row["source"],
        )
        for place, row in enumerate(rows)
    ]  # fmt: skip
    _upsert(foods, Commodity, ["code"], ["name", "synonyms", "heads", "processed", "position", "source"])
    Branch.objects.filter(commodity__in=[food.code for food in foods]).delete()
    Branch.objects.bulk_create(
        (
            Branch(commodity_id=row["code"], parent_id=parent, position=place)
            for row in rows
            for place, parent in enumerate(_codes(row["parents"]))
        ),
        batch_size=AT_ONCE,
    )
    return len(foods)


def _analytes(rows: list[dict[str, str]]) -> int:
    fields = ["name", "english", "kind", "definition", "source"]
    items = [
        Analyte(code=row["code"], synonyms=_names(row["synonyms"]), **{field: row[field] for field in fields})
        for row in rows
    ]
    _upsert(items, Analyte, ["code"], [*fields, "synonyms"])
    for row in rows:
        if row["screens"]:
            Analyte.objects.filter(code=row["code"]).update(screens=row["screens"])
    Component.objects.filter(whole__in=[item.code for item in items]).delete()
    Component.objects.bulk_create(
        Component(whole_id=row["code"], part_id=part.split("*")[0], factor=Decimal(part.partition("*")[2] or 1))
        for row in rows
        for part in _codes(row["parts"])
    )
    return len(items)


def _editions(rows: list[dict[str, str]]) -> int:
    for row in rows:
        told: dict[str, Any] = {name: row[name] for name in ("series", "title", "valid_from", "authority", "source")}
        told |= {name: row[name] == "1" for name in ("complete", "demonstration")}
        Edition.objects.get_or_create(code=row["code"], defaults=told | {"valid_to": row["valid_to"] or None})
    return len(rows)


LIMIT_FIELDS = ["unit", "food_text", "condition", "note", "source"]


def _limits(rows: list[dict[str, str]]) -> int:
    editions = dict(Edition.objects.values_list("code", "pk"))
    own = set(Limit.objects.filter(version__gt=0).values_list("edition__code", "key"))
    rows = [row for row in rows if (row["edition"], row["key"]) not in own]
    limits = []
    for row in rows:
        bounds = parse_limit(row["limit"], row["unit"])
        told = {name: row[name] for name in LIMIT_FIELDS} | {"unit": bounds.unit}
        limits.append(
            Limit(
                edition_id=editions[row["edition"]], key=row["key"], analyte_id=row["analyte"],
                commodity_id=row["commodity"], form=bounds.form, low=bounds.low, high=bounds.high, basis=bounds.basis,
                temporary=bounds.temporary, **told,
            )
        )  # fmt: skip
    changing = ["analyte", "commodity", "form", "low", "high", "basis", "temporary", *LIMIT_FIELDS]
    _upsert(limits, Limit, ["edition", "key"], changing)
    kept = {(edition, key): pk for pk, edition, key in Limit.objects.values_list("pk", "edition_id", "key")}
    keys = [kept[editions[row["edition"]], row["key"]] for row in rows]
    _link(Limit.exclusions.through, "limit_id", keys, [_codes(row["exclusions"]) for row in rows])
    return len(limits)


BAN_FIELDS = ["status", "valid_from", "scope_text", "test", "listed_as", "basis", "note", "confidence", "source"]


def _bans(rows: list[dict[str, str]]) -> int:
    bans = [
        Ban(
            key=f"shipped-{row['key']}", analyte_id=row["analyte"], valid_to=row["valid_to"] or None,
            everywhere=row["everywhere"] == "1", demonstration=row["demonstration"] == "1",
            **{name: row[name] for name in BAN_FIELDS},
        )
        for row in rows
    ]  # fmt: skip
    _upsert(bans, Ban, ["key"], ["analyte", "valid_to", "everywhere", "demonstration", *BAN_FIELDS])
    kept = dict(Ban.objects.values_list("key", "pk"))
    keys = [kept[f"shipped-{row['key']}"] for row in rows]
    _link(Ban.scope.through, "ban_id", keys, [_codes(row["scope"]) for row in rows])
    return len(bans)


def _link(through: type[db.Model], column: str, keys: list[int], codes: list[list[str]]) -> None:
    """The foods of each row are exactly these."""
    manager = through._default_manager
    for start in range(0, len(keys), AT_ONCE):
        manager.filter(**{f"{column}__in": keys[start : start + AT_ONCE]}).delete()
    pairs = [(key, code) for key, some in zip(keys, codes, strict=True) for code in some]
    manager.bulk_create((through(**{column: key, "commodity_id": code}) for key, code in pairs), batch_size=AT_ONCE)


def _panels(rows: list[dict[str, str]]) -> int:
    items = [
        PanelItem(
            commodity_id=row["commodity"],
            analyte_id=row["analyte"],
            position=int(row["position"]),
            source=row["source"],
        )
        for row in rows
    ]
    _upsert(items, PanelItem, ["commodity", "analyte"], ["position", "source"])
    return len(items)
