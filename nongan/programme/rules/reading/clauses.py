"""Where units are named: labelled brackets and lines, and what closes a task without a label.

A bracket without a label counts where it closes a task and says 牵头, 配合 or 负责, or holds nothing but full names of
units; one with short names only (种植业科、质监科) where at least two tasks end so. One that seems to name units, but
cannot be read, is reported.
"""

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator

from nongan.programme.rules.reading import names
from nongan.programme.rules.reading.shapes import Reason, Role
from nongan.programme.rules.reading.source import Range
from nongan.programme.rules.reading.units import COLON, HEADED, LABEL, Clause, common_notes, read_clause, read_names

_BRACKET = re.compile(r"[(\[](?P<body>(?:[^()\[\]。]|。(?=以下|其余|各项|所有)|\([^()]{0,30}\)){3,200})[)\]]")
_BY = re.compile(
    r"(?<=[。;!\n]) {0,8}(?:[该此本](?:项)?(?:工作|任务))?由(?P<body>[^。;\n]{3,120}?(?:牵头|负责|落实)"
    r"(?:[^。;\n]{0,80}(?:配合|参与|协助|负责|落实))?)[。;]?(?=\s*(?:\n|$))"
)
_WITHIN = re.compile(
    r"由(?P<body>[^,。;\n由]{3,60}?牵头(?:负责|组织实施|落实|抓总)?(?:,[^,。;\n由]{3,80}?(?:配合|参与|协助|协同))?)(?=[,。;\n]|$)"
)
_NUMBER = re.compile(r"(?<![\d一-龥])(?:\d{1,3}|[一二三四五六七八九十]{1,3})[.、]\s?\Z")
_SHORT = re.compile(
    r"(?!含|如|即|包括|原|见|共|以下|设在)[一-龥]{2,14}(?:科|处|室|股|支队|大队|中队|中心|局|委|办|站|所|政府|各县区|各乡镇)"
)
_HEADED = re.compile(r"\s*(?P<body>[^,。;:\n]{2,60}?)\s*(?:[:。\n]|$|(?:具体|主要|牵头|统一)?(?:负责|牵头)(?!人|任))")
_IS_ORGAN = re.compile(
    r"(?:局|委|办|厅|政府|办公室|委员会|中心|支队|大队|部|部门|办事处|供销社|联社|电视台|广播台|法院|检察院|公司|协会|管委会)$"
)
_DOING = re.compile(r"(?:牵头|负责|配合|参与|参加|协助|落实|实施)\s*。?$")
CLAUSE_LIMIT = 800


def find_clauses(plain: str, start: int, end: int, stops: list[int]) -> tuple[list[Clause], list[Range]]:
    """All clauses in order, and the brackets that look like one but were not understood.

    `stops` are the places, rising, where numbered headings begin: no clause reaches across one.
    """
    clauses, strange, place = [], [], start
    for match in LABEL.finditer(plain, start, end):
        if match.start() < place:
            continue
        found = _reach(plain, match, start, _next(stops, match.start(), end))
        if found is None:
            continue
        place = found[1]
        clause = read_clause(plain, *found)
        if clause.understood:
            clauses.append(clause)
        else:
            strange.append(found)
    for clause in _unlabelled(plain, start, end, stops, [(clause.start, clause.end) for clause in clauses]):
        if clause.understood:
            clauses.append(clause)
        else:
            strange.append((clause.start, clause.end))
    taken = sorted((clause.start, clause.end) for clause in clauses)
    clauses += [clause for clause in _within_sentences(plain, start, end) if not _is_inside(taken, clause.start)]
    clauses += [note for note in common_notes(plain, start, end) if not _is_inside(taken, note.start)]
    return sorted(clauses, key=lambda clause: clause.start), sorted(strange)


def _is_inside(taken: list[Range], place: int) -> bool:
    nth = bisect_right(taken, (place, sys.maxsize)) - 1
    return nth >= 0 and taken[nth][1] > place


def _next(stops: list[int], place: int, end: int) -> int:
    index = bisect_right(stops, place)
    return min(stops[index], end) if index < len(stops) else end


def _reach(plain: str, label: re.Match[str], start: int, stop: int) -> Range | None:
    """From where to where a clause with this label goes; None where the label is only a word in a sentence."""
    before = label.start() - 1
    while before >= start and plain[before] == " ":
        before -= 1
    if before >= start and plain[before] in "([":
        if headed := HEADED.match(plain, label.end(), stop):  # 【责任单位】市农业农村局
            return before, _sentence_end(plain, headed.end(), min(stop, headed.end() + CLAUSE_LIMIT))
        return before, _closing(plain, before, min(stop, before + CLAUSE_LIMIT))
    colon = COLON.match(plain, label.end(), stop)
    if not colon or (
        before >= start
        and plain[before] not in "\n。;!?)]” ,"
        and not _NUMBER.search(plain, max(start, before - 4), label.start())
    ):
        return None
    stop = min(stop, colon.end() + CLAUSE_LIMIT)
    last = _sentence_end(plain, colon.end(), stop)
    while (line := _line_of_names(plain, last, stop)) is not None:
        last = line
    return label.start(), last


