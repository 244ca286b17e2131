"""The two real plans, read line by line by hand. The file lies beside the repository only."""

from pathlib import Path

import pytest

from nongan.programme.rules.reading import read_file, to_json
from nongan.programme.rules.reading.shapes import Reason, Role
from tests.programme.reading.documents import missing, phases, target, targets, units

REAL = Path(__file__).resolve().parents[4] / "shared" / "plans" / "two-plans.txt"
pytestmark = pytest.mark.skipif(not REAL.exists(), reason="the real plans lie beside the repository only")

NAMES_A = {
    "农": "市农业农村局", "改": "市发展改革委", "财": "市财政局", "粮": "市粮食和储备局", "供": "市供销社", "市": "市市场监管局",
    "公": "市公安局", "卫": "市卫生健康委", "环": "市生态环境局", "商": "市商务局", "编": "市委编办", "宣": "市委宣传部",
}  # fmt: skip
UNITS_A = [
    "农",
    "改",
    "农",
    "财",
    "农粮",
    "农",
    "农",
    "农供市",
    "农供",
    "农",
    "农",
    "农",
    "农",
    "农",
    "农",
    "农公市粮",
    "公农市",
    "农市卫",
    "农市",
    "农",
    "农",
    "农环",
    "农商市",
    "市",
    "编财农",
    "农宣",
    "农",
    "农",
    "农市宣",
    "农市宣",
]
NAMES_B = {
    "县": "各县市区政府", "改": "市发改委", "农": "市农业局", "林": "市林业局", "食": "市食药监局", "统": "市统计局", "财": "市财政局",
    "编": "市编办", "商": "市工商局", "质": "市质监局", "公": "市公安局", "服": "市服务业办", "粮": "市粮食局", "信": "市工信委",
    "供": "市供销社", "卫": "市卫计委", "环": "市环保局",
}  # fmt: skip
UNITS_B = [
    "县 改农林食县 统县 财县", "农食 农食 农", "编改财农食商质公县 农服食县 农粮县 编农财县 县 农食县", "农信 农供 农县 农商 农",
    "农食粮县 农食公 县 农卫", "农财县 公农食 公农食县 农食县 农食公财县", "农质 农 农财 农环 农食粮服",
]  # fmt: skip
CHAPTERS_A = [
    "落实属地管理责任",
    "加强农产品生产经营主体管理",
    "强化农业投入品监管",
    "扎实推进农产品质量安全监测",
    "严厉打击违法违规行为",
    "推行农业标准化生产",
    "强化食用农产品入市销售监管",
    "健全完善农产品质量安全监管体系",
    "广泛开展农产品质量安全科普宣传",
]
CHAPTERS_B = [
    "落实政府属地管理责任",
    "加强农产品生产经营主体管理",
    "健全完善农产品质量安全监管体系",
    "强化农业投入品监管",
    "扎实推进农产品质量安全监测",
    "严格农业投入品执法",
    "大力推行农业标准化",
]
LAST_A = [5, 8, 12, 15, 19, 24, 25, 29, 31]  # the last task of each chapter

