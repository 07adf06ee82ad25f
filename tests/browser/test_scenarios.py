"""Playing scenarios from the pages, and looking at the way that one took."""

import httpx
from playwright.sync_api import expect

from tests.browser.desk import PASSWORD, PHONE, Desk

LONG_MS = 100_000
"""A database server starts for the scenario, and a case is played from its registration."""


def _cases(desk: Desk) -> int:
    address = f"{desk.address}/api/v1"
    body = {"username": "supervisor", "password": PASSWORD}
    token = httpx.post(f"{address}/auth/tokens", json=body, timeout=60).raise_for_status().json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    found = httpx.get(f"{address}/cases", params={"limit": 200}, headers=headers, timeout=60).raise_for_status().json()
    return len(found["items"])


def test_a_designer_cannot_play_scenarios_or_see_the_way_that_one_took(desk: Desk) -> None:
    page = desk.page
    cases = _cases(desk)
    desk.sign_in("designer", "/scenarios")
    page.get_by_role("combobox").select_option(label="支付令")
    expect(page.get_by_text("未演练").first).to_be_visible()
    assert desk.accessibility_findings() == []
    page.get_by_role("button", name="演练“法院不予受理”").click()
    expect(page.get_by_role("status").filter(has_text="正在")).to_be_visible()
    expect(page.get_by_role("button", name="演练“支付令”")).to_be_disabled()
    expect(page.get_by_text("1 个情景，0 个未通过")).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_role("status").filter(has_text="正在")).to_have_count(0)
    assert _cases(desk) == cases

    page.get_by_role("button", name="法院不予受理", exact=True).click()
    way = page.get_by_role("region", name="走过的路线")
    expect(way.locator(".djs-connection.mark-done")).not_to_have_count(0)
    expect(way.locator(".djs-shape.mark-done").first).to_be_visible()
    expect(way.locator(".bjs-powered-by")).to_be_visible()
    assert desk.accessibility_findings() == []
    desk.picture("scenarios-1440")
    way.get_by_role("button", name="列表").click()
    expect(way.locator("li.done").first).to_contain_text("已经过")
    page.set_viewport_size(PHONE)
    assert not desk.is_wider_than_the_screen()
    assert desk.accessibility_findings() == []
