"""The chain: what is hashed, and how a line is checked. Pure.

A line's hash covers its content and the hash before it, so no line can be altered, removed, inserted or moved
without every later hash changing. Fields are joined by the unit separator, which `clean` keeps out of them.
"""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy as _

# What the details of acts are called on screen; others are shown by their key.
FACTS: dict[str, Any] = {
    "number": _("编号"), "code": _("编号"), "name": _("名称"), "note": _("说明"), "verdict": _("结论"),
    "sample": _("样品"), "specimen": _("盲样"), "report": _("报告"), "banned": _("检出禁用物质"), "rows": _("行数"),
    "corrected": _("更正项"), "digest": _("摘要"), "sha256": _("文件哈希"), "organisation": _("机构"),
    "person": _("责任人"), "role": _("角色"), "username": _("用户名"), "source": _("来源"), "late": _("超期"),
    "in_time": _("按期"),
    "files": _("文件"), "file": _("文件"), "line": _("台账行"), "handover": _("移交"), "months": _("月数"),
    "kind": _("类别"), "plans": _("方案数"), "tasks": _("任务数"), "start": _("起始日"), "version": _("版次"),
    "before": _("改前"), "after": _("改后"), "changes": _("改动"), "fields": _("改动项"), "edition": _("版本"),
    "analyte": _("检测项目"), "basis": _("依据"), "status": _("状态"), "outcome": _("决定"), "cause": _("案由"),
    "reason": _("理由"), "residents": _("常住人口"), "year": _("年份"), "days": _("天数"), "label": _("用途"),
    "active": _("在用"), "is_active": _("有效"), "was": _("原值"), "view": _("佐证"), "clock": _("期限"),
}  # fmt: skip
ACTS: dict[str, Any] = {}  # action → what it is called on screen; each context names its own
SEPARATOR = "\x1f"
BEGINNING = "0" * 64  # the hash before the first line


def clean(text: str) -> str:
    """Text without control characters, so that two different lines can never be hashed from the same bytes."""
    return "".join(c if c >= " " else " " for c in text)


def canonical(details: dict[str, Any]) -> str:
    """Details as JSON text with sorted keys: the very text that is stored and hashed."""
    return json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def instant(at: datetime) -> str:
    """A moment in UTC to the microsecond, the same text on every database."""
    return at.astimezone(UTC).isoformat(sep=" ", timespec="microseconds")[:26]


def seal(
    previous: str, sequence: int, at: str, by: str, action: str, on_model: str, on_id: str, division: str, details: str
) -> str:
    """The hash of a line, hexadecimal, 64 characters."""
    text = SEPARATOR.join((previous, str(sequence), at, by, action, on_model, on_id, division, details))
    return sha256(text.encode()).hexdigest()


def name_acts(names: dict[str, Any]) -> None:
    """Called from each context's `apps.ready` with {action: translatable name}."""
    ACTS.update(names)
