"""The law of judging, by example."""

from datetime import date
from decimal import Decimal

import pytest

from nongan.standards.rules import (
    Analyte,
    Analytes,
    AnalytesBroken,
    Authority,
    Ban,
    BanStatus,
    BanTest,
    Commodity,
    Edition,
    Form,
    Kind,
    Limit,
    LimitBook,
    LimitForm,
    LimitRefused,
    NumberRefused,
    Part,
    Presence,
    Quantity,
    Tree,
    TreeBroken,
    UnitRefused,
    Verdict,
    Why,
    combine,
    judge,
    overall,
    parse_limit,
    parse_quantity,
    parse_result,
    parse_unit,
)

OLD_DAY, NEW_DAY = date(2025, 10, 1), date(2026, 7, 1)
TREE = Tree.of(
    [
        Commodity("V", "蔬菜"),
        Commodity("K", "新鲜蔬菜"),
        Commodity("VB", "豆类蔬菜", ("V", "K")),
        Commodity("VBP", "荚可食类豆类蔬菜", ("VB",), synonyms=("荚可食类",)),
        Commodity("cowpea", "豇豆", ("VBP",), synonyms=("豆角",), heads=("豇豆", "长豆角")),
        Commodity("bean", "菜豆", ("VBP",), synonyms=("四季豆",), heads=("菜豆", "芸豆")),
        Commodity("ginger", "姜", ("V", "K"), synonyms=("生姜",), heads=("姜",)),
        Commodity("F", "水果"),
        Commodity("orange", "橙", ("F",), heads=("橙", "脐橙")),
        Commodity("peach", "桃", ("F",), heads=("桃",)),
        Commodity("walnut", "核桃", ()),
        Commodity("pulse", "豌豆", ()),
        Commodity("pea", "豌豆", ("VB",)),
        Commodity("A", "食品动物"),
        Commodity("pork", "猪肉", ("A",)),
        Commodity("spirulina", "螺旋藻", ()),
    ]
)
ANALYTES = Analytes.of(
    [
        Analyte("imid", "吡虫啉", synonyms=("咪蚜胺",)),
        Analyte("carb", "克百威", synonyms=("呋喃丹",), parts=(Part("carb0"), Part("carb3", Decimal("0.932566")))),
        Analyte("carb0", "克百威母体"),
        Analyte("carb3", "3-羟基克百威"),
        Analyte("cyha", "氯氟氰菊酯和高效氯氟氰菊酯", synonyms=("氯氟氰菊酯", "高效氯氟氰菊酯")),
        Analyte("pb", "铅", synonyms=("铅(以Pb计)",)),
        Analyte("hg", "总汞", screens="mehg"),
        Analyte("mehg", "甲基汞"),
        Analyte("clen", "克伦特罗"),
        Analyte("enro", "恩诺沙星"),
        Analyte("ph", "pH"),
        Analyte("salt", "盐"),
        Analyte("rat", "杀鼠灵"),
    ]
)
EDITIONS = [
    Edition("GB 2763-2021", "GB 2763", "", date(2021, 9, 3), date(2026, 2, 28)),
    Edition("GB 2763-2026", "GB 2763", "", date(2026, 3, 1)),
    Edition("公报", "公报", "", date(2024, 1, 1), authority=Authority.QUOTED, complete=False, demonstration=True),
    Edition("GB 2762-2025", "GB 2762", "", date(2026, 9, 2)),
]


def row(edition, item, food, text, **more):
    return Limit(edition, item, food, parse_limit(text, more.pop("unit", "mg/kg")), key=f"{item}-{food}", **more)


