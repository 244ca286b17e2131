"""`nongan demo [--scale N] [--months N] [--until DATE] [--if-empty]`: the demonstration city in an empty database."""

from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date
from tqdm import tqdm

from nongan.accounts.services import NotFirst
from nongan.demo.rules import PASSWORD
from nongan.demo.services import PEOPLE, Size, build, finished


class Command(BaseCommand):
    help = "Fill an empty database with the demonstration city of Yichun."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scale", type=float, default=1, help="times the subjects and samples; 0.1 is a small city"
        )
        parser.add_argument("--months", type=int, default=Size.months, help="months of history")
        parser.add_argument("--until", help="the last day of the history, YYYY-MM-DD; today when left out")
        parser.add_argument("--if-empty", action="store_true", help="do nothing where the city stands already")

    def handle(self, *args: Any, scale: float, months: int, until: str | None, if_empty: bool, **options: Any) -> None:
        if not (if_empty and finished()):
            self.build(replace(Size().times(scale), months=max(1, months)), self.moment(until))
        self.stdout.write(f"\nLog in with the password  {PASSWORD}  as one of")
        for username, who in PEOPLE:
            self.stdout.write(f"  {username:<21}{who}")

    def moment(self, until: str | None) -> datetime:
        if until is None:
            return timezone.now()
        day = parse_date(until)
        if day is None:
            raise CommandError(f"{until} is not a date like 2026-11-25.")
        return datetime.combine(day, time(18), timezone.get_default_timezone())

    def build(self, size: Size, at: datetime) -> None:
        try:
            build(code=settings.CITY, at=timezone.localtime(at), size=size, progress=self.bar)
        except NotFirst as refusal:
            raise CommandError(
                "The database holds people already, or a demonstration city that was not finished. "
                "Remove the folder var/ (or use another database) and run the command again."
            ) from refusal

    def bar(self, what: str, total: int) -> Callable[[int], object]:
        """A bar at a terminal; a line where the output is kept."""
        if not self.stdout.isatty():
            self.stdout.write(f"{what} {total}" if total else what)
            self.stdout.flush()
            return lambda n: None
        return tqdm(desc=f"{what:<9}", total=total or None, unit="", disable=None).update
