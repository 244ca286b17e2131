"""`nongan enforcement reconcile`: every failed sample has its case and its disposal duty, whatever a handler missed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from tqdm import tqdm

from nongan.enforcement.services import open_missing


class Command(BaseCommand):
    help = "reconcile: open the cases and disposal duties that failed samples lack. The worker does it by itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["reconcile"])

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        mended = 0
        with tqdm(unit="sample", disable=options["verbosity"] == 0) as progress:
            while done := open_missing(at=timezone.now()):
                mended += done
                progress.update(done)
        self.stdout.write(f"{mended} samples mended")
