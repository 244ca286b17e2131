"""Keeping files, and tables on their way in."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied

from nongan.common.errors import RuleBroken
from nongan.common.spreadsheet import FileRefused
from nongan.documents import queries, services
from nongan.documents.models import Document, Import, ImportState
from nongan.documents.rules import FileNotAccepted
from nongan.documents.services import ImportKind, ImportRefused
from nongan.journal.models import Line
from tests.accounts.factories import UserFactory
from tests.conftest import NOON
from tests.documents.factories import bomb, photograph, xlsx

pytestmark = pytest.mark.django_db
TEXT = "创建方案".encode()


@pytest.fixture
def by():
    return UserFactory(username="zhangsan")


def begin(by, *names, name="村庄.xlsx"):
    data = xlsx(["名称", "备注"], *[[one, ""] for one in names])
    return services.begin_import(kind="villages", name=name, data=data, options={"year": "2026"}, by=by, at=NOON)


# Files


def test_a_file_is_kept_outside_the_web_root_by_its_id(by):
    kept = services.store(name="../../etc/方案.txt", data=TEXT, by=by, at=NOON)
    place = services.path_of(kept.id)
    assert place.read_bytes() == TEXT
    assert Path(settings.FILES) in place.parents
    assert not {Path(settings.STATIC_ROOT), *(Path(d[1]) for d in settings.STATICFILES_DIRS)} & set(place.parents)
    assert (kept.name, kept.size, kept.sha256) == ("方案.txt", len(TEXT), sha256(TEXT).hexdigest())
    assert place.name == str(kept.id)
    line = Line.objects.get(action="documents.file.stored")
    assert line.facts["sha256"] == kept.sha256


def test_the_hash_is_that_of_the_picture_without_exif(by):
    kept = services.store(name="照片.jpg", data=photograph(), by=by, at=NOON)
    data = services.content_of(kept)
    assert b"MeiPai" not in data
    assert kept.sha256 == sha256(data).hexdigest()


@pytest.mark.parametrize("change", [lambda p: p.write_bytes(b"x"), lambda p: p.unlink()])
def test_a_file_that_was_touched_is_not_given_out(by, change):
    kept = services.store(name="方案.txt", data=TEXT, by=by, at=NOON)
    change(services.path_of(kept.id))
    with pytest.raises(RuleBroken, match="丢失或已被改动"):
        services.content_of(kept)


def test_a_file_that_is_refused_leaves_nothing(by):
    for name, data, refusal in [
        ("a.exe", b"MZ", FileNotAccepted), ("a.xlsx", bomb(xlsx(["a"]), "xl/x.xml"), FileRefused)
    ]:  # fmt: skip
        with pytest.raises(refusal):
            services.store(name=name, data=data, by=by, at=NOON)
    assert not Document.objects.exists()


def test_a_very_long_name_is_cut_at_its_beginning(by):
    assert services.store(name="长" * 300 + ".txt", data=TEXT, by=by, at=NOON).name.endswith("长.txt")


def test_a_link_is_for_one_reader_and_two_hours(by, monkeypatch):
    kept = services.store(name="方案.txt", data=TEXT, by=by, at=NOON)
    token = queries.link_to(kept, "zhangsan").rstrip("/").rsplit("/", 1)[1]
    assert queries.document_of(token, "zhangsan") == kept
    for damaged, reader in [(token, "lisi"), (token[:-2] + "xx", "zhangsan"), ("", "zhangsan"), ("a:b:c", "zhangsan")]:
        with pytest.raises(Document.DoesNotExist):
            queries.document_of(damaged, reader)
    elsewhere = signing.dumps([str(kept.pk), "zhangsan"], salt="another")
    with pytest.raises(Document.DoesNotExist):
        queries.document_of(elsewhere, "zhangsan")
    monkeypatch.setattr(queries, "LINK_LASTS", timedelta(seconds=-1))
    with pytest.raises(Document.DoesNotExist):
        queries.document_of(token, "zhangsan")


# Imports


def test_nothing_is_saved_before_the_confirmation(by, kind):
    found = begin(by, "甲村", "乙村")
    assert (found.rows, found.bad_rows, found.problems, found.state) == (2, 0, [], ImportState.CHECKED)
    assert kind == []
    done = services.finish_import(import_id=found.pk, by=by, at=NOON)
    assert kind == [("甲村", "2026"), ("乙村", "2026")]
    assert (done.state, done.done_at) == (ImportState.DONE, NOON)
    assert Line.objects.get(action="documents.import.done").facts["rows"] == 2


def test_with_one_bad_row_none_is_saved(by, kind):
    found = begin(by, "甲村", "坏村", "")
    assert (found.rows, found.bad_rows) == (2, 1)
    with pytest.raises(ImportRefused, match="有 1 行数据有错误"):
        services.finish_import(import_id=found.pk, by=by, at=NOON)
    assert kind == []
    found.refresh_from_db()
    assert found.state == ImportState.CHECKED


def test_an_import_is_confirmed_or_given_up_once(by, kind):
    first, second = begin(by, "甲村"), begin(by, "乙村")
    services.finish_import(import_id=first.pk, by=by, at=NOON)
    services.drop_import(import_id=second.pk, by=by, at=NOON)
    for act in (services.finish_import, services.drop_import):
        for found, state in ((first, "已导入"), (second, "已放弃")):
            with pytest.raises(ImportRefused, match=state):
                act(import_id=found.pk, by=by, at=NOON)
    assert kind == [("甲村", "2026")]


def test_imports_are_refused(by, kind):
    found = begin(by, "甲村")
    stranger = UserFactory(username="stranger")
    for act in (services.finish_import, services.drop_import):
        with pytest.raises(Import.DoesNotExist):
            act(import_id=found.pk, by=stranger, at=NOON)
    with pytest.raises(PermissionDenied):
        begin(stranger, "甲村")
    with pytest.raises(ImportRefused, match="没有数据行"):
        begin(by)
    with pytest.raises(FileRefused, match="只能读取"):
        begin(by, "甲村", name="村庄.xlsx") and services.begin_import(
            kind="villages", name="村庄.doc", data=b"abc", options={}, by=by, at=NOON
        )
    assert kind == []


def test_a_fault_in_the_middle_leaves_the_import_waiting(by, kind, monkeypatch):
    found = begin(by, "甲村")
    before = Line.objects.count()
    how = services.KINDS["villages"]

    def stops(rows, options, by, at):
        Document.objects.update(name="half done")
        raise OSError("the disk is full")

    monkeypatch.setitem(services.KINDS, "villages", ImportKind(**{**vars(how), "apply": stops}))
    with pytest.raises(OSError):
        services.finish_import(import_id=found.pk, by=by, at=NOON)
    found.refresh_from_db()
    assert (found.state, found.document.name, Line.objects.count()) == (ImportState.CHECKED, "村庄.xlsx", before)


def test_a_table_that_was_touched_on_disk_is_not_imported(by, kind):
    found = begin(by, "甲村")
    services.path_of(found.document_id).write_bytes(xlsx(["名称"], ["别的村"]))
    with pytest.raises(RuleBroken, match="已被改动"):
        services.finish_import(import_id=found.pk, by=by, at=NOON)
    assert kind == []


def test_what_waits_is_a_to_do_of_the_person_who_began(by, kind):
    begin(by, "甲村", name="六月的村庄.xlsx")
    begin(by, "坏村", name="坏.xlsx")
    (todo,) = queries.todos(by, NOON)
    assert todo.text == "确认导入“六月的村庄.xlsx”（1 行）"
    assert queries.todos(UserFactory(), NOON) == []
