"""A small city built by the real command holds cases, transfers, disposals and samples in every state, and its proofs
hold."""

import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

ROOT = Path(__file__).parent.parent.parent
NONGAN = [sys.executable, "-m", "nongan"]
SHANGHAI = ZoneInfo("Asia/Shanghai")
UNTIL = "2026-11-25"
END = datetime(2026, 11, 25, 18, tzinfo=SHANGHAI).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    return {
        **os.environ, "NONGAN_VAR": str(tmp_path_factory.mktemp("city")), "DJANGO_SETTINGS_MODULE": "config.local",
        "NONGAN_DATABASE": "", "NONGAN_SECRET_KEY": "only-for-the-small-city-" * 4,
    }  # fmt: skip


@pytest.fixture(scope="module")
def run(environment):
    def run(*command):
        done = subprocess.run([*NONGAN, *command], cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    return run


@pytest.fixture(scope="module")
def said(run):
    """What the command printed."""
    run("migrate", "--verbosity", "0")
    run("load_reference")
    return run("demo", "--scale", "0.3", "--months", "4", "--until", UNTIL)


@pytest.fixture(scope="module")
def rows(said, environment):
    base = sqlite3.connect(Path(environment["NONGAN_VAR"]) / "nongan.sqlite3")
    yield lambda statement, *values: base.execute(statement, values).fetchall()
    base.close()


def states(rows, table, where="1 = 1"):
    return {state for (state,) in rows(f"SELECT DISTINCT state FROM {table} WHERE {where}")}


def test_cases_stand_in_every_state(rows):
    assert states(rows, "enforcement_case") == {
        "lead", "not_filed", "filed", "investigating", "reviewed", "notified", "hearing", "decided", "executed",
        "transferred", "closed",
    }  # fmt: skip
    assert states(rows, "enforcement_case", "asked_at IS NOT NULL") >= {"lead"}
    assert states(rows, "enforcement_case", "state = 'notified' AND answered_at IS NOT NULL") == {"notified"}
    assert rows("SELECT 1 FROM enforcement_case WHERE source <> 'sample' AND state = 'filed'")
    assert rows("SELECT count(*) FROM journal_line WHERE action = 'enforcement.case.dismissed'") == [(1,)]


def test_transfers_stand_in_every_state_with_their_clocks_running(rows):
    assert states(rows, "enforcement_transfer") >= {
        "suspected", "approved", "handed_over", "received", "filed", "refused", "reconsidered",
    }  # fmt: skip
    for state, clock in (("suspected", "decide_by"), ("approved", "hand_over_by"), ("reconsidered", "police_by")):
        assert rows(f"SELECT 1 FROM enforcement_transfer WHERE state = ? AND {clock} > ?", state, END), state
    assert rows("SELECT 1 FROM enforcement_transfer WHERE state = 'filed' AND goods_at IS NULL AND goods_by > ?", END)


def test_disposals_samples_and_subjects_stand_in_every_state(rows):
    assert states(rows, "enforcement_disposal") == {"open", "partly", "done", "lifted"}
    assert states(rows, "monitoring_sample") == {"taken", "sent", "judged", "published", "void"}
    assert states(rows, "laboratory_specimen") == {"received", "entered", "verified", "signed", "rejected"}
    assert rows("SELECT count(*) FROM monitoring_sample WHERE returned <> ''") == [(1,)]
    assert rows("SELECT count(*) FROM laboratory_specimen WHERE verdict = 'undecided'") == [(1,)]
    assert rows("SELECT count(*) FROM registry_subject WHERE closed_on IS NOT NULL") == [(1,)]
    withdrawn = "laboratory_report old WHERE withdrawn_at IS NOT NULL"
    replaced = f"{withdrawn} AND EXISTS (SELECT 1 FROM laboratory_report WHERE replaces_id = old.id)"
    assert rows(f"SELECT count(*) FROM {withdrawn}") == [(3,)]
    assert rows(f"SELECT count(*) FROM {replaced}") == [(2,)]


def test_figures_are_those_of_a_city(rows):
    """Samples differ by county and month; every one has a weight; nothing but the system acts at night."""
    by_county = dict(rows("SELECT substr(division_id, 1, 6), count(*) FROM monitoring_sample GROUP BY 1"))
    assert len(by_county) == 10 and max(by_county.values()) > 2 * min(by_county.values())
    assert rows("SELECT min(quantity) >= 1, max(quantity) <= 3 FROM monitoring_sample") == [(1, 1)]
    people = "action LIKE 'enforcement.%' OR action LIKE 'laboratory.%' OR action LIKE 'monitoring.%'"
    hours = {int(hour) for (hour,) in rows(f"SELECT strftime('%H', at, '+8 hours') FROM journal_line WHERE {people}")}
    assert hours <= set(range(9, 18))
    assert rows("SELECT 1 FROM journal_line WHERE at > ? AND action NOT LIKE 'indicator%'", END) == []


def test_the_proofs_hold(rows, run):
    """Both commands fail where one difference or one altered line is found."""
    assert " values equal their recomputation" in run("indicators", "prove")
    assert " lines, unaltered." in run("journal", "verify")


def test_the_command_tells_its_stages_and_its_people(said, rows):
    for stage in ("people", "subjects 600", "samples 448", "cases"):
        assert f"{stage}\n" in said
    known = {name for (name,) in rows("SELECT username FROM accounts_user")}
    printed = [line.split()[0] for line in said.splitlines() if line.startswith("  ")]
    roles = dict(rows("SELECT username, role FROM accounts_user"))
    assert set(printed) <= known
    assert {roles[name] for name in printed} == set(roles.values())
