"""The whole law as one value, read once per process and again when somebody changed it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from nongan.standards import models, rules

_kept: dict[str, rules.LimitBook] = {}  # the token of the stamp → the book; only the latest is kept


def book() -> rules.LimitBook:
    """The law as it stands in the tables. One small query as long as nothing changed."""
    token = models.Stamp.objects.values_list("token", flat=True).first()
    if token is None:
        return read_book()
    found = _kept.get(token)
    if found is None:
        found = read_book()
        _kept.clear()
        _kept[token] = found
    return found


def read_book() -> rules.LimitBook:
    """Read every table. Raises TreeBroken, AnalytesBroken where they contradict themselves."""
    return rules.LimitBook.of(read_tree(), read_analytes(), read_editions(), _limits(), _bans())


def read_tree() -> rules.Tree:
    parents: dict[str, list[str]] = defaultdict(list)
    branches = models.Branch.objects.order_by("commodity_id", "position", "pk")
    for code, parent in branches.values_list("commodity_id", "parent_id"):
        parents[code].append(parent)
    return rules.Tree.of(
        rules.Commodity(
            code=one.code, name=one.name, parents=tuple(parents[one.code]), synonyms=tuple(one.synonyms),
            heads=tuple(one.heads), processed=one.processed, source=one.source,
        )
        for one in models.Commodity.objects.order_by("position", "code")
    )  # fmt: skip


def read_analytes() -> rules.Analytes:
    parts: dict[str, list[rules.Part]] = defaultdict(list)
    for whole, part, factor in models.Component.objects.order_by("pk").values_list("whole_id", "part_id", "factor"):
        parts[whole].append(rules.Part(part, factor.normalize()))
    return rules.Analytes.of(
        rules.Analyte(
            code=one.code, name=one.name, kind=rules.AnalyteKind(one.kind), synonyms=tuple(one.synonyms),
            definition=one.definition, parts=tuple(parts[one.code]), screens=one.screens_id or "", source=one.source,
        )
        for one in models.Analyte.objects.order_by("code")
    )  # fmt: skip


def read_editions() -> list[rules.Edition]:
    return [
        rules.Edition(
            code=one.code, series=one.series, title=one.title, valid_from=one.valid_from, valid_to=one.valid_to,
            authority=rules.Authority(one.authority), complete=one.complete, demonstration=one.demonstration,
            source=one.source,
        )
        for one in models.Edition.objects.order_by("valid_from", "code")
    ]  # fmt: skip


LIMIT_COLUMNS = (
    "pk", "edition__code", "analyte_id", "commodity_id", "form", "low", "high", "unit", "basis", "temporary",
    "food_text", "condition", "note", "source", "key", "valid_from", "valid_to",
)  # fmt: skip


def _limits() -> Iterable[rules.Limit]:
    exclusions = _pairs(models.Limit.exclusions.through.objects.values_list("limit_id", "commodity_id"))
    for row in models.Limit.objects.order_by("pk").values_list(*LIMIT_COLUMNS).iterator(chunk_size=5000):
        pk, edition, analyte, commodity, form, low, high, unit, basis, temporary, *told = row
        food, condition, note, source, key, start, end = told
        bounds = rules.Bounds(rules.LimitForm(form), low, high, unit, basis, temporary)
        yield rules.Limit(
            edition=edition, analyte=analyte, commodity=commodity, bounds=bounds, food_text=food,
            exclusions=frozenset(exclusions.get(pk, ())), condition=condition, note=note, source=source, key=key,
            valid_from=start, valid_to=end,
        )  # fmt: skip


def _bans() -> Iterable[rules.Ban]:
    scopes = _pairs(models.Ban.scope.through.objects.values_list("ban_id", "commodity_id"))
    for one in models.Ban.objects.order_by("pk"):
        yield rules.Ban(
            analyte=one.analyte_id, status=rules.BanStatus(one.status), valid_from=one.valid_from, basis=one.basis,
            valid_to=one.valid_to, everywhere=one.everywhere, scope=frozenset(scopes.get(one.pk, ())),
            test=rules.BanTest(one.test), listed_as=one.listed_as, scope_text=one.scope_text, note=one.note,
            confidence=one.confidence, source=one.source, demonstration=one.demonstration, key=one.key,
        )  # fmt: skip


def _pairs(rows: Iterable[tuple[Any, Any]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for pk, code in rows:
        found[pk].append(code)
    return found
