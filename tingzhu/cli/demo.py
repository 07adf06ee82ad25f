"""`tingzhu demo`: plays cases against the running system, as its people would: one to its end, with its timeline, or many to fill the desks."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import yaml
from rich.console import Console
from rich.table import Table

from casework.settings import Settings
from engine.domain.clock import SHANGHAI
from tingzhu.cli.client import Client, default_url
from tingzhu.cli.output import language_option
from tingzhu.cli.plays import People, play, play_until


@click.command("demo", short_help="Play one whole case, or fill the desks. 办完一件演示案件，或布置各岗位的待办。")
@click.option("--url", help="Address of the running system. 系统地址。", envvar="TINGZHU_URL")
@click.option(
    "--play", "script_path", type=click.Path(path_type=Path), help="Another play than the site's. 另一份演示脚本。"
)
@click.option("--papers", type=click.Path(path_type=Path), help="Folder to keep the papers in. 文书保存目录。")
@click.option(
    "--desks", is_flag=True, help="Fill every desk with cases at different stages instead. 布置各岗位的待办。"
)
@click.option("--json", "as_json", is_flag=True, help="Print the timeline as JSON. 以 JSON 输出。")
@language_option
def command(
    url: str | None, script_path: Path | None, papers: Path | None, desks: bool, as_json: bool, language: str
) -> None:
    """Play one case from registration to archive and print its timeline as a table.

    With --desks play many, each as far as its own stage, so that every demo account finds work.

    Needs the running system with its demo accounts (make run). Exit code 0: played to the end; 2: could not.

    办完一件演示案件，并打印时间线；--desks 则布置一批办到不同阶段的案件。
    """
    settings = Settings.from_environment(os.environ)
    people = People(url or default_url(), language)
    progress = Console(stderr=True, quiet=as_json)
    script = yaml.safe_load((script_path or settings.site_dir / "play.yaml").read_text("utf-8"))
    if desks:
        _fill_desks(people, script, yaml.safe_load((settings.site_dir / "desks.yaml").read_text("utf-8")), progress)
        return
    progress.print(script["title"][language])
    total = len(script["steps"])
    case_id = play(
        people, script, lambda number, step, name: progress.print(f"  {number:>2}/{total}  {step['as']:<10} {name}")
    )
    supervisor = people["supervisor"]
    timeline = _timeline(supervisor, case_id)
    if papers is not None:
        _keep_papers(supervisor, case_id, papers, progress)
    rows = supervisor.get(f"/cases/{case_id}/history/verification")
    if as_json:
        click.echo(json.dumps({"case_id": case_id, "timeline": timeline}, ensure_ascii=False, indent=2))
        return
    end = supervisor.get(f"/cases/{case_id}")
    Console().print(_table(timeline, end["number"], language))
    stage = end["stage"][language]
    zh = f"案件 {end['number']}：{stage}；{rows['rows']} 条记录已核验，未被改动。"
    en = f"Case {end['number']}: {stage}; {rows['rows']} history rows verified, none altered."
    click.echo(zh if language == "zh" else en)


def _fill_desks(people: People, script: dict[str, Any], desks: dict[str, Any], progress: Console) -> None:
    progress.print(desks["title"][people.language])
    total = len(desks["cases"])
    for number, each in enumerate(desks["cases"], 1):
        case_id, task = play_until(people, script, each)
        case = people[script["register"]["as"]].get(f"/cases/{case_id}")
        progress.print(f"  {number:>2}/{total}  {case['number']}  {task}")


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
