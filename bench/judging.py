"""Judging a million results against ten thousand limits with category fallback, against a DuckDB join of the same.

Both read the same Parquet files and end with verdict, limit and path of every result in memory. The reference expands
each food into its categories, joins the limits in force on the day, drops excepted foods, keeps the nearest, compares.
"""

import random
import sys
import tempfile
import time
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.measure import measured, report  # noqa: E402

RESULTS, LIMITS, FOODS, ITEMS = 1_000_000, 10_000, 900, 300
PANEL = 40  # items usually tested in one food
EDITIONS = [("E1", date(2021, 9, 3), date(2026, 2, 28)), ("E2", date(2026, 3, 1), date(9999, 12, 31))]
UNITS = ["mg/kg", "μg/kg"]


def make(folder: str) -> None:
    """A tree of four levels, limits on every level with exceptions, results over two years; the same every time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    chance = random.Random(20260301)
    parents = {f"F{n}": f"F{(n - 1) // 9}" if n else "" for n in range(FOODS)}
    leaves = [code for code in parents if code not in set(parents.values())]
    limits, taken = [], set()
    while len(limits) < LIMITS:
        edition, item = chance.choice(EDITIONS)[0], f"A{chance.randrange(ITEMS)}"
        food = f"F{chance.choice([chance.randrange(10), chance.randrange(100), chance.randrange(FOODS)])}"
        if (edition, item, food) not in taken:
            taken.add((edition, item, food))
            limits.append((len(limits), edition, item, food, Decimal(chance.randrange(1, 500)) / 100))
    excepted = [(n, chance.choice(leaves)) for n, *_ in limits if chance.random() < 0.2]
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(700)]
    panels = {food: [f"A{n}" for n in chance.sample(range(ITEMS), PANEL)] for food in leaves}
    tested = [chance.choice(leaves) for _ in range(RESULTS)]
    tables = {
        "foods": {"food": list(parents), "parent": list(parents.values())},
        "editions": dict(
            zip(("edition", "valid_from", "valid_to"), map(list, zip(*EDITIONS, strict=True)), strict=True)
        ),
        "limits": {
            name: pa.array([row[i] for row in limits], pa.decimal128(18, 6) if name == "high" else None)
            for i, name in enumerate(("row", "edition", "item", "food", "high"))
        },
        "excepted": {"row": [n for n, _ in excepted], "food": [food for _, food in excepted]},
        "results": {
            "food": tested,
            "item": [chance.choice(panels[food]) for food in tested],
            "day": [chance.choice(days) for _ in range(RESULTS)],
            "amount": pa.array([Decimal(chance.randrange(1, 600)) / 100 for _ in range(RESULTS)], pa.decimal128(18, 6)),
            "unit": [chance.choice(UNITS) for _ in range(RESULTS)],
        },
    }
    for name, columns in tables.items():
        pq.write_table(pa.table(columns), f"{folder}/{name}.parquet")


def ours(folder: str) -> dict[str, Any]:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.testing")
    import django
    import pandas  # noqa: F401  # pyarrow loads it at its first conversion
    import pyarrow.parquet as pq

    django.setup()
    from nongan.standards.rules import Analyte, Analytes, Bounds, Commodity, Edition, Limit, LimitBook, LimitForm, Tree
    from nongan.standards.rules.bulk import judge_columns

    start = time.perf_counter()
    read = {n: pq.read_table(f"{folder}/{n}.parquet").to_pydict() for n in ("foods", "editions", "limits", "excepted")}
    foods, editions, limits, excepted = read["foods"], read["editions"], read["limits"], read["excepted"]
    out: dict[int, set[str]] = {}
    for row, food in zip(excepted["row"], excepted["food"], strict=True):
        out.setdefault(row, set()).add(food)
    book = LimitBook.of(
        Tree.of(
            Commodity(food, food, (parent,) if parent else ())
            for food, parent in zip(foods["food"], foods["parent"], strict=True)
        ),
        Analytes.of(Analyte(f"A{n}", f"A{n}") for n in range(ITEMS)),
        [Edition(*row[:1], "", "", *row[1:]) for row in zip(*editions.values(), strict=True)],
        [
            Limit(
                edition, item, food, Bounds(LimitForm.MAXIMUM, high=high, unit="mg/kg"),
                exclusions=frozenset(out.get(row, ())), key=str(row),
            )
            for row, edition, item, food, high in zip(*limits.values(), strict=True)
        ],
    )  # fmt: skip
    results = pq.read_table(f"{folder}/results.parquet", read_dictionary=["food", "item", "unit"])
    column = {name: results[name].combine_chunks() for name in results.column_names}
    judged = judge_columns(
        book, foods=column["food"], analytes=column["item"], days=column["day"], amounts=column["amount"],
        units=column["unit"],
    )  # fmt: skip
    seconds = time.perf_counter() - start
    kept = list(judged)
    limits_kept = [rule.limit.key if rule.limit else None for _, rule in kept[:1000]]
    return {"seconds": seconds, "counts": Counter(verdict.value for verdict, _ in kept), "first": limits_kept}


JOIN = """
with recursive ways as (
    select food, food as node, 0 as depth from foods
    union all select w.food, f.parent, w.depth + 1 from ways w join foods f on f.food = w.node where f.parent <> ''
), paths as (
    select food, node, depth, food || ' → ' || node as path from ways
), numbered as (
    select row_number() over () as n, *, amount * case unit when 'μg/kg' then 0.001 else 1 end as mg from results
), hits as (
    select r.n, l.row, l.high, p.path, p.depth
    from numbered r
    join paths p on p.food = r.food
    join limits l on l.item = r.item and l.food = p.node
    join editions e on e.edition = l.edition and r.day between e.valid_from and e.valid_to
    where not exists (select 1 from excepted x join paths q on q.node = x.food where x.row = l.row and q.food = r.food)
), nearest as (
    select n, arg_min(row, depth) as row, arg_min(high, depth) as high, arg_min(path, depth) as path
    from hits group by n
)
select r.n, h.row, h.path,
    case when h.n is null then 'unjudged' when r.mg > h.high then 'fail' else 'pass' end as verdict
from numbered r left join nearest h on h.n = r.n order by r.n
"""


def reference(folder: str) -> dict[str, Any]:
    import duckdb

    start = time.perf_counter()
    connection = duckdb.connect()
    for name in ("foods", "editions", "limits", "excepted", "results"):
        connection.execute(f"create view {name} as select * from read_parquet('{folder}/{name}.parquet')")
    table = connection.sql(JOIN).to_arrow_table()
    seconds = time.perf_counter() - start
    first = [str(row) if row is not None else None for row in table["row"].slice(0, 1000).to_pylist()]
    return {"seconds": seconds, "counts": Counter(table["verdict"].to_pylist()), "first": first}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        measured(make, folder)
        own, other = measured(ours, folder), measured(reference, folder)
    assert own.result["counts"] == other.result["counts"], (own.result["counts"], other.result["counts"])
    assert own.result["first"] == other.result["first"]
    report(f"judge {RESULTS:,} results against {LIMITS:,} limits", own, other, "5", of="DuckDB join")
    print("  " + ", ".join(f"{verdict} {n:,}" for verdict, n in sorted(own.result["counts"].items())))


if __name__ == "__main__":
    main()
