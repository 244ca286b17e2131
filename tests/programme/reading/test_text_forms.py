"""Plans as other cities might write them, made up for the purpose; everything that was read is compared."""

import pytest

from nongan.programme.rules.reading import read_text
from tests.programme.reading.documents import missing, phases, plan_of, targets, tasks, units, unread

SECTIONS = """甲县创建国家农产品质量安全县工作方案
为做好创建工作，根据《国家农产品质量安全县管理办法》（农质发〔2021〕3号）、《某省农产品质量安全条例》，制定本方案。
一、工作目标
到2022年6月底，全县主要农产品质量监测合格率稳定在98％以上，农产品质量安全突发事件零发生，群众满意度达到75％以上。
二、重点工作
（一）健全体系
1．完善监管机构。每个乡镇监管站配备3名以上专职人员。（责任科室：人事科、质监科；责任人：张某某）
2．强化检测能力。县级检测中心每年完成定量检测600批次以上，乡镇速测不少于2万批次。【牵头科室：质监科，配合科室：种植业科、畜牧科】
（二）严格监管
3．落实巡查。对生产主体每月巡查不少于1次。（责任科室：执法大队；配合单位：各乡镇人民政府）
4．开展培训。监管人员年培训不少于40学时。（责任科室：质监科；完成时限：2021年12月底前）
三、工作步骤
（一）启动阶段（2021年4月1日—4月30日）。印发方案。
（二）实施阶段（5月1日—次年3月31日）。全面实施。
（三）总结阶段（2022年4月至6月）。总结验收。
四、工作要求
（一）提高认识。各科室要高度重视。
（二）强化督查。对工作不力的，予以通报。
甲县农业农村局
2021年3月15日
"""


def test_responsible_sections_of_a_bureau():
    plan = plan_of(SECTIONS)
    assert [basis.text for basis in plan.basis] == [
        "《国家农产品质量安全县管理办法》（农质发〔2021〕3号）", "《某省农产品质量安全条例》"
    ]  # fmt: skip
    assert tasks(plan) == [
        ("一", 1, "人事科 质监科"),
        ("一", 2, "牵头:质监科 配合:种植业科 配合:畜牧科"),
        ("二", 3, "执法大队 配合:各乡镇人民政府"),
        ("二", 4, "质监科"),
    ]
    assert [task.due and task.due.isoformat() for task in plan.tasks] == [None, None, None, "2021-12-31"]
    assert targets(plan) == [
        (">=", "98", "%", "pass_rate"), ("=", "0", "起", "major_incidents"), (">=", "75", "%", "satisfaction"),
        (">=", "3", "名", None), (">=", "600", "批次", "quantitative_batches"), (">=", "20000", "批次", None),
        (">=", "1", "次", None), (">=", "40", "学时", "supervisor_training"),
    ]  # fmt: skip
    assert phases(plan) == [
        ("启动阶段", "2021-04-01", "2021-04-30"),
        ("实施阶段", "2021-05-01", "2022-03-31"),
        ("总结阶段", "2022-04-01", "2022-06-30"),
    ]
    assert [safeguard.text for safeguard in plan.safeguards] == [
        "提高认识。各科室要高度重视。", "强化督查。对工作不力的，予以通报。"
    ]  # fmt: skip
    assert unread(plan) == [("person", "责任人：张某某")]
    assert plan.passages[-1].text == "甲县农业农村局\n2021年3月15日"


LEADERS = """乙区国家农产品质量安全区创建实施方案
一、创建目标
1.食用农产品抽检合格率98.5%以上。
2.禁用药物监测合格率100%。
3.食物中毒事故为零，重大农产品质量安全事件零发生。
4.化肥、农药使用量实现负增长，化肥利用率提高到43%，样品不合格率不高于2%。
二、主要任务
以下任务均需各镇（街道）落实，不再列出。
（一）落实责任
1.成立创建领导小组，区政府主要领导任组长。牵头单位：区政府办公室；配合单位：区农业农村局、区财政局。
2.落实监管经费，每年不少于500万元，并逐年增长。牵头单位：区财政局
配合单位：区农业农村局
（二）监测检测
1.区级定量检测量达到2批次/千人，其中监督抽查比例不低于20%。牵头单位：区农业农村局；配合单位：区市场监管局。
2.镇级快速检测全年不少于1.2万批次，村级监管员每周巡查2次。牵头单位：区农业农村局。
三、时间安排
1.宣传发动（2022年3月上旬至4月中旬）：召开动员会。
2.组织实施（2022年4月下旬至11月底）：逐项落实。
3.考核验收（2022年12月）：迎接验收。
四、保障措施
1.组织保障。成立工作专班。
2.经费保障。统筹资金。
"""


