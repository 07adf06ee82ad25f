"""The inbox of a caseworker in a browser."""

import re
import uuid

import httpx
from playwright.sync_api import expect

from tests.browser.desk import PASSWORD, PHONE, Desk


def client_of(desk: Desk, username: str) -> httpx.Client:
    """Return a client of the API, signed in as `username`."""
    address = f"{desk.address}/api/v1"
    body = {"username": username, "password": PASSWORD}
    answer = httpx.post(f"{address}/auth/tokens", json=body, timeout=60).raise_for_status()
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    return httpx.Client(base_url=address, timeout=60, headers=headers)


def register(desk: Desk, employer: str) -> str:
    """Register a dispute with an employer at the window and return its number."""
    case = {
        "channel": "window",
        "area_code": "370402",
        "applicants": [{"kind": "person", "name": "王某", "phone": "13800138000"}],
        "respondents": [{"kind": "organisation", "name": employer}],
        "claims": [{"cause_code": "wages", "amount": "18000.00", "facts": "拖欠三个月工资"}],
    }
    with client_of(desk, "window") as client:
        answer = client.post("/cases", json=case, headers={"Idempotency-Key": str(uuid.uuid4())})
    number: str = answer.raise_for_status().json()["number"]
    return number


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
    mark = uuid.uuid4().hex[:8]
    register(desk, f"示例{mark}网络科技有限公司")
    desk.sign_in("window", "/inbox?view=groups")
    rows = desk.page.locator("tbody tr")
    expect(rows.first).to_be_visible()
    desk.page.keyboard.press("/")
    desk.page.keyboard.type(f"{mark}网络")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text(f"示例{mark}网络科技有限公司")


def test_two_tasks_cannot_be_claimed_and_completed_together(desk: Desk) -> None:
    employer = f"{uuid.uuid4().hex[:8]}机械有限公司"
    for _ in range(2):
        register(desk, employer)
    desk.sign_in("window", f"/inbox?view=groups&q={employer}")
    page = desk.page
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    page.get_by_label("全选").check()
    bar = page.get_by_role("group", name="已选 2 项")
    expect(bar.get_by_text("一并办理：请先领取")).to_be_visible()
    bar.get_by_role("button", name="领取", exact=True).click()
    result = page.get_by_role("dialog", name="已领取 2 项")
    result.get_by_role("button", name="关闭", exact=True).last.click()
    expect(page.get_by_text("没有符合条件的事项")).to_be_visible()
    desk.open(f"/inbox?q={employer}")
    expect(rows).to_have_count(2)
    page.get_by_label("全选").check()
    page.get_by_role("button", name="一并办理").click()
    dialog = page.get_by_role("dialog", name="一并办理：登记核对（2 项）")
    dialog.get_by_role("button", name="提交 2 项").click()
    expect(dialog.get_by_text("请选择“是否属于劳动人事争议受案范围”。")).to_be_visible()
    dialog.get_by_label("不属于", exact=True).check()
    assert desk.accessibility_findings() == []
    desk.picture("inbox-complete-1440")
    # one of them is completed elsewhere meanwhile: its row says so, and stands in no other's way
    with client_of(desk, "window") as client:
        task = client.get("/user-tasks", params={"view": "mine", "q": employer}).raise_for_status().json()["items"][0]
        client.post(
            f"/user-tasks/{task['id']}/completion",
            json={"variables": {"in_scope": False}},
            headers={"Idempotency-Key": str(uuid.uuid4())},
        ).raise_for_status()
    dialog.get_by_role("button", name="提交 2 项").click()
    told = page.get_by_role("dialog", name="已办结 1 项")
    expect(told.get_by_role("listitem")).to_contain_text("此前已办结")
    desk.picture("inbox-result-1440")
    told.get_by_role("button", name="关闭", exact=True).last.click()
    expect(page.get_by_text("没有符合条件的事项")).to_be_visible()


def test_a_filter_cannot_be_kept_applied_replaced_and_removed(desk: Desk) -> None:
    register(desk, "筛选机械有限公司")
    desk.sign_in("window", "/inbox?view=groups")
    page = desk.page
    page.get_by_role("button", name="筛选", exact=True).click()
    page.get_by_role("combobox", name="案由").select_option(label="追索劳动报酬")
    page.get_by_role("button", name="存为筛选").click()
    page.keyboard.type("欠薪")
    page.keyboard.press("Enter")
    kept = page.get_by_role("list", name="已存筛选")
    expect(kept.get_by_role("button", name="欠薪", exact=True)).to_have_attribute("aria-pressed", "true")
    assert desk.accessibility_findings() == []
    page.get_by_role("combobox", name="标记").select_option(label="农民工工资")
    expect(page).to_have_url(re.compile("flag="))
    page.get_by_role("button", name="用当前条件替换“欠薪”").click()
    expect(kept.get_by_role("button", name="欠薪", exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="清除条件").click()
    expect(page).not_to_have_url(re.compile("cause="))
    kept.get_by_role("button", name="欠薪", exact=True).click()
    expect(page).to_have_url(re.compile("cause=wages&flag=migrant-wage"))
    kept.get_by_role("button", name="删除“欠薪”").click()
    expect(kept).to_be_hidden()


def test_new_work_needs_a_reload_or_moves_the_row_at_hand(desk: Desk) -> None:
    employer = f"{uuid.uuid4().hex[:8]}机械有限公司"
    first = register(desk, employer)
    desk.sign_in("window", f"/inbox?view=groups&sort=newest&q={employer}")
    page = desk.page
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(1)
    second = register(desk, employer)
    notice = page.get_by_role("button", name="有 1 项新到事项，点此显示")
    expect(notice).to_be_visible(timeout=40_000)
    expect(rows).to_have_count(1)
    desk.picture("inbox-news-1440")
    assert desk.accessibility_findings() == []
    notice.click()
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text(second)
    # the row at hand stays at hand
    expect(rows.nth(1)).to_have_class(re.compile(r"\bat\b"))
    expect(rows.nth(1)).to_contain_text(first)


def test_nobody_is_told_what_the_keys_do(desk: Desk) -> None:
    desk.sign_in("window", "/inbox?view=groups")
    expect(desk.page.locator("tbody tr").first).to_be_visible()
    desk.page.keyboard.press("?")
    keys = desk.page.get_by_role("dialog", name="快捷键")
    expect(keys).to_contain_text("领取")
    assert desk.accessibility_findings() == []
    desk.page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
