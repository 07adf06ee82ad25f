"""Poor lines at four desks: a slow server, a lost connection, a lost answer, two tabs, a session that ends, a small screen."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.desk import PASSWORD, PHONE, Desk
from tests.browser.people import Party
from tests.browser.test_task import fill_in_intake, open_intake
from tests.whole_system import System

SLOW = "服务器响应较慢"


class Line:
    """The line between a page and the server: answers can be held, or lost. `sent` holds what was asked meanwhile."""

    def __init__(self, page: Page, asked: str) -> None:
        self._page, self._asked = page, re.compile(asked)
        self._held: list[Route] = []
        self._is_held = False
        self.sent: list[str] = []

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let the server answer only at the end of the block."""
        self._is_held = True
        self._page.route(self._asked, self._hold)
        yield
        self._is_held = False
        for route in self._held:
            route.continue_()
        self._page.unroute(self._asked, self._hold)

    def _hold(self, route: Route) -> None:
        self.sent.append(f"{route.request.method} {route.request.url}")
        if self._is_held:
            self._held.append(route)
        else:
            route.continue_()

    @contextmanager
    def losing_answers(self) -> Iterator[None]:
        """Let requests reach the server, and lose what it answers."""
        self._page.route(self._asked, self._lose)
        yield
        self._page.unroute(self._asked, self._lose)

    def _lose(self, route: Route) -> None:
        self.sent.append(f"{route.request.method} {route.request.url}")
        route.fetch()
        route.abort("connectionreset")


def _note_is_shown(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text=SLOW)).to_be_visible(timeout=6_000)


def _begin(desk: Desk, name: str) -> None:
    """Fill in a registration against an employer of this name."""
    page = desk.page
    desk.sign_in("window", "/register")
    page.get_by_label("姓名或单位名称").nth(0).fill("示例未")
    page.get_by_label("电话", exact=True).nth(0).fill("13800000201")
    page.get_by_label("姓名或单位名称").nth(1).fill(name)
    page.get_by_label("案由").select_option("wages")
    page.get_by_label("金额（元）").fill("5000")
    page.get_by_label("用工所在地").select_option("370402006")
    expect(page.get_by_text("已保存")).to_be_visible()


def _sign_in_again(page: Page) -> None:
    dialog = page.get_by_role("dialog", name="登录已过期")
    dialog.get_by_label("密码").fill(PASSWORD)
    dialog.get_by_role("button", name="登录", exact=True).click()
    expect(dialog).to_be_hidden()


# --- the inbox


