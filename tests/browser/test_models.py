"""The first page of a process designer in a browser."""

import uuid

import httpx
from playwright.sync_api import expect

from casework.settings import CHECKOUT
from tests.browser.desk import PASSWORD, PHONE, Desk

MEDIATION = CHECKOUT / "processes" / "mediation" / "mediation.bpmn"
ORDER = CHECKOUT / "processes" / "payment-order" / "payment-order.bpmn"


def _deploy(desk: Desk, content: str, note: str) -> None:
    """Deploy a trial of the payment order under a key of its own, as the designer."""
    address = f"{desk.address}/api/v1"
    body = {"username": "designer", "password": PASSWORD}
    token = httpx.post(f"{address}/auth/tokens", json=body, timeout=60).raise_for_status().json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())}
    files = {"resources": [{"name": "trial/trial-order.bpmn", "content": content}], "note": note}
    httpx.post(f"{address}/deployments", json=files, headers=headers, timeout=60).raise_for_status()


def test_a_designer_does_not_see_the_diagram_of_a_version_or_its_mark(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("designer", "/definitions")
    expect(page.get_by_role("heading", name="部署记录")).to_be_visible()
    assert desk.accessibility_findings() == []
    desk.picture("definitions-1440")
    page.get_by_role("link", name="调解", exact=True).first.click()
    expect(page.locator(".djs-element").first).to_be_visible()
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    assert desk.accessibility_findings() == []
    desk.picture("definition-1440")


def test_a_file_with_a_fault_is_deployed_or_its_element_is_not_named(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("designer", "/deploy")
    broken = MEDIATION.read_text().replace('camunda:formKey="mediation-acceptance"', 'camunda:formKey="no-such-form"')
    assert broken != MEDIATION.read_text()
    page.get_by_label("选择文件").set_input_files(
        {"name": "mediation.bpmn", "mimeType": "application/xml", "buffer": broken.encode()}
    )
    page.get_by_role("button", name="检查", exact=True).click()
    expect(page.get_by_text("处错误，改好后才能部署")).to_be_visible()
    expect(page.get_by_role("button", name="部署", exact=True)).to_have_count(0)
    finding = page.locator(".findings li", has_text="no-such-form").first
    expect(finding).to_be_visible()
    finding.get_by_role("button").click()
    expect(page.locator(".mark-finding").first).to_be_visible()
    assert desk.accessibility_findings() == []
    desk.picture("deploy-findings-1440")
    page.set_viewport_size(PHONE)
    assert not desk.is_wider_than_the_screen()


def test_a_file_that_is_not_bpmn_breaks_the_page_or_the_server(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("designer", "/deploy")
    hostile = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    page.get_by_label("选择文件").set_input_files(
        {"name": "hostile.bpmn", "mimeType": "application/xml", "buffer": hostile}
    )
    page.get_by_role("button", name="检查", exact=True).click()
    expect(page.get_by_text("处错误，改好后才能部署")).to_be_visible()
    assert "root:" not in page.content()
    expect(page.get_by_text("diagram_unreadable")).to_be_visible()


def test_two_versions_cannot_be_compared_or_nobody_is_said_to_have_deployed_them(desk: Desk) -> None:
    page = desk.page
    first = ORDER.read_text().replace('"payment-order"', '"trial-order"').replace('name="支付令"', 'name="试用支付令"')
    second = first.replace('name="是否申请？"', 'name="申请还是不申请？"')
    assert second != first
    _deploy(desk, first, "试用")
    _deploy(desk, second, "问题问得更清楚")
    desk.sign_in("designer", "/definitions")
    expect(page.get_by_text("问题问得更清楚")).to_be_visible()
    page.get_by_role("row", name="trial-order").get_by_role("link").click()
    expect(page.get_by_text("部署人 designer")).to_be_visible()
    page.get_by_role("combobox").select_option(index=1)
    expect(page.get_by_role("heading", name="有 1 处不同")).to_be_visible()
    expect(page.locator("del")).to_have_text("是否申请？")
    expect(page.locator("ins")).to_have_text("申请还是不申请？")
    expect(page.locator(".mark-active")).to_have_count(2)
    assert desk.accessibility_findings() == []
    desk.picture("versions-1440")
    page.set_viewport_size(PHONE)
    assert not desk.is_wider_than_the_screen()


def test_a_diagram_cannot_be_read_as_a_list(desk: Desk) -> None:
    page = desk.page
    page.set_viewport_size(PHONE)
    desk.sign_in("designer", "/definitions")
    page.get_by_role("link", name="调解", exact=True).first.click()
    steps = page.get_by_role("list", name="调解")
    expect(steps.get_by_role("listitem").first).to_contain_text("开始")
    review = steps.get_by_role("listitem").filter(has=page.locator("strong", has_text="审查申请"))
    expect(review).to_contain_text("人工办理")
    expect(page.locator(".djs-element")).to_have_count(0)
    assert desk.accessibility_findings() == []
    page.get_by_role("button", name="图形").click()
    expect(page.locator(".djs-element").first).to_be_visible()
