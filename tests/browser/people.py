"""People of one case, each in a browser of their own: caseworkers at their desks, parties on their phones."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx
from playwright.sync_api import Browser, Locator, expect

from tests.browser.album import keep
from tests.browser.desk import PASSWORD, PHONE, Desk
from tests.whole_system import System

SCAN = b"%PDF-1.7\n% stands for a scan of signed originals\n"
WINDOW = {"width": 1440, "height": 900}
PATIENCE_MS = 20_000
WORK_S = 60
"""Papers are made and messages sent before the next user task is there."""

LINK = r"/app/party#link=(\w+)"
CODE = r"】(\d{6})是"

Value = str | bool | list[str] | list[Mapping[str, Any]]
"""A text, date or the label of a choice; a tick; ticks of a list; the rows of a list."""


class Person(Desk):
    """Somebody at a browser of their own. `faults` holds what went wrong in the scripts of the pages."""

    def __init__(self, browser: Browser, system: System, *, on_phone: bool = False) -> None:
        self.context = browser.new_context(
            viewport=PHONE if on_phone else WINDOW, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=on_phone
        )
        self.context.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        self.system = system
        super().__init__(self.context.new_page(), f"http://127.0.0.1:{system.port}")

    def show(self, name: str, at: Locator | None = None) -> None:
        """Take the picture `name` of a tutorial, with `at` in sight."""
        if at is not None:
            at.scroll_into_view_if_needed()
        keep(self.page, name)

    def leave(self) -> None:
        """Close the browser; no script of its pages may have failed, nor the content policy been broken."""
        self.context.close()
        assert not self.faults, self.faults


class Caseworker(Person):
    """Somebody of an office."""

    _view = "groups"

    def take(self, number: str, task: str) -> None:
        """Find a user task in the inbox by the number of its case, claim it if nobody holds it, and open it."""
        page = self.page
        row = page.get_by_role("row").filter(has_text=number).get_by_role("link", name=task, exact=True)
        page_loaded = page.locator("[aria-busy=true]")

        def look() -> bool:
            """Look at both lists again, as somebody does who waits for a colleague; first where work was found before."""
            for view in sorted(("groups", "mine"), key=lambda view: view != self._view):
                with page.expect_response(re.compile(r"/user-tasks\?")):
                    self.open(f"/inbox?view={view}&q={number}")
                expect(page_loaded).to_have_count(0)
                if row.count():
                    self._view = view
                    return True
            return False

        self.system.until(look, WORK_S)
        row.first.click()
        expect(page.get_by_role("heading", level=1, name=task)).to_be_visible()
        claim = page.get_by_role("button", name="领取", exact=True)
        own = page.get_by_text("由您办理")
        expect(claim.or_(own).first).to_be_visible()
        if claim.is_visible():
            claim.click()
        expect(own).to_be_visible()

    def fill_in(self, values: Mapping[str, Value]) -> None:
        """Fill in the form that is open: what its fields are called, with what to enter."""
        form = self.page.locator(".fjs-form")
        expect(form).to_be_visible()
        for label, value in values.items():
            enter(form, label, value)

    def speak_for(self, party: str, method: str) -> None:
        """Say that the step is done on behalf of a party, and how it made its will known."""
        self.page.get_by_label("代当事人办理").select_option(label=party)
        self.page.locator(".behalf").get_by_label("方式").select_option(label=method)

    def submit(self, task: str) -> None:
        """Submit the form and see that it was taken."""
        self.page.get_by_role("button", name="提交", exact=True).click()
        expect(self.page.get_by_role("heading", name=f"已提交：{task}")).to_be_visible()

    def do(self, number: str, task: str, values: Mapping[str, Value], picture: str | None = None) -> None:
        """Take a user task, fill in its form and submit it; `picture` shows it filled in."""
        self.take(number, task)
        self.fill_in(values)
        if picture is not None:
            self.page.evaluate("window.scrollTo(0, 0)")
            self.show(picture)
        self.submit(task)


class Office:
    """The demo accounts of the offices, each signed in in a browser of its own when first needed."""

    def __init__(self, browser: Browser, system: System) -> None:
        self._browser, self._system = browser, system
        self._people: dict[str, Caseworker] = {}

    def __getitem__(self, username: str) -> Caseworker:
        if username not in self._people:
            self._people[username] = Caseworker(self._browser, self._system)
            self._people[username].sign_in(username)
        return self._people[username]

    def people(self) -> list[Caseworker]:
        """Return those who came."""
        return list(self._people.values())


class Party(Person):
    """A party with a phone; text messages of the demonstration are read from the file that holds them."""

    def __init__(self, browser: Browser, system: System, phone: str) -> None:
        super().__init__(browser, system, on_phone=True)
        self.phone = phone

    def messages(self, pattern: str) -> list[str]:
        """Return what the text messages to this phone say, oldest first."""
        file = self.system.var / "demo-messages.txt"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return [found for line in lines if f" {self.phone} " in line for found in re.findall(pattern, line)]

    @contextmanager
    def code_sent(self) -> Iterator[list[str]]:
        """Wait until a code arrives that what is done inside asks for; the list then holds it."""
        before = len(self.messages(CODE))
        code: list[str] = []
        yield code
        self.system.until(lambda: len(self.messages(CODE)) > before)
        code.append(self.messages(CODE)[-1])

    def enter_by_link(self, picture: str | None = None) -> None:
        """Open the link that came by text message and enter with the code that comes after it."""
        self.system.until(lambda: bool(self.messages(LINK)))
        self.open(f"/party#link={self.messages(LINK)[-1]}")
        self.enter_with_code(picture)

    def enter_with_code(self, picture: str | None = None) -> None:
        """Ask for a code and enter with it; `picture` shows the page that asks for the code."""
        page = self.page
        with self.code_sent() as code:
            page.get_by_role("button", name="获取验证码").click()
            expect(page.get_by_label("验证码")).to_be_visible()
        page.get_by_label("验证码").fill(code[0])
        if picture is not None:
            self.show(picture)
        page.get_by_role("button", name="进入", exact=True).click()
        expect(page.get_by_role("heading", level=1).filter(has_text="现在进行到")).to_be_visible()

    def be_invited(self) -> None:
        """Become the applicant of a dispute that was registered at the window, and be sent the link."""
        case = {
            "channel": "window",
            "area_code": "370402",
            "applicants": [{"kind": "person", "name": "示例申", "phone": self.phone}],
            "respondents": [{"kind": "organisation", "name": "示例线路有限公司"}],
            "claims": [{"cause_code": "wages", "amount": "5000.00", "facts": "两个月工资未发"}],
        }
        with sign_in_to_api(self, "window") as client:
            found = client.post("/cases", json=case, headers=once()).raise_for_status().json()
            parties = client.get(f"/cases/{found['id']}").raise_for_status().json()["parties"]
            [own] = [each["id"] for each in parties if each["side"] == "applicant"]
            body = {"party_id": own, "is_sent": True}
            client.post(f"/cases/{found['id']}/invitations", json=body, headers=once()).raise_for_status()

    def declare(self, what: str, answer: str, picture: str | None = None) -> None:
        """Declare something under 我要办理."""
        page = self.page
        page.get_by_role("button", name=what, exact=True).click()
        dialog = page.get_by_role("dialog", name=what)
        dialog.get_by_label(answer, exact=True).check()
        if picture is not None:
            self.show(picture)
        dialog.get_by_role("button", name="确认提交").click()
        expect(dialog).to_be_hidden()

    def sign(self, picture: str | None = None) -> None:
        """Read the mediation agreement once it is printed, and sign it with a code that is asked for."""
        page = self.page

        def is_offered() -> bool:
            page.reload()
            expect(page.get_by_role("heading", name="需要您做的")).to_be_visible()
            return page.get_by_role("button", name="打开协议").is_visible()

        self.system.until(is_offered, WORK_S)
        page.get_by_role("button", name="打开协议").click()
        page.keyboard.press("Escape")
        with self.code_sent() as code:
            page.get_by_role("button", name="获取签署验证码").click()
            expect(page.get_by_role("button", name="确认签署")).to_be_visible()
        page.get_by_label("验证码").fill(code[0])
        if picture is not None:
            self.show(picture, page.get_by_role("button", name="确认签署"))
        page.get_by_role("button", name="确认签署").click()
        expect(page.get_by_text("您已签署。")).to_be_visible()


def sign_in_to_api(desk: Desk, username: str) -> httpx.Client:
    """Return a client of the API, signed in as `username`: for what has happened before a test begins."""
    address = f"{desk.address}/api/v1"
    body = {"username": username, "password": PASSWORD}
    answer = httpx.post(f"{address}/auth/tokens", json=body, timeout=60).raise_for_status()
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    return httpx.Client(base_url=address, timeout=60, headers=headers)


def once() -> dict[str, str]:
    """Return the header of a request that is carried out once."""
    return {"Idempotency-Key": str(uuid4())}


def field_of(form: Locator, label: str) -> Locator:
    """Return the fields of a form that bear exactly this label, one for each row of a list."""
    caption = form.page.locator("label").filter(has_text=re.compile(rf"^{re.escape(label)}\*?$"))
    return form.locator(".fjs-form-field:not(.fjs-form-field-group)", has=caption)


def enter(form: Locator, label: str, value: Value, place: int = 0) -> None:
    """Enter a value into the field with this label, in row `place` where it is in a list, as a person would."""
    if isinstance(value, list) and value and not isinstance(value[0], str):
        _enter_rows(form, label, value)
        return
    field = field_of(form, label).nth(place)
    field.scroll_into_view_if_needed()
    if isinstance(value, bool):
        field.get_by_role("checkbox").set_checked(value)
    elif isinstance(value, list):
        for each in value:
            field.get_by_label(str(each), exact=True).check()
    elif value.startswith("file:"):
        name = value.removeprefix("file:")
        field.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": SCAN})
        expect(field.get_by_role("button", name=re.compile("^移除"))).to_be_visible()
    elif field.get_by_role("radio").count():
        field.get_by_label(value, exact=True).check()
    elif field.locator("select").count():
        choice = field.locator("option").filter(has_text=re.compile(rf"(^|\d ){re.escape(value)}$")).inner_text()
        field.locator("select").select_option(label=choice)
    else:
        box = field.locator("input, textarea")
        box.fill(value)
        box.press("Tab")


def _enter_rows(form: Locator, label: str, rows: list[Any]) -> None:
    group = form.locator(".fjs-form-field-dynamiclist", has_text=label)
    for place, row in enumerate(rows):
        if group.locator(".fjs-repeat-row-container").count() <= place:
            group.get_by_role("button", name="增加一行").click()
        for name, value in row.items():
            enter(group, name, value, place)
