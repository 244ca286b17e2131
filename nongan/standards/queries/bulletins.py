"""Checking the judging against official bulletins: what an agency found failing must fail here too."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nongan.common.errors import RuleBroken
from nongan.standards.queries.book import book
from nongan.standards.rules import Verdict
from nongan.standards.rules.bulletin import Checked, check_record, columns_of, read_record


class BulletinUnreadable(RuleBroken):
    """The file is not a table of failures."""

    code = "bulletin_unreadable"


@dataclass(frozen=True)
class BulletinCheck:
    """All records of a bulletin, judged."""

    checked: list[Checked]

    def of(self, verdict: Verdict) -> list[Checked]:
        return [one for one in self.checked if one.judgement is not None and one.judgement.verdict == verdict]

    @property
    def not_covered(self) -> list[Checked]:
        return [one for one in self.checked if not one.covered]

    @property
    def mismatches(self) -> list[Checked]:
        """Covered records that did not come out failing."""
        return [one for one in self.checked if one.judgement is not None and one.judgement.verdict != Verdict.FAIL]

    def as_dict(self) -> dict[str, Any]:
        counts = {verdict.value: len(self.of(verdict)) for verdict in Verdict}
        return {
            "rows": len(self.checked),
            "counts": counts | {"not_covered": len(self.not_covered)},
            "mismatches": [_told(one) for one in self.mismatches],
            "not_covered": [_told(one) for one in self.not_covered],
        }


def check_bulletins(data: bytes) -> BulletinCheck:
    """Judge every row of a CSV file (UTF-8 or GB 18030) of failures. Raises BulletinUnreadable."""
    rows = list(csv.DictReader(io.StringIO(_decoded(data))))
    try:
        columns = columns_of([heading for heading in (rows[0] if rows else {}) if heading])
    except KeyError as missing:
        raise BulletinUnreadable(
            f"表中没有食品、项目、结果三列（缺 {missing}）。请给出 CSV 文件，第 1 行为表头。"
        ) from None
    return BulletinCheck(list(_checked(rows, columns)))


def _checked(rows: Iterable[dict[str, str]], columns: dict[str, str]) -> Iterable[Checked]:
    law = book()
    for number, row in enumerate(rows, start=2):
        yield check_record(law, read_record(number, row, columns))


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BulletinUnreadable("文字编码无法识别。请另存为 UTF-8 编码的 CSV。")


def _told(one: Checked) -> dict[str, Any]:
    record, judgement = one.record, one.judgement
    return {
        "row": record.number,
        "record": record.record,
        "food": "、".join(record.foods),
        "item": record.item,
        "result": record.result,
        "produced_on": record.produced_on.isoformat() if record.produced_on else None,
        "verdict": judgement.verdict.value if judgement else None,
        "limit": judgement.limit.text if judgement and judgement.limit else None,
        "path": judgement.words if judgement else "",
        "reason": judgement.reason if judgement else one.reason,
    }
