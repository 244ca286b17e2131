"""The shipped tables: they load, twice, and answer for the foods of every day."""

from datetime import date

import pytest

from nongan.standards import queries
from nongan.standards.models import Ban, Commodity, Edition, Limit, PanelItem, Stamp
from nongan.standards.rules import Authority, Why
from nongan.standards.services import load_reference

pytestmark = pytest.mark.django_db
FOODS = [
    "食荚豌豆", "荷兰豆", "山药", "铁棍山药", "油麦菜", "芹菜", "西芹", "普通白菜（小白菜、小油菜、青菜）",
    "辣椒", "生姜", "香蕉", "鸡蛋", "乌鸡", "牛蛙", "黄鳝", "豆芽", "猪肉", "草鱼", "茶叶", "大米", "西瓜",
    "韭菜", "豇豆", "葱", "番茄", "柑", "砂糖橘", "芒果", "桑葚", "龙眼", "鲈鱼", "泥鳅", "虾蛄", "羊肉",
    "猪肝", "鸡肝", "甘薯", "荸荠", "胡萝卜", "双孢蘑菇", "蜂蜜", "生乳", "甲鱼", "海带", "鲜蛋", "淡水鱼",
    "柑橘",
]  # fmt: skip
ITEMS = [
    "克百威", "呋喃丹", "3-羟基克百威", "铅(以Pb计)", "总汞", "恩诺沙星", "瘦肉精(克伦特罗)", "孔雀石绿",
    "2,4-滴和2,4-滴钠盐", "亚硫酸盐(以SO₂计)",
]  # fmt: skip
LIMITS = [
    "豇豆 吡虫啉 ≤2 mg/kg", "菜豆 吡虫啉 ≤0.1 mg/kg", "猪肉 吡虫啉 ≤0.1* mg/kg", "甜瓜 吡虫啉 ≤0.1 mg/kg",
    "西瓜 吡虫啉 ≤0.2 mg/kg", "绿豆 吡虫啉 ≤0.2 mg/kg", "赤豆 吡虫啉 ≤2 mg/kg", "胡萝卜 吡虫啉 ≤0.2 mg/kg",
    "番茄 对硫磷 ≤0.01 mg/kg", "姜 铅 ≤0.2 mg/kg", "马铃薯 铅 ≤0.2 mg/kg", "菠菜 铅 ≤0.3 mg/kg",
    "辣椒 铅 ≤0.1 mg/kg", "海带 铅 ≤0.5 mg/kg", "草莓 铅 ≤0.1 mg/kg", "蔓越莓 铅 ≤0.2 mg/kg",
    "芹菜 镉 ≤0.2 mg/kg", "芦笋 镉 ≤0.1 mg/kg", "黄花菜 镉 ≤0.2 mg/kg", "辣椒 镉 ≤0.05 mg/kg",
    "稻谷 镉 ≤0.2 mg/kg", "玉米 镉 ≤0.1 mg/kg", "猪肝 镉 ≤0.5 mg/kg", "猪肉 镉 ≤0.1 mg/kg", "虾蛄 镉 ≤3 mg/kg",
    "对虾 镉 ≤0.5 mg/kg", "花生 镉 ≤0.5 mg/kg", "草鱼 甲基汞 ≤0.5 mg/kg", "金枪鱼 甲基汞 ≤1.2 mg/kg",
    "大米 无机砷 ≤0.2 mg/kg", "鸡蛋 甲硝唑 不得检出",
]  # fmt: skip
BANS = [
    "豇豆 克百威 2026-07-01 banned", "猪肉 克伦特罗 2025-01-01 banned", "草鱼 孔雀石绿 2025-01-01 banned",
    "豇豆 毒死蜱 2025-01-01 banned", "香蕉 毒死蜱 2025-01-01 allowed", "香蕉 氧乐果 2026-05-31 allowed",
    "香蕉 氧乐果 2026-06-01 banned", "茶叶 水胺硫磷 2025-01-01 banned", "豆芽 6-BA 2025-01-01 banned",
    "韭菜 杀鼠灵 2025-01-01 allowed", "豇豆 吡虫啉 2026-07-01 allowed",
]  # fmt: skip


