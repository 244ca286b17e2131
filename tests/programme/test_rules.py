"""No database mark here: pytest-django makes a rule that touches the database fail."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongan.common.divisions import Level
from nongan.places.rules import Calendar
from nongan.programme.rules import adoption, checking, editing, months, states, units
from nongan.programme.rules.comparison import Kind, compared, words_of
from nongan.programme.rules.content import FIELDS, differences, missing_rows, rows_by_id
from nongan.programme.rules.exchange import plan_json
from nongan.programme.rules.lights import Light, days_left, is_done, light, window
from nongan.programme.rules.marking import anchors, marked
from nongan.programme.rules.states import DueFrom
from tests.programme.factories import TEXT, content, marks

CODES = {"pass_rate", "records_rate"}
# Labour Day 2026: off Friday 1 to Tuesday 5 May, worked on Saturday 9 May.
MAY = Calendar({date(2026, 5, d): False for d in range(1, 6)} | {date(2026, 5, 9): True})
DAYS = st.dates(date(2026, 3, 1), date(2026, 8, 1))


# --- lights ---


@pytest.mark.parametrize(
    "due, on, expected",
    [
        (date(2026, 4, 30), date(2026, 4, 30), Light.SOON),  # the last day itself is not late
        (date(2026, 4, 30), date(2026, 5, 1), Light.OVERDUE),  # the day after, though a holiday
        (date(2026, 5, 1), date(2026, 5, 6), Light.SOON),  # ends on a holiday: moves to the 6th
        (date(2026, 5, 1), date(2026, 5, 7), Light.OVERDUE),
        (date(2026, 5, 3), date(2026, 5, 2), Light.SOON),  # asked on a holiday
        (date(2026, 5, 9), date(2026, 5, 10), Light.OVERDUE),  # a worked Saturday counts
        (date(2026, 5, 9), date(2026, 4, 29), Light.SOON),  # 30 April, 6, 7, 8, 9 May: five working days
        (date(2026, 5, 10), date(2026, 4, 29), Light.ON_TIME),  # a Sunday: moves to the 11th, the sixth
        (None, date(2026, 5, 1), Light.NO_DATE),
    ],
)
def test_light(due, on, expected):
    assert light(due, False, window(on, MAY)) == expected


def test_done_is_done_whatever_the_day():
    assert light(date(2020, 1, 1), True, window(date(2026, 5, 12), MAY)) == Light.DONE


@given(due=DAYS, on=DAYS)
def test_the_two_thresholds_say_what_counting_says(due, on):
    left = days_left(due, on, MAY)
    last = MAY.roll(due)
    expected = Light.OVERDUE if last < on else Light.SOON if left <= 5 else Light.ON_TIME
    assert light(due, False, window(on, MAY)) == expected


@given(due=DAYS, on=DAYS)
def test_time_only_makes_a_task_later(due, on):
    order = [Light.ON_TIME, Light.SOON, Light.OVERDUE]
    now, next_day = (light(due, False, window(day, MAY)) for day in (on, on + timedelta(days=1)))
    assert order.index(next_day) >= order.index(now)


@pytest.mark.parametrize(
    "named, completed, done",
    [
        ([("responsible", 1), ("responsible", 2)], {1}, False),
        ([("responsible", 1), ("responsible", 2)], {1, 2}, True),
        ([("lead", 1), ("support", 2), ("common", 3)], {1}, True),
        ([("common", 1), ("common", 2)], {1}, False),
        ([("responsible", None), ("responsible", 2)], {2}, True),
        ([("responsible", None)], {2}, False),
        ([], set(), False),
    ],
)
def test_is_done(named, completed, done):
    assert is_done(named, completed) is done


# --- names of units ---


@pytest.mark.parametrize(
    "text, names",
    [
        ("市农业局、市公安局,市财政局；市林业局。", ["市农业局", "市公安局", "市财政局", "市林业局"]),
        ("各县（市、区）政府、市供销社", ["各县（市、区）政府", "市供销社"]),
        ("各市(县、区)政府", ["各市(县、区)政府"]),
        ("市农业局、市农业局", ["市农业局"]),
        ("市农业局)、市公安局", ["市农业局)", "市公安局"]),
        (" 、 ", []),
    ],
)
def test_split_units(text, names):
    assert units.split_units(text) == names


@given(st.lists(st.text("市县农业公安局（）()", min_size=1), unique=True, max_size=5))
def test_names_joined_are_split_again(names):
    names = [n for n in names if n.count("（") + n.count("(") == 0]
    assert units.split_units(units.join_units(names)) == names


@pytest.mark.parametrize(
    "name, level, body",
    [
        ("各县市区政府", Level.COUNTY, "人民政府"),
        ("各市（县）区政府", Level.COUNTY, "人民政府"),
        ("各县（市、区）人民政府", Level.COUNTY, "人民政府"),
        ("各县(市、区)党委、政府", Level.COUNTY, "人民政府"),
        ("各区县", Level.COUNTY, "人民政府"),
        ("各县市区农业农村局", Level.COUNTY, "农业农村局"),
        ("各乡镇政府", Level.TOWNSHIP, "人民政府"),
        ("各乡（镇）人民政府、街道办事处", Level.TOWNSHIP, "人民政府"),
    ],
)
def test_collective_names(name, level, body):
    assert units.collective(name) == units.Collective(level, body)


@pytest.mark.parametrize(
    "name", ["市农业局", "各有关部门", "各县市区有关部门", "市直各部门", "县政府", "XX经开区管委会"]
)
def test_names_that_are_not_collective(name):
    assert units.collective(name) is None


@pytest.mark.parametrize(
    "name, division, full",
    [
        ("市农业局", "宜春市", "宜春市农业局"),
        ("市市场监管局", "宜春市", "宜春市市场监管局"),
        ("市场监管局", "宜春市", "市场监管局"),
        ("宜春市农业局", "宜春市", "宜春市农业局"),
        ("县公安局", "铜鼓县", "铜鼓县公安局"),
        ("经开区管委会", "宜春市", "经开区管委会"),
        ("农业局", "", "农业局"),
    ],
)
def test_full_name(name, division, full):
    assert units.full_name(name, division) == full


# --- adoption ---


def test_due_comes_from_the_task_else_from_the_phase_of_carrying_out():
    phases = [("第一阶段：动员部署阶段", date(2026, 2, 1)), ("第二阶段：组织实施阶段", date(2026, 6, 30)),
              ("第三阶段：自查整改阶段", date(2026, 9, 1)), ("长期监测阶段", None)]  # fmt: skip
    assert adoption.due_of(date(2026, 3, 1), phases) == (date(2026, 3, 1), DueFrom.OWN)
    assert adoption.due_of(None, phases) == (date(2026, 6, 30), DueFrom.PHASE)
    assert adoption.due_of(None, [("组织实施阶段", None)]) == (None, DueFrom.NONE)
    assert adoption.due_of(None, [("总结考评阶段", date(2026, 9, 1))]) == (None, DueFrom.NONE)


def test_tasks_go_on_in_other_words():
    old = {7: "建立病死畜禽无害化处理的长效机制", 8: "强化投入品监管", 9: "开展宣传"}
    new = ["强化农业投入品监管", "建立病死畜禽及不合格农产品无害化处理的长效机制", "开展满意度调查", "开展宣传"]
    assert adoption.same_tasks(old, new) == {0: 8, 1: 7, 3: 9}


@given(st.lists(st.text("农产品质量安全监管", min_size=1), max_size=8))
def test_every_task_goes_on_from_itself_and_none_twice(texts):
    found = adoption.same_tasks(dict(enumerate(texts)), texts)
    assert len(set(found.values())) == len(found) == len(texts)
    assert all(texts[new] == texts[old] for new, old in found.items())


# --- checking ---


def fields(found):
    return {fault.field for fault in found}


def test_a_right_content_has_no_faults():
    assert checking.faults(content(), CODES) == []


@pytest.mark.parametrize(
    "group, row, field, value",
    [
        ("targets", "x1", "value", "九十八"), ("targets", "x1", "value", ""), ("targets", "x1", "value", "1e5"),
        ("targets", "x1", "value", "98%"), ("targets", "x1", "value", "1" * 19), ("targets", "x1", "comparator", "~"),
        ("targets", "x1", "indicator", "unknown"), ("targets", "x1", "text", " "), ("targets", "x1", "unit", "个" * 21),
        ("tasks", "t1", "number", "甲"), ("tasks", "t1", "number", "0"), ("tasks", "t2", "number", "1"),
        ("tasks", "t1", "text", ""), ("tasks", "t1", "due", "2026-13-40"), ("tasks", "t1", "due", "明年"),
        ("tasks", "t1", "score", "十分"), ("tasks", "t1", "chapter", "c9"), ("tasks", "t1", "support", "单" * 101),
        ("phases", "p1", "from", "20XX年1月"), ("phases", "p2", "to", "2026-01-01"),
        ("phases", "p2", "from", "2025-12-01"), ("phases", "p1", "name", ""), ("chapters", "c1", "heading", ""),
        ("safeguards", "s1", "text", ""),
    ],
)  # fmt: skip
def test_a_fault_is_named_at_its_place(group, row, field, value):
    made = content()
    rows_by_id(made)[row][1][field] = value
    assert fields(checking.faults(made, CODES)) == {f"{group}.{row}.{field}"}


def test_a_plan_needs_a_title_and_a_task():
    assert fields(checking.faults(content(title=" ", tasks=[]), CODES)) == {"title", "tasks"}


@pytest.mark.parametrize("text", ["2026-5-1", "2026/05/01", "2026年5月1日", " 2026.5.1 "])
def test_days_as_people_type_them(text):
    assert checking.day_of(text) == date(2026, 5, 1)


@given(st.text())
def test_any_text_is_a_number_or_refused(text):
    try:
        value = checking.number_of(text)
    except ValueError:
        return
    assert value.is_finite()


def test_a_task_without_units_and_a_target_without_indicator_are_pointed_out():
    made = content()
    made["tasks"][0]["responsible"] = made["targets"][0]["indicator"] = ""
    assert fields(checking.warnings(made)) == {"tasks.t1.responsible", "targets.x1.indicator"}


# --- editing ---

ACTS = [
    f"{verb}.{group}" + (f".{row}" if row else "")
    for verb in ("add", "remove", "up", "down", "restore", "take")
    for group in (*FIELDS, "nonsense")
    for row in ("", "t1", "t2", "t3", "x1", "c1", "c2", "g1", "p1", "p2", "u1", "zz")
]


@given(st.lists(st.sampled_from(ACTS), max_size=12))
def test_any_acts_keep_ids_unique_and_every_task_in_a_chapter(acts):
    machine = {**content(), "marks": marks()}
    made = content()
    for act in acts:
        made, _row = editing.apply(made, machine, act)
    ids = [row["id"] for group in FIELDS for row in made[group]]
    assert len(ids) == len(set(ids))
    assert {task["chapter"] for task in made["tasks"]} <= {chapter["id"] for chapter in made["chapters"]}


@given(st.sampled_from(["t1", "t2", "t3", "x1", "g1", "p1", "p2", "s1", "u1"]))
def test_what_was_removed_can_be_put_back_where_it_stood(row):
    group = rows_by_id(content())[row][0]
    gone, _ = editing.apply(content(), content(), f"remove.{group}.{row}")
    assert row not in rows_by_id(gone)
    assert [r["id"] for r in missing_rows(gone, content())[group]] == [row]
    back, shown = editing.apply(gone, content(), f"restore.{group}.{row}")
    assert (back, shown) == (content(), row)


def test_a_new_task_is_the_last_of_its_chapter_with_the_next_number():
    made, row = editing.apply(content(), content(), "add.tasks.c1")
    assert [task["id"] for task in made["tasks"]] == ["t1", "t2", row, "t3"]
    assert rows_by_id(made)[row][1]["number"] == "3"


def test_a_task_moves_past_its_neighbour_in_the_chapter():
    up, _ = editing.apply(content(), content(), "up.tasks.t2")
    assert [task["id"] for task in up["tasks"]] == ["t2", "t1", "t3"]
    assert editing.apply(content(), content(), "down.tasks.t2")[0] == content()


def test_a_chapter_with_tasks_stays():
    assert editing.apply(content(), content(), "remove.chapters.c1")[0] == content()


def test_an_unread_piece_becomes_a_task():
    made, row = editing.apply(content(), content(), "take.tasks.u1")
    assert rows_by_id(made)[row][1]["text"] == "其他文字。"
    assert made["unread"][0]["settled"] is True


def test_differences_name_the_field_and_what_stands_there():
    mine = content()
    mine["tasks"][0]["text"], mine["title"] = "别的", "新名"
    assert dict(differences(content(), mine)) == {
        "title": content()["title"], "tasks.t1.text": content()["tasks"][0]["text"]
    }  # fmt: skip


# --- the document beside its reading ---


def test_marked_text_is_the_text_of_the_plan_and_knows_its_rows():
    blocks = marked(TEXT, {"marks": marks()}, {"g1", "t1", "t3", "p2", "u1"})
    shown = "".join(piece.text for block in blocks for piece in block.pieces)
    assert shown.startswith("抽检合格率") and shown.endswith("其他文字。")
    by_row = {block.row: block for block in blocks if block.row}
    assert (by_row["t1"].kind, by_row["t1"].gone, by_row["t2"].gone) == ("tasks", False, True)
    assert [(p.text, p.row) for p in by_row["t1"].pieces if p.kind == "target"] == [("100%", "x2")]
    assert sum(block.first for block in blocks) == 6


def test_rows_with_the_same_words_share_their_place():
    assert anchors({"marks": [[0, 4, "target", "x1"], [0, 4, "target", "x2"], [0, 9, "tasks", "t1"]]}) == {
        "x1": "x1", "x2": "x1", "t1": "t1"
    }  # fmt: skip


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(1, 10), st.sampled_from(["tasks", "goals", "target", "unread"])),
        max_size=10,
    )
)
def test_no_character_is_lost_or_doubled_whatever_the_marks(spans):
    text = "".join(chr(0x4E00 + n) for n in range(40))
    found = [[a, a + n, kind, f"r{i}"] for i, (a, n, kind) in enumerate(spans)]
    blocks = marked(text, {"marks": found}, {"r0"})
    shown = "".join(piece.text for block in blocks for piece in block.pieces)
    first, last = (min(a for a, *_ in found), max(b for _, b, *_ in found)) if found else (0, 40)
    assert shown == text[first:last]


# --- versions compared ---


@given(st.text("农产品质量安全，98%", max_size=40), st.text("农产品质量安全，98%", max_size=40))
def test_both_texts_can_be_read_out_of_the_comparison(old, new):
    words = words_of(old, new)
    assert "".join(w.text for w in words if w.kind != "added") == old
    assert "".join(w.text for w in words if w.kind != "removed") == new


def test_the_same_version_has_no_changes():
    assert all(section.changes == () for section in compared(content(), content()))


def test_what_changed_is_told():
    new = content()
    new["targets"][0] |= {"text": "抽检合格率达到98.5%以上", "value": "98.5"}
    new["tasks"][1] |= {"responsible": "市农业农村局、市财政局、各县市区政府", "due": "2026-06-01"}
    del new["tasks"][0]
    new["tasks"].append({**new["tasks"][-1], "id": "t9", "number": "2", "text": "建设检测体系。"})
    sections = {section.title: section for section in compared(content(), new)}
    figure = sections["指标"].changes[0]
    assert figure.notes == (("目标值", "不低于 98%", "不低于 98.5%"),)
    kinds = [(change.kind, change.label) for change in sections["任务"].changes]
    assert kinds == [(Kind.REMOVED, "一-1"), (Kind.CHANGED, "一-2"), (Kind.ADDED, "二-2")]
    assert dict((what, now) for what, _was, now in sections["任务"].changes[1].notes) == {
        "责任单位": "市财政局", "完成时限": "2026-06-01"
    }  # fmt: skip


# --- months ---


def test_months_reach_from_the_first_to_the_last_day():
    found = months.months_of([date(2026, 11, 30), date(2027, 2, 1)], otherwise=date(2026, 1, 1), least=1)
    assert found == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]


@given(st.lists(st.dates(date(2020, 1, 1), date(2024, 12, 31)), min_size=1), st.data())
def test_a_bar_lies_on_the_months_of_its_days(days, data):
    found = months.months_of(days, otherwise=days[0])
    start, end = sorted(data.draw(st.lists(st.sampled_from(days), min_size=2, max_size=2)))
    place = months.bar(found, start, end)
    assert (found[place.first], found[place.last]) == (start.replace(day=1), end.replace(day=1))


def test_a_bar_without_days_is_none():
    assert months.bar([date(2026, 1, 1)], None, None) is None


# --- states, JSON ---


@pytest.mark.parametrize(
    "check, moves",
    [
        (states.check_version_move, states.VERSION_MOVES),
        (states.check_report_move, states.REPORT_MOVES),
        (states.check_item_move, states.ITEM_MOVES),
    ],
)
def test_every_move_is_either_in_the_table_or_refused(check, moves):
    for old in moves:
        for new in moves:
            if new in moves[old]:
                check(old, new)
            else:
                with pytest.raises(states.MoveNotAllowed):
                    check(old, new)


def test_plan_json_has_the_agreed_form():
    made = plan_json(content())
    assert list(made) == ["title", "basis", "goals", "targets", "tasks", "phases", "safeguards", "unread"]
    assert made["tasks"][2] == {
        "chapter": "二", "chapter_heading": "推进监测", "number": 1, "text": "每年开展定量监测，覆盖主要农产品。",
        "units": [{"name": "市农业农村局", "role": "lead"}, {"name": "各县市区政府", "role": "common"}],
        "key": True, "score": "10", "due": None,
    }  # fmt: skip
    assert made["phases"][0] == {"name": "动员部署阶段", "from": "2026-01-01", "to": "2026-02-28", "text": "印发方案。"}
