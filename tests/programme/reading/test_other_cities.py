"""Plans as other cities lay them out, read by hand first: what a careful person would note is compared, line by line.

cities/<name>.txt holds a document, “=====”, and what is to be read in it; cities/<name>.expected the same for a
document of Word that `city_documents` builds. A document may begin with its encoding and its line end. The lines:

    title T | task CHAPTER NUMBER UNITS [@due] [★] [#score] | target COMPARATOR VALUE UNIT INDICATOR
    phase NAME FIRST LAST | text N T, chapter N T (of the Nth task) | safeguards N | goals N | unread T | plans N

“-” stands for nothing. Titles, tasks, targets and phases must be all that there are, in this order.
"""

import re
from pathlib import Path

import pytest

from nongan.programme.rules.reading import read_file, to_json
from nongan.programme.rules.reading.output import plain_number
from nongan.programme.rules.reading.shapes import Plan, Task
from tests.programme.reading.city_documents_ordinary import BUILDERS
from tests.programme.reading.documents import days, missing, target, units

CITIES = Path(__file__).parent / "cities"
NAMES = sorted(path.stem for path in CITIES.iterdir())
_SETTING = re.compile(r"(encoding|newline) (\S+)\n")


def document_of(name: str) -> tuple[str, bytes, str]:
    """The name of the file, its bytes, and what is to be read in it."""
    if name in BUILDERS:
        return "方案.docx", BUILDERS[name](), (CITIES / f"{name}.expected").read_text(encoding="utf-8")
    text, expected = (CITIES / f"{name}.txt").read_text(encoding="utf-8").split("=====\n")
    settings = {"encoding": "utf-8", "newline": r"\n"}
    while setting := _SETTING.match(text):
        settings[setting[1]] = setting[2]
        text = text[setting.end() :]
    text = text.replace("\n", {r"\n": "\n", r"\r": "\r", r"\r\n": "\r\n"}[settings["newline"]])
    return "方案.txt", text.encode(settings["encoding"]), expected


def task_line(task: Task) -> str:
    due = f"@{task.due}" if task.due else ""
    score = f"#{plain_number(task.score)}" if task.score is not None else ""
    words = [task.chapter or "-", str(task.number), units(task), due, "★" if task.key else "", score]
    return " ".join(word for word in words if word)


def lines_of(plan: Plan) -> dict[str, list[str]]:
    figures = [target(one) for one in plan.targets]
    return {
        "title": [plan.title],
        "task": [task_line(task) for task in plan.tasks],
        "target": [f"{comparator} {value} {unit} {code or '-'}" for comparator, value, unit, code in figures],
        "phase": [f"{one.name} {days(one)[0] or '-'} {days(one)[1] or '-'}" for one in plan.phases],
    }


def wanted_of(expected: str) -> dict[str, list[str]]:
    wanted: dict[str, list[str]] = {}
    for line in filter(None, expected.splitlines()):
        kind, _space, words = line.partition(" ")
        wanted.setdefault(kind, []).append(words)
    return wanted


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_is_read_as_a_careful_person_reads_it(name):
    file, data, expected = document_of(name)
    reading = read_file(file, data)
    plan, wanted = reading.plans[0], wanted_of(expected)
    found = lines_of(plan)
    assert found == {kind: wanted.get(kind, []) for kind in found}
    assert len(reading.plans) == int(wanted.get("plans", ["1"])[0])
    for kind in {"goals", "safeguards"} & wanted.keys():
        assert wanted[kind] == [str(len(getattr(plan, kind)))]
    for kind, attribute in (("text", "text"), ("chapter", "chapter_heading")):
        for number, words in (line.split(" ", 1) for line in wanted.get(kind, [])):
            assert getattr(plan.tasks[int(number) - 1], attribute) == words
    unread = to_json(reading)["plans"][0]["unread"]
    assert [words for words in wanted.get("unread", []) if not any(words in piece for piece in unread)] == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_a_plan_is_dropped(name):
    file, data, _expected = document_of(name)
    assert missing(read_file(file, data)) == []


def test_every_builder_has_its_expectation():
    assert set(BUILDERS) == {path.stem for path in CITIES.glob("*.expected")}
