"""A party on a phone: in by link and one-time code, its case in plain words, a message to the office."""

import re

from playwright.sync_api import expect

from tests.browser.desk import PHONE, Desk
from tests.whole_system import System


def _said(system: System, pattern: str) -> list[str]:
    """Return what the demo's text messages say, oldest first."""
    messages = system.var / "demo-messages.txt"
    return re.findall(pattern, messages.read_text(encoding="utf-8")) if messages.exists() else []


def test_a_party_does_not_come_to_its_case_by_link_and_code_or_comes_twice_by_one_code(
    system: System, desk: Desk
) -> None:
    page = desk.page
    page.set_viewport_size(PHONE)
    system.until(lambda: bool(_said(system, r"/app/party#link=(\w+)")))
    link = _said(system, r"/app/party#link=(\w+)")[0]
    desk.open(f"/party#link={link}")
    expect(page.get_by_role("button", name="获取验证码")).to_be_visible()
    assert desk.accessibility_findings() == []
    desk.picture("party-entry-390")
    page.get_by_role("button", name="获取验证码").click()
    system.until(lambda: bool(_said(system, r"】(\d{6})是您")))
    code = _said(system, r"】(\d{6})是您")[-1]

    page.get_by_label("验证码").fill("000000" if code != "000000" else "111111")
    page.get_by_role("button", name="进入", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("party_code_refused")
    page.get_by_label("验证码").fill(code)
    page.get_by_role("button", name="进入", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("现在进行到")
    expect(page.get_by_text("示例机械有限公司")).to_be_visible()
    assert desk.accessibility_findings() == []
    assert not desk.is_wider_than_the_screen()
    desk.picture("party-case-390")

    page.get_by_label("给经办人留言").fill("请问什么时候能调解？")
    page.get_by_role("button", name="发送").click()
    page.reload()
    expect(page.get_by_text("请问什么时候能调解？")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("button", name="获取验证码")).to_be_visible()
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_label("验证码").fill(code)
    page.get_by_role("button", name="进入", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("party_code_refused")


def test_an_office_cannot_invite_a_party_or_answer_it(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("window", "/cases?q=示例网络科技")
    page.locator("tbody tr").get_by_role("link").first.click()
    line = page.locator("section", has=page.get_by_role("heading", name="与当事人联系"))
    line.get_by_role("button", name="当面出示链接").first.click()
    expect(line.get_by_role("status")).to_contain_text("/app/party#link=")
    line.get_by_label("选择当事人").select_option(label="示例己")
    line.get_by_role("textbox").fill("请带身份证原件到窗口。")
    line.get_by_role("button", name="发送").click()
    expect(line.locator(".messages")).to_contain_text("请带身份证原件到窗口。")
    assert desk.accessibility_findings() == []
    desk.picture("case-parties-1440")
