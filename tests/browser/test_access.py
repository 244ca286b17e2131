"""Every page measured in Chromium, at 1440 and at 390 px: WCAG 2.2 AA and landmarks by axe-core, width, size of text,
boundaries of boxes, what fails to load. Each page once by whoever may see it, again where a role sees more of it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import Browser, Page, Response

from tests.browser.conftest import ROOT, log_in, needs_browser
from tests.programme.factories import plan_docx

pytestmark = needs_browser

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK, PHONE, WALL = (1440, 900), (390, 844), (1920, 1080)
EVERYWHERE = ("office", "officer1-360902", "analyst")  # these walk everything that they may see
# These see what nobody saw; the officer of the city has a case to handle whatever county it is in.
THE_REST = ("verifier", "signatory", "admin", "supervisor", "unit-360902", "head-360902", "officer1-360900")
# Addresses without a page of their own: acts, files, and the parts that a script asks for.
NO_PAGE = {
    "set_language", "accounts:logout", "accounts:issue-token", "accounts:begin-totp", "accounts:drop-totp",
    "accounts:organisation-options", "places:division-options", "registry:subject-options",
    "registry:supervising-options", "laboratory:worksheet-file", "monitoring:panel", "monitoring:item-options",
    "enforcement:officer-options", "indicators:recount", "standards:commodity-options", "standards:analyte-options",
    "portal:food-options", "portal:item-options",
}  # fmt: skip
ONLY_WITH_A_SECOND_FACTOR = {"accounts:second-factor", "accounts:totp"}
DETAILS = {  # at least these kinds of pages about one thing
    "accounts:organisation", "accounts:person", "accounts:change-organisation", "accounts:change-person",
    "places:division", "places:population", "documents:new-import", "standards:commodity", "standards:analyte",
    "standards:edition", "registry:subject", "registry:change-subject", "registry:close-subject",
    "laboratory:specimen", "monitoring:sample", "monitoring:void", "enforcement:case", "enforcement:act",
    "enforcement:disposal", "indicators:indicator", "indicators:records", "programme:plan", "programme:task",
    "programme:steps", "programme:item", "programme:write-report", "programme:review", "programme:match",
    "portal:result",
}  # fmt: skip

RARE = ("/monitoring/samples/?state=taken", "/enforcement/cases/?state=lead")  # what can be done to few things only
ELSEWHERE = re.compile(r"\.\w+$|[?&]export=|/files/")  # files, not pages
SIGNS = """() => [...new Set([...document.body.querySelectorAll("*")].map((e) =>
  [e.parentElement.tagName, e.parentElement.className, e.tagName, e.getAttribute("class"), e.getAttribute("type"),
   e.getAttribute("role"), Boolean(e.textContent.trim())].join("|")))]"""
# Before axe: of rows that are alike in all but their words one is enough; and a bar that stays covers whatever is under
# it until one scrolls (test_keyboard.py holds that nothing focused is under it).
PREPARE = """() => {
  const sign = (e) => `${e.tagName} ${e.getAttribute("class")}`;
  const kind = (e) => [e, ...e.querySelectorAll("*")].map(sign).join();
  for (const list of document.querySelectorAll("tbody, table, main ul, main ol")) {
    const known = new Set();
    for (const row of [...list.children]) if (known.has(kind(row))) row.remove(); else known.add(kind(row));
  }
  for (const e of document.querySelectorAll("*"))
    if (["sticky", "fixed"].includes(getComputedStyle(e).position)) e.style.position = "static";
}"""
RUN = """(tags) => axe.run(document, {
  runOnly: {type: "tag", values: tags}, resultTypes: ["violations"], preload: false,
}).then((said) => said.violations)"""
MEASURE = """(widths) => {
  const found = [], text = (e) => e.outerHTML.replace(/\\s+/g, " ").slice(0, 160);
  const say = (rule, e, why) => found.push([rule, text(e), why]);
  const seen = (e) => e.checkVisibility({checkOpacity: true, checkVisibilityCSS: true});
  const root = document.documentElement;
  const over = root.scrollWidth - root.clientWidth;
  if (widths && over > 0) say("width", root, `${over} px too wide`);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), done = new Set();
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (matchMedia("print").matches) break;  // paper is read at another distance
    if (done.has(e) || !walk.currentNode.data.trim() || !seen(e)) continue;
    if (e.closest("script, style, noscript, title, option")) continue;
    done.add(e);
    const scale = e.ownerSVGElement ? e.getScreenCTM().a : 1, size = parseFloat(getComputedStyle(e).fontSize) * scale;
    if (size < 11.99) say("size of text", e, `${size.toFixed(1)} px`);
  }
  const light = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    const part = (on) => {
      const v = (on * a + 255 * (1 - a)) / 255;  // what shines through is taken for white
      return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort(); return (y + 0.05) / (x + 0.05); };
  for (const e of document.querySelectorAll("input:not([type=hidden], [type=file]), select, textarea")) {
    const style = getComputedStyle(e);
    if (!seen(e) || e.disabled || e.readOnly || e.checked) continue;
    if (/checkbox|radio/.test(e.type) && style.appearance !== "none") continue;  // drawn by the browser
    if (style.borderBottomColor === "rgba(0, 0, 0, 0)") continue;  // a cell of a grid: the lines of the table bound it
    const line = ratio(style.borderBottomColor, style.backgroundColor);
    if (line < 3) say("boundary of a box", e, `${line.toFixed(2)}:1`);
    const hint = e.placeholder ? ratio(getComputedStyle(e, "::placeholder").color, style.backgroundColor) : 21;
    if (hint < 4.5) say("contrast of a placeholder", e, `${hint.toFixed(2)}:1`);
  }
  return found;
}"""


def plain_addresses(patterns: Any = None, prefix: str = "/", space: str = "") -> Iterator[tuple[str, str]]:
    """Name and path of every address of the site that takes no argument, the API left out."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver) and not here.startswith("/api/"):
            yield from plain_addresses(pattern.url_patterns, here, f"{pattern.namespace}:" if pattern.namespace else "")
        elif isinstance(pattern, URLPattern) and "<" not in here:
            yield space + str(pattern.name), here


