"""The `nongan` console command: every management command of every context, under one name."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.local")
    execute_from_command_line(["nongan", *sys.argv[1:]])


if __name__ == "__main__":
    main()
