"""Links upwards: what the contexts above know of a thing, asked by the page of the thing itself.

A lower context never imports a higher one; the higher one registers its answer from `apps.ready`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model


@dataclass(frozen=True)
class Link:
    """One line of “关联”: what kind of thing (案件), its number or name, its state and tone (ui tags), where it is."""

    kind: str
    text: str
    url: str
    state: str = ""
    tone: str = "idle"


Answer = Callable[[Any, Any], list[Link]]  # (who asks, the thing) → links, each of them this person's to see

ANSWERS: dict[str, list[Answer]] = {}


def register(label: str, answer: Answer) -> None:
    """`label` is the model of the thing, “monitoring.Sample”."""
    ANSWERS.setdefault(label, []).append(answer)


def related(user: Any, thing: Model) -> list[Link]:
    """What all contexts above know of the thing."""
    return [link for answer in ANSWERS.get(thing._meta.label, ()) for link in answer(user, thing)]
