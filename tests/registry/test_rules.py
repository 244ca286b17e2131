from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongan.registry.rules import (
    ALPHABET,
    LONGEST,
    PERSONS,
    Facts,
    Scale,
    SubjectRefused,
    SubjectType,
    check_character,
    check_facts,
    fault_of_code,
    fault_of_place,
    faults_of,
    must_have_code,
    same_subject,
    tidy_code,
)

TODAY = date(2026, 5, 12)
GOOD = Facts(
    name="绿源蔬菜专业合作社", type=SubjectType.COOPERATIVE, scale=Scale.ABOVE, uscc="91350100M000100Y43",
    division="360902100000", contact="王小明", phone="13800000000", registered_on=date(2025, 3, 1),
)  # fmt: skip

bodies = st.tuples(
    st.text(ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
).map("".join)


def fields(facts, on=TODAY):
    return [fault.field for fault in faults_of(facts, on=on)]


def test_the_example_of_the_standard():
    """GB 32100-2015, Annex A: 91350100M000100Y4 has the check character 3."""
    assert check_character("91350100M000100Y4") == "3"
    assert fault_of_code("91350100M000100Y43") is None


@given(bodies)
def test_the_right_check_character_and_no_other_is_taken(body):
    taken = [c for c in ALPHABET if fault_of_code(body + c) is None]
    assert taken == [check_character(body)]


@given(bodies, st.integers(0, 17), st.characters(codec="utf-8"))
def test_any_change_of_one_character_is_found(body, place, character):
    code = body + check_character(body)
    changed = code[:place] + character + code[place + 1 :]
    assert (fault_of_code(changed) is None) == (changed == code)


@given(bodies)
def test_a_code_copied_from_anywhere_is_tidied(body):
    code = body + check_character(body)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code)
    for typed in (code.lower(), f" {code[:8]} {code[8:]}\n", wide, f"{code[:17]}-{code[17]}"):
        assert tidy_code(typed) == code


@pytest.mark.parametrize(
    "code, reason",
    [
        ("9135", "18 位"),
        ("91350100I000100Y43", "“I”"),
        ("9135X100M000100Y43", "区划"),
        ("91350100M000100Y44", "校验码"),
    ],
)
def test_what_is_wrong_with_a_code_is_said(code, reason):
    assert reason in str(fault_of_code(code).reason)


def test_a_good_entry_has_no_fault():
    assert faults_of(GOOD, on=TODAY) == []
    check_facts(GOOD, on=TODAY)


@pytest.mark.parametrize("type", SubjectType)
def test_persons_may_lack_a_code_and_nobody_else(type):
    assert fields(replace(GOOD, type=type, uscc="")) == (["uscc"] if must_have_code(type) else [])
    assert must_have_code(type) == (type not in PERSONS)
    assert fields(replace(GOOD, type=type)) == []


@pytest.mark.parametrize(
    "change, field",
    [
        ({"name": ""}, "name"),
        ({"contact": ""}, "contact"),
        ({"phone": ""}, "phone"),
        ({"phone": "1380000"}, "phone"),
        ({"phone": "0795-12"}, "phone"),
        ({"type": "公司"}, "type"),
        ({"scale": "中等"}, "scale"),
        ({"uscc": "91350100M000100Y44"}, "uscc"),
        ({"division": "360900000000"}, "division"),
        ({"division": "3609"}, "division"),
        ({"registered_on": TODAY + timedelta(days=1)}, "registered_on"),
        ({"registered_on": date(1900, 1, 1)}, "registered_on"),
        ({"address": "长" * (LONGEST["address"] + 1)}, "address"),
    ],
)
def test_each_fault_is_named_at_its_field(change, field):
    assert fields(replace(GOOD, **change)) == [field]


def test_all_faults_are_named_at_once():
    wrong = replace(GOOD, name="", phone="1", uscc="1", division="36")
    assert set(fields(wrong)) == {"name", "phone", "uscc", "division"}
    with pytest.raises(SubjectRefused, match="联系电话") as refused:
        check_facts(wrong, on=TODAY)
    assert {fault.field for fault in refused.value.faults} == set(fields(wrong))


@pytest.mark.parametrize("phone", ["13812345678", "0795-3123456", "07953123456", "010-88888888"])
def test_mobile_and_fixed_telephones(phone):
    assert fields(replace(GOOD, phone=phone)) == []


@pytest.mark.parametrize("division", ["360902000000", "360902100000", "360902100201"])
def test_counties_townships_and_villages_are_places(division):
    assert fault_of_place(division) is None


def test_who_looks_like_the_same():
    other = replace(GOOD, uscc="91360900000000001" + check_character("91360900000000001"))
    village = replace(GOOD, uscc="", division="360902100201")
    assert same_subject(GOOD, replace(GOOD, name="另一个名字", division="360981001000")), "the same code"
    assert not same_subject(GOOD, other), "the same name and place, two codes: two branches"
    assert same_subject(GOOD, village), "one of them without a code, another village of the township"
    assert not same_subject(GOOD, replace(village, division="360981001000")), "another township"


def test_namesakes_in_a_village_are_two_people():
    li = replace(GOOD, type=SubjectType.GROWER, uscc="", name="李大农")
    assert same_subject(li, replace(li, contact="另一人"))
    assert not same_subject(li, replace(li, phone="13900000000"))


entries = st.builds(
    replace, st.just(GOOD), uscc=st.sampled_from(["", GOOD.uscc]), phone=st.sampled_from(["1", "2"]),
    type=st.sampled_from(SubjectType), division=st.sampled_from(["360902100000", "360902100201", "360981001000"]),
)  # fmt: skip


@given(entries, entries)
def test_sameness_does_not_depend_on_who_came_first(a, b):
    assert same_subject(a, b) == same_subject(b, a)
    assert same_subject(a, a)
