"""Figures that a plan states half in words, and rates that are no indicator."""

import pytest

from nongan.programme.rules.indicators import indicator_for
from nongan.programme.rules.reading import read_text, to_json
from tests.programme.reading.documents import plan_of, targets, unread

PLAN = "某市方案\n一、工作目标\n{}。\n二、重点任务\n（一）监管\n1.开展巡查。（责任单位：市农业农村局）\n"


@pytest.mark.parametrize(
    "goal, expected",
    [
        ("禁用药物检出率为0", ("=", "0", "%", None)),
        ("禁用药物检出率0", ("=", "0", "%", None)),
        ("禁用药物检出率为0%", ("=", "0", "%", None)),
        ("绿色食品占比达四成以上", (">=", "40", "%", "certified_share")),
    ],
)
def test_a_figure_in_words_is_a_target(goal, expected):
    assert targets(plan_of(PLAN.format(goal))) == [expected]


def test_a_figure_that_cannot_be_counted_is_unread():
    plan = plan_of(PLAN.format("绿色食品数量翻一番"))
    assert targets(plan) == []
    assert ("figure", "绿色食品数量翻一番") in unread(plan)


def test_a_range_keeps_both_bounds_in_its_text():
    (target,) = plan_of(PLAN.format("每个乡镇配备2—3名监管员")).targets
    assert (target.comparator.value, target.value) == (">=", 2)
    assert "2—3名" in target.text


@pytest.mark.parametrize(
    "text, code",
    [
        ("蔬菜合格率达到97.5%", None), ("畜禽产品监测合格率99%", None), ("产地水产品抽检合格率98.5%", None),
        ("蔬菜、畜禽、水产品监测合格率98%", "pass_rate"), ("食用农产品抽检合格率98%", "pass_rate"),
        ("主要农产品(蔬菜)监测合格率98%", "pass_rate"), ("蔬菜等农产品总体合格率98%", "pass_rate"),
        ("抽检合格率98%", "pass_rate"), ("农药经营门店监管覆盖率100%", None),
        ("生产主体监管覆盖率100%", "supervision_coverage"), ("农资经营主体监管覆盖率100%", "supervision_coverage"),
    ],
)  # fmt: skip
def test_an_indicator_is_never_guessed(text, code):
    assert indicator_for(text, "%") == code


def test_the_standard_of_a_table_is_in_the_json():
    table = (
        "序号\t工作任务\t考评标准\t责任单位\n1\t建立名录\t名录完整的得2分\t市农业农村局\n2\t开展巡查\t\t市农业农村局\n"
    )
    (plan,) = to_json(read_text("某市方案\n一、重点任务\n" + table))["plans"]
    assert [task["standard"] for task in plan["tasks"]] == ["名录完整的得2分", None]
