"""Which column of a bulletin is which: every province names and orders them in its own way."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from nongan.standards.rules.names import key

WORKED = "生产|加工|购进|购入|进货|检疫|屠宰|采摘|采收|捕捞|收获|出栏|上市"
THING = "食品|样品|产品|商品|农产品|食用农产品"
# Our name of a column → what it is called, the likeliest first. Where several fit, all are kept in this order.
NAMES: dict[str, tuple[str, ...]] = {
    "record": (r"(抽样单|抽样|样品|检样|公告|检验报告|报告)?(序号|编号)", r"record_?id|id|no\.?|序|号"),
    "food": (
        r"food(_?(raw|name))?|product(_?name)?|sample(_?name)?",
        rf"(不合格|抽检|抽样|受检|被检|送检|标称|监测|抽取)?({THING}|蔬菜|水果|水产品|畜禽产品)(名称|品名|名)",
        rf"品名|品种名称|(不合格|抽检)?({THING})|名称",
    ),
    "other_food": (r"food_?canonical",),
    "category": (
        rf"sub_?category|({THING})?细类",
        rf"({THING})?次亚类",
        rf"({THING})?(小类|亚类|品种)",
        rf"category|({THING})?(类别|分类|种类|品类|类型|中类)",
        rf"big_?category|({THING})?大类",
    ),  # fmt: skip
    "item": (
        r"item(_?name)?|analyte|parameter",
        r"(不合格|超标|问题)(检验|检测)?(项目|指标|参数|农药|兽药|药物|物质)(名称)?",
        r"(检验|检测|监测|分析|检出|测定)(项目|指标|参数|农药|兽药|药物|物质|成分)(名称)?",
        r"(项目|参数|农药|兽药|药物)(名称)?",
    ),
    "result": (
        r"result|value|测定值|(实测|检测|检出|检验|监测|实际测定|测试)(值|数值|数据|含量|浓度|量)|实测结果",
        r"(不合格)?(项目)?(检验|检测|检出|测定|监测|分析|不合格|实测)(结果|数值|结果值)|结果(值)?|含量|残留量",
    ),
    "limit": (
        r"(标准|限量|判定)(值|限值|指标|限量|要求|规定值?)|limit|mrl|限量|限值|限量标准|标准限量值|最大残留限量(值)?",
        r"技术要求|指标要求|判定标准值|标准指标值|(国家)?标准(最大)?(限量|允许)值|允许限量|最大允许量|标准要求值",
    ),
    "unit": (r"unit|(计量|结果|数值|检测|检验)?单位",),
    "lod": (r"lod|(方法)?检出限(值)?",),
    "verdict": (r"(检验|检测|判定|单项|综合|抽检|结果)?(结论|判定|评价)|判定结果|单项判定结果|是否合格|合格与否",),
    "sampled": (r"sample_?date|(抽样|采样|取样|抽检|样品抽取|监测)(日期|时间)",),
    "produced": (
        r"prod(uction)?_?date|(标称)?生产日期.*",
        rf"(?!.*(单位|企业|地址|许可|保质|公告|发布)).*({WORKED}).*(日期|时间|批号).*",
        r"日期(/?批号)?|(生产)?批号|日期或批号",
    ),
}
NEEDED = ("food", "item", "result")
BRACKETS = re.compile(r"\(([^()]*)\)")
JOINED = re.compile(r"[║‖|┃┆∥/\\]+|\n")
NUMBERED = re.compile(r"(?<=[^\d/])\d$")  # “不合格项目1”
LOOKED_AT = 20  # lines above the headings: titles, numbers, notes
UNIT = re.compile(r"^[a-zμ%/·\d\^-]+$|毫克|微克|公斤|千克")


@dataclass(frozen=True)
class Columns:
    """Our name of a column → the places of those that are called so, the likeliest first.

    `joined`: the heading of the item promises results in the same cell (“不合格项目║检验结果║标准值”). `units`: the
    unit that a heading gives in brackets, by our name. `sets`: where a line holds several items side by side
    (不合格项目1 检验结果1 不合格项目2 检验结果2), the places of each.
    """

    places: dict[str, tuple[int, ...]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    joined: bool = False
    headings: tuple[str, ...] = ()
    sets: tuple[dict[str, int], ...] = ()


def columns_of(headings: Sequence[str]) -> Columns:
    """What each column is. A line without food, item and result is no heading of a bulletin: KeyError."""
    read = [_read(heading) for heading in headings]
    places: dict[str, tuple[int, ...]] = {}
    taken: set[int] = set()
    for name, patterns in NAMES.items():
        found = [
            place
            for pattern in patterns
            for place, (bare, _unit) in enumerate(read)
            if place not in taken and re.fullmatch(pattern, bare)
        ]
        if found:
            places[name] = tuple(dict.fromkeys(found))
            taken |= set(found)
    joined = next((place for place, heading in enumerate(headings) if _is_joined(heading)), None)
    if joined is not None:
        places["item"] = (joined,)
        places["result"] = tuple(p for p in places.get("result", ()) if p != joined)
    for needed in NEEDED:
        places[needed]  # noqa: B018
    units = {name: unit for name, found in places.items() if found and (unit := read[found[0]][1])}
    return Columns(places, units, joined is not None, tuple(headings), _sets(places, [bare for bare, _unit in read]))


def _sets(places: dict[str, tuple[int, ...]], bare: list[str]) -> tuple[dict[str, int], ...]:
    """Several columns of one name for the item, and as many for the result."""
    alike = {
        name: sorted(place for place in places[name] if bare[place] == bare[places[name][0]])
        for name in ("item", "result", "limit", "unit")
        if places.get(name)
    }
    many = len(alike["item"])
    if many < 2 or len(alike.get("result", ())) != many:
        return ()
    return tuple({name: found[n] for name, found in alike.items() if len(found) == many} for n in range(many))


def _read(heading: str) -> tuple[str, str]:
    """The heading without brackets, and the unit in them: “检验结果(mg/kg)” is (检验结果, mg/kg)."""
    tidy = key(heading).strip(":/*").replace("(/", "(")
    inside = [text for text in BRACKETS.findall(tidy) if UNIT.search(text)]
    bare = NUMBERED.sub("", BRACKETS.sub("", tidy)).strip(":/*")
    first, *others = [part for part in JOINED.split(bare) if part] or [""]
    if others and _called("result", first) and all(_called("limit", other) for other in others):
        bare = first  # “检验结果║标准值”: the cell tells them apart
    return bare, inside[0] if inside else ""


def _is_joined(heading: str) -> bool:
    """“不合格项目║检验结果║标准值”, “不合格项目及检测值”, “不合格项目（检验结果/标准值）”."""
    tidy = key(heading)
    flat = BRACKETS.sub(lambda found: "/" + found.group(1), key(heading.replace("\n", "/")))
    parts = [part for part in JOINED.split(flat.replace("和", "/")) if part]
    names = {name for part in parts for name in ("item", "result") if _called(name, part)}
    return names == {"item", "result"} and "日期" not in tidy


def _called(name: str, text: str) -> bool:
    return any(re.fullmatch(pattern, text) for pattern in NAMES[name])


def find_columns(lines: Sequence[Sequence[str]]) -> tuple[int, Columns]:
    """How many lines stand up to and with the headings, and what the columns are; headings may span two lines.

    Raises KeyError with what is missing.
    """
    missing = KeyError(NEEDED[0])
    for number, line in enumerate(lines[:LOOKED_AT]):
        try:
            return number + 1, columns_of(line)
        except KeyError as fault:
            missing = fault if "food" not in fault.args else missing
        below = lines[number + 1] if number + 1 < len(lines) else ()
        try:
            return number + 2, columns_of(_stacked(line, below))
        except KeyError:
            continue
    raise missing


def _stacked(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """A heading over several columns, and the headings under it."""
    wide = max(len(above), len(below))
    upper, lower = ([*line, *[""] * (wide - len(line))] for line in (above, below))
    return [under or over for over, under in zip(upper, lower, strict=True)]
