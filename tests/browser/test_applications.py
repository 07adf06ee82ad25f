"""Applications without an account: question by question on a phone, over a poor line; and the window that decides on them."""

import base64
import hashlib
import re
from typing import Any

import httpx
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.desk import PHONE, Desk
from tests.whole_system import System

PAINT = """async () => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [2600, 1950];
  const pen = canvas.getContext('2d');
  for (let i = 0; i < 3000; i++) {
    pen.fillStyle = `hsl(${(i * 37) % 360} 60% ${30 + (i % 50)}%)`;
    pen.fillRect((i * 7919) % 2600, (i * 104729) % 1950, 90, 60);
  }
  const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.97));
  let text = '';
  for (const byte of new Uint8Array(await blob.arrayBuffer())) text += String.fromCharCode(byte);
  return btoa(text);
}"""
"""A large photo, as a telephone takes it."""


def photo_of(page: Page, name: str = "工资条.jpg") -> dict[str, object]:
    content = base64.b64decode(page.evaluate(PAINT))
    assert len(content) > 600 * 1024
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def go_on(page: Page) -> None:
    page.get_by_role("button", name="下一步").click()


def asked(page: Page, question: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(question)


def agree_and_start(desk: Desk) -> None:
    desk.page.set_viewport_size(PHONE)
    desk.open("/apply")
    desk.page.get_by_label("我看过了").check()
    desk.page.get_by_role("button", name="开始填写").click()


def answer_up_to_evidence(page: Page, name: str) -> None:
    """Answer everything before the photos, with an employer whose name nobody knows."""
    page.get_by_label("市中区", exact=True).check()
    go_on(page)
    page.get_by_label("姓名").fill(name)
    go_on(page)
    page.get_by_label("手机号").fill("13800000077")
    go_on(page)
    asked(page, "身份证号和住址")
    go_on(page)
    page.get_by_label("说不清单位名称").check()
    page.get_by_label("在哪个工地、店、厂干活").fill("光明路示例小区3号楼工地")
    go_on(page)
    page.get_by_label("发生了什么事？").fill("六月到八月做木工，说好一天300元，只给了5000元。")
    go_on(page)
    page.get_by_label("把欠的工资给我").check()
    page.get_by_label("大约多少元").fill("9,000元")
    go_on(page)
    asked(page, "就您一个人，还是和工友一起？")
    go_on(page)
    asked(page, "有照片或文件能证明吗？")


def hand_in(page: Page) -> tuple[str, str]:
    """Answer the last question, hand in, and return number and code of the receipt."""
    go_on(page)
    page.get_by_label("调解", exact=False).first.check()
    go_on(page)
    asked(page, "看一看，对不对")
    page.get_by_role("button", name="交上去").click()
    asked(page, "已经收到您的申请")
    shown = page.locator("dl dd")
    return shown.nth(0).inner_text(), shown.nth(1).inner_text()


def test_a_worker_cannot_apply_without_an_account_or_learn_what_becomes_of_it(desk: Desk) -> None:
    page = desk.page
    page.set_viewport_size(PHONE)
    desk.open("/apply")
    for phone in ("12333", "12348"):
        expect(page.locator(f"a[href='tel:{phone}']").first).to_be_visible()
    assert desk.accessibility_findings() == []
    desk.picture("apply-start-390")
    page.get_by_role("button", name="开始填写").click()
    expect(page.get_by_role("alert")).to_contain_text("打勾")  # nothing is asked before the consent
    page.get_by_label("我看过了").check()
    page.get_by_role("button", name="开始填写").click()
    go_on(page)
    expect(page.get_by_role("alert")).to_have_text("请选上班的地方。")
    assert desk.accessibility_findings() == []
    answer_up_to_evidence(page, "示例壬")
    page.get_by_role("button", name="上一步").click()  # back without loss
    page.get_by_role("button", name="上一步").click()
    expect(page.get_by_label("大约多少元")).to_have_value("9,000元")
    assert desk.accessibility_findings() == []
    page.go_back()  # so does the telephone's own back
    asked(page, "就您一个人，还是和工友一起？")
    go_on(page)
    page.locator("input[type=file]").set_input_files([photo_of(page)])
    expect(page.get_by_text("已收到")).to_be_visible()
    assert desk.accessibility_findings() == []
    desk.picture("apply-evidence-390")
    number, code = hand_in(page)
    assert desk.accessibility_findings() == []
    assert not desk.is_wider_than_the_screen()
    desk.picture("apply-receipt-390")
    page.reload()
    expect(page.locator("dl dd").first).to_have_text(number)  # the receipt stays in the browser

    page.evaluate("localStorage.clear()")  # another day, another telephone
    desk.open("/apply/receipt")
    page.get_by_label("编号").fill(number)
    page.get_by_label("查询码").fill("AAAA-AAAA-AAAA")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("status").filter(has_text="对不上")).to_be_visible()
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("status").filter(has_text="已经收到，等工作人员处理")).to_be_visible()
    assert desk.accessibility_findings() == []


