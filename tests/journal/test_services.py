import json

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from nongan.journal import queries, services
from nongan.journal.models import Delivery, Head, Line
from nongan.journal.rules import SEPARATOR, canonical, clean
from nongan.places.models import Division
from tests.conftest import NOON
from tests.journal.factories import unguarded

pytestmark = pytest.mark.django_db


def write(n=3):
    thing = Division.objects.get(pk="360902000000")
    for i in range(n):
        services.record("test.thing.done", on=thing, by="张三", at=NOON, division=thing.pk, number=i, note="甲\x1f乙")


def test_lines_are_chained_and_verify():
    write()
    lines = list(Line.objects.order_by("sequence"))
    assert [line.sequence for line in lines] == [1, 2, 3]
    assert [line.previous for line in lines[1:]] == [line.hash for line in lines[:-1]]
    found = queries.verify()
    assert (found.lines, found.altered, found.root) == (3, None, lines[-1].hash)


@pytest.mark.parametrize("statement", ["UPDATE journal_line SET action = 'x'", "DELETE FROM journal_line"])
def test_the_database_refuses_to_alter_a_line(statement):
    write()
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "column, value", [("details", "{}"), ("action", "other"), ("at", "2026-05-12 04:00:01"), ("division", "")]
)
def test_verify_names_the_first_altered_line(column, value):
    write()
    unguarded(f"UPDATE journal_line SET {column} = '{value}' WHERE sequence = 2")
    assert queries.verify().altered == 2


@pytest.mark.parametrize("gone, named", [(1, 1), (2, 2), (3, 3)])
def test_verify_names_a_removed_line_even_the_last(gone, named):
    write()
    unguarded(f"DELETE FROM journal_line WHERE sequence = {gone}")
    assert queries.verify().altered == named


def test_a_failing_handler_is_retried_until_it_succeeds(django_capture_on_commit_callbacks, monkeypatch):
    heard, broken = [], [True]

    @services.on("test.thing.done")
    def hear(line):
        if broken:
            raise ValueError("not yet")
        heard.append(line.sequence)

    try:
        with django_capture_on_commit_callbacks(execute=True):
            write(1)
        waiting = Delivery.objects.get()
        assert (heard, waiting.attempts, waiting.fault) == ([], 1, "ValueError: not yet")
        assert services.deliver_due(at=NOON) == (0, 0), "not due yet"
        broken.clear()
        assert services.deliver_due(at=waiting.due_at) == (1, 0)
        assert (heard, Delivery.objects.count()) == ([1], 0)
    finally:
        services.HANDLERS.pop("test.thing.done")


def test_an_import_is_heard_at_once(django_capture_on_commit_callbacks):
    heard = []

    @services.on("test.thing.done")
    def hear(line):
        heard.append(line.sequence)

    try:
        thing = Division.objects.get(pk="360902000000")
        with django_capture_on_commit_callbacks(execute=True):
            services.record_many([services.Act("test.thing.done", thing)] * 5, by="系统", at=NOON)
        assert (heard, Delivery.objects.count()) == ([1, 2, 3, 4, 5], 0)
    finally:
        services.HANDLERS.pop("test.thing.done")


def test_the_head_is_one_row():
    write()
    assert Head.objects.get().sequence == 3


def test_a_handler_that_fails_again_waits_longer(django_capture_on_commit_callbacks):
    @services.on("test.thing.done")
    def hear(line):
        raise ValueError("never")

    try:
        with django_capture_on_commit_callbacks(execute=True):
            write(1)
        waits, at = [], NOON
        for _ in range(6):
            waiting = Delivery.objects.get()
            waits.append((waiting.due_at - at).total_seconds())
            at = waiting.due_at
            assert services.deliver_due(at=at) == (0, 1)
        assert waits == [10, 60, 600, 3600, 21600, 21600]
        assert (queries.waiting().count(), Delivery.objects.get().attempts) == (1, 7)
    finally:
        services.HANDLERS.pop("test.thing.done")


def test_an_act_that_is_rolled_back_leaves_no_line():
    with pytest.raises(RuntimeError), transaction.atomic():
        write(1)
        raise RuntimeError
    assert queries.verify() == queries.Verification(0)


@given(st.text(max_size=40), st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=20), max_size=3))
def test_no_two_contents_share_their_bytes(by, details):
    """Control characters never reach the hashed bytes, so the separator separates."""
    assert SEPARATOR not in clean(by) + canonical(details)
    assert json.loads(canonical(details)) == details


@pytest.mark.skipif(connection.vendor != "sqlite", reason="INSERT OR REPLACE is SQLite's")
def test_no_line_is_written_over():
    write()
    columns = "sequence, at, by, action, on_model, on_id, division, details, previous, hash"
    altered = columns.replace("action", "'x'", 1)
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(f"INSERT OR REPLACE INTO journal_line ({columns}) SELECT {altered} FROM journal_line")
