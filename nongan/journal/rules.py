"""The chain: what is hashed, and how a line is checked. Pure.

A line's hash covers its content and the hash before it, so no line can be altered, removed, inserted or moved
without every later hash changing. Fields are joined by the unit separator, which `clean` keeps out of them.
"""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

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
