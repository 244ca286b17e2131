"""Every value of ten counties from 10 million rows of evidence, against the same sums by one hand-written query.

Both read the same Parquet files. Ours counts, adds up to county, city and province, to quarter, year and plan, compares
with what is stored and stores 75,000 values in SQLite; the reference only counts and adds up.
"""

import os
import re
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.measure import measured, report  # noqa: E402

RESULTS, DISPOSALS, CRIMES, SUBJECTS = 9_400_000, 180_000, 20_000, 400_000
TOWNSHIPS = 219
NOON = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
PLAN = "2026-01-01"

# Seeded: the same rows on every machine. `i` is the row, `h(n)` a number from its hash.
COMMON = "i AS id, '{number}-' || lpad(i::VARCHAR, 8, '0') AS number, '辣椒 · 绿源蔬菜专业合作社' || i % 5000 AS title"
WHERE = f"(SELECT list(code ORDER BY code) FROM towns)[1 + (h(1) % {TOWNSHIPS})::INT] AS division"
WHEN = "DATE '2024-01-01' + (h(2) % 1058)::INT AS date"
VIEWS = {
    "monitoring.official_results": (RESULTS, "CY", """
        ['routine', 'routine', 'supervision', 'risk'][1 + (h(3) % 4)::INT] AS kind, '产品' || h(4) % 80 AS commodity,
        'ZT-' || h(5) % 300000 AS subject,
        CASE WHEN h(6) % 50 = 0 THEN 'fail' WHEN h(6) % 50 = 1 THEN 'undecided' ELSE 'pass' END AS verdict,
        h(6) % 50 > 1 AS passed, h(6) % 50 = 0 AS failed, h(7) % 3 > 0 AS tested_banned,
        h(7) % 3 > 0 AND h(8) % 300 > 0 AS banned_free, h(9) % 4 > 0 AS quantitative"""),
    "enforcement.disposals": (DISPOSALS, "CZ", """
        h(3) % 20 > 0 AS disposed, CASE WHEN h(3) % 20 > 0 THEN DATE '2026-11-01' END AS decided_on,
        '产品' || h(4) % 80 AS commodity"""),
    "enforcement.suspected_crimes": (CRIMES, "AJ", """
        h(3) % 30 > 0 AS handed_over, h(3) % 30 = 0 AND h(5) % 2 = 0 AS refused, h(4) % 10 > 0 AS in_time,
        CASE WHEN h(3) % 30 > 0 THEN DATE '2026-11-01' END AS handed_over_on"""),
    "registry.subjects": (SUBJECTS, "ZT", """
        'cooperative' AS type, 'above' AS scale,
        CASE WHEN h(3) % 20 > 0 THEN DATE '2024-01-01' + (h(4) % 1058)::INT END AS supervised_from,
        CASE WHEN h(5) % 10 = 0 THEN DATE '2024-01-01' + (h(2) % 1058 + h(6) % 400)::INT END AS closed_on"""),
}  # fmt: skip

RATES = """
    WITH counted AS (
        SELECT place, month, {sums} FROM read_parquet('{files}') GROUP BY ALL
    ), spread AS (
        SELECT place // 1 AS town, place // 1000 AS county, place // 100000 AS city, place // 10000000 AS province,
               month, date_trunc('quarter', month) AS quarter, date_trunc('year', month) AS year,
               month >= DATE '{plan}' AS plan, * EXCLUDE (place, month)
        FROM counted
    )
    SELECT coalesce(town, county, city, province) AS place, coalesce(month, quarter, year) AS start, plan, {totals}
    FROM spread
    GROUP BY GROUPING SETS ({sets})"""
