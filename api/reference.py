"""Writes the reference page of the HTTP interface and the snapshot of its contract: `python -m api.reference`."""

import importlib
import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import api
import casework
import engine
from api.openapi import METHODS, contract
from api.problems import TITLES, status_of
from api.rules import GROUPS
from engine.domain.errors import TingzhuError, error_code

_CHECKOUT = Path(__file__).resolve().parent.parent
PAGE = _CHECKOUT / "docs" / "reference" / "http-api.md"
SNAPSHOT = _CHECKOUT / "tests" / "unit" / "api" / "openapi.snapshot.json"

_INTRO = """\
# HTTP interface

Written by `python -m api.reference`; do not edit. 接口说明（中文）见运行中的系统：`/api/docs`。

The contract is the OpenAPI document at `/api/openapi.json`; `/api/docs` is a page to try it.

- Sign in with `POST /api/v1/auth/tokens`; send `Authorization: Bearer <access_token>` with everything else.
- Every `POST` but that one needs an `Idempotency-Key` of 1 to 200 printable ASCII characters. The same key with the \
same body gives the answer of the first request, marked `Idempotency-Replayed: true`; with another body it is refused. \
A request that was refused leaves no key. Answers are kept for seven days. `POST /api/v1/user-tasks/completions` keeps \
one answer per item: sent again, it repeats those and does what is left.
- Lists take `?limit=` (1 to 200, 50 unless said) and `?cursor=`, and answer `{items, next_cursor}`. A cursor fits its \
own list and filters only.
- Bodies are `application/json` (files: `multipart/form-data`), at most 10 MiB, 20 MiB for a document. Unknown fields \
and unknown query parameters are refused, never ignored.
- Dates are `2026-02-01`, instants ISO 8601 with zone, amounts strings in yuan such as `"18000.00"`.
- Sentences are Chinese, or English with `Accept-Language: en` or `?lang=en`.
"""

_SCOPES = """\
**Scope** says how the things behind a route are limited beyond the role: `own` is the caller's own; `case` are cases
the caller may see and what hangs on them (others answer 404); `site` is the same for everybody who has the role;
`none` shows nothing of anybody.

**Roles**: any one of them is enough. Sets of them:

"""

_PROBLEMS = """\
## Problems

Every error is `application/problem+json` (RFC 9457): `type`, `title`, `status`, `code`, `detail`, `instance`; `errors`
lists fields to mend as `{path, code, message}`; `findings` lists why a deployment was refused; `data` holds the facts of
the sentence. Branch on `code`. 429 and 503 come with `Retry-After`; a 500 comes with an `error_id` that stands in the log.
"""


def page() -> str:
    """Return the page as Markdown."""
    document = contract()
    sets = "\n".join(f"- *{name}*: {', '.join(group)}" for name, group in GROUPS.items())
    parts = [_INTRO, "## Routes\n", f"{_SCOPES}{sets}\n"]
    tags = {tag["name"]: tag["description"] for tag in document["tags"]}
    for tag, description in tags.items():
        parts.append(f"### {description}\n")
        rows = ["| Route | What it does | Roles | Scope |", "| --- | --- | --- | --- |"]
        rows += [_row(path, method, each) for path, method, each in _operations(document) if tag in each["tags"]]
        parts.append("\n".join(rows) + "\n")
    parts.append(_PROBLEMS)
    parts.append("\n".join(_problem_rows()) + "\n")
    return "\n".join(parts)


def snapshot() -> str:
    """Return the OpenAPI document as the text that is kept beside the tests."""
    return json.dumps(contract(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def _row(path: str, method: str, operation: dict[str, Any]) -> str:
    roles = ", ".join(_grouped(operation["x-roles"])) or ("all signed in" if operation["security"] else "everybody")
    scope = operation["x-scope"].partition(":")[0]
    return f"| `{method.upper()} {path}` | {operation['summary']} | {roles} | {scope} |"


def _grouped(roles: list[str]) -> list[str]:
    """Return roles with sets of them named, the largest first."""
    left, named = set(roles), []
    for name, group in GROUPS.items():
        if left.issuperset(group):
            named.append(f"*{name}*")
            left -= set(group)
    return [*named, *(role for role in roles if role in left)]


def _problem_rows() -> Iterator[str]:
    yield "| Status | Code | Sentence |"
    yield "| --- | --- | --- |"
    for status, code, sentence in sorted({(status_of(each), error_code(each), each.en) for each in _errors()}):
        yield f"| {status} {TITLES[status][1]} | `{code}` | {sentence.replace('|', '&#124;')} |"


def _errors() -> Iterator[type[TingzhuError]]:
    """Yield every kind of error that can reach a caller."""
    for package in (engine, casework, api):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith(("reference", "__main__")):
                importlib.import_module(found.name)
    pending: list[type[TingzhuError]] = [TingzhuError]
    while pending:
        current = pending.pop()
        children = current.__subclasses__()
        pending.extend(children)
        if current.__module__.split(".")[0] in ("engine", "casework", "api") and current.en != TingzhuError.en:
            yield current


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    SNAPSHOT.write_text(snapshot(), encoding="utf-8")
