"""The documents on which a plan rests: “根据《…》(文号)、《…》的通知(文号)精神”.

A document ends with its number (…号) or with 》. Where neither is printed, it must end in the name of a kind of
document (意见, 通知, 办法 …) or law; other things that a plan rests on (“有关要求”, “我市实际”) are none.
"""

import re
from collections.abc import Iterator

from nongan.programme.rules.reading.shapes import Basis
from nongan.programme.rules.reading.source import Range, Source

_OPENS = re.compile(r"根据|按照|依据|依照|落实|贯彻|遵照|执行")
_NUMBER = r"(?:\([^()\n]{0,20}(?:[(\[]\d{4}[)\]])[^()\n]{0,12}号\)|\([^()\n]{0,24}第?\d{1,4}号(?:令|公告)?\))"
_KIND = r"(?:通知|意见|办法|方案|条例|规定|决定|法|规划|纲要|要求|标准|公告|细则|批复|计划|函)"
_END = re.compile(rf"》?(?:的{_KIND})?\s?{_NUMBER}|》(?:的{_KIND})?(?:\s?{_NUMBER})?")
_BARE = re.compile(
    r"[^,。;《》]{4,60}?(?<!文件)(?:的)?(?:通知|意见|办法|方案|条例|规定|决定|法|规划|纲要|标准)(?=精神|要求|规定|等|,|。|;|$)"
)
_NUMBER_ALONE = re.compile(r"(?:《[^《》\n]{1,6}》)?[一-龥]{2,10}(?:字|发|函|办)?[(\[]\d{4}[)\]]\s?\d{1,4}号")
_STOP = re.compile(
    r"[。;\n]|结合(?:我|本|全|实际)|现(?:制定|就)|(?:特)?制[定订]本|(?<=[》)号])(?:的)?(?:文件)?(?:精神|要求|规定)(?:,|。|$)"
)
_LEADS = re.compile(r"^(?:\s|[、,及和与]|以及|并|根据|按照|依据|依照|贯彻|落实|遵照|执行|关于(?=《))+")
_NESTED = str.maketrans("〈〉", "<>")


def find_basis(source: Source, start: int, end: int) -> Iterator[Basis]:
    """The documents named between `start` and `end`, each once, in order."""
    seen: set[str] = set()
    place = start
    while opens := _OPENS.search(source.plain, place, end):
        stop = _STOP.search(source.plain, opens.end(), end)
        last = stop.start() if stop else end
        for first, after in _documents(source.plain.translate(_NESTED), opens.end(), last):
            text = source.words(first, after)
            if text and text not in seen:
                seen.add(text)
                yield Basis(text, source.span(first, after))
        place = max(last, opens.end())


def _documents(plain: str, start: int, end: int) -> Iterator[Range]:
    place, found = start, False
    while match := _end_of_one(plain, place, end):
        first = place + _lead(plain[place : match.end()])
        yield first, match.end()
        place, found = match.end(), True
    first = start + _lead(plain[start:end])
    if not found and (bare := _NUMBER_ALONE.match(plain, first, end) or _BARE.match(plain, first, end)):
        yield bare.span()


def _end_of_one(plain: str, place: int, end: int) -> re.Match[str] | None:
    """The end of the next document; a 》 inside the title of another (《关于印发《…》的通知》) is not one."""
    for match in _END.finditer(plain, place, end):
        inside = plain[place : match.start() + 1]
        if inside.count("《") <= inside.count("》") or not inside.endswith("》"):
            return match
    return None


def _lead(text: str) -> int:
    match = _LEADS.match(text)
    return match.end() if match else 0
