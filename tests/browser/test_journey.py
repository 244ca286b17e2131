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

    page.goto(f"{city}/programme/cockpit/")
    expect(page.locator("main")).to_contain_text("丰城市创建国家农产品质量安全县实施方案")
    page.goto(f"{city}/programme/cockpit/?plan=1&indicator=pass_rate")
    expect(page.locator("main")).to_contain_text("抽检合格率")
    page.locator("a[href*='/indicators/pass_rate/records/'][href*='passing=0']").first.click()
    failing = page.locator("table a[href*='/monitoring/samples/']")
    expect(failing.first).to_be_visible()
    failing.first.click()
    expect(page.locator("main")).to_contain_text("不合格")

    page.locator(".related a[href*='/enforcement/cases/']").first.click()
    expect(page.locator("main")).to_contain_text("AJ-")
    expect(page.locator("main")).to_contain_text("检测报告")
