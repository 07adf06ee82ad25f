"""Writes the reference pages of the job types and of the papers from their registries: python -m handlers.reference"""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from marshmallow import Schema, fields

from casework.deadlines.citations import join_en, join_zh
from casework.notices import notice_templates, render_notice
from casework.settings import CHECKOUT
from handlers.papers.content import PAPERS
from handlers.papers.paper import SIGNERS, STAGES, Paper, wanted
from handlers.registry import HandlerDefinition, collect, shipped_handlers

PAGE = CHECKOUT / "docs" / "reference" / "job-types.md"
TEMPLATES = CHECKOUT / "handlers" / "papers" / "templates"
PAPERS_PAGE = CHECKOUT / "docs" / "reference" / "papers.md"

_HEAD = """# 作业类型 · Job types

一个服务任务的 `camunda:topic` 就是作业类型；输入、输出与下表不符的流程在部署时即被指出。
The `camunda:topic` of a service task is its job type. A process whose inputs do not fit these tables gets a finding at
deployment.

- 输入：恰为该任务的输入参数；`*` 为必填。Inputs are exactly the task's input parameters; `*` marks required ones.
- 输出：有输出参数时按其映射，否则每一项成为变量。Outputs are mapped by the output parameters; without any, each one
  becomes a variable.
- BPMN 错误由边界事件捕获；其他失败按 `camunda:failedJobRetryTimeCycle` 重试，次数用尽即成为异常（incident）。
  BPMN errors are caught by boundary events; any other failure is tried again, and becomes an incident in the end.
- 同一活动的每次尝试使用同一幂等键：做过的事不会再做一遍。Every attempt at one activity carries the same idempotency key:
  what was done is not done again.

This page is written by `python -m handlers.reference` from the registry; [write a handler](../how-to/write-a-handler.md)
to add to it.
"""

_PAPERS_HEAD = """# 文书 · Papers

流程用服务任务 `render-document`（输入 `kind`）制作文书，见[作业类型](job-types.md)。未知的内容留空，可以手填；“必备”一栏缺少时，
作业失败并写明缺少什么。有法定情形清单的文书印出全部情形，用输入 `ground` 勾选。
A process makes a paper with the service task `render-document` (input `kind`), see [job types](job-types.md). What is
unknown is left blank, to be filled with a pen; when something from the column 必备 is missing, the job fails and names
it. Papers with a legal list of grounds print all of them; the input `ground` ticks.

- 空白表：窗口可以打印空白表供手填。空白表 forms can be printed empty at the
  window: `GET /paper-forms/{kind}/content`, `tingzhu paper KIND`.
- 保密：只有当事人和调解员可以查看，不对外提供。保密 papers are seen by the parties and the mediator alone.
- 写给当事人的期限同时给出计算日期和稳妥日期，并注明以有权机构认定为准。Letters to parties name the computed and the safe
  last day, and say who decides.

This page is written by `python -m handlers.reference` from the registry; [write a paper](../how-to/write-a-paper.md) to
add to it.
"""

_TICKS = re.compile(r"ticks(?:-inline)?\(")
_TICKED = re.compile(r"ticked\(([^)]*)\)")
_CODE = re.compile(r'"([a-z0-9]+(?:-[a-z0-9]+)*)"')
_OPTION = re.compile(r'\(\s*"([a-z0-9]+(?:-[a-z0-9]+)*)",')

_TYPES: Mapping[type[Any], str] = {
    fields.UUID: "UUID",
    fields.String: "text",
    fields.Date: "date",
    fields.Boolean: "true / false",
    fields.Integer: "integer",
    fields.Decimal: "decimal",
    fields.List: "list",
}


def render() -> str:
    """Return the page as Markdown."""
    sections = [_section(definition) for definition in collect(shipped_handlers()).values()]
    return "\n".join([_HEAD, *sections, _papers(), _notices()])


def render_papers() -> str:
    """Return the page of the papers as Markdown."""
    return "\n".join([_PAPERS_HEAD, *(_stage(code) for code in STAGES)])


