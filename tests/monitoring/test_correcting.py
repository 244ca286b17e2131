"""A sampling form is corrected before the sample is sent: number kept, every change on record."""

import io
import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.urls import reverse
from docx import Document
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from nongan.accounts.rules import Role
from nongan.common.editing import Stale
from nongan.journal.queries import timeline
from nongan.monitoring import rules, services
from nongan.monitoring.models import Sample
from nongan.monitoring.rules import SampleKind, SampleState
from tests.accounts.factories import CITY, COUNTY, OTHER_COUNTY, UserFactory
from tests.conftest import NOON
from tests.monitoring.factories import DAY, SampleFactory, SamplerFactory, sampling
from tests.registry.factories import SubjectFactory
from tests.standards.factories import CARBOFURAN, CHIVES, COWPEA, IMIDACLOPRID, small_law

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=3)


@pytest.fixture(autouse=True)
def law(divisions):
    small_law()


@pytest.fixture
def officer(client):
    user = SamplerFactory(division_id=COUNTY)
    client.force_login(user)
    return user


def taken(officer, **facts):
    return services.take_sample(sampling=sampling(panel=(CARBOFURAN,), **facts), by=officer, at=NOON)


def says(sample, **changes):
    """The form of a sample as it stands, with changes."""
    stands = sampling(
        subject=sample.subject.number, division=sample.division_id, panel=tuple(sample.panel), kind=sample.kind,
        samplers=sample.samplers, sampled_on=sample.sampled_on, produced_on=sample.produced_on,
        commodity=sample.commodity_id, quantity=sample.quantity,
    )  # fmt: skip
    return replace(stands, **changes)


def correct(sample, officer, reason="产品选错", seen=None, **changes):
    return services.correct_sample(
        number=sample.number, seen=sample.version if seen is None else seen, sampling=says(sample, **changes),
        reason=reason, by=officer, at=LATER,
    )  # fmt: skip


def test_what_changed_is_on_record_and_the_number_stays(officer):
    sample = taken(officer)
    other = SubjectFactory(name="新绿合作社")
    done = correct(
        sample, officer, commodity=CHIVES, subject=other.number, quantity=Decimal("1.5"), panel=(IMIDACLOPRID,)
    )
    done.refresh_from_db()
    assert (done.number, done.commodity_id, done.subject, done.quantity) == (
        sample.number, CHIVES, other, Decimal("1.500"),
    )  # fmt: skip
    assert (done.panel, done.corrections, done.version) == ([IMIDACLOPRID], 1, sample.version + 1)
    assert (done.organisation, done.level, done.state) == (officer.organisation, 6, SampleState.TAKEN)
    line = timeline(done)[0]
    assert line.action == "monitoring.sample.corrected"
    changes = {change["field"]: (change["was"], change["now"]) for change in line.facts["changes"]}
    assert set(changes) == {"subject", "commodity", "panel", "quantity"}
    assert (changes["commodity"], changes["quantity"]) == (("豇豆", "韭菜"), ("", "1.5 千克"))
    assert "产品：豇豆 → 韭菜" in line.note
    assert line.note.endswith("产品选错")
    assert line.facts["reason"] == "产品选错"


def test_a_place_of_the_same_county_is_another_place(officer):
    sample = taken(officer)
    done = correct(sample, officer, division="360902100201")
    done.refresh_from_db()
    assert (done.division_id, done.number) == ("360902100201", sample.number)


@pytest.mark.parametrize(
    ("changes", "kind", "word"),
    [
        ({}, rules.NothingChanged, "没有任何改动"), ({"reason": " "}, rules.ReasonMissing, "请写明原因"),
        ({"place": "东门", "reason": "x" * 201}, rules.ReasonMissing, "超过"),
        ({"place": "东门", "seen": 99}, Stale, "刚被他人修改"),
        ({"commodity": "none"}, rules.SampleRefused, "没有编码"), ({"panel": ("none",)}, rules.SampleRefused, "none"),
        ({"sampled_on": DAY - timedelta(days=365), "produced_on": None}, rules.SampleRefused, "2026 年的"),
        ({"sampled_on": NOON.date() + timedelta(days=9)}, rules.SampleRefused, "将来"),
        ({"kind": SampleKind.SUPERVISION, "samplers": "张三"}, rules.SampleRefused, "不得少于两人"),
    ],
)  # fmt: skip
def test_what_is_refused(officer, changes, kind, word):
    sample = taken(officer)
    with pytest.raises(kind, match=word), transaction.atomic():
        correct(sample, officer, **changes)
    sample.refresh_from_db()
    assert (sample.corrections, sample.version) == (0, 1)


def test_another_county_is_another_sample():
    city = SamplerFactory(division_id=CITY)
    sample = taken(city)
    with pytest.raises(rules.SampleRefused, match="另一个县"):
        correct(sample, city, division=OTHER_COUNTY)


@pytest.mark.parametrize("state", ["sent", "judged", "published", "void"])
def test_only_before_it_is_sent(officer, state):
    sample = SampleFactory(**{state: True})
    with pytest.raises(rules.MoveNotAllowed):
        correct(sample, officer, place="东门")


def test_three_refusals(officer):
    sample = taken(officer)
    with pytest.raises(ObjectDoesNotExist):
        correct(sample, SamplerFactory(division_id=OTHER_COUNTY), place="东门")
    with pytest.raises(PermissionDenied):
        correct(sample, UserFactory(division_id=COUNTY), place="东门")
    with pytest.raises(PermissionDenied):  # nor to a place that is not one's own
        correct(sample, officer, division=OTHER_COUNTY)


