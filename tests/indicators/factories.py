"""Evidence made by hand: a view over plain rows, definitions of every kind, and a recount that anybody can follow."""

from datetime import date, timedelta
from decimal import Decimal

from nongan.common.divisions import LENGTH
from nongan.common.evidence import EvidenceView
from nongan.indicators.rules.definition import read_definition
from nongan.indicators.rules.periods import FIRST_DAY, MONTHS, PeriodKind, containing, months_later

WORDS = """
[words]
denominator = "行"
numerator = "好的行"
passing = "好的"
failing = "不好的"
[english]
name = "Things"
why = "To test."
denominator = "rows"
numerator = "good rows"
passing = "good"
failing = "bad"
"""


def definition(code, kind="share", **parts):
    """`parts` are lines of TOML by table: top="…", where="…"."""
    top = f"""code = "{code}"
name = "事"
why = "试"
source = "测试"
view = "test.things"
kind = "{kind}"
unit = "{"%" if kind != "count" else "批次"}"
direction = "{parts.pop("direction", "up")}"
target_period = "{parts.pop("target_period", "since")}"
{parts.pop("top", "")}
"""
    tables = "".join(f"[{name}]\n{lines}\n" for name, lines in parts.items())
    return read_definition(f"{code}.toml", top + tables + WORDS)


class Rows(list):
    """Plain rows that can be read as a queryset is."""

    def iterator(self, chunk_size=0):
        return iter(self)


FACTS = {"kind": "text", "good": "bool", "done": "decimal", "due": "decimal", "first": "date", "gone": "date"}


def view_of(rows):
    """A view over a list that the test may change."""
    return EvidenceView(
        name="test.things", title="事", link="registry:subject", facts=FACTS,
        rows=lambda ids: Rows(row for row in rows if ids is None or row["id"] in ids),
    )  # fmt: skip


def row(id, division="360902100000", on=date(2026, 3, 5), **facts):
    kept = {"kind": "routine", "good": True, "done": Decimal(1), "due": Decimal(2), "first": None, "gone": None}
    return {"id": id, "number": f"N{id}", "title": f"第 {id} 件", "division": division, "date": on, **kept, **facts}


SHARE = definition("share", where='kind = ["routine", "supervision"]', numerator="good = true")
COUNT = definition("count", "count", where='kind = "routine"')
RATIO = definition("ratio", "ratio", top='numerator_sum = "done"\ndenominator_sum = "due"', numerator="good = true")
STOCK = definition("stock", stock='until = "gone"\ncounts_from = "first"', where='kind = ["routine", "risk"]')
KINDS = [SHARE, COUNT, RATIO, STOCK]


def recount(rows, definitions, starts, on):
    """Every value, cell by cell, row by row."""
    found = {}
    for one in definitions:
        for division in sorted({d for r in rows for d in above(r["division"])}):
            here = [r for r in rows if division in above(r["division"])]
            for kind, start in periods(here, starts, on, stock=one.stock is not None):
                n, d = sums(one, here, kind, start, on)
                if d if one.kind != "count" else n:
                    found[one.code, division, kind, start.isoformat()] = (n, d)
    return found


def above(division):
    """The division of a row and those that it lies in, down to the township."""
    codes = {division[:digits].ljust(LENGTH, "0") for digits in (2, 4, 6, 9)}
    return {code for code in codes if code <= division}


def periods(rows, starts, on, *, stock):
    days = [r["date"] for r in rows]
    months = {containing(PeriodKind.MONTH, day).start for day in days}
    if stock and days:
        months, month = set(), containing(PeriodKind.MONTH, min(days)).start
        while month <= on:
            months.add(month)
            month = months_later(month, 1)
    found = {(kind.value, containing(kind, month).start) for month in months for kind in MONTHS}
    return found | {("since", start) for start in {FIRST_DAY, *starts} if not stock or start <= on}


def sums(one, rows, kind, start, on):
    end = None if kind == "since" else months_later(start, MONTHS[PeriodKind(kind)])
    if one.stock:
        day = on if end is None else min(end - timedelta(days=1), on)
        here = [r for r in rows if r["kind"] in ("routine", "risk") and r["date"] <= day]
        here = [r for r in here if r["gone"] is None or r["gone"] > day]
        return sum(r["first"] is not None and r["first"] <= day for r in here), len(here)
    here = [r for r in rows if r["date"] >= start and (end is None or r["date"] < end)]
    if one.code == "share":
        here = [r for r in here if r["kind"] in ("routine", "supervision")]
        return sum(r["good"] for r in here), len(here)
    if one.code == "count":
        return sum(r["kind"] == "routine" for r in here), None
    return sum((r["done"] for r in here if r["good"]), Decimal(0)), sum((r["due"] for r in here), Decimal(0))
