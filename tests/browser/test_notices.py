"""The bell in a browser: what somebody was told, read there, and where it leads."""

import re
import uuid

from playwright.sync_api import expect

from tests.browser.desk import PHONE, Desk
from tests.browser.test_inbox import client_of, register


def intake_of(desk: Desk, number: str) -> str:
    """Return the id of a dispute's task 登记核对."""
    with client_of(desk, "window") as client:
        found = client.get("/user-tasks", params={"q": number}).raise_for_status().json()["items"]
    task_id: str = found[0]["id"]
    return task_id


def post(desk: Desk, username: str, path: str, body: dict[str, object] | None = None) -> None:
    """Send a request that changes something, as somebody."""
    with client_of(desk, username) as client:
        client.post(path, json=body, headers={"Idempotency-Key": str(uuid.uuid4())}).raise_for_status()


def test_an_urging_does_not_ring_while_the_page_is_open_or_leads_nowhere(desk: Desk) -> None:
    task_id = intake_of(desk, register(desk, "催办机械有限公司"))
    post(desk, "window", f"/user-tasks/{task_id}/claim")
    post(desk, "supervisor", f"/user-tasks/{task_id}/comments", {"text": "劳动者今天来过"})
    desk.sign_in("window", "/inbox")
    page = desk.page
    bell = page.get_by_role("button", name=re.compile("^通知"))
    expect(bell).to_have_attribute("aria-label", re.compile("未读"))
    before = bell.get_attribute("aria-label")
    post(desk, "supervisor", f"/user-tasks/{task_id}/urgings", {"text": "请尽快", "tell_heads": False})
    expect(bell).not_to_have_attribute("aria-label", before or "", timeout=40_000)
    bell.click()
    panel = page.get_by_role("region", name="通知")
    first = panel.get_by_role("button", name=re.compile("催办")).first
    expect(first).to_contain_text("登记核对")
    assert desk.accessibility_findings() == []
    desk.picture("bell-1440")
    first.click()
    expect(page).to_have_url(re.compile(f"/tasks/{task_id}$"))
    expect(panel).to_be_hidden()
    bell.click()
    expect(panel.get_by_role("button", name=re.compile("有同事留言")).first).to_contain_text("未读")
    panel.get_by_role("button", name="全部标为已读").click()
    expect(page.get_by_role("button", name="通知", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(bell).to_be_focused()


def test_a_copy_cannot_be_acknowledged_from_the_bell_on_a_phone(desk: Desk) -> None:
    task_id = intake_of(desk, register(desk, "抄送机械有限公司"))
    body = {"users": ["union"], "roles": [], "text": "该单位近期集中发生欠薪，请知悉"}
    post(desk, "window", f"/user-tasks/{task_id}/copies", body)
    desk.sign_in("union", "/inbox")
    page = desk.page
    page.set_viewport_size(PHONE)
    page.get_by_role("button", name=re.compile("^通知")).click()
    panel = page.get_by_role("region", name="通知")
    copy = panel.get_by_role("listitem").filter(has_text="近期集中发生欠薪")
    expect(copy).to_contain_text("窗口受理员（示例） 抄送")
    assert not desk.is_wider_than_the_screen()
    assert desk.accessibility_findings() == []
    desk.picture("bell-390")
    copy.get_by_role("button", name="阅知").click()
    expect(copy).to_have_count(0)
    expect(page.get_by_role("button", name="通知", exact=True)).to_be_visible()
