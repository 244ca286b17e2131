"""One limit added, corrected, ended: by a person with the right, with source and reason, never twice for one day."""

import json
from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from nongan.accounts.rules import Role
from nongan.common.editing import Stale
from nongan.journal.models import Line
from nongan.standards import queries, services
from nongan.standards.models import Edition, Limit
from nongan.standards.rules import Verdict, Why, judge, parse_result
from nongan.standards.services import LimitFacts, LimitRowRefused
from tests.accounts.factories import UserFactory
from tests.conftest import NOON
from tests.standards import factories as law

pytestmark = pytest.mark.django_db
DAY = date(2026, 8, 1)
FACTS = LimitFacts(item=law.IMIDACLOPRID, food=law.GINGER, limit="≤0.5 mg/kg", source="GB 2763-2026 第 188 页")


@pytest.fixture
def office():
    law.small_law()
    return UserFactory(role=Role.PROGRAMME_OFFICE)


@pytest.fixture
def edition(office):
    return Edition.objects.get(code=law.NEW)


@pytest.fixture
def row(edition):
    return Limit.objects.get(edition=edition, analyte=law.IMIDACLOPRID, commodity=law.BEANS)


def stands(row, **change):
    """The facts of a row as they stand, with a change."""
    facts = LimitFacts(
        item=row.analyte_id, food=row.commodity_id, limit=str(row.bounds), source=row.source or "GB 2763-2026",
        exclusions=tuple(row.exclusions.values_list("code", flat=True)),
    )  # fmt: skip
    return replace(facts, **change)


def add(edition, by, reason="导入时漏了", **change):
    return services.add_limit(edition_id=edition.pk, facts=replace(FACTS, **change), reason=reason, by=by, at=NOON)


def change(row, by, seen=0, reason="录入错误", **changed):
    return services.change_limit(
        limit_id=row.pk, facts=stands(row, **changed), reason=reason, seen=seen, by=by, at=NOON
    )


def end(row, by, valid_to, seen=0, source="第1号修改单", reason="修改单取消"):
    return services.end_limit(
        limit_id=row.pk, valid_to=valid_to, source=source, reason=reason, seen=seen, by=by, at=NOON
    )


def said(food, result, on=DAY):
    return judge(queries.book(), food=food, analyte=law.IMIDACLOPRID, result=parse_result(result), produced_on=on)


# --- the acts ---


def test_an_added_limit_judges(edition, office):
    assert said(law.GINGER, "0.6mg/kg").verdict == Verdict.UNJUDGED
    added = add(edition, office, valid_from=date(2026, 7, 1))
    found = said(law.GINGER, "0.6mg/kg")
    assert (found.verdict, found.limit.text, found.limit.row) == (Verdict.FAIL, "≤0.5 mg/kg", added.key)
    assert found.limit.validity == "2026-07-01 起"
    assert said(law.GINGER, "0.6mg/kg", date(2026, 6, 30)).verdict == Verdict.UNJUDGED
    line = Line.objects.get(action="standards.limit.added")
    assert line.facts["after"]["limit"] == "≤0.5 mg/kg"
    assert "导入时漏了" in line.facts["note"]


def test_a_corrected_limit_judges_and_what_was_given_keeps_its_snapshot(row, office):
    given = said(law.COWPEA, "1.5mg/kg")
    kept = given.limit.as_dict()
    changed = change(row, office, limit="≤2 mg/kg")
    assert (changed.version, str(changed.bounds)) == (1, "≤2 mg/kg")
    assert said(law.COWPEA, "1.5mg/kg").verdict == Verdict.PASS
    assert given.verdict == Verdict.FAIL
    assert given.limit.as_dict() == kept
    line = Line.objects.get(action="standards.limit.changed")
    assert (line.facts["before"], line.facts["after"]["limit"]) == (
        {"limit": "≤1 mg/kg", "source": ""}, "≤2 mg/kg",
    )  # fmt: skip
    assert "录入错误" in line.facts["note"]


