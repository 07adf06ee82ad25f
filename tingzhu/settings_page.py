"""Writes the reference page of the settings from the settings object: python -m tingzhu.settings_page"""

from datetime import timedelta
from typing import Any

from casework.settings import CHECKOUT, notes

PAGE = CHECKOUT / "docs" / "reference" / "settings.md"

_HEAD = """# 配置项 · Settings

所有配置都来自环境变量，启动时读取一次；空值等于未设置，错误的值会指明变量名并拒绝启动。
Every setting is an environment variable, read once at start. An empty one counts as not set; a value that cannot be
used stops the start with a message that names the variable. 🔒 marks secrets: they never appear in logs or messages.

This page is written by `make docs` from `casework/settings.py`; edit it there.

| 变量 Variable | 默认值 Default | 含义 Meaning |
|---|---|---|
"""


def render() -> str:
    """Return the page as Markdown."""
    rows = []
    for each, note in notes():
        lock = " 🔒" if note.is_secret else ""
        default = note.default if note.default is not None else _shown(each.default)
        rows.append(f"| `{note.variable}`{lock} | {_cell(default)} | {note.zh}<br>{note.en} |")
    return _HEAD + "\n".join(rows) + "\n"


def _shown(default: Any) -> str:
    if isinstance(default, timedelta):
        return str(int(default.total_seconds()))
    if default in ("", ()):
        return ""
    return str(default)


def _cell(default: str) -> str:
    if not default:
        return "–"
    return default if default.startswith("（") else f"`{default}`"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
