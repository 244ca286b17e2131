"""What waits for a person, and what a search finds: every context answers with these two values."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Todo:
    """One line of 待办: a verb and a number (“抽样 3 件”), where to do it, until when.

    `tone` is “bad” when late, “warn” when due soon, “info” otherwise.
    """

    text: str
    url: str
    tone: str = "info"
    due: datetime | None = None
    note: str = ""


@dataclass(frozen=True)
class Hit:
    """One answer of the global search: a code or number, a name, what kind of thing, where it is."""

    number: str
    name: str
    kind: str
    url: str
