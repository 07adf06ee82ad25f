"""The first page of a process designer in a browser."""

from playwright.sync_api import expect

from casework.settings import CHECKOUT
from tests.browser.desk import PHONE, Desk

MEDIATION = CHECKOUT / "processes" / "mediation" / "mediation.bpmn"


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
