"""The page that corrects a draft, and the page that matches its units."""

import re

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from nongan.accounts.models import Organisation
from nongan.accounts.rules import Role
from nongan.programme.models import PlanVersion, Task
from nongan.programme.rules.content import FIELDS, FLAGS, empty_row
from tests.accounts.factories import COUNTY, OrganisationFactory, UserFactory
from tests.programme.factories import PlanFileFactory, PlanVersionFactory, adopted, content

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(client):
    version = PlanVersionFactory()
    client.force_login(version.file.owner)
    return version


def typed(made, **changes):
    """What the browser sends for a content, with some fields changed (“tasks.t1.text”)."""
    data = {"title": made["title"], "basis": "\n".join(made["basis"]), "version": "1"}
    for group, fields in FIELDS.items():
        for row in made[group]:
            data |= {f"{group}.{row['id']}.{f}": row[f] for f in fields if f not in FLAGS}
            data |= {f"{group}.{row['id']}.{f}": "on" for f in fields if f in FLAGS and row[f]}
    return {**data, **changes}


def post(client, version, act="save", /, **changes):
    return client.post(reverse("programme:review", args=[version.pk]), typed(content(), act=act, **changes))


def test_the_page_shows_the_document_and_the_reading_side_by_side(client, draft):
    response = client.get(reverse("programme:review", args=[draft.pk]))
    assertContains(response, 'id="s-t2"')  # the words of task 2 in the document …
    assertContains(response, 'href="#s-t2"')  # … and the way to them from its row
    assertContains(response, 'href="#row-x2">100%</a>')
    assertContains(response, "将规模生产经营主体全部纳入监管名录。</textarea>")
    assertContains(response, 'value="市农业农村局、市公安局、各县市区政府"')
    assertContains(response, "不在任何已识别的部分之内")
    assertNotContains(response, "需要改正")


def test_saving_keeps_every_field_and_only_changes_what_was_typed(client, draft):
    response = post(client, draft, **{"tasks.t1.text": " 建立\r\n台账 ", "targets.x1.value": "98.5"})
    assertRedirects(response, reverse("programme:review", args=[draft.pk]))
    draft.refresh_from_db()
    expected = content()
    expected["tasks"][0]["text"], expected["targets"][0]["value"] = "建立\n台账", "98.5"
    assert (draft.content, draft.version) == (expected, 2)


def test_rows_are_added_removed_moved_restored_without_javascript(client, draft):
    url = reverse("programme:review", args=[draft.pk])
    assert post(client, draft, "remove.tasks.t2")["Location"] == f"{url}#row-t3"
    draft.refresh_from_db()
    assert [task["id"] for task in draft.content["tasks"]] == ["t1", "t3"]
    page = client.get(url)
    assertContains(page, "已删除 1 行，可以恢复")
    assertContains(page, "已删除</span>")  # struck out in the document
    sent = typed(draft.content, version="2", act="restore.tasks.t2")
    assert client.post(url, sent)["Location"] == f"{url}#row-t2"
    draft.refresh_from_db()
    assert draft.content == content()


def test_the_first_button_saves_so_that_enter_never_deletes(client, draft):
    page = client.get(reverse("programme:review", args=[draft.pk])).content.decode()
    form = page[page.index('class="reading"') :]
    assert re.findall(r'<button[^>]*name="act" value="([^"]+)"', form)[0] == "save"


def test_what_is_wrong_is_kept_and_named_at_its_place(client, draft):
    wrong = {"targets.x1.value": "九十八", "phases.p2.to": "2025-01-01", "tasks.t2.number": "1"}
    assert post(client, draft, **wrong).status_code == 302  # a draft may be wrong
    draft.refresh_from_db()
    response = client.post(
        reverse("programme:review", args=[draft.pk]), typed(draft.content, version="2", act="confirm")
    )
    assertContains(response, "还有 3 处需要改正", status_code=422)
    for field in wrong:
        assertContains(response, f'href="#f-{field}"', status_code=422)
        assertContains(response, f'id="f-{field}"', status_code=422)
    assertContains(response, 'value="九十八"', status_code=422)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_two_people_saving_the_same_draft(client, draft):
    post(client, draft, **{"tasks.t1.text": "先保存的"})
    response = post(client, draft, **{"tasks.t1.text": "后保存的", "tasks.t3.score": "12"})
    assertContains(response, "您的修改未保存", status_code=422)
    assertContains(response, "后保存的</textarea>", status_code=422)  # what was typed stays
    assertContains(response, "现在是“先保存的”", status_code=422)
    assertContains(response, "现在是“10”", status_code=422)
    assertContains(response, 'name="version" value="2"', status_code=422)  # knowing that, the next save stands
    draft.refresh_from_db()
    assert draft.content["tasks"][0]["text"] == "先保存的"
    post(client, draft, version="2", **{"tasks.t1.text": "后保存的"})
    draft.refresh_from_db()
    assert draft.content["tasks"][0]["text"] == "后保存的"


def test_a_row_that_somebody_else_took_out_is_not_lost(client, draft):
    post(client, draft, "remove.tasks.t1")
    response = post(client, draft, **{"tasks.t1.text": "我改的第一项"})
    assertContains(response, "我改的第一项</textarea>", status_code=422)


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
def test_a_damaged_form_overwrites_nothing(client, draft, version):
    assert post(client, draft, version=version).status_code == 422
    draft.refresh_from_db()
    assert draft.version == 1


def test_a_draft_can_be_given_up(client, draft):
    assertRedirects(post(client, draft, "drop"), reverse("programme:plans"))
    draft.refresh_from_db()
    assert draft.state == "dropped"
    assertContains(client.get(reverse("programme:plans")), "还没有方案")


