"""What the columns of a table hold, by the words of its head."""

import re
from dataclasses import dataclass, replace

from nongan.programme.rules.reading.document import Table
from nongan.programme.rules.reading.shapes import Role
from nongan.programme.rules.reading.units import label_of

_WORK = "(?:工作|推进|落实|整改|保障|重点|主要|具体|创建|建设|目标|年度|基本|分解|试点)*"
_KINDS: tuple[tuple[str, str], ...] = (
    ("due", r"(?:起止|推进|实施|完成|工作|计划)?(?:时间|时限|期限|进度)(?:安排|节点|要求|进度|表)?"),
    ("number", r"序号?|编号|序列|项次|NO\.?"),
    ("score", r"分值|分数|标准分(?:值)?|满分|权重|考核分值?|基本分|赋分"),
    ("standard", rf"(?:考评|考核|评价|评分|评估|验收|达标|完成|工作|建设|创建|任务|目标|具体|有关)+(?:标准|指标|要求|细则|依据|目标|要点)|要求|{_WORK}目标值?|指标值|标准"),
    ("stage", r"(?:工作|实施|创建)?(?:阶段|步骤)(?:名称|划分)?"),
    ("text", rf"(?:考核|考评|评价|验收)?{_WORK}(?:任务|内容|措施|举措|事项|工作)(?:内容|分解|名称|措施|及分值|及要求|和要求|与要求|及措施|[及和与](?:考核|考评|评价|评分|评估|验收)+(?:标准|办法|细则))*|三级指标|{_WORK}项目内容|做法"),
    ("chapter", r"(?:一级|二级)指标|(?:指标|任务|工作|项目)?(?:类别|分类|大类|类型)|(?:考评|考核|创建|工作|建设|任务|评价)?项目|领域|方面|章节|指标"),
)  # fmt: skip
_COMPILED = [(kind, re.compile(pattern)) for kind, pattern in _KINDS]
_FIRST_LEADS = re.compile(r"(?:第一|首|排(?:名|序)?第一|排在首)[^,)]{0,8}牵头|[★*][^,)]{0,6}牵头")


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: number, chapter, text, standard, score, due, person, stage, other, or the value of a Role.

    `first_leads`: the head says that the first unit named leads the others.
    """

    place: int
    kind: str
    first_leads: bool = False


def columns_of(plain: str, table: Table) -> tuple[int, list[Column]]:
    """The number of rows of the head, and the columns; none where the table is not of tasks or phases."""
    for nth, row in enumerate(table.rows[:4]):
        columns = [
            replace(kind_of(plain[slice(*cell)]), place=place) if cell else Column(place, "other")
            for place, cell in enumerate(row)
        ]
        kinds = {column.kind for column in columns}
        with_units = kinds & {role.value for role in Role}
        phases = "stage" in kinds and "due" in kinds and not with_units
        tasks = kinds & {"text", "standard"} and (with_units or kinds & {"score", "due"})
        if phases or tasks:
            return _deepest(plain, table, nth + 1, columns)
    return 0, []


def _deepest(plain: str, table: Table, depth: int, columns: list[Column]) -> tuple[int, list[Column]]:
    """A head of several rows: the next one shares merged cells with it, and its others name columns too."""
    for row in table.rows[depth : depth + 2]:
        above = table.rows[depth - 1]
        shared = [cell is not None and cell == other for cell, other in zip(row, above, strict=False)]
        named = [
            replace(kind_of(plain[slice(*cell)]), place=place) if cell else Column(place, "other")
            for place, cell in enumerate(row)
        ]
        own = [column for column in named if column.place < len(shared) and not shared[column.place]]
        known = [column for column in own if column.kind != "other"]
        if not any(shared) or 2 * len(known) <= len(own):
            break
        columns = [
            named[column.place] if column in own or column.place >= len(columns) else columns[column.place]
            for column in named
        ]
        depth += 1
    return depth, settled(columns)


def kind_of(head: str) -> Column:
    words = re.sub(r"[\s*★]", "", head)
    bare = re.sub(r"\([^()]*\)", "", words)
    if label := label_of(bare):
        return Column(0, label, bool(_FIRST_LEADS.search(words)))
    return Column(0, next((kind for kind, pattern in _COMPILED if pattern.fullmatch(bare)), "other"))


def settled(columns: list[Column]) -> list[Column]:
    """The last column of tasks holds the text, those before it are kinds; a stage beside units is a kind too."""
    if any(column.kind in {role.value for role in Role} for column in columns):
        columns = [replace(column, kind="chapter") if column.kind == "stage" else column for column in columns]
    texts = [column.place for column in columns if column.kind == "text"]
    return [
        replace(column, kind="chapter") if column.kind == "text" and column.place != texts[-1] else column
        for column in columns
    ]