@pytest.fixture
def law():
    load_reference()
    return queries.book()


def test_loading_twice_changes_nothing_but_the_stamp(law):
    def state():
        ids = [list(model.objects.order_by("pk").values()) for model in (Commodity, Edition, Limit, Ban, PanelItem)]
        return ids, sorted(Limit.exclusions.through.objects.values_list("limit", "commodity"))

    before, token = state(), Stamp.objects.get().token
    assert load_reference()["limits"] == len(law.limits)
    assert state() == before
    assert Stamp.objects.get().token != token
    assert queries.book() == law


def test_foods_and_items_are_found_by_the_names_of_every_day(law):
    found = {name: queries.find_commodity(name) for name in FOODS}
    assert [name for name, code in found.items() if code is None or law.tree.nodes[code].processed] == []
    assert [name for name in ITEMS if queries.find_analyte(name) is None] == []


def test_every_row_of_the_two_standards_was_taken_over(law):
    by_edition = {}
    for limit in law.limits:
        by_edition.setdefault(limit.edition, []).append(limit)
    assert len(by_edition["GB 2763-2026"]) == 152
    assert sum(bool(limit.exclusions) for limit in by_edition["GB 2763-2026"]) >= 6
    assert sum(limit.bounds.temporary for limit in by_edition["GB 2763-2026"]) == 6
    assert len({limit.analyte for limit in by_edition["GB 2762-2025"]}) >= 14
    assert all(edition.demonstration and edition.source for edition in law.editions.values())


def answer(food, item, on=date(2026, 10, 1), **more):
    return queries.look_up(food=queries.find_commodity(food), analyte=queries.find_analyte(item), on=on, **more)


def test_limits_that_can_be_read_in_the_standards(law):
    wrong = []
    for line in LIMITS:
        food, item, expected = line.split(maxsplit=2)
        found = answer(food, item)
        if found.large != expected.strip() or not found.demonstration:
            wrong.append((line, found.large, found.words))
    assert wrong == []


def test_bans_on_their_day_and_in_their_scope(law):
    wrong = []
    for line in BANS:
        food, item, day, expected = line.split()
        text = queries.bans_text(queries.find_commodity(food), queries.find_analyte(item), date.fromisoformat(day))
        if bool(text) != (expected == "banned"):
            wrong.append((line, text))
    assert wrong == []


def test_a_metabolite_of_a_banned_pesticide_is_banned_with_it(law):
    assert answer("豇豆", "3-羟基克百威", result="0.5mg/kg").judgement.banned


def test_panels_reach_foods_through_their_categories(law):
    panel = queries.usual_panel(queries.find_commodity("草鱼"))
    names = queries.analyte_names(panel)
    assert {"恩诺沙星", "孔雀石绿", "氯霉素"} <= set(names.values())
    assert queries.find_analyte("克百威") in queries.usual_panel(queries.find_commodity("豇豆"))


def test_no_two_official_rows_contradict_each_other(law):
    """Where a food that is no category has several readings by an official table, the shipped table is wrong."""
    wrong = []
    official = {row.analyte for row in law.limits if law.editions[row.edition].authority == Authority.OFFICIAL}
    for analyte in official:
        for code in law.tree.nodes:
            found = law.resolve(code, analyte, date(2026, 10, 1))
            if found.why == Why.LIMIT and not law.tree.is_category(code) and len(found.readings) > 1:
                wrong.append((law.tree.name(code), law.analytes.name(analyte), [r.words for r in found.readings]))
    assert wrong == []


def test_an_end_that_the_operator_set_stays(law):
    Edition.objects.filter(code="GB 2763-2026").update(valid_to=date(2027, 1, 1))
    load_reference()
    assert Edition.objects.get(code="GB 2763-2026").valid_to == date(2027, 1, 1)
