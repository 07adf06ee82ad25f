"""Plays: YAML files that say who registers a dispute and who completes which tasks; carried out against the running system as its people would."""

import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from engine.domain.clock import SystemClock, today
from tingzhu.cli.client import Client, demo_password
from tingzhu.cli.output import fail

PATIENCE = 60.0
"""Seconds that the next task may take to come up while jobs run."""
SCAN = b"%PDF-1.7\n% stands for a scan of the signed originals\n"
_DAY = re.compile(r"today([+-]\d+)?")


class People:
    """The demo accounts, each signed in when first needed."""

    def __init__(self, url: str, language: str) -> None:
        self.language = language
        self._url = url
        self._password = demo_password()
        self._clients: dict[str, Client] = {}

    def __getitem__(self, username: str) -> Client:
        if username not in self._clients:
            self._clients[username] = Client(self._url, self.language).sign_in(username, self._password)
        return self._clients[username]


def play(
    people: People,
    script: dict[str, Any],
    tell: Callable[[int, dict[str, Any], str], None] = lambda number, step, name: None,
    began: int = 0,
) -> str:
    """Register the dispute of `script["register"]`, carry out `script["steps"]`, and return the case's id.

    `began` is the day, counted from today, that the play calls `today`; 0 or less. `tell` is called after each step with its number,
    the step and the task's name. Ends the program with exit code 2 if a task does not come up in time or the system refuses a step.
    """
    begin = script["register"]
    case_id = str(people[begin["as"]].post("/cases", begin["case"]).body["id"])
    case = people[begin["as"]].get(f"/cases/{case_id}")
    for number, step in enumerate(script["steps"], 1):
        tell(number, step, _complete(people, case, _dated(step, began)))
    return case_id


def play_until(people: People, script: dict[str, Any], stop: dict[str, Any]) -> tuple[str, str]:
    """Play `script` with another dispute, `stop["case"]`, up to the task `stop["until"]`, which stays open.

    `stop["began"]` is the day that the play calls `today`, counted from today; `stop["but"]` replaces values that are filled in, by task;
    after the task `stop["leaves"]` the case takes another way than the play.
    Returns the case's id and the name of the open task. Ends the program with exit code 2 if that task does not come up.
    """
    register = script["register"] | {"case": stop["case"]}
    until = {"task": stop["until"]}
    steps = []
    for step in script["steps"]:
        if step["task"] == stop["until"]:
            until = step
            break
        but = stop.get("but", {}).get(step["task"])
        steps.append(step | {"with": step["with"] | but} if but else step)
        if step["task"] == stop.get("leaves"):
            break
    case_id = play(people, {"register": register, "steps": steps}, began=stop["began"])
    task = await_task(people["supervisor"], case_id, until, people.language)
    return case_id, str(task["element_name"])


def await_task(client: Client, case_id: str, step: dict[str, Any], language: str) -> dict[str, Any]:
    """Return the open user task that `step` names (`task`, and `process` where several have such an element)."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        for task in client.get("/user-tasks", case_id=case_id)["items"]:
            if task["element_id"] == step["task"] and step.get("process", task["process_key"]) == task["process_key"]:
                return dict(task)
        time.sleep(0.2)
    raise fail(
        language,
        f"任务 {step['task']} 在 {PATIENCE:.0f} 秒内没有出现。请用 supervisor 账号查看异常（/api/v1/incidents）。",
        f"The task {step['task']} did not come up within {PATIENCE:.0f} s. Look at /api/v1/incidents as `supervisor`.",
    )


def _complete(people: People, case: dict[str, Any], step: dict[str, Any]) -> str:
    client = people[step["as"]]
    task = await_task(client, case["id"], step, people.language)
    body: dict[str, Any] = {"variables": _with_files(client, case["id"], step["with"])}
    if "on_behalf_of" in step:
        behalf = dict(step["on_behalf_of"])
        side = behalf.pop("side")
        party = next(party for party in case["parties"] if party["side"] == side)
        body["on_behalf_of"] = {"party_id": party["id"], **behalf}
    client.post(f"/user-tasks/{task['id']}/completion", body)
    return str(task["element_name"])


def _with_files(client: Client, case_id: str, value: Any) -> Any:
    """Replace every `file:KIND` by the id of a document of that kind, uploaded as this account."""
    if isinstance(value, dict):
        return {key: _with_files(client, case_id, item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_files(client, case_id, item) for item in value]
    if isinstance(value, str) and value.startswith("file:"):
        return client.upload(f"/cases/{case_id}/documents", value.removeprefix("file:"), SCAN).body["id"]
    return value


def _dated(value: Any, began: int) -> Any:
    """Replace `today`, `today+3` by dates, counted from the day `began`."""
    if isinstance(value, dict):
        return {key: _dated(item, began) for key, item in value.items()}
    if isinstance(value, list):
        return [_dated(item, began) for item in value]
    if isinstance(value, str) and (match := _DAY.fullmatch(value)):
        day: date = today(SystemClock()) + timedelta(days=began + int(match.group(1) or 0))
        return day.isoformat()
    return value
