"""One journey in the system's Chromium, against the real server of a small demonstration city:
log in → upload a plan → confirm → adopt → cockpit → failing samples → case."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import log_in, needs_browser
from tests.programme.factories import plan_docx

pytestmark = needs_browser


def test_from_a_document_to_the_case_behind_a_figure(city, browser_page, tmp_path):
    page = browser_page
    document = tmp_path / "丰城市实施方案.docx"
    document.write_bytes(plan_docx())
    log_in(page, city, "office")

    page.goto(f"{city}/programme/upload/")
    page.set_input_files("input[type=file]", document)
    page.click("button[data-save]")
    expect(page).to_have_url(re.compile(r"/review/"))
    expect(page.locator("main")).to_contain_text("丰城市创建国家农产品质量安全县实施方案")

    page.click("button[value=confirm]")
    expect(page).to_have_url(re.compile(r"/units/"))
    page.click("button[data-save]")
    expect(page).to_have_url(re.compile(r"/programme/plans/\d+/"))

    plan = page.url.rstrip("/").rpartition("/")[2]
    cockpit = f"{city}/programme/cockpit/?plan={plan}&indicator=pass_rate"
    page.goto(cockpit)
    expect(page.locator("main")).to_contain_text("丰城市创建国家农产品质量安全县实施方案")
    figure = page.locator(".targets a.value[href*='/indicators/pass_rate/records/'][href*='passing=0']")
    for _round in range(60):  # the worker counts since the first day of the new plan
        if figure.count():
            break
        page.wait_for_timeout(1_000)
        page.goto(cockpit)
    figure.first.click()
    failing = page.locator("table a[href*='/monitoring/samples/']")
    expect(failing.first).to_be_visible()
    failing.first.click()
    expect(page.locator("main")).to_contain_text("不合格")

    page.locator(".related a[href*='/enforcement/cases/']").first.click()
    expect(page.locator("main")).to_contain_text("AJ-")
    expect(page.locator("main")).to_contain_text("报告 BG-")
