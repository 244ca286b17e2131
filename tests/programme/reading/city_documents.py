"""Documents of Word as other cities might lay them out. What is to be read in each stands in cities/<name>.expected."""

from collections.abc import Callable

from docx import Document as Docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from tests.programme.reading.documents import add_item, add_list, add_table, docx, save

W = nsdecls("w")
BUILDERS: dict[str, Callable[[], bytes]] = {}


def named(name: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def keep(build: Callable[[], bytes]) -> Callable[[], bytes]:
        BUILDERS[name] = build
        return build

    return keep


def add_runs(document: "Docx", *runs: str) -> None:
    """A paragraph of runs written as XML; plain words become a run of their own."""
    paragraph = document.add_paragraph()._p
    for run in runs:
        xml = run if run.startswith("<") else f"<w:r><w:t>{run}</w:t></w:r>"
        paragraph.append(parse_xml(xml.replace(">", f" {W}>", 1)))


def restart(document: "Docx", numbers: tuple[int, ...], of: int) -> None:
    """Further lists of the same kind that begin with 1 again."""
    for number in numbers:
        document.part.numbering_part.element.append(
            parse_xml(
                f'<w:num {W} w:numId="{number}"><w:abstractNumId w:val="{of}"/>'
                '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
            )
        )


@named("22-two-heads")
def two_heads() -> bytes:
    return docx(
        "登封市创建国家农产品质量安全市任务分工表",
        [
            ["序号", "创建项目", "<", "工作任务", "责任分工", "<", "完成时限"],
            ["^", "一级指标", "二级指标", "^", "牵头单位", "配合单位", "^"],
            [
                "1",
                "政府重视（20分）",
                "组织领导（8分）",
                "成立创建工作领导小组",
                "市政府办",
                "市农业农村局",
                "2020年4月底前",
            ],
            ["2", "^", "^", "制定创建工作方案", "市创建办", "^", "2020年4月底前"],
            [
                "3",
                "^",
                "经费保障（12分）",
                "年度监管经费增长10%以上",
                "市财政局",
                "市农业农村局\n市畜牧局",
                "2020年6月底前",
            ],
            ["4", "监管到位（30分）", "<", "*规模主体每年巡查2次以上", "市农业农村局", "各镇（街道）", "全年"],
        ],
    )


@named("23-word-articles")
def word_articles() -> bytes:
    document = Docx()
    document.add_paragraph("洛川市农产品质量安全市创建办法")
    levels = [("chineseCountingThousand", pattern) for pattern in ("第%1章", "第%2条", "（%3）")]
    number = add_list(document, levels, 71)
    article = document.part.numbering_part.element.findall(qn("w:abstractNum"))[0].findall(qn("w:lvl"))[1]
    article.insert(1, parse_xml(f'<w:lvlRestart {W} w:val="0"/>'))
    for level, text in [
        (0, "总则"), (1, "为规范创建工作，制定本办法。"), (0, "创建任务"),
        (1, "建立政府负总责的工作机制。（责任单位：市政府办公室）"),
        (1, "每年开展监督抽查不少于600批次。（责任单位：市农业农村局、市市场监管局）"),
        (1, "加强应急管理，每年开展应急演练1次：（责任单位：市应急局）"), (2, "制定预案；"), (2, "配齐物资。"),
        (0, "附则"), (1, "本办法由市农业农村局负责解释。"),
    ]:  # fmt: skip
        add_item(document, text, number, level)
    return save(document)


@named("24-changes-hidden")
def changes_and_hidden_words() -> bytes:
    document = Docx()
    document.sections[0].header.paragraphs[0].text = "内部资料 注意保存"
    document.sections[0].footer.paragraphs[0].text = "第 1 页"
    document.add_paragraph("临安区创建国家农产品质量安全区实施方案")
    document.add_paragraph("一、创建目标")
    add_runs(
        document,
        "农产品抽检合格率达到",
        "<w:del><w:r><w:delText>97%</w:delText></w:r></w:del>",
        "<w:ins><w:r><w:t>98%</w:t></w:r></w:ins>",
        "以上。",
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>（此处待核）满意度达到60%。</w:t></w:r>",
    )
    document.add_paragraph("二、主要任务")
    add_runs(
        document,
        "<w:r><w:t>（一）健全</w:t><w:softHyphen/><w:t>机构。配备专职人员5名以上。（责任单位：</w:t></w:r>",
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
        '<w:r><w:instrText> HYPERLINK "http://x" </w:instrText></w:r>',
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
        "区委编办",
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        "、",
        "<w:del><w:r><w:delText>区农业局</w:delText></w:r></w:del>",
        "<w:ins><w:r><w:t>区农业农村局</w:t></w:r></w:ins>",
        "）",
    )
    symbol = '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>'
    add_runs(
        document, "（二）加强执法。严查违法行为，案件移送率", symbol, "100%。（责任单位：区公安分局、区农业农村局）"
    )
    for text in (
        "三、实施步骤",
        "1.准备阶段（2023年2月—3月）",
        "制定方案。",
        "2.实施阶段（2023年4月—2024年3月）",
        "落实任务。",
    ):
        document.add_paragraph(text)
    return save(document)


@named("25-tables-of-targets-and-tasks")
def tables_of_targets_and_tasks() -> bytes:
    head = ["编号", "任务", "主要内容", "责任单位", "备注"]
    return docx(
        "通海县创建国家农产品质量安全县实施方案",
        "一、工作目标",
        "主要目标见表1。",
        [
            ["序号", "目标指标", "目标值", "属性"],
            ["1", "食用农产品抽检合格率", "98%以上", "约束性"],
            ["2", "区域性重大农产品质量安全事件", "零发生", "约束性"],
            ["3", "绿色有机农产品认证面积占比", "50%", "预期性"],
            ["4", "监管员年度培训时长", "≥40学时", "预期性"],
        ],
        "二、工作任务",
        [
            head,
            ["1", "机构建设", "健全县乡监管机构。", "县委编办、县农业农村局", ""],
            ["2", "^", "配备乡镇监管员36名。", "各乡镇人民政府、街道办事处", ""],
        ],
        "",
        [
            head,
            ["3", "投入品监管", "农药经营店100%实行实名购买。", "县农业农村局\n县供销社", "重点"],
            ["4", "^", "回收农药包装废弃物，回收率80%以上。", "县生态环境分局、县农业农村局", ""],
        ],
        "三、实施步骤",
        "（一）2021年1月至3月，启动部署。完成方案制定。",
        "（二）2021年4月至12月，全面实施。",
        "（三）2022年1月至6月，总结提升。",
    )


@named("26-measures-within-tasks")
def measures_within_tasks() -> bytes:
    return docx(
        "德安市创建国家农产品质量安全市任务清单",
        "表1 领导小组成员",
        [["姓名", "单位及职务", "领导小组职务"], ["李某", "市长", "组长"], ["王某", "副市长", "副组长"]],
        "表2 任务清单",
        [
            ["类别", "工作任务", "具体措施", "责任单位", "时限"],
            ["一、属地责任", "1.加强领导", "（1）建立议事协调机构", "市政府办", "2024.6"],
            ["^", "^", "（2）每年召开2次以上专题会议", "市农业农村局", "2024.12"],
            ["^", "2.加强保障", "（1）落实检测经费", "市财政局", "2024.12"],
            ["二、监管能力", "3.机构队伍", "（1）充实执法力量", "市委编办 市农业农村局", "2025.6"],
        ],
    )


@named("27-vertical-words")
def vertical_words() -> bytes:
    return docx(
        "天门市国家农产品质量安全市创建任务分解方案",
        [
            ["项\n目", "序\n号", "任务内容", "责任\n单位", "完成\n时限"],
            ["组\n织\n领\n导", "1", "印发创建方案，\n召开动员会。", "市政府办公室\n市农业农村局", "2019年\n3月底"],
            ["^", "2", "签订责任书。", "各乡镇人民政府\n（街道办事处）", "2019年\n4月底"],
            ["监\n督\n检\n查", "3", "每季度督查1次。", "市委市政府督查室", "每季度"],
        ],
    )


@named("28-all-in-one-cell")
def all_in_one_cell() -> bytes:
    document = Docx()
    cell = document.add_table(1, 1).cell(0, 0)
    first, *rest = [
        "丰城市创建国家农产品质量安全市实施方案", "一、工作目标", "农产品抽检合格率98%以上。", "二、工作任务", "（一）落实责任",
        "1.建立机制。（责任单位：市农业农村局）", "2.强化考核。（责任单位：市委组织部）", "三、工作步骤", "（一）启动（2022年3月）。部署。",
        "（二）推进（2022年4月—12月）。落实。",
    ]  # fmt: skip
    cell.text = first
    for line in rest:
        cell.add_paragraph(line)
    return save(document)


@named("32-ledger")
def ledger() -> bytes:
    return docx(
        "兰溪市创建国家农产品质量安全市工作台账",
        "（截至2022年底）",
        [
            ["序号", "重点工作", "工作目标", "推进措施", "责任领导", "牵头单位", "责任单位", "时间节点"],
            [
                "1",
                "体系建设",
                "乡镇监管机构“六有”率100%",
                "1.落实人员编制；2.配备检测设备",
                "陈某",
                "市农业农村局",
                "市委编办、市财政局",
                "2022年6月底前",
            ],
            ["2", "^", "村级协管员配备率100%", "建立协管员补贴制度", "^", "^", "各乡镇（街道）", "2022年9月底前"],
            [
                "3",
                "监测执法",
                "定量检测达2批次/千人",
                "制定监测计划，分解下达任务",
                "刘某",
                "市农业农村局",
                "市市场监管局",
                "2022年11月底前",
            ],
        ],
    )


@named("40-styles-and-restarts")
def styles_and_restarts() -> bytes:
    document = Docx()
    document.add_heading("石泉县创建国家农产品质量安全县工作方案", 0)
    document.add_heading("创建目标", 1)
    first = add_list(document, [("decimal", "%1."), ("decimal", "(%2)")], 81)
    restart(document, (91, 92), first)
    add_item(document, "农产品质量安全监测合格率98%以上；", first)
    add_item(document, "农产品质量安全追溯覆盖率90%以上。", first)
    document.add_heading("重点任务", 1)
    document.add_heading("组织保障行动", 2)
    add_item(document, "建立联席会议制度。", 91)
    document.add_paragraph("责任单位：县政府办、县农业农村局")
    add_item(document, "加大资金投入，每年不少于300万元。", 91)
    document.add_paragraph("责任单位：县财政局")
    document.add_heading("源头治理行动", 2)
    add_item(document, "开展投入品抽检200批次。", 92)
    document.add_paragraph("责任单位：县农业农村局、县市场监管局")
    document.add_heading("实施步骤", 1)
    rows = [
        ["阶段名称", "时间", "主要工作"],
        ["启动阶段", "2023年1—3月", "制定方案"],
        ["攻坚阶段", "2023年4月—2024年6月", "推进任务"],
        ["冲刺阶段", "2024年7月—9月", "迎接验收"],
    ]
    add_table(document, rows)
    document.add_heading("保障措施", 1)
    document.add_paragraph("加强组织领导。")
    document.add_paragraph("严格考核奖惩。")
    return save(document)


@named("42-sections-with-tables")
def sections_with_tables() -> bytes:
    head = ["任务", "责任单位", "完成时限"]
    return docx(
        "滨海市创建国家农产品质量安全市任务分解方案",
        "一、总体目标",
        "监测合格率98%以上，群众满意度80%以上。",
        "二、任务分解",
        "（一）落实属地责任",
        [head, ["成立领导小组", "市政府办", "2023年3月底"], ["纳入财政预算", "市财政局", "2023年6月底"]],
        "（二）强化监管执法",
        [head, ["开展专项整治3次以上", "市农业农村局、市公安局", "2023年11月底"]],
        "三、工作要求",
        "加强领导，密切配合。",
    )