def test_lead_and_support_behind_the_sentence_and_a_common_note_before():
    plan = plan_of(LEADERS)
    common = "共同:各镇（街道）"
    assert tasks(plan) == [
        ("一", 1, f"牵头:区政府办公室 配合:区农业农村局 配合:区财政局 {common}"),
        ("一", 2, f"牵头:区财政局 配合:区农业农村局 {common}"),
        ("二", 1, f"牵头:区农业农村局 配合:区市场监管局 {common}"),
        ("二", 2, f"牵头:区农业农村局 {common}"),
    ]
    assert [task.text for task in plan.tasks][:2] == [
        "成立创建领导小组，区政府主要领导任组长。", "落实监管经费，每年不少于500万元，并逐年增长。"
    ]  # fmt: skip
    assert targets(plan) == [
        (">=", "98.5", "%", "pass_rate"), ("=", "100", "%", "banned_pass_rate"), ("=", "0", "起", None),
        ("=", "0", "起", "major_incidents"), ("<=", "0", "%", None), (">=", "43", "%", None), ("<=", "2", "%", None),
        (">=", "5000000", "元", None), (">=", "2", "批次/千人", "quantitative_batches"), (">=", "20", "%", None),
        (">=", "12000", "批次", None), ("=", "2", "次", None),
    ]  # fmt: skip
    assert phases(plan) == [
        ("宣传发动", "2022-03-01", "2022-04-20"),
        ("组织实施", "2022-04-21", "2022-11-30"),
        ("考核验收", "2022-12-01", "2022-12-31"),
    ]
    assert unread(plan) == []


def test_units_in_plain_brackets_and_tasks_as_chapters_of_their_own():
    plan = plan_of("""江北市农产品质量安全提升行动方案（2023—2025年）
一、总体要求
到2025年，农产品例行监测合格率稳定在98%以上，绿色、有机和地理标志农产品产量占比达到20%，畜禽粪污综合利用率达到92%以上。
二、推进标准化生产
（一）完善标准体系。制定修订地方标准20项以上。（市农业农村局、市市场监管局负责）
（二）建设示范基地。到2025年建设标准化基地100个。［市农业农村局牵头，市财政局、市自然资源和规划局配合］
三、强化全程监管
（三）严格投入品管理。农药经营门店100%建立进销台账。（市农业农村局、市供销社，各县（市、区）人民政府按职责分工负责）
（四）加大监测力度。每年抽检达到1.5批次/千人。（牵头：市农业农村局；配合：市市场监管局、市公安局）
四、组织保障
（五）加强领导。各县（市、区）要建立工作机制。
""")
    assert plan.title == "江北市农产品质量安全提升行动方案（2023—2025年）"
    assert tasks(plan) == [
        ("二", 1, "市农业农村局 市市场监管局"),
        ("二", 2, "牵头:市农业农村局 配合:市财政局 配合:市自然资源和规划局"),
        ("三", 3, "市农业农村局 市供销社 各县（市、区）人民政府"),
        ("三", 4, "牵头:市农业农村局 配合:市市场监管局 配合:市公安局"),
    ]
    assert targets(plan) == [
        (">=", "98", "%", "pass_rate"), (">=", "20", "%", "certified_share"), (">=", "92", "%", "manure_treatment"),
        (">=", "20", "项", None), ("=", "100", "个", None), ("=", "100", "%", None),
        (">=", "1.5", "批次/千人", "quantitative_batches"),
    ]  # fmt: skip
    assert [safeguard.text for safeguard in plan.safeguards] == ["加强领导。各县（市、区）要建立工作机制。"]


