"""INSERT OR REPLACE of SQLite removes a row without its DELETE trigger: a line of the ledger is not written over."""

from django.db import migrations

TABLE = "enforcement_disposalline"
TRIGGER = f"""CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE}
    WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id OR reverses_id = NEW.reverses_id)
    BEGIN SELECT RAISE(ABORT, 'a line of the disposal ledger is never changed or removed, only reversed'); END"""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(TRIGGER)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_replace")


class Migration(migrations.Migration):
    dependencies = [("enforcement", "0003_goods_follow_the_case")]
    operations = [migrations.RunPython(guard, unguard)]
