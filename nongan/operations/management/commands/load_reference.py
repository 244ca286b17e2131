"""`nongan load_reference`: bring the shipped reference data into the database; idempotent."""

from typing import Any

from django.core.management.base import BaseCommand

from nongan.places import services as places
from nongan.standards import services as standards


class Command(BaseCommand):
    help = "Load divisions, holidays and the standards that ship with the product."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, load in (("places", places.load_reference), ("standards", standards.load_reference)):
            counts = load()
            self.stdout.write(f"{name}: " + ", ".join(f"{n} {what}" for what, n in counts.items()))
