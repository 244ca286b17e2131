"""What the papers say: the form that asks to file a case, the letter that hands it to the police, the list of goods.

Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from nongan.common.paper import Letter, Sheet, chinese_day
from nongan.common.quantity import plain
from nongan.enforcement.rules.transfer import Goods, Paper

RULE = "《行政执法机关移送涉嫌犯罪案件的规定》"
BLANK_LINES = 6  # of a list that is filled in by hand


@dataclass(frozen=True)
class Facts:
    """What the papers take from a case, as text. Days as values."""

    number: str
    agency: str
    party: str
    code: str
    place: str
    cause: str
    source: str
    finding: str
    grounds: str
    officers: tuple[str, ...]
    head: str
    opened_on: date
    asked_on: date | None = None
    filed_on: date | None = None


def filing_form(case: Facts) -> Sheet:
    """行政处罚立案审批表 (行政处罚法 第五十四条第二款)."""
    officers = "　".join(case.officers)
    asked = chinese_day(case.asked_on) if case.asked_on else "　　年　月　日"
    filed = f"同意立案。\n\n签名：{case.head}　　　{chinese_day(case.filed_on)}" if case.filed_on else ""
    return Sheet(
        title="行政处罚立案审批表", unit=case.agency, number=f"案件编号：{case.number}",
        rows=[
            ("案由", case.cause), ("当事人", case.party), ("统一社会信用代码", case.code or "—"),
            ("违法行为发生地", case.place), ("案件来源", case.source), ("受案时间", chinese_day(case.opened_on)),
            ("简要案情", case.finding), ("立案依据", case.grounds),
            ("承办人意见", f"建议立案调查。\n\n承办人：{officers}　　　{asked}"),
            ("负责人意见", filed or "\n\n签名：　　　　　　　　　　年　月　日"),
        ],
        tall=("简要案情", "立案依据", "承办人意见", "负责人意见"),
    )  # fmt: skip


def goods_list(case: Facts, items: Sequence[Goods], *, police: str, notice: str) -> Sheet:
    """涉案物品移交清单, signed by both sides (国务院令第310号 第四条第二款、第十二条). Without items: empty lines."""
    lines = [(f"物品 {n}", _one_line(one)) for n, one in enumerate(items, 1)]
    blank = [(f"物品 {n}", "名称：　　　　　　数量：　　　　　特征：") for n in range(len(lines) + 1, BLANK_LINES + 1)]
    hand = "签名：　　　　　　　　　　年　月　日　时　分"
    return Sheet(
        title="涉案物品移交清单", unit=case.agency, number=f"案件编号：{case.number}",
        rows=[
            ("案由", case.cause), ("当事人", case.party), ("立案通知书文号", notice or "—"), ("接收单位", police),
            ("移交依据", f"{RULE}第十二条"), *lines, *([] if lines else blank), ("一并移交的材料", ""),
            ("移交人", f"{'、'.join(case.officers)}\n\n{hand}"), ("接收人", f"\n\n{hand}"),
        ],
        tall=("一并移交的材料", "移交人", "接收人"),
    )  # fmt: skip


def _one_line(one: Goods) -> str:
    amount = f"{plain(one.quantity)} {one.unit}" if one.quantity is not None else "—"
    return "　".join(part for part in (one.name, amount, one.note) if part)


def transfer_letter(case: Facts, *, police: str, number: str, grounds: str, on: date) -> Letter:
    """涉嫌犯罪案件移送书 with its receipt (国务院令第310号 第六条、第七条)."""
    body = [
        f"我单位在办理{case.party}{case.cause}一案（案件编号：{case.number}）中发现：{case.finding}",
        f"{grounds}",
        f"当事人的行为涉嫌构成犯罪，依据{RULE}第三条、第五条、第六条和《中华人民共和国行政处罚法》第二十七条的规定，"
        "现将该案移送你单位审查。",
        f"根据{RULE}第八条，请自接受移送之日起三日内作出立案或者不予立案的决定，并书面通知我单位；"
        "依法不予立案的，请说明理由并退回案卷材料。",
        f"联系人（承办人）：{'、'.join(case.officers)}",
    ]
    receipt = Letter(
        title="涉嫌犯罪案件移送书（回执）", number=number, addressee=case.agency,
        body=[
            f"你单位移送的{case.party}{case.cause}一案（案件编号：{case.number}）及所附材料收悉。",
            "签收人：　　　　　　　签收时间：　　年　月　日　时　分",
        ],
        attached=[], signed=police or "（公安机关印章）", on=on,
    )  # fmt: skip
    attached = [str(paper.label) for paper in Paper if paper != Paper.LETTER]
    return Letter("涉嫌犯罪案件移送书", number, police or "　　　　公安局", body, attached, case.agency, on, receipt)
