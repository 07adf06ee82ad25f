"""What a test does at a desk: sign in, open pages, look, check for accessibility."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, expect

from casework.settings import CHECKOUT

PASSWORD = "tingzhu-demo"
PHONE = {"width": 390, "height": 844}
PICTURES = CHECKOUT / "build" / "screenshots"
AXE = CHECKOUT / "web" / "node_modules" / "axe-core" / "axe.min.js"
AT_REST = """() => document.getAnimations().every(
    (animation) => animation.playState !== 'running' || animation.effect.getComputedTiming().iterations === Infinity
)"""
"""Whether everything that fades or slides has arrived; what turns without end, such as a spinner, does not count."""


class Desk:
    """A page with somebody in front of it. `faults` lists what went wrong in its scripts."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("console", self._listen)

    def _listen(self, message: ConsoleMessage) -> None:
        # the browser itself reports refusals and lost connections, which pages show in words and tests provoke
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def open(self, path: str) -> None:
        """Open an address below /app."""
        self.page.goto(f"{self.address}/app{path}")

    def sign_in(self, username: str, path: str = "/") -> None:
        """Sign in through the form and wait for the page at `path`."""
        self.open(path)
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录", exact=True).click()
        expect(self.page.get_by_role("navigation").first).to_be_visible()

    def speak_english(self) -> None:
        """Switch the language."""
        self.page.get_by_role("button", name="English").click()
        expect(self.page.locator("html")).to_have_attribute("lang", "en")

    def picture(self, name: str) -> Path:
        """Keep a picture of the whole page in build/screenshots, for people to look at."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{name}.png"
        self.page.screenshot(path=path, full_page=True)
        return path

    def accessibility_findings(self) -> list[str]:
        """Return the serious and critical findings of axe about the page, once dialogs and notes stopped fading in."""
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        self.page.wait_for_function(AT_REST)
        self.page.evaluate(AXE.read_text())
        found: dict[str, Any] = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{finding['id']}: {node['target']} {node['failureSummary']}"
            for finding in found["violations"]
            if finding["impact"] in ("serious", "critical")
            for node in finding["nodes"]
        ]

    def is_wider_than_the_screen(self) -> bool:
        """Return whether one has to scroll sideways to read the page."""
        wide: bool = self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        return wide

    def id_in_address(self) -> str:
        """Return the id at the end of the page's address."""
        found = re.search(r"/([0-9a-f-]{36})(?:[/?#]|$)", self.page.url)
        assert found, self.page.url
        return found.group(1)
