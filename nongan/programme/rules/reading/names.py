"""Names of units in a list, split where the list separates and never inside a name.

    names = name { 、 | , | ; | / | line end | space between two units | 和 及 与 before another unit } name

Kept whole: what stands in brackets (各县(市、区)政府), divisions that share one organ (各市(县)、区政府;
市、县农业农村局), and names that contain 和 (市粮食和储备局, 市住房和城乡建设局).
"""

import re
from collections.abc import Iterator

from nongan.programme.rules.reading.source import Range

_ORGAN = (
    r"(?:局|委|办|厅|署|部|院|会|社|联社|中心|站|所|队|政府|公司|集团|银行|学校|大学|学院|科|处|室|股|组|馆|台|园|场"
    r"|海关|基地|机构|单位|部门|企业|乡|镇|县|市|区|旗|村|街道|办事处|商行|邮政)"
)
ORGAN_END = re.compile(rf"{_ORGAN}(?:\([^()]*\))?$")
_LEVEL = "[市县区省州盟旗镇乡各]"
_STRONG_END = re.compile(r"(?:局|委|办|厅|政府|中心|站|所|队|联社)$")
_DIVISION = r"(?:省|市|州|盟|县|区|旗|乡|镇|村|街道|社区|\([^()]*\))"
_SHARED = re.compile(rf"各?(?:涉农|有关|相关)?{_DIVISION}+$")
_SHARER = re.compile(rf"{_DIVISION}+(?:(?:人民)?政府|管委会|办事处|党工?委|党委政府)?(?:\([^()]*\))?$")
_ONE_LEVEL = re.compile(r"[省市县区乡镇]$")
_SHARER_OF_ONE = re.compile(r"[市县区乡镇(].{2,}")

_HARD = re.compile(r"[、,;/|·]")
_SOFT = re.compile(r"\s+")
_AND = re.compile(r"以及|和|及|与|暨")

_BEFORE = re.compile(r"(?:\s|[::、,;。]|由(?!于)|请)+")
_AFTER = re.compile(
    r"(?:\s|[::、,;。.]|共同|分别|各自|具体|联合|(?:按照?|根据)(?:各自)?(?:职责|职能)?(?:分工|职责|要求)?(?:分别|各自|共同)?|分工)+$"
)
_AND_OTHERS = re.compile(
    r"等(?:\d+个)?(?:市直|县直|区直|市级|县级)?(?:各?有关|各?相关|各|其他)?(?:职能|成员|责任|主管)?(?:单位|部门|科室)?$"
)
_NOT_A_NAME = re.compile(
    r"[。!?%=<>★*]|详见|见附|附件|根据|按照|要求|应当|不得|进行|开展|加强|建立|落实|^\d+$|^[A-Za-z]$|\d{4}|责任人|电话|下同|不再"
)

NAME_LIMIT = 40


def split_names(plain: str, start: int, end: int) -> list[Range]:
    """The ranges of the single names between `start` and `end`, without separators and affixes."""
    pieces = [part for hard in _outside_brackets(plain, start, end, _HARD) for part in _by_space(plain, *hard)]
    pieces = [part for piece in pieces for part in _by_and(plain, *piece)]
    return [trimmed for piece in _merged(plain, pieces) if (trimmed := trim(plain, *piece))]


def hard_pieces(plain: str, start: int, end: int) -> list[Range]:
    """The ranges between hard separators (not spaces, not 和)."""
    return list(_outside_brackets(plain, start, end, _HARD))


def open_list(plain: str, start: int, end: int) -> Range | None:
    """Where a list ends in “等”, “等有关部门”: units that are meant but not named."""
    stop = _without_tail(plain, start, end)
    found = _AND_OTHERS.search(plain, start, stop) if stop > start else None
    return found.span() if found and found.end() == stop and found.start() > start else None


