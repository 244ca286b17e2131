from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from nongan.journal import services
from nongan.journal.models import Delivery, Head
from nongan.journal.rules import canonical, instant, seal
from nongan.places.models import Division
from tests.conftest import NOON
from tests.journal.factories import unguarded

pytestmark = pytest.mark.django_db


def said(*arguments):
    out = StringIO()
    call_command("journal", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def lines():
    thing = Division.objects.get(pk="360902000000")
    return services.record_many(
        [services.Act("test.thing.done", thing, {"n": n}) for n in range(5)], by="张三", at=NOON
    )


def test_verify_says_the_root(lines):
    assert said("verify") == f"5 lines, unaltered. Root {lines[-1].hash}\n"


def test_verify_of_an_empty_journal():
    assert said("verify").startswith("0 lines")


@pytest.mark.parametrize(
    "statement, named",
    [
        ("UPDATE journal_line SET details = '{}' WHERE sequence IN (4, 2)", "Line 2 .*哈希不符.* 1 lines before"),
        ("UPDATE journal_line SET hash = previous WHERE sequence = 5", "Line 5 .*哈希不符"),
        ("DELETE FROM journal_line WHERE sequence = 3", "Line 3 .*第 3 行缺失"),
        ("DELETE FROM journal_line WHERE sequence > 3", "Line 4 .*末尾缺失：应有 5 行"),
    ],
)
def test_verify_names_the_first_altered_line(lines, statement, named):
    unguarded(statement)
    with pytest.raises(CommandError, match=named):
        said("verify")


def test_a_line_that_was_sealed_anew_breaks_the_next(lines):
    """Whoever alters a line and recomputes its hash would have to recompute every later one, and the head."""
    second = lines[1]
    details = canonical({"n": 99})
    forged = seal(second.previous, 2, instant(second.at), second.by, second.action, second.on_model, second.on_id,
                  second.division, details)  # fmt: skip
    unguarded(f"UPDATE journal_line SET details = '{details}', hash = '{forged}' WHERE sequence = 2")
    with pytest.raises(CommandError, match="Line 3 .*与上一行的哈希不符"):
        said("verify")


def test_a_chain_that_was_cut_and_whose_head_was_not(lines):
    unguarded("DELETE FROM journal_line")
    with pytest.raises(CommandError, match="Line 1 "):
        said("verify")
    assert Head.objects.get().sequence == 5


def test_deliver_retries_what_is_due():
    heard = []

    @services.on("test.thing.done")
    def hear(line):
        heard.append(line.sequence)

    try:
        services.record("test.thing.done", on=Division.objects.get(pk="360902000000"), by="张三", at=NOON)
        Delivery.objects.update(attempts=1)
        assert said("deliver") == "1 delivered, 0 failed\n"
        assert (heard, Delivery.objects.count()) == ([1], 0)
    finally:
        services.HANDLERS.pop("test.thing.done")


@pytest.mark.parametrize("statement", ["TRUNCATE journal_line"])
def test_the_table_is_not_emptied_at_once_either(lines, statement):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE: its DELETE is refused line by line")
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)
