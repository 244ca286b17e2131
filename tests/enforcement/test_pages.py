"""Cases and disposal on screen: what is shown to whom, in how many queries, what is refused and where."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from config.home import SEARCHES, TODOS
from nongan.accounts.rules import Role
from nongan.enforcement import queries, services
from nongan.enforcement.models import Case, Disposal
from nongan.enforcement.rules.acts import Act
from nongan.enforcement.rules.transfer import Goods, Paper
from tests.accounts.factories import CITY, COUNTY, OTHER_COUNTY, UserFactory
from tests.enforcement.factories import DAY, HOUR, Agency, disposed, driven, handed, lead, transferred
from tests.monitoring.factories import SamplerFactory, judged_sample
from tests.registry.factories import SubjectFactory
from tests.standards.factories import small_law

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
LONG = "宜春市袁州区彬江镇绿源无公害蔬菜种植专业合作社联合社（普通合伙）第一分社"


@pytest.fixture(autouse=True)
def law(db):
    small_law()


@pytest.fixture
def began():
    """Pages read the clock, so what they show began a little before now."""
    return timezone.now().replace(microsecond=0) - 10 * DAY


@pytest.fixture
def agency():
    return Agency()


def page_of(case, name="case"):
    return reverse(f"enforcement:{name}", args=[case.number])


def act_of(case, act):
    return reverse("enforcement:act", args=[case.number, act])


def do(client, case, act, **typed):
    return client.post(act_of(case, act), {"version": Case.objects.get(pk=case.pk).version, **typed})


def paper(name="材料.txt"):
    return SimpleUploadedFile(name, "内容".encode())


def sheet(response):
    return [list(row) for row in load_workbook(io.BytesIO(response.getvalue())).active.values]


def text_of(response):
    document = Document(io.BytesIO(response.getvalue()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


# --- lists ---


def test_the_list_of_cases(client, agency, began, django_assert_max_num_queries):
    subject = SubjectFactory(name=LONG)
    for n in range(30):
        lead(at=began + n * HOUR, banned=n % 3 == 0, subject=subject)
    driven("decided", agency, at=began)
    client.force_login(agency.first)
    with django_assert_max_num_queries(14):
        response = client.get(reverse("enforcement:cases"))
    assertContains(response, LONG, 30)
    assertContains(response, "共 31 条")
    assertContains(response, "待负责人决定", 11)  # ten, and the choice in the query row
    assertContains(response, "李明、王芳")
    with django_assert_max_num_queries(14):
        part = client.get(reverse("enforcement:cases"), {"size": 20}, headers=HTMX)
    assertNotContains(part, "<html")
    assertContains(part, "下一页")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "lead"}, 2), ({"state": "filed"}, 1), ({"clock": "late"}, 1), ({"clock": "any"}, 3),
        ({"order": "urgent"}, 3), ({"mine": "on"}, 1), ({"source": "sample"}, 3), ({"source": "complaint"}, 0),
        ({"transfer": "suspected"}, 1), ({"withdrawn": "on"}, 0), ({"text": "禁止使用"}, 1), ({"text": "AJ-360902"}, 3),
        ({"text": "CY-2026"}, 3), ({"text": "没有"}, 0), ({"division": "360902100000"}, 3),
        ({"division": OTHER_COUNTY}, 0), ({"clock": "day"}, 0), ({"clock": "three"}, 1),
    ],
)  # fmt: skip
def test_cases_are_found(client, agency, query, found):
    now = timezone.now()
    lead(at=now - 60 * DAY)
    lead(at=now - DAY, banned=True)
    driven("filed", agency, at=now - DAY)
    client.force_login(agency.first)
    response = client.get(reverse("enforcement:cases"), query)
    assert response.status_code == 200
    assert len(response.context["rows"]) == found


def test_the_most_urgent_stand_first(client, agency, began):
    late, soon = lead(at=began - 30 * DAY), lead(at=timezone.now() - 2 * DAY, banned=True)
    closed = driven("closed", agency, at=began)
    client.force_login(agency.head)
    rows = client.get(reverse("enforcement:cases"), {"order": "urgent"}).context["rows"]
    assert [r["case"].number for r in rows] == [late.number, soon.number]
    assert rows[0]["clock"].text.startswith("逾期")
    assert closed.due_at is None


def test_empty_lists_say_why(client, agency):
    client.force_login(agency.first)
    assertContains(client.get(reverse("enforcement:cases")), "登记线索")
    assertContains(client.get(reverse("enforcement:disposals")), "自动产生处置责任")
    assertContains(client.get(reverse("enforcement:cases"), {"text": "无"}), "请放宽条件")


def test_lists_export_what_they_show(client, agency, began):
    case = driven("decided", agency, at=began)
    lead(at=began)
    client.force_login(agency.first)
    rows = sheet(client.get(reverse("enforcement:cases"), {"export": 1, "state": "decided"}))
    assert (len(rows), rows[1][0], rows[1][19]) == (2, case.number, 50_000)
    rows = sheet(client.get(reverse("enforcement:disposals"), {"export": 1}))
    assert len(rows) == 3


def test_the_list_of_disposals(client, agency, began, django_assert_max_num_queries):
    for n in range(25):
        lead(at=began + n * HOUR, subject__name=LONG)
    disposed(lead(at=began), agency, began + DAY)
    client.force_login(agency.person(Role.SUPERVISOR, "刘监管"))
    with django_assert_max_num_queries(14):
        response = client.get(reverse("enforcement:disposals"))
    assertContains(response, "共 26 条")
    assertContains(response, "未核实", 25)
    undone = client.get(reverse("enforcement:disposals"), {"state": "undone", "text": "豇豆"})
    assert len(undone.context["rows"]) == 25
    for text, found in (("CZ-360902", 26), ("AJ-360902", 26), ("CY-", 26), ("无此人", 0)):
        assert len(client.get(reverse("enforcement:disposals"), {"text": text}).context["rows"]) == found


# --- who sees what ---


def test_pages_need_the_permission(client, agency):
    case = lead()
    client.force_login(UserFactory(role=Role.ANALYST, division_id=CITY))
    duty = Disposal.objects.get()
    for url in (
        reverse("enforcement:cases"), page_of(case), reverse("enforcement:disposals"), reverse("enforcement:new-case"),
        reverse("enforcement:disposal", args=[duty.number]), reverse("enforcement:officer-options"),
    ):  # fmt: skip
        assert client.get(url).status_code == 403


def test_other_places_are_not_seen(client, began):
    case = lead(at=began)
    duty = Disposal.objects.get()
    client.force_login(UserFactory(role=Role.OFFICER_HEAD, division_id=OTHER_COUNTY))
    assert client.get(reverse("enforcement:cases")).context["rows"] == []
    for url in (
        page_of(case), act_of(case, "decline"), reverse("enforcement:disposal", args=[duty.number]),
        reverse("enforcement:book", args=[duty.number]), page_of(case, "filing-paper"),
    ):  # fmt: skip
        assert client.get(url).status_code == 404
    client.force_login(UserFactory(role=Role.OFFICER, division_id=None))
    assert client.get(reverse("enforcement:cases")).context["rows"] == []


@pytest.mark.parametrize("role", [Role.UNIT, Role.SUPERVISOR, Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR])
def test_readers_see_no_buttons(client, began, role):
    case = lead(at=began)
    client.force_login(UserFactory(role=role, division_id=COUNTY))
    response = client.get(page_of(case))
    assertNotContains(response, act_of(case, "ask-filing"))
    for act in Act:
        assert client.get(act_of(case, act.value)).status_code == 403
    assert client.post(act_of(case, "decline"), {"version": 1, "reason": "x"}).status_code == 403


def test_every_act_has_its_page_for_the_right_hand_only(client, agency, began):
    case = driven("filed", agency, at=began)
    client.force_login(agency.head)
    for act in set(Act) - {Act.REVIEW}:
        assert client.get(act_of(case, act.value)).status_code == 200, act
    client.force_login(agency.reviewer)
    assert client.get(act_of(case, "review")).status_code == 200
    for act in (Act.INQUIRE, Act.DECIDE, Act.FILE):
        assert client.get(act_of(case, act.value)).status_code == 403, act
    assert client.get(act_of(case, "nonsense")).status_code == 404


# --- one case ---


def test_the_next_lawful_act_is_the_only_filled_button(client, agency, began):
    for to, who, act in [
        ("asked", "head", "file"), ("filed", "first", "inquire"), ("investigating", "first", "propose"),
        ("proposed", "reviewer", "review"), ("reviewed", "first", "notify"), ("notified", "first", "answer"),
        ("answered", "head", "decide"), ("decided", "first", "execute"), ("disposed", "head", "close"),
    ]:  # fmt: skip
        case = driven(to, agency, at=began)
        client.force_login(getattr(agency, who))
        response = client.get(page_of(case))
        assert response.context["first"] == act, to
        assertContains(response, 'btn btn-primary" href="', 1)


def test_what_the_law_refuses_stands_there_with_its_reason(client, agency, began):
    case = driven("executed", agency, at=began)
    client.force_login(agency.head)
    response = client.get(page_of(case))
    assertContains(response, "使重量结清")
    assertContains(response, 'aria-disabled="true">结案')


@pytest.mark.parametrize("to", ["asked", "investigating", "answered", "closed"])
def test_a_case_costs_few_queries(client, agency, began, to, django_assert_max_num_queries):
    case = driven(to, agency, at=began)
    for n in range(8):
        lead(at=began + n * HOUR, subject=case.subject)
    client.force_login(agency.head)
    client.get(page_of(case))
    with django_assert_max_num_queries(20):
        response = client.get(page_of(case))
    assertContains(response, "同一主体的其他案件 5")


def test_the_transfer_with_its_clock(client, agency, django_assert_max_num_queries):
    case = transferred("approved", agency, at=timezone.now() - 2 * HOUR)
    client.force_login(agency.first)
    response = client.get(page_of(case))
    assertContains(response, "剩 22 小时")
    assertContains(response, "第五条第二款")
    assert response.context["first"] == Act.HAND_OVER
    done = transferred("received", agency, at=timezone.now() - DAY)
    with django_assert_max_num_queries(20):
        response = client.get(page_of(done))
    assertContains(response, "涉案物品清单")
    assertContains(response, "/documents/files/")


def test_a_withdrawn_report_is_told(client, agency, began):
    case = driven("answered", agency, at=began)
    Case.objects.filter(pk=case.pk).update(withdrawn_at=began + DAY)
    client.force_login(agency.head)
    response = client.get(page_of(case))
    assertContains(response, "案件暂停办理")
    assertContains(response, "检测结果没有被推翻")
    Case.objects.filter(pk=case.pk).update(refuted_at=began + DAY)
    assert client.get(page_of(case)).context["first"] == Act.DISMISS


# --- acts by form ---


def test_a_whole_case_by_its_forms(client, agency, began):
    case = lead(at=began)
    now = timezone.localtime()
    steps = [
        ("first", "ask-filing", {**agency.pair, "cause": case.cause, "grounds": "报告", "procedure": "agriculture"}),
        ("head", "file", {}),
        ("first", "inquire", {"kind": "site", "held_on": now.date(), "text": "现场检查", "attachments": paper()}),
        ("first", "propose", {"outcome": "penalty", "facts": "销售 200 千克", "article": "71", "goods_value": "1200",
                              "fine": "50000", "confiscated": "300"}),
        ("reviewer", "review", {"passed": "yes", "opinion": "合法"}),
        ("first", "notify", {"served_at": f"{now:%Y-%m-%dT%H:%M}", "hearing": "on"}),
        ("first", "answer", {"answer": "放弃"}),
        ("head", "decide", {"decision_number": "袁农罚〔2026〕1号", "fine": "50000", "confiscated": "300"}),
        ("first", "execute", {"paid": "50300", "executed_on": now.date()}),
    ]  # fmt: skip
    for who, act, typed in steps:
        client.force_login(getattr(agency, who))
        response = do(client, case, act, **typed)
        assert response.status_code == 302, (act, response.context and response.context["form"].errors)
    disposed(case, agency, timezone.now())
    client.force_login(agency.head)
    assertRedirects(do(client, case, "close", reason="执行完毕"), page_of(case))
    case.refresh_from_db()
    assert (case.state, case.paid) == ("closed", Decimal(50_300))


def test_the_police_by_their_forms(client, agency):
    case = lead(banned=True, at=timezone.now() - HOUR)
    client.force_login(agency.head)
    assert do(client, case, "approve", **agency.pair).status_code == 302
    client.force_login(agency.first)
    papers = {f"paper_{p.value}": paper() for p in Paper}
    missing = {name: file for name, file in papers.items() if name != "paper_goods"}
    typed = {"police": "袁州区公安局", "letter_number": "袁农移〔2026〕1号"}
    response = do(client, case, "hand-over", **typed, **missing)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"paper_goods"}
    assertContains(response, "袁州区公安局", status_code=422)
    papers = {f"paper_{p.value}": paper() for p in Paper}
    assert do(client, case, "hand-over", **typed, **papers).status_code == 302
    moment = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    assert do(client, case, "receipt", received_at=moment, receiver="周警官").status_code == 302
    response = do(client, case, "police", filed="no", answered_at=moment, answer_number="1号")
    assert "reason" in response.context["form"].errors
    assert do(
        client, case, "police", filed="no", answered_at=moment, answer_number="1号", reason="情节轻微"
    ).status_code == 302  # fmt: skip
    assertContains(client.get(page_of(case)), "情节轻微")


def goods(**lines):
    """Boxes of the list: two lines, the second empty."""
    empty = {"name": "", "quantity": "", "unit": "", "note": ""}
    return {f"items-{column}": [lines.get(column, ""), ""] for column in empty}


def test_goods_follow_by_their_form(client, agency, django_assert_max_num_queries):
    case = transferred("filed", agency, at=timezone.now() - DAY - HOUR)
    client.force_login(agency.first)
    response = client.get(page_of(case))
    assert response.context["first"] == Act.GOODS
    assertContains(response, "移交涉案物品和材料")
    assertContains(response, "第十二条")
    empty = client.get(act_of(case, "goods"))
    assertContains(empty, "袁公立〔2026〕9号")
    assertContains(empty, 'name="items-name"', 10)
    response = do(client, case, "goods", **goods(name="豇豆", quantity="三十", unit="千克"))
    assertContains(response, "“三十”不是数量", status_code=422)
    assertContains(response, 'value="三十"', status_code=422)
    response = do(client, case, "goods", **goods())
    assert set(response.context["form"].errors) == {"items"}
    typed = goods(name="豇豆", quantity="1,037.50", unit="千克", note="批号 0512")
    response = do(client, case, "goods", **typed, receiver="周警官")
    assert set(response.context["form"].errors) == {"attachments"}
    response = do(client, case, "goods", **typed, receiver="周警官", attachments=paper("交接清单.txt"))
    assertRedirects(response, page_of(case))
    with django_assert_max_num_queries(22):
        response = client.get(page_of(case))
    for words in ("移交涉案物品 1 种", "1,037.5 千克", "批号 0512", "交接清单.txt", "接收人 周警官"):
        assertContains(response, words)
    assert Act.GOODS in response.context["others"]  # what was forgotten can follow
    client.force_login(agency.head)
    refused = {act: str(why) for act, why in client.get(page_of(case)).context["refused"]}
    assert "使重量结清" in refused[Act.CLOSE]


def test_the_form_offers_the_product_of_the_duty(client, agency):
    case = transferred("filed", agency, at=timezone.now() - DAY - HOUR)
    services.establish_weight(
        number=case.disposal.number, involved=Decimal("37.500"), basis="称重", by=agency.first, at=timezone.now()
    )
    client.force_login(agency.first)
    offered = client.get(act_of(case, "goods")).context["form"].initial["items"]
    assert offered == [Goods("豇豆", Decimal("37.5"), "千克")]
    way = reverse("enforcement:book", args=[case.disposal.number])
    assertNotContains(client.get(way), "随案移交公安机关")
    handed(case, agency, timezone.now())
    assertContains(client.get(way), "随案移交公安机关")
    assert "items" not in client.get(act_of(case, "goods")).context["form"].initial


def test_late_goods_are_told_in_the_list(client, agency):
    at = timezone.now()
    running = transferred("filed", agency, at=at - 9 * DAY)
    done = transferred("filed", agency, at=at - 9 * DAY)
    handed(done, agency, at - HOUR)
    client.force_login(agency.first)
    assertContains(client.get(reverse("enforcement:cases")), "物品移交逾期", 1)
    late = client.get(reverse("enforcement:cases"), {"clock": "late"})
    assert [r["case"].number for r in late.context["rows"]] == [running.number]
    assertContains(late, "移交涉案物品和材料")
    assertContains(client.get(page_of(done)), "逾期")
    rows = sheet(client.get(reverse("enforcement:cases"), {"export": 1, "text": done.number}))
    assert rows[0][-2:] == ["涉案物品移交期限", "涉案物品移交时间"]
    assert rows[1][-2] < rows[1][-1]


def test_every_file_is_listed_with_its_act(client, agency, began):
    case = driven("filed", agency, at=began)
    client.force_login(agency.first)
    today = timezone.localdate()
    do(client, case, "inquire", kind="site", held_on=today, text="现场检查", attachments=paper("勘验笔录.txt"))
    do(client, case, "propose", outcome="penalty", facts="销售", article="71", goods_value="1200", fine="50000")
    services.review_case(number=case.number, passed=True, opinion="合法", by=agency.reviewer, at=timezone.now())
    moment = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    do(client, case, "notify", served_at=moment, hearing="on", attachments=paper("告知书.txt"))
    do(client, case, "answer", answer="放弃", attachments=paper("陈述.txt"))
    disposed(case, agency, timezone.now())
    response = client.get(page_of(case))
    files = [(f.document.name, str(f.act)) for f, _link in response.context["files"]]
    assert files == [
        ("勘验笔录.txt", "登记调查取证"), ("告知书.txt", "告知当事人"), ("陈述.txt", "登记陈述申辩"),
        ("现场.txt", "处置不合格产品"),
    ]  # fmt: skip
    assertContains(response, "文件 4")
    for _file, link in response.context["files"]:
        assert client.get(link).status_code == 200
    client.force_login(UserFactory(role=Role.OFFICER, division_id=OTHER_COUNTY))
    assert client.get(response.context["files"][0][1]).status_code == 404


def test_errors_stand_at_their_field_and_nothing_typed_is_lost(client, agency, began):
    case = driven("investigating", agency, at=began)
    client.force_login(agency.first)
    typed = {"outcome": "penalty", "facts": "销售超标豇豆", "article": "71", "goods_value": "1200", "fine": "1"}
    response = do(client, case, "propose", **typed)
    assertContains(response, "不在法定幅度 50000–100000 元内", status_code=422)
    assertContains(response, "销售超标豇豆", status_code=422)
    response = do(client, case, "propose", **{**typed, "goods_value": ""})
    assert "goods_value" in response.context["form"].errors
    assert do(client, case, "propose", **{**typed, "fine": "千"}).status_code == 422
    assert Case.objects.get(pk=case.pk).proposed == ""


def test_a_file_that_is_no_file(client, agency, began):
    case = driven("filed", agency, at=began)
    client.force_login(agency.first)
    bad = SimpleUploadedFile("病毒.exe", b"MZ")
    typed = {"kind": "site", "held_on": timezone.localdate(), "text": "现场检查"}
    response = do(client, case, "inquire", **typed, attachments=bad)
    assert "attachments" in response.context["form"].errors
    assert response.status_code == 422


def test_officers_are_picked_and_unknown_ones_refused(client, agency, began):
    case = lead(at=began)
    client.force_login(agency.first)
    response = do(
        client, case, "ask-filing", officer="李明", second="没有这人", cause="x", grounds="x", procedure="market"
    )
    assert set(response.context["form"].errors) == {"second"}
    response = do(client, case, "ask-filing", officer="李明", second="李明", cause="x", grounds="x", procedure="market")
    assertContains(response, "不得少于两人", status_code=422)
    options = client.get(reverse("enforcement:officer-options"), {"officer": "王"})
    assertContains(options, f"王芳 · {agency.organisation.name}")
    assert do(
        client, case, "ask-filing", officer="李明", second="王芳", cause="x", grounds="x", procedure="market"
    ).status_code == 302  # fmt: skip


def test_the_second_to_save_is_told_and_may_save_again(client, agency, began):
    case = driven("investigating", agency, at=began)
    client.force_login(agency.first)
    typed = {"kind": "other", "held_on": timezone.localdate(), "text": "第二次询问"}
    response = client.post(act_of(case, "inquire"), {"version": 1, **typed})
    assertContains(response, "刚被他人修改", status_code=422)
    assertContains(response, "第二次询问", status_code=422)
    again = client.post(act_of(case, "inquire"), {"version": response.context["form"]["version"].value(), **typed})
    assert again.status_code == 302


def test_an_act_out_of_turn_is_refused_on_its_page(client, agency, began):
    case = lead(at=began)
    client.force_login(agency.head)
    assertContains(client.get(act_of(case, "decide")), "不能作出决定")
    response = do(client, case, "decide", decision_number="1号")
    assertContains(response, "不能作出决定", status_code=422)


def test_a_lead_by_hand(client, agency):
    client.force_login(agency.first)
    url = reverse("enforcement:new-case")
    assert client.get(url).status_code == 200
    typed = {
        "source": "complaint", "party": "", "division": "彬江镇", "cause": "涉嫌销售病死猪肉", "finding": "群众举报",
        "procedure": "market",
    }  # fmt: skip
    response = client.post(url, typed)
    assert set(response.context["form"].errors) == {"party"}
    assertContains(response, "群众举报", status_code=422)
    ahead = f"{timezone.localtime() + DAY:%Y-%m-%dT%H:%M}"
    response = client.post(url, {**typed, "party": "路边摊", "found_at": ahead})
    assert set(response.context["form"].errors) == {"found_at"}
    made = client.post(url, {**typed, "party": "路边摊"})
    case = Case.objects.get(party="路边摊")
    assertRedirects(made, page_of(case))
    subject = SubjectFactory()
    client.post(url, {**typed, "subject": subject.number})
    assert Case.objects.filter(party=subject.name, subject=subject).exists()
    client.force_login(agency.person(Role.SUPERVISOR, "监管"))
    assert client.get(url).status_code == 403


# --- disposal ---


def test_a_duty_by_its_forms(client, agency, django_assert_max_num_queries):
    case = lead(at=timezone.now() - DAY)
    duty = Disposal.objects.get(case=case)
    supervisor = agency.person(Role.SUPERVISOR, "刘监管")
    client.force_login(supervisor)
    url = reverse("enforcement:disposal", args=[duty.number])
    assertContains(client.get(url), "先登记涉案数量")

    def post(name, **typed):
        version = Disposal.objects.get(pk=duty.pk).version
        return client.post(reverse(f"enforcement:{name}", args=[duty.number]), {"version": version, **typed})

    today = timezone.localdate()
    assert "involved" in post("involved", involved="0", basis="台账").context["form"].errors
    assertRedirects(post("involved", involved="200.5", basis="台账"), url)
    response = post("book", method="destroy", kg="100", done_on=today)
    assert set(response.context["form"].errors) == {"attachments"}
    response = post("book", method="destroy", kg="300", done_on=today, attachments=paper())
    assertContains(response, "重量不平", status_code=422)
    assert set(response.context["form"].errors) == {"kg"}
    assertRedirects(post("book", method="destroy", kg="100.5", done_on=today, attachments=paper("照片.txt")), url)
    with django_assert_max_num_queries(20):
        shown = client.get(url)
    assertContains(shown, "照片.txt")
    assertContains(shown, "<dd>100 <small>千克</small></dd>")
    line = duty.lines.get()
    back = reverse("enforcement:reverse-line", args=[duty.number, line.pk])
    assert client.get(back).status_code == 200
    version = Disposal.objects.get(pk=duty.pk).version
    assert client.post(back, {"reason": "", "version": version}).status_code == 422
    assert "刚被他人修改" in client.post(back, {"reason": "登错", "version": 1}).content.decode()
    assertRedirects(client.post(back, {"reason": "登错", "version": version}), url)
    assertContains(client.get(url), "冲销")


def test_readers_book_nothing(client, began):
    lead(at=began)
    duty = Disposal.objects.get()
    client.force_login(UserFactory(role=Role.UNIT, division_id=COUNTY))
    assertNotContains(client.get(reverse("enforcement:disposal", args=[duty.number])), "登记涉案数量")
    for name in ("involved", "book"):
        assert client.get(reverse(f"enforcement:{name}", args=[duty.number])).status_code == 403


# --- papers, to-do, search ---


def test_the_papers(client, agency, began):
    case = transferred("approved", agency, at=began)
    client.force_login(agency.first)
    assert client.get(page_of(case, "filing-paper")).status_code == 404
    letter = text_of(client.get(page_of(case, "transfer-paper")))
    for words in ("涉嫌犯罪案件移送书", case.number, case.party, "第六条", "涉案物品清单", "回执", "李明、王芳"):
        assert words in letter, words
    assert client.get(page_of(case, "goods-paper")).status_code == 404
    by_police = transferred("filed", agency, at=began)
    empty = text_of(client.get(page_of(by_police, "goods-paper")))
    for words in ("涉案物品移交清单", "袁公立〔2026〕9号", "袁州区公安局", "物品 6", "第十二条"):
        assert words in empty, words
    handed(by_police, agency, timezone.now())
    listed = text_of(client.get(page_of(by_police, "goods-paper")))
    assert "豇豆　37.5 千克　批号 0512" in listed
    assert "物品 2" not in listed
    filed = driven("filed", agency, at=began)
    form = text_of(client.get(page_of(filed, "filing-paper")))
    for words in ("行政处罚立案审批表", filed.cause, "建议立案调查", "同意立案", "赵局", agency.organisation.name):
        assert words in form, words
    assert client.get(page_of(filed, "transfer-paper")).status_code == 404


def test_what_waits_for_whom(agency, django_assert_max_num_queries):
    assert queries.todos in TODOS
    assert queries.search in SEARCHES
    now = timezone.now()
    lead(banned=True, at=now - DAY)
    driven("asked", agency, at=now - DAY)
    approved = transferred("approved", agency, at=now - 20 * HOUR)
    head = {todo.text for todo in queries.todos(agency.head, now)}
    assert {text.split(" ")[0] for text in head} == {"决定是否移送", "审批立案", "处置不合格产品"}
    mine = {todo.text: todo for todo in queries.todos(agency.first, now)}
    todo = next(t for text, t in mine.items() if text.startswith("移送公安机关"))
    assert (todo.text, todo.tone, todo.url) == ("移送公安机关 剩 5 小时", "bad", page_of(approved))
    assert any(text.startswith("核查线索 1 条") for text in mine)
    with django_assert_max_num_queries(8):
        queries.todos(agency.head, now)
    assert queries.todos(UserFactory(role=Role.ANALYST, division_id=CITY), now) == []
    (only,) = queries.todos(agency.person(Role.SUPERVISOR, "监管"), now)
    assert only.text.startswith("处置不合格产品 3 批")


def test_search(agency, began):
    case = lead(at=began)
    duty = Disposal.objects.get()
    assert [hit.url for hit in queries.search(agency.first, case.number)] == [page_of(case)]
    assert [hit.url for hit in queries.search(agency.first, case.party[:6])] == [page_of(case)]
    assert [hit.number for hit in queries.search(agency.first, duty.number)] == [duty.number]
    assert queries.search(UserFactory(role=Role.ANALYST), case.number) == []
    assert queries.search(UserFactory(role=Role.OFFICER, division_id=OTHER_COUNTY), case.number) == []


def test_the_first_page_with_cases(client, agency, django_assert_max_num_queries):
    transferred("approved", agency, at=timezone.now() - 20 * HOUR)
    client.force_login(agency.first)
    with django_assert_max_num_queries(40):
        response = client.get(reverse("home"))
    assertContains(response, "移送公安机关 剩 4 小时")


def test_a_case_of_a_real_report_shows_its_failing_items(client, agency, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        sample = judged_sample("0.5", by=SamplerFactory(division_id=COUNTY), subject=SubjectFactory(name=LONG).number)
    client.force_login(agency.first)
    response = client.get(page_of(Case.objects.get(sample=sample)))
    assertContains(response, "<td>克百威")
    assertContains(response, "0.02")
    assertContains(response, LONG)
