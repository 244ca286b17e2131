"""What is collected while one plan is read."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from nongan.programme.rules.indicators import indicator_for
from nongan.programme.rules.reading.outline import Node
from nongan.programme.rules.reading.shapes import (
    Aside,
    Goal,
    Heading,
    Passage,
    Phase,
    Reason,
    Safeguard,
    Span,
    Target,
    Task,
    Unread,
)
from nongan.programme.rules.reading.source import Range, Source, tidy
from nongan.programme.rules.reading.targets import Leftover, find_targets
from nongan.programme.rules.reading.units import Clause, CommonUnits

_NAME = re.compile(r"[均应要]?(?:不[少低小高超大得]|达|稳定|保持|提[高升]|控制|至少|[≥≤><]|\d)")
_BARE = 6  # characters of a rate that does not say of what it is one


@dataclass(slots=True)
class Sheet:
    """`source` has the tables hidden; `clauses` (in order) are those of the whole plan."""

    source: Source
    clauses: list[Clause]
    strange: list[Range]
    starts: list[int] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    phases: list[Phase] = field(default_factory=list)
    safeguards: list[Safeguard] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    common: list[CommonUnits] = field(default_factory=list)
    tables: list[int] = field(default_factory=list)  # where tables of tasks begin
    frames: list[tuple[int, int, tuple[str, str]]] = field(default_factory=list)  # the chapters in which they stand

    def __post_init__(self) -> None:
        self.starts = [clause.start for clause in self.clauses]
        self.common = self.common or [common for clause in self.clauses for common in clause.common]

    def add_clauses(self, more: list[Clause]) -> None:
        self.clauses = sorted([*self.clauses, *more], key=lambda clause: clause.start)
        self.starts = [clause.start for clause in self.clauses]

    def clauses_in(self, start: int, end: int) -> list[Clause]:
        return self.clauses[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def holds_table(self, node: Node) -> bool:
        return bisect_left(self.tables, node.start) < bisect_left(self.tables, node.end)

    def has_units(self, node: Node) -> bool:
        return any(clause.mentions and not clause.kept for clause in self.clauses_in(node.start, node.end))

    def words_without(self, start: int, end: int, clauses: list[Clause]) -> str:
        """The words from `start` to `end` without the clauses that name units."""
        words, last = "", start
        for clause in (clause for clause in clauses if not clause.kept):
            words = _joined(words, self.source.shown[last : max(last, clause.start)])
            last = max(last, min(clause.end, end))
        return tidy(_joined(words, self.source.shown[last:end]))

    def add_heading(self, node: Node) -> str:
        """Note the heading of a part that holds others, and return its words."""
        start, end = node.heading
        stop = node.body if end > start else node.after_mark
        text = self.words_without(start, end, self.clauses_in(start, end))
        self.headings.append(Heading(node.label, text, self.source.span(node.start, stop)))
        return text

    def add_passage(self, kind: Aside, start: int, end: int) -> None:
        if text := self.source.words(start, end):
            span = self.source.span(*self.trimmed(start, end))
            if all(passage.span != span for passage in self.passages[-1:]):
                self.passages.append(Passage(kind, text, span))

    def add_unread(self, start: int, end: int, reason: Reason) -> None:
        if text := self.source.words(start, end):
            start, end = self.trimmed(start, end)
            self.unread.append(Unread(text, reason, self.source.span(start, end)))

    def add_conflict(self, row: Task) -> None:
        """The units that a table names for a task of the running text, where they differ from its own."""
        names = "、".join(unit.name for unit in row.units)
        span = Span(min(unit.span.start for unit in row.units), max(unit.span.end for unit in row.units))
        self.unread.append(Unread(names, Reason.CONFLICT, span))

    def add_targets(self, where: str, start: int, end: int, clauses: list[Clause] | None = None, of: str = "") -> None:
        """The figures between `start` and `end`, but not inside the clauses that name units.

        `of` is the task beside the cell of a table: a figure there that names nothing is of what the task speaks.
        """
        last = start
        for clause in (clause for clause in clauses or () if not clause.kept):
            self._targets(where, last, clause.start, of)
            last = clause.end
        self._targets(where, last, end, of)

    def _targets(self, where: str, start: int, end: int, of: str) -> None:
        for found in find_targets(self.source, start, max(start, end)):
            if isinstance(found, Leftover):
                self.add_unread(found.start, found.end, found.reason)
                continue
            figure = self.source.span(*found.figure) if found.figure else None
            span = self.source.span(found.start, found.end)
            code = found.indicator
            if code is None and of and len(_NAME.split(found.text)[0]) <= _BARE:
                code = indicator_for(f"{of},{found.text}", found.unit)
            self.targets.append(
                Target(found.text, where, found.comparator, found.value, found.unit, code, span, figure)
            )

    def trimmed(self, start: int, end: int) -> Range:
        shown = self.source.shown[start:end]
        return start + len(shown) - len(shown.lstrip()), end - (len(shown) - len(shown.rstrip()))


def _joined(before: str, after: str) -> str:
    """The words around a clause that was taken out: not two full stops, no list mark left alone."""
    before, after = before.rstrip(" \u3000"), after.lstrip(" \u3000")
    if after[:1] in "。.；;，," and (not before.strip() or before.rstrip()[-1] in "。；;！!？?，,、\n"):
        after = after[1:]
    return before + after
