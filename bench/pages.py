"""Pages of a city with 10 million rows of evidence on SQLite: 95 of 100 within 150 ms, 20 queries at most.

The evidence, ten counties and 219 townships are those of bench/indicators.py. Each page is asked for by a city and by a
county user, over divisions, periods, passing and failing records and pages deep in the list.
"""

import re
import sys
import tempfile
import time
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.indicators import NOON, city, fill, recompute  # noqa: E402
from bench.measure import measured  # noqa: E402

ROUNDS = 60
MOST_QUERIES, MOST_MILLISECONDS = 20, 150
TARGETS = [
    ("pass_rate", ">=", "98", "%"), ("banned_pass_rate", ">=", "100", "%"), ("failed_disposed", ">=", "100", "%"),
    ("supervision_coverage", ">=", "100", "%"), ("case_transfer", ">=", "100", "%"),
    ("quantitative_batches", ">=", "4400", "批次"), ("quantitative_batches", ">=", "1.5", "批次/千人"),
    *((code, ">=", "100", "%") for code in ("records_rate", "commitment_rate", "notice_rate", "self_test_rate")),
]  # fmt: skip


def adopt(folder: str) -> None:
    """People, and a plan in force with twelve targets."""
    city(folder)
    from nongan.accounts.models import Organisation, User
    from nongan.documents.models import Document
    from nongan.programme.models import Phase, Plan, PlanFile, PlanVersion, Target

    office = Organisation.objects.create(name="市农业农村局", kind="government", division_id="360900000000")
    for name, role, division in (("city", "programme_office", "360900000000"), ("county", "unit", "360902000000")):
        User.objects.create(
            username=name, full_name=name, role=role, organisation=office, division_id=division,
            must_change_password=False,
        )  # fmt: skip
    owner = User.objects.get(username="city")
    paper = Document.objects.create(name="方案.docx", content_type="x", size=1, sha256="0" * 64, by="city", at=NOON)
    plan = Plan.objects.create(title="创建方案", division_id="360900000000", created_at=NOON)
    file = PlanFile.objects.create(
        document=paper, text="", plans=[], plan=plan, division_id="360900000000", owner=owner, at=NOON
    )
    version = PlanVersion.objects.create(
        plan=plan, number=1, state="adopted", file=file, content={}, read_at=NOON, changed_at=NOON, changed_by=owner,
        adopted_at=NOON, adopted_by=owner,
    )  # fmt: skip
    start = NOON.date().replace(month=1, day=1)
    Phase.objects.create(plan_version=version, number=1, name="实施", start=start, end=start + timedelta(days=600))
    Target.objects.bulk_create(
        Target(plan_version=version, number=n, text=code, comparator=how, value=value, unit=unit, indicator=code)
        for n, (code, how, value, unit) in enumerate(TARGETS, start=1)
    )


def pages(folder: str) -> dict[str, Any]:
    """Milliseconds and queries of each kind of page, by the whole stack of middleware and templates."""
    city(folder)
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from nongan.accounts.models import User
    from nongan.places.models import Division

    settings.ALLOWED_HOSTS = ["testserver"]
    clients = {}
    for user in User.objects.filter(username__in=["city", "county"]):
        clients[user.username] = Client()
        clients[user.username].force_login(user, "django.contrib.auth.backends.ModelBackend")
    towns = list(Division.objects.filter(parent="360902000000").order_by("code").values_list("code", flat=True)[:10])
    found: dict[str, Any] = {}

    def ask(kind: str, who: str, path: str) -> Any:
        start = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            response = clients[who].get(path)
        assert response.status_code == 200, (path, response.status_code)
        spent, most = found.setdefault(kind, ([], 0))
        spent.append((time.perf_counter() - start) * 1000)
        found[kind] = (spent, max(most, len(queries)))
        return response

    for warm in ("/programme/cockpit/", "/indicators/", "/indicators/pass_rate/records/"):
        clients["city"].get(warm)
    for n in range(ROUNDS):
        who = ("city", "county")[n % 2]
        place = {0: "", 1: "&division=360902000000"}.get(n % 3, f"&division={towns[n % len(towns)]}")
        place = place if who == "county" or n % 4 else ""
        code = ("pass_rate", "banned_pass_rate", "supervision_coverage", "failed_disposed")[n % 4]
        period = ("all", "2026", "2026-Q2", "2025-11", "since-2026-01-01")[n % 5]
        ask("cockpit", who, f"/programme/cockpit/?indicator={code}&period={period}{place}")
        ask("list of indicators", who, f"/indicators/?period={period}{place}")
        ask("one indicator", who, f"/indicators/{code}/?period={period}{place}")
        for passing in (0, 1):
            path = f"/indicators/{code}/records/?period={period}&passing={passing}{place}"
            shown = ask("records", who, path)
            for _deeper in range(3):
                onward = re.search(r'rel="next" href="([^"]+)"', shown.content.decode())
                if onward is None:
                    break
                shown = ask("records", who, f"/indicators/{code}/records/{unescape(onward[1])}")
        middle = f"n20250{1 + n % 9}15-{5_000_000 + n}"
        ask("records, deep", who, f"/indicators/pass_rate/records/?period=all&passing={n % 2}{place}&at={middle}")
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for step in (fill, recompute, adopt):
            measured(step, folder)
        result = measured(pages, folder)
        for kind, (spent, queries) in result.result.items():
            ordered = sorted(spent)
            late = ordered[int(len(ordered) * 0.95)]
            print(f"{kind}: {len(spent)} pages, median {ordered[len(ordered) // 2]:.0f} ms, p95 {late:.0f} ms "
                  f"(bar {MOST_MILLISECONDS}), {queries} queries at most (bar {MOST_QUERIES})")  # fmt: skip
        print(f"peak memory {result.megabytes:.0f} MiB")