def test_an_ended_limit_judges_no_later_product(row, office):
    end(row, office, date(2026, 7, 31))
    assert said(law.COWPEA, "1.5mg/kg", date(2026, 7, 31)).verdict == Verdict.FAIL
    later = queries.book().resolve(law.COWPEA, law.IMIDACLOPRID, DAY)
    assert later.why == Why.NO_LIMIT
    assert "2026-03-01 至 2026-07-31" in later.words
    again = end(row, office, None, seen=1)
    assert (again.valid_to, again.version) == (None, 2)
    assert said(law.COWPEA, "1.5mg/kg").verdict == Verdict.FAIL
    assert [line.facts["after"] for line in Line.objects.filter(action="standards.limit.ended").order_by("pk")] == [
        "2026-07-31", None,
    ]  # fmt: skip


def test_what_ended_can_be_followed_by_another(row, office, edition):
    end(row, office, date(2026, 7, 31))
    facts = {"food": law.BEANS, "limit": "≤0.3 mg/kg", "valid_from": DAY, "exclusions": (law.GREEN_BEAN,)}
    add(edition, office, **facts)
    assert said(law.COWPEA, "0.5mg/kg", date(2026, 7, 31)).verdict == Verdict.PASS
    assert said(law.COWPEA, "0.5mg/kg", DAY).verdict == Verdict.FAIL
    with pytest.raises(LimitRowRefused, match="≤0.3 mg/kg"):
        end(row, office, None, seen=1)


def test_loading_the_shipped_tables_leaves_a_corrected_limit_alone():
    office = UserFactory(role=Role.PROGRAMME_OFFICE)
    services.load_reference()
    row = Limit.objects.filter(edition__demonstration=True, form="maximum", edition__code__startswith="GB 2762").first()
    change(row, office, limit="≤77 mg/kg")
    untouched = Limit.objects.exclude(pk=row.pk).filter(edition=row.edition).first()
    before = str(untouched.bounds)
    services.load_reference()
    row.refresh_from_db()
    untouched.refresh_from_db()
    assert (str(row.bounds), str(untouched.bounds)) == ("≤77 mg/kg", before)


# --- refused ---


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"food": law.BEANS}, "food"), ({"food": "none"}, "food"), ({"item": "none"}, "item"),
     ({"limit": "很低"}, "limit"), ({"limit": "0.5"}, "limit"), ({"limit": "0.5 mg/kg", "unit": "g/kg"}, "limit"),
     ({"limit": "0.0000000001 mg/kg"}, "limit"), ({"exclusions": (law.COWPEA,)}, "exclusions"),
     ({"exclusions": (law.GINGER,)}, "exclusions"), ({"source": " "}, "source"), ({"reason": ""}, "reason"),
     ({"valid_from": date(2026, 2, 28)}, "valid_from"), ({"valid_to": date(2026, 2, 1)}, "valid_to"),
     ({"valid_from": DAY, "valid_to": date(2026, 7, 1)}, "valid_to")],
)  # fmt: skip
def test_what_is_no_lawful_limit(edition, office, wrong, field):
    before = Limit.objects.count()
    with pytest.raises(LimitRowRefused) as refused:
        add(edition, office, **wrong)
    assert refused.value.field == field
    assert Limit.objects.count() == before
    assert not Line.objects.filter(action="standards.limit.added").exists()


def test_days_beyond_those_of_an_ended_edition(office):
    old = Edition.objects.get(code=law.OLD)
    for wrong, field in (({"valid_from": DAY}, "valid_from"), ({"valid_to": DAY}, "valid_to")):
        with pytest.raises(LimitRowRefused, match="2026-02-28") as refused:
            add(old, office, **wrong)
        assert refused.value.field == field


@pytest.mark.parametrize(
    ("start", "stop", "fits"),
    [(None, None, False), (date(2026, 7, 31), None, False), (DAY, None, True), (None, date(2026, 5, 1), False),
     (None, date(2026, 4, 30), True), (date(2026, 4, 1), date(2026, 9, 1), False)],
)  # fmt: skip
def test_two_limits_of_one_food_and_item_on_one_day(edition, office, start, stop, fits):
    add(edition, office, valid_from=date(2026, 5, 1), valid_to=date(2026, 7, 31))
    if fits:
        add(edition, office, limit="≤1 mg/kg", valid_from=start, valid_to=stop)
        return
    with pytest.raises(LimitRowRefused, match="同期已有限量") as refused:
        add(edition, office, limit="≤1 mg/kg", valid_from=start, valid_to=stop)
    assert refused.value.field == "food"


