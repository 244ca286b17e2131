"""Who is responsible: clauses that name units, and notes that give units to all tasks.

    clause  = "(" body ")" | label ":" body (to the end of the line or sentence)
    body    = part { ; part }
    part    = label [:] names | names 牵头 | names 配合 | names 负责 | names
    label   = 责任单位, 责任部门, 责任科室, 落实单位 …      responsible
            | 牵头单位, 主办单位, 第一责任单位 …            lead
            | 配合单位, 协办单位, 参与单位 …                support
            | 责任领导, 责任人, 联系人 …                    a person: not a unit, left unread
            | 完成时限, 完成时间 …                          the due date
    common  = 以下任务均需 names 落实, 不再列出

A bracket without a label counts where it closes a task and says 牵头, 配合 or 负责, or holds nothing but full
names of units. What a clause holds beyond this is reported as left over, never dropped.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from nongan.programme.rules.reading import names
from nongan.programme.rules.reading.shapes import Reason, Role
from nongan.programme.rules.reading.source import Range

_BODIES = r"(?:\s?(?:\(\s?(?!责)|责\s?任\s?)?(?:市直|县直|区直)?(?:单\s?位|部\s?门|科\s?室|股\s?室|处\s?室|机\s?构|主\s?体|乡镇|镇街)\)?)"
_LEAD = rf"(?:总?牵\s?头|主\s?办|主\s?责|主\s?要\s?责\s?任|第一责任){_BODIES}|(?:总?牵头|主办|主责)(?=\s*:)"
_SUPPORT = rf"(?:配\s?合|协\s?办|协\s?助|协\s?同|协\s?作|参\s?与|参\s?加|支\s?持|成\s?员){_BODIES}|(?:配合|协办|协助|参与)(?=\s*:)"
_RESPONSIBLE = rf"(?:共同|主体|直接|具体)?(?:责\s?任|负责|承\s?办|实\s?施|落\s?实|承\s?担|完成|执行|主管){_BODIES}|(?<=[(\[])(?:责任|承办)(?=\s*:)"
_PERSON = r"(?:(?:责任|负责|牵头|分管|包抓|包联|挂钩|挂点|主管|联系)(?:县|市|区|校|局)?(?:领导|人员|同志|人)|联系电话)(?:及电话)?"
_DUE = r"(?:完成|办结|整改|时间)?(?:时限|期限|节点)(?:要求)?|完成时间|完成日期"

LABEL = re.compile(
    rf"(?P<lead>{_LEAD})|(?P<support>{_SUPPORT})|(?P<person>{_PERSON})|(?P<responsible>{_RESPONSIBLE})|(?P<due>{_DUE})"
)
COLON = re.compile(r"\s*[:;]\s*")
HEADED = re.compile(r"\s?[)\]]\s?:?(?=[^\n。;,、)\]])")
_VERB = re.compile(
    r"(?:具体|主要|共同|组织|统一)?(?P<lead>牵头)(?:[、,]?(?:组织|负责|实施|落实|抓总))*"
    r"|(?P<support>配合|参与|参加|协助|协同|协办)(?:负责|落实|实施)?"
    r"|(?:具体|共同)?(?P<responsible>负责|落实|承办|组织实施)(?:落实|实施)?"
)
_MARKED = re.compile(r"\(\s?(?:(?P<lead>牵头|主办)|(?P<support>配合|协办))(?:单位|部门)?\s?\)$")


_NO_MORE = (
    r"[,;、]?\s*(?:以下|下文|文中|后文|均|各项任务)?\s*(?:不再|不另)(?:一一|逐一|逐项|另行|单独|重复|分别)*"
    r"(?:列出|列举|列明|列示|注明|标注|标明|赘述|罗列|列)"
)
_THINGS = r"(?:各项|所有|全部|重点|主要|创建)*(?:任务|工作|内容|事项|条款|措施)?(?:的?(?:责任|落实|配合)单位)?中?"
_COMMON = (
    rf"(?P<scope>以下|以上|下列|上述|其余|其他|各项|所有|全部){_THINGS}\s*(?:均|都|皆|还)?"
    r"(?:需要|需|由|应由|应|须|要|涉及|包括|包含|含|为|有)?(?P<names>[^。;]{2,120}?)"
    r"(?:共同|具体|分别|抓好|组织)?(?:贯彻落实|负责落实|组织实施|落实|实施|负责|配合|承担|参与|执行)?"
)
_FOR_ALL = (
    r"(?P<who>[^。;,(:]{2,80}?)均?[为是](?P<reach>以下|以上|各项|所有|全部)[^。;,]{0,10}(?:责任|落实|配合|实施)单位"
)
_COMMON_NOTE = re.compile(rf"{_COMMON}{_NO_MORE}|{_FOR_ALL}(?:{_NO_MORE})?")
_COMMON_IN_CLAUSE = re.compile(rf"[,;、]?\s*(?:{_COMMON}(?:{_NO_MORE}|(?=[;。]|$))|{_FOR_ALL}(?:{_NO_MORE})?)")


FIRST_LEADS = re.compile(
    r"[;,、。]?\s?(?:排(?:名|序|列)?在?(?:首位|第一(?:位|名)?)|列(?:在)?(?:首位|第一(?:位)?)|首个|首位|第一个?)的?(?:单位|部门)?(?:均)?(?:为|是)"
    r"[^。;,()\[\]\n]{0,6}牵头(?:单位|部门)?(?P<on>[,;、]?\s?下同)?"
)
_DUE_PIECE = re.compile(
    r"(?:于|在)?(?:20[\dXx×]{2}年|\d{1,2}月)[^,、;]{0,14}(?:完成|[底末]|[月日]|之?前)(?:完成)?|长期(?:坚持|推进|任务)?|持续推进|全年"
)


@dataclass(frozen=True, slots=True)
class Mention:
    start: int
    end: int
    role: Role


@dataclass(frozen=True, slots=True)
class CommonUnits:
    """Units of the tasks after `place` (`after`), before it (`before`), or of all (both)."""

    place: int
    mentions: tuple[Mention, ...]
    after: bool
    before: bool


@dataclass(slots=True)
class Clause:
    """One place that names units; `start` to `end` leaves the task's text."""

    start: int
    end: int
    mentions: list[Mention] = field(default_factory=list)
    common: list[CommonUnits] = field(default_factory=list)
    due: list[Range] = field(default_factory=list)
    left: list[tuple[int, int, Reason]] = field(default_factory=list)
    kept: bool = False  # its words stay in the text: a part of the sentence, or a heading

    @property
    def understood(self) -> bool:
        return bool(self.mentions or self.common or self.due or any(why is Reason.PERSON for *_, why in self.left))


