"""Keeping files, and taking tables in: read → check → a person confirms → everything or nothing."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from nongan.common.errors import RuleBroken
from nongan.common.spreadsheet import Column, Problem, Row, read_table
from nongan.documents.models import Document, Import, ImportState
from nongan.documents.rules import sniff, without_exif
from nongan.journal.services import record

Person = Any  # accounts stand above documents: an owner is known here by name only


class ImportRefused(RuleBroken):
    """The import cannot be confirmed now."""

    code = "import_refused"


@dataclass(frozen=True)
class ImportKind:
    """How one kind of table comes in. Contexts above register theirs from `apps.ready`.

    `allow(by)` raises PermissionDenied. `check(rows, options, by)` names every fault without writing.
    `apply(rows, options, by, at)` writes all rows inside the transaction of the confirmation and returns how many.
    `options` are extra values typed with the upload, {name: label}.
    """

    kind: str
    title: str
    columns: Sequence[Column]
    allow: Callable[[Person], None]
    check: Callable[[list[Row], dict[str, str], Person], list[Problem]]
    apply: Callable[[list[Row], dict[str, str], Person, datetime], int]
    back: str  # name of the URL of the list that the rows belong to
    options: dict[str, str] = field(default_factory=dict)


KINDS: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    KINDS[kind.kind] = kind


@transaction.atomic
def store(*, name: str, data: bytes, by: Person, at: datetime) -> Document:
    """Keep a file: its type sniffed, its size limited, pictures without EXIF. Raises FileNotAccepted."""
    content_type = sniff(name, data)
    data = without_exif(data, content_type)
    document = Document(
        name=Path(name).name[-200:], content_type=content_type, size=len(data), sha256=sha256(data).hexdigest(),
        by=str(by), at=at,
    )  # fmt: skip
    place = path_of(document.id)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    document.save(force_insert=True)
    record("documents.file.stored", on=document, by=by, at=at, name=document.name, sha256=document.sha256)
    return document


def path_of(document_id: uuid.UUID) -> Path:
    """Where the bytes lie: outside the web root, by id, never by the name that somebody typed."""
    text = str(document_id)
    return Path(settings.FILES) / text[:2] / text


def content_of(document: Document) -> bytes:
    """The bytes, checked against the hash that was kept. Raises RuleBroken when they differ or are gone."""
    try:
        data = path_of(document.id).read_bytes()
    except FileNotFoundError:
        data = b""
    if sha256(data).hexdigest() != document.sha256:
        raise RuleBroken(
            _("文件“%(name)s”丢失或已被改动，与登记的哈希不符。请联系系统管理员。") % {"name": document.name}
        )
    return data


@transaction.atomic
def begin_import(*, kind: str, name: str, data: bytes, options: dict[str, str], by: Person, at: datetime) -> Import:
    """Read and check a table; nothing of it is saved yet. Raises FileRefused, FileNotAccepted, ImportRefused."""
    how = KINDS[kind]
    how.allow(by)
    rows, problems = _checked(data, name, how, options, by)
    if not rows and not problems:
        raise ImportRefused(_("表格里没有数据行。请从第 2 行开始填写。"))
    document = store(name=name, data=data, by=by, at=at)
    found = Import(kind=kind, document=document, options=options, owner=by.username, by=str(by), at=at)
    _note(found, rows, problems)
    found.save()
    return found


def finish_import(*, import_id: int, by: Person, at: datetime) -> Import:
    """Save every row of a checked table, or none: it is read and checked again, then written in one transaction.

    Raises ImportRefused. What the second look finds wrong (others have worked since the first) is kept for the report.
    """
    found = _finish(import_id, by, at)
    if found.problems:
        raise ImportRefused(
            _("有 %(n)s 行数据有错误，未导入任何数据。请改正后重新上传。") % {"n": f"{found.bad_rows:,}"}
        )
    return found


@transaction.atomic
def _finish(import_id: int, by: Person, at: datetime) -> Import:
    found = _waiting(import_id, by)
    how = KINDS[found.kind]
    how.allow(by)
    rows, problems = _checked(content_of(found.document), found.document.name, how, found.options, by)
    _note(found, rows, problems)
    if problems:
        found.save(update_fields=["rows", "bad_rows", "problems"])
        return found
    count = how.apply(rows, found.options, by, at)
    found.state, found.done_at = ImportState.DONE, at
    found.save(update_fields=["state", "done_at"])
    record("documents.import.done", on=found, by=by, at=at, kind=found.kind, rows=count, sha256=found.document.sha256)
    return found


@transaction.atomic
def drop_import(*, import_id: int, by: Person, at: datetime) -> Import:
    """Give up a table that waits; its file stays as the journal names it. Raises ImportRefused."""
    found = _waiting(import_id, by)
    found.state = ImportState.DROPPED
    found.save(update_fields=["state"])
    record("documents.import.dropped", on=found, by=by, at=at, kind=found.kind)
    return found


def _waiting(import_id: int, by: Person) -> Import:
    """One's own import, locked, which must still wait for its confirmation."""
    own = Import.objects.select_for_update(of=("self",)).select_related("document")
    found = own.get(pk=import_id, owner=by.username)
    if found.state != ImportState.CHECKED:
        raise ImportRefused(_("这次导入%(state)s，不能再次确认或放弃。") % {"state": found.get_state_display()})
    return found


def _checked(
    data: bytes, name: str, how: ImportKind, options: dict[str, str], by: Person
) -> tuple[list[Row], list[Problem]]:
    """The rows and every fault in the order of the sheet; a cell that is named for its form is not named again."""
    rows, problems = read_table(data, name, how.columns)
    named = {(problem.row, problem.field) for problem in problems}
    problems += [p for p in how.check(rows, options, by) if (p.row, p.field) not in named] if rows else []
    return rows, sorted(problems, key=lambda problem: problem.row)


def _note(found: Import, rows: list[Row], problems: list[Problem]) -> None:
    found.rows, found.problems = len(rows), [problem.as_dict() for problem in problems]
    found.bad_rows = len({problem.row for problem in problems})
