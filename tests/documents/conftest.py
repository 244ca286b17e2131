import pytest
from django.core.exceptions import PermissionDenied

from nongan.common.spreadsheet import Column, Problem
from nongan.documents import services
from nongan.documents.services import ImportKind


@pytest.fixture
def kind(monkeypatch):
    """A list of villages: a name without 坏 in it; the rows that were saved are in `saved`."""
    saved = []

    def allow(user):
        if user.username == "stranger":
            raise PermissionDenied

    def check(rows, options, by):
        return [Problem(row.number, "名称", "含坏字", "请改名") for row in rows if "坏" in row.cells["name"]]

    def apply(rows, options, by, at):
        saved.extend((row.cells["name"], options.get("year", "")) for row in rows)
        return len(rows)

    how = ImportKind(
        kind="villages", title="村庄", columns=[Column("name", "名称"), Column("note", "备注", required=False)],
        allow=allow, check=check, apply=apply, back="home", options={"year": "年份"},
    )  # fmt: skip
    monkeypatch.setitem(services.KINDS, "villages", how)
    return saved
