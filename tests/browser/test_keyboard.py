"""Work done without a mouse: every place that the focus reaches shows it, and the inbox has its keys."""

from uuid import uuid4

from playwright.sync_api import ElementHandle, Page, expect

from tests.browser.desk import PASSWORD, Desk
from tests.browser.people import once, sign_in_to_api

NAMED = """element => [element.getAttribute('aria-label'), [...(element.labels ?? [])].map(label => label.innerText).join(' '),
    element.innerText, element.value, element.id, element.getAttribute('placeholder')].filter(Boolean).map(text => text.trim())"""
IS_SAME = """element => {
    const isSame = window.lastStop === element;
    window.lastStop = element;
    return isSame;
}"""
MARGIN = 6
"""Pixels around an element within which its focus may be drawn."""


class Keys:
    """Somebody at a keyboard. Walking with Tab looks at every stop whether one can see where one is."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.unseen: list[str] = []
        """Stops of the focus that look as if it were elsewhere."""
        self.stops = 0

    def focused(self) -> ElementHandle | None:
        """Return the element that has the focus."""
        element = self.page.evaluate_handle("document.activeElement").as_element()
        return None if element is None or element.evaluate("element => element === document.body") else element

    def tab(self) -> list[str]:
        """Go one stop on; return what the element there is called, nothing where the page ends."""
        self.page.keyboard.press("Tab")
        element = self.focused()
        if element is None:
            return []
        self.stops += 1
        names: list[str] = element.evaluate(NAMED)
        # a date has several stops: day, month, year, calendar
        if not element.evaluate(IS_SAME) and not self._is_seen(element):
            self.unseen.append(f"{element.evaluate('element => element.outerHTML.slice(0, 160)')} {names}")
        return names

    def _is_seen(self, element: ElementHandle) -> bool:
        """Return whether the screen looks different from when the element does not have the focus."""
        element.scroll_into_view_if_needed()
        box = element.bounding_box()
        if box is None:
            return False
        size = self.page.viewport_size or {"width": 0, "height": 0}
        left, top = max(box["x"] - MARGIN, 0), max(box["y"] - MARGIN, 0)
        right = min(box["x"] + box["width"] + MARGIN, size["width"])
        bottom = min(box["y"] + box["height"] + MARGIN, size["height"])
        if right <= left or bottom <= top:
            return False
        clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
        there = self.page.screenshot(clip=clip, animations="disabled")
        element.evaluate("element => element.blur()")
        elsewhere = self.page.screenshot(clip=clip, animations="disabled")
        element.evaluate("element => element.focus({ preventScroll: true })")
        return there != elsewhere

    def tab_to(self, name: str, most: int = 60) -> None:
        """Go on until the element that is called so has the focus."""
        passed = []
        for _ in range(most):
            names = self.tab()
            if name in names:
                return
            passed.append(names)
        raise AssertionError(f"{name!r} was not reached: {passed}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)


def _register(desk: Desk, employer: str) -> str:
    case = {
        "channel": "window",
        "area_code": "370402",
        "applicants": [{"kind": "person", "name": "示例键", "phone": "13800000301"}],
        "respondents": [{"kind": "organisation", "name": employer}],
        "claims": [{"cause_code": "wages", "amount": "5000.00"}],
    }
    with sign_in_to_api(desk, "window") as client:
        found = client.post("/cases", json=case, headers=once()).raise_for_status().json()
        number: str = client.get(f"/cases/{found['id']}").raise_for_status().json()["number"]
    return number


def test_a_dispute_cannot_be_checked_and_found_again_without_a_mouse(desk: Desk) -> None:
    employer = f"示例键盘{uuid4().hex[:6]}有限公司"
    number = _register(desk, employer)
    page, keys = desk.page, Keys(desk.page)
    desk.open("/inbox?view=groups")
    expect(page.get_by_label("用户名")).to_be_visible()
    keys.tab_to("用户名")
    keys.type("window")
    keys.tab_to("密码")
    keys.type(PASSWORD)
    keys.press("Enter")
    rows = page.locator("tbody tr")
    expect(rows.first).to_be_visible()

    # the inbox: / searches, j and k move, c claims, Enter opens
    at = page.locator("tbody tr.at")
    first = at.inner_text()
    keys.press("j")
    expect(at).not_to_have_text(first)
    keys.press("k", "/")
    keys.type(employer)
    expect(rows).to_have_count(1)
    keys.press("Escape", "c")
    expect(page.get_by_text("已领取：")).to_be_visible()
    desk.open(f"/inbox?view=mine&q={employer}")
    expect(rows).to_have_count(1)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name="登记核对")).to_be_visible()
    expect(page.get_by_text("由您办理")).to_be_visible()

    # the form: radio buttons are one stop each group
    keys.tab_to("属于")
    keys.press("Space")
    keys.tab_to("协商")
    keys.press("ArrowDown")
    expect(page.get_by_label("调解", exact=True)).to_be_checked()
    keys.tab_to("协商过，未达成一致")
    keys.press("Space")
    keys.tab_to("案情摘要")
    keys.type("用键盘办理")
    keys.tab_to("提交")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="已提交：登记核对")).to_be_focused()

    # a case is searched and read
    page.reload()
    expect(page.get_by_role("heading", level=1, name="登记核对")).to_be_visible()
    keys.tab_to("跳到正文")
    keys.tab_to("案件")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name="案件")).to_be_visible()
    search = page.get_by_role("textbox").first
    for _ in range(20):
        keys.tab()
        if search.evaluate("element => element === document.activeElement"):
            break
    keys.type(employer)
    expect(rows).to_have_count(1)
    keys.tab_to(number)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(employer)
    keys.tab_to("流程图")
    keys.press("Enter")
    expect(
        page.get_by_role("link", name="流程图")
        .or_(page.get_by_role("tab", name="流程图"))
        .or_(page.get_by_role("button", name="流程图"))
        .first
    ).to_be_visible()
    assert keys.unseen == []


def test_the_focus_gets_lost_on_a_page(desk: Desk) -> None:
    page, keys = desk.page, Keys(desk.page)
    desk.sign_in("window", "/today")
    for path in ("/today", "/inbox?view=groups", "/register", "/cases"):
        desk.open(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        before = keys.stops
        for _ in range(45):
            if not keys.tab() and keys.focused() is None:
                break
        assert keys.stops - before > 10, path
    assert keys.unseen == []