LIMITS = [
    row("GB 2763-2021", "imid", "VB", "2", exclusions=frozenset({"bean"})),
    row("GB 2763-2026", "imid", "VB", "1", exclusions=frozenset({"bean"})),
    row("GB 2763-2026", "imid", "A", "0.1*"),
    row("GB 2763-2026", "carb", "V", "0.02"),
    row("GB 2763-2026", "salt", "ginger", "10"),
    row("GB 2763-2026", "ph", "ginger", "6.5~8.5", unit=""),
    row("GB 2763-2026", "enro", "A", "100", unit="μg/kg"),
    row("公报", "imid", "VB", "0.001"),
    row("公报", "cyha", "ginger", "0.01"),
    row("GB 2763-2026", "enro", "walnut", "不得检出"),
    row("GB 2763-2026", "enro", "orange", "不得使用"),
    row("GB 2763-2026", "enro", "peach", "—"),
    row("公报", "pb", "spirulina", "0.5(干重计)"),
    row("公报", "pb", "peach", "250", condition="仅限于采用镀锡薄板容器包装的食品"),
    row("GB 2762-2025", "mehg", "A", "0.5"),
]
BANS = [
    Ban("carb", BanStatus.RESTRICTED, date(2002, 6, 5), "农业部公告第199号", scope=frozenset({"V"}), scope_text="蔬菜"),
    Ban("carb", BanStatus.BANNED, date(2026, 6, 1), "农业农村部公告第736号", everywhere=True),
    Ban("rat", BanStatus.CONTROLLED, date(2017, 10, 1), "农业部公告第2567号"),
    Ban("clen", BanStatus.BANNED, date(2020, 1, 6), "农业农村部公告第250号", scope=frozenset({"A"}),
        test=BanTest.DETECTED, scope_text="食品动物"),
]  # fmt: skip
BOOK = LimitBook.of(TREE, ANALYTES, EDITIONS, LIMITS, BANS)


def verdict(food, item, text, on=NEW_DAY, unit="mg/kg", lod="", **more):
    limit = parse_quantity(lod) if lod else None
    return judge(BOOK, food=food, analyte=item, result=parse_result(text, unit, lod=limit, **more), produced_on=on)


# --- comparing ---


def test_compared_by_full_value_never_rounded():
    assert verdict("ginger", "salt", "10.01").verdict == Verdict.FAIL
    assert verdict("ginger", "salt", "10.000000000000000000001").verdict == Verdict.FAIL
    assert verdict("ginger", "salt", "10").verdict == Verdict.PASS
    assert verdict("ginger", "salt", "10.00").verdict == Verdict.PASS


@pytest.mark.parametrize("text", ["100.1 μg/kg", "0.1001mg/kg", "100.1ug/kg", "1.001×10²μg/kg", "0.0001001g/kg"])
def test_units_are_converted_exactly(text):
    found = verdict("pork", "enro", text, unit="")
    assert found.verdict == Verdict.FAIL
    assert found.limit.text == "≤100 μg/kg"


@pytest.mark.parametrize("text", ["100 μg/kg", "0.1mg/kg", "0.0001 g/kg"])
def test_the_limit_itself_is_within_it(text):
    assert verdict("pork", "enro", text, unit="").verdict == Verdict.PASS


def test_a_mass_concentration_is_not_a_mass_fraction():
    found = verdict("pork", "enro", "50", unit="mg/L")
    assert found.verdict == Verdict.UNDECIDED
    assert "单位不能换算" in found.reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [("6.5", Verdict.PASS), ("8.5", Verdict.PASS), ("6.49", Verdict.FAIL), ("8.51", Verdict.FAIL)],
)
def test_a_range_has_two_ends(text, expected):
    assert verdict("ginger", "ph", text, unit="").verdict == expected


# --- not detected, below a limit ---


@pytest.mark.parametrize("text", ["未检出", "ND", "n.d.", "未检出（定量限0.01mg/kg）", "<LOD", "低于检出限"])
def test_not_detected_passes(text):
    assert verdict("cowpea", "imid", text).verdict == Verdict.PASS


def test_a_number_below_the_detection_limit_is_not_detected():
    found = verdict("pork", "clen", "0.0002", lod="0.0005 mg/kg")
    assert found.verdict == Verdict.PASS
    assert "未检出" in found.reason


