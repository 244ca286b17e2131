"""The API: the same acts and refusals as the pages."""

import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from nongan.accounts.rules import Role
from nongan.enforcement.models import Case, Disposal
from nongan.enforcement.rules.transfer import Paper
from tests.accounts.factories import CITY, COUNTY, OTHER_COUNTY, UserFactory
from tests.enforcement.factories import DAY, HOUR, Agency, driven, lead, transferred
from tests.standards.factories import small_law

pytestmark = pytest.mark.django_db
API = "/api/v1/enforcement"


@pytest.fixture(autouse=True)
def law(db):
    small_law()


@pytest.fixture
def agency():
    return Agency()


@pytest.fixture
def began():
    return timezone.now().replace(microsecond=0) - 5 * DAY


def send(client, url, **body):
    return client.post(f"{API}{url}", json.dumps(body, default=str), content_type="application/json")


def paper():
    return SimpleUploadedFile("材料.txt", "内容".encode())


def test_everything_needs_a_login_and_the_permission(client, began):
    case = lead(at=began)
    urls = ("/cases", f"/cases/{case.number}", "/disposals", f"/disposals/{Disposal.objects.get().number}")
    for url in urls:
        assert client.get(f"{API}{url}").status_code == 401
    assert send(client, f"/cases/{case.number}/file").status_code == 401
    client.force_login(UserFactory(role=Role.ANALYST, division_id=CITY))
    for url in urls:
        assert client.get(f"{API}{url}").status_code == 403


def test_the_list_and_one_case(client, agency, began, django_assert_max_num_queries):
    for n in range(25):
        lead(at=began + n * HOUR, banned=n == 3)
    client.force_login(agency.first)
    with django_assert_max_num_queries(8):
        page = client.get(f"{API}/cases?size=20").json()
    assert (len(page["items"]), page["previous"]) == (20, "")
    assert len(client.get(f"{API}/cases?size=20&at={page['next']}").json()["items"]) == 5
    (suspected,) = client.get(f"{API}/cases?transfer=suspected").json()["items"]
    assert (suspected["transfer"]["state"], suspected["due_for"]) == ("suspected", "transfer")
    urgent = client.get(f"{API}/cases?urgent=true").json()["items"]
    assert urgent == sorted(urgent, key=lambda case: case["due_at"])
    for query, count in (("mine=true", 0), ("state=closed", 0), (f"division={OTHER_COUNTY}", 0), ("source=sample", 25)):
        assert len(client.get(f"{API}/cases?{query}").json()["items"]) == count
    assert client.get(f"{API}/cases?state=none").status_code == 422
    assert client.get(f"{API}/cases/{suspected['number']}").json() == suspected
    client.force_login(UserFactory(role=Role.OFFICER, division_id=OTHER_COUNTY))
    assert client.get(f"{API}/cases/{suspected['number']}").status_code == 404


def test_a_whole_case(client, agency, began):
    client.force_login(agency.first)
    made = send(
        client, "/cases", source="inspection", party="某合作社", division="360902100000", cause="涉嫌使用禁用农药",
        finding="现场发现", found_at=began,
    ).json()  # fmt: skip
    case, now = f"/cases/{made['number']}", timezone.now()
    steps = [
        ("first", "ask-filing", {**agency.pair, "cause": "涉嫌使用禁用农药", "grounds": "现场笔录"}),
        ("head", "file", {}),
        ("first", "inquire", {"kind": "site", "held_on": timezone.localdate(), "text": "现场检查"}),
        ("first", "propose", {"outcome": "penalty", "facts": "使用克百威", "article": "70", "goods_value": "800",
                              "fine": "100000"}),
        ("reviewer", "review", {"passed": True, "opinion": "合法"}),
        ("first", "notify", {"served_at": timezone.now()}),
        ("first", "answer", {"answer": "放弃"}),
        ("head", "decide", {"decision_number": "1号"}),
        ("first", "execute", {"paid": "100000", "executed_on": timezone.localdate()}),
        ("head", "close", {"reason": "执行完毕"}),
    ]  # fmt: skip
    for who, act, body in steps:
        client.force_login(getattr(agency, who))
        if act == "notify":
            body["served_at"] = timezone.now()
        response = send(client, f"{case}/{act}", **body)
        assert response.status_code == 200, (act, response.json())
    done = response.json()
    assert (done["state"], done["outcome"], Decimal(done["paid"])) == ("closed", "penalty", 100_000)
    assert timezone.now() > now


def test_refusals_name_themselves(client, agency, began):
    case = driven("filed", agency, at=began)
    client.force_login(agency.head)
    early = send(client, f"/cases/{case.number}/decide", decision_number="1号")
    assert (early.status_code, early.json()["code"]) == (409, "move_not_allowed")
    stale = send(client, f"/cases/{case.number}/inquire", kind="site", held_on="2026-05-12", text="x", version=1)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    client.force_login(agency.reviewer)
    assert send(client, f"/cases/{case.number}/extend", reason="x").status_code == 403
    client.force_login(UserFactory(role=Role.OFFICER_HEAD, division_id=OTHER_COUNTY))
    assert send(client, f"/cases/{case.number}/extend", reason="x").status_code == 404
    client.force_login(agency.head)
    assert send(client, f"/cases/{case.number}/extend").status_code == 422
    assert send(client, f"/cases/{case.number}/extend", reason="案情复杂").status_code == 200


