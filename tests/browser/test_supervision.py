"""The first pages of a supervisor in a browser."""

import re
import uuid

import httpx
from playwright.sync_api import expect

from tests.bpmn_builder import END, START, file, node, process
from tests.browser.desk import PASSWORD, PHONE, Desk

STUCK = file(
    process(
        "stuck",
        START,
        END,
        node("endEvent", "other"),
        node("exclusiveGateway", "gate", default="stuck_2_gate_other"),
        "start>gate",
        "gate>end:${100 / n > 1}",
        "gate>other",
        variables="n: int",
    )
).decode()
"""A process that divides by what it is given."""


def _get_stuck(desk: Desk) -> None:
    """Start a process that cannot go on, as the administrator."""
    address = f"{desk.address}/api/v1"
    body = {"username": "admin", "password": PASSWORD}
    token = httpx.post(f"{address}/auth/tokens", json=body, timeout=60).raise_for_status().json()["access_token"]
    sent = [
        ("deployments", {"resources": [{"name": "stuck/stuck.bpmn", "content": STUCK}], "note": None}),
        ("process-instances", {"process_key": "stuck", "business_key": f"stuck-{uuid.uuid4()}", "variables": {"n": 0}}),
    ]
    for path, content in sent:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())}
        answer = httpx.post(f"{address}/{path}", json=content, headers=headers, timeout=60)
        assert answer.is_success, answer.text


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


def test_an_incident_is_told_in_another_language_than_the_readers(desk: Desk) -> None:
    page = desk.page
    _get_stuck(desk)
    desk.sign_in("admin", "/incidents")
    item = page.locator(".incidents li", has_text="stuck-").last
    message = item.locator(".message")
    expect(message).to_contain_text("无法求值")
    expect(message).not_to_contain_text("cannot be evaluated")
    expect(item).to_contain_text("今天发生")
    expect(item).to_contain_text("无人负责")
    assert desk.accessibility_findings() == []
    desk.picture("incidents-1440")
    desk.speak_english()
    expect(message).to_contain_text("cannot be evaluated")
    expect(message).not_to_contain_text("无法求值")
    page.set_viewport_size(PHONE)
    assert not desk.is_wider_than_the_screen()


def test_a_supervisor_has_to_ask_whether_the_record_of_a_case_is_whole(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("supervisor", "/cases")
    page.locator("tbody tr").get_by_role("link").first.click()
    page.get_by_role("link", name="时间线").click()
    expect(page.get_by_text("记录完整")).to_be_visible()
