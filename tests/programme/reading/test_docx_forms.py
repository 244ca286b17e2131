"""What only a .docx has: Word's own numbering, headings by style, task tables with merged cells, changes, text boxes."""

from docx import Document as Docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from nongan.programme.rules.reading import read_file
from tests.programme.reading.documents import (
    add_item,
    add_list,
    add_table,
    docx,
    missing,
    only,
    phases,
    read_bytes,
    save,
    targets,
    tasks,
    units,
    unread,
)  # fmt: skip

HEAD = ["一级指标", "序号", "工作任务", "考评标准", "分值", "责任单位", "完成时限"]
TITLE = "某某县创建国家农产品质量安全县实施方案"


def whole(data: bytes) -> None:
    assert missing(read_file("方案.docx", data)) == []


def test_numbers_that_word_prints_by_itself():
    document = Docx()
    document.add_paragraph(TITLE)
    number = add_list(document, [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")])
    for level, text in [
        (0, "工作目标"), (1, "抽检合格率达到98%以上。"), (1, "不发生重大农产品质量安全事件。"), (0, "主要任务"), (1, "落实责任"),
        (2, "2021年起建立机制。（责任单位：县政府办）"), (2, "强化保障。（责任单位：县财政局）"), (1, "加强监测"),
        (2, "开展监测。（责任单位：县农业农村局）"), (0, "实施步骤"), (1, "启动阶段（2021年3月）。部署。"),
        (1, "实施阶段（2021年4月至10月）。落实。"),
    ]:  # fmt: skip
        add_item(document, text, number, level)
    plan = read_bytes(save(document))
    assert tasks(plan) == [("一", 1, "县政府办"), ("一", 2, "县财政局"), ("二", 1, "县农业农村局")]
    assert plan.tasks[0].text == "2021年起建立机制。"
    assert [goal.number for goal in plan.goals] == ["一", "二"]
    assert phases(plan) == [
        ("启动阶段", "2021-03-01", "2021-03-31"), ("实施阶段", "2021-04-01", "2021-10-31")
    ]  # fmt: skip
    whole(save(document))


def test_two_lists_count_apart_and_a_restart_begins_anew():
    document = Docx()
    document.add_paragraph(TITLE)
    document.add_paragraph("一、主要任务")
    first = add_list(document, [("decimal", "%1.")], 50)
    second = add_list(document, [("decimalEnclosedCircle", "%1")], 51)
    part = document.part.numbering_part.element
    part.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="60"><w:abstractNumId w:val="50"/>'
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        )
    )
    document.add_paragraph("（一）甲")
    add_item(document, "任务一。（县农业局）", first)
    add_item(document, "要点；", second)
    add_item(document, "任务二。（县农业局）", first)
    document.add_paragraph("（二）乙")
    add_item(document, "任务三。（县林业局）", 60)
    plan = read_bytes(save(document))
    assert tasks(plan) == [("一", 1, "县农业局"), ("一", 2, "县农业局"), ("二", 1, "县林业局")]
    assert plan.tasks[0].text == "任务一。\n①要点；"


def test_headings_by_style_without_numbers():
    document = Docx()
    document.add_heading(TITLE, 0)
    document.add_heading("总体目标", 1)
    document.add_paragraph("抽检合格率达到98%以上。")
    document.add_heading("重点任务", 1)
    document.add_heading("落实属地责任", 2)
    document.add_paragraph("建立领导机构。")
    document.add_paragraph("责任单位：县政府办")
    document.add_heading("强化监测", 2)
    document.add_paragraph("每年定量监测1000批次。")
    document.add_paragraph("责任单位：县农业农村局、县市场监管局")
    document.add_heading("时间安排", 1)
    document.add_paragraph("动员阶段（2022年1月）。部署工作。")
    document.add_paragraph("实施阶段（2022年2月—11月）。落实工作。")
    plan = read_bytes(save(document))
    assert [units(task) for task in plan.tasks] == ["县政府办", "县农业农村局 县市场监管局"]
    assert [task.chapter_heading for task in plan.tasks] == ["落实属地责任", "强化监测"]
    assert targets(plan) == [(">=", "98", "%", "pass_rate"), ("=", "1000", "批次", "quantitative_batches")]
    assert phases(plan) == [("动员阶段", "2022-01-01", "2022-01-31"), ("实施阶段", "2022-02-01", "2022-11-30")]
    whole(save(document))


