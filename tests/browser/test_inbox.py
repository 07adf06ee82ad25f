"""The inbox of a caseworker in a browser."""

from playwright.sync_api import expect

from tests.browser.desk import PHONE, Desk


def test_work_cannot_be_claimed_by_keyboard_alone(desk: Desk) -> None:
    desk.sign_in("window", "/inbox?view=offered")
    rows = desk.page.locator("tbody tr")
    expect(rows.first).to_be_visible()
    before = rows.count()
    task = rows.nth(1).get_by_role("link").first.inner_text()
    desk.page.keyboard.press("j")
    desk.page.keyboard.press("c")
    expect(desk.page.get_by_text(f"已领取：{task}")).to_be_visible()
    expect(rows).to_have_count(before - 1)
    desk.page.get_by_role("link", name="我的", exact=True).click()
    expect(desk.page.get_by_role("link", name=task).first).to_be_visible()


def test_the_inbox_has_serious_accessibility_findings_or_does_not_fit(desk: Desk) -> None:
    desk.sign_in("window", "/inbox?view=all")
    expect(desk.page.locator("tbody tr").first).to_be_visible()
    assert desk.accessibility_findings() == []
    desk.picture("inbox-1440")
    desk.page.set_viewport_size(PHONE)
    assert not desk.is_wider_than_the_screen()
    desk.picture("inbox-390")
    desk.speak_english()
    assert desk.accessibility_findings() == []