STOCK = """
    WITH moves AS (
        SELECT place, date AS day, 0 AS n, 1 AS d FROM subjects WHERE closed_on IS NULL OR closed_on > date
        UNION ALL
        SELECT place, closed_on, 0, -1 FROM subjects WHERE closed_on > date
        UNION ALL
        SELECT place, greatest(date, supervised_from), 1, 0 FROM subjects
        WHERE supervised_from IS NOT NULL AND (closed_on IS NULL OR closed_on > greatest(date, supervised_from))
        UNION ALL
        SELECT place, closed_on, -1, 0 FROM subjects
        WHERE supervised_from IS NOT NULL AND closed_on > greatest(date, supervised_from)
    ), counted AS (
        SELECT place, date_trunc('month', day) AS month, sum(n) AS n, sum(d) AS d FROM moves WHERE day <= DATE '{on}'
        GROUP BY ALL
    ), spread AS (
        SELECT coalesce(town, county, city, province) AS place, month, sum(n) AS n, sum(d) AS d
        FROM (SELECT place AS town, place // 1000 AS county, place // 100000 AS city, place // 10000000 AS province, *
              FROM counted)
        GROUP BY GROUPING SETS ((town, month), (county, month), (city, month), (province, month))
    ), months AS (
        SELECT unnest(generate_series(DATE '2024-01-01', DATE '{on}', INTERVAL 1 MONTH))::DATE AS month
    )
    SELECT place, month, sum(coalesce(n, 0)) OVER w AS n, sum(coalesce(d, 0)) OVER w AS d
    FROM (SELECT DISTINCT place FROM spread) CROSS JOIN months LEFT JOIN spread USING (place, month)
    WINDOW w AS (PARTITION BY place ORDER BY month)"""


def city(folder: str) -> None:
    os.environ.update(NONGAN_VAR=folder, DJANGO_SETTINGS_MODULE="config.local", NONGAN_DATABASE="")
    import django

    django.setup()


def fill(folder: str) -> None:
    """The divisions of Yichun, the evidence as a snapshot writes it, nothing computed yet."""
    city(folder)
    import pyarrow as pa
    from django.core.management import call_command
    from pyarrow import parquet

    call_command("migrate", verbosity=0)
    from nongan.indicators import services
    from nongan.indicators.models import Snapshot
    from nongan.indicators.queries.catalogue import counted_views
    from nongan.indicators.queries.store import folder_of, quoted, reading, run
    from nongan.indicators.services import snapshot
    from nongan.places.models import Division
    from nongan.places.services import load_reference

    load_reference()
    services.count_since(start=NOON.date().replace(month=1, day=1))
    inside = Division.objects.filter(parent__parent="360900000000", level=9).order_by("code")
    codes = list(inside.values_list("code", flat=True))
    towns = [code for n, code in enumerate(codes) if n * TOWNSHIPS // len(codes) != (n - 1) * TOWNSHIPS // len(codes)]
    assert len(towns) == TOWNSHIPS and len({code[:6] for code in towns}) == 10
    listed = Path(folder) / "towns.parquet"
    parquet.write_table(pa.table({"code": towns}), listed)
    run(f"CREATE TABLE towns AS SELECT * FROM {reading([listed])}")
    for view in counted_views():
        rows, number, facts = VIEWS[view.name]
        there = folder_of(view.name)
        there.mkdir(parents=True)
        raw = there / "raw.parquet"
        also = ("left(division, 9)::INT AS place", "date_trunc('month', date)::DATE AS month")
        columns = ", ".join([*view.columns, *also])
        made = f"SELECT {COMMON.format(number=number)}, {WHERE}, {WHEN}, {facts} FROM range({rows}) r(i)"
        made = re.sub(r"\bh\((\d)\)", r"(hash(i * 31 + \1) >> 11)", made)
        run(f"COPY (SELECT {columns} FROM ({made})) TO {quoted(raw)} (FORMAT parquet, COMPRESSION lz4)")
        source = f"SELECT * FROM {reading([raw])}"
        parts = snapshot._parts(source)
        files = [snapshot._write_part(there, part, f"{source} WHERE {snapshot._in(part)}") for part in parts]
        raw.unlink()
        Snapshot.objects.create(
            view=view.name, files=files, rows=rows, on=NOON.date(), fingerprint="", taken_at=NOON, computed_at=NOON
        )


def recompute(folder: str) -> dict[str, float]:
    """All values from the snapshot, compared with those stored, the differences stored."""
    city(folder)
    import ibis
    from django.db import connection

    from nongan.indicators import services
    from nongan.indicators.models import Value
    from nongan.indicators.queries.catalogue import definitions

    definitions()
    connection.ensure_connection()
    ibis.to_sql(ibis.table({"a": "int64"}, name="warm").count(), dialect="duckdb")  # imports the writer of SQL
    start = time.perf_counter()
    done = services.recompute(at=NOON)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "changed": sum(done.changed.values()), "values": Value.objects.count()}


