"""The two indexes of a laboratory's list carry the verdict and the food. Indexes alone: no table is rebuilt, so the
guards of migration 0002 stay."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("laboratory", "0002_guards")]

    operations = [
        migrations.RemoveIndex("specimen", "specimen_newest"),
        migrations.RemoveIndex("specimen", "specimen_state"),
        migrations.AddIndex(
            "specimen",
            models.Index(fields=["laboratory", "received_at", "id", "verdict", "commodity"], name="specimen_newest"),
        ),
        migrations.AddIndex(
            "specimen",
            models.Index(
                fields=["laboratory", "state", "received_at", "id", "verdict", "commodity"], name="specimen_state"
            ),
        ),
    ]
