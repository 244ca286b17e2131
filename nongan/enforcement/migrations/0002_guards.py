"""What the database itself refuses: to change or remove a line of the disposal ledger.

SQLite drops triggers together with a table that it rebuilds: a later migration that alters this table ends with `guard`
again. tests/enforcement/test_models.py shows that they hold.
"""

from django.db import migrations

TABLE = "enforcement_disposalline"
MESSAGE = "a line of the disposal ledger is never changed or removed, only reversed"


def guard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    if postgresql:
        schema_editor.execute(
            f"CREATE FUNCTION {TABLE}_kept() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$",
            params=None,
        )
        for event, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            schema_editor.execute(
                f"CREATE TRIGGER {TABLE}_no_{event.lower()} BEFORE {event} ON {TABLE} "
                f"FOR EACH {each} EXECUTE FUNCTION {TABLE}_kept()",
                params=None,
            )
        return
    for event in ("UPDATE", "DELETE"):
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_no_{event.lower()} BEFORE {event} ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
            params=None,
        )


def unguard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for event in ("update", "delete", *(("truncate",) if postgresql else ())):
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_{event}" + (f" ON {TABLE}" if postgresql else ""))
    if postgresql:
        schema_editor.execute(f"DROP FUNCTION {TABLE}_kept()")


class Migration(migrations.Migration):
    dependencies = [("enforcement", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
