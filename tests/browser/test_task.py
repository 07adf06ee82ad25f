"""A user task in a browser: claimed, filled in, refused by field, mended, submitted; and what may come between."""

import uuid

import httpx
from playwright.sync_api import Page, expect

from tests.browser.desk import PASSWORD, PHONE, Desk


def _call(desk: Desk, username: str) -> httpx.Client:
    """Return a client of the API, signed in as `username`."""
    address = f"{desk.address}/api/v1"
    body = {"username": username, "password": PASSWORD}
    answer = httpx.post(f"{address}/auth/tokens", json=body, timeout=60).raise_for_status()
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    return httpx.Client(base_url=address, timeout=60, headers=headers)


def _register(desk: Desk) -> str:
    """Register a dispute at the window and return the id of its task 登记核对."""
    case = {
        "channel": "window",
        "area_code": "370402",
        "applicants": [{"kind": "person", "name": "王某", "phone": "13800138000"}],
        "respondents": [{"kind": "organisation", "name": "某机械有限公司"}],
        "claims": [{"cause_code": "wages", "amount": "18000.00", "facts": "拖欠三个月工资"}],
    }
    with _call(desk, "window") as client:
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        found = client.post("/cases", json=case, headers=headers).raise_for_status().json()
        tasks = client.get("/user-tasks", params={"case_id": found["id"]}).raise_for_status().json()["items"]
    [task] = [task for task in tasks if task["element_name"] == "登记核对"]
    return str(task["id"])


def open_intake(desk: Desk) -> str:
    """Register a dispute, sign in at the window, claim its 登记核对, and return the id of that task."""
    task_id = _register(desk)
    desk.sign_in("window", f"/tasks/{task_id}")
    desk.page.get_by_role("button", name="领取", exact=True).click()
    expect(desk.page.get_by_text("由您办理")).to_be_visible()
    return task_id


def fill_in_intake(page: Page) -> None:
    page.get_by_label("属于", exact=True).check()
    page.get_by_label("协商", exact=True).check()


def test_a_task_cannot_be_done_from_claim_to_the_next_one(desk: Desk) -> None:
    open_intake(desk)
    page = desk.page
    page.get_by_role("button", name="提交").click()
    refusal = page.get_by_text("请选择“是否属于劳动人事争议受案范围”。")
    expect(refusal).to_be_visible()
    assert desk.accessibility_findings() == []
    desk.picture("task-refused-1440")
    fill_in_intake(page)
    expect(refusal).to_be_hidden()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("请选择“此前是否协商过”。")).to_be_visible()
    page.get_by_label("没有", exact=True).check()
    page.get_by_role("button", name="提交").dblclick()
    expect(page.get_by_role("heading", name="已提交：登记核对")).to_be_visible()
    following = page.get_by_role("listitem").filter(has_text="登记协商要求或者内部申诉")
    expect(following).to_be_visible()
    assert desk.accessibility_findings() == []
    desk.picture("task-afterwards-1440")
    following.get_by_role("button", name="领取并办理").click()
    expect(page.get_by_role("heading", name="登记协商要求或者内部申诉")).to_be_visible()
    expect(page.get_by_text("由您办理")).to_be_visible()


def test_what_was_filled_in_is_lost_with_the_page(desk: Desk) -> None:
    open_intake(desk)
    page = desk.page
    fill_in_intake(page)
    expect(page.get_by_text("已保存")).to_be_visible()
    page.reload()
    expect(page.get_by_label("协商", exact=True)).to_be_checked()
    page.context.set_offline(True)
    page.get_by_label("案情摘要").fill("三个月没有发工资")
    expect(page.get_by_text("暂时无法保存")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("已保存")).to_be_visible(timeout=30_000)
    page.reload()
    expect(page.get_by_label("案情摘要")).to_have_value("三个月没有发工资")


def test_a_lost_connection_at_submission_loses_the_form_or_submits_twice(desk: Desk) -> None:
    open_intake(desk)
    page = desk.page
    fill_in_intake(page)
    page.get_by_label("没有", exact=True).check()
    page.context.set_offline(True)
    page.get_by_role("button", name="提交").click()
    note = page.get_by_role("alert").filter(has_text="no_connection")
    expect(note).to_be_visible()
    expect(page.get_by_label("协商", exact=True)).to_be_checked()
    page.context.set_offline(False)
    note.get_by_role("button", name="重试").click()
    expect(page.get_by_role("heading", name="已提交：登记核对")).to_be_visible()


