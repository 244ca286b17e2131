"""Lists of lines go by time. SQLite drops triggers together with a table that it rebuilds: they are made again."""

from importlib import import_module

import django.db.models.functions.text
from django.db import migrations, models

append_only = import_module("nongan.journal.migrations.0002_append_only")


def guard_again(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        append_only.guard(apps, schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0002_append_only'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, guard_again),
        migrations.RemoveIndex(
            model_name='line',
            name='journal_line_on',
        ),
        migrations.AddField(
            model_name='line',
            name='county',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Substr('division', 1, 6), output_field=models.CharField(max_length=6)),
        ),
        migrations.AlterField(
            model_name='line',
            name='action',
            field=models.CharField(max_length=100, verbose_name='动作'),
        ),
        migrations.AlterField(
            model_name='line',
            name='at',
            field=models.DateTimeField(verbose_name='时间'),
        ),
        migrations.AlterField(
            model_name='line',
            name='by',
            field=models.CharField(max_length=200, verbose_name='操作人'),
        ),
        migrations.AlterField(
            model_name='line',
            name='division',
            field=models.CharField(blank=True, max_length=12, verbose_name='区划'),
        ),
        migrations.AddIndex(
            model_name='line',
            index=models.Index(fields=['at', 'sequence'], name='journal_line_newest'),
        ),
        migrations.AddIndex(
            model_name='line',
            index=models.Index(fields=['county', 'at', 'sequence'], name='journal_line_county'),
        ),
        migrations.AddIndex(
            model_name='line',
            index=models.Index(fields=['action', 'at', 'sequence'], name='journal_line_action'),
        ),
        migrations.AddIndex(
            model_name='line',
            index=models.Index(fields=['by', 'at', 'sequence'], name='journal_line_by'),
        ),
        migrations.AddIndex(
            model_name='line',
            index=models.Index(fields=['on_id', 'on_model', 'sequence'], name='journal_line_about'),
        ),
        migrations.RunPython(guard_again, migrations.RunPython.noop),
    ]
