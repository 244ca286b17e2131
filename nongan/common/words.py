"""Words that are put together in code: with the marks of the reader's language between them.

A whole sentence stands in the catalogue and brings its own marks. What is stored — notes of the journal, findings,
reports, official papers — is Chinese and does not ask who reads.
"""

from collections.abc import Iterable

from django.utils.translation import get_language

MARKS = {"、": ", ", "，": ", ", "；": "; ", "：": ": ", "。": ". ", "（": " (", "）": ")"}


def mark(sign: str) -> str:
    """A Chinese mark, or that of the reader's language with its space."""
    return sign if (get_language() or "zh").startswith("zh") else MARKS[sign]


def listed(things: Iterable[object], sign: str = "、") -> str:
    """Several words as one: 甲、乙."""
    return mark(sign).join(map(str, things))


def sentence(field: object, reason: object, remedy: object) -> str:
    """A fault in one line, without what it lacks: 电话：位数不对。请填 11 位手机号."""
    told = f"{field}{mark('：')}{reason}" if field else str(reason)
    return f"{told}{mark('。')}{remedy}" if remedy else told


def bracketed(word: object, note: object) -> str:
    """A word and what is to be said about it: 甲（乙）."""
    return f"{word}{mark('（')}{note}{mark('）')}"
