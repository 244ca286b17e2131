"""What was typed on the page that corrects a draft."""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy

from nongan.programme.rules.content import FIELDS, FLAGS, LETTER, Content, Row, empty_row

_NAME = re.compile(rf"(?P<group>{'|'.join(FIELDS)})\.(?P<row>[{''.join(LETTER.values())}]\d{{1,9}})\.\w+")


def typed_content(data: Mapping[str, str], before: Content) -> Content:
    """`before` with what was typed, exactly as typed. Names are “tasks.t3.text”; a flag counts as off when absent.

    A row or field that was not sent keeps its value. A row that was sent and is not in `before` (somebody else took
    it out meanwhile) is put back at the end of its group: nothing typed is lost.
    """
    content = deepcopy(before)
    content["title"] = _line(data.get("title", before["title"]))
    if "basis" in data:
        content["basis"] = [line.strip() for line in data["basis"].splitlines() if line.strip()]
    sent = {(m["group"], m["row"]): None for name in data if (m := _NAME.fullmatch(name))}
    for group, fields in FIELDS.items():
        rows = {row["id"]: row for row in content[group]}
        for of, row_id in sent:
            if of == group:
                if row_id not in rows:
                    rows[row_id] = empty_row(group, row_id)
                    content[group].append(rows[row_id])
                _fill(rows[row_id], f"{group}.{row_id}.", fields, data)
    return content


def _fill(row: Row, prefix: str, fields: Sequence[str], data: Mapping[str, str]) -> None:
    for field in fields:
        row[field] = prefix + field in data if field in FLAGS else _text(data.get(prefix + field, row[field]), field)


def _text(value: str, field: str) -> str:
    return value.replace("\r\n", "\n").strip() if field in ("text", "standard") else _line(value)


def _line(value: str) -> str:
    return " ".join(value.split())