def test_units_on_lines_of_their_own_and_a_common_note_behind():
    plan = plan_of("""东海县农产品质量安全县创建方案
一、目标任务
确保全年不发生重大农产品质量安全事故，抽检合格率不低于98%，投诉举报处理率、答复率均为100%。
二、工作内容
1、加强属地管理。县政府每年专题研究不少于2次。
责任单位：县政府办公室、县农业农村局
2、加强基地监管，建立生产记录的企业、合作社达100%；
责任单位：县农业农村局;县林业局;县水利局
3、严打违法行为，涉嫌犯罪案件移送率100%。
责任单位:县公安局 县农业农村局 县市场监管局
以上各项任务均由各镇人民政府、街道办事处具体落实，不再一一列出。
三、进度安排
（一）动员阶段：2020年3月底前完成动员部署。
（二）推进阶段：2020年4月至10月，全面推进。
（三）验收阶段：11月上旬完成自查，12月底前申请验收。
四、工作要求
各单位要高度重视。
加强宣传引导。
附件：1.东海县创建领导小组成员名单
东海县人民政府办公室
2020年2月20日
""")
    common = "共同:各镇人民政府 共同:街道办事处"
    assert tasks(plan) == [
        ("", 1, f"县政府办公室 县农业农村局 {common}"),
        ("", 2, f"县农业农村局 县林业局 县水利局 {common}"),
        ("", 3, f"县公安局 县农业农村局 县市场监管局 {common}"),
    ]
    assert plan.tasks[2].text == "严打违法行为，涉嫌犯罪案件移送率100%。"
    assert targets(plan) == [
        ("=", "0", "起", "major_incidents"), (">=", "98", "%", "pass_rate"), ("=", "100", "%", "reports_handled"),
        ("=", "100", "%", "reports_answered"), (">=", "2", "次", None), (">=", "100", "%", "records_rate"),
        ("=", "100", "%", "case_transfer"),
    ]  # fmt: skip
    assert phases(plan) == [
        ("动员阶段", None, "2020-03-31"), ("推进阶段", "2020-04-01", "2020-10-31"), ("验收阶段", "2020-11-01", "2020-12-31"),
    ]  # fmt: skip
    assert [safeguard.text for safeguard in plan.safeguards] == ["各单位要高度重视。", "加强宣传引导。"]


def test_unknown_years_and_chinese_numbers():
    plan = plan_of("""XX市创建方案
一、指导思想
坚持最严。
二、创建目标
到20XX年，抽检合格率达到百分之九十八以上，培训监管人员两千人次，每名监管人员每年不少于四十学时。
三、创建任务
（一）主体责任。1.建立名录。责任部门：市农业局。2.建立档案。责任部门：市农业局、市林业局。
（二）检测。1.监测。定量检测3000批次。责任部门：市检测中心。
四、实施步骤
第一阶段：宣传发动（20XX年3月至4月）
召开会议。
第二阶段：整改提高（202X年5月至202X年底）
全面整改。
第三阶段：巩固提升（长期）
""")
    assert tasks(plan) == [("一", 1, "市农业局"), ("一", 2, "市农业局 市林业局"), ("二", 1, "市检测中心")]
    assert [task.text for task in plan.tasks] == ["建立名录。", "建立档案。", "监测。定量检测3000批次。"]
    assert targets(plan) == [
        (">=", "98", "%", "pass_rate"), ("=", "2000", "人次", None), (">=", "40", "学时", None),
        ("=", "3000", "批次", "quantitative_batches"),
    ]  # fmt: skip
    assert phases(plan) == [("宣传发动", None, None), ("整改提高", None, None), ("巩固提升（长期）", None, None)]
    assert unread(plan) == [("date", "20XX年3月至4月"), ("date", "202X年5月至202X年底")]


WRAPPED = """          某某市创建国家农产品质量安全市实施
                  方案
    为切实做好国家农产品质量安全市创建工作，进一步强化
我市农产品质量安全监管能力，根据农业部文件要求，结合我
市实际，制定本实施方案。
    一、主要任务
    （一）落实属地管理责任
    1.各县（市、区）政府要对行政区域内农产品质量安全负
总责，成立由政府主要负责人牵头的领导机构，明确部门职责
。（责任单位：各县（市、区）政府）
    2.将农产品质量安全工作纳入政府重要议事日程，每年制
定并组织实施年度工作计划。（责任单位：市农业农村局、市发
展改革委）
    （二）加强监测
    3.每年开展定量监测不少于1.5批次/千人。所有生产基地、
                        — 3 —
销售企业都要纳入监测范围。（责任单位：市农业农村局、市市
场监管局）
    4.建立病死畜禽无害化处理机制，无害化处理率达到1
00%。（责任单位：市农业农村局）
    二、实施步骤
    （一）动员部署阶段（2019年1月—7月）。制定实施方案，
组织召开动员大会。
    （二）组织实施阶段（2019年8月—10月）。全面落实创建
任务。
"""