def test_a_slow_server_is_not_told_at_the_inbox_or_work_is_claimed_twice(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("window", "/inbox?view=groups")
    rows = page.locator("tbody tr")
    expect(rows.first).to_be_visible()
    with Line(page, "/api/v1/user-tasks").held():
        page.get_by_role("link", name="我的").first.click()
        _note_is_shown(page)
        assert desk.accessibility_findings() == []
        desk.picture("slow-1440")
    expect(page.get_by_text(SLOW)).to_be_hidden()
    page.get_by_role("link", name="可领取").first.click()
    expect(rows.first).to_be_visible()
    line = Line(page, "/claim$")
    with line.held():
        page.keyboard.press("c")
        page.keyboard.press("c")
        rows.first.get_by_role("button", name="领取").click(force=True)
        _note_is_shown(page)
    expect(page.get_by_text("已领取：")).to_be_visible()
    assert len(line.sent) == 1


def test_the_inbox_goes_blank_with_the_line_or_does_not_come_back(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("window", "/inbox?view=groups")
    rows = page.locator("tbody tr")
    expect(rows.first).to_be_visible()
    before = rows.count()
    page.context.set_offline(True)
    page.keyboard.press("c")
    expect(page.get_by_role("alert").filter(has_text="no_connection").first).to_be_visible()
    expect(rows).to_have_count(before)
    page.context.set_offline(False)
    page.keyboard.press("c")
    expect(page.get_by_text("已领取：")).to_be_visible()
    expect(rows).to_have_count(before - 1)
    expect(page.get_by_role("alert").filter(has_text="no_connection")).to_have_count(0)


def test_work_that_was_claimed_in_another_window_cannot_be_told_from_work_that_is_free(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("window", "/inbox?view=groups")
    rows = page.locator("tbody tr")
    expect(rows.first).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("tbody tr").first).to_be_visible()
    before = rows.count()
    page.keyboard.press("c")
    expect(rows).to_have_count(before - 1)
    other.keyboard.press("c")
    expect(other.locator("tbody tr")).to_have_count(before - 1)
    other.close()


# --- registration


def test_a_slow_server_registers_a_dispute_twice(desk: Desk) -> None:
    page = desk.page
    _begin(desk, "示例慢线有限公司")
    line = Line(page, "/registration$")
    with line.held():
        page.get_by_role("button", name="登记", exact=True).dblclick()
        _note_is_shown(page)
        page.get_by_label("金额（元）").press("Enter")
    expect(page.get_by_role("heading", name="登记完成")).to_be_visible()
    assert len(line.sent) == 1


def test_a_lost_answer_leaves_a_registration_stuck_or_registers_it_twice(desk: Desk) -> None:
    page = desk.page
    name = f"示例断线{uuid4().hex[:6]}有限公司"
    _begin(desk, name)
    with Line(page, "/registration$").losing_answers():
        page.get_by_role("button", name="登记", exact=True).click()
        expect(page.get_by_role("alert").filter(has_text="no_connection")).to_be_visible()
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", name="登记完成")).to_be_visible()
    desk.open(f"/cases?q={name}")
    expect(page.locator("tbody tr")).to_have_count(1)


def test_a_registration_is_lost_with_the_line_the_session_or_the_page(desk: Desk) -> None:
    page = desk.page
    _begin(desk, "示例离线有限公司")
    facts = page.get_by_label("事实与理由")
    page.context.set_offline(True)
    facts.fill("离线时写的")
    expect(page.get_by_role("alert").filter(has_text="no_connection")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("已保存")).to_be_visible()
    page.context.clear_cookies()
    facts.fill("登录过期时写的")
    _sign_in_again(page)
    expect(facts).to_have_value("登录过期时写的")
    expect(page.get_by_text("已保存")).to_be_visible(timeout=40_000)
    # whoever leaves for another page at once loses nothing either
    facts.fill("离开前一刻写的")
    page.get_by_role("link", name="待办").first.click()
    expect(page.get_by_role("heading", name="待办")).to_be_visible()
    page.go_back()
    expect(facts).to_have_value("离开前一刻写的")


def test_a_second_window_overwrites_a_registration(desk: Desk) -> None:
    page = desk.page
    _begin(desk, "示例两窗有限公司")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_label("金额（元）")).to_have_value("5000")
    page.get_by_label("金额（元）").fill("6000")
    expect(page.get_by_text("已保存")).to_be_visible()
    facts = other.get_by_label("事实与理由")
    facts.fill("在第二个窗口写的")
    note = other.get_by_role("alert").filter(has_text="在另一个窗口被修改过")
    note.get_by_role("button", name="用那边的内容").click()
    expect(other.get_by_label("金额（元）")).to_have_value("6000")
    facts.fill("在第二个窗口写的")
    expect(other.get_by_text("已保存")).to_be_visible()
    page.get_by_label("电话", exact=True).nth(0).fill("13800000202")
    note = page.get_by_role("alert").filter(has_text="在另一个窗口被修改过")
    expect(note).to_be_visible()
    assert desk.accessibility_findings() == []
    desk.picture("register-elsewhere-1440")
    note.get_by_role("button", name="保留本页的内容").click()
    expect(page.get_by_text("已保存")).to_be_visible()
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", name="登记完成")).to_be_visible()
    facts.fill("登记以后写的")
    gone = other.get_by_role("alert").filter(has_text="已在另一个窗口登记或者放弃")
    gone.get_by_role("button", name="另存为新草稿").click()
    expect(other.get_by_text("已保存")).to_be_visible()
    expect(facts).to_have_value("登记以后写的")
    other.close()


# --- the page of a task: what happens without a line and in two windows is told in test_task.py


def test_a_slow_server_is_not_told_at_a_task_or_it_is_submitted_twice(desk: Desk) -> None:
    open_intake(desk)
    page = desk.page
    fill_in_intake(page)
    page.get_by_label("没有", exact=True).check()
    line = Line(page, "/completion$")
    with line.held():
        page.get_by_role("button", name="提交").dblclick()
        _note_is_shown(page)
    expect(page.get_by_role("heading", name="已提交：登记核对")).to_be_visible()
    assert len(line.sent) == 1


def test_a_lost_answer_makes_a_task_look_undone(desk: Desk) -> None:
    open_intake(desk)
    page = desk.page
    fill_in_intake(page)
    page.get_by_label("没有", exact=True).check()
    with Line(page, "/completion$").losing_answers():
        page.get_by_role("button", name="提交").click()
        note = page.get_by_role("alert").filter(has_text="no_connection")
        expect(note).to_be_visible()
    note.get_by_role("button", name="重试").click()
    expect(page.get_by_role("heading", name="已提交：登记核对")).to_be_visible()


def test_a_session_that_ends_takes_what_was_filled_in_at_a_task(desk: Desk) -> None:
    open_intake(desk)
    page = desk.page
    fill_in_intake(page)
    page.get_by_label("没有", exact=True).check()
    page.context.clear_cookies()
    page.get_by_role("button", name="提交").click()
    _sign_in_again(page)
    expect(page.get_by_label("协商", exact=True)).to_be_checked()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="已提交：登记核对")).to_be_visible()


