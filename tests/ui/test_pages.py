"""What every page shares: the frame, the first page, the search, the refusals."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import path, reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from config import home
from config.menu import shell
from config.urls import urlpatterns as own
from nongan.accounts.rules import Role
from nongan.common.errors import RuleBroken
from nongan.common.work import Todo
from tests.accounts.factories import COUNTY, TOWN, OrganisationFactory, UserFactory
from tests.standards.factories import small_law

HOME = reverse("home")


@pytest.fixture
def office(client, db):
    office = UserFactory(role=Role.PROGRAMME_OFFICE, full_name="钱主任")
    client.force_login(office)
    return office


# The frame


@pytest.mark.django_db
def test_the_menu_holds_what_the_role_may(client, office):
    assertContains(client.get(HOME), "操作日志")
    client.force_login(UserFactory(role=Role.ANALYST))
    analyst = client.get(HOME)
    assertContains(analyst, "检测样品")
    assertNotContains(analyst, "操作日志")
    assertNotContains(analyst, "驾驶舱")


def test_the_place_in_the_menu_is_marked(client, office):
    assertContains(client.get(reverse("accounts:people")), 'aria-current="page">人员')
    assertContains(client.get(HOME), 'aria-current="page">待办')


def test_no_script_and_no_style_stands_in_a_page(client, office):
    for url in (HOME, reverse("accounts:people"), reverse("places:divisions"), reverse("portal:home")):
        response = client.get(url)
        text = response.content.decode()
        assert re.findall(r"<script(?![^>]*\bsrc=)", text) == []
        assert re.findall(r"<style|\son[a-z]+=", text) == []
        assert (
            "script-src" in response["Content-Security-Policy"] or "default-src" in response["Content-Security-Policy"]
        )


def test_every_asset_of_the_frame_is_local(client, office):
    text = client.get(HOME).content.decode()
    assets = re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="([^"]+)"', text)
    assert len(assets) >= 6
    for asset in assets:
        assert asset.startswith("/static/"), asset
        assert find(asset.removeprefix("/static/")), asset


def test_one_may_skip_to_the_content_and_search_by_key(client, office):
    response = client.get(HOME)
    assertContains(response, 'class="skip" href="#main"')
    assertContains(response, '<main class="content" id="main" tabindex="-1">')
    assertContains(response, 'data-hotkey="/"')


def test_the_language_is_switched_and_kept(client, office):
    assertContains(client.get(HOME), 'lang="zh-hans"')
    response = client.post(reverse("set_language"), {"language": "en", "next": HOME})
    assertRedirects(response, HOME)
    assertContains(client.get(HOME), '<html lang="en">')
    client.post(reverse("set_language"), {"language": "zh-hans", "next": "https://evil.example/"})
    assertContains(client.get(HOME), '<html lang="zh-hans">')


# 待办


def test_a_day_without_work_says_so(client, office, monkeypatch):
    monkeypatch.setattr(home, "TODOS", [])
    response = client.get(HOME)
    assertContains(response, "没有等您处理的工作")
    assertContains(response, "都办完了")


def test_the_most_urgent_work_comes_first(client, office, monkeypatch):
    now = timezone.now()
    todos = [
        Todo("填报 5 项任务的进展", "/a/", "info"),
        Todo("抽样 3 件", "/b/", "warn", now + timedelta(days=2)),
        Todo("复核 1 件", "/c/", "warn", now + timedelta(days=1)),
        Todo("移送 1 件", "/d/", "bad", now, "宜春市袁州区慈化镇生态循环农业种植养殖专业合作社联合社" * 3),
    ]
    monkeypatch.setattr(home, "TODOS", [lambda user, at: todos])
    response = client.get(HOME)
    assertContains(response, "有 4 项工作等您处理")
    assertContains(response, "其中 1 项已超期")
    text = response.content.decode()
    assert [text.index(word) for word in ("移送 1 件", "复核 1 件", "抽样 3 件", "填报 5 项")] == sorted(
        text.index(word) for word in ("移送 1 件", "复核 1 件", "抽样 3 件", "填报 5 项")
    )


def test_the_first_page_takes_few_queries(client, office, django_assert_max_num_queries):
    client.get(HOME)
    with django_assert_max_num_queries(20):
        client.get(HOME)


# The global search


def test_the_search_finds_things_of_every_context(client, db, django_assert_max_num_queries):
    small_law()
    client.force_login(UserFactory(role=Role.ADMINISTRATOR, division_id=COUNTY))
    OrganisationFactory.create_batch(3, division_id=COUNTY)
    UserFactory(division_id=TOWN, full_name="市农达")
    client.get(reverse("search"), {"q": "市农"})
    with django_assert_max_num_queries(20):
        response = client.get(reverse("search"), {"q": "市农"})
    assertContains(response, "市农业农村局")
    assertContains(response, "市农达")
    client.force_login(UserFactory(role=Role.SUPERVISOR, division_id=COUNTY))
    assertNotContains(client.get(reverse("search"), {"q": "市农"}), "市农达")


def test_a_search_for_nothing_and_for_what_is_not_there(client, office):
    assertContains(client.get(reverse("search")), "输入编号、名称")
    assertContains(client.get(reverse("search"), {"q": "火星<script>"}), "没有找到")
    assertContains(client.get(reverse("search"), {"q": "火星<script>"}), "火星&lt;script&gt;")


# Refusals


def _forbidden(request):
    raise PermissionDenied


def _unlawful(request):
    raise RuleBroken("这批产品已由上级抽样，同一批不再抽样。")


def _broken(request):
    raise ZeroDivisionError


urlpatterns = [*own, path("forbidden/", _forbidden), path("unlawful/", _unlawful), path("broken/", _broken)]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    "url, status, said",
    [("/forbidden/", 403, "创建办"), ("/nowhere/", 404, "找不到"), ("/unlawful/", 409, "同一批不再抽样")],
)
def test_a_refusal_says_what_and_why_and_shows_a_way_on(client, office, url, status, said):
    response = client.get(url)
    assertContains(response, said, status_code=status)
    assertContains(response, f'href="{HOME}"', status_code=status)


@pytest.mark.urls(__name__)
def test_a_refused_form_leads_back_to_its_page(client, office):
    response = client.post("/unlawful/", headers={"Referer": "http://testserver/accounts/people/?text=a"})
    assertContains(response, 'href="/accounts/people/?text=a"', status_code=409)
    response = client.post("/unlawful/", headers={"Referer": "https://evil.example/x"})
    assertNotContains(response, "evil.example", status_code=409)


@pytest.mark.urls(__name__)
def test_a_fault_of_ours_is_said_without_the_database(client, office):
    client.raise_request_exception = False
    assertContains(client.get("/broken/"), "系统出错了", status_code=500)


@pytest.mark.parametrize(
    "url", ["/accounts/people/?text=%00", "/registry/subjects/%00/", "/api/v1/accounts/people?text=%00"]
)
def test_an_address_with_a_nul_is_refused_at_the_door(client, office, url):
    assertContains(client.get(url), "NUL", status_code=400)


@pytest.mark.parametrize("character, status", [("\\u0000", 400), ("\\ud800", 400), ("\\u4e00", 200)])
def test_a_body_with_half_a_character_too(client, office, character, status):
    url = "/api/v1/places/divisions/360902000000/population/2025"
    response = client.put(url, f'{{"residents": 5, "source": "a{character}b"}}', content_type="application/json")
    assert response.status_code == status, response.content


def test_a_page_that_waited_too_long_says_that_nothing_is_lost(db):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(UserFactory())
    response = strict.post(reverse("accounts:logout"))
    assertContains(response, "会自动恢复", status_code=403)


# The session


def test_a_session_ends_two_hours_after_the_last_request(client, office, settings):
    assert client.get(HOME).status_code == 200
    assert client.session.get_expiry_age() == 2 * 60 * 60 == settings.SESSION_COOKIE_AGE
    session = client.session
    touched = session["touched"]
    client.get(HOME)
    assert client.session["touched"] == touched, "reading writes at most once in five minutes"
    session["touched"] = touched - 6 * 60
    session.save()
    client.get(HOME)
    assert client.session["touched"] >= touched
    session = client.session
    session.set_expiry(-1)
    session.save()
    assertRedirects(client.get(HOME), f"{reverse('accounts:login')}?next=%2Fhome%2F")


def test_an_ended_session_comes_back_to_the_page_of_the_form(client, db):
    login = reverse("accounts:login")
    form = client.post(
        reverse("accounts:revoke-token", args=[1]), headers={"Referer": "http://testserver/accounts/me/"}
    )
    assertRedirects(form, f"{login}?next=%2Faccounts%2Fme%2F")
    part = client.get(
        reverse("accounts:people"),
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/accounts/people/?role=unit"},
    )
    assert part["HX-Redirect"] == f"{login}?next=%2Faccounts%2Fpeople%2F%3Frole%3Dunit"
    other = client.post(reverse("accounts:revoke-token", args=[1]), headers={"Referer": "https://evil.example/"})
    assert "evil" not in other["Location"]


# The gallery


def test_the_gallery_shows_every_piece(client, db):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    response = client.get(reverse("ui:gallery"))
    for piece in (
        "state-ok", "state-bad", "state-warn", "state-info", "state-idle", "empty-box", "pager", "timeline-list",
        "还没有记录", "field-error", "alert-danger", "alert-warning", "todo", "big", "facts", "card-footer",
        "form-hint",
    ):  # fmt: skip
        assertContains(response, piece)
    client.force_login(UserFactory(role=Role.SUPERVISOR))
    assert client.get(reverse("ui:gallery")).status_code == 403


# Colours

CSS = Path(find("ui/nongan.css")).read_text()
WHITE, GROUND = "#fff", "#f4f6f5"


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(c * 2 for c in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


NAMED = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", CSS))
PAIRS = [
    (name, NAMED[name], ground) for name in ("green", "red", "amber", "blue", "grey") for ground in (WHITE, GROUND)
] + [(f"{name} on its own ground", NAMED[name], NAMED[f"{name}-bg"]) for name in ("red", "amber", "blue", "grey")]


PAIRS += [("tag ok", "#12512f", NAMED["green-bg"]), ("button", WHITE, NAMED["green"])]


@pytest.mark.parametrize("name, text, ground", PAIRS)
def test_text_stands_out_from_its_ground(name, text, ground):
    assert contrast(text, ground) >= 4.5, f"{name}: {contrast(text, ground):.2f}"


def test_no_text_is_smaller_than_twelve_pixels():
    assert min(float(size) for size in re.findall(r"font-size: ([\d.]+)px", CSS)) >= 12


def test_a_request_without_a_reader_still_has_a_frame(db):
    assert shell(RequestFactory().get("/"))["menu"] == []


@pytest.mark.django_db
def test_the_address_of_a_button_says_what_it_is(client):
    client.force_login(UserFactory())
    response = client.get(reverse("accounts:issue-token"))
    assertContains(response, "不能直接打开", status_code=405)
    assert response["Allow"] == "POST"