def test_a_killed_tab_loses_what_a_worker_entered(desk: Desk, context: BrowserContext) -> None:
    page = desk.page
    agree_and_start(desk)
    context.set_offline(True)
    page.get_by_label("市中区", exact=True).check()
    go_on(page)
    page.get_by_label("姓名").fill("示例癸")
    expect(page.get_by_text("已存在本机，有网后自动保存")).to_be_visible()
    page.close()  # before the server ever heard of it
    context.set_offline(False)
    page = desk.page = context.new_page()
    desk.open("/apply")
    page.get_by_role("button", name="接着上次填").click()
    asked(page, "您的手机号是多少？")
    expect(page.get_by_text("已保存")).to_be_visible()
    kept = page.evaluate("localStorage.getItem('tingzhu.application')")
    assert "示例癸" not in kept  # the server has it now: phones are lent
    page.get_by_label("手机号").fill("13800000078")
    expect(page.get_by_text("已保存")).to_be_visible()
    page.close()
    page = desk.page = context.new_page()
    desk.open("/apply/name")
    expect(page.get_by_label("姓名")).to_have_value("示例癸")
    desk.open("/apply")
    page.get_by_role("button", name="删掉重新填").click()
    page.get_by_role("button", name="删掉", exact=True).click()
    expect(page.get_by_role("button", name="开始填写")).to_be_visible()
    assert page.evaluate("localStorage.getItem('tingzhu.application')") is None


def test_a_photo_begins_anew_when_the_line_breaks_and_the_tab_is_killed(desk: Desk, context: BrowserContext) -> None:
    page = desk.page
    agree_and_start(desk)
    answer_up_to_evidence(page, "示例子")
    pieces: list[int] = []

    def break_after_two(route: Route) -> None:
        pieces.append(int(route.request.url.rsplit("/", 1)[1]))
        if len(pieces) > 2:
            route.abort("internetdisconnected")
        else:
            route.continue_()

    page.route("**/chunks/*", break_after_two)
    page.locator("input[type=file]").set_input_files([photo_of(page)])
    expect(page.get_by_text(re.compile(r"已传 [1-9]"))).to_be_visible()
    desk.picture("apply-upload-390")
    page.close()
    assert pieces[0] == 0
    page = desk.page = context.new_page()
    later: list[int] = []
    page.on(
        "request",
        lambda request: later.append(int(request.url.rsplit("/", 1)[1])) if "/chunks/" in request.url else None,
    )
    desk.open("/apply/evidence")
    expect(page.get_by_text("已收到")).to_be_visible()  # nothing had to be chosen again
    assert later, "the rest was not sent"
    assert later[0] > 0, "it began anew"
    hand_in(page)


def test_a_file_that_cannot_be_taken_is_refused_without_plain_words(desk: Desk) -> None:
    page = desk.page
    agree_and_start(desk)
    answer_up_to_evidence(page, "示例丑")
    bad = {"name": "坏文件.jpg", "mimeType": "image/jpeg", "buffer": b"<html>no photo</html>"}
    webp = base64.b64decode(page.evaluate(PAINT.replace("image/jpeg", "image/webp").replace("2600, 1950", "300, 200")))
    assert webp[8:12] == b"WEBP"
    page.locator("input[type=file]").set_input_files(
        [bad, {"name": "截图.webp", "mimeType": "image/webp", "buffer": webp}]
    )
    expect(page.get_by_text("这个文件收不了")).to_be_visible()
    expect(page.get_by_text("已收到")).to_be_visible()  # a small picture of another kind is made one that is taken
    page.get_by_role("button", name="删掉 坏文件.jpg").click()
    expect(page.get_by_text("这个文件收不了")).to_be_hidden()
    hand_in(page)


PHOTO = b"\xff\xd8\xff\xe0 not much of a photo"


def handed_in(system: System, name: str, employer: dict[str, Any]) -> tuple[str, str]:
    """Hand an application in without the pages; return number and code of its receipt."""
    with httpx.Client(base_url=f"http://127.0.0.1:{system.port}/api/v1", timeout=60) as client:
        notice = client.get("/applications/guide").json()["notice"]["version"]
        client.headers["Authorization"] = f"Bearer {client.post('/applications').json()['resume_token']}"
        content = {
            "area_code": "370402",
            "applicant": {"name": name, "phone": "13800000091"},
            "employer": employer,
            "what_happened": "干了两个月没有发工资",
            "claims": [{"cause_code": "wages", "amount": "9000.00"}],
            "preferred_way": "mediation",
        }
        assert client.put("/applications/current", json={"content": content}).is_success
        digest = hashlib.sha256(PHOTO).hexdigest()
        file = client.post(
            "/applications/current/files", json={"name": "工资条.jpg", "size": len(PHOTO), "sha256": digest}
        ).json()
        assert client.put(f"/applications/current/files/{file['id']}/chunks/0", content=PHOTO).is_success
        done = client.post("/applications/current/submission", json={"consents": True, "notice_version": notice}).json()
    return done["receipt_number"], done["receipt_code"]


