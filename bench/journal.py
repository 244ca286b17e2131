"""The journal: append against a plain insert; verify a million lines against SHA-256 over the same bytes."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.measure import measured, report  # noqa: E402

APPENDS = 3_000
LINES = 1_000_000
REPEATS = 3  # of each side; the quickest counts, so that a neighbour's work does not
NOON = datetime(2026, 5, 12, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def city(folder: str) -> None:
    os.environ.update(NONGAN_VAR=folder, DJANGO_SETTINGS_MODULE="config.local", NONGAN_DATABASE="")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def append(folder: str) -> dict[str, float]:
    city(folder)
    from nongan.journal.services import record
    from nongan.places.models import Division

    thing = Division(code="360902000000", name="袁州区", level=6)
    start = time.perf_counter()
    for number in range(APPENDS):
        record(
            "bench.thing.done", on=thing, by="张三（zhang）", at=NOON, division=thing.pk, number=number, note="一行日志"
        )
    return {"seconds": time.perf_counter() - start}


def insert(folder: str) -> dict[str, float]:
    """The same row by the same ORM, one commit each, without chain."""
    city(folder)
    from nongan.journal.models import Line

    start = time.perf_counter()
    for number in range(APPENDS):
        Line.objects.create(
            sequence=number + 1, at=NOON, by="张三（zhang）", action="bench.thing.done", on_model="places.Division",
            on_id="360902000000", division="360902000000", details=f'{{"note":"一行日志","number":{number}}}',
            previous="0" * 64, hash="0" * 64,
        )  # fmt: skip
    return {"seconds": time.perf_counter() - start}


def fill(folder: str) -> None:
    city(folder)
    from nongan.journal.services import Act, record_many
    from nongan.places.models import Division

    thing = Division(code="360902000000", name="袁州区", level=6)
    for batch in range(LINES // 50_000):
        acts = [Act("bench.thing.done", thing, {"number": n, "note": "一行日志"}, thing.pk) for n in range(50_000)]
        record_many(acts, by="张三（zhang）", at=NOON + timedelta(minutes=batch))


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def check(found: Any) -> None:
    assert (found.lines, found.altered) == (LINES, None), found


def verify(folder: str) -> dict[str, float]:
    city(folder)
    from nongan.journal.queries import verify

    return {"seconds": min(_timed(lambda: check(verify())) for _ in range(REPEATS))}


def hash_only(folder: str) -> dict[str, float]:
    """SHA-256, line by line, over the very bytes that were hashed, ready in memory."""
    city(folder)
    from nongan.journal.models import Line
    from nongan.journal.rules import instant

    rows = Line.objects.order_by("sequence").values_list(
        "previous", "sequence", "at", "by", "action", "on_model", "on_id", "division", "details"
    )
    lines = [
        "\x1f".join((p, str(s), instant(at), by, a, m, i, d, t)).encode()
        for p, s, at, by, a, m, i, d, t in rows.iterator(chunk_size=10_000)
    ]
    return {"seconds": min(_timed(lambda: [sha256(line).hexdigest() for line in lines]) for _ in range(REPEATS))}


if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory() as one,
        tempfile.TemporaryDirectory() as two,
        tempfile.TemporaryDirectory() as many,
    ):
        report(f"append {APPENDS} lines", measured(append, one), measured(insert, two), "3", of="plain insert")
        measured(fill, many)
        report(
            f"verify {LINES:,} lines",
            measured(verify, many),
            measured(hash_only, many),
            "5",
            of="sha256 of the same lines",
        )