def test_a_batch_that_was_sampled_above_is_not_reached_by_a_correction(officer):
    subject, made = SubjectFactory(), DAY - timedelta(days=1)
    city = SamplerFactory(division_id=CITY)
    above = taken(city, subject=subject.number, kind=SampleKind.SUPERVISION, produced_on=made)
    sample = taken(officer, subject=subject.number, produced_on=made)
    with pytest.raises(rules.SampledAbove, match=above.number):
        correct(sample, officer, kind=SampleKind.SUPERVISION)
    assert correct(above, city, place="东门").place == "东门"  # one's own sample is no repetition


def test_one_that_the_laboratory_refused_can_be_corrected(officer):
    sample = SampleFactory(returned="样品与送检信息不符：标签是辣椒", panel=[CARBOFURAN])
    assert correct(sample, officer, commodity=CHIVES).returned == sample.returned


# --- the page ---


def url(sample, name="correct"):
    return reverse(f"monitoring:{name}", args=[sample.number])


def typed(sample, **changes):
    said = says(sample)
    facts = {
        "subject": said.subject, "commodity": said.commodity, "kind": said.kind, "produced_on": said.produced_on or "",
        "sampled_on": said.sampled_on, "quantity": "", "unit": said.unit, "packaging": said.packaging,
        "samplers": said.samplers, "panel": list(said.panel), "more": "", "place": "", "division": said.division,
        "note": "", "panel_shown": "True", "reason": "日期笔误", "version": sample.version,
    }  # fmt: skip
    return {**facts, **changes}


def test_the_form_holds_what_stands_and_saves(client, officer, django_assert_max_num_queries):
    sample = taken(officer)
    assertContains(client.get(url(sample, "sample")), url(sample))
    client.get(url(sample))  # the book of limits is read once
    with django_assert_max_num_queries(15):
        form = client.get(url(sample)).context["form"]
    assert (form["panel"].value(), form["more"].value()) == ([CARBOFURAN], "")
    assertRedirects(
        client.post(url(sample), typed(sample, sampled_on=DAY - timedelta(days=1))), url(sample, "sample")
    )  # fmt: skip
    page = client.get(url(sample, "sample"))
    assertContains(page, "抽样日期：2026-05-11 → 2026-05-10")
    assertContains(page, "抽样单更正过 1 次")


def test_items_beyond_the_usual_stand_in_their_own_box(client, officer):
    sample = taken(officer)
    Sample.objects.filter(pk=sample.pk).update(commodity=CHIVES, panel=[CARBOFURAN, IMIDACLOPRID])
    sample.refresh_from_db()
    form = client.get(url(sample)).context["form"]
    again = client.post(url(sample), {**typed(sample), "panel": form["panel"].value(), "more": form["more"].value()})
    assertContains(again, "没有任何改动", status_code=422)


def test_refusals_stand_at_their_field(client, officer):
    sample = taken(officer)
    wrong = client.post(url(sample), typed(sample, sampled_on="2025-05-10", produced_on=""))
    assert set(wrong.context["form"].errors) == {"sampled_on"}
    Sample.objects.filter(pk=sample.pk).update(place="西门", version=7)
    stale = client.post(url(sample), typed(sample, place="东门"))
    assertContains(stale, "现在是“西门”", status_code=422)
    assertContains(stale, 'value="东门"', status_code=422)
    kept = client.post(url(sample), typed(sample, place="东门", version=stale.context["form"]["version"].value()))
    assertRedirects(kept, url(sample, "sample"))


def test_after_sending_the_page_says_why_not(client, officer):
    sample = SampleFactory(sent=True)
    assertContains(client.get(url(sample, "sample")), "检测机构按抽样单检测")
    assertContains(client.get(url(sample)), "送检后抽样单不能更正")
    assertContains(client.post(url(sample), typed(sample, place="东门")), "不能更正", status_code=422)
    client.force_login(UserFactory(role=Role.UNIT, division_id=COUNTY))
    assertNotContains(client.get(url(sample, "sample")), "更正抽样单")


def paper_of(client, sample):
    response = client.get(url(sample, "paper"))
    document = Document(io.BytesIO(response.getvalue()))
    return "\n".join(
        [p.text for p in document.paragraphs] + [c.text for t in document.tables for r in t.rows for c in r.cells]
    )


def test_the_paper_says_that_it_was_corrected(client, officer):
    sample = taken(officer, kind=SampleKind.SUPERVISION)
    first = paper_of(client, sample)
    for words in ("监督抽查抽样单", sample.number, sample.subject.name, "豇豆", "张三、李四", "签名"):
        assert words in first, words
    assert "更正" not in first
    correct(sample, officer, commodity=CHIVES)
    again = paper_of(client, sample)
    for words in ("监督抽查抽样单（更正）", "更正 1", "豇豆 → 韭菜", "2026年5月12日"):
        assert words in again, words


# --- the API ---


def test_by_the_api(client, officer):
    sample = taken(officer)
    body = {
        "kind": "routine", "subject": sample.subject.number, "commodity": CHIVES, "sampled_on": str(DAY),
        "samplers": "张三、李四", "produced_on": str(DAY - timedelta(days=1)), "panel": [CARBOFURAN],
        "version": sample.version, "reason": "产品选错",
    }  # fmt: skip

    def send(**changes):
        where = f"/api/v1/monitoring/samples/{sample.number}/correct"
        return client.post(where, json.dumps({**body, **changes}), content_type="application/json")

    done = send().json()
    assert (done["number"], done["commodity"], done["corrections"]) == (sample.number, CHIVES, 1)
    assert (send().status_code, send().json()["code"]) == (409, "stale")
    assert send(version=2).json()["code"] == "nothing_changed"
    assert send(version=2, commodity=COWPEA, reason=" ").json()["code"] == "reason_missing"
    client.force_login(SamplerFactory(division_id=OTHER_COUNTY))
    assert send(version=2).status_code == 404