TABLE = [
    HEAD,
    ["一、属地管理责任（16分）", "★1", "成立县政府主要负责人牵头的领导机构", "成立领导机构", "3", "县政府办、县农业农村局", "2021年6月底前"],
    ["^", "2", "将监管经费纳入财政预算", "经费增长达到10%以上", "4分", "县财政局；各镇（街道）", "2021年12月"],
    ["二、监管能力（20分）", "*3", "每年开展定量检测不少于1.5批次/千人", "查记录", "5", "牵头单位：县农业农村局；配合单位：县市场监管局", "长期坚持"],
    ["^", "4", "监管人员培训不少于40学时", "查记录", "2.5", "^", "2021年11月"],
    ["合计", "", "", "", "100", "", ""],
]  # fmt: skip


def test_a_task_table_with_stars_points_merged_cells_and_due_dates():
    data = docx(
        TITLE, "根据《办法》，制定本方案。", "一、工作目标", "抽检合格率达到98%以上。", "附件：任务分解表", TABLE
    )
    plan = read_bytes(data)
    both = "牵头:县农业农村局 配合:县市场监管局"
    assert tasks(plan) == [
        ("一", 1, "县政府办 县农业农村局"), ("一", 2, "县财政局 各镇（街道）"), ("二", 3, both), ("二", 4, both)
    ]  # fmt: skip
    assert [task.chapter_heading for task in plan.tasks] == ["属地管理责任"] * 2 + ["监管能力"] * 2
    assert [task.key for task in plan.tasks] == [True, False, True, False]
    assert [str(task.score) for task in plan.tasks] == ["3", "4", "5", "2.5"]
    assert [task.due and task.due.isoformat() for task in plan.tasks] == [
        "2021-06-30", "2021-12-31", None, "2021-11-30"
    ]  # fmt: skip
    assert plan.tasks[1].standard == "经费增长达到10%以上"
    assert targets(plan) == [
        (">=", "98", "%", "pass_rate"), (">=", "10", "%", None), (">=", "1.5", "批次/千人", "quantitative_batches"),
        (">=", "40", "学时", "supervisor_training"),
    ]  # fmt: skip
    assert unread(plan) == [("date", "长期坚持"), ("row", "合计 100")]
    whole(data)


def test_a_table_of_standards_with_chapter_rows_and_a_repeated_head():
    head = ["考评项目", "考评标准", "任务内容", "责任单位（第一为牵头单位）", "备注"]
    data = docx(
        "某某市创建国家农产品质量安全市任务分解表",
        [
            head,
            ["一、政府责任（16分）", "<", "<", "<", "<"],
            ["（一）组织领导（4分）", "1.成立领导机构（2分）。", "建立领导机构。", "市府办 县（市、区）政府", ""],
            ["^", "*2.部门职责清晰（2分）。", "制定职责分工文件。", "市府办\n市农业农村局", "见附件"],
            head,
            ["二、监管能力（20分）", "<", "<", "<", "<"],
            [
                "（一）机构",
                "3.设立监管机构，“六有”达标率100%（3分）。",
                "建立监管机构。",
                "市委编办、市农业农村局等单位",
                "",
            ],
        ],
    )
    plan = read_bytes(data)
    assert tasks(plan) == [
        ("一.一", 1, "牵头:市府办 县（市、区）政府"), ("一.一", 2, "牵头:市府办 市农业农村局"),
        ("二.一", 1, "牵头:市委编办 市农业农村局"),
    ]  # fmt: skip
    assert [task.chapter_heading for task in plan.tasks] == ["政府责任 / 组织领导"] * 2 + ["监管能力 / 机构"]
    assert [str(task.score) for task in plan.tasks] == ["2", "2", "3"]
    assert [task.key for task in plan.tasks] == [False, True, False]
    assert plan.tasks[0].standard == "1.成立领导机构（2分）。"
    assert [(reason, text) for reason, text in unread(plan)] == [("outside", "见附件"), ("open_list", "等单位")]
    assert targets(plan) == [("=", "100", "%", "six_haves")]
    whole(data)


