"""The sampling form on paper (抽样单). Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from nongan.common.paper import Sheet, chinese_day
from nongan.monitoring.rules.sampling import SampleKind

FORM_TITLES = {SampleKind.SUPERVISION: "农产品质量安全监督抽查抽样单"}
SIGNED = "\n\n签名（盖章）：　　　　　　　　　　年　月　日"

FORM_ROWS = {
    "subject": "被抽样单位",
    "commodity": "产品",
    "kind": "类别",
    "produced_on": "生产日期",
    "sampled_on": "抽样日期",
    "quantity": "抽样量",
    "packaging": "包装",
    "division": "抽样地",
    "place": "抽样地点",
    "panel": "检测项目",
    "samplers": "抽样人员",
    "note": "备注",
}


def sampling_form(
    number: str, agency: str, kind: str, said: Mapping[str, str], corrected: Sequence[tuple[date, str]]
) -> Sheet:
    """The paper that both sides sign (抽样单). `said`: what it says by field; `corrected`: (day, what) of each
    correction.

    It is a Chinese document whoever reads the page.
    """
    title = FORM_TITLES.get(SampleKind(kind), "农产品质量安全监测抽样单")
    rows = [(label, said[field] or "—") for field, label in FORM_ROWS.items()]
    put_right = [(f"更正 {n}", f"{chinese_day(day)}：{what}") for n, (day, what) in enumerate(corrected, 1)]
    return Sheet(
        title=f"{title}（更正）" if corrected else title, unit=agency, number=f"单号：{number}",
        rows=[*rows, *put_right, ("被抽样单位确认", "以上内容属实，样品已封样。" + SIGNED), ("抽样人员", SIGNED)],
        tall=("被抽样单位确认", "抽样人员"),
    )  # fmt: skip
