"""Text without numbers, cut where its paragraphs end."""

from collections.abc import Iterator

from nongan.programme.rules.reading.source import Range

_ENDS = frozenset("。;!?:)”》")


def paragraphs(plain: str, start: int, end: int) -> Iterator[Range]:
    """The paragraphs between `start` and `end`; a line that ends within a sentence goes on in the next."""
    first, place = start, start
    while place < end:
        line = plain.find("\n", place, end)
        line = end if line < 0 else line
        words = plain[first:line].strip()
        after = plain[line:end].lstrip()
        if words and (words[-1] in _ENDS or not after or len(words) < 16):
            yield _trimmed(plain, first, line)
            first = line
        place = line + 1
    if plain[first:end].strip():
        yield _trimmed(plain, first, end)


def _trimmed(plain: str, start: int, end: int) -> Range:
    while start < end and plain[start] in " \n":
        start += 1
    while end > start and plain[end - 1] in " \n":
        end -= 1
    return start, end
