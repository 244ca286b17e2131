"""Bulletins as other provinces lay them out: headings, order, several items in a cell, sheets, encodings."""

import csv
import io
from datetime import datetime

import pytest
from openpyxl import Workbook

from nongan.standards.queries import book
from nongan.standards.queries.bulletins import BulletinUnreadable, check_bulletins
from nongan.standards.rules import Form, LimitBook, Verdict
from nongan.standards.rules.bulletin import columns_of, read_item, read_result
from nongan.standards.services import load_reference

SAID = {Verdict.FAIL: "F", Verdict.UNDECIDED: "U", Verdict.PASS: "P", Verdict.UNJUDGED: "-"}
DAY = datetime(2025, 11, 4)


KEPT: list[LimitBook] = []


@pytest.fixture
def law(db):
    """The shipped law: one value, read once for all tests."""
    if not KEPT:
        load_reference()
        KEPT.append(book())
    return KEPT[0]


@pytest.fixture
def verdicts(law, monkeypatch):
    monkeypatch.setattr("nongan.standards.queries.bulletins.book", lambda: law)

    def judged(data):
        checked = check_bulletins(data).checked
        return "".join(SAID[one.judgement.verdict] if one.judgement else "N" for one in checked)

    return judged


def sheets(*named):
    file = Workbook()
    file.remove(file.active)
    for title, lines, merged in named:
        sheet = file.create_sheet(title)
        for line in lines:
            sheet.append(line)
        for cells in merged:
            sheet.merge_cells(cells)
    content = io.BytesIO()
    file.save(content)
    return content.getvalue()


def table(lines, encoding="utf-8", delimiter=","):
    content = io.StringIO()
    csv.writer(content, delimiter=delimiter).writerows(lines)
    return content.getvalue().encode(encoding)


def test_item_result_and_standard_in_one_cell_below_a_title(verdicts):
    head = ["序号", "标称生产企业名称", "被抽样单位名称", "食品名称", "生产日期/批号", "不合格项目║检验结果║标准值",
            "分类", "公告日期", "任务来源/项目名称"]  # fmt: skip
    lines = [
        ["附件1"], ["食用农产品监督抽检不合格产品信息"], ["（以下信息仅指本次抽检的批号和所检项目）"], head,
        [1, "/", "甲", "上海青", "2025-11-03（购进日期）", "毒死蜱║0.39mg/kg║≤0.02mg/kg", "食用农产品", DAY, "国抽"],
        [2, "/", "乙", "鲜活泥鳅", DAY, "恩诺沙星║3.5×10²μg/kg║≤100μg/kg；孔雀石绿║2.3μg/kg║不得检出", "", DAY, "国抽"],
        [3, "/", "丙", "散养土鸡蛋", "2025/11/5", "甲硝唑║1.2μg/kg║不得检出\n多西环素║14.6μg/kg║≤10μg/kg", "", "", ""],
        ["注：排名不分先后"],
    ]  # fmt: skip
    assert verdicts(sheets(("附件1", lines, []))) == "FFFFF"


def test_another_order_with_a_unit_column_and_rows_that_passed(verdicts):
    head = [
        "样品编号",
        "检验项目",
        "标准指标",
        "实测值",
        "单位",
        "样品名称",
        "样品类别",
        "抽样日期",
        "购进日期",
        "判定结论",
    ]
    lines = [
        ["Z1", "噻虫胺", "≤0.2", "0.85", "mg/kg", "生姜", "蔬菜", "2025年11月8日", "2025年11月6日", "不合格"],
        ["Z2", "恩诺沙星", "≤100", "1,250", "μg/kg", "黑鱼（乌鳢）", "水产品", "2025.11.08", "/", "不合格"],
        ["Z3", "克伦特罗", "不得检出", "阳性", "/", "羊腿肉", "畜禽肉", "2025.11.08", "—", "不合格"],
        ["Z4", "腐霉利", "≤5", "4.2", "mg/kg", "韭菜", "蔬菜", "2025.11.08", "", "合格"],
    ]
    assert verdicts(table([head, *lines], "gb18030")) == "FFFP"


