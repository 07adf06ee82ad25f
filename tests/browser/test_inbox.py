"""The inbox of a caseworker in a browser."""

from playwright.sync_api import expect

from tests.browser.desk import PHONE, Desk


def test_work_cannot_be_claimed_by_keyboard_alone(desk: Desk) -> None:
    desk.sign_in("window", "/inbox?view=groups")
    rows = desk.page.locator("tbody tr")
    expect(rows.first).to_be_visible()
    before = rows.count()
    number = rows.nth(1).locator(".case .number").inner_text()
    desk.page.keyboard.press("j")
    desk.page.keyboard.press("c")
    expect(desk.page.get_by_text("已领取：")).to_be_visible()
    expect(rows).to_have_count(before - 1)
    desk.page.get_by_role("link", name="我的").click()
    expect(desk.page.get_by_role("link", name=number)).to_be_visible()


def test_the_inbox_has_serious_accessibility_findings_or_does_not_fit(desk: Desk) -> None:
    desk.sign_in("window", "/inbox?view=groups")
    expect(desk.page.locator("tbody tr").first).to_be_visible()
    assert desk.accessibility_findings() == []
    desk.picture("inbox-1440")
    desk.page.set_viewport_size(PHONE)
    assert not desk.is_wider_than_the_screen()
    desk.picture("inbox-390")
    desk.speak_english()
    assert desk.accessibility_findings() == []


def test_a_part_of_a_name_does_not_find_the_work_of_a_case(desk: Desk) -> None:
    desk.sign_in("window", "/inbox?view=groups")
    rows = desk.page.locator("tbody tr")
    expect(rows.first).to_be_visible()
    desk.page.keyboard.press("/")
    desk.page.keyboard.type("网络科技")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("示例网络科技有限公司")