def test_below_a_bound_passes_only_when_the_bound_is_within_the_limit():
    assert verdict("cowpea", "imid", "<0.01").verdict == Verdict.PASS
    assert verdict("cowpea", "imid", "<1").verdict == Verdict.PASS
    assert verdict("cowpea", "imid", "<5").verdict == Verdict.UNDECIDED
    assert verdict("cowpea", "imid", "<LOQ").verdict == Verdict.UNDECIDED
    assert verdict("cowpea", "imid", "<LOQ", loq=parse_quantity("0.01mg/kg")).verdict == Verdict.PASS
    assert verdict("cowpea", "imid", ">1").verdict == Verdict.FAIL


def test_not_detected_by_a_method_too_coarse_for_the_limit_is_undecided():
    assert verdict("ginger", "cyha", "未检出", lod="0.05 mg/kg").verdict == Verdict.UNDECIDED
    assert verdict("ginger", "cyha", "未检出", lod="0.005 mg/kg").verdict == Verdict.PASS


# --- 不得检出, 不得使用, none ---


@pytest.mark.parametrize("food", ["walnut", "orange"])
def test_must_not_be_detected(food):
    assert verdict(food, "enro", "未检出").verdict == Verdict.PASS
    assert verdict(food, "enro", "0.5", unit="μg/kg", lod="0.1μg/kg").verdict == Verdict.FAIL
    assert verdict(food, "enro", "0.5", unit="μg/kg", detected=True).verdict == Verdict.FAIL
    assert verdict(food, "enro", "阳性").verdict == Verdict.FAIL


def test_must_not_be_detected_with_a_number_but_no_detection_limit_is_undecided():
    found = verdict("walnut", "enro", "0.5", unit="μg/kg")
    assert found.verdict == Verdict.UNDECIDED
    assert "检出限" in found.reason


def test_without_a_limit_nothing_is_judged():
    assert verdict("orange", "pb", "99").verdict == Verdict.UNJUDGED
    assert verdict("peach", "enro", "99").verdict == Verdict.UNJUDGED


def test_a_banned_substance_is_judged_without_a_limit():
    assert BOOK.resolve("orange", "carb", NEW_DAY).why == Why.BAN
    found = verdict("orange", "carb", "0.001")
    assert (found.verdict, found.forbidden, found.banned) == (Verdict.FAIL, True, True)
    assert "第736号" in found.reason
    assert verdict("orange", "carb", "0.001", on=OLD_DAY).verdict == Verdict.UNDECIDED  # no edition yet, no ban yet
    assert verdict("orange", "carb", "未检出").verdict == Verdict.PASS
    assert verdict("orange", "carb", "0").verdict == Verdict.UNDECIDED


def test_a_drug_forbidden_in_food_animals_needs_the_detection_limit_or_a_signature():
    assert verdict("pork", "clen", "0.5", unit="μg/kg").verdict == Verdict.UNDECIDED
    assert verdict("pork", "clen", "0.5", unit="μg/kg", lod="0.5μg/kg").verdict == Verdict.FAIL
    assert verdict("pork", "clen", "0.5", unit="μg/kg", detected=True).banned
    assert verdict("ginger", "clen", "0.5").verdict == Verdict.UNJUDGED


def test_within_the_limit_a_banned_substance_still_leaves_its_trace():
    found = verdict("cowpea", "carb", "0.01")
    assert (found.verdict, found.forbidden, found.banned) == (Verdict.PASS, True, False)
    assert "追查来源" in found.words


def test_restricted_sale_forbids_no_food():
    assert BOOK.resolve("walnut", "rat", NEW_DAY).ban is None
    assert verdict("walnut", "rat", "1").verdict == Verdict.UNJUDGED


# --- the way to the limit ---


def test_the_look_up_walks_from_the_food_up_through_its_categories():
    found = verdict("cowpea", "imid", "1.5")
    assert found.verdict == Verdict.FAIL
    assert found.limit.edition == "GB 2763-2026"
    assert "豇豆 → 荚可食类豆类蔬菜 → 豆类蔬菜" in found.words
    assert "本品不在除外之列（除外：菜豆）" in found.words


def test_an_excepted_food_is_passed_over():
    assert verdict("bean", "imid", "99").verdict == Verdict.UNJUDGED


