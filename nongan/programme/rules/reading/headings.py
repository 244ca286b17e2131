"""The names that plans give to their parts, and what kind of part each is.

A heading is known in two ways: as a whole line (“二、创建目标和任务”), where a keyword in a short line is enough,
and in a text without line breaks (“一、指导思想按照国家…”), where only a whole known name counts, the longest one.
"""

import re
from enum import Enum


class Kind(Enum):
    PRINCIPLES = "principles"
    GOALS = "goals"
    TASKS = "tasks"
    PHASES = "phases"
    SAFEGUARDS = "safeguards"
    MEASURES = "measures"  # 工作措施: tasks where the plan has no other, else safeguards
    AIMS_AND_TASKS = "aims_and_tasks"  # 目标任务: tasks where the plan has no other, else goals
    DUTIES = "duties"  # 职责分工: tasks where the plan has no other, else a section of its own
    CARRYING_OUT = "carrying_out"  # 组织实施: phases where its parts have dates, else safeguards
    UNKNOWN = "unknown"


_WORK = "(?:考核|考评|工作|攻坚|核心|关键|三年|创建|建设|活动|行动|整治|试点|主要|总体|重点|具体|基本|年度|任务|实施|推进|项目|阶段|提升|监管)*"
_NAMES: tuple[tuple[Kind, str], ...] = (
    (
        Kind.PRINCIPLES,
        rf"{_WORK}(?:指导思想|指导原则|原则|总体要求|思路|背景|基础|现状|依据|意义|范围|对象|主题|总则|目的(?:意义|和意义)?"
        r"|必要性|形势|基本情况|定位|理念)"
        r"|(?:充分|深刻|进一步|切实|提高)*(?:认识|思想)[一-龥]{0,16}(?:意义|重要性|必要性|紧迫性|认识)",
    ),
    (Kind.AIMS_AND_TASKS, rf"{_WORK}目标(?:和|与|及|、)?{_WORK}任务"),
    (Kind.GOALS, rf"{_WORK}(?:目标指标|预期目标|目标要求|目标定位|预期成效|目标|指标)"),
    (
        Kind.TASKS,
        rf"{_WORK}(?:任务|内容|重点)(?:(?:和|与|及|、)?(?:责任|职责|任务|部门|工作)?(?:分工|分解|配档|措施|要求|清单|安排|责任)表?)*",
    ),
    (Kind.TASKS, r"(?:重点|主要|中心|年度)工作(?:安排)?|任务分工|责任分工|重点举措|主要举措|工作举措|任务清单"),
    (Kind.DUTIES, "(?:工作|职责|部门|职能|单位)+(?:职责)?分工|(?:部门|单位|成员单位|工作)职责"),
    (Kind.MEASURES, rf"{_WORK}(?:措施|举措|做法)"),
    (
        Kind.PHASES,
        rf"{_WORK}(?:步骤|进度|进程|阶段|时间)(?:(?:和|与|及)?(?:安排|划分|步骤|时间|计划|方法|要求|节点|进度))*"
        r"|(?:方法|时间)步骤|(?:工作|时间|推进|实施)安排|实施计划|进度计划",
    ),
    (Kind.CARRYING_OUT, "组织实施|实施方法|方法和步骤"),
    (
        Kind.SAFEGUARDS,
        rf"{_WORK}(?:保障措施|保障机制|措施保障|机制保障|组织机构(?:和职责)?|组织领导|组织保障|保障|要求)|(?:有关|相关|几点)要求"
        r"|(?:强化|加强|落实)(?:组织保障|组织领导|保障措施)|(?:监督|督导|督查)(?:检查|考核|考评|问责|评估)|考核(?:奖惩|验收|评价)?"
        r"|附则|经费保障",
    ),
)
_KNOWN = [(kind, re.compile(pattern)) for kind, pattern in _NAMES]
_DOES = re.compile(
    "夯实|加[强快大]|强化|健全|完善|推[进动]|提[升高]|优化|筑牢|落实|严格|构建|建立|压实|深化|狠抓|抓[好实]|着力|实施|开展|规范|打[好造牢]"
)
_JOINED = re.compile(r"(?:及|和|与|、)")


def known_name(plain: str, place: int, end: int) -> tuple[Kind, int] | None:
    """The longest known name of a part that begins at `place`, and where it stops."""
    found: tuple[Kind, int] | None = None
    for kind, pattern in _KNOWN:
        match = pattern.match(plain, place, min(end, place + 30))
        if match and match.end() - place >= 2 and (found is None or match.end() > found[1]):
            found = kind, match.end()
    if found and (joint := _JOINED.match(plain, found[1], end)) and (more := known_name(plain, joint.end(), end)):
        return (found[0] if more[0] is not Kind.TASKS else _joint_kind(found[0])), more[1]
    return found


def _joint_kind(first: Kind) -> Kind:
    return Kind.AIMS_AND_TASKS if first is Kind.GOALS else Kind.TASKS if first is Kind.MEASURES else first


def kind_of_line(heading: str) -> Kind:
    """The kind of a whole heading line; the name may have words around it (“全市创建工作的主要目标”)."""
    heading = re.sub(r"\s|\([^()]*\)|[。:]$", "", heading)
    exact = kind_of_name(heading)
    if exact is not Kind.UNKNOWN:
        return exact
    if len(heading) > 20:
        return Kind.UNKNOWN
    for kind, pattern in _KNOWN:
        if _DOES.match(heading) and kind not in (Kind.TASKS, Kind.SAFEGUARDS):
            continue  # 夯实监管基础 is something to do
        if any(match.end() == len(heading) and len(match[0]) >= 4 for match in pattern.finditer(heading)):
            return kind
    return Kind.UNKNOWN


def kind_of_name(heading: str) -> Kind:
    """The kind of a heading that is a known name and nothing else."""
    found = known_name(heading, 0, len(heading))
    return found[0] if found and found[1] == len(heading) else Kind.UNKNOWN
