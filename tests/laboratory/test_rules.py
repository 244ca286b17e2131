"""How results are written, who may do what, what a report says."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongan.common.editing import Stale
from nongan.laboratory.rules import report as r
from nongan.laboratory.rules.codes import ALPHABET, BLIND_LENGTH, blind_code, report_number
from nongan.laboratory.rules.entry import Typed, faults_of_day, is_touched, read, tidy
from nongan.laboratory.rules.spreadsheet import COLUMNS, worksheet_table
from nongan.laboratory.rules.states import (
    MOVES,
    MoveNotAllowed,
    ReasonMissing,
    SamePerson,
    SpecimenState,
    check_leavable,
    check_move,
    check_reason,
    check_returnable,
    check_seen,
    check_signatory,
    check_verifier,
)
from nongan.laboratory.rules.units import per_kilogram, unit_named

WHOLE = Typed("0.05", "mg/kg", "0.002", "0.005", "GB 23200.121")


def faults(**changes):
    _reading, found = read(replace(WHOLE, **changes))
    return {fault.field: str(fault) for fault in found}


# Results as written


@pytest.mark.parametrize(
    "text, meaning, value, detected",
    [
        ("0.05", "0.05", "0.05", True),
        ("０．０５", "0.05", "0.05", True),
        (" 0.050 ", "0.05", "0.050", True),
        ("0.05mg/kg", "0.05", "0.05", True),
        ("0.05 毫克/千克", "0.05", "0.05", True),
        ("0.001", "0.001", "0.001", False),  # below the detection limit
        ("0.002", "0.002", "0.002", True),
        ("ND", "未检出", None, False),
        ("n.d.", "未检出", None, False),
        ("未检出", "未检出", None, False),
        ("<0.002", "<0.002", None, False),
        ("＜ 0.005", "<0.005", None, None),  # a trace may have been seen
        ("小于0.005", "<0.005", None, None),
    ],
)
def test_what_is_understood(text, meaning, value, detected):
    reading, found = read(replace(WHOLE, text=text))
    assert not found
    assert (reading.text, reading.detected) == (meaning, detected)
    assert reading.value == (Decimal(value) if value else None)


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "未检出请填 ND"),
        ("0", "结果不能为 0"),
        ("0.0", "结果不能为 0"),
        ("弱阳性", "看不懂“弱阳性”"),
        ("-0.1", "看不懂"),
        ("1,200", "看不懂"),
        ("0.01 2", "看不懂"),  # a slip of the hand, not 0.012
        ("1e-3", "看不懂"),
        ("0.05 mg", "看不懂"),
        ("<0.003", "与检出限、定量限（0.002、0.005）都不一致"),
        ("2000000", "比样品本身还多"),
    ],
)
def test_what_is_not_guessed(text, said):
    assert said in faults(text=text)["text"]


def test_the_units_must_agree_and_exist():
    assert "结果里写的是 μg/kg，单位栏是 mg/kg" in faults(text="12ug/kg")["unit"]
    assert "没有“mgkg”这个单位" in faults(unit="mgkg")["unit"]
    assert "未填写" in faults(unit="")["unit"]
    assert read(replace(WHOLE, text="12 ug/kg", unit=""))[0].unit == "μg/kg"


def test_limits_of_the_method():
    assert "未检出时必填" in faults(text="ND", lod="", loq="")["lod"]
    assert faults(text="ND", lod="") == {}
    assert "大于定量限" in faults(lod="0.01")["lod"]
    assert "不是大于 0 的数" in faults(loq="0,005")["loq"]
    assert "结果为“小于”时必填" in faults(text="<0.005", lod="", loq="")["loq"]
    assert "请填检测方法" in faults(method="")["method"]


def test_every_fault_is_named_at_once():
    assert set(faults(text="x", unit="y", lod="z", loq="-1", method="")) == {"text", "unit", "lod", "loq", "method"}


def test_too_long_is_a_fault_of_its_field():
    assert "请缩短" in faults(method="x" * 101)["method"]


@given(st.decimals("0.000000001", "999999", places=9))
def test_a_number_is_read_to_the_last_digit(number):
    reading, found = read(Typed(format(number, "f"), "mg/kg", "", "", "M"))
    assert not found
    assert reading.value == number


@given(st.text(max_size=30))
def test_reading_never_fails_and_never_passes_over_anything(text):
    reading, found = read(replace(WHOLE, text=text))
    assert (reading is None) == bool(found)


@given(st.text(max_size=20))
def test_tidying_twice_changes_nothing(text):
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    "text, unit", [("ug/kg", "μg/kg"), ("µg/kg", "μg/kg"), ("毫克/千克", "mg/kg"), ("", ""), ("?", "")]
)
def test_units_are_printed_in_one_form(text, unit):
    assert unit_named(text) == unit


def test_units_in_milligram_per_kilogram():
    assert [per_kilogram(u) for u in ("mg/kg", "μg/kg", "g/kg", "%")] == [1, Decimal("0.001"), 1000, 10000]
    assert per_kilogram("mg/L") is None


# Two people, one row


def test_a_row_is_touched_when_it_says_something_new():
    old = replace(WHOLE, text="0.01")
    assert is_touched(WHOLE, old.digest, now=old)
    assert not is_touched(old, old.digest, now=old)
    assert not is_touched(old, old.digest, now=WHOLE), "shown, left as it was, changed by another meanwhile"
    assert not is_touched(WHOLE, old.digest, now=WHOLE), "both typed the same"
    assert is_touched(replace(old, text=""), old.digest, now=old), "emptied"
    assert not is_touched(Typed(unit="mg/kg"), "", now=WHOLE), "only the offered unit stood there"


@given(st.builds(Typed, *[st.text(max_size=5)] * 5), st.builds(Typed, *[st.text(max_size=5)] * 5))
def test_two_rows_have_one_digest_only_when_they_are_alike(one, other):
    joined = [(t.text, t.unit, t.lod, t.loq, t.method) for t in (one, other)]
    if not any("\x1f" in part for fields in joined for part in fields):
        assert (one.digest == other.digest) == (joined[0] == joined[1])


def test_the_day_of_testing():
    days = {"received_on": date(2026, 5, 12), "on": date(2026, 5, 14)}
    assert faults_of_day(date(2026, 5, 12), **days) == []
    assert "早于收样日期" in str(faults_of_day(date(2026, 5, 11), **days)[0])
    assert "将来的日期" in str(faults_of_day(date(2026, 5, 15), **days)[0])


# States and persons


def test_states_move_as_the_table_says_and_not_otherwise():
    for old in SpecimenState:
        for new in SpecimenState:
            if new in MOVES[old]:
                check_move("MY-1", old, new)
            else:
                with pytest.raises(MoveNotAllowed, match="MY-1"):
                    check_move("MY-1", old, new)


def test_signed_results_go_back_by_withdrawal_alone():
    with pytest.raises(MoveNotAllowed, match="只能撤回报告"):
        check_returnable("MY-1", SpecimenState.SIGNED)
    check_returnable("MY-1", SpecimenState.VERIFIED)
    with pytest.raises(MoveNotAllowed):
        check_leavable("MY-1", "铅", SpecimenState.ENTERED, undecided=True)
    with pytest.raises(MoveNotAllowed):
        check_leavable("MY-1", "铅", SpecimenState.VERIFIED, undecided=False)


def test_nobody_checks_the_own_work():
    for check in (check_verifier, check_signatory):
        check("MY-1", 7, {8, 9})
        with pytest.raises(SamePerson, match="MY-1"):
            check("MY-1", 7, {7, 9})
    with pytest.raises(Stale):
        check_seen("MY-1", 3, 2)


def test_a_reason_is_some_words():
    assert check_reason("  回收率低 ") == "回收率低"
    for wrong in (" ", "长" * 301):
        with pytest.raises(ReasonMissing):
            check_reason(wrong)


# What a report says

LIMIT = r.Limit("≤0.02 mg/kg", "0.02", "mg/kg", "GB 2763-2026", "2026-03-01 起", "蔬菜", "附录", "12")


def item(**changes):
    fields = {
        "analyte": "P001", "name": "克百威", "typed": "0.5", "result": "0.5", "unit": "mg/kg", "lod": "0.002",
        "loq": "", "method": "GB 23200.121", "tested_on": "2026-05-12", "detected": True, "verdict": "fail",
        "reason": "超过限量", "path": "豇豆", "limit": LIMIT, "forbidden": True, "found_banned": True,
    }  # fmt: skip
    return r.Item(**{**fields, **changes})


def content(*items):
    return r.Content(
        code="MY-1", commodity="V", commodity_name="豇豆", produced_on="", sampled_on="2026-05-11",
        received_on="2026-05-12", laboratory="检测中心", entered_by=("甲", "乙"), verified_by="丙",
        verified_on="2026-05-13", signed_by="丁", signed_on="2026-05-14", replaces="", items=items,
    )  # fmt: skip


def test_results_as_printed():
    assert item().result_text == "0.5 mg/kg"
    assert item(result="未检出", detected=False).result_text == "未检出（检出限 0.002 mg/kg）"
    assert item(detected=False, lod="", loq="0.005").result_text == "未检出（定量限 0.005 mg/kg）"
    assert item(result="<0.005", detected=None).result_text == "<0.005 mg/kg"
    assert item(limit=None).limit_text == ""


def test_the_conclusion_names_what_failed_and_by_what():
    passed = item(name="铅", verdict="pass", limit=replace(LIMIT, edition="GB 2762-2025"))
    assert content(item(), passed).conclusion == "经检测，该样品克百威不符合 GB 2763-2026 要求，结论为不合格。"
    assert "GB 2762-2025 要求，结论为合格" in content(passed).conclusion
    assert "不作判定" in content(item(verdict="unjudged", limit=None)).conclusion
    assert content(item(), passed).editions == ("GB 2763-2026", "GB 2762-2025")
    assert content(item(tested_on="2026-05-12"), item(tested_on="2026-05-10")).tested == "2026-05-10 至 2026-05-12"
    assert not content(item()).demonstration
    assert content(item(limit=replace(LIMIT, demonstration=True))).demonstration


def test_a_report_is_the_same_after_storing():
    whole = content(item(), item(limit=None, detected=None))
    stored = r.canonical(whole)
    assert r.content_from(stored) == whole
    changed = r.canonical(content(item(result="0.05"), item(limit=None, detected=None)))
    assert r.digest_of(stored) == r.digest_of(r.canonical(whole)) != r.digest_of(changed)


VERDICTS = st.lists(st.sampled_from([v.value for v in r.Verdict]))


@given(VERDICTS)
def test_one_failing_item_fails_the_sample_and_nothing_passes_in_silence(verdicts):
    whole = r.overall(verdicts)
    assert (whole == "fail") == ("fail" in verdicts)
    assert whole != "pass" or not {"fail", "undecided"} & set(verdicts)
    assert whole != "pass" or "pass" in verdicts
    assert r.overall(reversed(verdicts)) == whole


def test_an_undecided_item_is_named_with_its_reason():
    r.check_decided("MY-1", [])
    with pytest.raises(r.Undecided, match="铅（没有检出限）"):
        r.check_decided("MY-1", [("铅", "没有检出限")])
    with pytest.raises(r.LimitsChanged, match="重新判定"):
        r.check_unchanged("MY-1", "铅", r.Judgement("pass", "", ""), r.Judgement("fail", "", ""))
    with pytest.raises(r.Withdrawn):
        r.check_in_force("BG-1", withdrawn=True)


# Codes and files


def test_blind_codes_tell_nothing_and_reports_are_counted():
    assert blind_code("A" * BLIND_LENGTH) == "MY-AAAAAAAAAA"
    assert not set("01IOL") & set(ALPHABET)
    assert report_number(2026, 7) == "BG-2026-000007"


def test_an_empty_worksheet_is_a_file_too():
    assert worksheet_table([], date(2026, 5, 12)).getvalue().startswith(b"PK")
    assert [c.heading for c in COLUMNS if c.required] == ["盲样编号", "检测项目"]