def _line_of_names(plain: str, place: int, stop: int) -> int | None:
    """The end of the next line, where the list goes on there: it holds nothing but full names of units."""
    if place >= stop or plain[place] != "\n":
        return None
    end = plain.find("\n", place + 1, stop)
    end = stop if end < 0 else end
    pieces = names.split_names(plain, place + 1, end)
    return end if pieces and all(names.is_surely_a_name(plain[slice(*piece)]) for piece in pieces) else None


def _closing(plain: str, place: int, stop: int) -> int:
    """Just behind the bracket that closes the one at `place`; the end of the sentence where it is missing."""
    depth = 0
    for at in range(place, stop):
        depth += (plain[at] in "([") - (plain[at] in ")]")
        if depth == 0:
            return at + 1
    return _sentence_end(plain, place + 1, stop)


def _sentence_end(plain: str, place: int, stop: int) -> int:
    ends = [at for at in (plain.find("\n", place, stop), plain.find("。", place, stop)) if at >= 0]
    return min(ends, default=stop)


def _unlabelled(plain: str, start: int, end: int, stops: list[int], taken: list[Range]) -> Iterator[Clause]:
    """Brackets and sentences that name units without a label; a bracket that seems to, empty."""
    short: list[Clause] = []
    for pattern in (_BRACKET, _BY):
        for match in pattern.finditer(plain, start, end):
            if _is_inside(taken, match.start()) or not _closes(plain, match.end(), end, stops):
                continue
            clause = _read_surely(plain, match)
            if clause:
                yield clause
            elif pattern is _BRACKET and (clause := _read_short(plain, match)):
                short.append(clause)
            elif pattern is _BRACKET and _smells_of_units(plain, *match.span("body")):
                yield Clause(*match.span())
    if len(short) >= 2:
        yield from short


def _within_sentences(plain: str, start: int, end: int) -> Iterator[Clause]:
    """“…机制,由市农业农村局牵头,市财政局配合,…”: full names only."""
    for match in _WITHIN.finditer(plain, start, end):
        clause = read_names(plain, *match.span("body"), Role.RESPONSIBLE)
        clause.kept = True
        found = [plain[mention.start : mention.end].strip() for mention in clause.mentions]
        if found and not clause.left and all(map(names.is_surely_a_name, found)):
            yield clause


def headed_by_units(plain: str, parts: list[Range]) -> list[Clause]:
    """The units with which several parts begin (“(一)农业农村局”, “1.市财政局负责…”); none where one does not."""
    clauses = []
    for start, end in parts:
        match = _HEADED.match(plain, start, end)
        clause = read_names(plain, *match.span("body"), Role.RESPONSIBLE) if match else Clause(start, start)
        clauses.append(clause)
        clause.kept = True
        found = [plain[mention.start : mention.end].strip() for mention in clause.mentions]
        if not found or clause.left or not all(_IS_ORGAN.search(name) and len(name) >= 3 for name in found):
            return []
    return clauses if len(clauses) > 1 else []


def _read_short(plain: str, match: re.Match[str]) -> Clause | None:
    """A bracket that holds nothing but names of sections: (质监科、检测中心)."""
    clause = read_names(plain, *match.span("body"), Role.RESPONSIBLE)
    clause.start, clause.end = match.span()
    sure = all(_SHORT.fullmatch(plain[mention.start : mention.end].strip()) for mention in clause.mentions)
    return clause if clause.mentions and sure and not clause.left and "简称" not in match["body"] else None


def _smells_of_units(plain: str, start: int, end: int) -> bool:
    """Most of what a bracket lists at the end of a task are names of units, though not all."""
    pieces = names.split_names(plain, start, end)
    sure = sum(names.is_surely_a_name(plain[slice(*piece)]) for piece in pieces)
    return sure > 0 and 2 * sure >= len(pieces)


def _read_surely(plain: str, match: re.Match[str]) -> Clause | None:
    """Without a label every piece must be a unit: full names, or plain ones that a verb sets to work."""
    if "不再" in match["body"]:  # with a note for all tasks
        clause = read_clause(plain, *match.span())
    else:
        clause = read_names(plain, *match.span("body"), Role.RESPONSIBLE)
    clause.start, clause.end = match.span()
    found = [plain[mention.start : mention.end].strip() for mention in clause.mentions]
    working = bool(_DOING.search(match["body"]))
    if not found or any(why is Reason.UNITS for *_, why in clause.left):
        return None
    if all(map(names.is_surely_a_name, found)) or (working and all(names.ORGAN_END.search(name) for name in found)):
        return clause
    return None


def _closes(plain: str, place: int, end: int, stops: list[int]) -> bool:
    """Does the line, or the text before the next heading, end here?"""
    while place < end and plain[place] in " 。;.":
        place += 1
    return place >= end or plain[place] == "\n" or _next(stops, place - 1, end) == place