def test_handing_over(client, agency):
    case = lead(banned=True, at=timezone.now() - HOUR)
    client.force_login(agency.head)
    assert send(client, f"/cases/{case.number}/approve", **agency.pair).status_code == 200
    client.force_login(agency.first)
    url, typed = f"{API}/cases/{case.number}/hand-over", {"police": "袁州区公安局", "letter_number": "1号"}
    missing = client.post(url, {**typed, "letter": paper()})
    assert (missing.status_code, missing.json()["code"]) == (409, "papers_missing")
    done = client.post(url, {**typed, **{p.value: paper() for p in Paper}}).json()
    assert (done["state"], done["transfer"]["in_time"]) == ("transferred", True)
    received = send(client, f"/cases/{case.number}/receipt", received_at=timezone.now(), receiver="周警官")
    assert received.json()["transfer"]["police_by"]
    police = {"filed": False, "answered_at": timezone.now(), "answer_number": "1号", "reason": "情节轻微"}
    assert send(client, f"/cases/{case.number}/police", **police).json()["transfer"]["state"] == "not_filed"
    asked = send(client, f"/cases/{case.number}/reconsider", grounds="事实清楚").json()
    assert asked["due_for"] == "police_again"
    again = send(client, f"/cases/{case.number}/reconsidered", **{**police, "answered_at": timezone.now()}).json()
    assert again["transfer"]["state"] == "not_filed"
    resumed = send(client, f"/cases/{case.number}/resume", reason="依法处罚").json()
    assert (resumed["state"], resumed["due_for"]) == ("investigating", "decide")


def test_goods_follow_and_files_are_listed(client, agency):
    case = transferred("filed", agency, at=timezone.now() - DAY - HOUR)
    client.force_login(agency.first)
    shown = client.get(f"{API}/cases/{case.number}").json()
    assert (shown["due_for"], shown["due_at"]) == ("goods", shown["transfer"]["goods_by"])
    url = f"{API}/cases/{case.number}/goods"
    goods = json.dumps({"items": [{"name": "豇豆", "quantity": "37.5", "unit": "千克"}, {"name": "账册"}]})
    bare = client.post(url, {"goods": goods, "receiver": "周警官"})
    assert (bare.status_code, bare.json()["code"]) == (409, "act_refused")
    assert client.post(url, {}).json()["code"] == "goods_refused"
    assert client.post(url, {"goods": "[{"}).status_code == 422
    done = client.post(url, {"goods": goods, "receiver": "周警官", "files": paper()}).json()
    assert (done["due_for"], done["transfer"]["goods_late"]) == ("", False)
    files = client.get(f"{API}/cases/{case.number}/files").json()
    assert [f["act"] for f in files] == ["移送公安机关"] * 5 + ["移交涉案物品"]
    assert (files[-1]["name"], files[-1]["size"]) == ("材料.txt", 6)
    assert client.get(files[-1]["link"]).status_code == 200
    client.force_login(UserFactory(role=Role.OFFICER, division_id=OTHER_COUNTY))
    assert client.get(f"{API}/cases/{case.number}/files").status_code == 404
    assert client.post(url, {"none_reason": "没有"}).status_code == 404
    client.force_login(UserFactory(role=Role.UNIT, division_id=COUNTY))
    assert client.post(url, {"none_reason": "没有"}).status_code == 403


def test_suspicion_refusal_and_the_rest(client, agency, began):
    case = driven("filed", agency, at=began)
    client.force_login(agency.first)
    send(client, f"/cases/{case.number}/suspect", **agency.pair, grounds="金额巨大")
    client.force_login(agency.head)
    refused = send(client, f"/cases/{case.number}/refuse", reason="不构成").json()
    assert refused["transfer"]["refused_reason"] == "不构成"
    assert send(client, f"/cases/{lead(at=began).number}/decline", reason="无管辖权").json()["state"] == "not_filed"
    assert send(client, f"/cases/{case.number}/dismiss", reason="x").json()["code"] == "not_lawful"
    back = driven("reviewed", agency, at=began)
    assert send(client, f"/cases/{back.number}/return", reason="补充").json()["state"] == "investigating"
    told = driven("notified", agency, at=timezone.now() - 8 * HOUR)
    client.force_login(agency.first)
    set_ = send(
        client, f"/cases/{told.number}/hearing", asked_at=timezone.now(), hearing_on=timezone.localdate() + 30 * DAY
    )
    assert set_.json()["state"] == "hearing"
    held = {"held_on": timezone.localdate(), "host": "孙主持", "record_text": "质证"}
    assert send(client, f"/cases/{told.number}/held", **held).status_code == 200
    assert Case.objects.get(pk=told.pk).hearing_held_at


def test_disposal(client, agency, began):
    case = lead(at=began)
    duty = Disposal.objects.get(case=case)
    client.force_login(UserFactory(role=Role.SUPERVISOR, division_id=COUNTY))
    (listed,) = client.get(f"{API}/disposals?state=open").json()["items"]
    assert (listed["number"], listed["remaining"]) == (duty.number, None)
    url = f"/disposals/{duty.number}"
    assert send(client, f"{url}/involved", involved="100.5", basis="台账").json()["remaining"] == "100.500"
    line = {"method": "destroy", "kg": "100.5", "done_on": timezone.localdate()}
    bare = client.post(f"{API}{url}/lines", line)
    assert (bare.status_code, bare.json()["code"]) == (409, "act_refused")
    done = client.post(f"{API}{url}/lines", {**line, "files": paper()}).json()
    assert (done["state"], done["lines"][0]["kg"]) == ("done", "100.500")
    back = send(client, f"{url}/lines/{done['lines'][0]['id']}/reverse", reason="登错").json()
    assert (back["state"], len(back["lines"])) == ("open", 2)
    assert send(client, f"{url}/lines/99999999/reverse", reason="登错").status_code == 404
    assert client.get(f"{API}/disposals?text=CZ-360902&division={OTHER_COUNTY}").json()["items"] == []
    client.force_login(UserFactory(role=Role.UNIT, division_id=COUNTY))
    assert send(client, f"{url}/involved", involved="1", basis="x").status_code == 403
