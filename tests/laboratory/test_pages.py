"""The pages of a laboratory: content, refusals, nothing typed is lost, few queries with hundreds of rows."""

import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from nongan.accounts.rules import Role
from nongan.journal.services import HANDLERS
from nongan.laboratory import services
from nongan.laboratory.models import Report, Specimen, Test
from nongan.standards.models import Limit
from nongan.standards.services import renew
from tests.accounts.factories import UserFactory
from tests.laboratory.factories import (
    FAILING,
    LaboratoryFactory,
    SpecimenFactory,
    entered,
    entries_of,
    people_of,
    received,
    seen,
    signed,
    submitted,
    typed,
    verified,
)
from tests.standards.factories import CARBOFURAN, CLENBUTEROL, ENROFLOXACIN, GRASS_CARP, IMIDACLOPRID, PORK, small_law

pytestmark = pytest.mark.django_db
SHEET = reverse("laboratory:worksheet")
VERIFY, SIGN, LIST = reverse("laboratory:verify"), reverse("laboratory:sign"), reverse("laboratory:specimens")


@pytest.fixture(autouse=True)
def law(db, monkeypatch):
    for action in [action for action in HANDLERS if action.startswith("laboratory.")]:
        monkeypatch.delitem(HANDLERS, action)
    small_law()


@pytest.fixture
def laboratory():
    return LaboratoryFactory(name="宜春市农产品质量安全检验检测中心")


@pytest.fixture
def people(laboratory):
    return people_of(laboratory)


def fresh(laboratory, count=1, **facts):
    """Received yesterday: pages live by the clock on the wall."""
    day = timezone.now() - timedelta(days=1)
    return SpecimenFactory.create_batch(count, laboratory=laboratory, received_at=day, **facts)


def today():
    return timezone.localdate().isoformat()


def form_of(response):
    """What the browser would send back: every box of the worksheet as it stands."""
    html = response.content.decode()
    inputs = re.findall(r"<input[^>]*>", html)
    found: dict[str, object] = {"code": re.findall(r'name="code" value="([^"]+)"', html)}
    for one in inputs:
        name, value = (
            re.search(r'name="((?:text|unit|lod|loq|method|seen)-\d+)"', one),
            re.search(r'value="([^"]*)"', one),
        )
        if name:
            found[name.group(1)] = value.group(1) if value else ""
    return {**found, "tested_on": today(), "do": "save"}


def row_of(specimen, analyte):
    return Test.objects.get(specimen=specimen, analyte=analyte)


def whole(sheet, text="ND"):
    """The form with every row filled in."""
    keys = [name.removeprefix("text-") for name in sheet if name.startswith("text-")]
    rows = {}
    for key in keys:
        rows |= {f"text-{key}": text, f"unit-{key}": "mg/kg", f"lod-{key}": "0.002", f"method-{key}": "GB 23200.121"}
    return {**sheet, **rows}


# The list


def test_the_list_shows_codes_and_food_and_nothing_of_the_origin(client, laboratory, people):
    (one,) = received(laboratory, 1)
    client.force_login(people.analyst)
    response = client.get(LIST)
    assertContains(response, one.code)
    assertContains(response, "豇豆")
    assertContains(response, "0 / 3")
    assertNotContains(response, "彬江")
    assertNotContains(client.get(LIST, headers={"HX-Request": "true"}), "<html")


def test_the_list_finds_by_state_code_food_and_day(client, laboratory, people):
    waiting, back, done = fresh(laboratory, 3)
    submitted([back], at=timezone.now())
    services.return_for_correction(seen=seen([back]), reason="重测", by=people.verifier, at=timezone.now())
    submitted([done], FAILING, at=timezone.now())
    client.force_login(people.analyst)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    for query, found in [
        ({"state": "entered"}, {done}), ({"state": "returned"}, {back}), ({"verdict": "fail"}, {done}),
        ({"code": waiting.code.lower()}, {waiting}), ({"commodity": "豇"}, {waiting, back, done}),
        ({"commodity": "草鱼"}, set()), ({"since": tomorrow}, set()), ({"until": tomorrow}, {waiting, back, done}),
    ]:  # fmt: skip
        assert set(client.get(LIST, query).context["page"].rows) == found, query
    sheet = load_workbook(io.BytesIO(client.get(LIST, {"export": 1, "state": "entered"}).content)).active
    assert [sheet["A2"].value, sheet["F2"].value, sheet["G2"].value] == [done.code, "待复核", "不合格"]


