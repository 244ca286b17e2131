"""INSERT OR REPLACE of SQLite removes a row without its DELETE trigger: a line that stands is not written over."""

from django.db import migrations

TRIGGER = """CREATE TRIGGER journal_line_no_replace BEFORE INSERT ON journal_line
    WHEN EXISTS (SELECT 1 FROM journal_line WHERE sequence = NEW.sequence)
    BEGIN SELECT RAISE(ABORT, 'journal lines are append-only'); END"""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(TRIGGER)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER journal_line_no_replace")


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_lines_by_time")]
    operations = [migrations.RunPython(guard, unguard)]
