"""The reviewer's page: an agreement beside what it is checked against; service recorded per party; batches of one employer."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.desk import PHONE, Desk
from tests.browser.review_cases import Offices
from tests.whole_system import System

EMPLOYER, OTHER_EMPLOYER = "枣庄示例纺织有限公司", "滕州示例服装有限公司"


@pytest.fixture(scope="module")
def offices(system: System) -> Offices:
    return Offices(f"http://127.0.0.1:{system.port}")


@pytest.fixture(scope="module")
def under_review(offices: Offices) -> str:
    """The id of the reviewer's task over an agreement of which one item cannot be reviewed."""
    case_id = offices.accepted("王示例", EMPLOYER, is_mixed=True)
    return offices.task("reviewer", case_id, "Task_review")


@pytest.fixture(scope="module")
def plain_case(offices: Offices) -> str:
    """The id of another employer's case in which everything can be reviewed."""
    return offices.accepted("赵示例", OTHER_EMPLOYER)


def test_a_director_finds_batches_where_nobody_asked_for_an_extension(desk: Desk) -> None:
    desk.sign_in("director", "/batches")
    expect(desk.page.get_by_text("没有可以批量办理的事项")).to_be_visible()
    assert desk.accessibility_findings() == []


def test_a_reviewer_does_not_find_agreement_grounds_items_and_papers_on_one_screen(
    desk: Desk, under_review: str
) -> None:
    page = desk.page
    desk.sign_in("reviewer", f"/tasks/{under_review}")
    expect(page.get_by_text("由您办理")).to_be_visible()
    expect(page.locator(".paper iframe")).to_be_visible()
    grounds = page.get_by_role("region", name="逐项核对")
    expect(grounds.get_by_role("listitem")).to_have_count(6)
    expect(grounds).to_contain_text("第七十八条第（三）项")
    expect(grounds).to_be_in_viewport()
    items = page.get_by_role("region", name="协议事项")
    left_out = items.get_by_role("listitem").filter(has_text="存在劳动关系")
    expect(left_out).to_contain_text("不审查")
    expect(left_out).to_contain_text("第七十五条第（四）项")
    expect(items).to_be_in_viewport()
    papers = page.get_by_role("region", name="申请材料")
    expect(papers).to_contain_text("没有缺件")
    expect(papers).to_contain_text("资格证明")
    expect(papers).to_be_in_viewport()
    assert desk.accessibility_findings() == []
    desk.picture("review-1440")


def test_a_ground_that_applies_does_not_reach_the_form(desk: Desk, under_review: str) -> None:
    page = desk.page
    desk.sign_in("reviewer", f"/tasks/{under_review}")
    page.get_by_role("button", name="有此情形：（五）内容不明确").click()
    expect(page.get_by_label("不予制作仲裁调解书", exact=True)).to_be_checked()
    expect(page.get_by_label("不予制作的理由").locator("option:checked")).to_have_text("（五）内容不明确")
    expect(page.get_by_text("已保存")).to_be_visible()
    page.reload()
    expect(page.get_by_label("不予制作的理由").locator("option:checked")).to_have_text("（五）内容不明确")
    grounds = page.get_by_role("region", name="逐项核对")
    expect(grounds.get_by_role("checkbox")).to_have_count(6)
    for tick in grounds.get_by_role("checkbox").all():
        tick.check()
    assert desk.accessibility_findings() == []
    grounds.get_by_role("button", name="填入结论和审查意见").click()
    expect(page.get_by_label("制作仲裁调解书", exact=True)).to_be_checked()
    expect(page.get_by_label("审查意见")).to_have_value(re.compile("第七十八条第（一）项至第（六）项所列情形"))
    page.reload()
    expect(grounds.get_by_role("checkbox").first).to_be_checked()


def test_service_on_one_party_is_shown_for_both_or_an_impossible_one_is_kept(desk: Desk, under_review: str) -> None:
    page = desk.page
    desk.sign_in("reviewer", f"/tasks/{under_review}")
    service = page.get_by_role("region", name="送达")
    line = service.get_by_role("listitem").filter(has_text="王示例")
    line.get_by_role("button", name="登记送达").click()
    line.get_by_label("方式").select_option(label="电子送达")
    line.get_by_role("button", name="保存").click()
    expect(line.get_by_role("alert")).to_contain_text("input_invalid")
    assert desk.accessibility_findings() == []
    line.get_by_label("方式").select_option(label="直接送达")
    line.get_by_role("button", name="保存").click()
    expect(line.get_by_role("button", name="更正")).to_be_visible()
    expect(service.get_by_role("listitem").filter(has_text=EMPLOYER)).to_contain_text("未送达")
    expect(service).not_to_contain_text("全部送达")