def is_name(name: str) -> bool:
    """Could this be the name of a unit, where a label says that units stand here?"""
    return 2 <= len(name) <= NAME_LIMIT and not _NOT_A_NAME.search(name) and balanced(name)


def is_surely_a_name(name: str) -> bool:
    """Is this the name of a unit even where no label says so?"""
    return is_name(name) and len(name) >= 3 and bool(re.match(_LEVEL, name)) and bool(ORGAN_END.search(name))


def balanced(text: str) -> bool:
    return text.count("(") == text.count(")") and text.count("[") == text.count("]")


def _outside_brackets(plain: str, start: int, end: int, separator: re.Pattern[str]) -> Iterator[Range]:
    depth, last = 0, start
    for place in range(start, end):
        char = plain[place]
        if char in "([":
            depth += 1
        elif char in ")]":
            depth = max(0, depth - 1)
        elif depth == 0 and separator.match(char):
            yield last, place
            last = place + 1
    yield last, end


def _by_space(plain: str, start: int, end: int) -> list[Range]:
    """A space or line end separates only units that are whole: elsewhere it is a gap inside a name."""
    pieces = [piece for piece in _outside_brackets(plain, start, end, _SOFT) if plain[slice(*piece)].strip()]
    if len(pieces) > 1 and all(_whole(plain[slice(*piece)]) for piece in pieces):
        return pieces
    return [(start, end)]


def _whole(name: str) -> bool:
    name = _AFTER.sub("", name.strip())
    ends = ORGAN_END.search(_AND_OTHERS.sub("", name)) or name.endswith(("牵头", "配合", "负责"))
    return len(name) >= 3 and bool(ends or name.startswith("各"))


def _by_and(plain: str, start: int, end: int) -> Iterator[Range]:
    """市公安局和市农业农村局 are two; 市粮食和储备局 is one (市粮食 names no organ)."""
    last = start
    for match in _AND.finditer(plain, start, end):
        left, right = plain[last : match.start()].strip(), plain[match.end() : end]
        if _two_units(left, right):
            yield last, match.start()
            last = match.end()
    yield last, end


def _two_units(left: str, right: str) -> bool:
    if len(left) < 3 or len(right) < 3 or not balanced(left):
        return False
    if re.match(_LEVEL, right):
        return bool(ORGAN_END.search(left))
    return bool(_STRONG_END.search(left) and ORGAN_END.search(_AFTER.sub("", right)))


def _merged(plain: str, pieces: list[Range]) -> Iterator[Range]:
    """Join divisions that share an organ: 各市(县) + 区政府, 各乡镇 + 街道, 市 + 县农业农村局."""
    current: Range | None = None
    for piece in pieces:
        if current and _belongs(plain[slice(*current)].strip(), plain[slice(*piece)].strip()):
            current = (current[0], piece[1])
            continue
        if current:
            yield current
        current = piece
    if current:
        yield current


def _belongs(left: str, right: str) -> bool:
    tail = re.split(r"[、,/]", re.sub(r"\([^()]*\)", "", left))[-1]
    if _ONE_LEVEL.match(left) or (len(tail) == 1 and _ONE_LEVEL.match(tail) and not left.startswith("各")):
        return bool(_SHARER_OF_ONE.match(right))
    shared = re.sub(r"[、,]", "", left)
    return bool(left.startswith("各") and _SHARED.match(shared) and _SHARER.match(_AFTER.sub("", right)))


def trim(plain: str, start: int, end: int) -> Range | None:
    """Without 由 before and 等, 按职责分工 behind; None where no name is left."""
    if before := _BEFORE.match(plain, start, end):
        start = before.end()
    end = _without_tail(plain, start, end)
    others = _AND_OTHERS.search(plain[start:end])
    if others and others.start() > 0:
        end = _without_tail(plain, start, start + others.start())
    return (start, end) if start < end else None


def _without_tail(plain: str, start: int, end: int) -> int:
    tail = _AFTER.search(plain[start:end])
    return start + tail.start() if tail else end