def test_hard_wrapped_text_with_page_numbers():
    plan = plan_of(WRAPPED)
    assert plan.title == "某某市创建国家农产品质量安全市实施方案"
    assert tasks(plan) == [
        ("一", 1, "各县（市、区）政府"), ("一", 2, "市农业农村局 市发展改革委"),
        ("二", 3, "市农业农村局 市市场监管局"), ("二", 4, "市农业农村局"),
    ]  # fmt: skip
    assert plan.tasks[0].text.endswith("明确部门职责。")
    assert plan.tasks[2].text == "每年开展定量监测不少于1.5批次/千人。所有生产基地、销售企业都要纳入监测范围。"
    assert targets(plan) == [(">=", "1.5", "批次/千人", "quantitative_batches"), (">=", "100", "%", "carcass_disposal")]
    assert phases(plan) == [
        ("动员部署阶段", "2019-01-01", "2019-07-31"), ("组织实施阶段", "2019-08-01", "2019-10-31")
    ]  # fmt: skip
    assert unread(plan) == [("furniture", "— 3 —")]


def test_slips_of_recognition():
    plan = plan_of("""XX县创建省级农产品质量安全县实施方案
一、创建目标
抽检合格率达到98%O农药兽药残留超标率控制在2%以内。监管覆盖率达l00%。
二、主要任务
(一)强化监管
1 .全面落实责任。（责任单位:县农业局，县水产局）
2 .监管名录建立率1OO%。（责任单位:县农业局）
3 .加强检测,年定量检测8OO批次以上。（责任单位:县检测站
三、实施步骤
(一)准备阶段(2017年6月1曰一6月3O日)。制定方案。
(二)实施阶段(2017年7月一12月)。落实任务。
""")
    assert tasks(plan) == [("一", 1, "县农业局 县水产局"), ("一", 2, "县农业局"), ("一", 3, "县检测站")]
    assert targets(plan) == [
        (">=", "98", "%", "pass_rate"), ("<=", "2", "%", None), (">=", "100", "%", "supervision_coverage"),
        ("=", "100", "%", "supervision_coverage"), (">=", "800", "批次", "quantitative_batches"),
    ]  # fmt: skip
    assert phases(plan) == [("准备阶段", "2017-06-01", "2017-06-30"), ("实施阶段", "2017-07-01", "2017-12-31")]


def test_units_of_a_chapter_hold_for_its_tasks_and_points_stay_in_theirs():
    plan = plan_of("""丙市创建国家农产品质量安全市工作方案
一、工作目标
（一）总体目标。全市所有县区达到国家农产品质量安全县标准。
（二）具体目标。
1.质量安全水平：蔬菜、畜产品、水产品抽检合格率分别达到98%、99%、97%以上。
2.监管能力：乡镇监管机构“六有”达标率100%，市县检测机构通过计量认证和机构考核的比例达100%。
3.社会评价：公众满意度不低于80分。
二、主要任务及责任分工
（一）落实属地责任（责任单位：市政府办、市农业农村局）
1.健全领导机构。
2.纳入政府考核，权重不低于5%。
（二）落实监管责任（责任单位：市农业农村局、市市场监管局、市公安局）
1.健全制度。
（1）建立巡查制度；
（2）建立约谈制度。
2.强化执法。
三、实施步骤
（一）动员部署（2022年1月）
1.制定方案。
2.召开会议。
（二）全面推进（2022年2月—2023年3月）
逐项整改。
（三）考核验收（2023年4月起）
申请验收。
""")
    assert tasks(plan) == [
        ("一", 1, "市政府办 市农业农村局"), ("一", 2, "市政府办 市农业农村局"),
        ("二", 1, "市农业农村局 市市场监管局 市公安局"), ("二", 2, "市农业农村局 市市场监管局 市公安局"),
    ]  # fmt: skip
    assert [task.chapter_heading for task in plan.tasks][::2] == ["落实属地责任", "落实监管责任"]
    assert plan.tasks[2].text == "健全制度。\n（1）建立巡查制度；\n（2）建立约谈制度。"
    assert targets(plan) == [
        (">=", "98", "%", None), (">=", "99", "%", None), (">=", "97", "%", None),
        ("=", "100", "%", "six_haves"), (">=", "100", "%", "labs_qualified"), (">=", "80", "分", None),
        (">=", "5", "%", None),
    ]  # fmt: skip
    assert [goal.number for goal in plan.goals] == ["一", "1", "2", "3"]
    assert phases(plan) == [
        ("动员部署", "2022-01-01", "2022-01-31"), ("全面推进", "2022-02-01", "2023-03-31"),
        ("考核验收", "2023-04-01", None),
    ]  # fmt: skip
    assert plan.phases[0].text == "1.制定方案。\n2.召开会议。"