def test_a_table_of_phases_and_one_of_people():
    data = docx(
        TITLE,
        "一、主要任务",
        "1.建立机制。（责任单位：县农业局）",
        "二、实施步骤",
        [["阶段", "时间安排", "工作内容"], ["动员部署", "2021年3月", "印发方案"], ["全面实施", "2021年4月至2022年6月", "落实任务"]],
        "三、保障措施",
        "加强领导。",
        "附件：领导小组名单",
        [["姓名", "职务"], ["张三", "组长"]],
    )  # fmt: skip
    plan = read_bytes(data)
    assert phases(plan) == [("动员部署", "2021-03-01", "2021-03-31"), ("全面实施", "2021-04-01", "2022-06-30")]
    assert [phase.text for phase in plan.phases] == ["印发方案", "落实任务"]
    assert [(reason, text) for reason, text in unread(plan)] == [("outside", "姓名 职务\n张三 组长")]
    whole(data)


def test_a_table_completes_the_tasks_of_the_text_and_tells_where_it_differs():
    data = docx(
        TITLE,
        "一、主要任务",
        "1.建立农产品生产主体监管名录并动态管理。（责任单位：县农业局）",
        "2.开展农业投入品专项整治和监督抽查。（责任单位：县农业局、县公安局）",
        "附件：任务分解表",
        [
            ["序号", "任务", "分值", "责任单位"],
            ["1", "★建立农产品生产主体监管名录并动态管理", "5", "县农业局"],
            ["2", "开展农业投入品专项整治和监督抽查", "6", "县农业局、县市场监管局"],
            ["3", "只在表里的一项新任务和它的要求", "1", "县财政局"],
        ],
    )
    plan = read_bytes(data)
    assert tasks(plan) == [("", 1, "县农业局"), ("", 2, "县农业局 县公安局"), ("", 3, "县财政局")]
    assert [(task.key, str(task.score)) for task in plan.tasks] == [(True, "5"), (False, "6"), (False, "1")]
    assert ("conflict", "县农业局、县市场监管局") in unread(plan)
    whole(data)


def test_a_table_goes_on_without_a_head():
    rows = [["序号", "工作任务", "责任单位", "完成时限"], ["1", "建立名录。", "县农业局", "2021年5月"]]
    data = docx(TITLE, rows, "", [["2", "建立档案。", "县林业局", "2021年6月"]])
    assert [units(task) for task in read_bytes(data).tasks] == ["县农业局", "县林业局"]
    whole(data)


def test_tracked_changes_content_controls_and_text_boxes():
    document = Docx()
    document.add_paragraph(TITLE)
    document.add_paragraph("一、主要任务")
    w = nsdecls("w")
    body = document.element.body
    paragraph = document.add_paragraph()._p
    paragraph.append(parse_xml(f"<w:r {w}><w:t>1.建立</w:t></w:r>"))
    paragraph.append(parse_xml(f"<w:del {w}><w:r><w:delText>台账</w:delText></w:r></w:del>"))
    paragraph.append(parse_xml(f"<w:ins {w}><w:r><w:t>名录</w:t></w:r></w:ins>"))
    paragraph.append(parse_xml(f"<w:hyperlink {w}><w:r><w:t>。（责任单位：县农业局）</w:t></w:r></w:hyperlink>"))
    body.insert(
        len(body) - 1,
        parse_xml(
            f"<w:sdt {w}><w:sdtContent><w:p><w:r><w:t>2.建立档案。（责任单位：县林业局）</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        ),
    )
    boxed = document.add_paragraph("3.建立机制。")._p
    boxed.append(
        parse_xml(
            f"<w:r {w}><w:pict><w:txbxContent><w:p><w:r><w:t>（责任单位：县财政局）</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
        )
    )
    plan = read_bytes(save(document))
    assert tasks(plan) == [("", 1, "县农业局"), ("", 2, "县林业局"), ("", 3, "县财政局")]
    assert plan.tasks[0].text == "建立名录。"


def test_a_merged_heading_row_and_nested_table_keep_their_words():
    document = Docx()
    document.add_paragraph(TITLE)
    add_table(document, [["序号", "工作任务", "责任单位"], ["1", "建立机制", "县农业局"]])
    inner = document.tables[0].cell(1, 1).add_table(1, 1)
    inner.cell(0, 0).text = "附表内容"
    plan = only(read_file("方案.docx", save(document)))
    assert plan.tasks[0].text == "建立机制\n附表内容"