# --- a party's case, on a phone


@pytest.fixture
def party(browser: Browser, system: System) -> Iterator[Party]:
    """A party with a case of its own, at its desk."""
    party = Party(browser, system, f"138{uuid4().int % 10**8:08}")
    party.be_invited()
    party.enter_by_link()
    yield party
    party.leave()


def test_a_slow_server_is_not_told_to_a_party_or_it_writes_twice(party: Party) -> None:
    page = party.page
    page.get_by_label("给经办人留言").fill("慢线时写的话")
    line = Line(page, "/messages$")
    with line.held():
        page.get_by_role("button", name="发送").dblclick()
        _note_is_shown(page)
        assert party.accessibility_findings() == []
        assert not party.is_wider_than_the_screen()
        party.picture("slow-party-390")
    said = page.get_by_text("慢线时写的话")
    expect(page.locator(".message").filter(has=said)).to_have_count(1)
    assert len([asked for asked in line.sent if asked.startswith("POST")]) == 1


def test_a_party_loses_what_it_wrote_with_the_line_or_says_it_twice(party: Party) -> None:
    page = party.page
    box = page.get_by_label("给经办人留言")
    box.fill("断线时写的话")
    page.context.set_offline(True)
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_role("alert").filter(has_text="no_connection")).to_be_visible()
    expect(box).to_have_value("断线时写的话")
    page.context.set_offline(False)
    with Line(page, "/messages$").losing_answers():
        page.get_by_role("button", name="发送").click()
        expect(page.get_by_role("alert").filter(has_text="no_connection")).to_be_visible()
    page.get_by_role("button", name="发送").click()
    expect(box).to_have_value("")
    page.reload()
    expect(page.locator(".message").filter(has_text="断线时写的话")).to_have_count(1)


def test_a_session_that_ends_takes_what_a_party_wrote(party: Party) -> None:
    page = party.page
    box = page.get_by_label("给经办人留言")
    box.fill("登录过期时写的话")
    page.context.clear_cookies()
    page.get_by_role("button", name="发送").click()
    ended = page.get_by_role("alert").filter(has_text="本页已填写的内容仍在")
    expect(ended).to_be_visible()
    assert party.accessibility_findings() == []
    party.picture("party-ended-390")
    party.enter_with_code()
    expect(ended).to_be_hidden()
    expect(box).to_have_value("登录过期时写的话")
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".message").filter(has_text="登录过期时写的话")).to_have_count(1)


# --- a phone


def test_a_caseworker_cannot_work_on_a_phone(desk: Desk) -> None:
    page = desk.page
    page.set_viewport_size(PHONE)
    desk.sign_in("window", "/today")
    bar = page.get_by_role("navigation", name="导航").last
    for name, heading in (("登记", "登记争议"), ("今天", "今天"), ("案件", "案件"), ("待办", "待办")):
        bar.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        expect(page.locator("main [aria-busy=true]")).to_have_count(0)
        assert not desk.is_wider_than_the_screen(), name
    page.get_by_role("link", name="可领取").first.click()
    page.locator("tbody tr").get_by_role("link", name="登记核对").first.click()
    expect(page.get_by_role("heading", level=1, name="登记核对")).to_be_visible()
    page.get_by_role("button", name="领取", exact=True).click()
    expect(page.get_by_text("由您办理")).to_be_visible()
    fill_in_intake(page)
    page.get_by_label("没有", exact=True).check()
    assert not desk.is_wider_than_the_screen()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="已提交：登记核对")).to_be_visible()
    assert not desk.is_wider_than_the_screen()
    page.get_by_role("link", name="查看案件").click()
    expect(page.get_by_role("heading", name="现在要办")).to_be_visible()
    assert not desk.is_wider_than_the_screen()
    desk.picture("phone-case-390")
