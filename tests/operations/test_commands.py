import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from nongan.operations.management.commands.describe_database import described
from nongan.places.models import Division, Holiday

ROOT = Path(__file__).parents[2]


def test_database_document_is_up_to_date():
    assert (ROOT / "docs/database.md").read_text() == described(), "run `nongan describe_database > docs/database.md`"


@pytest.mark.django_db
def test_reference_data_loads_twice_to_the_same_rows():
    Division.objects.order_by("-level")._raw_delete("default")  # the small city of the other tests is partly made up
    counts = []
    for _ in range(2):
        call_command("load_reference", stdout=StringIO())
        counts.append((Division.objects.count(), Holiday.objects.count()))
    assert counts[0] == counts[1]
    assert Division.objects.filter(parent_id="360900000000").count() == 10
    assert Division.objects.filter(code__startswith="3609", level=9).count() == 219


def test_a_database_that_is_not_set_up_is_told_in_words(tmp_path):
    environment = {
        **os.environ, "NONGAN_VAR": str(tmp_path), "NONGAN_DATABASE": "", "DJANGO_SETTINGS_MODULE": "config.local",
    }  # fmt: skip
    command = [sys.executable, "-m", "nongan", "journal", "verify"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "nongan migrate" in done.stderr and "Traceback" not in done.stderr
