import pytest
from django.db import connection
from django.db.utils import DatabaseError

from nongan.journal import queries, services
from nongan.journal.models import Delivery, Head, Line
from nongan.places.models import Division
from tests.conftest import NOON

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


def unguarded(sql):
    """What somebody with the database's password could do."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE journal_line DISABLE TRIGGER ALL")
        else:
            cursor.execute("DROP TRIGGER journal_line_no_update")
            cursor.execute("DROP TRIGGER journal_line_no_delete")
        cursor.execute(sql)


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
