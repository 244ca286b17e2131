"""INSERT OR REPLACE of SQLite removes a row without its DELETE trigger: what is signed is not written over."""

from django.db import migrations

GUARDS = {
    "laboratory_report": (
        "id = NEW.id OR number = NEW.number OR (specimen_id = NEW.specimen_id AND revision = NEW.revision)",
        "a signed report is never removed",
    ),
    "laboratory_test": (  # of what is not signed, results are written with ON CONFLICT DO UPDATE
        "(id = NEW.id OR (specimen_id = NEW.specimen_id AND analyte_id = NEW.analyte_id))"
        " AND specimen_id IN (SELECT id FROM laboratory_specimen WHERE state = 'signed')",
        "results of a signed report are never removed",
    ),
}


def guard(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for table, (same, message) in GUARDS.items():
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) BEGIN SELECT RAISE(ABORT, '{message}'); END",
            params=None,
        )


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in GUARDS:
            schema_editor.execute(f"DROP TRIGGER {table}_no_replace")


class Migration(migrations.Migration):
    dependencies = [("laboratory", "0003_carry_verdict_and_food")]
    operations = [migrations.RunPython(guard, unguard)]