def test_the_list_takes_few_queries(client, laboratory, people, django_assert_max_num_queries):
    fresh(laboratory, 60)
    client.force_login(people.analyst)
    with django_assert_max_num_queries(10):  # session, user, organisation, rows, count, progress, name of the city
        client.get(LIST)


def test_an_empty_list_says_why(client, people):
    client.force_login(people.analyst)
    assertContains(client.get(LIST), "还没有样品")
    assertContains(client.get(SHEET), "没有待检的样品")
    client.force_login(people.verifier)
    assertContains(client.get(VERIFY), "没有等您复核的样品")
    client.force_login(people.signatory)
    assertContains(client.get(SIGN), "没有等您签发的样品")


# One specimen


def test_a_specimen_shows_results_reasons_and_what_i_may_do(client, laboratory, people, django_assert_max_num_queries):
    (one,) = fresh(laboratory)
    url = reverse("laboratory:specimen", args=[one.code])
    client.force_login(people.analyst)
    assertContains(client.get(url), "录入结果")
    verified([one], FAILING, at=timezone.now())
    assertNotContains(client.get(url), "去签发")
    client.force_login(people.signatory)
    with django_assert_max_num_queries(10):
        response = client.get(url)
    assertContains(response, "去签发")
    assertContains(response, "2.5 mg/kg 超过限量 ≤1 mg/kg")
    people.analyst.role = Role.SIGNATORY
    people.analyst.save()
    client.force_login(people.analyst)
    assertContains(client.get(url), "须由另一人办理")


def test_a_specimen_is_rejected_on_a_page(client, laboratory, people):
    (one,) = fresh(laboratory)
    url = reverse("laboratory:reject", args=[one.code])
    client.force_login(people.analyst)
    assertContains(client.get(url), one.code)
    wrong = client.post(url, {"cause": "other", "note": " ", "version": 1})
    assertContains(wrong, "请写明是什么原因", status_code=422)
    stale = client.post(url, {"cause": "seal", "note": "封条断裂", "version": 9})
    assertContains(stale, "封条断裂", status_code=422)
    assertRedirects(
        client.post(url, {"cause": "seal", "note": "封条断裂", "version": 1}),
        reverse("laboratory:specimen", args=[one.code]),
    )
    assertContains(client.get(reverse("laboratory:specimen", args=[one.code])), "封样破损或标识不清：封条断裂")


# The worksheet


def test_three_hundred_rows_on_one_page(client, laboratory, people, django_assert_max_num_queries):
    fresh(laboratory, 100)
    client.force_login(people.analyst)
    with django_assert_max_num_queries(8):
        response = client.get(SHEET)
    assertContains(response, "100 件样品，300 个项目")
    form = whole(form_of(response))
    assert len([name for name in form if name.startswith("text-")]) == 300
    with django_assert_max_num_queries(45):
        assert client.post(SHEET, form).status_code == 302
    assert Test.objects.filter(text="ND").count() == 300
    with django_assert_max_num_queries(45):
        sent = client.post(SHEET, {**form_of(client.get(SHEET)), "do": "submit"})
    assertRedirects(sent, f"{LIST}?state=entered", fetch_redirect_response=False)
    assert set(Specimen.objects.values_list("state", "verdict")) == {("entered", "pass")}


def test_a_half_filled_sheet_is_saved_and_says_what_is_wrong(client, laboratory, people):
    (one,) = fresh(laboratory)
    client.force_login(people.analyst)
    form = form_of(client.get(SHEET))
    key = row_of(one, CARBOFURAN).pk
    response = client.post(SHEET, {**form, f"text-{key}": "0.O1", f"method-{key}": "GB 23200.121"}, follow=True)
    assertContains(response, "看不懂“0.O1”")
    assertContains(response, 'value="0.O1"')
    assert row_of(one, CARBOFURAN).text == "0.O1"
    assert row_of(one, IMIDACLOPRID).entered_by is None, "rows on which only the offered conditions stand are no entry"


def test_handing_in_takes_what_is_whole_and_names_what_is_not(client, laboratory, people):
    done, half = fresh(laboratory, 2)
    client.force_login(people.analyst)
    form = whole(form_of(client.get(SHEET)))
    form |= {f"text-{row_of(half, CARBOFURAN).pk}": "", "do": "submit"}
    response = client.post(SHEET, form, follow=True)
    assertContains(response, "还有 1 行要补正")
    assertContains(response, "未检出请填 ND")
    assertNotContains(response, done.code)
    assert Specimen.objects.get(pk=done.pk).state == "entered"
    assert Specimen.objects.get(pk=half.pk).state == "received"


