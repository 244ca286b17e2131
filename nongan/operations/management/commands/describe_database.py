"""`nongan describe_database`: docs/database.md from the models themselves, so that it cannot be out of date."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.utils import translation

HEAD = "# Database\n\nWritten by `nongan describe_database > docs/database.md`; a test compares. Own tables only.\n"


def described() -> str:
    """Markdown: every own table with its columns, types, targets and constraints."""
    parts = [HEAD]
    with translation.override("zh-hans"):
        for config in apps.get_app_configs():
            if not config.name.startswith("nongan."):
                continue
            for model in config.get_models():
                parts.append(_table(model))
    return "\n".join(parts)


def _table(model: Any) -> str:
    meta = model._meta
    lines = [
        f"## {meta.db_table}",
        "",
        (model.__doc__ or "").strip().split("\n")[0],
        "",
        "| column | type | |",
        "|---|---|---|",
    ]
    for field in meta.concrete_fields:
        target = f"→ {field.related_model._meta.db_table}" if field.is_relation else ""
        notes = [str(field.verbose_name), target, "key" if field.primary_key else "", "null" if field.null else ""]
        lines.append(f"| {field.column} | {field.get_internal_type()} | {' · '.join(n for n in notes if n)} |")
    rules = [c.name for c in meta.constraints]
    if rules:
        lines += ["", "Constraints: " + ", ".join(rules)]
    return "\n".join([*lines, ""])


class Command(BaseCommand):
    help = "Print docs/database.md."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(described(), ending="")
