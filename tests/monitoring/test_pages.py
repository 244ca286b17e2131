"""Lists, facts, forms and refusals of sampling."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from nongan.accounts.models import User
from nongan.accounts.rules import Role
from nongan.laboratory import services as laboratory
from nongan.laboratory.rules.states import RejectCause
from nongan.monitoring import services
from nongan.monitoring.models import Sample
from nongan.monitoring.rules import SampleKind, SampleState, Verdict
from tests.accounts.factories import CITY, COUNTY, OTHER_COUNTY, TOWN, UserFactory
from tests.conftest import NOON
from tests.monitoring.factories import (
    LaboratoryFactory,
    SampleFactory,
    SamplerFactory,
    heard,
    judged_sample,
    people_of,
    report_on,
    sent_samples,
)
from tests.registry.factories import SubjectFactory
from tests.standards.factories import CARBOFURAN, CHIVES, COWPEA, IMIDACLOPRID, PORK, small_law

pytestmark = pytest.mark.django_db
LIST, NEW = "monitoring:samples", "monitoring:new-sample"
LONG = "宜春市袁州区彬江镇生态循环农业种植养殖专业合作社联合社第一生产基地"


@pytest.fixture(autouse=True)
def law(divisions):
    small_law()


@pytest.fixture
def officer(client):
    user = SamplerFactory(division_id=COUNTY)
    client.force_login(user)
    return user


@pytest.fixture
def office(client):
    user = UserFactory()
    client.force_login(user)
    return user


def at(sample: Sample, name: str = "monitoring:sample") -> str:
    return reverse(name, args=[sample.number])


# The list


def test_one_sees_the_samples_of_the_own_county(client, officer):
    mine, foreign = SampleFactory(), SampleFactory(division_id=OTHER_COUNTY)
    page = client.get(reverse(LIST))
    assertContains(page, mine.number)
    assertNotContains(page, foreign.number)
    assert client.get(at(foreign)).status_code == 404
    assertNotContains(client.get(reverse(LIST), {"division": OTHER_COUNTY}), foreign.number)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.SUBJECT])
def test_the_list_is_for_those_who_may_see_samples(client, role):
    client.force_login(UserFactory(role=role))
    assert client.get(reverse(LIST)).status_code == 403


def test_a_blank_scope_sees_nothing(client):
    client.force_login(UserFactory(division_id=None))
    sample = SampleFactory()
    assertNotContains(client.get(reverse(LIST)), sample.number)
    assert client.get(at(sample)).status_code == 404


def test_a_producer_sees_the_own_results_once_there_are_any(client):
    mine, waiting = SampleFactory(judged=True), SampleFactory()
    client.force_login(UserFactory(role=Role.SUBJECT, division_id=None, subject_number=mine.subject.number))
    assertContains(client.get(at(mine)), mine.number)
    assert client.get(at(waiting)).status_code == 404


def test_an_empty_list_says_what_to_do(client, officer):
    assertContains(client.get(reverse(LIST)), "还没有样品")
    assertContains(client.get(reverse(LIST), {"state": "void"}), "没有符合条件的样品")


def test_a_full_list_takes_few_queries(client, officer, django_assert_max_num_queries):
    subject = SubjectFactory(name=LONG)
    SampleFactory.create_batch(30, subject=subject)
    SampleFactory.create_batch(30, subject=subject, judged=True, verdict=Verdict.FAIL, finding="克百威 0.5 mg/kg" * 9)
    with django_assert_max_num_queries(12):
        page = client.get(reverse(LIST))
    assertContains(page, "共 60 条")
    assertContains(page, "下一页")


@pytest.mark.parametrize(
    "query, found",
    [
        ({"text": "cy-2026-360902-770001"}, "d"), ({"text": "绿源米业"}, "b"),
        ({"text": "没有这家"}, ""), ({"text": "CY-2026-36"}, "abcde"), ({"text": "CY-2026-360902-77"}, "d"),
        ({"text": "CY-2025"}, ""), ({"text": "CY-20"}, "abcde"), ({"text": "CY-2026-360981"}, ""),
        ({"text": "CY-x"}, ""), ({"text": "MY-23456789AB"}, "c"),
        ({"state": "taken"}, "ae"), ({"state": "returned"}, "e"), ({"state": "judged"}, "b"), ({"state": "sent"}, "c"),
        ({"state": "published"}, "d"),
        ({"verdict": "fail"}, "b"), ({"verdict": "pass"}, "d"),
        ({"kind": "risk"}, "c"), ({"commodity": "韭菜"}, "e"), ({"commodity": "蔬菜"}, "abcde"),
        ({"commodity": PORK}, ""),
        ({"commodity": "没有的"}, ""),
        ({"since": "2026-05-12"}, "a"), ({"until": "2026-05-10"}, "b"), ({"division": TOWN}, "abde"),
        ({"division": COUNTY, "state": "taken", "kind": "routine"}, "ae"),
    ],
)  # fmt: skip
def test_the_query_row(client, officer, query, found):
    made = {
        "a": SampleFactory(sampled_on="2026-05-12"),
        "b": SampleFactory(
            judged=True, verdict=Verdict.FAIL, sampled_on="2026-05-10", subject=SubjectFactory(name="绿源米业")
        ),
        "c": SampleFactory(sent=True, kind=SampleKind.RISK, division_id="360902001000", specimen__code="MY-23456789AB"),
        "d": SampleFactory(published=True, number="CY-2026-360902-770001"),
        "e": SampleFactory(commodity_id=CHIVES, returned="封条脱落"),
    }
    page = client.get(reverse(LIST), query).content.decode()
    assert "".join(name for name, sample in made.items() if sample.number in page) == found


def test_the_list_is_exported_as_shown(client, officer):
    SampleFactory(judged=True, verdict=Verdict.FAIL, finding="克百威 0.5 mg/kg", banned=True, quantity="2.5")
    SampleFactory(kind=SampleKind.RISK)
    answer = client.get(reverse(LIST), {"verdict": "fail", "export": "1"})
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert len(rows) == 2
    line = dict(zip(rows[0], rows[1], strict=True))
    assert (line["产品"], line["结论"], line["不合格项目"], line["抽样量"]) == (
        "豇豆",
        "不合格",
        "克百威 0.5 mg/kg",
        2.5,
    )
    assert line["抽样日期"].date().isoformat() == "2026-05-11"


def test_more_than_a_file_holds_is_not_exported(client, officer, monkeypatch):
    monkeypatch.setattr("nongan.monitoring.pages.samples.MOST_EXPORTED", 1)
    SampleFactory.create_batch(2)
    assertContains(client.get(reverse(LIST), {"export": "1"}), "一次导不完")


# One sample


def test_a_passed_sample_says_so_with_every_item(client, officer, django_assert_max_num_queries):
    sample = judged_sample()
    with django_assert_max_num_queries(20):
        page = client.get(at(sample))
    assertContains(page, "没有不合格")
    assertContains(page, "克百威")
    assertContains(page, "未检出")
    assertContains(page, sample.report)


def test_a_failed_one_says_by_how_much_by_which_limit_and_how_that_was_found(client, officer):
    sample = judged_sample("0.5", kind=SampleKind.SUPERVISION)
    page = client.get(at(sample))
    assertContains(page, "检出禁用物质")
    assertContains(page, "≤0.02 mg/kg")
    assertContains(page, "农产品质量安全法第五十一条")
    assertContains(page, "不能作废")
    assertNotContains(page, at(sample, "monitoring:void"))


def test_a_withdrawn_report_is_said_on_the_page(client, officer):
    sample = judged_sample("0.5")
    _analyst, _verifier, signatory = people_of([sample.specimen])
    with heard():
        laboratory.withdraw_report(number=sample.report, reason="称样有误", by=signatory, at=NOON)
    page = client.get(at(sample))
    assertContains(page, f"检测报告 {sample.report} 已由检测机构撤回")
    assertNotContains(page, "verdict-word")


def test_a_refused_specimen_is_said_on_the_page_and_offered_again(client, officer):
    (sample,) = sent_samples()
    analyst, *_others = people_of([sample.specimen])
    with heard():
        laboratory.reject_specimen(
            code=sample.specimen.code, seen=1, cause=RejectCause.SEAL, note="封条脱落", by=analyst, at=NOON
        )
    page = client.get(at(sample))
    assertContains(page, "封条脱落")
    assertContains(page, "重新送检")
    assertContains(client.get(reverse("home")), "重新送检 1 件（检测机构拒收）")


def test_what_the_law_forbids_is_shown_disabled_with_the_reason(client, office):
    page = client.get(at(SampleFactory(judged=True, verdict=Verdict.UNJUDGED)))
    assertContains(page, "只有合格或不合格的结果可以公布")
    assertNotContains(page, reverse("monitoring:publish"))


def test_photographs_are_added_and_shown(client, officer):
    sample = SampleFactory()
    picture = BytesIO()
    Image.new("RGB", (8, 8), "green").save(picture, "JPEG")
    upload = SimpleUploadedFile("封签.jpg", picture.getvalue())
    assertRedirects(client.post(at(sample, "monitoring:attach"), {"papers": upload}), at(sample))
    assertContains(client.get(at(sample)), "封签.jpg")
    wrong = client.post(at(sample, "monitoring:attach"), {"papers": SimpleUploadedFile("a.jpg", b"no picture")})
    assertContains(wrong, "与扩展名不符", status_code=422)
    assertContains(client.post(at(sample, "monitoring:attach")), "必填", status_code=422)


# Taking


def typed(**changes):
    today = timezone.localdate()
    facts = {
        "subject": changes.pop("subject", None) or SubjectFactory().number, "commodity": "豇豆", "kind": "routine",
        "produced_on": today - timedelta(days=1), "sampled_on": today, "quantity": "2.5", "unit": "kg",
        "packaging": "loose", "samplers": "张三、李四", "panel": [CARBOFURAN], "panel_shown": "True",
    }  # fmt: skip
    return {**facts, **changes}


def test_a_sample_is_entered_in_the_field(client, officer):
    assertContains(client.get(reverse(NEW)), officer.full_name)
    answer = client.post(reverse(NEW), typed(more="吡虫啉"))
    sample = Sample.objects.get()
    assertRedirects(answer, at(sample))
    assert (sample.commodity_id, sample.panel) == (COWPEA, [CARBOFURAN, IMIDACLOPRID])
    page = client.get(reverse(NEW))
    assertContains(page, "张三、李四")


def test_the_usual_items_of_a_product_are_offered_ticked(client, officer):
    part = client.get(reverse("monitoring:panel"), {"commodity": "豇豆"})
    assertContains(part, "克百威")
    assertContains(part, "checked", count=3)
    assertContains(client.get(reverse("monitoring:panel"), {"commodity": "石头"}), "选好产品后")
    assertContains(client.get(reverse(NEW), {"commodity": COWPEA}), "毒死蜱")


def test_several_items_are_suggested_after_one_another(client, officer):
    page = client.get(reverse("monitoring:item-options"), {"more": "克百威、吡虫"})
    assertContains(page, 'value="克百威、吡虫啉"')


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"sampled_on": "2099-01-01"}, "将来的日期"), ({"produced_on": "2099-01-01"}, "不可能先抽样后生产"),
        ({"kind": "supervision", "samplers": "张三"}, "不得少于两人"), ({"commodity": "石头"}, "没有找到"),
        ({"more": "石头素"}, "没有“石头素”这个检测项目"), ({"panel": []}, "请至少选一项"),
        ({"quantity": "-1"}, "应大于 0"), ({"quantity": "三斤"}, "数"), ({"subject": "ZT-360981-000001"}, "没有找到"),
        ({"division": OTHER_COUNTY}, "没有找到"), ({"sampled_on": "昨天"}, "日期"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_place_and_nothing_typed_is_lost(client, officer, changes, message):
    page = client.post(reverse(NEW), typed(place="2 号大棚", **changes))
    assertContains(page, message, status_code=422)
    assertContains(page, "2 号大棚", status_code=422)
    assert not Sample.objects.exists()


def test_a_batch_that_the_city_sampled_is_refused_with_the_article(client, officer):
    form = typed(kind="supervision")
    city = SamplerFactory(division_id=CITY)
    client.force_login(city)
    client.post(reverse(NEW), form)
    client.force_login(officer)
    page = client.post(reverse(NEW), form)
    assertContains(page, "不得重复抽查（农产品质量安全法第四十七条）", status_code=422)
    assert Sample.objects.count() == 1


def test_a_photograph_that_is_none_is_refused_with_the_form_kept(client, officer):
    page = client.post(reverse(NEW), typed(photos=SimpleUploadedFile("a.jpg", b"text")))
    assertContains(page, "与扩展名不符", status_code=422)
    assert not Sample.objects.exists()


def test_who_belongs_to_no_organisation_is_told(client):
    client.force_login(UserFactory(role=Role.OFFICER, organisation=None))
    assertContains(client.get(reverse(NEW)), "没有所属机构", status_code=409)


# Sending, publishing, making void


def test_ticked_samples_are_sent_to_the_one_laboratory(client, officer, django_assert_max_num_queries):
    samples = [SampleFactory(panel=[CARBOFURAN]) for _n in range(20)]
    place = LaboratoryFactory()
    numbers = [sample.number for sample in samples]
    with django_assert_max_num_queries(14):
        page = client.get(reverse("monitoring:send"), {"sample": numbers})
    assertContains(page, place.name)
    answer = client.post(reverse("monitoring:send"), {"sample": numbers, "laboratory": place.pk, "panel": "吡虫啉"})
    assertRedirects(answer, reverse(LIST))
    assert {tuple(s.panel) for s in Sample.objects.filter(state=SampleState.SENT)} == {(IMIDACLOPRID,)}


def test_sending_says_what_is_missing(client, officer):
    sample = SampleFactory()
    LaboratoryFactory.create_batch(2)
    page = client.post(reverse("monitoring:send"), {"sample": sample.number, "laboratory": "", "panel": "石头素"})
    assertContains(page, "没有“石头素”这个检测项目", status_code=422)
    assertContains(page, "必填", status_code=422)
    assertContains(client.get(reverse("monitoring:send")), "还没有勾选样品")
    sent = SampleFactory(judged=True)
    place = LaboratoryFactory()
    assertContains(client.get(reverse("monitoring:send"), {"sample": sent.number}), "不能再送检")
    page = client.post(reverse("monitoring:send"), {"sample": sent.number, "laboratory": place.pk})
    assertContains(page, "只有待送检的样品可以送检", status_code=422)


def test_results_are_read_through_and_published(client, office):
    samples = [SampleFactory(judged=True), SampleFactory(judged=True, verdict=Verdict.FAIL, finding="克百威 0.5 mg/kg")]
    numbers = [sample.number for sample in samples]
    assertContains(client.get(reverse("home")), "公布抽检结果 2 件")
    assertContains(client.get(reverse("monitoring:publish"), {"sample": numbers}), "克百威 0.5 mg/kg")
    assertRedirects(client.post(reverse("monitoring:publish"), {"sample": numbers}), reverse(LIST))
    assert Sample.objects.filter(state=SampleState.PUBLISHED).count() == 2
    again = client.post(reverse("monitoring:publish"), {"sample": numbers})
    assertContains(again, "不能转为“已公布”", status_code=422)
    unjudged = SampleFactory(judged=True, verdict=Verdict.UNJUDGED)
    page = client.get(reverse("monitoring:publish"), {"sample": unjudged.number})
    assertContains(page, "有 1 件不能公布")
    assertContains(client.get(reverse("monitoring:publish")), "还没有勾选样品")


def test_a_sample_is_made_void_once_and_by_whoever_saw_it_last(client, officer):
    sample = SampleFactory()
    url = at(sample, "monitoring:void")
    assertContains(client.post(url, {"version": 1, "reason": ""}), "必填", status_code=422)
    assertContains(client.post(url, {"version": 0, "reason": "漏封"}), "刚被他人修改", status_code=422)
    assertRedirects(client.post(url, {"version": 1, "reason": "漏封"}), at(sample))
    assertContains(client.get(at(sample)), "已作废：漏封")
    assertContains(client.post(url, {"version": 2, "reason": "漏封"}), "不能转为“已作废”", status_code=422)


@pytest.mark.parametrize("name", ["new-sample", "send", "panel", "publish"])
def test_acts_are_for_those_who_may(client, name):
    client.force_login(UserFactory(role=Role.UNIT))
    assert client.get(reverse(f"monitoring:{name}")).status_code == 403


def test_others_samples_are_not_acted_on(client, officer):
    foreign = SampleFactory(division_id=OTHER_COUNTY)
    assert client.get(reverse("monitoring:send"), {"sample": foreign.number}).status_code == 404
    assert client.post(at(foreign, "monitoring:void"), {"version": 1, "reason": "x"}).status_code == 404
    assert (
        client.post(at(foreign, "monitoring:attach"), {"papers": SimpleUploadedFile("a.txt", b"x")}).status_code == 404
    )


# Search and to-do


def test_samples_are_found_by_number_and_blind_code(client, officer):
    sample = SampleFactory(sent=True, specimen__code="MY-23456789AB")
    for text in (sample.number, "my-23456789ab"):
        assertContains(client.get(reverse("search"), {"q": text}), at(sample))


@pytest.mark.parametrize("division, sees", [(CITY, True), (COUNTY, True), (TOWN, True), ("360902100201", False),
                                            (OTHER_COUNTY, False)])  # fmt: skip
def test_what_waits_is_counted_within_the_own_place(client, division, sees):
    SampleFactory()
    client.force_login(SamplerFactory(division_id=division))
    page = client.get(reverse("home"))
    (assertContains if sees else assertNotContains)(page, "送检 1 件")


def test_reports_signed_meanwhile_are_seen(client, office):
    samples = sent_samples(3)
    report_on(samples, {})
    services.publish_samples(numbers=[samples[0].number], by=User.objects.get(pk=office.pk), at=NOON)
    assertContains(client.get(reverse(LIST), {"state": "judged"}), "共 2 条")
