"""A document from upload to adoption with the real reader; bad documents are refused at the file field."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from nongan.accounts.rules import Role
from nongan.common.media import DOCX
from nongan.documents.models import Document
from nongan.programme.models import Plan, PlanFile, PlanVersion, Task, TaskUnit
from nongan.programme.services import drafts
from tests.accounts.factories import CITY, COUNTY, OrganisationFactory, UserFactory
from tests.conftest import NOON
from tests.programme.factories import adopt, adopted, plan_docx

pytestmark = pytest.mark.django_db
REAL = Path(__file__).resolve().parents[3] / "shared" / "plans" / "two-plans.txt"
UPLOAD = "programme:upload"


@pytest.fixture
def office(client):
    user = UserFactory(organisation=OrganisationFactory(name="宜春市创建办"))
    client.force_login(user)
    return user


def upload(client, data, name="方案.docx", query="", **fields):
    file = SimpleUploadedFile(name, data)
    return client.post(reverse(UPLOAD) + query, {"file": file, "division": CITY, **fields})


def test_a_document_becomes_a_draft(client, office):
    response = upload(client, plan_docx())
    version = PlanVersion.objects.get()
    assertRedirects(response, reverse("programme:review", args=[version.pk]))
    content = version.content
    assert content["title"] == "丰城市创建国家农产品质量安全县实施方案"
    assert [task["number"] for task in content["tasks"]] == ["1", "2", "3"]
    assert (content["tasks"][1]["lead"], content["tasks"][1]["support"]) == (
        "市农业农村局",
        "市生态环境局、各县市区政府",
    )
    by_indicator = {target["indicator"]: (target["comparator"], target["value"]) for target in content["targets"]}
    assert by_indicator["quantitative_batches"] == (">=", "20000")
    assert by_indicator["major_incidents"] == ("=", "0")
    assert [(phase["from"], phase["to"]) for phase in content["phases"]][1] == ("2026-03-01", "2026-10-31")
    page = client.get(response["Location"])
    for task in content["tasks"]:
        assertContains(page, f'id="s-{task["id"]}"')


def test_from_the_document_to_tasks(client, office):
    upload(client, plan_docx())
    version = adopt(PlanVersion.objects.get()).version
    assert [task.due.isoformat() for task in version.tasks.all()] == ["2026-10-31"] * 3
    assert version.targets.get(indicator="quantitative_batches").task.number == 3
    assert TaskUnit.objects.filter(name="各县市区政府").count() == 2


def test_a_second_document_is_the_next_version(client, office):
    version = adopted()
    query = f"?plan={version.plan_id}"
    assertContains(client.get(reverse(UPLOAD) + query), "上传新版本")
    upload(client, plan_docx(), query=query)
    new = PlanVersion.objects.get(plan=version.plan, state="draft")
    assert new.number == version.number + 1
    assertContains(client.get(reverse("programme:difference", args=[new.pk])), "处变化")


@pytest.mark.parametrize(
    "make, name, said",
    [
        (lambda: b"", "方案.docx", ""),
        (lambda: plan_docx()[:3000], "方案.docx", ""),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "方案.docx", "加密"),
        (lambda: b"%PDF-1.7 ...", "方案.docx", ""),
        (lambda: b"MZ", "方案.exe", "只能读取"),
        (lambda: "今天天气很好。".encode(), "方案.txt", "任务"),
        (lambda: b"x" * (20 * 1024 * 1024 + 1), "方案.txt", "20 MB"),
        (lambda: bomb(), "方案.docx", "异常"),
    ],
    ids=["empty", "broken", "encrypted", "pdf inside", "wrong ending", "no tasks", "huge", "zip bomb"],
)
def test_bad_documents_are_refused_at_the_file(client, office, make, name, said):
    response = upload(client, make(), name)
    assert response.status_code == 422
    assertContains(response, 'href="#field-file"', status_code=422)
    assertContains(response, said, status_code=422)
    assert not (Plan.objects.exists() or PlanFile.objects.exists() or Document.objects.exists())


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", DOCX)
        archive.writestr("word/document.xml", b"\0" * (300 * 1024 * 1024))
    return content.getvalue()


def test_uploading_is_guarded(client, office):
    version = adopted()
    for who, status in [({"role": Role.UNIT}, 403), ({"role": Role.ADMINISTRATOR}, 403)]:
        client.force_login(UserFactory(**who))
        assert client.get(reverse(UPLOAD)).status_code == status
        assert upload(client, plan_docx()).status_code == status
    client.force_login(UserFactory(division_id="410100000000"))
    assert client.get(reverse(UPLOAD) + f"?plan={version.plan_id}").status_code == 404
    client.force_login(UserFactory(division_id=COUNTY))  # reads the city's plan, does not change it
    assert upload(client, plan_docx(), query=f"?plan={version.plan_id}").status_code == 403
    assert upload(client, plan_docx(), division="410100000000").status_code == 422
    assert PlanVersion.objects.count() == 1


@pytest.mark.skipif(not REAL.exists(), reason="the file of real plans lies beside the repository only")
def test_the_two_real_plans_are_adopted_whole(client, office):
    assertRedirects(
        upload(client, REAL.read_bytes(), REAL.name), reverse("programme:choose", args=[PlanFile.objects.get().pk])
    )
    file = PlanFile.objects.get()
    assertContains(client.get(reverse("programme:choose", args=[file.pk])), "31 项任务")
    made = drafts.begin_drafts(file_id=file.pk, positions=[0, 1], by=office, at=NOON)
    for version, tasks, phases in zip(made, (31, 32), (5, 4), strict=True):
        adopt(version)
        assert (Task.objects.filter(plan_version=version).count(), version.phases.count()) == (tasks, phases)
        assert version.targets.count() >= 20
        assert not version.tasks.filter(units__isnull=True).exists()
        assertContains(client.get(reverse("programme:plan", args=[version.plan_id])), f"任务 {tasks} 项")