def test_handing_in_nothing_says_so(client, laboratory, people):
    fresh(laboratory, 2)
    client.force_login(people.analyst)
    response = client.post(SHEET, {**form_of(client.get(SHEET)), "do": "submit"}, follow=True)
    assertContains(response, "暂无可提交复核的")


@pytest.mark.parametrize("day, said", [("", "不是日期"), ("2026-13-01", "不是日期"), ("2999-01-01", "将来的日期")])
def test_a_wrong_day_loses_nothing(client, laboratory, people, day, said):
    fresh(laboratory)
    client.force_login(people.analyst)
    form = {**whole(form_of(client.get(SHEET)), "0.0123"), "tested_on": day}
    response = client.post(SHEET, form)
    assertContains(response, said, status_code=422)
    assertContains(response, 'value="0.0123"', status_code=422, count=3)
    assert not Test.objects.exclude(text="").exists()


def test_two_people_save_the_same_row(client, laboratory, people):
    (one,) = fresh(laboratory)
    client.force_login(people.analyst)
    form = whole(form_of(client.get(SHEET)), "0.03")
    other = UserFactory(role=Role.ANALYST, organisation=laboratory, full_name="李慧")
    entry = services.Entry(one.code, CARBOFURAN, typed("0.01"), "")
    services.enter_results(entries=[entry], tested_on=timezone.localdate(), by=other, at=timezone.now())
    second = client.post(SHEET, form)
    assertContains(second, "李慧", status_code=409)
    assertContains(second, "已存“0.01 mg/kg”", status_code=409)
    assertContains(second, 'value="0.03"', status_code=409, count=3)
    assert row_of(one, CARBOFURAN).text == "0.01", "nothing is overwritten"
    assert row_of(one, IMIDACLOPRID).text == "0.03", "the other rows are saved"
    assert client.post(SHEET, form_of(second)).status_code == 302, "saved again, knowingly"
    assert row_of(one, CARBOFURAN).text == "0.03"


def test_a_row_that_was_handed_in_meanwhile_is_closed(client, laboratory, people):
    (one,) = fresh(laboratory)
    client.force_login(people.analyst)
    form = whole(form_of(client.get(SHEET)), "0.03")
    submitted([one], at=timezone.now())
    response = client.post(SHEET, {**form, "do": "submit"})
    assertContains(response, "该样品已提交复核，不能再改", status_code=409)
    assert row_of(one, CARBOFURAN).text == "ND"


def test_a_sheet_by_item_and_of_some(client, laboratory, people):
    one, two = fresh(laboratory, 2)
    client.force_login(people.analyst)
    rows = client.get(SHEET, {"by": "analyte"}).context["sheet"].rows
    assert [row.code for row in rows[:2]] == [one.code, two.code]
    assertNotContains(client.get(SHEET, {"code": one.code}), two.code)


def test_the_sheet_goes_out_as_a_file(client, laboratory, people):
    (one,) = fresh(laboratory)
    entered([one], {CARBOFURAN: "0.10"}, at=timezone.now())
    client.force_login(people.analyst)
    sheet = load_workbook(io.BytesIO(client.get(reverse("laboratory:worksheet-file")).content)).active
    assert [cell.value for cell in sheet[1]][:5] == ["盲样编号", "食品", "检测项目", "结果", "单位"]
    assert [cell.value for cell in sheet[2]][:5] == [one.code, "豇豆", "克百威", "0.10", "mg/kg"]


# The desks


def desk_form(specimens, **more):
    now = seen(specimens)
    return {"pick": list(now), **{f"seen-{code}": version for code, version in now.items()}, **more}


def test_many_are_verified_and_signed_at_once(client, laboratory, people, django_assert_max_num_queries):
    many = fresh(laboratory, 100)
    submitted(many[:-1], at=timezone.now())
    submitted(many[-1:], FAILING, at=timezone.now())
    client.force_login(people.verifier)
    with django_assert_max_num_queries(10):
        response = client.get(VERIFY)
    assertContains(response, "100 件等您办理，先列 60 件")
    assert response.context["queue"].shown[0].specimen == many[-1], "the failing one first"
    assertContains(response, "2.5 mg/kg 超过限量 ≤1 mg/kg")
    with django_assert_max_num_queries(25):
        assert client.post(VERIFY, desk_form(many, do="verify")).status_code == 302
    client.force_login(people.signatory)
    with django_assert_max_num_queries(12):
        assertContains(client.get(SIGN), people.verifier.full_name)
    with django_assert_max_num_queries(35):
        assert client.post(SIGN, desk_form(many, do="sign")).status_code == 302
    assert Report.objects.count() == 100