def look_up(desk: Desk, number: str, code: str) -> None:
    desk.open("/apply/receipt")
    desk.page.get_by_label("编号").fill(number)
    desk.page.get_by_label("查询码").fill(code)
    desk.page.get_by_role("button", name="查询").click()


def test_the_window_cannot_make_a_case_of_an_application(system: System, desk: Desk) -> None:
    page = desk.page
    number, code = handed_in(system, "示例寅", {"is_unknown": True, "site": "光明路示例小区3号楼工地"})
    twin, _ = handed_in(system, "示例寅", {"is_unknown": False, "name": "示例装饰有限公司"})
    desk.sign_in("window", "/applications")
    expect(page.get_by_role("cell", name=number)).to_be_visible()
    assert desk.accessibility_findings() == []
    desk.picture("applications-1440")
    page.get_by_role("link", name=number).click()
    expect(page.get_by_role("status").filter(has_text=twin)).to_be_visible()  # the same telephone asks twice
    names = page.get_by_label("姓名或单位名称")
    expect(names.nth(1)).to_have_value("名称不详（光明路示例小区3号楼工地）")
    names.nth(1).fill("示例装饰有限公司")
    page.get_by_role("button", name="核对").click()
    expect(page.get_by_text("没有发现问题。")).to_be_visible()
    assert desk.accessibility_findings() == []
    desk.picture("application-1440")
    page.set_viewport_size(PHONE)
    assert not desk.is_wider_than_the_screen()
    desk.picture("application-390")
    page.get_by_role("button", name="受理并登记").click()
    expect(page.get_by_role("heading", name=re.compile("登记完成"))).to_be_visible()
    page.get_by_role("link", name="打开案件").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("示例装饰有限公司")
    case = page.request.get(f"{desk.address}/api/v1/cases/{desk.id_in_address()}").json()
    (evidence,) = case["documents"]
    assert (evidence["kind"], "工资条" in evidence["title"]) == ("evidence", True)
    desk.open("/applications")
    page.get_by_role("link", name=twin).click()
    expect(page.get_by_role("link", name="查看该案").first).to_be_visible()  # the case is there now
    look_up(desk, number, code)
    expect(page.get_by_role("status").filter(has_text="已经受理，登记号是")).to_be_visible()


def test_an_applicant_is_not_told_what_to_mend_or_where_else_to_go(system: System, desk: Desk) -> None:
    page = desk.page
    number, code = handed_in(system, "示例卯", {"is_unknown": False, "name": "示例餐饮有限公司"})
    desk.sign_in("window", "/applications")
    page.get_by_role("link", name=number).click()
    page.get_by_label("写给申请人的话").fill("请写清楚从哪天开始干活")
    page.get_by_role("button", name="退回，请申请人补充").click()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("已退回补充")).to_be_visible()

    page.set_viewport_size(PHONE)
    look_up(desk, number, code)
    expect(page.get_by_role("status").filter(has_text="请写清楚从哪天开始干活")).to_be_visible()
    page.get_by_role("button", name="去补充").click()  # from a browser that never saw the application
    page.get_by_label("我看过了").check()
    desk.picture("apply-mend-390")
    page.get_by_role("button", name="接着上次填").click()
    asked(page, "看一看，对不对")
    page.get_by_role("button", name="改：发生了什么事？").click()
    page.get_by_label("发生了什么事？").fill("六月一日开始干活，两个月没有发工资")
    for _ in range(5):
        go_on(page)
    page.get_by_role("button", name="交上去").click()
    asked(page, "已经收到您的申请")
    expect(page.locator("dl dd").first).to_have_text(number)

    page.set_viewport_size({"width": 1440, "height": 900})
    desk.open("/applications")
    expect(page.get_by_role("row").filter(has_text=number)).to_contain_text("补充后再次提交")
    page.get_by_role("link", name=number).click()
    expect(page.get_by_text("六月一日开始干活").first).to_be_visible()
    page.get_by_label("写给申请人的话").fill("您没有劳动关系，属于承揽合同")
    page.get_by_label("请他去哪里").fill("市中区人民法院")
    page.get_by_role("button", name="不受理", exact=True).click()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("未受理").first).to_be_visible()
    look_up(desk, number, code)
    expect(page.get_by_role("status").filter(has_text="市中区人民法院")).to_be_visible()
    assert desk.accessibility_findings() == []