def test_a_heading_over_three_columns_and_a_food_over_two_lines(verdicts):
    lines = [
        ["2025年第40期不合格信息"], ["序号", "产品名称", "生产日期", "不合格项目", None, None, "被抽样单位"],
        [None, None, None, "项目名称", "检测结果", "标准限值", None],
        [1, "豇豆", "2025-10-24", "克百威", "0.50mg/kg", "≤0.02mg/kg", "x"],
        [None, None, None, "噻虫胺", "0.10mg/kg", "≤0.01mg/kg", None],
        [2, "线椒", "20251024", "镉(以Cd计)", "0.087 mg/kg", "≤0.05 mg/kg", "y"],
    ]  # fmt: skip
    merged = ["A2:A3", "B2:B3", "C2:C3", "D2:F2", "A4:A5", "B4:B5", "C4:C5"]
    assert verdicts(sheets(("Sheet1", lines, merged))) == "FFF"


def test_several_items_in_a_cell_are_told_apart_or_left_undecided(verdicts):
    lines = [
        ["市场监督管理局"], ["抽样编号", "食品名称", "食品细类", "不合格项目", "检验结果", "标准值", "生产日期"],
        ["1", "二荆条", "辣椒", "噻虫胺\n镉（以Cd计）", "0.15mg/kg\n0.11mg/kg", "≤0.05mg/kg\n≤0.05mg/kg", "2025-08-01"],
        ["2", "芹菜", "芹菜", "毒死蜱、甲拌磷", "0.15mg/kg、0.2mg/kg", "≤0.05mg/kg、≤0.01mg/kg", "2025-08-01"],
        ["3", "芹菜", "芹菜", "毒死蜱;甲拌磷", "0.15mg/kg", "≤0.05mg/kg", "2025-08-01"],
    ]  # fmt: skip
    assert verdicts(table(lines, "utf-8-sig")) == "FFFFUU"


def test_the_unit_of_the_heading(verdicts):
    head = ["序号", "抽检食品", "超标项目", "检出值(mg/kg)", "限量值(mg/kg)", "日期"]
    lines = [
        ["1", "小葱", "丙环唑", "0.73", "0.5", "2025-12-19"],
        ["2", "香蕉（皇帝蕉）", "吡虫啉", "0.2", "", "20251219"],
    ]
    assert verdicts(table([head, *lines], "utf-16", "\t")) == "FF"


@pytest.mark.parametrize(
    "cell",
    ["联苯菊酯：0.12mg/kg（标准值≤0.05mg/kg）", "联苯菊酯（实测值0.12mg/kg，标准值≤0.05mg/kg）",
     "联苯菊酯/0.12mg/kg/≤0.05mg/kg", "联苯菊酯║≤0.05mg/kg║0.12mg/kg"],
)  # fmt: skip
def test_items_with_results_in_a_cell_without_bars(verdicts, cell):
    lines = [["食品名称", "不合格项目及检测结果", "购进日期"], ["砂糖桔", cell, "2025.12.24"]]
    assert verdicts(table(lines)) == "F"


def test_items_side_by_side(verdicts):
    head = ["食品名称", "生产日期", "不合格项目1", "检验结果1", "标准值1", "不合格项目2", "检验结果2", "标准值2"]
    lines = [
        ["芹菜", "2025．09．01", "毒死蜱", "0.2mg/kg", "≤0.05mg/kg", "甲拌磷", "0.2mg/kg", "≤0.01mg/kg"],
        ["芹菜", "2025-09-01", "毒死蜱", "0.2mg/kg", "≤0.05mg/kg", "", "", ""],
    ]
    assert verdicts(table([head, *lines], "gb18030", ";")) == "FFF"