def test_the_desk_refuses_and_keeps_the_ticks(client, laboratory, people):
    one, two = fresh(laboratory, 2)
    submitted([one, two], at=timezone.now())
    client.force_login(people.verifier)
    assertContains(client.post(VERIFY, {"do": "verify"}), "还没有勾选样品", status_code=422)
    form = desk_form([one])
    stale = client.post(VERIFY, {**form, f"seen-{one.code}": 1, "do": "verify"})
    assertContains(stale, "刚被他人改动", status_code=422)
    assert stale.context["picked"] == {one.code}
    assertContains(client.post(VERIFY, {**form, "do": "return", "reason": " "}), "请写明原因", status_code=422)
    assert client.post(VERIFY, {**form, "do": "return", "reason": "重测"}).status_code == 302
    assert Specimen.objects.get(pk=one.pk).return_reason == "重测"
    assert client.post(VERIFY, {"pick": "MY-X", "do": "verify"}).status_code == 404


def test_the_own_entry_is_not_on_the_desk_and_not_verified_by_a_forged_form(client, laboratory, people):
    (one,) = fresh(laboratory)
    now = timezone.now()
    entries = entries_of([one])
    services.enter_results(entries=entries, tested_on=timezone.localdate(), by=people.verifier, at=now)
    services.submit(codes=[one.code], by=people.analyst, at=now)
    client.force_login(people.verifier)
    assertContains(client.get(VERIFY), "另有 1 件含您本人录入的结果")
    assertContains(client.post(VERIFY, desk_form([one], do="verify")), "须由另一人复核", status_code=422)


def test_an_undecided_item_is_explained_and_left_unjudged_by_the_signatory(client, laboratory, people):
    (one,) = fresh(laboratory, panel=(CLENBUTEROL, ENROFLOXACIN), commodity_id=PORK)
    now = timezone.now()
    bare = typed("0.4", unit="μg/kg", lod="", loq="")
    rapid = typed("阳性", unit="μg/kg", lod="5", loq="")
    entries = [services.Entry(one.code, CLENBUTEROL, bare, ""), services.Entry(one.code, ENROFLOXACIN, rapid, "")]
    services.enter_results(entries=entries, tested_on=timezone.localdate(), by=people.analyst, at=now)
    services.submit(codes=[one.code], by=people.analyst, at=now)
    services.verify(seen=seen([one]), by=people.verifier, at=now)
    client.force_login(people.signatory)
    assertContains(client.get(SIGN), "请补充方法的检出限")
    assertContains(client.post(SIGN, desk_form([one], do="sign")), "有待判定项目，不能签发", status_code=422)
    url = reverse("laboratory:leave-unjudged", args=[one.code])
    form = {"analyte": ENROFLOXACIN, "version": seen([one])[one.code]}
    assertContains(client.post(url, {**form, "reason": ""}), "请写明原因", status_code=422)
    late = client.post(url, {**form, "version": 1, "reason": "样品量不足"})
    assertContains(late, 'value="样品量不足"', status_code=422)
    banned = client.post(url, {**form, "analyte": CLENBUTEROL, "reason": "方法无检出限"})
    assertContains(banned, "禁用物质，必须有结论", status_code=422)
    assert client.post(url, {**form, "reason": "样品量不足"}).status_code == 302
    assertContains(client.post(SIGN, desk_form([one], do="sign")), "有待判定项目，不能签发", status_code=422)


def test_changed_limits_ask_for_a_new_judgement(client, laboratory, people):
    (one,) = fresh(laboratory)
    verified([one], {IMIDACLOPRID: "0.9"}, at=timezone.now())
    Limit.objects.filter(analyte=IMIDACLOPRID).update(high="0.5")
    renew()
    client.force_login(people.signatory)
    assertContains(client.post(SIGN, desk_form([one], do="sign")), "重新判定", status_code=422)
    assert client.post(SIGN, desk_form([one], do="rejudge")).status_code == 302
    assertContains(client.get(SIGN), "0.9 mg/kg 超过限量 ≤0.5 mg/kg")


