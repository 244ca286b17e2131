"""What the database itself refuses: to change a signed report or its results, to sign what was not verified by another.

SQLite drops triggers together with a table that it rebuilds: a later migration that alters one of these tables ends with
`guard` again. tests/laboratory/test_models.py shows that they hold.
"""

from django.db import migrations

KEPT = (
    "id", "number", "specimen_id", "revision", "replaces_id", "verdict", "banned", "content", "digest", "signed_by_id",
    "signed_at",
)  # fmt: skip

SELF_SIGNED = """EXISTS (SELECT 1 FROM laboratory_test t WHERE t.specimen_id = NEW.specimen_id
    AND (t.entered_by_id = NEW.signed_by_id OR t.verified_by_id IS NULL))"""
NOT_REPLACING = """NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM laboratory_report r
    WHERE r.id = NEW.replaces_id AND r.specimen_id = NEW.specimen_id AND r.revision = NEW.revision - 1
    AND r.withdrawn_at IS NOT NULL)"""
SIGNED = "EXISTS (SELECT 1 FROM laboratory_specimen s WHERE s.id = OLD.specimen_id AND s.state = 'signed')"

# name, when, table, condition, message. `IS NOT` / `IS DISTINCT FROM`: a null that becomes a value is a change too.
GUARDS = [
    ("report_no_change", "UPDATE", "laboratory_report",
     " OR ".join(f"NEW.{c} {{differs}} OLD.{c}" for c in KEPT) + " OR OLD.withdrawn_at IS NOT NULL",
     "a signed report is never changed, only withdrawn once"),
    ("report_no_delete", "DELETE", "laboratory_report", "", "a signed report is never removed"),
    ("report_signed_lawfully", "INSERT", "laboratory_report", SELF_SIGNED,
     "every result is verified, and none was entered by the signatory"),
    ("report_replaces_withdrawn", "INSERT", "laboratory_report", NOT_REPLACING,
     "a report replaces the withdrawn one before it"),
    ("test_no_change", "UPDATE", "laboratory_test", SIGNED, "results of a signed report are never changed"),
    ("test_no_delete", "DELETE", "laboratory_test", SIGNED, "results of a signed report are never removed"),
]  # fmt: skip
NO_TRUNCATE = ("laboratory_report", "laboratory_test")


def guard(apps, schema_editor):
    make = _postgresql if schema_editor.connection.vendor == "postgresql" else _sqlite
    for name, event, table, condition, message in GUARDS:
        for statement in make(f"laboratory_{name}", event, table, condition, message):
            schema_editor.execute(statement, params=None)


def _sqlite(name, event, table, condition, message):
    when = f"WHEN {condition.format(differs='IS NOT')} " if condition else ""
    yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{message}'); END"


def _postgresql(name, event, table, condition, message):
    """A function a guard: a WHEN clause cannot hold a subquery. `NEW.content` is jsonb and compares by value."""
    test = f"IF {condition.format(differs='IS DISTINCT FROM')} THEN" if condition else "IF TRUE THEN"
    row = "OLD" if event == "DELETE" else "NEW"
    yield f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN {test} RAISE EXCEPTION '{message}'; END IF; RETURN {row}; END $$"""
    yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    if table in NO_TRUNCATE and event == "DELETE":
        yield f"""CREATE FUNCTION {name}_all() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{message}'; END $$"""
        yield f"CREATE TRIGGER {name}_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}_all()"


def unguard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for name, event, table, _condition, _message in GUARDS:
        for suffix in ("", "_all") if postgresql and event == "DELETE" else ("",):
            schema_editor.execute(
                f"DROP TRIGGER laboratory_{name}{suffix}" + (f" ON {table}" if postgresql else "")
            )
            if postgresql:
                schema_editor.execute(f"DROP FUNCTION laboratory_{name}{suffix}()")


class Migration(migrations.Migration):
    dependencies = [("laboratory", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