def test_result_and_standard_in_one_column(verdicts):
    lines = [
        ["食品\n名称", "不合格 项目", "检验结果║标准值", "加工日期"],
        ["鲫鱼", "恩诺沙星", "233μg/kg║≤100μg/kg", "20250901"],
    ]
    assert verdicts(table(lines)) == "F"


@pytest.mark.parametrize(
    ("result", "limit", "said"),
    [("6.71", "≤5mg/kg", "F"), ("6.71", "≤5", "U"), ("0.671", "≤5mg/kg", "U"), ("4.2mg/kg", "≤5mg/kg", "P"),
     ("约4.2mg/kg", "≤5mg/kg", "U"), ("7.1≤5mg/kg", "≤5mg/kg", "U"), ("标准值5.5mg/kg", "", "U"), ("", "≤5mg/kg", "U"),
     ("9" * 2000, "≤5mg/kg", "U"), ("5.6×103μg/kg", "", "U"), ("5.6×104μg/kg", "", "U"), ("9.9×103mg/kg", "", "F")],
)  # fmt: skip
def test_what_cannot_be_told_is_left_to_a_person(verdicts, result, limit, said):
    lines = [
        ["食品名称", "不合格项目", "检验结果", "标准值", "生产日期"],
        ["韭菜", "腐霉利", result, limit, "2025-11-03"],
    ]
    assert verdicts(table(lines)) == said


def test_every_sheet_is_read(verdicts):
    head = ["样品名称", "采样日期", "检测参数", "检测值", "计量单位", "限量标准", "检出限", "单项判定"]
    greens = [
        head, ["普通白菜", DAY, "毒死蜱", 0.05, "mg/kg", 0.02, 0.01, "不合格"],
        ["芹菜", DAY, "毒死蜱", "未检出", "mg/kg", 0.05, 0.01, "合格"],
        ["菠菜", DAY, "氟虫腈", 0.005, "mg/kg", 0.02, 0.01, "合格"],
    ]  # fmt: skip
    fish = [head, ["草鱼", DAY, "孔雀石绿", 3.1, "μg/kg", "不得检出", "", "不合格"], [], head]
    data = sheets(("说明", [["本表为例行监测结果"]], []), ("蔬菜", greens, []), ("水产", fish, []))
    assert verdicts(data) == "FPPF"