def test_a_text_without_line_breaks_and_several_plans():
    one = LEADERS.replace("\n", "")
    both = one + SECTIONS.replace("\n", "").replace("甲县农业农村局2021年3月15日", "")
    first, second = read_text(both).plans
    assert (len(first.tasks), len(first.phases), len(first.targets)) == (4, 3, 12)
    assert (len(second.tasks), len(second.phases), len(second.targets)) == (4, 3, 8)
    assert [first.title, second.title] == [
        "乙区国家农产品质量安全区创建实施方案", "甲县创建国家农产品质量安全县工作方案"
    ]  # fmt: skip
    assert units(second.tasks[1]) == "牵头:质监科 配合:种植业科 配合:畜牧科"
    assert missing(read_text(both)) == []


def test_goals_with_dashes_points_of_work_and_a_government_cover():
    plan = plan_of("""丁县人民政府办公室
关于印发丁县创建农产品质量安全县
实施方案的通知
索 引 号：DX-2021-001
发布时间：2021-05-17 17:05
各乡镇人民政府，县直有关单位：
现将方案印发给你们，请认真贯彻执行。
2021年5月13日
丁县创建农产品质量安全县

实施方案
根据农业农村部办公厅《关于确定创建单位的通知》（农办质〔2021〕5号）要求，制定本方案。
一、工作目标和工作原则
（一）工作目标
——质量安全水平明显提高。抽检合格率达到98%以上（含98%）。
——监管能力明显增强。评价总分值在90分（含90分）以上。
（二）工作原则
坚持问题导向。
二、工作任务
1﹒落实地方政府责任。成立领导小组。责任单位：县政府办；完成时间：2021年6月
2﹒落实监管责任。每名监管员联系不超过30户。责任单位：县农业农村局、各乡镇等有关单位；完成时间：2021年12月底
三、工作步骤
1.动员部署（2021年5月）。
2.组织实施（2021年6月—2022年2月）。
""")
    assert plan.title == "丁县创建农产品质量安全县实施方案"
    assert [basis.text for basis in plan.basis] == ["农业农村部办公厅《关于确定创建单位的通知》（农办质〔2021〕5号）"]
    assert [(goal.number, goal.heading) for goal in plan.goals] == [
        (None, "质量安全水平明显提高"), (None, "监管能力明显增强")
    ]  # fmt: skip
    assert targets(plan) == [(">=", "98", "%", "pass_rate"), (">=", "90", "分", None), ("<=", "30", "户", None)]
    assert tasks(plan) == [("", 1, "县政府办"), ("", 2, "县农业农村局 各乡镇")]
    assert [task.due and task.due.isoformat() for task in plan.tasks] == ["2021-06-30", "2021-12-31"]
    assert phases(plan) == [("动员部署", "2021-05-01", "2021-05-31"), ("组织实施", "2021-06-01", "2022-02-28")]
    assert [reason for reason, _text in unread(plan)] == ["furniture", "open_list"]


