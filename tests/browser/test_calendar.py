"""The agenda in a browser: weeks, months, a list on a phone, and feeds for calendars outside."""

import re

import httpx
from playwright.sync_api import expect

from tests.browser.desk import PHONE, Desk
from tests.browser.test_inbox import register


def test_the_agenda_does_not_show_what_is_due_or_where_it_leads(desk: Desk) -> None:
    number = register(desk, "日程机械有限公司")
    desk.sign_in("window", "/agenda")
    page = desk.page
    expect(page.get_by_role("heading", name="日程")).to_be_visible()
    page.get_by_role("button", name="本单位").click()
    expect(page).to_have_url(re.compile("whose=organisation"))
    entry = page.get_by_role("region").filter(has_text=number)
    expect(entry).to_contain_text("登记核对")
    assert desk.accessibility_findings() == []
    desk.picture("agenda-week-1440")
    page.get_by_role("button", name="月", exact=True).click()
    expect(page.get_by_text("周日")).to_be_visible()
    assert desk.accessibility_findings() == []
    desk.picture("agenda-month-1440")
    page.get_by_role("button", name="下一月").click()
    expect(page).to_have_url(re.compile(r"day=\d{4}-\d{2}-01"))
    page.get_by_role("button", name="今天", exact=True).click()
    page.get_by_role("button", name="周", exact=True).click()
    entry.get_by_role("link", name=number).click()
    expect(page).to_have_url(re.compile(r"/cases/[0-9a-f-]{36}$"))


def test_the_agenda_is_no_list_on_a_phone(desk: Desk) -> None:
    number = register(desk, "日程机械有限公司")
    desk.page.set_viewport_size(PHONE)
    desk.sign_in("window", "/agenda?whose=organisation")
    expect(desk.page.get_by_role("listitem").filter(has_text=number).first).to_be_visible()
    assert not desk.is_wider_than_the_screen()
    assert desk.accessibility_findings() == []
    desk.picture("agenda-390")
    desk.speak_english()
    expect(desk.page.get_by_role("heading", name="Agenda")).to_be_visible()
    assert not desk.is_wider_than_the_screen()


def test_a_feed_cannot_be_made_read_by_a_calendar_and_stopped(desk: Desk) -> None:
    desk.sign_in("mediator2", "/agenda")
    page = desk.page
    page.get_by_role("button", name="订阅到手机日历").click()
    dialog = page.get_by_role("dialog", name="订阅日程")
    expect(dialog.get_by_text("还没有订阅")).to_be_visible()
    dialog.get_by_role("button", name="新建订阅").click()
    address = dialog.locator("code").inner_text()
    assert desk.accessibility_findings() == []
    desk.picture("agenda-feed-1440")
    calendar = httpx.get(address, timeout=30)
    assert (calendar.status_code, calendar.text[:15]) == (200, "BEGIN:VCALENDAR")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="订阅到手机日历").click()
    # the address is shown once
    expect(dialog.get_by_role("listitem")).to_have_count(1)
    expect(dialog.locator("code")).to_have_count(0)
    dialog.get_by_role("button", name="停止").click()
    dialog.get_by_role("button", name="停止").click()
    expect(dialog.get_by_text("还没有订阅")).to_be_visible()
    assert httpx.get(address, timeout=30).status_code == 404
