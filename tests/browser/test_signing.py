"""Both parties sign the agreement on the mediator's phone: read, drawn, recorded for what it is and for no more."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import PHONE, Desk
from tests.browser.review_cases import Offices
from tests.whole_system import System


@pytest.fixture(scope="module")
def offices(system: System) -> Offices:
    return Offices(f"http://127.0.0.1:{system.port}")


@pytest.fixture(scope="module")
def mediated(offices: Offices) -> str:
    """The id of a case whose agreement is drafted and signed by nobody."""
    case_id = offices.mediated("周示例", "枣庄示例纺织有限公司")
    offices.task("mediator", case_id, "Task_sign_agreement")
    return case_id


def _draw(page: Page) -> None:
    box = page.get_by_role("img", name="手写签名区").bounding_box()
    assert box is not None
    for column in range(2):
        x, y = box["x"] + 60 + column * 90, box["y"] + 60
        page.mouse.move(x, y)
        page.mouse.down()
        for step in range(1, 10):
            page.mouse.move(x + step * 5, y + (step % 3) * 30)
        page.mouse.up()


def test_a_drawn_signature_is_lost_on_a_phone_or_passes_for_one_on_paper(
    desk: Desk, offices: Offices, mediated: str
) -> None:
    page = desk.page
    page.set_viewport_size(PHONE)
    desk.sign_in("mediator", f"/tasks/{offices.task('mediator', mediated, 'Task_sign_agreement')}")
    panel = page.get_by_role("region", name="当面签名")
    expect(panel.get_by_role("button", name="在本机签名 周示例")).to_be_disabled()
    page.get_by_role("button", name="领取", exact=True).click()
    expect(panel).to_contain_text("不等于纸质签名")
    assert not desk.is_wider_than_the_screen()
    panel.get_by_role("button", name="在本机签名 周示例").click()
    dialog = page.get_by_role("dialog", name="周示例 签名")
    expect(dialog).to_contain_text("被申请人支付拖欠工资15000元")
    expect(dialog.get_by_role("button", name="去签名")).to_be_disabled()
    dialog.get_by_label("调解员：已当面核对").check()
    dialog.get_by_label("签名人：我已阅读").check()
    assert desk.accessibility_findings() == []
    desk.picture("signing-read-390")
    dialog.get_by_role("button", name="去签名").click()
    expect(dialog.get_by_role("button", name="清除")).to_be_disabled()
    dialog.get_by_role("button", name="确认签名").click()
    expect(dialog.get_by_text("请先在框内签名")).to_be_visible()
    _draw(page)
    assert desk.accessibility_findings() == []
    desk.picture("signing-390")
    page.context.set_offline(True)
    dialog.get_by_role("button", name="确认签名").click()
    expect(dialog.get_by_role("alert")).to_contain_text("no_connection")
    page.context.set_offline(False)
    dialog.get_by_role("button", name="确认签名").click()
    line = panel.get_by_role("listitem").filter(has_text="周示例")
    expect(line).to_contain_text("一般电子确认")
    expect(line).to_contain_text("签署方式达不到要求")
    expect(panel.get_by_role("listitem").filter(has_text="枣庄示例纺织有限公司")).to_contain_text("尚未签名")

    gate = offices.by("mediator").get(f"/cases/{mediated}/signatures").raise_for_status().json()
    assert gate["gate"] == "open"
    [signature] = gate["signatures"]
    assert (signature["signatory"], signature["level"], signature["signed_by"]) == ("applicant-1", "basic", "self")
    assert signature["document_id"], "it does not say which agreement was signed"
    picture = offices.by("mediator").get(f"/documents/{signature['proof_document_id']}/content")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")


def test_a_drawn_signature_takes_the_place_of_one_on_paper(desk: Desk, offices: Offices, mediated: str) -> None:
    body = {"signatures": [{"signatory": "respondent-1", "signed_on": offices.today.isoformat()}]}
    offices.post("mediator", f"/cases/{mediated}/signatures", body)
    desk.sign_in("mediator", f"/tasks/{offices.task('mediator', mediated, 'Task_sign_agreement')}")
    panel = desk.page.get_by_role("region", name="当面签名")
    line = panel.get_by_role("listitem").filter(has_text="枣庄示例纺织有限公司")
    expect(line).to_contain_text("纸质原件")
    expect(line.get_by_role("button")).to_have_count(0)
    desk.speak_english()
    expect(desk.page.get_by_role("region", name="Sign here")).to_contain_text("does not equal one on paper")
    assert desk.accessibility_findings() == []
    desk.picture("signing-1440-en")
