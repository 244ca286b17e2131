"""Foods and items by code and by name."""

from collections.abc import Iterable, Sequence

from nongan.standards.models import Analyte, Commodity, PanelItem
from nongan.standards.queries.book import book
from nongan.standards.rules import Analytes, Tree
from nongan.standards.rules.names import key

AT_ONCE = 5_000  # codes in one statement; SQLite takes 32,766 at most
Option = tuple[str, str]  # code, label


def known_commodities(codes: Iterable[str]) -> set[str]:
    """Those of the codes that exist."""
    return set(commodity_names(codes))


def known_analytes(codes: Iterable[str]) -> set[str]:
    """Those of the codes that exist."""
    return set(analyte_names(codes))


def commodity_names(codes: Iterable[str]) -> dict[str, str]:
    """Code → name, of those that exist."""
    found: dict[str, str] = {}
    for some in _chunks(codes):
        found |= dict(Commodity.objects.filter(code__in=some).values_list("code", "name"))
    return found


def analyte_names(codes: Iterable[str]) -> dict[str, str]:
    """Code → name, of those that exist."""
    found: dict[str, str] = {}
    for some in _chunks(codes):
        found |= dict(Analyte.objects.filter(code__in=some).values_list("code", "name"))
    return found


def _chunks(codes: Iterable[str]) -> Iterable[list[str]]:
    listed = sorted(set(codes))
    return (listed[i : i + AT_ONCE] for i in range(0, len(listed), AT_ONCE))


def find_commodity(text: str) -> str | None:
    """The code of a food by its code, label, name or synonym, with or without adornments; None unless clear."""
    return food_named(book().tree, text)


def find_exactly(text: str) -> str | None:
    """The code of a food by its code, name or synonym, never by the ending of its name."""
    tree, wanted = book().tree, text.strip()
    if wanted in tree.nodes:
        return wanted
    found = tree.find(wanted)
    return found.code or None if "结尾" not in found.how else None


def food_named(tree: Tree, text: str) -> str | None:
    wanted = text.strip()
    if wanted in tree.nodes:
        return wanted
    return tree.find(wanted).code or _labelled(commodity_labels(tree), wanted)


def find_analyte(text: str) -> str | None:
    """The code of an item by its code, name or synonym; None when unknown."""
    return item_named(book().analytes, text)


def item_named(analytes: Analytes, text: str) -> str | None:
    wanted = text.strip()
    return wanted if wanted in analytes.by_code else analytes.find(wanted) or None


def _labelled(labels: dict[str, str], text: str) -> str | None:
    return next((code for code, label in labels.items() if label == text), None)


def commodity_labels(tree: Tree) -> dict[str, str]:
    """Code → name, with the category behind it where two foods have one name."""
    count: dict[str, int] = {}
    for one in tree.nodes.values():
        count[one.name] = count.get(one.name, 0) + 1
    return {
        one.code: f"{one.name}（{tree.name(one.parents[0])}）" if count[one.name] > 1 and one.parents else one.name
        for one in tree.nodes.values()
    }


def pick_commodities(text: str, most: int = 12) -> list[Option]:
    """Suggestions for a box in which somebody picks a food, the likeliest first: code, label."""
    tree = book().tree
    labels = commodity_labels(tree)
    names = {one.code: (labels[one.code], one.name, *one.synonyms, *one.heads) for one in tree.nodes.values()}
    meant = tree.find(text).codes if text.strip() else ()
    return _pick(text, labels, names, meant, most)


def foods_meant(text: str, most: int = 50) -> list[str]:
    """Codes of a food, or of everything in a category; of a text that names neither, of all that it might mean."""
    tree, code = book().tree, find_commodity(text)
    if code is None:
        return sorted(code for code, _label in pick_commodities(text.strip(), most))
    return sorted({code, *tree.below(code)})


def pick_analytes(text: str, most: int = 12) -> list[Option]:
    """Suggestions for a box in which somebody picks an item, the likeliest first: code, label."""
    analytes = book().analytes
    labels = {one.code: one.name for one in analytes.by_code.values()}
    names = {one.code: (one.name, *one.synonyms) for one in analytes.by_code.values()}
    found = analytes.find(text) if text.strip() else ""
    return _pick(text, labels, names, (found,) if found else (), most)


def _pick(
    text: str, labels: dict[str, str], names: dict[str, tuple[str, ...]], meant: Sequence[str], most: int
) -> list[Option]:
    """Exactly this first, then what was understood, what begins so, what contains it; shorter names first."""
    wanted = key(text)
    if not wanted:
        return list(labels.items())[:most]
    ranked = []
    for place, (code, spellings) in enumerate(names.items()):
        rank = _rank(wanted, code, [key(name) for name in spellings], code in meant)
        if rank is not None:
            ranked.append((rank, len(labels[code]), place, code))
    return [(code, labels[code]) for *_, code in sorted(ranked)[:most]]


def _rank(wanted: str, code: str, spellings: list[str], meant: bool) -> int | None:
    if wanted == code.casefold() or wanted == spellings[0]:
        return 0
    if meant or wanted in spellings:
        return 1
    if any(name.startswith(wanted) for name in spellings) or code.casefold().startswith(wanted):
        return 2
    return 3 if any(wanted in name for name in spellings) else None


def usual_panel(commodity_code: str) -> tuple[str, ...]:
    """Codes of the items usually tested in a food: its own panel, else that of its nearest category."""
    tree = book().tree
    if commodity_code not in tree.nodes:
        return ()
    ways = tree.chains(commodity_code)
    rows = PanelItem.objects.filter(commodity__in=list(ways)).order_by("position")
    panels: dict[str, list[str]] = {}
    for code, analyte in rows.values_list("commodity_id", "analyte_id"):
        panels.setdefault(code, []).append(analyte)
    nearest = min(panels, key=lambda code: len(ways[code]), default="")
    return tuple(panels.get(nearest, ()))
