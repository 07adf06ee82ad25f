"""`tingzhu demo`: plays one whole case against the running system, as its people would, and prints the timeline."""

import json
import os
import re
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import yaml
from rich.console import Console
from rich.table import Table

from casework.settings import Settings
from engine.domain.clock import SHANGHAI, SystemClock, today
from tingzhu.cli.client import Client, default_url, demo_password
from tingzhu.cli.output import fail, language_option

PATIENCE = 60.0
"""Seconds that the next task may take to come up while jobs run."""
SCAN = b"%PDF-1.7\n% stands for a scan of the signed originals\n"
_DAY = re.compile(r"today([+-]\d+)?")


@click.command("demo", short_help="Play one whole case. 办完一件演示案件。")
@click.option("--url", help="Address of the running system. 系统地址。", envvar="TINGZHU_URL")
@click.option("--play", type=click.Path(path_type=Path), help="Another play than the site's. 另一份演示脚本。")
@click.option("--papers", type=click.Path(path_type=Path), help="Folder to keep the papers in. 文书保存目录。")
@click.option("--json", "as_json", is_flag=True, help="Print the timeline as JSON. 以 JSON 输出。")
@language_option
def command(url: str | None, play: Path | None, papers: Path | None, as_json: bool, language: str) -> None:
    """Play one case from registration to archive and print its timeline as a table.

    Needs the running system with its demo accounts (make run). Exit code 0: played to the end; 2: could not.

    办完一件演示案件，并打印时间线。
    """
    settings = Settings.from_environment(os.environ)
    script = yaml.safe_load((play or settings.site_dir / "play.yaml").read_text())
    people = _People(url or default_url(), language)
    progress = Console(stderr=True, quiet=as_json)
    progress.print(script["title"][language])
    case_id = _register(people, script["register"])
    case = people[script["register"]["as"]].get(f"/cases/{case_id}")
    for number, step in enumerate(script["steps"], 1):
        name = _complete(people, case, step, language)
        progress.print(f"  {number:>2}/{len(script['steps'])}  {step['as']:<10} {name}")
    supervisor = people["supervisor"]
    timeline = _timeline(supervisor, case_id)
    if papers is not None:
        _keep_papers(supervisor, case_id, papers, progress)
    rows = supervisor.get(f"/cases/{case_id}/history/verification")
    if as_json:
        click.echo(json.dumps({"case_id": case_id, "timeline": timeline}, ensure_ascii=False, indent=2))
        return
    Console().print(_table(timeline, case["number"], language))
    end = supervisor.get(f"/cases/{case_id}")
    stage = end["stage"][language]
    zh = f"案件 {case['number']}：{stage}；{rows['rows']} 条记录已核验，未被改动。"
    en = f"Case {case['number']}: {stage}; {rows['rows']} history rows verified, none altered."
    click.echo(zh if language == "zh" else en)


class _People:
    """The demo accounts, each signed in when first needed."""

    def __init__(self, url: str, language: str) -> None:
        self._url = url
        self._language = language
        self._password = demo_password()
        self._clients: dict[str, Client] = {}

    def __getitem__(self, username: str) -> Client:
        if username not in self._clients:
            self._clients[username] = Client(self._url, self._language).sign_in(username, self._password)
        return self._clients[username]


def _register(people: _People, part: dict[str, Any]) -> str:
    return str(people[part["as"]].post("/cases", part["case"]).body["id"])


def _complete(people: _People, case: dict[str, Any], step: dict[str, Any], language: str) -> str:
    client = people[step["as"]]
    task = _await_task(client, case["id"], step, language)
    body: dict[str, Any] = {"variables": _with_files(client, case["id"], _dated(step["with"]))}
    if "on_behalf_of" in step:
        behalf = _dated(step["on_behalf_of"])
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


def _await_task(client: Client, case_id: str, step: dict[str, Any], language: str) -> dict[str, Any]:
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


def _dated(value: Any) -> Any:
    """Replace `today`, `today+3` by dates."""
    if isinstance(value, dict):
        return {key: _dated(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_dated(item) for item in value]
    if isinstance(value, str) and (match := _DAY.fullmatch(value)):
        day: date = today(SystemClock()) + timedelta(days=int(match.group(1) or 0))
        return day.isoformat()
    return value


SHOWN = {
    "case-opened": ("立案登记", "case opened"),
    "user-task-completed": ("任务提交", "user task completed"),
    "user-task-completion-retracted": ("撤回提交", "completion retracted"),
    "user-task-corrected": ("更正", "user task corrected"),
    "user-task-correction-requested": ("退回补正", "correction requested"),
    "user-task-correction-answered": ("补正答复", "correction answered"),
    "user-task-handed-over": ("转办", "user task handed over"),
    "user-task-delegated": ("委派", "user task delegated"),
    "user-task-urged": ("催办", "user task urged"),
    "job-completed": ("作业完成", "job completed"),
    "job-failed": ("作业失败", "job failed"),
    "timer-set": ("设定期限", "timer set"),
    "timer-fired": ("期限到达", "timer fired"),
    "incident-raised": ("异常", "incident raised"),
    "document-stored": ("生成文书", "document stored"),
    "organisation-assigned": ("确定组织", "organisation assigned"),
    "message-received": ("收到消息", "message received"),
    "process-instance-completed": ("流程结束", "process completed"),
}


def _timeline(client: Client, case_id: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = client.get(f"/cases/{case_id}/history", limit=200, **({"cursor": cursor} if cursor else {}))
        rows += page["items"]
        cursor = page["next_cursor"]
        if not cursor:
            return [row for row in rows if row["kind"] in SHOWN]


def _table(timeline: list[dict[str, Any]], number: str, language: str) -> Table:
    is_chinese = language == "zh"
    table = Table(title=number)
    for zh, en in (
        ("序号", "No."),
        ("时间", "Time"),
        ("经办", "Actor"),
        ("事项", "Event"),
        ("环节", "Element"),
        ("说明", "Detail"),
    ):
        table.add_column(zh if is_chinese else en, overflow="fold")
    for row in timeline:
        at = datetime.fromisoformat(row["at"]).astimezone(SHANGHAI)
        actor = row["actor"].removeprefix("user:").split("-")[0]
        table.add_row(
            str(row["seq"]),
            at.strftime("%m-%d %H:%M:%S"),
            actor,
            SHOWN[row["kind"]][0 if is_chinese else 1],
            row["element_name"] or "",
            _detail(row, is_chinese),
        )
    return table


def _detail(row: dict[str, Any], is_chinese: bool) -> str:
    facts = row["facts"]
    explanation = facts.get("explanation")
    if isinstance(explanation, dict):
        return str(explanation.get("explanation" if is_chinese else "explanation_en") or "")
    if row["on_behalf_of"]:
        return f"{row['on_behalf_of']['method']} → {row['on_behalf_of']['party_id'][:8]}"
    for key in ("number", "title", "failure", "job_type", "due_at", "business_key", "rule"):
        if facts.get(key):
            return str(facts[key])
    return ""


def _keep_papers(client: Client, case_id: str, folder: Path, progress: Console) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for paper in client.get(f"/cases/{case_id}/documents")["items"]:
        content = client.download(f"/cases/{case_id}/documents/{paper['id']}/content")
        name = f"{paper['kind']}.pdf"
        (folder / name).write_bytes(content)
        progress.print(f"  {folder / name}")
