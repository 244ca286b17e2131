"""Documents for the tests of the reader, and short forms of what it reads."""

import io
import re
from collections.abc import Sequence

from docx import Document as Docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from nongan.programme.rules.reading import read_file, read_text
from nongan.programme.rules.reading.assembly import spans_of
from nongan.programme.rules.reading.shapes import Phase, Plan, Reading, Role, Target, Task

ROLES = {Role.RESPONSIBLE: "", Role.LEAD: "牵头:", Role.SUPPORT: "配合:", Role.COMMON: "共同:"}


def plan_of(text: str) -> Plan:
    """The one plan of a text."""
    return only(read_text(text))


def only(reading: Reading) -> Plan:
    (plan,) = reading.plans
    return plan


def read_bytes(data: bytes, name: str = "方案.docx") -> Plan:
    return only(read_file(name, data))


def units(task: Task) -> str:
    return " ".join(ROLES[unit.role] + unit.name for unit in task.units)


def tasks(plan: Plan) -> list[tuple[str, int, str]]:
    return [(task.chapter, task.number, units(task)) for task in plan.tasks]


def target(one: Target) -> tuple[str, str, str, str | None]:
    return one.comparator.value, format(one.value, "f"), one.unit, one.indicator


def targets(plan: Plan) -> list[tuple[str, str, str, str | None]]:
    return [target(one) for one in plan.targets]


def phases(plan: Plan) -> list[tuple[str, str | None, str | None]]:
    return [(phase.name, *days(phase)) for phase in plan.phases]


def days(phase: Phase) -> tuple[str | None, str | None]:
    return (
        phase.start.isoformat() if phase.start else None,
        phase.end.isoformat() if phase.end else None,
    )


def unread(plan: Plan) -> list[tuple[str, str]]:
    return [(piece.reason.value, piece.text) for piece in plan.unread]


def missing(reading: Reading) -> list[str]:
    """Characters that no span of the reading holds: there must be none."""
    held = bytearray(len(reading.text))
    for span in (span for plan in reading.plans for span in spans_of(plan)):
        held[span.start : span.end] = b"\1" * (span.end - span.start)
    return re.findall(r"\S+", "".join(" " if kept else char for char, kept in zip(reading.text, held, strict=True)))


def save(document: "Docx") -> bytes:
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def docx(*blocks: str | Sequence[Sequence[str]]) -> bytes:
    """Paragraphs (text) and tables (rows of cells). In a table “^” continues the cell above, “<” the cell before."""
    document = Docx()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
        else:
            add_table(document, block)
    return save(document)


def add_table(document: "Docx", rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            if text == "^":
                table.cell(i - 1, j).merge(table.cell(i, j))
            elif text == "<":
                table.cell(i, j - 1).merge(table.cell(i, j))
            else:
                table.cell(i, j).text = text


def add_list(document: "Docx", levels: Sequence[tuple[str, str]], number: int = 77) -> int:
    """A list of Word's own numbering with (form, pattern) for each level; returns its id."""
    part = document.part.numbering_part.element
    inner = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for n, (form, pattern) in enumerate(levels)
    )
    part.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{inner}</w:abstractNum>'))
    part.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'))
    return number


def add_item(document: "Docx", text: str, number: int, level: int = 0) -> None:
    paragraph = document.add_paragraph(text)
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')
    )
