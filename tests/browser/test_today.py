"""The day on one screen, filled by the play that `tingzhu demo --desks` carries out."""

import yaml
from playwright.sync_api import expect

from casework.settings import CHECKOUT
from tests.browser.desk import Desk
from tests.whole_system import System
from tingzhu.cli.plays import People, play_until

SITE = CHECKOUT / "sites" / "zaozhuang"


def test_a_case_that_was_played_so_far_is_missing_from_the_mediators_day(desk: Desk, system: System) -> None:
    script = yaml.safe_load((SITE / "play.yaml").read_text("utf-8"))
    stops = yaml.safe_load((SITE / "desks.yaml").read_text("utf-8"))["cases"]
    stop = next(each for each in stops if each["until"] == "Task_hold_sessions" and each["began"] == -9)
    people = People(f"http://127.0.0.1:{system.port}", "zh")
    case_id, name = play_until(people, script, stop)
    number = people["mediator"].get(f"/cases/{case_id}")["number"]
    desk.sign_in("mediator", "/today")
    with_me = desk.page.locator("section", has=desk.page.get_by_role("heading", name="手上其他事项"))
    expect(with_me.get_by_text(number)).to_be_visible()
    row = desk.page.get_by_role("row").filter(has_text=number)
    expect(row).to_contain_text(name)
    expect(row).to_contain_text("调解中")
    limit = row.get_by_text("还剩").inner_text()
    desk.open("/cases")
    expect(desk.page.get_by_role("row").filter(has_text=number)).to_contain_text(limit)
    assert desk.accessibility_findings() == []
