from django.db import connection


def unguarded(statement: str) -> None:
    """What somebody with the database's own password could do: lay off the triggers and write."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE journal_line DISABLE TRIGGER ALL")
        else:
            cursor.execute("DROP TRIGGER journal_line_no_update")
            cursor.execute("DROP TRIGGER journal_line_no_delete")
        cursor.execute(statement)
