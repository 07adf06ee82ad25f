"""Every page of the application, for everybody who may open it, wide and narrow, in both languages.

The list of pages is the router's own, so that a page cannot be forgotten: one without parameters is visited as it is,
one with parameters needs an address in `ADDRESSES`. TINGZHU_PICTURES=FOLDER keeps a picture of each face.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
import yaml
from playwright.sync_api import expect

from casework.settings import CHECKOUT
from tests.browser.conftest import WINDOW
from tests.browser.desk import PASSWORD, PHONE, Desk
from tests.whole_system import System

ACCOUNTS = {
    "window-clerk": "window",
    "mediator": "mediator",
    "organisation-head": "head",
    "arbitration-clerk": "clerk",
    "reviewer": "reviewer",
    "arbitration-director": "director",
    "court-liaison": "court",
    "union-station": "union",
    "supervisor": "supervisor",
    "designer": "designer",
    "admin": "admin",
    "worker": "worker",
    "employer": "employer",
}
"""A demonstration account of each role that uses the pages."""

FULLY = ("window-clerk", "supervisor", "designer", "worker")
"""One role of each desk sees every page in all four faces; the others, and of the parts of a page, a wide one and a narrow one."""

STEPS_PLAYED = 8
"""Of the demonstration case: until the agreement is signed, papers lie in the file, and an award is asked for."""

PAGES = sorted(
    {
        name
        for file in (CHECKOUT / "web" / "src" / "features").glob("*/routes.ts")
        for name in re.findall(r"\bname: \"([\w-]+)\"", file.read_text())
    }
    | {"nowhere"}
)
"""Names of pages as their features declare them; one test holds them against the router of the application."""

NOBODY = "nobody"

APPLICATION = {
    "area_code": "370402006",
    "applicant": {"name": "示例午", "phone": "13800000078"},
    "employer": {"is_unknown": True, "site": "示例路工地", "phone": "13900000078"},
    "what_happened": "干了两个月没有发工资。",
    "claims": [{"cause_code": "wages", "amount": "9000.00"}],
    "preferred_way": "mediation",
}
DEBRIS = re.compile(r"\bundefined\b|\bNaN\b|\[object |\bnull\b|\{[a-z]+\}")
"""What a page shows where a value or a word is missing."""

ROUTES = """() => document.querySelector('#app').__vue_app__.config.globalProperties.$router.getRoutes()
  .map(({name, path, redirect, meta}) => ({name, path, isRedirect: Boolean(redirect), roles: meta.roles ?? null,
                                           isPublic: Boolean(meta.public)}))"""
LISTEN = """addEventListener('securitypolicyviolation',
  (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`))"""


@dataclass(frozen=True)
class World:
    """A running system with a case that went from registration to archive, and what pages need to know of it."""

    system: System
    case_id: str
    definition_id: str

    @property
    def base(self) -> str:
        """Address of the API."""
        return f"http://127.0.0.1:{self.system.port}/api/v1"

    def call(self, username: str, path: str, **query: Any) -> Any:
        """Return what the API answers to `username`."""
        body = {"username": username, "password": PASSWORD}
        token = httpx.post(f"{self.base}/auth/tokens", json=body, timeout=60).raise_for_status().json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.get(self.base + path, params=query, headers=headers, timeout=60).raise_for_status().json()


def cases_of(world: World, role: str) -> list[str]:
    """Return the page of the case that is told to its end, or of another one where the role does not see that."""
    seen = [item["id"] for item in world.call(ACCOUNTS[role], "/cases", limit=50)["items"]]
    chosen = [world.case_id] if world.case_id in seen else seen[:1]
    return [f"/cases/{case_id}" for case_id in chosen]


def tasks_of(world: World, role: str) -> list[str]:
    """Return the page of a task that can be taken, of one that is held, and of one that is done, if there are any."""
    account = ACCOUNTS[role]
    found = [world.call(account, "/user-tasks", view=view, limit=1)["items"][:1] for view in ("groups", "mine", "done")]
    return [f"/tasks/{item['id']}" for items in found for item in items]


def apply(world: World) -> str:
    """Hand in an application as somebody without an account does; return its id."""
    with httpx.Client(base_url=world.base, timeout=60) as client:
        notice = client.get("/applications/guide").raise_for_status().json()["notice"]
        token = client.post("/applications").raise_for_status().json()["resume_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        client.put("/applications/current", json={"content": APPLICATION}).raise_for_status()
        body = {"notice_version": notice["version"], "consents": True}
        client.post("/applications/current/submission", json=body).raise_for_status()
    return str(world.call("window", "/applications")["items"][-1]["id"])


ADDRESSES: dict[str, Callable[[World, str], list[str]]] = {
    "application": lambda world, _role: [f"/applications/{apply(world)}"],
    "case": cases_of,
    "copy-cards": lambda world, role: [f"{path}/copy-cards" for path in cases_of(world, role)],
    "definition": lambda world, _role: [f"/definitions/{world.definition_id}"],
    "task": tasks_of,
    "nowhere": lambda _world, _role: ["/no/such/page"],
}
"""Pages with parameters -> the addresses to visit with a role; none where it has nothing to open there."""


@pytest.fixture(scope="module")
def world(system: System, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The shared system after the demonstration case was played on it until its agreement was signed."""
    play = yaml.safe_load((CHECKOUT / "sites" / "zaozhuang" / "play.yaml").read_text())
    play["steps"] = play["steps"][:STEPS_PLAYED]
    script = tmp_path_factory.mktemp("play") / "play.yaml"
    script.write_text(yaml.safe_dump(play, allow_unicode=True))
    command = [sys.executable, "-m", "tingzhu", "demo", "--json", "--play", str(script)]
    command += ["--url", f"http://127.0.0.1:{system.port}"]
    played = subprocess.run(command, capture_output=True, text=True, timeout=140, check=False)
    assert played.returncode == 0, played.stderr
    world = World(system, json.loads(played.stdout)["case_id"], "")
    definitions = world.call("designer", "/process-definitions", limit=200)["items"]
    [mediation] = [one["id"] for one in definitions if one["key"] == "mediation"]
    return World(system, world.case_id, mediation)


def routes_of(desk: Desk) -> list[dict[str, Any]]:
    """Return the addresses that the router knows, with who may open them."""
    desk.open("/sign-in")
    expect(desk.page.get_by_label("密码")).to_be_visible()
    found: list[dict[str, Any]] = desk.page.evaluate(ROUTES)
    return [route for route in found if not route["isRedirect"]]


def without_optional(path: str) -> str:
    """Return a path of the router without a last part that may be left out."""
    return re.sub(r"/:\w+(\([^)]*\))?\?$", "", path)


def visitors(route: dict[str, Any]) -> list[str]:
    """Return the roles that may open a page; of those whom no role is asked, one of each desk."""
    if route["roles"] is None:
        return [*FULLY, NOBODY] if route["isPublic"] else [*FULLY]
    return [role for role in ACCOUNTS if role in route["roles"]]


def addresses(world: World, role: str, route: dict[str, Any]) -> list[str]:
    """Return where `role` finds a page."""
    path = without_optional(route["path"])
    return ADDRESSES[route["name"]](world, role) if ":" in path else [path]


def sign_in(desk: Desk, username: str) -> None:
    answer = desk.page.request.post(
        f"{desk.address}/api/v1/auth/sessions", data={"username": username, "password": PASSWORD}
    )
    assert answer.ok, answer.text()


def settle(desk: Desk) -> None:
    """Wait until the page shows what it loads."""
    page = desk.page
    page.wait_for_load_state("load")
    expect(page.locator("h1, [role=alert]").first).to_be_visible()
    expect(page.locator("[aria-busy=true], .el-skeleton")).to_have_count(0)
    if page.locator(".frame .place").count():
        expect(page.locator(".djs-element").first).to_be_visible()


def faults_of_face(desk: Desk, face: str) -> list[str]:
    """Return what a careful reader would not accept of the page as it stands."""
    found = desk.accessibility_findings()
    if desk.is_wider_than_the_screen():
        found.append("one has to scroll sideways")
    text = desk.page.locator("body").inner_text()
    found += [
        f"debris in the text: {match.group()} in …{text[max(0, match.start() - 40) : match.end() + 20]!r}"
        for match in DEBRIS.finditer(text)
    ]
    if desk.page.locator("h1").count() != 1:
        found.append(f"{desk.page.locator('h1').count()} main headings")
    found += desk.faults
    desk.faults.clear()
    return [f"{face}: {each}" for each in found]


def faces(desk: Desk, is_full: bool) -> Iterator[str]:
    """Put the page on each of its faces, and yield its name."""
    page = desk.page
    for number in range(2):
        page.set_viewport_size(WINDOW)
        if number:
            page.get_by_role("button", name=re.compile("^(English|中文)$")).first.click()
            settle(desk)
        language = page.locator("html").get_attribute("lang")
        if is_full or not number:
            yield f"{language} {WINDOW['width']}"
        if is_full or number:
            page.set_viewport_size(PHONE)
            yield f"{language} {PHONE['width']}"


def picture(desk: Desk, name: str) -> None:
    if folder := os.environ.get("TINGZHU_PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        desk.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def tabs_of(desk: Desk) -> list[str]:
    """Return the addresses below /app of the other parts of the page that is open."""
    links = desk.page.locator("nav.tabs a:not([aria-current])")
    hrefs = [links.nth(number).get_attribute("href") or "" for number in range(links.count())]
    return [href.removeprefix("/app") for href in hrefs]


def look_at(desk: Desk, name: str, role: str, address: str, *, with_parts: bool) -> list[str]:
    """Visit a page, and its parts, and return everything that is wrong with them."""
    found = []
    waiting = [address]
    while waiting:
        address = waiting.pop(0)
        desk.page.set_viewport_size(WINDOW)
        desk.open(address)
        settle(desk)
        if with_parts and "?" not in address:
            waiting += tabs_of(desk)
        part = urlsplit(address).query.replace("=", "-")
        is_full = role in (*FULLY, NOBODY) and "?" not in address
        for face in faces(desk, is_full):
            found += faults_of_face(desk, f"{role} {address}, {face}")
            picture(desk, "-".join(filter(None, (name, part, role, *face.split()))))
    return found


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_not_fit_to_be_shown(world: World, desk: Desk, name: str) -> None:
    desk.page.add_init_script(LISTEN)
    [route] = [route for route in routes_of(desk) if route["name"] == name]
    found, is_first = [], True
    for role in visitors(route):
        desk.page.context.clear_cookies()
        if role != NOBODY:
            sign_in(desk, ACCOUNTS[role])
        for address in addresses(world, role, route):
            found += look_at(desk, name, role, address, with_parts=is_first)
            is_first = False
    assert not is_first, "nobody found anything to open"
    assert not found, "\n".join(found)


def test_a_page_is_missing_from_the_pages_that_are_looked_at(desk: Desk) -> None:
    routes = routes_of(desk)
    assert {route["name"] for route in routes} == set(PAGES)
    with_parameters = {route["name"] for route in routes if ":" in without_optional(route["path"])}
    assert with_parameters == ADDRESSES.keys(), "each page with parameters needs addresses to visit, no other does"
    assert all(visitors(route) for route in routes)


def test_a_page_may_run_scripts_that_stand_in_it_or_come_from_elsewhere(system: System, desk: Desk) -> None:
    page = desk.page
    page.add_init_script(LISTEN)
    answer = page.goto(f"{desk.address}/app/sign-in")
    assert answer is not None
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";"))
    assert policy["script-src"] == "'self'"
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == "'self'"
    expect(page.get_by_label("密码")).to_be_visible()
    page.evaluate(
        """() => {
          const script = document.createElement('script')
          script.textContent = 'window.ranInline = true'
          document.body.append(script)
        }"""
    )
    assert page.evaluate("window.ranInline") is None
    assert any(fault.startswith("console: policy: script-src-elem inline") for fault in desk.faults), desk.faults
    desk.faults.clear()


def test_the_inbox_loads_more_than_250_kilobytes_before_it_is_shown(world: World, desk: Desk) -> None:
    sign_in(desk, "window")
    sizes: dict[str, int] = {}

    def count(response: Any) -> None:
        if "/app/" in response.url:
            sizes[response.url] = response.request.sizes()["responseBodySize"]

    desk.page.on("requestfinished", lambda request: count(request.response()))
    desk.open("/inbox")
    settle(desk)
    assert urljoin(desk.address, "/app/inbox") in sizes
    assert 50_000 < sum(sizes.values()) < 250 * 1024, sizes


def test_a_number_of_the_monthly_sheet_does_not_open_its_cases(world: World, desk: Desk) -> None:
    page = desk.page
    sign_in(desk, "supervisor")
    desk.open("/figures")
    expect(page.get_by_role("heading", name="月报")).to_be_visible()
    number = page.locator("tbody button").first
    count = int(number.inner_text())
    number.click()
    expect(page.locator(".cases li")).to_have_count(count)
    assert desk.accessibility_findings() == []
    desk.picture("figures-1440")
    page.locator(".cases").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("/cases/"))