@pytest.mark.parametrize(
    "who, status",
    [
        ({"role": Role.UNIT}, 403),
        ({"role": Role.ADMINISTRATOR}, 403),
        ({"division_id": COUNTY}, 404),
        ({"division_id": "410100000000"}, 404),
    ],
)
@pytest.mark.parametrize("name", ["programme:review", "programme:match"])
def test_drafts_are_guarded(client, draft, name, who, status):
    client.force_login(UserFactory(**who))
    assert client.get(reverse(name, args=[draft.pk])).status_code == status
    assert client.post(reverse(name, args=[draft.pk])).status_code == status


def test_sixty_long_tasks_take_few_queries(client, draft, django_assert_max_num_queries):
    rows = [
        empty_row(
            "tasks", f"t{n + 100}", chapter="c1", number=str(n + 1), text="任务内容很长" * 40, responsible="市农业局"
        )
        for n in range(60)
    ]
    draft.content = content(tasks=rows)
    draft.save()
    with django_assert_max_num_queries(6):
        response = client.get(reverse("programme:review", args=[draft.pk]))
    assert response.content.count(b"row-no") == 60


def test_a_confirmed_draft_waits_for_its_units(client, draft):
    OrganisationFactory(name="宜春市农业农村局", aliases=["市农业农村局"])
    assertRedirects(post(client, draft, "confirm"), reverse("programme:match", args=[draft.pk]))
    page = client.get(reverse("programme:match", args=[draft.pk]))
    assertContains(page, "名称相符")
    assertContains(page, 'value="宜春市公安局"')
    assertContains(page, "2 个机构（2 个待新建）")
    assertContains(page, "将新建 3 个机构")
    assertRedirects(
        client.get(reverse("programme:review", args=[draft.pk])), reverse("programme:match", args=[draft.pk])
    )


@pytest.fixture
def confirmed(client, draft):
    OrganisationFactory(name="宜春市农业农村局", aliases=["市农业农村局"])
    post(client, draft, "confirm")
    draft.refresh_from_db()
    return draft


CHOICES = {
    "unit0-choice": "proposed", "unit0-name": "", "unit1-choice": "new", "unit1-name": "宜春市公安局",
    "unit2-choice": "proposed", "unit2-name": "",
}  # fmt: skip


def match(client, version, **changes):
    data = {**CHOICES, "version": str(version.version), **changes}
    return client.post(reverse("programme:match", args=[version.pk]), data)


def test_matching_adopts_the_plan(client, confirmed):
    assertRedirects(match(client, confirmed), reverse("programme:plan", args=[confirmed.plan_id]))
    confirmed.refresh_from_db()
    assert (confirmed.state, Task.objects.count()) == ("adopted", 3)
    assert set(Organisation.objects.filter(kind="government").values_list("name", flat=True)) >= {
        "宜春市农业农村局", "宜春市公安局", "袁州区人民政府", "丰城市人民政府"
    }  # fmt: skip


def test_a_unit_may_be_another_organisation_or_nobody(client, confirmed):
    police = OrganisationFactory(name="宜春市公安局食药环侦支队")
    match(
        client,
        confirmed,
        **{"unit1-choice": "other", "unit1-name": f"{police.name} · 宜春市", "unit2-choice": "nobody"},
    )
    confirmed.refresh_from_db()
    second = confirmed.tasks.get(position=2)
    assert [(u.name, u.organisation_id) for u in second.units.all()][1:] == [
        ("市公安局", police.pk), ("各县市区政府", None)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"unit1-name": ""}, "请填写机构名称。"),
        ({"unit1-choice": "other", "unit1-name": "没有这个局"}, "没有唯一的“没有这个局”"),
        ({"unit1-choice": "nonsense"}, "nonsense"),
    ],
)
def test_a_wrong_match_is_named_at_its_unit(client, confirmed, changes, said):
    response = match(client, confirmed, **changes)
    assertContains(response, 'href="#unit1">市公安局', status_code=422)
    assertContains(response, said, status_code=422)
    assert not Task.objects.exists()


def test_somebody_else_sent_it_back_meanwhile(client, confirmed):
    client.post(reverse("programme:reopen", args=[confirmed.pk]), {"version": confirmed.version})
    assert PlanVersion.objects.get().state == "draft"
    assertRedirects(match(client, confirmed), reverse("programme:review", args=[confirmed.pk]))
    assert not Task.objects.exists()


def test_an_adopted_version_is_not_corrected(client):
    version = adopted()
    client.force_login(version.file.owner)
    for name in ("programme:review", "programme:match"):
        assertRedirects(client.get(reverse(name, args=[version.pk])), reverse("programme:plan", args=[version.plan_id]))


# --- a file with several plans ---


def test_choosing_among_several_plans(client):
    file = PlanFileFactory(plans=[content(title="甲方案"), content(title="乙方案")])
    client.force_login(file.owner)
    url = reverse("programme:choose", args=[file.pk])
    assertContains(client.get(url), "文件里有 2 篇方案")
    assertContains(client.post(url), "请至少选择一篇方案", status_code=422)
    assertRedirects(client.post(url, {"position": ["0", "1"]}), reverse("programme:plans"))
    assertContains(client.get(reverse("programme:plans")), "校正第 1 版草稿", count=2)


def test_a_file_is_its_uploader_s(client):
    file = PlanFileFactory()
    client.force_login(UserFactory())
    assert client.get(reverse("programme:choose", args=[file.pk])).status_code == 404