def test_key_points_of_the_year_without_goals_and_phases():
    plan = plan_of("""二〇二一年农产品质量安全工作要点
一、加强源头治理
（一）推进减量增效。化肥、农药使用量实现负增长。（县农技中心牵头）
（二）推进标准化。建设标准化基地5000亩以上，认证绿色食品3个以上。（县农业农村局、各乡镇）
二、加强检测监管
（三）开展例行监测。全年抽检蔬菜800批次、畜产品200批次、水产品50批次。（县检测中心）
（四）开展专项整治。查办案件10起以上。（县农业综合行政执法大队、县市场监管局、县公安局）
三、工作要求
加强领导，落实责任。
""")
    assert tasks(plan) == [
        ("一", 1, "牵头:县农技中心"), ("一", 2, "县农业农村局 各乡镇"), ("二", 3, "县检测中心"),
        ("二", 4, "县农业综合行政执法大队 县市场监管局 县公安局"),
    ]  # fmt: skip
    assert [one[:3] for one in targets(plan)] == [
        ("<=", "0", "%"), (">=", "5000", "亩"), (">=", "3", "个"), ("=", "800", "批次"), ("=", "200", "批次"),
        ("=", "50", "批次"), (">=", "10", "起"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line, left",
    [
        ("目前全县已建成基地30个。", "baseline"),
        ("合格率由95%提高到98%。", "baseline"),
        ("对50亩以上的基地开展巡查。", "threshold"),
        ("合格率低于90%的，予以通报。", "threshold"),
        ("落实“每村1名协管员”要求。", "quoted"),
        ("三分之二的乡镇完成任务。", "figure"),
    ],
)
def test_what_is_no_target_is_left_unread_with_its_reason(line, left):
    plan = plan_of(f"某县实施方案\n一、主要任务\n1.{line}（责任单位：县农业局）\n2.其他工作。（责任单位：县农业局）\n")
    assert [reason for reason, _text in unread(plan)] == [left]
    assert line in plan.tasks[0].text  # and it stays in its task


def test_units_that_cannot_be_read_are_told():
    plan = plan_of(
        "某县实施方案\n一、主要任务\n1.建立机制。（县农业局、县财政局、每年2次）\n2.其他。（责任单位：详见附件）\n"
    )
    assert [units(task) for task in plan.tasks] == ["", ""]
    assert unread(plan) == [("units", "（县农业局、县财政局、每年2次）"), ("units", "（责任单位：详见附件）")]


def test_a_month_that_would_run_backwards_is_not_given_a_year():
    plan = plan_of("""某县实施方案
一、主要任务
1.工作。（责任单位：县农业局）
二、实施步骤
（一）启动（2019年10月—12月）。部署。
（二）总结（1月—3月）。总结。
""")
    assert phases(plan) == [("启动", "2019-10-01", "2019-12-31"), ("总结", None, None)]
    assert unread(plan) == [("date", "1月—3月")]


def test_a_part_without_tasks_beside_a_plan_is_unread():
    text = LEADERS + "附件一实施方案\n一、考核原则\n坚持公平。\n二、考核要求\n认真组织。\n"
    (plan,) = read_text(text).plans
    assert [reason for reason, _text in unread(plan)] == ["no_tasks"]
    assert missing(read_text(text)) == []


def test_a_document_without_tasks_is_read_as_what_it_is():
    plan = plan_of("关于召开会议的通知\n各有关单位：\n定于5月10日召开会议，请准时参加。\n")
    assert (plan.tasks, plan.phases) == ((), ())
    assert plan.passages[0].text == "各有关单位：\n定于5月10日召开会议，请准时参加。"


@pytest.mark.parametrize("cell", ["\t", " | "])
def test_a_table_typed_into_a_text(cell):
    rows = [
        ["序号", "工作任务", "责任单位", "完成时限"], ["1", "★建立监管名录。", "县农业局、县林业局", "2021年5月"],
        ["2", "定量检测不少于500批次。", "县农业局", "2021年6月"],
    ]  # fmt: skip
    text = "某县创建方案\n一、工作目标\n合格率提高。\n附件：任务表\n" + "\n".join(cell.join(row) for row in rows)
    plan = plan_of(text)
    assert tasks(plan) == [("", 1, "县农业局 县林业局"), ("", 2, "县农业局")]
    assert [task.key for task in plan.tasks] == [True, False]
    assert targets(plan) == [(">=", "500", "批次", "quantitative_batches")]
    assert missing(read_text(text)) == []