# The column of each plan in the table of indicators: comparator, value, unit, as often as the plan states it.
TARGETS_A = [
    (">=", "80", "%", "counties_at_standard"), (">=", "66", "%", "certified_share"),
    (">=", "100", "%", "supervision_coverage"), (">=", "98", "%", "pass_rate"), (">=", "100", "%", "banned_pass_rate"),
    ("=", "0", "起", "major_incidents"), (">=", "70", "%", "satisfaction"), ("=", "100", "%", "records_rate"),
    ("=", "100", "%", "commitment_rate"), ("=", "100", "%", "staff_training_rate"),
    ("=", "100", "%", "incoming_check_rate"), (">=", "100", "%", "carcass_disposal"),
    ("=", "100", "%", "inputs_on_platform"), (">=", "200", "个", "input_samples"), (">=", "1", "次", "patrol_frequency"),
    (">=", "2", "次", "patrol_frequency"), (">=", "1.5", "批次/千人", "quantitative_batches"),
    (">=", "100", "%", "case_transfer"), (">=", "100", "%", "sop_delivery"), (">=", "66", "%", "certified_share"),
    (">=", "90", "%", "manure_treatment"), ("=", "100", "%", "incoming_check_rate"),
    (">=", "40", "小时", "supervisor_training"),
]  # fmt: skip
TARGETS_B = [
    (">=", "98", "%", "pass_rate"), ("=", "100", "%", "failed_disposed"), (">=", "100", "%", "banned_pass_rate"),
    ("=", "0", "起", "major_incidents"), (">=", "100", "%", "reports_handled"), (">=", "100", "%", "reports_answered"),
    (">=", "70", "%", "satisfaction"), (">=", "0", "百分点", "budget_growth"), ("=", "100", "%", "supervision_coverage"),
    (">=", "100", "%", "notice_rate"), (">=", "100", "%", "subject_training_rate"), ("=", "100", "%", "records_rate"),
    ("=", "100", "%", "commitment_rate"), ("=", "100", "%", "staff_training_rate"), (">=", "100", "%", "self_test_rate"),
    ("=", "100", "%", "incoming_check_rate"), (">=", "100", "%", "carcass_disposal"), ("=", "100", "%", "traced_bases"),
    ("=", "100", "%", "labs_qualified"), ("=", "100", "%", "six_haves"), (">=", "40", "小时", "supervisor_training"),
    (">=", "70", "%", "chain_share"), ("=", "100", "%", "inputs_on_platform"), (">=", "600", "个", "input_samples"),
    (">=", "4400", "批次", "quantitative_batches"), (">=", "100", "%", "case_transfer"), (">=", "100", "%", "sop_delivery"),
    (">=", "40", "%", "certified_share"), (">=", "85", "%", "manure_treatment"),
]  # fmt: skip


@pytest.fixture(scope="module")
def reading():
    return read_file(REAL.name, REAL.read_bytes())


@pytest.fixture
def plans(reading):
    return reading.plans


def test_two_plans_with_their_titles_and_ordinals(plans):
    assert [plan.title for plan in plans] == ["XX市创建国家农产品质量安全市实施方案"] * 2
    assert [plan.number for plan in plans] == ["1", "2"]


def test_plan_a_has_31_tasks_in_9_chapters(plans):
    found = plans[0].tasks
    assert [task.number for task in found] == list(range(1, 32))
    chapters = [chapter for n in range(1, 32) for chapter in [sum(n > last for last in LAST_A)]]
    assert [task.chapter for task in found] == ["一二三四五六七八九"[chapter] for chapter in chapters]
    assert [task.chapter_heading for task in found] == [CHAPTERS_A[chapter] for chapter in chapters]


def test_plan_a_each_task_has_exactly_its_units(plans):
    first, *rest = plans[0].tasks
    assert units(first) == "各市(县)区政府 XX经开区管委会"
    expected = [
        " ".join([*(NAMES_A[c] for c in short), "共同:各市(县)区政府", "共同:XX经开区管委会"]) for short in UNITS_A
    ]
    assert [units(task) for task in rest] == expected


def test_plan_b_has_32_tasks_in_7_chapters(plans):
    found = plans[1].tasks
    numbers = [number for row in UNITS_B for number in range(1, len(row.split()) + 1)]
    chapters = [nth for nth, row in enumerate(UNITS_B) for _task in row.split()]
    assert [task.number for task in found] == numbers
    assert len(found) == 32
    assert [task.chapter for task in found] == ["一二三四五六七"[chapter] for chapter in chapters]
    assert [task.chapter_heading for task in found] == [CHAPTERS_B[chapter] for chapter in chapters]


def test_plan_b_each_task_has_exactly_its_units(plans):
    expected = [" ".join(NAMES_B[c] for c in short) for row in UNITS_B for short in row.split()]
    assert [units(task) for task in plans[1].tasks] == expected


def test_the_texts_of_tasks_are_whole_and_without_units(plans):
    for plan in plans:
        for task in plan.tasks:
            assert task.text.endswith("。") and "责任单位" not in task.text and "不再列出" not in task.text
            assert not task.text[0].isdigit()
    assert plans[0].tasks[2].text == "将农产品质量安全工作纳入国民经济和社会发展规划。"
    assert plans[1].tasks[12].text.startswith("制定市、县、乡、村四级监管人员培训计划,做到全员培训")
    assert plans[1].tasks[-1].text.endswith("推动农产品产地预冷、冷藏保鲜、冷链运输标准化建设。")


