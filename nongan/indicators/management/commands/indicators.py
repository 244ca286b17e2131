"""`nongan indicators compute | refresh | prove`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from nongan.indicators import services
from nongan.indicators.queries.catalogue import definitions, faults


class Command(BaseCommand):
    help = "Compute the figures from the records, refresh what acts touched, or prove that what is stored is right."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("compute", help="read all evidence again and compute every value")
        acts.add_parser("refresh", help="count again only what acts have touched")
        prove = acts.add_parser("prove", help="stored = recomputed, and records = values; names the first difference")
        prove.add_argument("--all", action="store_true", help="count the records behind every value, not a sample")
        prove.add_argument("--sample", type=int, default=200, help="values whose records are counted")
        prove.add_argument(
            "--snapshot", action="store_true", help="recompute from the snapshot instead of reading the database again"
        )

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        for text in (*faults().unusable, *faults().waiting):
            self.stderr.write(self.style.WARNING(text))
        with tqdm(unit=" rows", disable=None) as bar:

            def progress(view: str, rows: int) -> None:
                bar.set_description(view, refresh=False)
                bar.update(rows)

            if act == "prove":
                sample = None if options["all"] else options["sample"]
                proof = services.prove(
                    at=timezone.now(), sample=sample, progress=progress, again=not options["snapshot"]
                )
            elif act == "compute":
                done = services.compute_all(at=timezone.now(), progress=progress)
            else:
                done = services.refresh(at=timezone.now(), every=services.AT_ONCE)
        if act == "prove":
            self.tell(proof)
            return
        for view, changed in done.changed.items():
            self.stdout.write(f"{view}: {done.rows.get(view, 0)} rows read, {changed} values changed")
        if not done.changed:
            self.stdout.write(f"Nothing changed. {len(definitions())} indicators.")

    def tell(self, proof: services.Proof) -> None:
        if proof.differences:
            more = f" {len(proof.differences) - 1} more differences." if len(proof.differences) > 1 else ""
            raise CommandError(f"{proof.differences[0]}{more}")
        self.stdout.write(
            f"{proof.values} values equal their recomputation; the records behind {proof.counted} of them were counted."
        )