def test_the_edition_in_force_on_the_day_of_production_else_of_sampling():
    assert verdict("cowpea", "imid", "1.5", on=date(2026, 2, 28)).verdict == Verdict.PASS
    assert verdict("cowpea", "imid", "1.5", on=date(2026, 3, 1)).verdict == Verdict.FAIL
    result = parse_result("1.5", "mg/kg")
    by_sampling = judge(BOOK, food="cowpea", analyte="imid", result=result, sampled_on=date(2026, 2, 28))
    assert by_sampling.verdict == Verdict.PASS
    assert "抽样日期" in by_sampling.path[0]
    both = judge(BOOK, food="cowpea", analyte="imid", result=result, produced_on=OLD_DAY, sampled_on=date(2026, 3, 2))
    assert both.limit.edition == "GB 2763-2021"
    assert judge(BOOK, food="cowpea", analyte="imid", result=result).verdict == Verdict.UNDECIDED


def test_an_item_without_an_edition_on_the_day_is_undecided_not_unjudged():
    found = verdict("pork", "mehg", "9", on=OLD_DAY)
    assert found.verdict == Verdict.UNDECIDED
    assert "没有已载入的" in found.reason


def test_quoted_rows_step_back_behind_an_official_table():
    assert verdict("cowpea", "imid", "0.5").verdict == Verdict.PASS  # the bulletin quotes 0.001
    assert verdict("cowpea", "imid", "0.5").limit.edition == "GB 2763-2026"
    assert verdict("ginger", "cyha", "0.02").limit.demonstration


def test_a_temporary_limit_is_a_limit_and_says_so():
    found = verdict("pork", "imid", "0.11")
    assert found.verdict == Verdict.FAIL
    assert found.limit.temporary
    assert "临时限量" in found.words


def test_a_food_named_too_broadly_is_decided_only_where_all_readings_agree():
    assert verdict("VB", "imid", "0.5").verdict == Verdict.UNDECIDED  # 菜豆 is excepted: no limit
    assert BOOK.resolve("VB", "imid", NEW_DAY).why == Why.LIMIT


def test_an_exceeded_limit_with_a_condition_is_for_a_person():
    assert verdict("peach", "pb", "300").verdict == Verdict.UNDECIDED
    assert verdict("peach", "pb", "200").verdict == Verdict.PASS


def test_dry_weight_is_compared_with_dry_weight_only():
    assert verdict("spirulina", "pb", "0.6").verdict == Verdict.UNDECIDED
    assert verdict("spirulina", "pb", "0.6(干重计)").verdict == Verdict.FAIL
    assert verdict("spirulina", "pb", "0.4（以干重计）").verdict == Verdict.PASS


# --- sums and parts ---


def test_a_part_of_a_sum_can_fail_but_never_pass():
    assert verdict("ginger", "carb0", "0.03").verdict == Verdict.FAIL
    assert verdict("ginger", "carb0", "0.01").verdict == Verdict.UNDECIDED
    assert verdict("ginger", "carb0", "未检出").verdict == Verdict.UNDECIDED


def test_a_whole_within_the_limit_of_its_part_clears_the_part():
    late = date(2026, 10, 1)
    assert verdict("pork", "hg", "0.4", on=late).verdict == Verdict.PASS
    assert verdict("pork", "hg", "0.6", on=late).verdict == Verdict.UNDECIDED


def test_results_of_parts_make_the_result_of_the_sum():
    unit = parse_unit("mg/kg")
    whole = ANALYTES.by_code["carb"]
    parts = {"carb0": parse_result("0.01", "mg/kg"), "carb3": parse_result("10μg/kg")}
    total = combine(whole, parts, unit)
    assert total.quantity == Quantity(Decimal("0.01932566"), unit)
    nothing = combine(whole, {"carb0": parse_result("未检出"), "carb3": parse_result("ND")}, unit)
    assert nothing.form == Form.ABSENT
    half = combine(whole, {"carb0": parse_result("0.01", "mg/kg"), "carb3": parse_result("<0.005", "mg/kg")}, unit)
    assert half.form == Form.BETWEEN
    assert judge(BOOK, food="ginger", analyte="carb", result=half, produced_on=NEW_DAY).verdict == Verdict.PASS
    missing = combine(whole, {"carb0": parse_result("0.01", "mg/kg")}, unit)
    assert judge(BOOK, food="ginger", analyte="carb", result=missing, produced_on=NEW_DAY).verdict == Verdict.UNDECIDED
    assert combine(whole, {}, unit).form == Form.UNREAD