def test_every_figure_of_the_table_of_indicators(plans):
    assert targets(plans[0]) == TARGETS_A
    assert targets(plans[1]) == TARGETS_B


def test_twenty_printed_figures_each(plans):
    for plan in plans:
        assert len({one.figure for one in plan.targets if one.figure}) == 20


def test_a_figure_stands_in_the_goal_or_task_that_it_names(reading):
    for plan in reading.plans:
        for one in plan.targets:
            holders = [part for part in (*plan.goals, *plan.tasks) if part.span.start <= one.span.start < part.span.end]
            assert len(holders) == 1, one.text
            assert target(one)[3] is not None
            if one.figure:
                printed = reading.text[one.figure.start : one.figure.end]
                assert format(one.value, "f") in printed and one.unit.split("/")[0] in printed


def test_phases(plans):
    assert phases(plans[0]) == [
        (name, None, None) for name in ("动员部署阶段", "组织实施阶段", "自查整改阶段", "申请验收阶段", "长期监测阶段")
    ]
    assert phases(plans[1]) == [
        ("动员部署阶段", "2017-06-01", "2017-06-10"),
        ("组织创建阶段", "2017-06-11", "2017-09-20"),
        ("总结考评阶段", "2017-09-21", "2017-10-20"),
        ("组织申报阶段", "2018-04-21", "2018-05-10"),
    ]
    assert plans[0].phases[2].text.startswith("各市(县)、区政府和市相关部门按照创建标准")
    assert plans[1].phases[3].text == "向省农业厅报送工作总结、自评报告,迎接上级考评。"


def test_goals_safeguards_and_basis(plans):
    assert [goal.number for goal in plans[0].goals] == [None, "一", "二", "三", "四"]
    assert [goal.number for goal in plans[1].goals] == ["一", "二", "三", "四"]
    assert plans[1].goals[0].heading == "农产品质量安全水平明显提高"
    assert [len(plan.safeguards) for plan in plans] == [4, 3]
    assert plans[0].safeguards[1].text.startswith("推动工作创新。积极探索")
    assert [basis.text for basis in plans[0].basis] == [
        "农业部关于印发国家农产品质量安全县创建活动方案、国家农产品质量安全县考核办法的通知(农质发(2014)15号)",
        "省政府办公厅关于推进农产品质量安全示范省建设的意见(X政办发(2019)6号)",
    ]
    assert len(plans[1].basis) == 1


def test_slips_of_recognition_are_corrected_and_told(reading):
    assert [(slip.was, slip.now) for slip in reading.corrections] == [
        ("一", "—"),
        ("一", "—"),
        ("吠", "呋"),
        ("O", "。"),
    ]
    assert "硝基呋喃" in reading.plans[1].goals[0].text
    assert reading.plans[1].goals[3].text.endswith("满意率达到70%。")


def test_what_is_left_is_listed_and_nothing_is_dropped(reading):
    assert missing(reading) == []
    first, second = reading.plans
    furniture = "".join(piece.text for piece in first.unread if piece.reason is Reason.FURNITURE)
    assert "资源ID:731916" in furniture and "2篇.docx" in furniture and "下载积分" in furniture
    rest = [piece.text for piece in first.unread if piece.reason is not Reason.FURNITURE]
    assert rest == ["20XX年1月—7月", "20XX年8月—10月", "20XX年11月", "20XX年12月"]
    assert [piece.reason for piece in second.unread] == [Reason.QUOTED]
    assert "1-2套" in second.unread[0].text


def test_the_json_is_in_the_agreed_form(reading):
    first, second = to_json(reading)["plans"]
    assert list(first) == ["title", "basis", "goals", "targets", "tasks", "phases", "safeguards", "unread"]
    assert second["phases"][0]["from"] == "2017-06-01" and first["phases"][0]["from"] is None
    assert first["tasks"][0]["units"] == [
        {"name": "各市(县)区政府", "role": "responsible"}, {"name": "XX经开区管委会", "role": "responsible"}
    ]  # fmt: skip
    assert {unit["role"] for task in second["tasks"] for unit in task["units"]} == {Role.RESPONSIBLE.value}
    assert any(text.startswith("按照国家“双安双创”") for text in first["unread"])  # understood, of no place of its own