def test_two_limits_under_conditions_of_their_own_stand_side_by_side(edition, office):
    add(edition, office)
    assert add(edition, office, limit="≤1 mg/kg", condition="仅限加工用").pk


def test_a_correction_may_not_run_into_another_row(row, office):
    with pytest.raises(LimitRowRefused, match="同期已有限量"):
        change(row, office, food=law.CHIVES, exclusions=())


def test_nothing_changed_is_no_correction(edition, office):
    row = add(edition, office)
    with pytest.raises(LimitRowRefused, match="没有改动"):
        change(row, office, seen=1)
    with pytest.raises(LimitRowRefused, match="没有改动"):
        end(row, office, None, seen=1)
    assert Limit.objects.get(pk=row.pk).version == 1


def test_who_may_not(edition, row):
    reader = UserFactory(role=Role.SUPERVISOR)
    for act in (lambda: add(edition, reader), lambda: change(row, reader), lambda: end(row, reader, DAY)):
        with pytest.raises(PermissionDenied):
            act()


def test_what_does_not_exist(edition, row, office):
    gone = Limit(pk=0, edition=edition)
    with pytest.raises(Limit.DoesNotExist):
        services.change_limit(limit_id=0, facts=FACTS, reason="错", seen=0, by=office, at=NOON)
    with pytest.raises(Limit.DoesNotExist):
        end(gone, office, DAY)
    with pytest.raises(Edition.DoesNotExist):
        services.add_limit(edition_id=0, facts=FACTS, reason="漏", by=office, at=NOON)


def test_the_second_to_save_is_told(row, office):
    change(row, office, limit="≤2 mg/kg")
    with pytest.raises(Stale):
        change(row, office, limit="≤3 mg/kg")
    with pytest.raises(Stale):
        end(row, office, DAY)
    assert str(Limit.objects.get(pk=row.pk).bounds) == "≤2 mg/kg"


# --- pages ---


@pytest.fixture
def desk(client, office):
    client.force_login(office)
    return client


def text(response):
    return response.content.decode()


def url(name, *args):
    return reverse(f"standards:{name}", args=args)


def typed(**change):
    return {
        "item": "吡虫啉", "food": "生姜", "limit": "0.5 mg/kg", "exclusions": "", "source": "GB 2763-2026",
        "reason": "导入时漏了",
    } | change  # fmt: skip


def test_adding_by_the_page(desk, edition):
    form = text(desk.get(url("new-limit"), {"edition": edition.pk}))
    assert f'<option value="{edition.pk}" selected>' in form
    done = desk.post(url("new-limit"), typed(edition=edition.pk, valid_from="2026-07-01"))
    added = Limit.objects.get(edition=edition, commodity=law.GINGER, analyte=law.IMIDACLOPRID)
    assert (done.status_code, done["Location"]) == (302, url("limit", added.pk))
    shown = text(desk.get(url("limit", added.pk)))
    assert "≤0.5 mg/kg" in shown
    assert "2026-07-01" in shown
    assert "导入时漏了" in shown
    assert url("limit", added.pk) in text(desk.get(url("limits"), {"food": "生姜"}))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"food": "豆类蔬菜"}, "food"), ({"food": "火星果"}, "food"), ({"item": ""}, "item"), ({"limit": "很低"}, "limit"),
     ({"limit": "0.5"}, "limit"), ({"exclusions": "火星果"}, "exclusions"), ({"exclusions": "豇豆"}, "exclusions"),
     ({"valid_from": "2020-01-01"}, "valid_from"), ({"valid_to": "某日"}, "valid_to"), ({"reason": ""}, "reason"),
     ({"source": ""}, "source"), ({"edition": "0"}, "edition")],
)  # fmt: skip
def test_faults_stand_beside_their_field_and_nothing_typed_is_lost(desk, edition, wrong, field):
    page = desk.post(url("new-limit"), typed(edition=edition.pk) | wrong)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert "导入时漏了" in text(page) or field == "reason"