@pytest.mark.parametrize("data", [b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", sheets(("空", [], []))])
def test_workbooks_that_are_no_bulletin(law, verdicts, data):
    with pytest.raises(BulletinUnreadable):
        verdicts(data)


@pytest.mark.parametrize(
    ("heading", "name"),
    [("标称生产日期/批号", "produced"), ("生产（购进、检疫）日期", "produced"), ("抽样时间", "sampled"),
     ("检测值", "value"), ("产品名称", "food"), ("不合格指标", "item"), ("最大残留限量（mg/kg）", "limit"),
     ("被抽样单位名称", ""), ("标称生产企业名称", ""), ("公告日期", ""), ("判定依据", "")],
)  # fmt: skip
def test_what_columns_are_called(heading, name):
    needed = [one for one in ("样品名称", "检验项目", "实测值") if name not in {"food", "item", "value"} or one != {
        "food": "样品名称", "item": "检验项目", "value": "实测值"}[name]]  # fmt: skip
    columns = columns_of([*needed, heading])
    places = {known for known, found in columns.places.items() if len(needed) in found}
    assert places == ({"result" if name == "value" else name} if name else set())


# --- cells ---


@pytest.mark.parametrize(
    ("text", "shown"),
    [("0.20(mg/kg)", "0.2 mg/kg"), ("8.7×10-2 mg/kg", "0.087 mg/kg"), ("１２．５mg/kg", "12.5 mg/kg"),
     ("检出,1.2μg/kg", "1.2 μg/kg"), ("检出(3.2μg/kg)", "3.2 μg/kg"), ("实测值：6.71 mg/kg", "6.71 mg/kg"),
     ("286μg/kg[≤100μg/kg]", "286 μg/kg"), ("0.055 mg/kg；限量值≤0.02 mg/kg", "0.055 mg/kg"),
     ("≤5mg/kg║6.71mg/kg", "6.71 mg/kg"), ("2,4-滴：0.15mg/kg", "0.15 mg/kg"),
     ("5.6×103μg/kg", "576.8 μg/kg 至 5600 μg/kg")],
)  # fmt: skip
def test_one_amount_among_words(text, shown):
    found = read_result(text)
    assert str(found) == shown
    assert found.detected


@pytest.mark.parametrize(
    "text",
    ["≤5mg/kg", "标准值：≤5mg/kg", "6.71~6.90 mg/kg", "6.71±0.2mg/kg", "5.4mg/kg、5.8mg/kg", "超标", "不合格", "见附件",
     "+"],
)  # fmt: skip
def test_what_is_no_single_amount(text):
    assert read_result(text).form == Form.UNREAD


@pytest.mark.parametrize("text", ["未检出", "ND", "未检出(<0.01mg/kg)", "<0.5μg/kg", "<LOQ", "0mg/kg"])
def test_what_was_not_found_is_not_confirmed_by_being_published(text):
    assert read_result(text).detected is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("克百威残留量", "克百威"), ("农药残留-克百威", "克百威"), ("1.克百威", "克百威"), ("克百威、", "克百威"),
     ("毒死蜱(mg/kg)", "毒死蜱"), ("恩诺沙星、环丙沙星", "恩诺沙星"), ("克仑特罗", "克伦特罗"),
     ("2.4-滴", "2,4-滴和2,4-滴钠盐"), ("咪鲜胺及其锰盐", "咪鲜胺和咪鲜胺锰盐"), ("瘦肉精", ""), ("氧乐果和噻虫胺", ""),
     ("总铅", ""), ("硝基呋喃类代谢物", "")],
)  # fmt: skip
def test_names_of_items(law, text, code):
    found = read_item(law, text)
    assert (law.analytes.name(found) if found else "") == code


# --- foods ---


@pytest.mark.parametrize(
    ("text", "name"),
    [("上海青(油菜)", "普通白菜"), ("螺丝椒", "辣椒"), ("散养土鸡蛋", "鸡蛋"), ("乌鸡蛋", "鸡蛋"), ("鲜活泥鳅", "泥鳅"),
     ("黑鱼(乌鱼)", "乌鳢"), ("砂糖桔", "橘"), ("贡柑", "柑"), ("芒果(金煌芒)", "芒果"), ("皇帝蕉", "香蕉"),
     ("豇豆(豆角)", "豇豆"), ("牛里脊", "牛肉"), ("羊腿肉", "羊肉"), ("鸡胗", "鸡肫"), ("鲈鱼(海水鱼)", "海水鱼"),
     ("上海青(油菜)(散装)", "普通白菜"), ("豆角干", "干豆角"), ("龙眼干", "龙眼(干)"), ("挂面(鸡蛋)", "挂面"),
     ("凯特芒果", "芒果"), ("牛蛙", "牛蛙"), ("鱼腥草", "鱼腥草")],
)  # fmt: skip
def test_names_of_foods(law, text, name):
    found = law.tree.find(text).code
    assert (law.tree.name(found) if found else "") == name


@pytest.mark.parametrize(
    "text",
    ["酱牛肉", "干香菇", "冻干草莓", "咸鸭蛋", "泡豇豆", "剁辣椒", "盐水鸭", "糖炒栗子", "茶树菇(干)", "水饺(猪肉)",
     "香辣酱(牛肉)", "韭菜花", "田鸡肉", "火鸡肉", "蜗牛肉", "刺梨", "酸枣", "冷水鱼", "野生鱼", "羊小排", "驴后腿肉",
     "姜糖", "葱油饼", "芒果干", "鱼豆腐", "牛蛙腿", "姜黄", "冰红茶"],
)  # fmt: skip
def test_what_only_sounds_like_a_food_is_not_taken_for_it(law, text):
    assert law.tree.find(text).codes == ()
