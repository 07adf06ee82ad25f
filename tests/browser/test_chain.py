"""The whole chain of a dispute through the pages alone, from the window to the archive, everybody in a browser of their own."""

import faulthandler
import sys

import pytest
from playwright.sync_api import Browser, Locator, expect

from engine.domain.clock import SystemClock, today
from tests.browser.people import Caseworker, Office, Party
from tests.whole_system import System

WORKER, WORKER_PHONE = "示例午", "13800000101"
EMPLOYER, EMPLOYER_PHONE = "示例全程有限公司", "13800000102"
FACTS = "三个月工资未发。"
MATERIALS = [
    "仲裁审查申请书",
    "调解协议书",
    "身份证明",
    "与协议有关的证明材料",
    "送达地址、电话等联系方式（送达地址确认书）",
]
ON_PAPER = "纸质原件签名盖章"


def test_a_dispute_cannot_go_from_the_window_to_the_archive_through_the_pages_alone(
    browser: Browser, system: System, pytestconfig: pytest.Config
) -> None:
    office = Office(browser, system)
    worker = Party(browser, system, WORKER_PHONE)
    employer = Party(browser, system, EMPLOYER_PHONE)
    day = today(SystemClock()).isoformat()

    _start_clock(pytestconfig)
    number, case_id = _register(office["window"], day)
    _begin_mediation(office, employer, number, case_id, day)
    _start_clock(pytestconfig)
    _agree(office, worker, number, case_id, day)
    _start_clock(pytestconfig)
    _review(office, number, day)
    _perform(office["mediator"], number, day)

    worker.page.reload()
    expect(worker.page.get_by_role("heading", level=1)).to_have_text("现在进行到：已归档")
    award = worker.page.locator(".paper").filter(has_text="仲裁调解书")
    expect(award).to_contain_text("签收")
    worker.show("party-5-end")
    expect(worker.page.get_by_text("已付 ¥15,600.00，共 ¥15,600.00")).to_be_visible()
    employer.page.reload()
    expect(employer.page.get_by_role("heading", level=1)).to_have_text("现在进行到：已归档")
    supervisor = office["supervisor"]
    supervisor.open(f"/cases/{case_id}")
    expect(supervisor.page.get_by_role("heading", level=1)).to_contain_text(EMPLOYER)
    expect(supervisor.page.get_by_text("已归档").first).to_be_visible()
    supervisor.show("supervisor-3-case")
    supervisor.page.get_by_role("link", name="时间线", exact=True).click()
    expect(supervisor.page.get_by_text("案卷归档").first).to_be_visible()
    supervisor.show("supervisor-4-timeline")
    for person in (*office.people(), worker, employer):
        person.leave()


def _start_clock(config: pytest.Config) -> None:
    """Give each part of the way the time that a test has before it counts as hanging."""
    if seconds := float(config.getini("faulthandler_timeout")):
        faulthandler.dump_traceback_later(seconds, exit=True, file=sys.__stderr__)


def _register(window: Caseworker, day: str) -> tuple[str, str]:
    """Register the dispute, check its intake and choose mediation; return the case's number and id."""
    page = window.page
    window.open("/register")
    page.get_by_label("用工所在地").select_option("370402006")
    page.get_by_label("姓名或单位名称").nth(0).fill(WORKER)
    page.get_by_label("电话", exact=True).nth(0).fill(WORKER_PHONE)
    page.get_by_label("姓名或单位名称").nth(1).fill(EMPLOYER)
    page.get_by_label("电话", exact=True).nth(1).fill(EMPLOYER_PHONE)
    page.get_by_label("案由").select_option("wages")
    page.get_by_label("金额（元）").fill("15600")
    page.get_by_label("事实与理由").fill(FACTS)
    expect(page.get_by_text("已保存")).to_be_visible()
    window.show("window-1-register")
    page.get_by_role("button", name="登记", exact=True).click()
    done = page.get_by_role("heading", name="登记完成")
    number = done.inner_text().removeprefix("登记完成：")
    window.show("window-2-registered")
    page.get_by_role("link", name="打开案件").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(EMPLOYER)
    expect(page.locator("main")).to_contain_text(number)
    case_id = window.id_in_address()
    window.do(
        number,
        "登记核对",
        {
            "收到申请日期": day,
            "是否属于劳动人事争议受案范围": "属于",
            "当事人选择的途径": "调解",
            "此前是否协商过": "协商过，未达成一致",
        },
        "window-3-check",
    )
    return number, case_id


def _begin_mediation(office: Office, employer: Party, number: str, case_id: str, day: str) -> None:
    """Let the employer agree to mediation on its phone, accept the application, appoint a mediator."""
    _invite(office["window"], case_id, EMPLOYER)
    office["window"].show("window-4-invite", _line(office["window"]))
    head = office["head"]
    head.do(number, "登记调解申请", {"收到调解申请的日期": day, "申请方式": "口头（当场记录）", "事实和理由": FACTS})
    employer.enter_by_link("party-1-enter")
    employer.show("party-2-case")
    employer.declare("是否同意调解", "同意", "party-3-consent")
    head.open(f"/cases/{case_id}")
    expect(_line(head)).to_contain_text("是否同意调解：同意")
    head.take(number, "审查申请、征询对方意见")
    head.fill_in(
        {
            "已核对": ["属于劳动人事争议", "有具体的调解请求和事实、理由"],
            "对方当事人是否同意调解": "同意",
            "对方答复日期": day,
            "是否受理": "受理",
            "受理日期": day,
        }
    )
    head.speak_for(EMPLOYER, "短信等消息")
    head.show("mediator-1-consent")
    head.submit("审查申请、征询对方意见")
    head.do(
        number,
        "指定调解员",
        {
            "调解员账号": "mediator",
            "办理方式": "一名调解员",
            "经核对，调解员无应当回避的情形": True,
            "已向双方告知权利义务和申请回避的权利": True,
        },
    )


