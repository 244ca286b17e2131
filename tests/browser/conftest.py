"""A served demonstration city and the system's Chromium, for every test in this folder."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from nongan.demo.rules import PASSWORD

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

needs_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM and not os.environ.get("CI"), reason="the system has no Chromium; `make test` installs it"
    ),
]


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
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


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def browser_page(chromium: Browser) -> Iterator[Page]:
    """A page at a desk; a fault in any script of it fails the test."""
    page = chromium.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    yield page
    page.close()
    assert faults == []


def log_in(page: Page, city: str, username: str) -> None:
    page.goto(f"{city}/accounts/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator("#main > .heading h1")).to_contain_text("您好")
