"""`nongan standards check-bulletins FILE [--json]`: what official bulletins found failing must fail here too."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nongan.standards.queries.bulletins import BulletinCheck, BulletinUnreadable, check_bulletins, places_of
from nongan.standards.rules import Verdict

ORDER = [Verdict.FAIL, Verdict.PASS, Verdict.UNDECIDED, Verdict.UNJUDGED]


class Command(BaseCommand):
    help = (
        "Check the judging against a table (xlsx, CSV) of official failures; "
        "fails when a covered one does not come out 不合格."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        check = acts.add_parser("check-bulletins", help="judge every record of a table of failures")
        check.add_argument("file", type=Path)
        check.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            found = check_bulletins(file.read_bytes())
        except OSError as fault:
            raise CommandError(f"{file}: {fault.strerror}") from fault
        except BulletinUnreadable as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))
        else:
            self.tell(found)
        if found.mismatches:
            raise CommandError(f"{len(found.mismatches)} 条限量覆盖的官方不合格记录没有判为不合格。")

    def tell(self, found: BulletinCheck) -> None:
        """Counts, then every record that does not agree and every one that is not covered, with the reason."""
        write = self.stdout.write
        counts = [f"{verdict.label} {len(found.of(verdict))}" for verdict in ORDER if verdict != Verdict.UNJUDGED]
        write(f"共 {len(found.checked)} 条：" + "，".join([*counts, f"限量未覆盖 {len(found.not_covered)}"]))
        for place, one in places_of(found.mismatches):
            judgement, record = one.judgement, one.record
            assert judgement is not None
            told = f"{place} {'、'.join(record.foods)} {record.item} {record.result}"
            write(self.style.ERROR(f"不一致 {told}：{judgement.verdict.label}，{judgement.reason}"))
        for place, one in places_of(found.not_covered):
            write(f"未覆盖 {place} {'、'.join(one.record.foods)} {one.record.item}：{one.reason}")
