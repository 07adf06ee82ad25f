"""Signing in and out in a browser, and what happens when a session ends in the middle."""

from playwright.sync_api import expect

from tests.browser.desk import PASSWORD, PHONE, Desk


def test_a_wrong_password_lets_somebody_in_or_gives_no_sentence(desk: Desk) -> None:
    desk.open("/inbox")
    desk.page.get_by_label("用户名").fill("mediator")
    desk.page.get_by_label("密码").fill("wrong")
    desk.page.get_by_role("button", name="登录", exact=True).click()
    expect(desk.page.get_by_role("alert")).to_contain_text("login_failed")
    assert desk.accessibility_findings() == []
    desk.picture("sign-in-refused")


def test_somebody_who_signs_in_is_not_where_they_wanted_to_be(desk: Desk) -> None:
    desk.sign_in("window", "/inbox?view=groups")
    expect(desk.page).to_have_url(f"{desk.address}/app/inbox?view=groups")
    expect(desk.page.get_by_role("heading", name="待办")).to_be_visible()


def test_a_page_of_another_role_opens(desk: Desk) -> None:
    desk.sign_in("designer")
    desk.open("/inbox")
    expect(desk.page.get_by_text("您的角色不能打开这个页面")).to_be_visible()


def test_somebody_who_signed_out_is_still_in(desk: Desk) -> None:
    desk.sign_in("mediator")
    desk.page.get_by_role("button", name="退出登录").first.click()
    expect(desk.page.get_by_role("heading", name="工作人员登录")).to_be_visible()
    desk.open("/inbox")
    expect(desk.page.get_by_role("heading", name="工作人员登录")).to_be_visible()


def test_a_session_that_ends_takes_the_page_away(desk: Desk) -> None:
    desk.sign_in("window", "/inbox?view=groups")
    desk.page.context.clear_cookies()
    desk.page.get_by_role("link", name="我的").first.click()
    dialog = desk.page.get_by_role("dialog", name="登录已过期")
    expect(dialog).to_be_visible()
    dialog.get_by_label("密码").fill("tingzhu-demo")
    dialog.get_by_role("button", name="登录", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(desk.page.get_by_role("heading", name="待办")).to_be_visible()


def test_the_sign_in_page_does_not_fit_a_phone_or_speaks_one_language(desk: Desk) -> None:
    desk.page.set_viewport_size(PHONE)
    desk.open("/sign-in")
    expect(desk.page.get_by_role("heading", name="工作人员登录")).to_be_visible()
    assert not desk.is_wider_than_the_screen()
    desk.picture("sign-in-390")
    desk.speak_english()
    expect(desk.page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert desk.accessibility_findings() == []


def test_a_changed_password_is_not_asked_for_at_the_next_sign_in(desk: Desk) -> None:
    chosen = "bamboo in the rain"
    desk.sign_in("mediator5", "/account")
    expect(desk.page.get_by_text("调解员", exact=True)).to_be_visible()
    for label, value in (("原密码", PASSWORD), ("新密码（至少 10 个字符）", chosen), ("再输一次新密码", "bamboo")):
        desk.page.get_by_label(label, exact=True).fill(value)
    desk.page.get_by_role("button", name="修改密码").click()
    expect(desk.page.get_by_role("alert")).to_have_text("两次输入的新密码不一致。")
    assert desk.accessibility_findings() == []
    desk.page.get_by_label("再输一次新密码", exact=True).fill(chosen)
    desk.page.get_by_role("button", name="修改密码").click()
    expect(desk.page.get_by_role("button", name="登录", exact=True)).to_be_visible()
    desk.page.get_by_label("用户名").fill("mediator5")
    desk.page.get_by_label("密码").fill(chosen)
    desk.page.get_by_role("button", name="登录", exact=True).click()
    expect(desk.page.get_by_role("navigation").first).to_be_visible()
