"""Which indicator a figure of a plan speaks of.

One row per indicator: its code, the words that must all be present (each a regular expression), the words that
must not be, and the units in which it is counted. The first row that fits names the indicator; where none fits,
there is none, as where the row has no code. Narrow rows stand before wide ones (禁用药物监测合格率 before 合格率).
"""

import re
from dataclasses import dataclass

SHARE = ("%",)
SAMPLES = ("个", "批次", "批", "份", "次", "件")
PER_HEAD = ("批次/千人", "批次/万人", "批次/百人", "批次/人")
TIMES = ("次", "场次", "家次")
HOURS = ("小时", "学时", "课时")
EVENTS = ("起", "件", "例", "次", "个", "宗")

# Words that several rows share.
INPUTS = "投入品|农资|农药(?!残)|兽药(?!残)|饲料|化肥|肥料"
PRODUCE = "农产品|畜产品|畜禽产品|水产品|种植业产品|蔬菜|水果|茶叶|食用菌|农药残留"
PRODUCE += "|例行监测|(?:抽检|抽查|抽样|监测|检测)(?:总体)?合格率"
KINDS = "蔬菜|水果|茶叶|食用菌|粮食|稻米|畜产品|畜禽|禽蛋|肉类|蛋类|生鲜乳|水产|种植业产品"
OVERALL = "农产品|农畜|农副|总体|综合|整体"
_SEVERAL = rf"{OVERALL}|(?:{KINDS})[^,。;合]{{0,8}}(?:[、和及与]|以及)[^,。;合]{{0,8}}(?:{KINDS})"
BANNED = "禁用|禁限用|违禁|禁止使用|瘦肉精|孔雀石绿|硝基呋喃"
CERTIFIED = (
    "绿色(?!防控|生产|发展|技术|循环|种养|防治|植保)|有机(?!肥|质|废)|地理标志|良好农业规范|三品一标|[两二]品一标|获证|认证|认定"
    "|名特优新|品牌农产品|优质农产品"
)
SUBJECTS = "主体|企业|合作社|合作经济组织|基地|对象|经营者|经营单位|养殖场|屠宰场|大户"
DEALERS = f"(?:{INPUTS})(?![^,。;]*主体)[^,。;]{{0,8}}(?:门店|经营|销售|店)"
SHARE_OF = "比重|占比|比例|比率|占[^领]"


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    all_of: tuple[str, ...]
    none_of: str = ""
    units: tuple[str, ...] = SHARE


