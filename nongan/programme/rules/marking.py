"""The document beside its reading: which characters belong to which row. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from nongan.programme.rules.content import Content

BLOCKS = ("goals", "tasks", "phases", "safeguards", "unread", "heading", "passage")
INLINE = ("target", "unit")


@dataclass(frozen=True)
class Piece:
    """Some characters. `row` is the row that an inline mark (a figure, a unit) belongs to; `first` its first piece."""

    text: str
    kind: str = ""
    row: str = ""
    first: bool = False


@dataclass
class Block:
    """Characters of one row, or of none. `kind` is one of BLOCKS, or blank where nothing was said of the text.

    `gone`: a person took the row out of the reading. `first`: the first block of its row.
    """

    kind: str = ""
    row: str = ""
    gone: bool = False
    first: bool = False
    pieces: list[Piece] = field(default_factory=list)


def marked(text: str, machine: Content, present: Collection[str]) -> list[Block]:
    """The text of one plan in order, cut where marks begin and end; the smallest mark over a character wins.

    Shows from the first to the last marked character, so that of a file of several plans only this one appears.
    """
    marks = [(start, end, kind, row) for start, end, kind, row in machine.get("marks", []) if end <= len(text)]
    if not marks:
        return [Block(pieces=[Piece(text)])] if text else []
    cuts = sorted({place for start, end, _kind, _row in marks for place in (start, end)})
    over = _covering(marks, cuts)
    blocks: list[Block] = []
    seen: set[tuple[str, str]] = set()
    for start, end in zip(cuts, cuts[1:], strict=False):
        kind, row = _smallest(over[start], BLOCKS)
        if not blocks or (blocks[-1].kind, blocks[-1].row) != (kind, row):
            gone = bool(row) and row not in present
            blocks.append(Block(kind, row, gone, bool(row) and ("", row) not in seen))
            seen.add(("", row))
        inline, of = _smallest(over[start], INLINE)
        first = bool(of) and (inline, of) not in seen
        seen.add((inline, of))
        blocks[-1].pieces.append(Piece(text[start:end], inline, of, first))
    return [block for block in blocks if "".join(piece.text for piece in block.pieces).strip()]


Mark = tuple[int, int, str, str]


def _covering(marks: Iterable[Mark], cuts: list[int]) -> dict[int, list[Mark]]:
    """The marks over each elementary stretch, by its start."""
    at: dict[int, list[Mark]] = {place: [] for place in cuts}
    places = {place: n for n, place in enumerate(cuts)}
    for mark in marks:
        for place in cuts[places[mark[0]] : places[mark[1]]]:
            at[place].append(mark)
    return at


def _smallest(marks: list[Mark], kinds: Iterable[str]) -> tuple[str, str]:
    fitting = [mark for mark in marks if mark[2] in kinds]
    if not fitting:
        return "", ""
    mark = min(fitting, key=lambda mark: mark[1] - mark[0])
    return mark[2], mark[3]


def anchors(machine: Content) -> dict[str, str]:
    """Row → the row under whose id its words are found: rows that share their words share the place of the first."""
    first: dict[tuple[int, int, str], str] = {}
    found: dict[str, str] = {}
    for start, end, kind, row in machine.get("marks", []):
        if row and kind != "unit":
            found.setdefault(row, first.setdefault((start, end, kind), row))
    return found
