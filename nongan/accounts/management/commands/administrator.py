"""`nongan administrator USERNAME NAME`: enter the person who opens a new installation."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from nongan.accounts.services import NotFirst, enter_first_administrator


class Command(BaseCommand):
    help = "Enter the first system administrator of a new installation and print the first password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("name", help="the person's full name")
        parser.add_argument("--division", default=settings.CITY, help="12-digit code that bounds what is seen")

    def handle(self, *args: Any, username: str, name: str, division: str, **options: Any) -> None:
        try:
            person, password = enter_first_administrator(
                username=username, full_name=name, division=division, at=timezone.now()
            )
        except NotFirst as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{person.username}  {password}  (to be changed at the first login)")