ROWS: tuple[Row, ...] = (
    Row(
        "major_incidents",
        ("重大|较大|特大|系统性|区域性|食品安全|质量安全", "事件|事故"),
        "上报|报告|处置|演练|一般(?!及以上|以上)",
        EVENTS,
    ),
    Row("banned_pass_rate", (BANNED, "合格率"), "经营|门店|农资市场"),
    # The rate of one kind of produce is not that of all.
    Row("", ("合格率", KINDS), _SEVERAL),
    Row(
        "pass_rate",
        ("合格率", PRODUCE),
        f"(?:{INPUTS})[^,。;]{{0,12}}合格率|不合格率|免疫|抗体|检疫|考试|考核|培训|餐饮|加工食品|绿色食品|(?<!农产)食品[^,。;农]{{0,6}}合格率",
    ),
    Row("carcass_disposal", ("病死|病害|死亡(?:畜|禽|动物)|死畜|死禽", "无害化")),
    Row("failed_disposed", ("不合格|问题(?:农产品|样品|产品)|超标", "处置|处理率|查处率|销毁率"), f"{INPUTS}|案件"),
    Row(
        "counties_at_standard",
        ("县|涉农", "达到[^,。;]{0,24}标准|创建(?:成|为)|创成|命名|通过(?:考核|验收)"),
        "企业|合作社|农户|乡镇|检测|基地",
    ),
    Row("notice_rate", ("责任告知|告知率|告知书",), "经营告知|备案"),
    Row("staff_training_rate", ("从业人员|员工|上岗人员", "培训"), "监管人员|执法人员"),
    Row("supervisor_training", ("监管(?:人员|员|队伍)|协管员|检测人员|执法人员|每人|每名|人均", "培训"), units=HOURS),
    Row("supervisor_training", ("监管(?:人员|员|队伍)|协管员", "培训")),
    Row("subject_training_rate", ("培训率|培训覆盖|培训面", f"{SUBJECTS}|名录|^培训")),
    Row("records_rate", ("生产记录|生产档案|田间档案|养殖档案|农事记录",)),
    Row("commitment_rate", ("质量安全承诺|质量承诺|承诺书|承诺制度",), "达标合格证"),
    Row("incoming_check_rate", ("进货查验|进货检查|索证索票|查验记录",), INPUTS),
    Row("self_test_rate", ("自检|自律性检测|自行检测|委托检[验测]",), "自检[室点站]"),
    Row("inputs_on_platform", (INPUTS, "平台")),
    Row("chain_share", ("连锁|统购|统一采购|配送", f"{INPUTS}|连锁|统购", f"{SHARE_OF}|率|覆盖|达"), "冷链"),
    Row("input_samples", (INPUTS, "抽查|抽检|抽样|监测|检测|检验"), "农产品(?:监测|检测|抽检)", SAMPLES),
    Row(
        "patrol_frequency",
        ("巡查|(?<!专项|联合)检查", "每年|年度|全年|一年", SUBJECTS),
        "每月|每季|每周|获证|证后",
        TIMES,
    ),
    Row("quantitative_batches", ("定量",), INPUTS, SAMPLES + PER_HEAD),
    Row("quantitative_batches", ("监测|检测|抽检|抽样|检验",), f"快速|速测|快检|{INPUTS}", PER_HEAD),
    Row("case_transfer", ("移送|移交", "案件|犯罪|线索|移送率"), "移送的?(?:案件|线索)[^,。;]{0,8}受理"),
    Row("sop_delivery", ("入户|到户率", "规程|标准|明白纸|技术资料")),
    Row("manure_treatment", ("粪便|粪污|废弃物|排泄物", "处理|利用", "畜禽|养殖|粪"), "农膜|秸秆|包装|设施|装备"),
    Row("traced_bases", ("追溯", CERTIFIED)),
    Row("certified_share", (CERTIFIED, f"{SHARE_OF}|认证率|覆盖率|(?:面积|总量|产量|规模)的"), "合格率|检测|抽检|处置"),
    Row("supervision_coverage", ("监管覆盖|监管名录|主体名录|纳入监管|监管对象[^,。;]{0,6}(?:建档|覆盖)",), DEALERS),
    Row("reports_answered", ("回复率|答复率",)),
    Row("reports_answered", ("举报|投诉", "办结率|反馈率|回复|答复")),
    Row("reports_handled", ("举报|投诉", "查处|处理率|受理率|核查率|处置率|查办")),
    Row("satisfaction", ("满意",)),
    Row("budget_growth", ("经费|投入|预算", "经常性", "增长|增幅")),
    Row("six_haves", ("六有",)),
    Row("labs_qualified", ("检测(?:机构|中心|站)|检验检测|质检", "计量认证|双认证|机构考核|CATL|CMA|资质认定")),
)

_COMPILED = [(row, [re.compile(words) for words in row.all_of], re.compile(row.none_of or r"(?!)")) for row in ROWS]


def of_one_kind(text: str) -> bool:
    """Whether a rate speaks of one kind of produce alone (其中蔬菜97.5%)."""
    return bool(re.search(KINDS, text)) and not re.search(_SEVERAL, text)


def indicator_for(text: str, unit: str) -> str | None:
    """The code of the indicator of which `text` (the clause around a figure) speaks, or None.

    `unit` as the reader gives it: %, 个, 批次, 批次/千人, 次, 小时 …
    """
    words = re.sub(r"\s", "", text)
    for row, wanted, unwanted in _COMPILED:
        if unit in row.units and all(pattern.search(words) for pattern in wanted) and not unwanted.search(words):
            return row.code or None
    return None
