"""The `nongan` console command: every management command of every context, under one name."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.local")
    try:
        execute_from_command_line(["nongan", *sys.argv[1:]])
    except DatabaseError as fault:
        if _is_behind():
            sys.exit(f"The database is not set up, or older than the program ({fault}).\n"
                     "Run `nongan migrate`, then `nongan load_reference`.")  # fmt: skip
        raise


def _is_behind() -> bool:
    """Does the database lack a migration?"""
    try:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return False


if __name__ == "__main__":
    main()
