"""A party on a phone: in by link and one-time code or by a letter, its case in plain words, and what it can do there."""

import io
import re
import time
from urllib.parse import quote
from uuid import uuid4

from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from tests.browser.desk import PASSWORD, PHONE, Desk
from tests.browser.people import Party
from tests.browser.review_cases import PATIENCE_S, Offices
from tests.whole_system import System

PHOTO = {"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xe0 not much of a photo"}


def _said(system: System, pattern: str) -> list[str]:
    """Return what the demo's text messages say, oldest first."""
    messages = system.var / "demo-messages.txt"
    return re.findall(pattern, messages.read_text(encoding="utf-8")) if messages.exists() else []


def test_a_party_does_not_come_to_its_case_by_link_and_code_or_comes_twice_by_one_code(
    system: System, desk: Desk
) -> None:
    page = desk.page
    page.set_viewport_size(PHONE)
    system.until(lambda: bool(_said(system, r"/app/party#link=(\w+)")))
    link = _said(system, r"/app/party#link=(\w+)")[0]
    desk.open(f"/party#link={link}")
    expect(page.get_by_role("button", name="获取验证码")).to_be_visible()
    assert desk.accessibility_findings() == []
    desk.picture("party-entry-390")
    before = len(_said(system, r"】(\d{6})是您"))
    page.get_by_role("button", name="获取验证码").click()
    system.until(lambda: len(_said(system, r"】(\d{6})是您")) > before)
    code = _said(system, r"】(\d{6})是您")[-1]

    page.get_by_label("验证码").fill("000000" if code != "000000" else "111111")
    page.get_by_role("button", name="进入", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("party_code_refused")
    page.get_by_label("验证码").fill(code)
    page.get_by_role("button", name="进入", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("现在进行到")
    expect(page.get_by_text("示例机械有限公司")).to_be_visible()
    assert desk.accessibility_findings() == []
    assert not desk.is_wider_than_the_screen()
    desk.picture("party-case-390")

    page.get_by_label("给经办人留言").fill("请问什么时候能调解？")
    page.get_by_role("button", name="发送").click()
    page.reload()
    expect(page.get_by_text("请问什么时候能调解？")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("button", name="获取验证码")).to_be_visible()
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_label("验证码").fill(code)
    page.get_by_role("button", name="进入", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("party_code_refused")


def test_an_office_cannot_invite_a_party_or_answer_it(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("window", "/cases?q=示例网络科技")
    page.locator("tbody tr").get_by_role("link").first.click()
    line = page.locator("section", has=page.get_by_role("heading", name="与当事人联系"))
    line.get_by_role("button", name="当面出示链接").first.click()
    expect(line.get_by_role("status")).to_contain_text("/app/party#link=")
    line.get_by_label("选择当事人").select_option(label="示例己")
    line.get_by_role("textbox").fill("请带身份证原件到窗口。")
    line.get_by_role("button", name="发送").click()
    expect(line.locator(".messages")).to_contain_text("请带身份证原件到窗口。")
    assert desk.accessibility_findings() == []
    desk.picture("case-parties-1440")


def invited(offices: Offices, case_id: str, side: str = "applicant") -> None:
    """Send a party of a case its link."""
    parties = offices.by("window").get(f"/cases/{case_id}").json()["parties"]
    party_id = next(each["id"] for each in parties if each["side"] == side)
    offices.post("window", f"/cases/{case_id}/invitations", {"party_id": party_id, "is_sent": True})


def letter_to_employer(offices: Offices) -> tuple[str, str, str]:
    """Bring a case to where the employer is asked by letter; return the case's id, and number and code of the letter."""
    case = {
        "channel": "window",
        "area_code": "370402006",
        "applicants": [{"kind": "person", "name": "示例辰", "phone": "13800000092"}],
        "respondents": [{"kind": "organisation", "name": "示例印务有限公司", "phone": "06320000092"}],
        "claims": [{"cause_code": "wages", "amount": "8000.00", "facts": "两个月工资未发"}],
    }
    case_id = str(offices.post("window", "/cases", case)["id"])
    offices.complete(
        "window", case_id, "Task_check_intake", in_scope=True, chosen_way="mediation", already_negotiated=False
    )
    day = offices.today.isoformat()
    offices.complete(
        "head",
        case_id,
        "Task_register_application",
        mediation_application_received_on=day,
        application_form="oral",
        dispute_facts="两个月工资未发",
    )
    give_up = time.monotonic() + PATIENCE_S
    while True:
        papers = offices.by("head").get(f"/cases/{case_id}").json()["documents"]
        found = [each for each in papers if each["kind"] == "mediation-consent-inquiry"]
        if found:
            break
        assert time.monotonic() < give_up, papers
        time.sleep(0.2)
    content = offices.by("head").get(f"/documents/{found[0]['id']}/content").content
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", text)
    assert code, text
    return case_id, found[0]["number"], code.group()


def test_an_employer_cannot_answer_from_its_letter_without_an_account(desk: Desk) -> None:
    page, offices = desk.page, Offices(desk.address)
    case_id, number, code = letter_to_employer(offices)
    other = str(offices.by("window").get("/cases").json()["items"][-1]["id"])
    page.set_viewport_size(PHONE)
    page.goto(f"{desk.address}/verify?number={quote(number)}&code={code}")  # what the letter's QR code opens
    page.get_by_role("link", name="这封文书是寄给您的").click()
    expect(page.get_by_role("status").filter(has_text="是真的")).to_be_visible()
    page.get_by_label("查验码").fill("AAAA-AAAA-AAAA")
    page.get_by_role("button", name="先核对真伪").click()
    expect(page.get_by_role("status").filter(has_text="对不上")).to_be_visible()
    page.get_by_role("button", name="进入", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("party_code_refused")
    assert desk.accessibility_findings() == []
    desk.picture("party-letter-390")
    page.get_by_label("查验码").fill(code)
    page.get_by_role("button", name="进入", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("现在进行到")
    assert desk.accessibility_findings() == []

    page.get_by_role("button", name="是否同意调解").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("同意", exact=True).check()
    dialog.get_by_label("补充说明").fill("愿意调解，下周方便")
    dialog.get_by_role("button", name="确认提交").click()
    expect(page.get_by_text("您已答复：同意")).to_be_visible()
    page.get_by_label("这是什么").select_option(label="营业执照")
    page.locator(".upload input[type=file]").set_input_files([PHOTO])
    expect(page.get_by_text("照片.jpg 已上传")).to_be_visible()
    page.get_by_role("button", name="去申请仲裁").click()
    expect(page.get_by_role("dialog")).to_contain_text("用信件进入时不能办理此项")
    page.get_by_role("dialog").get_by_role("button", name="取消").click()
    desk.picture("party-employer-390")

    (said,) = offices.by("head").get(f"/cases/{case_id}/party-messages").json()["items"]
    assert (said["kind"], said["answer"]) == ("mediation-consent", "agreed")
    kinds = [each["kind"] for each in offices.by("head").get(f"/cases/{case_id}").json()["documents"]]
    assert "business-licence" in kinds
    # the session of a letter is for one case and one party: another's case is answered like one that does not exist
    for path in ("", "/documents", "/messages", "/payments"):
        told = []
        for each in (other, str(uuid4())):
            answer = page.request.get(f"{desk.address}/api/v1/party/cases/{each}{path}")
            told.append((answer.status, answer.text().replace(each, "")))
        assert told[0] == told[1]
        assert told[0][0] == 404
    assert page.request.get(f"{desk.address}/api/v1/cases/{case_id}").status == 401  # nor any route of the office


def test_a_link_is_not_locked_after_ten_guesses(system: System, desk: Desk) -> None:
    page, offices = desk.page, Offices(desk.address)
    case_id, _, _ = letter_to_employer(offices)
    before = len(_said(system, r"/app/party#link=(\w+)"))
    invited(offices, case_id)
    system.until(lambda: len(_said(system, r"/app/party#link=(\w+)")) > before)
    page.set_viewport_size(PHONE)
    link = _said(system, r"/app/party#link=(\w+)")[-1]
    desk.open(f"/party#link={link}")
    codes = len(_said(system, r"】(\d{6})是您"))
    page.get_by_role("button", name="获取验证码").click()
    system.until(lambda: len(_said(system, r"】(\d{6})是您")) > codes)
    code = _said(system, r"】(\d{6})是您")[-1]
    wrong = "000000" if code != "000000" else "111111"
    alert = page.get_by_role("alert")
    for guess in range(10):
        page.get_by_label("验证码").fill(wrong)
        with page.expect_response("**/party/sessions"):
            page.get_by_role("button", name="进入", exact=True).click()
        expect(alert).to_contain_text("party_code_refused" if guess < 9 else "party_")
    page.get_by_label("验证码").fill(code)
    page.get_by_role("button", name="进入", exact=True).click()
    expect(alert).to_contain_text("链接已经锁定")
    desk.picture("party-locked-390")


def test_a_worker_cannot_read_and_sign_an_agreement(system: System, desk: Desk, browser: Browser) -> None:
    offices = Offices(desk.address)
    case_id = offices.mediated("示例巳", "示例物业有限公司")
    invited(offices, case_id)
    parties = offices.by("window").get(f"/cases/{case_id}").json()["parties"]
    own = next(each["id"] for each in parties if each["side"] == "applicant")
    offices.post("window", f"/cases/{case_id}/party-messages", {"party_id": own, "text": "请先看协议再签署。"})
    worker = Party(browser, system, "13800138000")
    worker.enter_by_link()
    page = worker.page
    expect(page.get_by_text("1 条未读")).to_be_visible()
    expect(page.get_by_role("button", name="获取签署验证码")).to_be_hidden()  # first it is read
    worker.sign()
    page.reload()
    expect(page.get_by_text("您已签署。")).to_be_visible()
    expect(page.get_by_text("1 条未读")).to_be_hidden()
    assert worker.accessibility_findings() == []
    worker.picture("party-signed-390")
    worker.leave()


def test_somebody_with_several_cases_does_not_see_them_all(desk: Desk) -> None:
    page, offices = desk.page, Offices(desk.address)
    for employer in ("示例甲店", "示例乙店"):
        case = {
            "channel": "window",
            "area_code": "370402",
            "applicants": [{"kind": "person", "name": "示例甲", "username": "worker"}],
            "respondents": [{"kind": "organisation", "name": employer}],
            "claims": [{"cause_code": "wages", "amount": "100.00"}],
        }
        offices.post("window", "/cases", case)
    page.set_viewport_size(PHONE)
    desk.open("/sign-in")
    page.get_by_label("用户名").fill("worker")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("个案件")
    assert desk.accessibility_findings() == []
    desk.picture("party-cases-390")
    page.get_by_role("button", name=re.compile("示例乙店")).click()
    expect(page.get_by_text("对方：示例乙店")).to_be_visible()
    page.get_by_role("button", name="全部案件").click()
    expect(page.get_by_role("button", name=re.compile("示例甲店"))).to_be_visible()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_label("用户名")).to_be_visible()