def read_clause(plain: str, start: int, end: int) -> Clause:
    """Read what stands between `start` and `end`: a bracket, a labelled line, or the cell of a table."""
    clause = Clause(start, end)
    first, last = start, end
    if plain[start] in "([":
        first, last = start + 1, end
        if plain[end - 1] in ")]" and plain.count("(", first, end) + plain.count("[", first, end) < (
            plain.count(")", first, end) + plain.count("]", first, end)
        ):
            last = end - 1
    notes = list(_COMMON_IN_CLAUSE.finditer(plain, first, last))
    for note in notes:
        _common(plain, clause, note)
    leads = list(FIRST_LEADS.finditer(plain, first, last))
    for piece in _between(sorted(note.span() for note in [*notes, *leads]), first, last):
        _read_parts(plain, clause, *piece)
    if leads and clause.mentions and all(mention.role is Role.RESPONSIBLE for mention in clause.mentions):
        clause.mentions[0] = replace(clause.mentions[0], role=Role.LEAD)
    return clause


def common_notes(plain: str, start: int, end: int) -> Iterator[Clause]:
    """Notes such as “以下任务均由各县(市、区)政府落实,不再列出” that stand outside a clause."""
    for note in _COMMON_NOTE.finditer(plain, start, end):
        clause = Clause(*note.span())
        _common(plain, clause, note)
        if clause.common:
            yield clause


def read_names(plain: str, start: int, end: int, role: Role) -> Clause:
    """Read names whose role is known."""
    clause = Clause(start, end)
    _read_names(plain, clause, start, end, role)
    return clause


def read_cell(plain: str, start: int, end: int, role: Role) -> Clause:
    """Read the cell of a column whose head gives the role, unless labels within it give others."""
    labelled = any(COLON.match(plain, label.end(), end) for label in LABEL.finditer(plain, start, end))
    return read_clause(plain, start, end) if labelled else read_names(plain, start, end, role)


