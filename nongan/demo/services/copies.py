"""A large city: what the acts made, copied with numbers of its own. Figures, chain and digests hold for copies too.

Only the people, the divisions and the plan are shared. A copy stands where its model stands: same township, same days.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from nongan.common.rows import insert_rows
from nongan.demo.rules import GIVEN, GOODWORDS
from nongan.journal.queries import lines_about
from nongan.journal.services import Past, append_past
from nongan.laboratory.rules.codes import ALPHABET, BLIND_LENGTH, blind_code
from nongan.laboratory.rules.report import digest_of
from nongan.registry.rules import check_character

CONTEXTS = ("registry", "laboratory", "monitoring", "enforcement")  # what grows with a city, the lower first
SHARED = frozenset({"serial", "usual"})  # of these there is one, however large the city
NAMED = frozenset({"registry.Subject.name", "enforcement.Case.party"})
KEYS = {
    "sample": "monitoring.Sample", "specimen": "laboratory.Specimen", "line": "enforcement.DisposalLine",
    "handover": "enforcement.Handover",
}  # fmt: skip
ROWS = 20_000  # in memory while one table is copied

TOKEN = re.compile(
    r"(?P<prefix>\b[A-Z]{2}-(?:\d{4,6}-){1,2})(?P<serial>\d{6})\b"  # AJ-360902-2026-000001
    r"|\bMY-(?P<blind>[2-9A-Z]{10})\b"
    r"|\b(?P<uscc>9\d{7}MY)(?P<nth>\d{7})[0-9A-Z]\b"
    r"|\b(?P<digest>[0-9a-f]{64})\b"
)
KEY = re.compile(rf'"(?P<key>{"|".join(KEYS)})":(?P<pk>\d+)')
GOODWORD = re.compile("|".join(GOODWORDS))

Row = tuple[Any, ...]


def copied_models() -> list[type[models.Model]]:
    """With the tables between two models."""
    kinds = [kind for name in CONTEXTS for kind in apps.get_app_config(name).get_models(include_auto_created=True)]
    return [kind for kind in kinds if kind._meta.model_name not in SHARED]


def copy_city(copies: int, progress: Callable[[int], object]) -> None:
    """Add `copies` copies of all subjects, samples, specimens, reports and cases, with the lines that tell of them."""
    if not copies:
        return
    original, serials = Original(), _serials()
    for nth in range(1, copies + 1):
        with transaction.atomic():
            copy = Copy(nth, original, serials)
            for kind in original.kinds:
                copy.insert(kind)
            append_past(copy.lines())
        progress(1)
    with transaction.atomic(), connection.cursor() as cursor:
        for table, prefix, last in serials.values():
            cursor.execute(f"UPDATE {table} SET last = %s WHERE prefix = %s", [last * (copies + 1), prefix])
        for statement in connection.ops.sequence_reset_sql(no_style(), original.kinds):
            cursor.execute(statement)


def _serials() -> dict[str, tuple[str, str, int]]:
    """Prefix → (table, prefix, the last number given out)."""
    found = {}
    for name in CONTEXTS:
        serial = apps.get_model(name, "Serial")
        for prefix, last in serial._default_manager.values_list("prefix", "last"):
            found[prefix] = (serial._meta.db_table, prefix, last)
    return found


class Original:
    """What is copied: the tables as they stood, with the highest key of each."""

    def __init__(self) -> None:
        self.kinds = copied_models()
        self.highest = {
            kind._meta.label: kind._default_manager.aggregate(n=models.Max("pk"))["n"] or 0 for kind in self.kinds
        }

    def rows(self, kind: type[models.Model]) -> Iterator[list[Row]]:
        """As the database keeps them, so many at once."""
        columns = ", ".join(connection.ops.quote_name(column) for column in columns_of(kind))
        highest, table = self.highest[kind._meta.label], connection.ops.quote_name(kind._meta.db_table)
        for first in range(0, highest, ROWS):
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT {columns} FROM {table} WHERE id > %s AND id <= %s ORDER BY id",
                    [first, min(first + ROWS, highest)],
                )
                yield cursor.fetchall()

    @cached_property
    def told(self) -> list[Past]:
        """The lines about things that are copied, in order."""
        return [Past(*row) for row in lines_about(self.highest).values_list(*Past._fields)]

    @cached_property
    def subjects(self) -> int:
        return self.highest["registry.Subject"]


def stored(kind: type[models.Model]) -> list["models.Field[Any, Any]"]:
    """The columns but for those that the database works out."""
    return [field for field in kind._meta.concrete_fields if not field.generated]


def columns_of(kind: type[models.Model]) -> list[str]:
    return [str(field.column) for field in stored(kind)]


class Copy:
    """The nth copy: every key moved on, every number, code, name and digest one of its own."""

    def __init__(self, nth: int, original: Original, serials: dict[str, tuple[str, str, int]]) -> None:
        self.nth, self.original, self.serials = nth, original, serials
        self.digests: dict[str, str] = {}  # of the first city's reports → of the copies
        self.word = GIVEN[nth // len(GOODWORDS) % len(GIVEN)]

    def insert(self, kind: type[models.Model]) -> None:
        movers = [self.mover(kind, field) for field in stored(kind)]
        for rows in self.original.rows(kind):
            moved = [tuple(move(value) for move, value in zip(movers, row, strict=True)) for row in rows]
            if kind._meta.label == "laboratory.Report":
                moved = self.sealed(kind, rows, moved)
            insert_rows(kind._meta.db_table, columns_of(kind), moved)

    def mover(self, kind: type[models.Model], field: "models.Field[Any, Any]") -> Callable[[Any], Any]:
        """What becomes of the values of a column."""
        target = field.related_model if field.is_relation else kind if field.primary_key else None
        if target is not None:
            highest = self.original.highest.get(target._meta.label, 0)
            return lambda value: value + self.nth * highest if highest and value else value
        if f"{kind._meta.label}.{field.name}" in NAMED:
            return self.renamed
        if isinstance(field, models.CharField | models.TextField | models.JSONField) and not field.choices:
            return lambda value: self.retold(value) if value else value
        return lambda value: value

    def sealed(self, kind: type[models.Model], old: list[Row], moved: list[Row]) -> list[Row]:
        """Reports with the digest of what they say now."""
        columns = columns_of(kind)
        content, digest = columns.index("content"), columns.index("digest")
        sealed = []
        for before, row in zip(old, moved, strict=True):
            self.digests[before[digest]] = fresh = digest_of(json.loads(row[content]))
            sealed.append((*row[:digest], fresh, *row[digest + 1 :]))
        return sealed

    def lines(self) -> Iterator[Past]:
        for line in self.original.told:
            pk = str(int(line.on_id) + self.nth * self.original.highest[line.on_model])
            details = KEY.sub(self._key, self.retold(line.details))
            if line.on_model == "registry.Subject":
                details = self.renamed(details)
            yield line._replace(on_id=pk, details=details)

    def renamed(self, name: str) -> str:
        """Another business name; people may be namesakes."""
        return GOODWORD.sub(
            lambda found: GOODWORDS[(GOODWORDS.index(found[0]) + self.nth) % len(GOODWORDS)] + self.word, name, count=1
        )

    def retold(self, text: str) -> str:
        return TOKEN.sub(self._token, text)

    def _token(self, found: re.Match[str]) -> str:
        if found["prefix"]:
            _table, _prefix, last = self.serials.get(found["prefix"], ("", "", 0))
            return f"{found['prefix']}{int(found['serial']) + self.nth * last:06d}"
        if found["blind"]:
            lot = sha256(f"{found['blind']}{self.nth}".encode()).digest()[:BLIND_LENGTH]
            return blind_code("".join(ALPHABET[byte % len(ALPHABET)] for byte in lot))
        if found["uscc"]:
            first = f"{found['uscc']}{int(found['nth']) + self.nth * self.original.subjects:07d}"
            return first + check_character(first)
        return self.digests.get(found["digest"], found["digest"])

    def _key(self, found: re.Match[str]) -> str:
        return f'"{found["key"]}":{int(found["pk"]) + self.nth * self.original.highest[KEYS[found["key"]]]}'
