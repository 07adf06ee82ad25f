"""What is recorded on the case page beside the process: notes, services, signatures, clocks, corrections."""

import re

from playwright.sync_api import expect

from tests.browser.desk import PHONE, Desk
from tests.browser.mediation_cases import in_mediation
from tests.browser.review_cases import SCAN, Offices


def test_a_mediators_confidential_note_is_seen_by_the_head_or_no_note_can_be_written(desk: Desk) -> None:
    page = desk.page
    offices = Offices(desk.address)
    case_id = in_mediation(offices, "示例备注", "示例备注有限公司")
    offices.post("mediator", f"/cases/{case_id}/notes", {"text": "可以让到一万五", "is_confidential": True})
    desk.sign_in("head", f"/cases/{case_id}?tab=notes")
    page.get_by_label("写一条备注").fill("双方周五来谈")
    page.get_by_role("button", name="写入").click()
    expect(page.locator(".notes li")).to_have_count(1)
    expect(page.locator(".notes")).to_contain_text("双方周五来谈")
    expect(page.get_by_label("仅调解员可见的保密记录")).to_have_count(0)
    assert desk.accessibility_findings() == []
    desk.picture("case-notes-1440")
    page.set_viewport_size(PHONE)
    assert not desk.is_wider_than_the_screen()


def test_a_signature_a_service_or_an_extension_cannot_be_recorded_by_hand(desk: Desk) -> None:
    page = desk.page
    case_id = Offices(desk.address).mediated("示例签署", "示例签署有限公司")
    desk.sign_in("mediator", f"/cases/{case_id}?tab=serving")
    missing = page.locator("ul.missing li")
    expect(missing).to_have_count(4)
    page.get_by_role("button", name="登记签名盖章").click()
    dialog = page.get_by_role("dialog", name="登记签名盖章")
    dialog.get_by_role("combobox", name="签署人").select_option("示例签署有限公司")
    scan = {"name": "签署件.pdf", "mimeType": "application/pdf", "buffer": SCAN}
    dialog.locator("input[type=file]").set_input_files(scan)
    expect(dialog.get_by_role("combobox", name="凭证")).to_contain_text("签署件")
    assert desk.accessibility_findings() == []
    dialog.get_by_role("button", name="保存").click()
    expect(missing).to_have_count(3)

    paper = page.locator("article").first
    paper.get_by_role("button", name="登记送达").click()
    dialog = page.get_by_role("dialog", name=re.compile("登记送达"))
    dialog.get_by_label("送达（签收）日期").fill(Offices(desk.address).today.isoformat())
    assert desk.accessibility_findings() == []
    dialog.get_by_role("button", name="保存").click()
    expect(paper).to_contain_text("视为送达")
    expect(paper).to_contain_text("部分送达")
    desk.picture("case-serving-1440")
    page.set_viewport_size(PHONE)
    assert not desk.is_wider_than_the_screen()


def test_a_completed_step_is_corrected_blindly_or_not_at_all(desk: Desk) -> None:
    page = desk.page
    case_id = in_mediation(Offices(desk.address), "示例更正", "示例更正有限公司")
    desk.sign_in("head", f"/cases/{case_id}?tab=timeline")
    row = page.locator(".line li", has_text="完成任务“登记调解申请”")
    row.get_by_role("button", name="更正").click()
    drawer = page.get_by_role("dialog", name=re.compile("更正"))
    day = drawer.get_by_label("收到调解申请的日期")
    day.fill("2026-01-05")
    day.press("Tab")
    expect(drawer.get_by_role("button", name="确认更正")).to_be_disabled()
    drawer.get_by_label("更正理由").fill("以收件戳为准")
    drawer.get_by_role("button", name="看看会有什么影响").click()
    effects = drawer.get_by_role("status").filter(has_text="将更正")
    expect(effects).to_contain_text("2026-01-05")
    assert desk.accessibility_findings() == []
    desk.picture("case-correction-1440")
    drawer.get_by_role("button", name="确认更正").click()
    expect(drawer.get_by_text("已更正", exact=True)).to_be_visible()
    drawer.get_by_role("button", name="完成", exact=True).click()
    expect(page.locator(".line li", has_text="更正任务“登记调解申请”的内容")).to_be_visible()


def test_an_interruption_of_the_limitation_cannot_be_entered_by_hand_or_is_told_by_its_code(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("window", "/cases?q=示例建筑劳务")
    page.locator("tbody tr").get_by_role("link").click()
    page.get_by_role("link", name="仲裁时效", exact=True).click()
    page.get_by_role("button", name="登记中断、中止").click()
    dialog = page.get_by_role("dialog", name="登记中断、中止")
    dialog.get_by_role("combobox", name="事由").select_option("向对方当事人主张权利")
    dialog.get_by_label("发生日期").fill("2026-01-08")
    assert desk.accessibility_findings() == []
    dialog.get_by_role("button", name="保存").click()
    entry = page.locator(".entries li", has_text="向对方当事人主张权利")
    expect(entry).to_have_count(1)
    entry.get_by_role("button", name="作废").click()
    page.get_by_role("dialog").get_by_label("理由").fill("凭证不清")
    page.get_by_role("dialog").get_by_role("button", name="作废").click()
    expect(entry.filter(has_text="凭证不清")).to_have_count(1)
