"""`nongan journal verify | deliver`."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from nongan.journal import queries, services
from nongan.journal.models import Line


class Command(BaseCommand):
    help = "Verify the chain of the journal, or retry what handlers have not heard."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("verify", help="recompute every hash; name the first altered line")
        deliver = acts.add_parser("deliver", help="retry deliveries that are due")
        deliver.add_argument("--watch", action="store_true", help="go on every five seconds")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "verify":
            self.verify()
        else:
            self.deliver(watch=options["watch"])

    def verify(self) -> None:
        with tqdm(total=Line.objects.count(), unit=" lines", disable=None) as bar:
            found = queries.verify(bar.update)
        if found.altered is not None:
            raise CommandError(
                f"Line {found.altered} is not as written: {found.reason}. {found.lines} lines before it are sound."
            )
        self.stdout.write(f"{found.lines} lines, unaltered. Root {found.root}")

    def deliver(self, *, watch: bool) -> None:
        while True:
            done, failed = services.deliver_due(at=timezone.now())
            if done or failed or not watch:
                self.stdout.write(f"{done} delivered, {failed} failed")
            if not watch:
                return
            time.sleep(5)