def label_of(words: str) -> str | None:
    """What a label stands for: the value of a Role, “person” or “due”."""
    match = LABEL.fullmatch(words)
    if match is None:
        return None
    return next(kind for kind in ("lead", "support", "person", "responsible", "due") if match[kind])


def _common(plain: str, clause: Clause, note: re.Match[str]) -> None:
    found = Clause(clause.start, clause.end)
    _read_names(plain, found, *note.span("names" if note["names"] else "who"), Role.COMMON)
    clause.left += found.left
    scope = note["scope"] or note["reach"]
    after, before = scope not in ("以上", "上述"), scope not in ("以下", "下列", "其余", "其他")
    mentions = tuple(Mention(mention.start, mention.end, Role.COMMON) for mention in found.mentions)
    if mentions:
        clause.common.append(CommonUnits(clause.start, mentions, after, before))


def _between(holes: list[Range], start: int, end: int) -> Iterator[Range]:
    for hole in holes:
        yield start, hole[0]
        start = hole[1]
    yield start, end


def _read_parts(plain: str, clause: Clause, start: int, end: int) -> None:
    labels = [match for match in LABEL.finditer(plain, start, end) if _labels_a_part(plain, match, start, end)]
    first = labels[0].start() if labels else end
    _read_names(plain, clause, start, first, Role.RESPONSIBLE)
    stops = [*(label.start() for label in labels[1:]), end]
    for label, stop in zip(labels, stops, strict=False):
        colon = COLON.match(plain, label.end(), end) or HEADED.match(plain, label.end(), end)
        body = colon.end() if colon else label.end()
        if label["person"]:
            clause.left.append((label.start(), stop, Reason.PERSON))
        elif label["due"]:
            clause.due.append((body, stop))
        else:
            role = Role.LEAD if label["lead"] else Role.SUPPORT if label["support"] else Role.RESPONSIBLE
            _read_names(plain, clause, body, stop, role)


def _labels_a_part(plain: str, label: re.Match[str], start: int, end: int) -> bool:
    """A colon follows, or the part begins with it; “各成员单位” inside a list is a name."""
    before = plain[start : label.start()].rstrip(" ")
    after = plain[label.end() : end].lstrip(" ")
    begins = not before or before[-1] in ";。\n"
    return after.startswith((":", "]")) or (begins and bool(after) and after[0] not in "、,。)")


def _read_names(plain: str, clause: Clause, start: int, end: int, role: Role) -> None:
    """Names with the role of their label; 牵头, 配合 behind them overrule it for all names since the last verb."""
    waiting: list[Range] = []
    for piece in names.split_names(plain, start, end):
        name, spoken = _verb(plain, *piece)
        if name is not None:
            waiting.append(name)
        if spoken:
            _mention(plain, clause, waiting, spoken if spoken is not Role.RESPONSIBLE else role)
            waiting = []
    _mention(plain, clause, waiting, role)
    for piece in names.hard_pieces(plain, start, end):
        if others := names.open_list(plain, *piece):
            clause.left.append((*others, Reason.OPEN_LIST))


def _mention(plain: str, clause: Clause, pieces: list[Range], role: Role) -> None:
    for start, end in pieces:
        marked = _MARKED.search(plain, start, end)
        stop = marked.start() if marked else end
        own = role if not marked else Role.LEAD if marked["lead"] else Role.SUPPORT
        if _DUE_PIECE.fullmatch(plain[start:stop].strip()):
            clause.due.append((start, stop))
        elif names.is_name(plain[start:stop].strip()):
            clause.mentions.append(Mention(start, stop, own))
        elif plain[start:stop].strip(" \n、,;。:"):
            clause.left.append((start, stop, Reason.UNITS))


def _verb(plain: str, start: int, end: int) -> tuple[Range | None, Role | None]:
    """The name without the verb behind it, and the role that the verb gives."""
    verb = next((match for match in _VERB.finditer(plain, start, end) if match.end() == end), None)
    if verb is None:
        return (start, end), None
    role = Role.LEAD if verb["lead"] else Role.SUPPORT if verb["support"] else Role.RESPONSIBLE
    return names.trim(plain, start, verb.start()), role
