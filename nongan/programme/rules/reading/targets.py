"""Targets: what the figures of a sentence measure.

A *figure* is a printed number with its unit; a *target* is a figure applied to one measured thing. Rules:

1. A figure is listed where it stands, as often as it stands: nothing is merged with a like figure elsewhere.
2. One figure for several named rates gives a target for each (举报查处率、回复率均达到100%); so does one figure for
   several systems that are indicators of their own (100%建立生产记录、质量承诺和从业人员培训制度).
3. “不发生重大…事件”, “…为零”, “零发生” are targets of value 0 without a printed figure.
4. Not targets, and reported as left over with the reason: figures inside quotation marks (a cited requirement or
   name: “…有1-2套农残速测仪…”), the starting point of 由…提高到…, what is true already (目前, 已), thresholds of
   size (50亩以上的基地), conditions of sanction (低于90%的,通报批评), fractions (三分之二).
5. Numbers without a unit, dates and document numbers are no figures.

By rule 1 and 4 each of the two real plans prints 20 figures in its goals and tasks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from nongan.programme.rules.indicators import HOURS, indicator_for, of_one_kind
from nongan.programme.rules.reading.quantities import FRACTION, Figure, find_figures
from nongan.programme.rules.reading.shapes import Comparator, Reason
from nongan.programme.rules.reading.source import Range, Source
from nongan.programme.rules.reading.words import Said, in_words

_SENTENCE_END = re.compile(r"[。;!?\n]")
_QUOTED = re.compile(r"“[^”]*”|「[^」]*」|‘[^’]*’|\"[^\"]*\"")
_RATE_END = re.compile(r"(?:率|覆盖面|比例|比重|占比|满意度)$")
_BARE = 6  # characters of a rate that does not say of what it is one
_RATE_NAME = re.compile(
    r"(?:(?:质量安全|例行|风险|监督|产地|定量|总体|综合)*(?:抽检|抽查|抽样|监测|检测)?(?:总体)?合格率)$"
)
_AND = re.compile(r"[、]|以及|和|及|与")
_SHARED = re.compile(r"(?:\s|均|都|全部|皆|分别|各自|要|应|须|需|力争|稳定|始终|必须|全面|逐步|总体|同时|为|是)+$")
_OF_WHICH = re.compile(r"\s?其中")
_PART_OF = re.compile(
    r"(?:对)?(?:[省市州盟县旗区乡镇村本各、]{1,6}级?|[^,。;检抽查训建开创认推发制率]{2,14}(?:主体|对象|企业|合作社|单位|基地))"
    r"(?:的|每年度?|年均|全年|年度|每个)*"
    r"|(?:每?年度?|全年|共计?|开展|完成|组织)*(?:监督)?(?:抽[检查样]|[监检]测|巡查|检查)(?:样品|数量|量)?"
)
_OF_REPORTS = re.compile(r"[^、,]{0,8}(举报|投诉)")
_RESPECTIVELY = re.compile(r"分别")
_ADVERBS = re.compile(
    r"(?:每(?:半年|年度|季度|[年月季周旬天日人名村镇乡县户])|到?(?:20[\dxX]{2}|[今明当])年?(?:底|末|度|之?前)?|\d{1,2}月底?前?|力争|确保|实现|要求?|必须|全[市县区]|并|且|均|都|应|需"
    r"|总体|基本|全部|年度|\s|[、,])+"
)
_BASELINE = re.compile(r"(?:由|从)(?:[^,。;\d]{0,10})$")
_RISES = re.compile(r"\s*(?:左右|以上)?\s*(?:稳步|逐步)?(?:提|增|上升|扩|下降|降|减|压|到|至|变|缩)")
_STATUS = re.compile(
    r"目前|已达|已经|现有|已有|已建|现已|截至|截止|不足|仅|(?<![比较])(?:去年|上年)(?!同期|度?相比)|共有(?!不)"
)
_OF_ALL = re.compile(r"(?:对|将|把)(?:现有|全[市县区州盟旗省乡镇])(?:的)?$")  # 对全县486家主体逐一核实
_SIZES = frozenset(
    ["亩", "公顷", "头", "只", "羽", "尾", "株", "吨", "公斤", "千克", "平方米", "立方米", "人", "户", "元", "名", "米"]
)
_MAKES = re.compile(
    r"(?:配备|配齐|配足|培育|新增|新建|建成|建设|建立|发展|创建|打造|培训|引进|扶持|推广|认定|达到|完成|保持|落实|安排)(?:[^,。;]{0,6})$"
)
_PROVIDES = re.compile(r"(?:的?标准)?(?:予以)?(?:安排|落实|配备|列支|预算|拨付|投入)")
_SANCTION = re.compile(r"(?:(?<![不得])(?:低于|少于|小于|高于|超过)|未达到?|达不到|没有达到|不到|连续)$")
_ROUND_THE_CLOCK = re.compile(r"\s*(?:值班|值守|在线|监控|畅通|服务|接听|开通|不间断|待命)")
_SCORING = re.compile(r"扣|得分|计分|满分|加分|记分")
_OF_SCORING = re.compile(r"扣|计分|满分|加分|记分|每|的$")
_SYSTEMS = re.compile(
    r"(?P<verb>建立健全|建立|落实|实行|执行|完善|开展)?(?P<list>[^,。;]{4,60}?)(?:等)?(?:制度|机制|工作)$"
)

_EVENT = r"(?:事件|事故|案件|问题|风险)"
_GRAVE = r"(?:重大|较大|特大|重特大|系统性|区域性|源头性|群体性|群发性)"
_ZERO = re.compile(
    rf"(?:不|未|没有)(?:得|再|会|能)?(?:发生|出现)[^,。;!?“”]{{0,24}}?(?:{_GRAVE}[^,。;!?“”]{{0,24}}?{_EVENT}|事件|事故)"
    rf"|(?:杜绝|防止|避免|严防|坚决遏制)(?:发生|出现)?[^,。;!?“”]{{0,12}}{_GRAVE}[^,。;!?“”]{{0,24}}?(?:事件|事故)"
    rf"|(?:(?<![一-龥])|(?<=[内年月间期县市区州旗]))无{_GRAVE}[^,。;!?“”]{{0,24}}?(?:事件|事故)"
    r"|[^,。;!?“”]{0,30}?(?:检出|超标|发生|发案)率(?:均|都|保持|始终)*(?:为|是)?0(?![\d.%‰])"
    r"|[^,。;!?“”]{2,30}?(?:为零|零发生)|零(?:事故|发生)|[^,。;!?“”]{2,30}?(?P<growth>[零负]增长)"
)
_RATE_OF_ZERO = re.compile(r"率(?:均|都|保持|始终)*(?:为零|(?:为|是)?0)$")
_CONDITION = re.compile(r"\s*的")


@dataclass(frozen=True, slots=True)
class Draft:
    """A target before it is told where it stands. `figure` covers number and unit in `plain`."""

    text: str
    start: int
    end: int
    figure: Range | None
    comparator: Comparator
    value: Decimal
    unit: str
    indicator: str | None


@dataclass(frozen=True, slots=True)
class Leftover:
    start: int
    end: int
    reason: Reason


def find_targets(source: Source, start: int, end: int) -> Iterator[Draft | Leftover]:
    """The targets between `start` and `end`, and the figures there that are none."""
    for first, last in _sentences(source.plain, start, end):
        figures = list(find_figures(source.plain, first, last))
        if figures:
            yield from _of_sentence(source, first, last, figures)
        for match in _ZERO.finditer(source.plain, first, last):
            yield from _zero(source, match, first, last)
        for found in in_words(source.plain, first, last):
            yield _said(source, found)
        for match in FRACTION.finditer(source.plain, first, last):
            yield Leftover(*_clause(source.plain, match.start(), match.end(), first, last), Reason.FIGURE)


def _sentences(plain: str, start: int, end: int) -> Iterator[Range]:
    for match in _SENTENCE_END.finditer(plain, start, end):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if end > start:
        yield start, end


def _of_sentence(source: Source, first: int, last: int, figures: list[Figure]) -> Iterator[Draft | Leftover]:
    plain = source.plain
    quotes = [match.span() for match in _QUOTED.finditer(plain, first, last)]
    wanted: list[Figure] = []
    for figure in figures:
        clause = _clause(plain, figure.start, figure.end, first, last)
        if plain[max(first, figure.left - 2) : figure.start].endswith(("(含", "包含")):
            continue
        reason = _why_not(plain, figure, clause, quotes)
        if reason:
            yield Leftover(*clause, reason)
        else:
            wanted.append(figure)
    for clause, group in _by_clause(plain, wanted, first, last):
        if len(group) > 1 and _RESPECTIVELY.search(plain, clause[0], group[0].start):
            yield from _respectively(source, clause, group)
            continue
        for figure, piece in zip(group, _pieces(plain, clause, group), strict=True):
            yield from _targets(source, figure, _with_subject(plain, figure, piece, first))


def _why_not(plain: str, figure: Figure, clause: Range, quotes: list[Range]) -> Reason | None:
    head, tail = plain[clause[0] : figure.left], plain[figure.right : clause[1]]
    if any(start < figure.start < end for start, end in quotes):
        return Reason.QUOTED
    if (_BASELINE.search(head) and _RISES.match(plain, figure.end)) or _STATUS.search(head):
        return Reason.BASELINE
    if not figure.compared and _OF_ALL.search(head):
        return Reason.BASELINE
    sized = figure.unit in _SIZES and figure.right > figure.end and re.match(r"[一-龥]", tail)
    if sized and not _MAKES.search(head) and not _PROVIDES.match(tail):
        return Reason.THRESHOLD
    if tail.startswith("的") and _SANCTION.search(plain[clause[0] : figure.start].rstrip()):
        return Reason.THRESHOLD
    reached = figure.unit == "分" and figure.compared and figure.comparator is Comparator.AT_LEAST
    if reached and not _OF_SCORING.search(head + tail[:1]):
        return None
    if _SCORING.search(plain, *clause) or (not figure.compared and _ROUND_THE_CLOCK.match(plain, figure.end)):
        return Reason.FIGURE
    return None


def _clause(plain: str, start: int, end: int, first: int, last: int) -> Range:
    """From comma to comma around a figure; a comma inside brackets does not count from outside."""
    depth, left = 0, start
    while left > first:
        char = plain[left - 1]
        depth += (char in ")]") - (char in "([")
        if depth < 0 or (depth == 0 and char == ","):
            break
        left -= 1
    depth, right = 0, end
    while right < last:
        char = plain[right]
        depth += (char in "([") - (char in ")]")
        if depth < 0 or (depth == 0 and char == ","):
            break
        right += 1
    return left, right


def _by_clause(plain: str, figures: list[Figure], first: int, last: int) -> Iterator[tuple[Range, list[Figure]]]:
    groups: dict[Range, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(_clause(plain, figure.start, figure.end, first, last), []).append(figure)
    yield from groups.items()


def _pieces(plain: str, clause: Range, group: list[Figure]) -> list[Range]:
    """Cut a clause with several figures between them, at the last 、 和 or 及 before each."""
    cuts = [clause[0]]
    for figure, after in zip(group, group[1:], strict=False):
        joints = list(_AND.finditer(plain, figure.right, after.left))
        cuts.append(joints[0].end() if joints else figure.right)
    return list(zip(cuts, [*cuts[1:], clause[1]], strict=True))


def _with_subject(plain: str, figure: Figure, piece: Range, first: int) -> Range:
    """“…合格率稳步提高,达到98%以上”: a clause that names nothing takes the clause before it."""
    start, end = piece
    while start > first:
        head, tail = plain[start : figure.left], plain[figure.right : end]
        shared = head.strip().endswith(("均", "都")) and _RATE_END.search(plain[first : start - 1].rstrip(" ,"))
        named = _ADVERBS.sub("", head).strip(" ,、") or len(tail.strip(" ,、。")) >= 4
        if named and not shared:
            break
        comma = plain.rfind(",", first, start - 1)
        start = comma + 1 if comma >= 0 else first
    return start, end


def _targets(source: Source, figure: Figure, piece: Range) -> Iterator[Draft]:
    rates = list(_named_rates(source, figure, piece))
    reports = _OF_REPORTS.match(rates[0]) if rates else None
    for text in rates or _systems(source, figure, piece) or [source.words(*_trim(source.plain, *piece))]:
        draft = _draft(source, text, figure, piece)
        if reports and draft.indicator is None:  # 举报受理率、查处率
            draft = replace(draft, indicator=indicator_for(reports[1] + text, figure.unit))
        yield draft


def _draft(source: Source, text: str, figure: Figure, piece: Range) -> Draft:
    start, end = _trim(source.plain, *piece)
    indicator = indicator_for(text, figure.unit) or _by_context(source.plain, text, figure, start)
    if indicator == "pass_rate" and of_one_kind(text):
        indicator = None
    return Draft(text, start, end, (figure.start, figure.end), figure.comparator, figure.value, figure.unit, indicator)


def _by_context(plain: str, text: str, figure: Figure, start: int) -> str | None:
    """A bare rate (“…无害化处理机制,处理率达到100%”), one per head, or a part (其中…) is of what the clause before speaks."""
    clause = max(plain.rfind(mark, 0, start) for mark in ",。;!?\n") + 1
    if _OF_WHICH.match(plain, clause, start + 3) and plain[clause - 1] == ",":
        whole = max(plain.rfind(mark, 0, clause - 1) for mark in ",。;!?\n") + 1
        return indicator_for(plain[whole : clause - 1] + text, figure.unit)
    if _PART_OF.fullmatch(plain, start, figure.left) and plain[start - 1 : start] == ",":
        return _by_whole(plain, text, figure, start)
    name = _SHARED.sub("", plain[start : figure.left])
    if (
        figure.unit in HOURS and "培训" in text and plain[start - 1 : start] == ","
    ):  # 加强监管人员培训,年培训不少于40学时
        return _by_whole(plain, text, figure, start)
    bare = _RATE_END.search(name) and len(name) <= _BARE
    if not (bare or figure.unit.startswith("批次/")) or plain[start - 1 : start] not in (",", "、"):
        return None
    before = max(plain.rfind(mark, 0, start - 1) for mark in ",。;!?\n") + 1
    if bare and (reports := _OF_REPORTS.match(plain, before, start)):  # 举报受理率100%,办结率98%
        return indicator_for(reports[1] + text, figure.unit)
    if bare and next(find_figures(plain, before, start), None):
        return None
    return indicator_for(plain[before:start] + text, figure.unit)


def _by_whole(plain: str, text: str, figure: Figure, start: int) -> str | None:
    """“市级定量检测4000批次,县级1000批次”: a part that says only of whom goes on with what the clauses before measure."""
    for _ in range(4):
        before = max(plain.rfind(mark, max(0, start - 200), start - 1) for mark in ",。;!?\n") + 1
        if found := indicator_for(plain[before : start - 1] + "," + text, figure.unit):
            return found
        if plain[before - 1 : before] != ",":
            break
        start = before
    return None


def _named_rates(source: Source, figure: Figure, piece: Range) -> Iterator[str]:
    """“举报查处率、回复率均达到100%” gives “举报查处率均达到100%” and “回复率均达到100%”."""
    plain, (start, end) = source.plain, _trim(source.plain, *piece)
    stop = max(start, figure.left)
    if shared := _SHARED.search(plain, start, stop):
        stop = shared.start()
    items = _items(plain, start, stop)
    run: list[Range] = []
    for item in reversed(items):
        if not _RATE_END.search(plain[slice(*item)].rstrip(" ,")):
            break
        run.insert(0, item)
    if len(run) < 2:
        return
    of = plain.rfind("的", *run[0]) + 1
    prefix = source.words(run[0][0], of) if of else ""
    tail = re.sub("^(?:均|都|皆|分别)", "", source.words(stop, end))
    for first, last in run:
        yield (prefix if first != run[0][0] else "") + source.words(first, last).rstrip(",").rstrip("，") + tail


def _items(plain: str, start: int, end: int) -> list[Range]:
    items, last = [], start
    for joint in re.compile(rf"{_AND.pattern}|(?<=率),").finditer(plain, start, end):
        items.append((last, joint.start()))
        last = joint.end()
    return [*items, (last, end)]


def _systems(source: Source, figure: Figure, piece: Range) -> list[str]:
    """“100%建立生产记录、质量承诺和从业人员培训制度”: one target each, if each is an indicator of its own."""
    plain, (start, end) = source.plain, _trim(source.plain, *piece)
    match = _SYSTEMS.match(plain, figure.right, end)
    if not match or figure.unit != "%":
        return []
    head, tail = source.words(start, match.start("list")), source.words(match.end("list"), end)
    items = [source.words(*item) for item in _items(plain, *match.span("list"))]
    texts = [f"{head}{item}{tail}" for item in items]
    codes = [indicator_for(text, figure.unit) for text in texts]
    return texts if len(items) > 1 and None not in codes and len(set(codes)) == len(codes) else []


def _respectively(source: Source, clause: Range, group: list[Figure]) -> Iterator[Draft]:
    """“粮食、蔬菜、水果合格率分别达到99%、98%、97%”: one name, one figure each, or the whole clause for each."""
    plain = source.plain
    word = _RESPECTIVELY.search(plain, clause[0], group[0].start)
    colon = plain.rfind(":", clause[0], group[0].start) + 1 or clause[0]
    names = _items(plain, colon, word.start() if word else colon)[-len(group) :]
    rate = _RATE_NAME.search(plain[slice(*names[-1])]) if names else None
    for nth, figure in enumerate(group):
        text = source.words(*_trim(plain, *clause))
        if len(names) == len(group) and (rate or not _RATE_END.search(plain[slice(*names[-1])])):
            name = source.words(*names[nth])
            text = name if rate is None or _RATE_END.search(name) else name + rate[0]
            text += source.words(min(group[0].left, figure.left), group[0].start)
            text += source.words(figure.start, figure.right)
        comparator = figure.comparator if figure.compared else group[0].comparator
        shared = Figure(
            figure.start, figure.end, figure.left, figure.right, figure.value, figure.unit, comparator, True
        )
        yield _draft(source, text, shared, clause)


def _zero(source: Source, match: re.Match[str], first: int, last: int) -> Iterator[Draft]:
    plain = source.plain
    start, end = _trim(plain, *_clause(plain, match.start(), match.end(), first, last))
    if _CONDITION.match(plain, match.end(), last):
        return
    unit, comparator = ("%", Comparator.AT_MOST) if match["growth"] else ("起", Comparator.EXACTLY)
    if _RATE_OF_ZERO.search(match[0]):
        unit = "%"
    text = source.words(start, end)
    yield Draft(text, start, end, None, comparator, Decimal(0), unit, indicator_for(text, unit))


def _said(source: Source, found: Said) -> Draft:
    start, end = _trim(source.plain, found.start, found.end)
    text = source.words(start, end)
    return Draft(text, start, end, None, found.comparator, found.value, found.unit, found.indicator)


def _trim(plain: str, start: int, end: int) -> Range:
    while start < end and plain[start] in " \n,、:).":
        start += 1
    while end > start and plain[end - 1] in " \n,、:(.":
        end -= 1
    return start, end
