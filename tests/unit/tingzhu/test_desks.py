"""The site's desks follow the site's play."""

import yaml

from casework.settings import CHECKOUT

SITES = sorted(path.parent for path in (CHECKOUT / "sites").glob("*/desks.yaml"))


def test_a_desk_stops_at_a_task_that_the_play_does_not_reach() -> None:
    assert SITES
    for site in SITES:
        steps = [step["task"] for step in yaml.safe_load((site / "play.yaml").read_text("utf-8"))["steps"]]
        for each in yaml.safe_load((site / "desks.yaml").read_text("utf-8"))["cases"]:
            assert each.get("leaves", each["until"]) in steps
            assert set(each.get("but", {})) <= set(steps)
            assert each["began"] <= 0
