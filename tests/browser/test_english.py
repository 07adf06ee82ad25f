"""The pages in English: what comes from the models is English too, and nothing that was entered is lost by switching."""

import re

from playwright.sync_api import expect

from tests.browser.desk import PHONE, Desk
from tests.browser.test_task import fill_in_intake, open_intake

CHINESE = re.compile(r"[\u4e00-\u9fff]")
DATA = re.compile(r"市中区|王某|某机械有限公司|拖欠三个月工资|[〔〕]|枣|演示")
"""What the case says in Chinese, whatever the reader's language: names, places, words that people wrote."""


def chinese_lines(text: str) -> list[str]:
    """Return the lines of a text that hold Chinese beside the data of the case."""
    return [line for line in text.splitlines() if CHINESE.search(DATA.sub("", line))]


def test_a_task_in_english_has_chinese_labels(desk: Desk) -> None:
    open_intake(desk)
    page = desk.page
    desk.speak_english()
    expect(page.get_by_role("heading", name="Check the registration")).to_be_visible()
    expect(page.get_by_label("Within the scope", exact=True)).to_be_visible()
    form = page.get_by_role("region", name="Form")
    assert chinese_lines(form.inner_text()) == []
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Please choose “Within the scope of labour and personnel disputes?”.")).to_be_visible()
    assert chinese_lines(form.inner_text()) == []
    assert desk.accessibility_findings() == []
    desk.picture("task-english-1440")
    page.set_viewport_size(PHONE)
    assert not desk.is_wider_than_the_screen()
    desk.picture("task-english-390")


def test_switching_the_language_loses_what_was_filled_in(desk: Desk) -> None:
    open_intake(desk)
    page = desk.page
    fill_in_intake(page)
    desk.speak_english()
    expect(page.get_by_label("Within the scope", exact=True)).to_be_checked()
    expect(page.get_by_label("Negotiation", exact=True)).to_be_checked()
    page.get_by_label("No", exact=True).first.check()
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_label("属于", exact=True)).to_be_checked()
    expect(page.get_by_label("没有", exact=True)).to_be_checked()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="已提交：登记核对")).to_be_visible()


def test_the_lists_of_tasks_go_on_in_the_other_language(desk: Desk) -> None:
    open_intake(desk)
    page = desk.page
    desk.open("/inbox")
    expect(page.get_by_role("link", name="登记核对").first).to_be_visible()
    desk.speak_english()
    expect(page.get_by_role("link", name="Check the registration").first).to_be_visible()
    expect(page.get_by_role("link", name="登记核对")).to_have_count(0)


def test_the_steps_of_a_case_are_named_in_chinese_on_an_english_page(desk: Desk) -> None:
    open_intake(desk)
    page = desk.page
    page.get_by_role("link", name=re.compile(r"\d{4}")).first.click()
    expect(page).to_have_url(re.compile("/cases/"))
    desk.speak_english()
    expect(page.get_by_text("Check the registration").first).to_be_visible()
    expect(page.get_by_text("登记核对")).to_have_count(0)
