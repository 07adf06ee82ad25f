"""The first pages of a supervisor in a browser."""

import re

from playwright.sync_api import expect

from tests.browser.desk import PHONE, Desk


def test_a_supervisor_does_not_get_from_the_figures_to_the_case(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("supervisor", "/supervision?within=7")
    expect(page.locator("tbody tr").first).to_be_visible()
    assert desk.accessibility_findings() == []
    desk.picture("supervision-1440")
    page.locator(".items").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("/cases/"))
    page.get_by_role("link", name="流程图", exact=True).click()
    expect(page.locator(".djs-element").first).to_be_visible()
    expect(page.locator(".mark-active").first).to_be_visible()
    assert desk.accessibility_findings() == []
    page.get_by_role("button", name="列表").click()
    expect(page.locator("li.active").first).to_be_visible()


def test_the_pages_of_a_supervisor_do_not_fit_a_phone(desk: Desk) -> None:
    page = desk.page
    page.set_viewport_size(PHONE)
    desk.sign_in("supervisor", "/supervision")
    expect(page.get_by_role("heading", name="督办")).to_be_visible()
    assert not desk.is_wider_than_the_screen()
    desk.open("/incidents")
    expect(page.get_by_role("heading", name="异常")).to_be_visible()
    assert not desk.is_wider_than_the_screen()
    assert desk.accessibility_findings() == []