def test_correcting_by_the_page_and_two_people(desk, row):
    page = url("change-limit", row.pk)
    shown = text(desk.get(page))
    assert 'value="≤1 mg/kg"' in shown
    assert 'value="菜豆"' in shown
    now = typed(food="豆类蔬菜", limit="≤2 mg/kg", exclusions="四季豆", version=0)
    assert desk.post(page, now).status_code == 302
    assert set(Limit.objects.get(pk=row.pk).exclusions.values_list("code", flat=True)) == {law.GREEN_BEAN}
    stale = desk.post(page, now | {"limit": "≤3 mg/kg"})
    assert stale.status_code == 422
    assert "刚被他人修改" in text(stale)
    assert "现在是“≤2 mg/kg”" in text(stale)
    assert 'name="version" value="1"' in text(stale)


def test_ending_by_the_page(desk, row):
    page = url("end-limit", row.pk)
    assert desk.get(page).status_code == 200
    told = {"source": "第1号修改单", "reason": "取消", "version": 0}
    refused = desk.post(page, told | {"valid_to": "2020-01-01"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["valid_to"])
    assert desk.post(page, told | {"valid_to": "2026-07-31"}).status_code == 302
    shown = text(desk.get(url("limit", row.pk)))
    assert "第1号修改单" in shown
    assert "2026-07-31" in shown
    stale = desk.post(page, told | {"valid_to": "2026-08-31"})
    assert "现在是“2026-07-31”" in text(stale)


def test_a_reader_sees_the_limit_and_may_not_change_it(client, row):
    client.force_login(UserFactory(role=Role.SUPERVISOR))
    shown = text(client.get(url("limit", row.pk)))
    assert "≤1 mg/kg" in shown
    assert url("change-limit", row.pk) not in shown
    assert url("new-limit") not in text(client.get(url("limits")))
    for page in (url("new-limit"), url("change-limit", row.pk), url("end-limit", row.pk)):
        assert client.get(page).status_code == 403
        assert client.post(page, {}).status_code == 403
    assert client.get(url("limit", 10**9)).status_code == 404


def test_the_pages_ask_few_questions(desk, row, django_assert_max_num_queries):
    for page in (url("limit", row.pk), url("new-limit"), url("change-limit", row.pk), url("end-limit", row.pk)):
        desk.get(page)
        with django_assert_max_num_queries(12):
            assert desk.get(page).status_code == 200


# --- API ---

API = "/api/v1/standards/limits"


def sent(client, method, path, body):
    return getattr(client, method)(API + path, json.dumps(body), content_type="application/json")


def test_the_same_by_the_api(desk, edition):
    body = {"edition": edition.pk, "item": "咪蚜胺", "food": "生姜", "limit": "0.5", "unit": "mg/kg",
            "source": "GB 2763-2026", "reason": "漏了"}  # fmt: skip
    added = sent(desk, "post", "", body)
    assert added.status_code == 201
    found = added.json()
    assert (found["limit"], found["commodity"], found["version"]) == ("≤0.5 mg/kg", law.GINGER, 1)
    again = sent(desk, "post", "", body)
    assert (again.status_code, again.json()["code"]) == (409, "limit_row_refused")
    path = f"/{found['id']}"
    changed = sent(desk, "put", path, body | {"limit": "0.6", "version": 1})
    assert (changed.status_code, changed.json()["limit"]) == (200, "≤0.6 mg/kg")
    stale = sent(desk, "put", path, body | {"limit": "0.7", "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    told = {"valid_to": "2026-07-31", "source": "修改单", "reason": "取消", "version": 2}
    assert sent(desk, "post", f"{path}/end", told).json()["valid_to"] == "2026-07-31"
    assert desk.get(API + path).json()["version"] == 3


def test_what_the_api_refuses(client, row):
    ended = {"valid_to": "2026-07-31", "source": "修改单", "reason": "取消", "version": 0}
    assert sent(client, "post", f"/{row.pk}/end", ended).status_code == 401
    client.force_login(UserFactory(role=Role.SUPERVISOR))
    assert sent(client, "post", f"/{row.pk}/end", ended).status_code == 403
    client.force_login(UserFactory(role=Role.PROGRAMME_OFFICE))
    assert sent(client, "post", "/999999999/end", ended).status_code == 404
    assert client.get(f"{API}/999999999").status_code == 404
    assert sent(client, "post", f"/{row.pk}/end", ended | {"reason": ""}).status_code == 422
