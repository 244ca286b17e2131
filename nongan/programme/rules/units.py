"""Names of units as plans write them. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nongan.common.divisions import Level

_SEPARATORS = "、,，;；\n\r\t"
_OPEN, _CLOSE = "(（[［〔", ")）]］〕"
GOVERNMENT = "人民政府"
_COUNTIES = re.compile(r"(?:全市|所辖)?各[县市区旗]+(?P<body>.*)")
_TOWNSHIPS = re.compile(r"(?:全[市县区])?各(?:[乡镇场]|街道)+(?:人民)?(?:党委)?(?:政府)?[及和]?(?:街道)?(?:办事处|办)?")
_ITS_GOVERNMENT = re.compile(r"(?:党委|委)?(?:人民)?(?:政府)?")
_A_BODY = re.compile(r"(?!有关|相关|各|其他|直属)[一-龥]{1,20}(?:局|委|办|中心|站|队|所|社|院|部|会|厅)")


@dataclass(frozen=True)
class Collective:
    """One organisation in every division of a level: “各县市区农业局” is the 农业局 of every county."""

    level: Level
    body: str = GOVERNMENT


def split_units(text: str) -> list[str]:
    """“市农业农村局、各县（市、区）政府” as two names: a separator inside brackets separates nothing."""
    names, depth, last = [], 0, 0
    for place, char in enumerate(text):
        depth = max(depth + (char in _OPEN) - (char in _CLOSE), 0)
        if char in _SEPARATORS and depth == 0:
            names.append(text[last:place])
            last = place + 1
    names.append(text[last:])
    return list(dict.fromkeys(name.strip(" 。.") for name in names if name.strip(" 。.")))


def join_units(names: Sequence[str]) -> str:
    return "、".join(names)


def collective(name: str) -> Collective | None:
    """“各县市区政府”, “各市（县）区政府”, “各县（市、区）农业农村局” mean every county; “各乡镇政府” every township."""
    bare = re.sub(r"[\s\W]", "", name)
    if _TOWNSHIPS.fullmatch(bare):
        return Collective(Level.TOWNSHIP)
    counties = _COUNTIES.fullmatch(bare)
    if not counties:
        return None
    body = counties["body"]
    if _ITS_GOVERNMENT.fullmatch(body):
        return Collective(Level.COUNTY)
    return Collective(Level.COUNTY, body) if _A_BODY.fullmatch(body) else None


def full_name(name: str, division: str) -> str:
    """“市农业局” in 宜春市 is “宜春市农业局”, “市市场监管局” is “宜春市市场监管局”; any other name as it is."""
    ending = division[-1:]
    short = bool(ending) and name.startswith(ending) and not name.startswith((division, "市场", "区域", "县域"))
    return division + name[1:] if short else name
