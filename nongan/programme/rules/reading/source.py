"""The text of a document in three aligned forms, and the way back to its characters.

- `text`: the document as it came; every `Span` refers to it.
- `plain`: folded for matching: half-width letters, digits and brackets; recognition slips corrected; invisible
  characters, page furniture and the line ends of hard-wrapped text left out.
- `shown`: the same characters as `plain`, but as printed (full-width stays full-width): what the reading quotes.

`plain` and `shown` have one length; `offsets[i]` is the place of their i-th character in `text`.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nongan.programme.rules.reading.shapes import Correction, Span
from nongan.programme.rules.reading.slips import signs

Range = tuple[int, int]

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLD = str.maketrans(
    {
        **{chr(wide): chr(narrow) for wide, narrow in _WIDE.items()},
        **dict.fromkeys("\u3000\u00a0\u2002\u2003\u2009\x0b\x0c\x85\u2028\u2029", " "),
        **dict.fromkeys("〔【［", "["),
        **dict.fromkeys("〕】］", "]"),
        "﹪": "%",
        **{chr(0x2474 + n): chr(0x2460 + n) for n in range(20)},  # ⑴ to ⒇ as ① to ⑳
        "﹙": "(",
        "﹚": ")",
        "≧": "≥",
        "≦": "≤",
        "｡": "。",
        "､": "、",
        "﹒": ".",
    }
)
_INVISIBLE = re.compile(
    "[\u200b-\u200f\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f]+|\r(?=\n)|(?:(?<=\n)|\\A)#{1,6}[ \t]+(?=[^\\s#])"
)

_STRAY_END = re.compile(r"(?<!\n)\n(?=[。,;:!?)\]”》、](?!\n\n))")
_DIGITS = "一二三四五六七八九十"


FEW_BREAKS = 5
MANY_BREAKS = 12  # in a .docx, whose line ends are paragraphs unless it was made from a page image


@dataclass(frozen=True, slots=True)
class Source:
    text: str
    plain: str
    shown: str
    offsets: "array[int]"
    corrections: tuple[Correction, ...] = field(default=())

    def span(self, start: int, end: int) -> Span:
        """The span in `text` of the characters `start` to `end` of `plain`."""
        if end <= start:
            return Span(self.offsets[start], self.offsets[start])
        return Span(self.offsets[start], self.offsets[end - 1] + 1)

    def words(self, start: int, end: int) -> str:
        """The printed words from `start` to `end`, tidied: no indents, no gaps between Chinese characters."""
        return tidy(self.shown[start:end])

    def place(self, offset: int) -> int:
        """Where a character of `text` stands in `plain` (the next one, where it was left out)."""
        return bisect_left(self.offsets, offset, 0, len(self.plain))

    def hide(self, ranges: Iterable[Range]) -> "Source":
        """The same source with some ranges (of `plain`) blanked by line ends: read by someone else."""
        return Source(self.text, _blank(self.plain, ranges), _blank(self.shown, ranges), self.offsets)


def tidy(words: str) -> str:
    words = re.sub(r"[ \u3000\u00a0]+", " ", words.strip())
    words = re.sub(r"[ \t]*\n\s*", "\n", words)
    words = re.sub(r"(?<=[^\x00-\xff]) (?=[^\x00-\xff])", "", words)
    return re.sub(r" ?\t[ \t]*", " ", words)  # between the cells of a table


def make_source(text: str, *, skip: Sequence[Range] = (), breaks: int = FEW_BREAKS) -> Source:
    """Fold, correct and join `text`; `skip` are ranges of it (page furniture) to leave out.

    `breaks`: from how many lines that end within a sentence on it counts as hard-wrapped.
    """
    folded = text.translate(_FOLD)
    gone = [match.span() for match in _INVISIBLE.finditer(folded)]
    gone += skip
    gone += [match.span() for match in _STRAY_END.finditer(folded)]
    gone += wrapped_line_ends(folded, skip, breaks)
    kept = _complement(gone, len(text))
    offsets = array("L")
    for start, end in kept:
        offsets.extend(range(start, end))
    offsets.append(len(text))
    plain = "".join(folded[start:end] for start, end in kept).replace("\r", "\n")
    shown = "".join(text[start:end] for start, end in kept).replace("\r", "\n")
    return _corrected(Source(text, plain, shown, offsets))


def _corrected(source: Source) -> Source:
    plain, shown, slips = source.plain, source.shown, []
    for places, right in signs(plain):
        for place in places:
            slips.append(Correction(shown[place], right, source.span(place, place + 1)))
        plain, shown = _replaced(plain, places, right), _replaced(shown, places, right)
    slips.sort(key=lambda slip: slip.span.start)
    return Source(source.text, plain, shown, source.offsets, tuple(slips))


def _replaced(text: str, places: list[int], char: str) -> str:
    if not places:
        return text
    pieces, last = [], 0
    for place in places:
        pieces += [text[last:place], char]
        last = place + 1
    return "".join([*pieces, text[last:]])


def _blank(text: str, ranges: Iterable[Range]) -> str:
    pieces, last = [], 0
    for start, end in sorted(ranges):
        start = max(start, last)
        pieces += [text[last:start], "\n" * (end - start)]
        last = max(last, end)
    return "".join([*pieces, text[last:]])


def _complement(ranges: Iterable[Range], length: int) -> list[Range]:
    kept, last = [], 0
    for start, end in sorted(ranges):
        if start > last:
            kept.append((last, start))
        last = max(last, end)
    if last < length:
        kept.append((last, length))
    return kept


# A line after a full one goes on with it, unless it begins something of its own.
_BEGINS = re.compile(
    rf"[\s　]{{2,}}|\s*(?:[★☆※*▲]?\s?(?:[{_DIGITS}]{{1,3}}\s?、|\(\s?[{_DIGITS}\d]{{1,3}}\s?\)|\d{{1,3}}\s?[.、](?!\d))"
    r"|第[一二三四五六七八九十]+(?:阶段|步|章|部分)|(?:责任|牵头|配合|协办|主办)\s?(?:单位|部门|科室)|附件|[—●·•◆■])"
)


def wrapped_line_ends(text: str, skip: Iterable[Range] = (), least: int = FEW_BREAKS) -> list[Range]:
    """The line ends that only break lines at a fixed width, as in text taken from a page image or PDF.

    A document is hard-wrapped when its long lines are about equally long (18 to 70 characters) and at least half of
    them, and `least`, end within a sentence. `skip` are lines that do not count: a sentence goes on behind them.
    """
    lines = [(start, end, _width(text[start:end])) for start, end in _lines(text, skip)]
    written = sorted(width for *_place, width in lines if width)
    if len(written) < 8:
        return []
    full = written[len(written) * 9 // 10]
    long = [
        (text[start:end].rstrip()[-1], text[after : after + 40])
        for (start, end, width), (after, *_rest) in zip(lines, [*lines[1:], (len(text),)], strict=True)
        if width >= max(full - _RAGGED, 1) and "\t" not in text[start:end]
    ]
    broken = sum(last not in _STOPS and bool(after.strip()) and not _BEGINS.match(after) for last, after in long)
    if not 36 <= full <= 140 or written[-1] > full + 12 or broken < least or 2 * broken < len(long):
        return []
    ends = []
    for (_start, end, width), (after, *_rest) in zip(lines, lines[1:], strict=False):
        going_on = text[after : after + 60].split("\n", 1)[0]
        if width >= full - _RAGGED and going_on.strip() and not _BEGINS.match(going_on):
            ends.append((end, end + 1))
    return ends


def _width(line: str) -> int:
    """How wide the line is printed, in half-width characters."""
    line = line.rstrip()
    return len(line) + sum(char > "\u2000" for char in line)


_RAGGED = 7  # half-width characters by which a full line may be shorter than the others
_STOPS = frozenset("。；：！？;:!?”）)》")


def _lines(text: str, skip: Iterable[Range]) -> list[Range]:
    """Where the lines begin and end, without those to skip."""
    skipped = {start for start, _end in skip}
    lines, place = [], 0
    for line in text.split("\n"):
        if place not in skipped:
            lines.append((place, place + len(line)))
        place += len(line) + 1
    return lines
