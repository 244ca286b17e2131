"""`nongan work`: the worker beside the server. Retries deliveries and refreshes figures."""

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from nongan.operations.services import work_once

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Retry what handlers have not heard and keep the figures fresh, until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, default=2.0, help="seconds between rounds")
        parser.add_argument("--once", action="store_true", help="one round")

    def handle(self, *args: Any, every: float, once: bool, **options: Any) -> None:
        stop = threading.Event()
        if not once:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            try:
                work_once(at=timezone.now())
            except Exception:
                logger.exception("A round of work failed; the next one comes in %s seconds", every)
            close_old_connections()
            if once:
                return
            stop.wait(every)