def _stage(code: str) -> str:
    rows = "\n".join(_paper_row(paper) for paper in PAPERS.values() if paper.stage == code)
    return (
        f"## {STAGES[code].zh} {STAGES[code].en}\n\n"
        "| 文书 Paper | 何时 When | 签章 Signed or sealed by | 依据 Basis | 必备 Needed | | 勾选 Ticks (`ground`) |\n"
        "|---|---|---|---|---|---|---|\n"
        f"{rows}\n"
    )


def _paper_row(paper: Paper) -> str:
    signers = [SIGNERS[each] for each in paper.signers]
    marks = [
        *(["空白表 form"] if paper.is_form else []),
        *(["保密 confidential"] if paper.is_confidential else []),
    ]
    cells = (
        f"`{paper.kind}`<br>{paper.title}<br>{paper.title_en}",
        f"{paper.when}<br>{paper.when_en}",
        f"{'；'.join(each.zh for each in signers)}<br>{'; '.join(each.en for each in signers)}",
        f"{join_zh(paper.basis)}<br>{join_en(paper.basis)}" if paper.basis else "办案实践 good practice",
        "、".join(wanted(name) for name in (*paper.bodies, *paper.event_dates, *paper.statements)),
        "<br>".join(marks),
        " ".join(f"`{code}`" for code in ground_codes(paper.kind)),
    )
    return f"| {' | '.join(cells)} |"


def ground_codes(kind: str) -> tuple[str, ...]:
    """Return the codes that the template of a paper ticks or asks for, in the order in which it names them."""
    template = (TEMPLATES / f"{kind}.typ").read_text(encoding="utf-8")
    found: dict[int, list[str]] = {match.start(): _CODE.findall(match[1]) for match in _TICKED.finditer(template)}
    found |= {match.start(): _OPTION.findall(_call(template, match.end())) for match in _TICKS.finditer(template)}
    return tuple(dict.fromkeys(code for place in sorted(found) for code in found[place]))


def _call(text: str, start: int) -> str:
    """Return the arguments of a call whose parenthesis opens just before `start`."""
    depth = 1
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return text[start:place]
    raise ValueError("a parenthesis is never closed")


def _section(definition: HandlerDefinition) -> str:
    limit = _seconds(definition.time_limit)
    parts = [
        f"## `{definition.job_type}`\n\n{definition.zh}\n{definition.en}\n",
        f"时限 Time limit: {limit}\n",
        _table("输入 Input", definition.input_schema()),
        _table("输出 Output", definition.output_schema()),
    ]
    if definition.bpmn_errors:
        rows = "\n".join(f"| `{code}` | {text} |" for code, text in definition.bpmn_errors.items())
        parts.append(f"| BPMN 错误 BPMN error | 含义 Meaning |\n|---|---|\n{rows}\n")
    return "\n".join(parts)


def _table(title: str, schema: Schema) -> str:
    rows = "\n".join(_rows(schema))
    return f"| {title} | 类型 Type | 含义 Meaning |\n|---|---|---|\n{rows}\n"


def _rows(schema: Schema) -> Iterator[str]:
    for name, field in schema.fields.items():
        kind = next((word for known, word in _TYPES.items() if isinstance(field, known)), type(field).__name__)
        star = "\\*" if field.required and schema.__class__.__name__.endswith("Input") else ""
        zh, en = (field.metadata[language].replace("<", "&lt;") for language in ("zh", "en"))
        yield f"| `{name}`{star} | {kind} | {zh}<br>{en} |"


def _papers() -> str:
    rows = "\n".join(f"| `{paper.kind}` | {paper.title} |" for paper in PAPERS.values())
    return f"## 文书种类 Kinds of paper\n\n| `kind` | 文书 Paper |\n|---|---|\n{rows}\n"


def _notices() -> str:
    rows = "\n".join(
        f"| `{name}` | {render_notice(name, 'zh', {}).text}<br>{render_notice(name, 'en', {}).text} |"
        for name in notice_templates()
    )
    return f"## 通知模板 Notice templates\n\n| `template` | 内容 Text |\n|---|---|\n{rows}\n"


def _seconds(limit: timedelta | None) -> str:
    return "`TINGZHU_JOB_TIME_LIMIT`" if limit is None else f"{limit.total_seconds():g} s"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
    PAPERS_PAGE.write_text(render_papers(), encoding="utf-8")