def name_of(url: str) -> str:
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return ""


@dataclass
class Survey:
    """What was measured, and what was found: (rule, page, who, width, node, why)."""

    city: str
    findings: list[tuple[str, ...]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    signs: dict[str, set[str]] = field(default_factory=dict)

    def of(self, *rules: str) -> str:
        lines = {f"{' | '.join(found)}" for found in self.findings if found[0] in rules}
        return "\n".join(sorted(lines)[:40])


def watch(page: Page, survey: Survey, who: str) -> None:
    def failed(what: str, why: str) -> None:
        survey.findings.append(("failure", urlsplit(page.url).path, who, "", what, why))

    def answered(response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            failed(response.url, str(response.status))

    def console(kind: str, text: str) -> None:
        if kind == "error" and not text.startswith("Failed to load resource"):  # those stand in `answered` already
            failed(text, kind)

    def left_or_failed(url: str, why: str) -> None:
        if why != "net::ERR_ABORTED":  # the page was left before its icon came
            failed(url, why)

    page.on("response", answered)
    page.on("pageerror", lambda fault: failed(str(fault), "script"))
    page.on("console", lambda line: console(line.type, line.text))
    page.on("requestfailed", lambda request: left_or_failed(request.url, str(request.failure)))


def measure(page: Page, survey: Survey, who: str, *, only: tuple[tuple[int, int], ...] = (DESK, PHONE)) -> None:
    """All that is measured of the page that is open, at each size."""
    place = urlsplit(page.url).path

    def found(rule: str, width: int, node: str, why: str) -> None:
        survey.findings.append((rule, place, who, str(width), node, why))

    for width, height in only:
        page.set_viewport_size({"width": width, "height": height})
        for rule, node, why in page.evaluate(MEASURE, width == PHONE[0]):
            found(rule, width, node, why)
    page.evaluate(PREPARE)
    for width, height in reversed(only):
        page.set_viewport_size({"width": width, "height": height})
        for rule in page.evaluate(RUN, TAGS):
            for node in rule["nodes"]:
                found(rule["id"], width, node["html"][:200], node["failureSummary"].replace("\n", " ")[:300])


def open_page(page: Page, survey: Survey, address: str) -> str:
    """The name of the page that came, or nothing where the address leads to another one or is not for this person."""
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    response = page.goto(survey.city + address)
    page.evaluate("document.fonts.ready.then(() => true)")
    name = name_of(page.url)
    return name if response and response.status == 200 and name == name_of(address) else ""


def shows_more(page: Page, survey: Survey, name: str) -> bool:
    """Whether this page holds a kind of element that was not measured on it before."""
    signs, known = set(page.evaluate(SIGNS)), survey.signs.setdefault(name, set())
    everywhere = set().union(*survey.signs.values())
    more = signs - (everywhere if known else set())
    known |= signs
    return bool(more)


def links(page: Page) -> list[str]:
    found = page.evaluate("[...document.querySelectorAll('main a[href]')].map((a) => a.getAttribute('href'))")
    return [href for href in found if href.startswith("/") and not ELSEWHERE.search(href)]


def unseen(page: Page, survey: Survey) -> Iterator[str]:
    """Addresses of pages that nobody saw, from what this person's pages link to; read without showing them."""
    waiting = [*RARE, *(path for name, path in plain_addresses() if name not in NO_PAGE)]
    read: Counter[str] = Counter()
    while waiting:
        address = waiting.pop(0)
        name = name_of(address)
        if read[name] >= 3 or name in NO_PAGE:
            continue
        answer = page.request.get(survey.city + address, max_redirects=0)
        if answer.status == 200 and "text/html" in answer.headers["content-type"]:
            read[name] += 1
            if name not in survey.seen:
                yield address
            waiting += [unescape(href) for href in re.findall(r'<a [^>]*href="(/[^"]+)"', answer.text())]
            waiting = [href for href in waiting if not ELSEWHERE.search(href)]


def visit(page: Page, survey: Survey, who: str, address: str) -> list[str]:
    """Open and measure; what the page links to, or nothing where it is not for this person."""
    name = open_page(page, survey, address)
    if not name:
        return []
    survey.seen.add(name)
    found = links(page)
    if shows_more(page, survey, name):
        measure(page, survey, who)
    return found


def walk(page: Page, survey: Survey, who: str, wanted: Callable[[str], bool] = bool) -> None:
    """Every address without arguments, and the first of each kind of page that one of them links to."""
    waiting = [path for name, path in plain_addresses() if name not in NO_PAGE and wanted(name)]
    kinds = {name_of(path) for path in waiting} | NO_PAGE
    while waiting:
        for href in visit(page, survey, who, waiting.pop(0)):
            if (kind := name_of(href)) and kind not in kinds and wanted(kind):
                kinds.add(kind)
                waiting.append(href)


def fill_plan(page: Page, survey: Survey, folder: Path) -> None:
    """A plan that is read: the pages of its correction and of its units, and a second plan in the lists."""
    document = folder / "方案.docx"
    document.write_bytes(plan_docx())
    page.goto(f"{survey.city}/programme/upload/")
    page.set_input_files("input[type=file]", document)
    for press in ("button[data-save]", "button[value=confirm]"):
        with page.expect_navigation():
            page.click(press)
        survey.seen.add(name_of(page.url))
        measure(page, survey, "office")


def fill_import(page: Page, survey: Survey, folder: Path) -> None:
    """A table that is checked before it is taken."""
    kind = f"{survey.city}/documents/imports/new/population/"
    file = folder / "人口.xlsx"
    file.write_bytes(page.request.get(f"{kind}template.xlsx").body())
    page.goto(kind)
    page.set_input_files("input[type=file]", file)
    page.click("form[data-draft] button[data-save]")
    page.wait_for_load_state()
    measure(page, survey, "office: import")


def special(page: Page, survey: Survey, folder: Path) -> None:
    """What no link leads to: answers, errors beside fields, missing pages, the wall, paper."""
    for address in (
        "/search/?q=CY",
        "/standards/look-up/?food=豇豆&item=克百威",
        "/registry/subjects/?q=没有这样的主体",
    ):
        page.goto(survey.city + address)
        measure(page, survey, "office")
    page.goto(f"{survey.city}/registry/subjects/new/")
    page.click("button[data-save]")
    page.wait_for_selector(".field-error")
    measure(page, survey, "office: errors")
    page.goto(f"{survey.city}/programme/cockpit/?wall=1")
    measure(page, survey, "office: wall", only=(WALL,))
    for address in ("/home/no-such-page/", "/laboratory/worksheet/"):  # 404, 403
        page.goto(survey.city + address)
        measure(page, survey, "office: refused")
    page.emulate_media(media="print")
    for address in ("/monitoring/samples/", "/programme/tasks/1/", "/programme/schedule/"):
        page.goto(survey.city + address)
        measure(page, survey, "office: print", only=(DESK,))
    page.emulate_media(media="screen")
    fill_plan(page, survey, folder)
    fill_import(page, survey, folder)


def public(page: Page, survey: Survey) -> None:
    walk(page, survey, "public", lambda name: name.startswith("portal:") or name == "accounts:login")
    page.goto(f"{survey.city}/look-up/?food=豇豆&item=克百威")
    measure(page, survey, "public: answer")
    page.goto(f"{survey.city}/accounts/login/")
    page.fill("[name=username]", "nobody")
    page.fill("[name=password]", "not the password")
    page.press("[name=password]", "Enter")
    page.wait_for_selector(".alert-danger")
    measure(page, survey, "public: errors")


@pytest.fixture(scope="module")
def survey(city: str, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Survey:
    done = Survey(city)
    for who in ("", *EVERYWHERE, *THE_REST):
        context = chromium.new_context(locale="zh-CN", reduced_motion="reduce")
        context.add_init_script(AXE.read_text())
        page = context.new_page()
        if who:
            log_in(page, city, who)
        watch(page, done, who)
        if not who:
            public(page, done)
        elif who in EVERYWHERE:
            walk(page, done, who)
        else:
            for address in unseen(page, done):
                visit(page, done, who, address)
        if who == "office":
            special(page, done, tmp_path_factory.mktemp("plan"))
        context.close()
    return done


def test_every_page_was_measured(survey: Survey) -> None:
    names = {name for name, _path in plain_addresses()} - NO_PAGE - ONLY_WITH_A_SECOND_FACTOR
    assert (names | DETAILS) - survey.seen == set()


OWN_RULES = ("width", "size of text", "boundary of a box", "contrast of a placeholder", "failure")


def test_axe_finds_nothing(survey: Survey) -> None:
    rules = {found[0] for found in survey.findings} - set(OWN_RULES)
    assert survey.of(*rules) == ""


@pytest.mark.parametrize("rule", OWN_RULES)
def test_nothing_else_is_wrong(survey: Survey, rule: str) -> None:
    assert survey.of(rule) == ""
