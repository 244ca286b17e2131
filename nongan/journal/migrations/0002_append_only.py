"""The database itself refuses to alter or remove a line of the journal."""

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER journal_line_no_update BEFORE UPDATE ON journal_line
       BEGIN SELECT RAISE(ABORT, 'journal lines are append-only'); END""",
    """CREATE TRIGGER journal_line_no_delete BEFORE DELETE ON journal_line
       BEGIN SELECT RAISE(ABORT, 'journal lines are append-only'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'journal lines are append-only'; END $$""",
    """CREATE TRIGGER journal_line_no_change BEFORE UPDATE OR DELETE ON journal_line
       FOR EACH ROW EXECUTE FUNCTION journal_append_only()""",
    """CREATE TRIGGER journal_line_no_truncate BEFORE TRUNCATE ON journal_line
       FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only()""",
]


def begin(apps, schema_editor):
    """The chain begins: its head exists once, so that appending never has to make it."""
    apps.get_model("journal", "Head").objects.create(pk=1, sequence=0, hash="0" * 64)


def guard(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER journal_line_no_change ON journal_line")
        schema_editor.execute("DROP TRIGGER journal_line_no_truncate ON journal_line")
        schema_editor.execute("DROP FUNCTION journal_append_only()")
    else:
        schema_editor.execute("DROP TRIGGER journal_line_no_update")
        schema_editor.execute("DROP TRIGGER journal_line_no_delete")


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.RunPython(guard, unguard),
    ]