def _agree(office: Office, worker: Party, number: str, case_id: str, day: str) -> None:
    """Mediate, draw up the agreement, sign it on a phone and on paper, and choose the review."""
    mediator = office["mediator"]
    mediator.open("/today")
    expect(mediator.page.get_by_role("heading", name="在办案件")).to_be_visible()
    mediator.show("mediator-2-today")
    mediator.open(f"/cases/{case_id}")
    expect(mediator.page.get_by_role("heading", name="进行中的期限")).to_be_visible()
    mediator.show("product")
    mediator.do(
        number,
        "组织调解、登记结果",
        {"本次结果": "达成协议", "已进行的调解次数": "1", "调解笔录要点": "就付款时间达成一致。"},
    )
    item = {
        "内容": "被申请人一次支付工资15600元。",
        "案由": "追索劳动报酬",
        "涉及的劳动者": WORKER,
        "金额": "15600",
        "付款方": EMPLOYER,
        "收款方": WORKER,
        "履行期限（至）": day,
    }
    mediator.do(
        number,
        "拟定调解协议",
        {"争议事实": FACTS, "协议条款": [item], "履行安排": "一次履行", "履约能力评估": "良好"},
        "mediator-3-agreement",
    )
    _invite(office["window"], case_id, WORKER)
    worker.enter_by_link()
    worker.sign("party-4-sign")
    # this office wants originals on paper as well: the mediator enters them with their scan
    signatories = (WORKER, EMPLOYER, "调解员", "调解组织（盖章）")
    mediator.do(
        number,
        "签署盖章、登记生效",
        {
            "签名盖章": [{"签署人": who, "签署日期": day, "签署方式": ON_PAPER} for who in signatories],
            "签署后协议书扫描件": "file:signed.pdf",
            "办理情况": "登记签署情况",
        },
        "mediator-4-sign",
    )
    mediator.do(
        number,
        "选择协议效力确认方式",
        {
            "双方的选择": "共同申请仲裁审查（生效之日起十五日内）",
            "双方当事人一致同意，并已在申请书上签名或者盖章": True,
        },
    )


def _review(office: Office, number: str, day: str) -> None:
    """Apply at the arbitration institution, accept, review, and serve its document on both sides."""
    clerk = office["clerk"]
    clerk.do(
        number,
        "收取申请材料并登记",
        {
            "申请书": "双方在同一份申请书上签名",
            "收到双方申请的日期": day,
            "收到的材料": MATERIALS,
            "材料是否齐全": "齐全",
        },
    )
    clerk.do(number, "审查受理条件", {"是否受理": "受理", "受理日期": day}, "reviewer-1-acceptance")
    notice = {"受送达人": "双方当事人（全体）", "送达方式": "直接送达", "送达日期": day}
    clerk.do(number, "送达受理通知书", {"受理通知书送达情况": [notice]})
    office["director"].do(
        number, "指派审查仲裁员", {"仲裁员账号": "reviewer", "经核对，仲裁员没有应当回避的情形": True}
    )
    reviewer = office["reviewer"]
    reviewer.take(number, "审查调解协议")
    grounds = reviewer.page.get_by_role("region", name="逐项核对")
    expect(reviewer.page.locator(".paper iframe")).to_be_visible()
    for tick in grounds.get_by_role("checkbox").all():
        tick.check()
    reviewer.show("reviewer-2-review")
    grounds.get_by_role("button", name="填入结论和审查意见").click()
    reviewer.fill_in({"调解书制作日期": day})
    reviewer.submit("审查调解协议")
    sides = ("申请人（全体）", "被申请人（全体）")
    services = [{"受送达人": side, "送达方式": "直接送达", "签收日期": day} for side in sides]
    clerk.do(number, "送达仲裁调解书", {"仲裁调解书送达情况": services}, "reviewer-3-service")


def _perform(mediator: Caseworker, number: str, day: str) -> None:
    """See that the money was paid, and put the file away."""
    mediator.do(
        number,
        "回访核实履行情况",
        {
            "本次核实的付款（不写期次的，抵充最先到期的一期）": [{"金额": "15600", "付款日期": day}],
            "履行情况": "已全部履行",
            "履行完毕日期": day,
            "依据": "付款凭证",
        },
        "mediator-5-performance",
    )
    mediator.do(number, "案卷归档", {"案卷页数": "24", "结案日期": day, "办结方式": "归档结案"})


def _line(person: Caseworker) -> Locator:
    """Return the part of the case page that keeps the line to the parties."""
    return person.page.locator("section", has=person.page.get_by_role("heading", name="与当事人联系")).last


def _invite(person: Caseworker, case_id: str, party: str) -> None:
    """Invite a party by text message from the case page."""
    person.open(f"/cases/{case_id}")
    row = _line(person).get_by_role("listitem").filter(has_text=party)
    row.get_by_role("button", name="发短信邀请").click()
    expect(row).to_contain_text("链接有效至")
