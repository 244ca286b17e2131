"""Tables in, for systems."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.accounts.factories import UserFactory
from tests.documents.factories import xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]
API = "/api/v1/documents/imports"


@pytest.fixture
def by(client):
    user = UserFactory(username="zhangsan")
    client.force_login(user)
    return user


def upload(client, *names, what="villages", data=None):
    file = SimpleUploadedFile("村庄.xlsx", data or xlsx(["名称"], *[[one] for one in names]))
    return client.post(API, {"file": file, "kind": what, "options": json.dumps({"year": "2026"})})


def test_everything_needs_a_login(client):
    assert upload(client, "甲村").status_code == 401
    for url in ("", "/1"):
        assert client.get(f"{API}{url}").status_code == 401
    for url in ("/1/confirm", "/1/drop"):
        assert client.post(f"{API}{url}").status_code == 401


def test_upload_report_confirm(client, by, kind):
    report = upload(client, "甲村", "乙村")
    assert (report.status_code, report.json()["state"], report.json()["problems"]) == (201, "checked", [])
    url = f"{API}/{report.json()['id']}"
    assert kind == []
    assert client.post(f"{url}/confirm").json()["state"] == "done"
    assert kind == [("甲村", "2026"), ("乙村", "2026")]
    assert client.post(f"{url}/confirm").json()["code"] == "import_refused"
    assert client.get(url).json()["rows"] == 2
    assert [one["id"] for one in client.get(API).json()["items"]] == [report.json()["id"]]


def test_faults_are_named_and_nothing_is_saved(client, by, kind):
    report = upload(client, "甲村", "坏村").json()
    assert report["problems"] == [{"row": 3, "field": "名称", "reason": "含坏字", "remedy": "请改名"}]
    refused = client.post(f"{API}/{report['id']}/confirm")
    assert (refused.status_code, refused.json()["code"]) == (409, "import_refused")
    assert client.post(f"{API}/{report['id']}/drop").json()["state"] == "dropped"
    assert kind == []


def test_refusals(client, by):
    assert upload(client, "甲村", what="unknown").status_code == 404
    assert upload(client, data=b"PK\x03\x04broken").json()["code"] == "file_refused"
    assert upload(client, data=b"1" * (20 * 1024 * 1024 + 1)).json()["code"] == "file_not_accepted"
    assert client.post(API, {"kind": "villages"}).status_code == 422
    file = SimpleUploadedFile("村庄.xlsx", xlsx(["名称"]))
    assert client.post(API, {"kind": "villages", "file": file, "options": "[1"}).status_code == 422
    mine = upload(client, "甲村").json()["id"]
    client.force_login(UserFactory(username="stranger"))
    assert upload(client, "甲村").status_code == 403
    assert client.get(f"{API}/{mine}").status_code == 404
    for act in ("confirm", "drop"):
        assert client.post(f"{API}/{mine}/{act}").status_code == 404
