"""The keyboard alone, in Chromium: the focus is seen, it follows the reading, and keys do what they promise."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import log_in, needs_browser

pytestmark = needs_browser

FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e), box = e.getClientRects()[0] || e.getBoundingClientRect();
  const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
  const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2, top = document.elementFromPoint(x, y);
  const all = [...document.querySelectorAll("*")];
  return {
    text: e.outerHTML.replace(/\\s+/g, " ").slice(0, 140), place: all.indexOf(e),
    ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth), colour: style.outlineColor,
    covered: !(top && (e.contains(top) || top.contains(e) || top.closest("label")?.control === e)),
    part: e.closest("aside.side, header, main") ?.tagName ?? "", folded: Boolean(e.closest(".table-wrap, svg")),
    left: box.left + scrollX, right: box.right + scrollX, top: box.top + scrollY, bottom: box.bottom + scrollY,
  };
}"""
REACHABLE = """() => [...document.querySelectorAll(
  "a[href], button, input, select, textarea, summary, [tabindex]"
)].filter((e) => e.tabIndex >= 0 && !e.disabled && e.type !== "hidden" && e.checkVisibility({checkVisibilityCSS: true})
  && !(e.type === "radio" && !e.checked)).length"""
PAGES = {
    "a list": ("office", "/registry/subjects/"),
    "a detail": ("office", "/enforcement/cases/"),  # the first case of it
    "a form": ("office", "/registry/subjects/new/"),
    "the cockpit": ("office", "/programme/cockpit/"),
    "the worksheet": ("analyst", "/laboratory/worksheet/"),
}


@pytest.fixture(scope="module")
def rooms(city: str, chromium: Browser) -> Iterator[dict[str, Page]]:
    """A page of each person, logged in once."""
    made = {}
    for who in {who for who, _address in PAGES.values()}:
        made[who] = chromium.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN", reduced_motion="reduce")
        log_in(made[who], city, who)
    yield made
    for page in made.values():
        page.close()


@pytest.fixture
def desk(rooms: dict[str, Page], city: str, request: pytest.FixtureRequest) -> Page:
    who, address = PAGES[request.param]
    page = rooms[who]
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(city + address)
    if request.param == "a detail":
        page.locator("tbody a[href*='/enforcement/cases/']").first.click()
        expect(page.locator(".detail")).to_be_visible()
    page.evaluate("document.querySelector('.skip').focus()")
    return page


def stops(page: Page, most: int = 700) -> list[dict[str, Any]]:
    """Where the focus stands after each press of Tab, from the skip link to the end of the page."""
    found = [page.evaluate(FOCUS)]
    while len(found) < most:
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None or stop["place"] <= found[0]["place"]:
            break
        if stop["place"] != found[-1]["place"]:  # a field of a date takes several presses
            found.append(stop)
    return found


def backwards(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether the eye has to go back: up, and not into a column to the right."""
    return bool(after["bottom"] <= before["top"] - 8 and after["left"] < before["right"] - 8)


@pytest.mark.parametrize("desk", PAGES, indirect=True)
def test_the_focus_is_seen_and_follows_the_reading(desk: Page) -> None:
    found = stops(desk)
    assert len(found) == desk.evaluate(REACHABLE)
    assert [stop["text"] for stop in found[1:] if stop["ring"] < 2] == []
    assert [stop["text"] for stop in found[1:] if stop["covered"]] == []
    assert [a["text"] + b["text"] for a, b in zip(found, found[1:], strict=False) if b["place"] < a["place"]] == []
    inside = [stop for stop in found[1:] if stop["part"] == "MAIN"]
    pairs = [(a, b) for a, b in zip(inside, inside[1:], strict=False) if not (a["folded"] or b["folded"])]
    assert [a["text"] + " → " + b["text"] for a, b in pairs if backwards(a, b)] == []


@pytest.mark.parametrize("desk", ["a list", "a form"], indirect=True)
def test_the_first_key_leads_past_the_menu(desk: Page) -> None:
    expect(desk.locator(".skip")).to_be_in_viewport()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    assert desk.evaluate("Boolean(document.activeElement.closest('main'))")


@pytest.mark.parametrize("desk", ["a list"], indirect=True)
def test_a_stroke_goes_to_the_search_but_is_typed_where_one_types(desk: Page) -> None:
    desk.keyboard.press("/")
    search = desk.locator(".top-search input")
    expect(search).to_be_focused()
    expect(search).to_have_value("")
    desk.keyboard.press("/")
    expect(search).to_have_value("/")


@pytest.mark.parametrize("desk", ["a form"], indirect=True)
def test_ctrl_and_enter_saves_and_an_error_leads_to_its_field(desk: Page) -> None:
    first = desk.locator("form[data-draft] :is(input:not([type=hidden]), select, textarea)").first
    first.focus()
    desk.keyboard.press("Control+Enter")
    summary = desk.locator(".alert-danger")
    expect(summary).to_be_focused()
    desk.keyboard.press("Tab")
    field = desk.evaluate("document.activeElement.hash")
    desk.keyboard.press("Enter")
    assert desk.evaluate("(field) => Boolean(document.activeElement.closest(field))", field)
    said = desk.evaluate("document.activeElement.getAttribute('aria-describedby')").split()
    assert said
    assert [one for one in said if not desk.locator(f"#{one}").is_visible()] == []


@pytest.mark.parametrize("desk", ["a list"], indirect=True)
def test_the_menu_of_a_phone_opens_and_closes_by_key(desk: Page) -> None:
    desk.set_viewport_size({"width": 390, "height": 844})
    opener, first = desk.locator(".navbar-toggler"), desk.locator(".side-link").first
    desk.keyboard.press("Tab")
    expect(opener).to_be_focused()
    expect(first).to_be_hidden()
    desk.keyboard.press("Enter")
    expect(first).to_be_visible()
    expect(opener).to_have_attribute("aria-expanded", "true")
    while not desk.evaluate("document.activeElement.matches('.side-link')"):
        desk.keyboard.press("Tab")
    expect(first).to_be_focused()
    expect(desk.locator(".navbar-collapse.collapsing")).to_have_count(0)
    desk.keyboard.press("Escape")
    expect(first).to_be_hidden()
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")


def test_a_fold_opens_and_gives_the_focus_back(city: str, chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    log_in(page, city, "verifier")
    page.goto(f"{city}/laboratory/verify/")
    fold = page.locator("details:has(> summary.btn)").first
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('details[open]'))")
    page.keyboard.press("Escape")
    expect(fold.locator("summary")).to_be_focused()
    expect(fold).not_to_have_attribute("open", "")
    page.close()
