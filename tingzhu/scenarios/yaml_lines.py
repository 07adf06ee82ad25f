"""Reads YAML with the line of every key, and with the scalars of YAML 1.2: only `true` and `false` are booleans."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml

Path = tuple[Any, ...]

MAX_BYTES = 1024 * 1024

_COLLECTIONS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")


class YamlInvalidError(Exception):
    """The text is no YAML that we read; the line, and what is wrong, in both languages."""

    def __init__(self, line: int, zh: str, en: str) -> None:
        super().__init__(en)
        self.line, self.zh, self.en = line, zh, en


class _Loader(yaml.SafeLoader):
    """A safe loader whose plain scalars are text unless they are clearly something else; knows no aliases."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases (*) are not supported", mark)
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", "n~\0"),
    ("int", r"[-+]?(0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(0|[1-9][0-9]*)\.[0-9]+", "-+0123456789"),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?", "0123456789"),
):
    for _char in _first:
        _Loader.yaml_implicit_resolvers.setdefault("" if _char == "\0" else _char, []).append(
            (f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"))
        )


def read_yaml(text: str) -> tuple[Any, dict[Path, int]]:
    """Return the document and the line (from 1) of every path in it.

    Numbers with a point come as Decimal, days as date, times as naive datetime. Raises YamlInvalidError, also for a
    key that occurs twice, an anchor, and a tag.
    """
    if len(text.encode()) > MAX_BYTES:
        raise YamlInvalidError(1, "文件超过 1 MB。", "the file is larger than 1 MB.")
    try:
        root = yaml.compose(text, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or str(error)
        raise YamlInvalidError(
            mark.line + 1 if mark else 1, f"不是有效的 YAML：{problem}", f"not valid YAML: {problem}"
        ) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise YamlInvalidError(1, f"不是有效的 YAML：{error}", f"not valid YAML: {error}") from None
    lines: dict[Path, int] = {(): 1}
    return (None if root is None else _value(root, (), lines)), lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """Return the line of a path, or of the nearest path around it."""
    while path not in lines and path:
        path = path[:-1]
    return lines.get(path, 1)


def _value(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.CollectionNode) and node.tag not in _COLLECTIONS:
        raise _tag_problem(node)
    if isinstance(node, yaml.MappingNode):
        return dict(_entries(node, path, lines))
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), lines) for index, item in enumerate(node.value)]
    return _scalar(node)


def _entries(node: yaml.MappingNode, path: Path, lines: dict[Path, int]) -> Iterator[tuple[str, Any]]:
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if (*path, key) in lines:
            raise YamlInvalidError(line, f"“{key}”出现两次。", f"{key!r} occurs twice.")
        lines[(*path, key)] = line
        yield key, _value(value_node, (*path, key), lines)


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    try:
        match node.tag.removeprefix("tag:yaml.org,2002:"):
            case "bool":
                return text == "true"
            case "null":
                return None
            case "int":
                return int(text)
            case "float":
                return Decimal(text)
            case "timestamp":
                return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
            case "str":
                return text
    except (ValueError, InvalidOperation):
        zh, en = f"没有这个日期或数字：{text}", f"there is no such date or number: {text}"
        raise YamlInvalidError(node.start_mark.line + 1, zh, en) from None
    raise _tag_problem(node)


def _tag_problem(node: yaml.Node) -> YamlInvalidError:
    zh, en = f"不支持标签 {node.tag}。", f"the tag {node.tag} is not supported."
    return YamlInvalidError(node.start_mark.line + 1, zh, en)
