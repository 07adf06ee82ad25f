"""The tutorials: what the chain in test_chain.py does not show is gone through here; every picture is made by a test and used."""

import re

from playwright.sync_api import expect

from casework.settings import CHECKOUT
from tests.browser.album import FOLDER, keep
from tests.browser.desk import PHONE, Desk
from tests.browser.test_applications import agree_and_start, answer_up_to_evidence, asked, hand_in

TUTORIALS = CHECKOUT / "docs" / "tutorials"
MEDIATION = CHECKOUT / "processes" / "mediation" / "mediation.bpmn"
LARGEST = 3 * 2**20
"""Bytes of all pictures together."""


def test_a_worker_cannot_follow_the_tutorial_of_applying_without_an_account(desk: Desk) -> None:
    page = desk.page
    page.set_viewport_size(PHONE)
    desk.open("/apply")
    expect(page.get_by_role("button", name="开始填写")).to_be_visible()
    keep(page, "party-6-apply")
    agree_and_start(desk)
    answer_up_to_evidence(page, "示例申")
    page.get_by_role("button", name="上一步").click()
    page.get_by_role("button", name="上一步").click()
    asked(page, "您想要单位做什么？")
    keep(page, "party-7-question")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="下一步").click()
    hand_in(page)
    keep(page, "party-8-receipt")


def test_a_supervisor_cannot_follow_the_tutorial(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("supervisor", "/supervision?within=7")
    expect(page.locator("tbody tr").first).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    keep(page, "supervisor-1-late")
    page.get_by_role("link", name="异常", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="异常")).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    keep(page, "supervisor-2-incidents")
    page.get_by_role("link", name="月报", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="月报")).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    keep(page, "supervisor-5-figures")
    with page.expect_download() as started:
        page.get_by_role("link", name="下载 Excel").click()
    assert started.value.suggested_filename.endswith(".xlsx")


def test_a_designer_cannot_follow_the_tutorial(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("designer", "/definitions")
    expect(page.get_by_role("heading", name="部署记录")).to_be_visible()
    keep(page, "designer-1-definitions")
    page.get_by_role("link", name="调解", exact=True).first.click()
    expect(page.locator(".djs-element").first).to_be_visible()
    keep(page, "designer-2-diagram")
    desk.open("/deploy")
    broken = MEDIATION.read_text().replace('camunda:formKey="mediation-acceptance"', 'camunda:formKey="no-such-form"')
    page.get_by_label("选择文件").set_input_files(
        {"name": "mediation.bpmn", "mimeType": "application/xml", "buffer": broken.encode()}
    )
    page.get_by_role("button", name="检查", exact=True).click()
    finding = page.locator(".findings li", has_text="no-such-form").first
    finding.get_by_role("button").click()
    expect(page.locator(".mark-finding").first).to_be_visible()
    keep(page, "designer-3-findings")
    desk.open("/scenarios")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    keep(page, "designer-4-scenarios")


def test_a_tutorial_shows_a_picture_that_no_test_makes_or_leaves_one_out() -> None:
    pages = [*TUTORIALS.glob("*.md"), CHECKOUT / "README.md", CHECKOUT / "README.zh.md"]
    used = {name for page in pages for name in re.findall(r"images/tutorials/([\w-]+)\.webp", page.read_text())}
    kept = {path.stem for path in FOLDER.iterdir()}
    tests = "".join(path.read_text() for path in (CHECKOUT / "tests" / "browser").glob("*.py"))
    assert used == kept
    assert {name for name in kept if f'"{name}"' not in tests} == set()
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < LARGEST


def test_a_tutorial_is_not_linked_or_speaks_one_language() -> None:
    for page in TUTORIALS.glob("*.md"):
        text = page.read_text()
        for readme in ("README.md", "README.zh.md"):
            assert f"docs/tutorials/{page.name}" in (CHECKOUT / readme).read_text(), (readme, page.name)
        assert len(re.findall(r"[一-鿿]", text)) > 100, page.name
        assert len(re.findall(r"[A-Za-z]{3,}", text)) > 100, page.name