def test_a_sample_is_what_its_items_are():
    assert overall(["pass", "fail", "undecided"]) == Verdict.FAIL
    assert overall(["pass", "undecided"]) == Verdict.UNDECIDED
    assert overall(["pass", "unjudged"]) == Verdict.PASS
    assert overall(["unjudged"]) == Verdict.UNJUDGED
    assert overall([]) == Verdict.UNJUDGED


# --- what is not understood ---

NONSENSE = [
    "",
    "见报告",
    "0.05 mg",
    "0.05 斤/亩",
    "12 13",
    "1.2.3",
    "1,2,3",
    "0.05×103",
    "五",
    "-0.5",
    "0.05±0.01",
    "/",
]


@pytest.mark.parametrize("text", NONSENSE)
def test_what_is_not_understood_is_undecided_never_passing(text):
    found = verdict("cowpea", "imid", text)
    assert found.verdict == Verdict.UNDECIDED
    assert found.reason


@pytest.mark.parametrize(("food", "item"), [("nothing", "imid"), ("cowpea", "nothing")])
def test_unknown_codes_are_undecided(food, item):
    assert verdict(food, item, "0.01").verdict == Verdict.UNDECIDED


def test_a_unit_said_twice_must_agree():
    assert parse_result("0.05μg/kg", "mg/kg").form == Form.UNREAD
    assert parse_result("0.05mg/kg", "ＭＧ／ＫＧ").form == Form.NUMBER


# --- units, numbers, limits as text ---


@pytest.mark.parametrize(
    "text", ["mg/kg", "ｍｇ／ｋｇ", "mg·kg-1", "mg·kg⁻¹", "毫克/千克", "MG/KG", "μg/g", "ppm", "毫克每公斤", "mg/1000g"]
)  # fmt: skip
def test_spellings_of_a_unit(text):
    assert (parse_unit(text).kind, parse_unit(text).power) == (Kind.FRACTION, -6)


@pytest.mark.parametrize("text", ["mg", "斤", "mg/亩", "kg/mg/kg", "个", "CFU", "mg/kg/d", "10mg/kg"])
def test_unknown_units_are_refused(text):
    with pytest.raises(UnitRefused):
        parse_unit(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.77×10³μg/kg", "1770"), ("1.1*10^5CFU/g", "110000"), ("10³CFU/g", "1000"), ("2.5e3 μg/kg", "2500"),
     ("1,100 mg/kg", "1100"), (".5mg/kg", "0.5"), ("０．０５ｍｇ／ｋｇ", "0.05")],
)  # fmt: skip
def test_numbers_as_people_write_them(text, value):
    assert parse_quantity(text).value == Decimal(value)


@pytest.mark.parametrize("text", ["abc", "1.2.3 mg/kg", "1×103mg/kg", "9" * 50])
def test_numbers_that_are_none_are_refused(text):
    with pytest.raises((NumberRefused, UnitRefused)):
        parse_quantity(text)


@pytest.mark.parametrize(
    ("text", "form", "shown"),
    [("≤0.05mg/kg", LimitForm.MAXIMUM, "≤0.05 mg/kg"), ("0.05*", LimitForm.MAXIMUM, "≤0.05* mg/kg"),
     ("≤10³CFU/g", LimitForm.MAXIMUM, "≤1000 CFU/g"), ("6.5~8.5", LimitForm.RANGE, "6.5–8.5 mg/kg"),
     ("≥18%", LimitForm.MINIMUM, "≥18%"), ("不得检出", LimitForm.ABSENT, "不得检出"),
     ("不得使用", LimitForm.UNUSED, "不得使用"), ("—", LimitForm.NONE, "不作限量"),
     ("0.5(干重计)", LimitForm.MAXIMUM, "≤0.5 mg/kg（干重计）")],
)  # fmt: skip
def test_limits_as_standards_write_them(text, form, shown):
    bounds = parse_limit(text, "" if any(c in text for c in "k/%") else "mg/kg")
    assert (bounds.form, str(bounds)) == (form, shown)


