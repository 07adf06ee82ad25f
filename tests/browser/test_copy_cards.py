"""The copy cards of a case in a browser: copied field by field, downloaded, and what became of it elsewhere."""

import io
import re

from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.desk import PHONE, Desk
from tests.browser.test_inbox import client_of, register


def open_cards(desk: Desk) -> str:
    """Register a dispute and open its copy cards from its page; return its number."""
    number = register(desk, "录入机械有限公司")
    with client_of(desk, "window") as client:
        [found] = client.get("/cases", params={"q": number}).raise_for_status().json()["items"]
    desk.sign_in("window", f"/cases/{found['id']}")
    desk.page.get_by_role("link", name="录入卡").click()
    expect(desk.page.get_by_role("heading", name="录入卡")).to_be_visible()
    return number


def test_a_card_cannot_be_copied_field_by_field_or_downloaded(desk: Desk) -> None:
    number = open_cards(desk)
    page = desk.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="复制“被申请人名称”").click()
    expect(page.get_by_text("已复制：被申请人名称")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "录入机械有限公司"
    expect(page.get_by_text("（案件中没有）").first).to_be_visible()
    page.get_by_role("link", name="人民法院调解平台").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载表格（XLSX）").click()
    assert number in download.value.suggested_filename
    sheet = load_workbook(io.BytesIO(download.value.path().read_bytes())).worksheets[0]
    assert "录入机械有限公司" in {cell.value for row in sheet.iter_rows() for cell in row}


def test_the_number_at_a_platform_is_not_kept_with_what_was_before(desk: Desk) -> None:
    open_cards(desk)
    page = desk.page
    record = page.get_by_role("region", name="在该平台的登记")
    expect(record).to_contain_text("尚未登记")
    for outside, state in (("调2026-1", "已录入"), ("调2026-2", "平台已受理")):
        record.get_by_label("平台编号").fill(outside)
        record.get_by_label("状态").select_option(label=state)
        record.get_by_role("button", name="保存").click()
        expect(record.get_by_text(re.compile("窗口受理员（示例） .*月")).first).to_be_visible()
    expect(record.get_by_role("listitem")).to_contain_text("已录入 调2026-1")
    page.reload()
    expect(record.get_by_label("平台编号")).to_have_value("调2026-2")
    assert desk.accessibility_findings() == []
    desk.picture("copy-cards-1440")
    page.set_viewport_size(PHONE)
    assert not desk.is_wider_than_the_screen()
    desk.picture("copy-cards-390")
    desk.speak_english()
    assert desk.accessibility_findings() == []
