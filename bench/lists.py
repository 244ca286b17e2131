"""Lists, details and the public site of a large city on SQLite: 95 of 100 within 150 ms, 20 queries at most.

`bench/lists.py [FOLDER]`: the city in FOLDER (a NONGAN_VAR that `nongan demo --scale N` filled), else a city of SCALE,
which is built first. Each list is asked for by city and county, filtered, searched, and three pages deep.
"""

import re
import sys
import tempfile
import time
from html import unescape
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.measure import measured  # noqa: E402

SCALE, ROUNDS = 10, 3
MOST_QUERIES, MOST_MILLISECONDS = 20, 150
LISTS = {  # list → who asks, its queries
    "/monitoring/samples/": (
        ("office", "supervisor", "officer1-360902"),
        ("", "verdict=fail", "state=published", "text=CY-2026-360902-000123", "text=合作社", "kind=supervision",
         "since=2026-01-01&until=2026-03-31", "division=360902000000&verdict=fail", "commodity=豇豆"),
    ),
    "/registry/subjects/": (
        ("office", "supervisor", "officer1-360902"),
        ("", "type=cooperative", "text=绿源", "text=ZT-360902-000123", "text=彬江镇"),
    ),
    "/enforcement/cases/": (
        ("head-360902", "officer1-360902"),
        ("", "state=closed", "clock=late", "text=AJ-360902", "text=合作社", "mine=on"),
    ),
    "/enforcement/disposals/": (("head-360902", "officer1-360902"), ("", "state=done", "text=合作社")),
    "/laboratory/specimens/": (("analyst", "signatory"), ("", "state=received", "verdict=fail", "commodity=豇豆")),
    "/journal/": (("admin",), ("", "action=laboratory.report.signed", "by=姚", "since=2026-03-01&until=2026-03-31")),
    "/results/": (("",), ("", "text=豇豆", "verdict=fail")),
    "/home/": (("office", "supervisor", "officer1-360902", "analyst", "signatory"), ("",)),
    "/search/": (("office", "officer1-360902"), ("q=绿源", "q=CY-2026-360902-000123", "q=豇豆")),
}  # fmt: skip
FIRST = re.compile(r'<td[^>]*>\s*<a[^>]* href="(/(?:monitoring|registry|enforcement|laboratory|results)/[^"?#]+)"')


def build(folder: str) -> None:
    city(folder)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_reference")
    call_command("demo", scale=SCALE)


def city(folder: str) -> None:
    import os

    os.environ.update(NONGAN_VAR=folder, DJANGO_SETTINGS_MODULE="config.local", NONGAN_DATABASE="")
    import django

    django.setup()


def pages(folder: str) -> dict[str, Any]:
    """Milliseconds, most queries and the slowest address of each list and of the things in it."""
    city(folder)
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from nongan.accounts.models import User
    from nongan.monitoring.models import Sample

    settings.ALLOWED_HOSTS = ["testserver"]
    clients: dict[str, Client] = {"": Client()}
    for who in {who for askers, _queries in LISTS.values() for who in askers if who}:
        clients[who] = Client()
        clients[who].force_login(User.objects.get(username=who), "django.contrib.auth.backends.ModelBackend")
    found: dict[str, list[tuple[float, int, str]]] = {}

    def ask(kind: str, who: str, path: str) -> str:
        start = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            response = clients[who].get(path)
        assert response.status_code == 200, (path, who, response.status_code)
        found.setdefault(kind, []).append(((time.perf_counter() - start) * 1000, len(queries), f"{who} {path}"))
        return response.content.decode()

    for path, (askers, queries) in LISTS.items():
        clients[askers[0]].get(path)  # templates are read once in the life of a server
        for _round in range(ROUNDS):
            for who in askers:
                for query in queries:
                    shown = ask(path, who, f"{path}?{query}")
                    for first in FIRST.findall(shown)[:1]:
                        ask(f"{path}…", who, unescape(first))
                    for _deeper in range(3):
                        onward = re.search(r'rel="next" href="([^"]+)"', shown)
                        if onward is None:
                            break
                        shown = ask(path, who, path + unescape(onward[1]))
    return {"samples": Sample.objects.count(), "pages": found}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as empty:
        folder = sys.argv[1] if len(sys.argv) > 1 else empty
        if folder == empty:
            print(f"a city of scale {SCALE} built in {measured(build, folder).seconds:.0f} s")
        result = measured(pages, folder)
        print(f"{result.result['samples']:,} samples")
        for kind, asked in sorted(result.result["pages"].items()):
            spent = sorted(milliseconds for milliseconds, _queries, _path in asked)
            late = spent[int(len(spent) * 0.95)]
            print(f"{kind}: {len(asked)} pages, median {spent[len(spent) // 2]:.0f} ms, p95 {late:.0f} ms "
                  f"(bar {MOST_MILLISECONDS}, ratio {late / MOST_MILLISECONDS:.2f}), "
                  f"{max(n for _ms, n, _path in asked)} queries at most (bar {MOST_QUERIES})")  # fmt: skip
            if late > MOST_MILLISECONDS:
                print(f"  the slowest: {max(asked)[0]:.0f} ms, {max(asked)[2]}")
        print(f"peak memory {result.megabytes:.0f} MiB")
