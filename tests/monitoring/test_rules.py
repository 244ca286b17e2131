"""The law of sampling, by example and by property."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongan.common.divisions import Level
from nongan.monitoring import rules
from nongan.monitoring.rules import SampleKind, SampleState, Sampling, Verdict

TODAY = date(2026, 5, 12)
SOUND = Sampling(SampleKind.ROUTINE, "ZT-360902-000001", "V080101", TODAY, "张三、李四", TODAY - timedelta(days=1))


def faults(level: int = Level.COUNTY, **changes: object) -> list[str]:
    sampling = Sampling(**{**vars(SOUND), **changes})  # type: ignore[arg-type]
    return [fault.field for fault in rules.faults_of(sampling, level=level, on=TODAY)]


def test_a_sound_sampling_has_no_faults() -> None:
    assert faults() == []
    assert faults(kind=SampleKind.SUPERVISION) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "抽着玩"}, "kind"),
        ({"unit": "斤"}, "unit"),
        ({"packaging": "麻袋"}, "packaging"),
        ({"samplers": "  、 "}, "samplers"),
        ({"sampled_on": TODAY + timedelta(days=1)}, "sampled_on"),
        ({"sampled_on": date(1926, 5, 12), "produced_on": None}, "sampled_on"),
        ({"produced_on": TODAY + timedelta(days=1)}, "produced_on"),
        ({"produced_on": date(1, 1, 1)}, "produced_on"),
        ({"quantity": Decimal(0)}, "quantity"),
        ({"quantity": Decimal(1_000_000)}, "quantity"),
        ({"place": "棚" * 201}, "place"),
        ({"panel": ("P001", "P001")}, "panel"),
        ({"panel": tuple(f"P{n}" for n in range(201))}, "panel"),
    ],
)
def test_each_fault_is_named_at_its_field(changes: dict[str, object], field: str) -> None:
    assert faults(**changes) == [field]


def test_supervision_needs_two_officers_a_county_and_a_batch() -> None:
    assert faults(kind=SampleKind.SUPERVISION, samplers="张三") == ["samplers"]
    assert faults(kind=SampleKind.SUPERVISION, samplers="张三、张三") == ["samplers"]
    assert faults(kind=SampleKind.SUPERVISION, produced_on=None) == ["produced_on"]
    assert faults(Level.TOWNSHIP, kind=SampleKind.SUPERVISION) == ["kind"]
    assert faults(Level.TOWNSHIP, kind=SampleKind.ROUTINE, samplers="张三", produced_on=None) == []


@given(st.dates(), st.dates(), st.dates())
def test_days_are_judged_without_error_whatever_they_are(made: date, taken: date, on: date) -> None:
    sampling = Sampling(**{**vars(SOUND), "produced_on": made, "sampled_on": taken})
    found = {fault.field for fault in rules.faults_of(sampling, level=Level.CITY, on=on)}
    assert ("sampled_on" in found) >= (taken > on)
    assert ("produced_on" in found) >= (made > taken)


@given(st.lists(st.tuples(st.text("CY-0123", max_size=6), st.sampled_from(Level)), max_size=5), st.sampled_from(Level))
def test_only_a_higher_authority_bars_the_batch(earlier: list[tuple[str, int]], level: int) -> None:
    barred = any(above < level for _number, above in earlier)
    try:
        rules.check_not_sampled_above(SampleKind.SUPERVISION, level, earlier)
    except rules.SampledAbove as refusal:
        assert barred
        assert "第四十七条" in str(refusal)
    else:
        assert not barred
    rules.check_not_sampled_above(SampleKind.ROUTINE, level, earlier)


@given(st.sampled_from(SampleState), st.sampled_from(SampleState))
def test_moves_are_those_of_the_table(old: SampleState, new: SampleState) -> None:
    allowed = new in rules.MOVES[old]
    try:
        rules.check_move(old, new, "CY-1")
    except rules.MoveNotAllowed as refusal:
        assert not allowed
        assert "CY-1" in str(refusal)
    else:
        assert allowed


def test_nothing_judged_becomes_void_and_void_is_the_end() -> None:
    for state in rules.CONCLUDED:
        assert SampleState.VOID not in rules.MOVES[state]
    assert not rules.MOVES[SampleState.VOID]


@pytest.mark.parametrize("verdict", [Verdict.UNDECIDED, Verdict.UNJUDGED])
def test_only_decided_results_are_public(verdict: Verdict) -> None:
    rules.check_publishable("CY-1", SampleState.JUDGED, Verdict.FAIL)
    with pytest.raises(rules.NotPublishable, match=str(verdict.label)):
        rules.check_publishable("CY-1", SampleState.JUDGED, verdict)
    with pytest.raises(rules.MoveNotAllowed):
        rules.check_publishable("CY-1", SampleState.SENT, Verdict.PASS)


def test_a_reason_is_words() -> None:
    assert rules.check_reason(" 漏封 ") == "漏封"
    for text in ("", "  ", "因" * 201):
        with pytest.raises(rules.ReasonMissing):
            rules.check_reason(text)


def test_items_are_parted_but_not_inside_their_names() -> None:
    assert rules.parts_of("克百威、2,4-滴，吡虫啉; 毒死蜱,克百威\n") == ["克百威", "2,4-滴", "吡虫啉", "毒死蜱"]
    assert rules.names_of("张三、 李四,王五 张三") == ["张三", "李四", "王五"]


def test_a_finding_says_item_result_and_limit() -> None:
    failing = [("克百威", "0.5 mg/kg", "≤0.02 mg/kg", True), ("毒死蜱", "1 mg/kg", "", False),
               ("甲硝唑", "2 μg/kg", "不得检出", False)]  # fmt: skip
    assert (
        rules.finding_of(failing)
        == "克百威 0.5 mg/kg（限量 ≤0.02 mg/kg，禁用物质）；毒死蜱 1 mg/kg；甲硝唑 2 μg/kg（不得检出）"
    )


@pytest.mark.parametrize(
    ("text", "years", "county", "serial"),
    [
        ("CY-", (1, 9999), "", ""), ("CY-202", (2020, 2029), "", ""), ("CY-2026", (2026, 2026), "", ""),
        ("CY-2026-", (2026, 2026), "", ""), ("CY-2026-3609", (2026, 2026), "3609", ""),
        ("CY-2026-360902-", (2026, 2026), "360902", ""), ("CY-2026-360902-00001", (2026, 2026), "360902", "00001"),
        ("CY-0", (1, 999), "", ""), ("CY-0000", (1, 1), "", ""),
    ],
)  # fmt: skip
def test_the_beginning_of_a_number_tells_year_and_place(
    text: str, years: tuple[int, int], county: str, serial: str
) -> None:
    assert rules.number_part(text) == rules.NumberPart(years, county, serial)


@pytest.mark.parametrize("text", ["CY", "CY-20-36", "CY-2026-36-1", "CY-x", "CY-２０２６", "CY-2026-3609022"])
def test_what_cannot_begin_a_number(text: str) -> None:
    assert rules.number_part(text) is None


@given(st.text("CY-0123456789", max_size=24))
def test_whatever_is_typed_for_a_number_is_answered(text: str) -> None:
    part = rules.number_part(text)
    assert part is None or (1 <= part.years[0] <= part.years[1] <= 9999)
