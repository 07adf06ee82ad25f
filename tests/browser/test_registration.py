"""Registration at the window in a browser, and the day on one screen."""

from playwright.sync_api import expect

from tests.browser.desk import PHONE, Desk


def test_a_dispute_cannot_be_registered_at_the_window_or_a_killed_tab_loses_it(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("window", "/register")
    expect(page.get_by_role("heading", name="登记争议")).to_be_visible()
    expect(page.get_by_label("用工所在地")).to_be_visible()
    assert desk.accessibility_findings() == []
    page.get_by_label("姓名或单位名称").nth(0).fill("示例示")
    page.get_by_label("电话", exact=True).nth(0).fill("13800000077")
    page.get_by_label("姓名或单位名称").nth(1).fill("示例登记有限公司")
    expect(page.get_by_text("已保存")).to_be_visible()
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    expect(page.get_by_label("姓名或单位名称").nth(0)).to_have_value("示例示")
    page.get_by_role("button", name="核对").click()
    expect(page.get_by_role("heading", name="需要修改")).to_be_visible()
    page.get_by_label("案由").select_option("wages")
    page.get_by_label("金额（元）").fill("5000")
    page.get_by_label("用工所在地").select_option("370402006")
    desk.picture("register-1440")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", name="登记完成")).to_be_visible()
    expect(page.get_by_text("待领取：窗口受理员")).to_be_visible()
    page.get_by_role("button", name="制作并打印登记回执").click()
    expect(page.get_by_text("《来访（来电）登记表》已制作")).to_be_visible(timeout=60_000)
    assert desk.accessibility_findings() == []
    desk.picture("registered-1440")
    page.get_by_role("link", name="打开案件").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("示例登记有限公司")


def test_the_day_of_a_caseworker_has_serious_accessibility_findings_or_does_not_fit(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("window", "/today")
    expect(page.get_by_role("heading", name="在办案件")).to_be_visible()
    assert desk.accessibility_findings() == []
    desk.picture("today-1440")
    page.set_viewport_size(PHONE)
    assert not desk.is_wider_than_the_screen()
    desk.picture("today-390")


def test_the_monthly_sheet_does_not_open_or_cannot_be_downloaded(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("supervisor", "/figures")
    expect(page.get_by_role("heading", name="月报")).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    assert desk.accessibility_findings() == []
    with page.expect_download() as started:
        page.get_by_role("link", name="下载 Excel").click()
    assert started.value.suggested_filename.endswith(".xlsx")
    desk.picture("figures-1440")