@pytest.mark.parametrize("text", ["", "少许", "0.05 mg", "8.5~6.5", "≤", "1.2.3"])
def test_limits_that_are_none_are_refused(text):
    with pytest.raises((LimitRefused, NumberRefused)):
        parse_limit(text, "mg/kg")


def test_presence_follows_the_detection_limit():
    lod = parse_quantity("0.5μg/kg")
    assert parse_result("0.4", "μg/kg", lod=lod).presence == Presence.ABSENT
    assert parse_result("0.5", "μg/kg", lod=lod).presence == Presence.PRESENT
    assert parse_result("0.5", "μg/kg").presence == Presence.UNKNOWN
    assert parse_result("0.4", "μg/kg", lod=lod, detected=True).presence == Presence.PRESENT


# --- names ---


@pytest.mark.parametrize(
    ("text", "code"),
    [("豇豆", "cowpea"), ("长豆角", "cowpea"), ("青 豇豆", "cowpea"), ("新鲜豇豆", "cowpea"),
     ("豆角（豇豆）", "cowpea"), ("豇豆(长豆角)", "cowpea"), ("有机长豆角", "cowpea"), ("老来少芸豆", "bean"),
     ("赣南脐橙", "orange"), ("鲜姜", "ginger"), ("核桃", "walnut"),
     ("姜/生姜", "ginger"), ("橙（鲜）", "orange"), ("荚可食类", "VBP")],
)  # fmt: skip
def test_foods_by_the_names_people_use(text, code):
    assert TREE.find(text).code == code


@pytest.mark.parametrize("text", ["", "山核桃", "辣条", "豆角焖面", "橙汁"])
def test_foods_that_are_others_are_not_guessed(text):
    assert TREE.find(text).code == ""


def test_an_ambiguous_name_is_settled_by_its_class():
    assert set(TREE.find("豌豆").codes) == {"pulse", "pea"}
    assert TREE.find("豌豆").code == ""
    assert TREE.find("豌豆", inside="V").code == "pea"


@pytest.mark.parametrize(
    ("text", "code"),
    [("克百威", "carb"), ("呋喃丹", "carb"), ("铅（以Pb计）", "pb"), ("铅(以 Pb 计)", "pb"), ("铅a", "pb"),
     ("克百威（呋喃丹）", "carb"), ("氯氟氰菊酯、高效氯氟氰菊酯", "cyha"), ("高效氯氟氰菊酯及氯氟氰菊酯", "cyha"),
     ("吡虫啉（杀虫剂）", "imid")],
)  # fmt: skip
def test_items_by_the_names_people_use(text, code):
    assert ANALYTES.find(text) == code


@pytest.mark.parametrize("text", ["", "百威", "克百威和吡虫啉", "铅笔"])
def test_items_that_are_others_are_not_guessed(text):
    assert ANALYTES.find(text) == ""


# --- tables that contradict themselves ---


def test_a_food_under_itself_is_refused():
    with pytest.raises(TreeBroken):
        Tree.of([Commodity("a", "甲", ("b",)), Commodity("b", "乙", ("a",))])
    with pytest.raises(TreeBroken):
        Tree.of([Commodity("a", "甲", ("nowhere",))])
    with pytest.raises(TreeBroken):
        Tree.of([Commodity("a", "甲"), Commodity("a", "乙")])


def test_two_items_of_one_name_are_refused():
    with pytest.raises(AnalytesBroken):
        Analytes.of([Analyte("a", "克百威"), Analyte("b", "呋喃丹", synonyms=("克百威",))])
    with pytest.raises(AnalytesBroken):
        Analytes.of([Analyte("a", "克百威", parts=(Part("nowhere"),))])