def test_two_windows_do_the_same_task_and_one_is_not_told(desk: Desk) -> None:
    open_intake(desk)
    page = desk.page
    other = page.context.new_page()
    other.goto(page.url)
    fill_in_intake(other)
    other.get_by_label("案情摘要").fill("在第二个窗口写的")
    fill_in_intake(page)
    page.get_by_label("没有", exact=True).check()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="已提交：登记核对")).to_be_visible()
    other.get_by_label("没有", exact=True).check()
    other.get_by_role("button", name="提交").click()
    expect(other.get_by_text("window 已于").first).to_be_visible()
    expect(other.get_by_label("案情摘要")).to_have_value("在第二个窗口写的")
    expect(other.get_by_role("button", name="复制我填写的内容")).to_be_visible()
    other.close()


def test_a_task_is_done_without_what_lies_beside_it(desk: Desk) -> None:
    open_intake(desk)
    page = desk.page
    aside = page.get_by_role("complementary", name="案件资料")
    expect(aside).to_contain_text("某机械有限公司")
    expect(aside).to_contain_text("¥18,000.00")
    desk.picture("task-aside-1440")
    aside.get_by_role("button", name="留言").click()
    aside.get_by_role("textbox", name="留言").fill("已电话核实工资标准")
    aside.get_by_role("button", name="留言").last.click()
    expect(aside.get_by_role("listitem")).to_contain_text("已电话核实工资标准")
    assert desk.accessibility_findings() == []
    page.get_by_role("button", name="转办").click()
    dialog = page.get_by_role("dialog", name="转办")
    who = dialog.get_by_label("交给谁")
    who.fill("nobody-of-that-name")
    expect(dialog.get_by_text("没有符合条件的同事")).to_be_visible()
    expect(dialog.get_by_role("button", name="转办")).to_be_disabled()
    who.fill("工会")
    expect(dialog.get_by_role("option")).to_contain_text("工会驻站人员（示例）")
    assert desk.accessibility_findings() == []
    desk.picture("task-handover-1440")
    who.press("Enter")
    expect(dialog.get_by_role("button", name="移除 工会驻站人员（示例）")).to_be_visible()
    dialog.get_by_label("说明").fill("外出培训一周")
    expect(dialog.get_by_role("button", name="转办")).to_be_enabled()
    assert desk.accessibility_findings() == []
    dialog.get_by_role("button", name="取消").click()
    fill_in_intake(page)
    page.get_by_label("没有", exact=True).check()
    page.get_by_label("代当事人办理").select_option(label="王某")
    page.get_by_label("方式").select_option(label="电话")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="已提交：登记核对")).to_be_visible()
    page.get_by_role("button", name="撤回").click()
    page.get_by_role("dialog", name="撤回").get_by_role("button", name="撤回").click()
    expect(page.get_by_text("由您办理")).to_be_visible()


def test_a_submission_that_is_taken_back_comes_back_without_its_last_words(desk: Desk) -> None:
    open_intake(desk)
    page = desk.page
    fill_in_intake(page)
    page.get_by_label("没有", exact=True).check()
    page.get_by_label("案情摘要").fill("提交前最后写的一句")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="已提交：登记核对")).to_be_visible()
    page.get_by_role("button", name="撤回").click()
    page.get_by_role("dialog", name="撤回").get_by_role("button", name="撤回").click()
    expect(page.get_by_text("由您办理")).to_be_visible()
    expect(page.get_by_label("案情摘要")).to_have_value("提交前最后写的一句")
    expect(page.get_by_label("没有", exact=True)).to_be_checked()


def test_the_task_page_does_not_fit_a_phone_or_speaks_one_language(desk: Desk) -> None:
    open_intake(desk)
    page = desk.page
    page.set_viewport_size(PHONE)
    page.get_by_label("属于", exact=True).check()
    assert not desk.is_wider_than_the_screen()
    desk.picture("task-390")
    assert desk.accessibility_findings() == []
    desk.speak_english()
    expect(page.get_by_role("heading", name="Check the registration")).to_be_visible()
    expect(page.get_by_label("Within the scope", exact=True)).to_be_checked()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Please choose “Path the parties choose”.")).to_be_visible()
    assert desk.accessibility_findings() == []
    assert (
        page.get_by_role("link", name="Powered by bpmn.io").is_visible() or page.locator(".fjs-powered-by").is_visible()
    )
    desk.picture("task-390-en")
