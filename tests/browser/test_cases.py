"""Cases and one case in a browser."""

from playwright.sync_api import expect

from tests.browser.desk import PHONE, Desk
from tests.browser.mediation_cases import in_mediation
from tests.browser.review_cases import SCAN, Offices


def test_a_case_cannot_be_found_or_its_pages_have_serious_accessibility_findings(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("window", "/cases")
    expect(page.locator("tbody tr").first).to_be_visible()
    assert desk.accessibility_findings() == []
    desk.picture("cases-1440")
    page.get_by_label("搜索").fill("建筑劳务")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody tr").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("示例建筑劳务有限公司")
    for tab in ("概览", "期限", "文书材料", "履行", "仲裁时效", "时间线"):
        page.get_by_role("link", name=tab, exact=True).click()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        assert desk.accessibility_findings() == [], tab
    desk.picture("case-1440")
    page.set_viewport_size(PHONE)
    assert not desk.is_wider_than_the_screen()
    desk.picture("case-390")


def test_a_corrected_date_moves_no_time_limit_or_forgets_the_earlier_date(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("window", "/cases?q=示例网络科技")
    page.locator("tbody tr").get_by_role("link").click()
    page.get_by_role("link", name="期限", exact=True).click()
    row = page.locator(".dates li", has_text="收到申请日期")
    row.get_by_role("button", name="更正").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("日期").fill("2020-01-02")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("更正理由").fill("收件戳日期")
    dialog.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").filter(has_text="已保存。")).to_be_visible()
    expect(row).to_contain_text("2020年1月2日")
    expect(row).to_contain_text("收件戳日期")
    expect(row.locator(".old")).to_have_count(1)


def test_the_record_of_a_case_cannot_be_verified_by_whoever_reads_it(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("supervisor", "/cases")
    page.locator("tbody tr").get_by_role("link").first.click()
    page.get_by_role("link", name="时间线").click()
    page.get_by_role("button", name="核对记录是否完整").click()
    expect(page.get_by_role("status").filter(has_text="记录完整")).to_be_visible()


def test_a_paper_cannot_be_made_at_once_or_nobody_says_who_has_the_case(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("window", "/cases?q=示例机械")
    page.locator("tbody tr").get_by_role("link").click()
    expect(page.get_by_text("现在谁在办")).to_be_visible()
    page.get_by_role("link", name="文书材料", exact=True).click()
    page.get_by_role("button", name="制作文书").click()
    dialog = page.get_by_role("dialog", name="制作文书")
    dialog.get_by_label("选择文书").select_option("来访（来电）登记表")
    dialog.get_by_label("引导调解").check()
    assert desk.accessibility_findings() == []
    desk.picture("case-paper-1440")
    dialog.get_by_role("button", name="制作", exact=True).click()
    expect(dialog.get_by_text("《来访（来电）登记表》已制作")).to_be_visible(timeout=60_000)
    with page.context.expect_page() as opened:
        dialog.get_by_role("button", name="打开并打印").click()
    opened.value.close()
    dialog.get_by_role("button", name="关闭", exact=True).click()
    expect(page.locator(".papers li", has_text="来访（来电）登记表").first).to_be_visible()


def test_a_new_date_is_asked_by_code_or_offered_before_its_time_and_what_it_moved_is_not_told(desk: Desk) -> None:
    page = desk.page
    case_id = in_mediation(Offices(desk.address), "示例日期", "示例日期有限公司")
    desk.sign_in("head", f"/cases/{case_id}?tab=deadlines")
    page.get_by_role("button", name="登记日期").click()
    dialog = page.get_by_role("dialog", name="登记日期")
    which = dialog.get_by_label("什么日期")
    expect(which.locator("option", has_text="调解受理日期")).to_have_count(1)
    expect(which.locator("option", has_text="支付令")).to_have_count(0)
    which.select_option("调解受理日期")
    dialog.get_by_label("日期", exact=True).fill("2020-01-06")
    assert desk.accessibility_findings() == []
    desk.picture("case-date-1440")
    dialog.get_by_role("button", name="保存").click()
    told = page.get_by_role("status").filter(has_text="已保存。")
    expect(told).to_contain_text("“收到调解申请日期”")
    expect(page.locator(".dates li", has_text="调解受理日期")).to_contain_text("2020年1月6日")


def test_what_a_party_said_by_telephone_cannot_be_recorded_with_its_proof(desk: Desk) -> None:
    page = desk.page
    case_id = in_mediation(Offices(desk.address), "示例代办", "示例代办有限公司")
    desk.sign_in("head", f"/cases/{case_id}")
    page.get_by_role("button", name="代当事人登记").click()
    dialog = page.get_by_role("dialog", name="代当事人登记")
    dialog.get_by_role("combobox", name="当事人", exact=True).select_option("示例代办有限公司")
    dialog.get_by_role("combobox", name="方式").select_option("来电")
    scan = {"name": "录音整理.pdf", "mimeType": "application/pdf", "buffer": SCAN}
    dialog.locator("input[type=file]").set_input_files(scan)
    expect(dialog.get_by_role("combobox", name="凭证")).to_contain_text("录音整理")
    dialog.get_by_label("是否同意调解").check()
    dialog.get_by_label("同意", exact=True).check()
    dialog.get_by_label("内容").fill("电话中表示同意调解")
    assert desk.accessibility_findings() == []
    desk.picture("case-behalf-1440")
    dialog.get_by_role("button", name="登记", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("电话中表示同意调解")).to_be_visible()
    page.get_by_role("link", name="时间线", exact=True).click()
    expect(page.get_by_text("代示例代办有限公司办理")).to_be_visible()

    page.get_by_role("button", name="代当事人登记").click()
    dialog.get_by_role("combobox", name="方式").select_option("书面")
    dialog.get_by_label("审查申请、征询对方意见").check()
    dialog.get_by_role("button", name="打开表单").click()
    page.get_by_role("button", name="领取", exact=True).click()
    expect(page.get_by_label("代当事人办理").locator("option:checked")).to_have_text("示例代办")
