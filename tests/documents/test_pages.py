"""Files by signed link, and the pages of an import."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from nongan.documents import queries, services
from nongan.documents.models import Import
from tests.accounts.factories import UserFactory
from tests.conftest import NOON
from tests.documents.factories import bomb, photograph, xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]
NEW = "/documents/imports/new/villages/"


@pytest.fixture
def by(client):
    user = UserFactory(username="zhangsan")
    client.force_login(user)
    return user


def sent(*names, name="村庄.xlsx", data=None):
    return SimpleUploadedFile(name, xlsx(["名称", "备注"], *[[one, ""] for one in names]) if data is None else data)


def begun(client, *names):
    client.post(NEW, {"file": sent(*names), "year": "2026"})
    return Import.objects.latest("pk")


# Files


def test_a_file_comes_with_its_name_and_is_never_run_in_the_browser(client, by):
    kept = services.store(name="现场照片.jpg", data=photograph(), by=by, at=NOON)
    answer = client.get(queries.link_to(kept, by.username))
    assert answer.content == services.content_of(kept)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_link_of_another_is_not_found(client, by):
    kept = services.store(name="方案.txt", data=b"x", by=by, at=NOON)
    assert client.get(queries.link_to(kept, "lisi")).status_code == 404
    assert client.get(reverse("documents:file", args=["made-up"])).status_code == 404
    link = queries.link_to(kept, by.username)
    client.logout()
    assert client.get(link).status_code == 302
    client.force_login(UserFactory(username="lisi"))
    assert client.get(link).status_code == 404


def test_a_file_that_was_touched_is_said_to_be(client, by):
    kept = services.store(name="方案.txt", data=b"x", by=by, at=NOON)
    services.path_of(kept.id).write_bytes(b"y")
    assertContains(client.get(queries.link_to(kept, by.username)), "与登记的哈希不符", status_code=409)


# A new import


def test_the_page_says_how_to_fill_in(client, by, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        page = client.get(NEW)
    for text in ("导入村庄", "下载模板", "您确认以前不保存", "年份", "模板的 2 列怎么填"):
        assertContains(page, text)


def test_the_template(client, by):
    answer = client.get(reverse("documents:import-template", args=["villages"]))
    sheet = load_workbook(BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[1]] == ["名称*", "备注"]
    assert "%E6%A8%A1%E6%9D%BF" in answer["Content-Disposition"]


@pytest.mark.parametrize(
    "file, said",
    [
        (None, "请选择一个文件"),
        (SimpleUploadedFile("村庄.xlsx", b""), "文件是空的"),
        (SimpleUploadedFile("村庄.doc", b"abc"), "只能读取 .xlsx 和 .csv"),
        (SimpleUploadedFile("村庄.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99), "加密文件或旧版"),
        (SimpleUploadedFile("村庄.xlsx", b"PK\x03\x04broken"), "已损坏"),
        (SimpleUploadedFile("村庄.csv", b"\xff\xfe\x00\xd8\x81\xff"), "文字编码无法识别"),
        (SimpleUploadedFile("村庄.csv", b"1" * (20 * 1024 * 1024 + 1)), "超过 20 MB"),
        (SimpleUploadedFile("村庄.xlsx", bomb(xlsx(["名称"]), "xl/bomb.xml")), "异常巨大"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_a_table_is_refused_beside_the_box(client, by, file, said):
    page = client.post(NEW, {"year": "2026"} | ({"file": file} if file else {}))
    assertContains(page, said, status_code=422)
    assertContains(page, 'href="#field-file"', status_code=422)
    assertContains(page, 'value="2026"', status_code=422)
    assert not Import.objects.exists()


def test_what_else_the_kind_asks_for_is_required(client, by):
    page = client.post(NEW, {"file": sent("甲村"), "year": ""})
    assertContains(page, 'href="#field-year"', status_code=422)


# The report


def test_a_sound_table_waits_for_its_confirmation(client, by, django_assert_max_num_queries):
    found = begun(client, "甲村", "乙村")
    url = reverse("documents:import", args=[found.pk])
    with django_assert_max_num_queries(6):
        page = client.get(url)
    for text in ("2 行，没有错误", "确认导入 2 行", "放弃这次导入", "还没有保存任何数据", found.document.sha256):
        assertContains(page, text)
    assertContains(client.get(NEW), "检查过、还没有确认的")
    assertRedirects(client.post(url), url)
    page = client.get(url)
    assertContains(page, "已导入 2 行")
    assertNotContains(page, "确认导入")
    assertContains(client.post(url), "已导入，不能再次确认", status_code=422)


def test_a_table_with_faults_cannot_be_confirmed(client, by):
    found = begun(client, "甲村", "坏村", "坏乡")
    url = reverse("documents:import", args=[found.pk])
    page = client.get(url)
    for text in ("3 行中有 2 行有错误", "含坏字", "请改名", "下载错误标注表"):
        assertContains(page, text)
    assertNotContains(page, "确认导入 3 行")
    assertContains(client.post(url), "未导入任何数据", status_code=422)


def test_a_long_report_shows_its_beginning_and_marks_all(client, by):
    found = begun(client, *[f"坏{n}" for n in range(250)])
    page = client.get(reverse("documents:import", args=[found.pk]))
    assertContains(page, "250 行中有 250 行有错误")
    assertContains(page, '<td class="num">', count=200)
    assertContains(page, "列出前 200 处")
    answer = client.get(reverse("documents:import-marked", args=[found.pk]))
    sheet = load_workbook(BytesIO(answer.content)).active
    assert [sheet.cell(row, 3).value for row in (1, 2, 251)] == [
        "错误说明",
        "名称：含坏字。请改名",
        "名称：含坏字。请改名",
    ]


def test_a_wrong_heading(client, by):
    client.post(NEW, {"file": sent(data=xlsx(["村名"], ["甲村"])), "year": "2026"})
    page = client.get(reverse("documents:import", args=[Import.objects.get().pk]))
    assertContains(page, "表头不对，没有读取数据")
    assertContains(page, "缺少这一列")


def test_giving_up(client, by):
    found = begun(client, "甲村")
    url = reverse("documents:drop-import", args=[found.pk])
    assert client.get(url).status_code == 405
    assertRedirects(client.post(url), reverse("home"))
    assertContains(client.get(reverse("documents:import", args=[found.pk])), "已放弃，未导入任何数据")
    assertContains(client.post(url), "不能再次确认或放弃", status_code=409)


def test_the_import_of_another_is_not_found(client, by):
    found = begun(client, "甲村")
    client.force_login(UserFactory(username="lisi"))
    for name in ("import", "import-marked"):
        assert client.get(reverse(f"documents:{name}", args=[found.pk])).status_code == 404
    for name in ("import", "drop-import"):
        assert client.post(reverse(f"documents:{name}", args=[found.pk])).status_code == 404


def test_who_may_not_import_sees_no_page(client, by):
    client.force_login(UserFactory(username="stranger"))
    assert client.get(NEW).status_code == 403
    assert client.get(reverse("documents:import-template", args=["villages"])).status_code == 403
    assert client.get(reverse("documents:new-import", args=["unknown"])).status_code == 404