# Reports


def test_a_report_reads_like_one(client, laboratory, people, django_assert_max_num_queries):
    (one,) = fresh(laboratory)
    (report,) = signed([one], FAILING, at=timezone.now())
    client.force_login(people.analyst)
    with django_assert_max_num_queries(8):
        response = client.get(reverse("laboratory:report", args=[report.number]))
    printed = [
        "检测报告",
        report.number,
        laboratory.name,
        "豇豆",
        "2.5 mg/kg",
        "≤1 mg/kg",
        "GB 2763-2026",
        "与签发时一致",
    ]
    printed += ["未检出（检出限 0.002 mg/kg）", report.digest]
    printed += [person.full_name for person in (people.analyst, people.verifier, people.signatory)]
    for words in printed:
        assertContains(response, words)
    assertNotContains(response, "演示数据")
    assertNotContains(response, "撤回报告")


def test_a_report_by_demonstration_limits_says_so(client, laboratory, people):
    (one,) = fresh(laboratory, panel=(ENROFLOXACIN,), commodity_id=GRASS_CARP)
    (report,) = signed([one], at=timezone.now())
    client.force_login(people.analyst)
    assertContains(client.get(reverse("laboratory:report", args=[report.number])), "本报告不具证明作用")


def test_a_withdrawn_report_stays_and_is_marked(client, laboratory, people):
    (one,) = fresh(laboratory)
    (first,) = signed([one], FAILING, at=timezone.now())
    url = reverse("laboratory:withdraw", args=[first.number])
    client.force_login(people.verifier)
    assert client.get(url).status_code == 403
    client.force_login(people.signatory)
    assertContains(client.post(url, {"reason": " "}), "必填", status_code=422)
    assertRedirects(client.post(url, {"reason": "稀释倍数记错"}), reverse("laboratory:report", args=[first.number]))
    assertContains(client.post(url, {"reason": "再撤"}), "已撤回，不能再撤", status_code=422)
    submitted_again = entries_of([one])
    entry = [e for e in submitted_again if e.analyte == IMIDACLOPRID]
    entry = [services.Entry(e.code, e.analyte, typed("0.2"), typed("2.5").digest) for e in entry]
    now = timezone.now()
    services.enter_results(entries=entry, tested_on=timezone.localdate(), by=people.analyst, at=now)
    services.submit(codes=[one.code], by=people.analyst, at=now)
    services.verify(seen=seen([one]), by=people.verifier, at=now)
    (second,) = services.sign(seen=seen([one]), by=people.signatory, at=now)
    old = client.get(reverse("laboratory:report", args=[first.number]))
    assertContains(old, "本报告已撤回，不再有效")
    assertContains(old, "稀释倍数记错")
    assertContains(old, second.number)
    assertContains(client.get(reverse("laboratory:report", args=[second.number])), f"本报告代替 {first.number}")


# Who may open what


@pytest.mark.parametrize(
    "role, statuses",
    [
        (Role.ANALYST, (200, 200, 403, 403)), (Role.VERIFIER, (200, 200, 200, 403)),
        (Role.SIGNATORY, (200, 403, 200, 200)), (Role.OFFICER, (403, 403, 403, 403)),
        (Role.ADMINISTRATOR, (403, 403, 403, 403)),
    ],
)  # fmt: skip
def test_who_may_open_what(client, laboratory, role, statuses):
    client.force_login(UserFactory(role=role, organisation=laboratory))
    assert tuple(client.get(url).status_code for url in (LIST, SHEET, VERIFY, SIGN)) == statuses


def test_another_laboratory_finds_nothing(client, laboratory):
    (one,) = fresh(laboratory)
    (report,) = signed([one], at=timezone.now())
    client.force_login(people_of(LaboratoryFactory()).signatory)
    for name, arg in [("specimen", one.code), ("report", report.number), ("withdraw", report.number)]:
        assert client.get(reverse(f"laboratory:{name}", args=[arg])).status_code == 404
    client.force_login(people_of(LaboratoryFactory()).analyst)
    assert client.get(reverse("laboratory:reject", args=[one.code])).status_code == 404


def test_todos_and_search_lead_here(client, laboratory, people):
    (one,) = fresh(laboratory)
    client.force_login(people.analyst)
    assertContains(client.get(reverse("home")), "待检 1 件")
    assertContains(client.get(reverse("search"), {"q": one.code}), reverse("laboratory:specimen", args=[one.code]))