def test_the_review_does_not_fit_a_phone_or_speaks_one_language(desk: Desk, under_review: str) -> None:
    page = desk.page
    page.set_viewport_size(PHONE)
    desk.sign_in("reviewer", f"/tasks/{under_review}")
    expect(page.get_by_role("region", name="申请材料")).to_be_visible()
    assert not desk.is_wider_than_the_screen()
    assert desk.accessibility_findings() == []
    desk.picture("review-390")
    desk.speak_english()
    expect(page.get_by_role("region", name="Items of the agreement")).to_contain_text("Left out")
    expect(page.get_by_role("region", name="Check one by one")).to_contain_text("breaks mandatory law")
    expect(page.get_by_label("Make an arbitral mediation document", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("审查调解协议")
    assert not desk.is_wider_than_the_screen()
    assert desk.accessibility_findings() == []
    desk.picture("review-390-en")


def test_a_batch_does_not_fit_a_phone(desk: Desk, plain_case: str) -> None:
    page = desk.page
    page.set_viewport_size(PHONE)
    desk.sign_in("reviewer", "/batches")
    page.get_by_role("button", name=re.compile(OTHER_EMPLOYER)).click()
    expect(page.get_by_role("region", name=OTHER_EMPLOYER).get_by_role("listitem")).to_have_count(1)
    assert not desk.is_wider_than_the_screen()
    assert desk.accessibility_findings() == []
    desk.picture("batch-390")
    desk.speak_english()
    expect(page.get_by_role("heading", name="What they share")).to_be_visible()
    assert not desk.is_wider_than_the_screen()
    assert desk.accessibility_findings() == []
    desk.picture("batch-390-en")


def test_a_batch_decides_what_nobody_decided_or_loses_the_half_that_was_refused(
    desk: Desk, offices: Offices, plain_case: str
) -> None:
    mixed = offices.accepted("孙示例", OTHER_EMPLOYER, is_mixed=True)
    page = desk.page
    desk.sign_in("reviewer", "/batches")
    assert desk.accessibility_findings() == []
    page.get_by_role("button", name=re.compile(OTHER_EMPLOYER)).click()
    cases_card = page.get_by_role("region", name=OTHER_EMPLOYER)
    expect(cases_card.get_by_role("listitem")).to_have_count(2)
    row = {name: cases_card.get_by_role("listitem").filter(has_text=name) for name in ("赵示例", "孙示例")}
    expect(row["孙示例"].get_by_role("checkbox")).not_to_be_checked()
    expect(row["孙示例"]).to_contain_text("请单独填写")

    page.get_by_role("button", name="提交 1 件").click()
    expect(page.get_by_text("请修改共同内容中标红的部分")).to_be_visible()
    page.get_by_label("制作仲裁调解书", exact=True).check()
    page.get_by_label("调解书制作日期").fill(offices.today.isoformat())
    page.get_by_label("审查意见").fill("内容合法，双方自愿。")

    row["孙示例"].get_by_role("button", name="单独填写").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("不予制作仲裁调解书", exact=True).check()
    dialog.get_by_role("button", name="用于本件").click()
    expect(dialog.get_by_text("请修改标红的部分")).to_be_visible()
    dialog.get_by_label("不予制作的理由").select_option(label="（五）内容不明确")
    dialog.get_by_label("决定不予制作的日期").fill((offices.today + timedelta(days=1)).isoformat())
    assert desk.accessibility_findings() == []
    dialog.get_by_role("button", name="用于本件").click()
    expect(row["孙示例"]).to_contain_text("不予制作仲裁调解书")

    page.get_by_role("button", name="提交 2 件").click()
    expect(row["赵示例"]).to_contain_text("已提交")
    expect(row["孙示例"]).to_contain_text("未能提交")
    expect(row["孙示例"].get_by_role("alert")).to_contain_text("尚未发生的事项不能登记")
    assert desk.accessibility_findings() == []
    desk.picture("batch-1440")

    row["孙示例"].get_by_role("button", name="单独填写").click()
    expect(dialog.get_by_label("不予制作的理由").locator("option:checked")).to_have_text("（五）内容不明确")
    dialog.get_by_label("决定不予制作的日期").fill(offices.today.isoformat())
    dialog.get_by_role("button", name="用于本件").click()
    page.get_by_role("button", name="提交 1 件").click()
    expect(row["孙示例"]).to_contain_text("已提交")
    offices.task("clerk", mixed, "Task_serve_result")
    page.get_by_role("button", name="返回单位列表").click()
    expect(page.get_by_role("button", name=re.compile(OTHER_EMPLOYER))).to_have_count(0)
