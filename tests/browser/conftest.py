"""A whole system with demo data, and Debian's Chromium in front of it: what people see, as they see it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.browser.desk import Desk
from tests.whole_system import System

PATIENCE_MS = 20_000
"""A busy machine is slow; what never comes is told by the test's own words."""

WINDOW = {"width": 1440, "height": 900}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--lang=zh-CN"]


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """The system that all tests of this process share; each works on cases of its own."""
    with tempfile.TemporaryDirectory(prefix="tingzhu-") as folder:
        system = System(Path(folder).resolve() / "var")
        system.start()
        yield system
        system.stop()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """The driver; for one module only, because its event loop stands in the way of other tests in the same process."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "The browser tests need Chromium: apt-get install chromium (see README.md)"
    browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of its own for a test, with nothing remembered."""
    context = browser.new_context(viewport=WINDOW, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """One page of that browser."""
    return context.new_page()


@pytest.fixture
def desk(system: System, page: Page) -> Iterator[Desk]:
    """Somebody's desk on that page; a test fails if a script of the page failed or the content policy was broken."""
    desk = Desk(page, f"http://127.0.0.1:{system.port}")
    yield desk
    assert not desk.faults, desk.faults
