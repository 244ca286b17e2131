"""One journey in the system's Chromium, against the real server of a small demonstration city:
log in → upload a plan → confirm → adopt → cockpit → failing samples → case."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from nongan.demo.rules import PASSWORD
from tests.programme.factories import plan_docx

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM and not os.environ.get("CI"), reason="the system has no Chromium; `make test` installs it"
    ),
]


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """The address of a served demonstration city of 100 subjects and three months."""
    var = tmp_path_factory.mktemp("city")
    environment = {
        **os.environ, "NONGAN_VAR": str(var), "DJANGO_SETTINGS_MODULE": "config.local", "NONGAN_DATABASE": "",
        "NONGAN_SECRET_KEY": "only-for-the-journey-" * 4,
    }  # fmt: skip
    nongan = [sys.executable, "-m", "nongan"]
    for command in (["migrate", "--verbosity", "0"], ["load_reference"], ["demo", "--scale", "0.2", "--months", "3"]):
        done = subprocess.run([*nongan, *command], cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([*nongan, "serve", "--port", str(port), "--workers", "1"], cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(address: str) -> None:
    for _attempt in range(100):
        try:
            urlopen(f"{address}/accounts/login/", timeout=30)
            return
        except (URLError, OSError):
            time.sleep(0.3)
    raise AssertionError("the server did not start")


@pytest.fixture
def browser_page():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        faults: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        yield page
        assert faults == []
        browser.close()


def log_in(page: Page, city: str, username: str) -> None:
    page.goto(f"{city}/accounts/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator(".top-user")).to_be_visible()


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