def by_hand(folder: str) -> dict[str, float]:
    """The same sums, written by somebody who knows DuckDB and this data."""
    import duckdb

    files = Path(folder) / "snapshot"
    by_time = ["month", "quarter", "year", "plan", ""]
    by_place = ["town", "county", "city", "province"]
    sets = ", ".join(f"({', '.join(c for c in (place, when) if c)})" for place in by_place for when in by_time)

    def rates(view: str, **sums: str) -> str:
        return RATES.format(
            files=files / view / "*.parquet", plan=PLAN, sets=sets,
            sums=", ".join(f"count_if({what}) AS {name}" for name, what in sums.items()),
            totals=", ".join(f"sum({name}) AS {name}" for name in sums),
        )  # fmt: skip

    counts = "kind IN ('routine', 'supervision') AND verdict IN ('pass', 'fail')"
    database = duckdb.connect()
    subjects = files / "registry.subjects" / "*.parquet"
    database.execute(f"CREATE VIEW subjects AS SELECT * FROM read_parquet('{subjects}')")
    parts = {
        "results": rates(
            "monitoring.official_results", n1=f"{counts} AND passed", d1=counts, n2="tested_banned AND banned_free",
            d2="tested_banned", n3="quantitative",
        ),
        "disposals": rates("enforcement.disposals", n="disposed", d="true"),
        "crimes": rates("enforcement.suspected_crimes", n="NOT refused AND handed_over", d="NOT refused"),
        "subjects": STOCK.format(on=NOON.date()),
    }  # fmt: skip
    one = " UNION ALL ".join(f"SELECT '{name}' AS what, * FROM ({sql})" for name, sql in padded(parts).items())
    start = time.perf_counter()
    rows = database.execute(one).fetchall()
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "rows": len(rows),
        "passed": sum(r[4] for r in rows if r[0] == "results" and r[3] is not False),
    }


def padded(parts: dict[str, str]) -> dict[str, str]:
    """One shape for all: place, start, plan, five sums."""
    shapes = {"results": "n1, d1, n2, d2, n3", "subjects": "n, d, 0, 0, 0"}
    return {
        name: "SELECT place, {}, {}, {} FROM ({})".format(
            "month" if name == "subjects" else "start", "true" if name == "subjects" else "plan",
            shapes.get(name, "n, d, 0, 0, 0"), sql,
        )
        for name, sql in parts.items()
    }  # fmt: skip


def passed(folder: str) -> int:
    """All stored numerators of pass_rate added up: every sample, as often as it is counted in a division and period."""
    city(folder)
    from django.db.models import Sum

    from nongan.indicators.models import Value

    return int(Value.objects.filter(indicator="pass_rate").aggregate(n=Sum("numerator"))["n"])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = measured(fill, folder)
        size = sum(file.stat().st_size for file in Path(folder).rglob("*.parquet")) / 2**20
        rows = RESULTS + DISPOSALS + CRIMES + SUBJECTS
        print(f"{rows:,} rows of evidence written in {made.seconds:.0f} s, {size:.0f} MiB of Parquet")
        reference = measured(by_hand, folder)
        first = measured(recompute, folder)
        print(f"{first.result['values']:,} values; reference: {reference.result['rows']:,} rows, several values each")
        report("first computation, every value stored anew", first, reference, "2", of="one hand-written query")
        again = measured(recompute, folder)
        assert again.result["changed"] == 0
        report("full recompute", again, reference, "2", of="one hand-written query")
        assert measured(passed, folder).result == reference.result["passed"]
