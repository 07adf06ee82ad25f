"""Reads a form-js file; whatever is wrong becomes a finding, never an exception."""

import json
import re
from typing import Any

from engine.domain.findings import Finding, errors
from engine.feel import FeelInterpreter, shared_interpreter
from engine.forms.attributes import ATTRIBUTES, FEEL_TEXTS, FORM, UNSAFE
from engine.forms.circles import circle
from engine.forms.components import KEYED_TYPES, ListSpec, Names, Scope
from engine.forms.draft import Draft, ScopeDraft, label_of
from engine.forms.form import Form
from engine.forms.inputs import feel_of, read_input
from engine.forms.names import key_problem

SCHEMA_VERSION = 19
"""The newest `schemaVersion` understood: that of form-js 1.23."""
MAX_BYTES = 512 * 1024
MAX_COMPONENTS = 500
MAX_NESTING = 10
MAX_ROWS = 200
MAX_INDEPTH = 60

_FORM_ID = re.compile(r"[A-Za-z_][\w.-]{0,99}", re.ASCII)
_OWN_NAMES = frozenset({"this", "parent", "i", "_this_", "_parent_", "_i_"})


def parse_form(name: str, content: bytes, feel: FeelInterpreter | None = None) -> tuple[Form | None, list[Finding]]:
    """Read the form file `name`; return the form, or None when it has errors, and every finding at once.

    Expressions and patterns are checked by `feel` (the interpreter of this process unless given).
    """
    draft = Draft(name)
    data = _read_json(content, draft)
    if data is None:
        return None, draft.findings
    _read_head(data, draft)
    scope_draft = ScopeDraft(())
    _read_components(data, draft, scope_draft, (), (), 1)
    names = _check_texts(draft, feel)
    scope = Scope(tuple(scope_draft.fields), tuple(scope_draft.lists))
    _warn_of_circles(scope, draft, names)
    if errors(draft.findings):
        return None, draft.findings
    own = {path[0] for path in draft.labels}
    read = frozenset().union(*names.values(), draft.values_keys) - own - _OWN_NAMES
    source = "\n".join([*(text.text for text in draft.texts), *draft.values_keys])
    return Form(data["id"], name, scope, draft.labels, read, re.sub(r"\s+", " ", source)), draft.findings


def _read_json(content: bytes, draft: Draft) -> dict[str, Any] | None:
    if len(content) > MAX_BYTES:
        draft.error(
            "file-too-large",
            f"文件 {len(content)} 字节，超过上限 {MAX_BYTES} 字节。",
            f"The file has {len(content)} bytes; the limit is {MAX_BYTES}.",
        )
        return None
    doubled: list[str] = []

    def pairs(entries: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(entries)
        if len(found) != len(entries):
            keys = [key for key, _ in entries]
            doubled.extend(sorted({key for key in keys if keys.count(key) > 1}))
        return found

    try:
        data = json.loads(content.decode("utf-8-sig"), object_pairs_hook=pairs, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        problem = "嵌套过深" if isinstance(error, RecursionError) else str(error)[:200]
        draft.error(
            "json-not-well-formed",
            f"不是格式正确的 JSON：{problem}。请用表单编辑器重新保存。",
            f"Not well-formed JSON: {str(error)[:200]}. Save the file again with the form editor.",
        )
        return None
    if doubled:
        draft.error(
            "doubled-json-key",
            f"JSON 中有重复的键：{'、'.join(doubled[:5])}。",
            f"The JSON holds the same key twice: {', '.join(doubled[:5])}.",
        )
    if not isinstance(data, dict) or data.get("type", "default") != "default" or _depth(data) > MAX_INDEPTH:
        draft.error("not-a-form", "不是 form-js 表单。", "This is no form of form-js.")
        return None
    return data


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


def _depth(data: Any) -> int:
    deepest, stack = 0, [(data, 1)]
    while stack:
        value, depth = stack.pop()
        deepest = max(deepest, depth)
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        stack.extend((item, depth + 1) for item in inner)
    return deepest


def _read_head(data: dict[str, Any], draft: Draft) -> None:
    form_id = data.get("id")
    if not isinstance(form_id, str) or not _FORM_ID.fullmatch(form_id):
        draft.error(
            "form-without-id",
            f"表单没有有效的编号（id）：{form_id!r:.100}。请用字母、数字、下划线、连字符和点。",
            f"The form has no valid id: {form_id!r:.100}. Use letters, digits, underscores, hyphens and dots.",
        )
    else:
        draft.ids.add(form_id)
    version = data.get("schemaVersion", 1)
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= SCHEMA_VERSION:
        draft.error(
            "unsupported-schema-version",
            f"不支持 schemaVersion {version!r:.50}，最高为 {SCHEMA_VERSION}（form-js 1.23）。",
            f"schemaVersion {version!r:.50} is not supported; the highest is {SCHEMA_VERSION} (form-js 1.23).",
        )
    for attribute in sorted(data.keys() - FORM):
        draft.warning(
            "unknown-attribute",
            f"表单的属性 {attribute:.100} 不起作用。",
            f"The attribute {attribute:.100} of the form has no effect.",
        )


def _read_components(
    holder: dict[str, Any], draft: Draft, scope: ScopeDraft, path: Names, guards: tuple[str, ...], nesting: int
) -> None:
    components = holder.get("components", [])
    if not isinstance(components, list):
        draft.error("not-a-form", "components 应为列表。", "`components` must be a list.", holder)
        return
    if nesting > MAX_NESTING:
        draft.error(
            "form-too-complex", f"组件嵌套超过 {MAX_NESTING} 层。", f"Components are nested deeper than {MAX_NESTING}."
        )
        return
    for component in components:
        draft.count += 1
        if draft.count > MAX_COMPONENTS:
            draft.error(
                "form-too-complex",
                f"表单的组件超过 {MAX_COMPONENTS} 个。",
                f"The form has more than {MAX_COMPONENTS} components.",
            )
            return
        if not isinstance(component, dict):
            draft.error("not-a-form", "组件应为 JSON 对象。", "A component must be a JSON object.")
            continue
        _read_component(component, draft, scope, path, guards, nesting)


def _read_component(
    component: dict[str, Any], draft: Draft, scope: ScopeDraft, path: Names, guards: tuple[str, ...], nesting: int
) -> None:
    kind = component.get("type")
    if not isinstance(kind, str) or kind not in ATTRIBUTES:
        _refuse_component(component, kind, draft)
        return
    _check_id(component, draft)
    for attribute in sorted(component.keys() - ATTRIBUTES[kind]):
        draft.warning(
            "unknown-attribute",
            f"组件“{label_of(component)}”的属性 {attribute:.100} 不起作用。",
            f"The attribute {attribute:.100} of component {label_of(component)!r} has no effect.",
            component,
        )
    guard = _guard(component, draft)
    inner_guards = (*guards, guard) if guard is not None else guards
    if kind in KEYED_TYPES:
        spec = read_input(component, draft, path, inner_guards)
        if spec is not None and _take(component, draft, scope, spec.path):
            scope.fields.append(spec)
    elif kind == "group" or (kind == "dynamiclist" and component.get("isRepeating", True) is False):
        inner_path = _inner_path(component, draft, path, is_needed=kind == "dynamiclist")
        if inner_path != path:
            draft.labels.setdefault(scope.names + inner_path, label_of(component))
        _read_components(component, draft, scope, inner_path, inner_guards, nesting + 1)
    elif kind == "dynamiclist":
        _read_list(component, draft, scope, path, inner_guards, nesting)
    else:
        _check_presentation(component, kind, draft)


def _refuse_component(component: dict[str, Any], kind: Any, draft: Draft) -> None:
    if isinstance(kind, str) and kind in UNSAFE:
        draft.error(
            "unsafe-component",
            f"出于安全原因不支持组件 {kind}。请改用文本（text）或图片（image）。",
            f"The component {kind} is refused for safety. Use a text or an image.",
            component,
        )
    else:
        draft.error(
            "unsupported-component",
            f"不支持组件类型 {kind!r:.100}。",
            f"The component type {kind!r:.100} is not supported.",
            component,
        )


def _check_id(component: dict[str, Any], draft: Draft) -> None:
    found = component.get("id")
    if found is None:
        return
    if not isinstance(found, str) or not found or found in draft.ids:
        draft.error(
            "duplicate-component-id",
            f"组件编号 {found!r:.100} 无效或重复。",
            f"The component id {found!r:.100} is invalid or occurs twice.",
            component,
        )
    elif isinstance(found, str):
        draft.ids.add(found)


def _guard(component: dict[str, Any], draft: Draft) -> str | None:
    conditional = component.get("conditional")
    if conditional is None:
        return None
    hide = conditional.get("hide") if isinstance(conditional, dict) else conditional
    if hide is None or hide == "":
        return None
    return feel_of(hide, "unary-test", "隐藏条件", "the condition", component, draft)


def _take(component: dict[str, Any], draft: Draft, scope: ScopeDraft, path: Names) -> bool:
    if not scope.take(path):
        draft.error(
            "duplicate-key",
            f"组件“{label_of(component)}”的键 {'.'.join(path)} 已被其他组件使用。",
            f"The key {'.'.join(path)} of component {label_of(component)!r} is taken by another component.",
            component,
        )
        return False
    draft.labels[scope.names + path] = label_of(component)
    return True


def _inner_path(component: dict[str, Any], draft: Draft, path: Names, *, is_needed: bool) -> Names:
    own = component.get("path")
    if not is_needed and own in (None, ""):
        return path
    problem = key_problem(own)
    if problem is not None:
        draft.error(
            "bad-key",
            f"组件“{label_of(component)}”：{problem[0]}",
            f"Component {label_of(component)!r}: {problem[1]}",
            component,
        )
        return path
    return (*path, str(own))


def _read_list(
    component: dict[str, Any], draft: Draft, scope: ScopeDraft, path: Names, guards: tuple[str, ...], nesting: int
) -> None:
    inner_path = _inner_path(component, draft, path, is_needed=True)
    if inner_path == path or not _take(component, draft, scope, inner_path):
        return
    rows = ScopeDraft(scope.names + inner_path)
    _read_components(component, draft, rows, (), (), nesting + 1)
    properties = component.get("properties")
    limits = properties if isinstance(properties, dict) else {}
    least = _row_count(limits.get("minRows"), 0, "minRows", component, draft)
    most = _row_count(limits.get("maxRows"), MAX_ROWS, "maxRows", component, draft)
    default = _row_count(component.get("defaultRepetitions"), 1, "defaultRepetitions", component, draft)
    if least > most:
        draft.error(
            "bad-row-limits",
            f"“{label_of(component)}”的最少行数大于最多行数。",
            f"{label_of(component)!r} needs more rows than it may have.",
            component,
        )
    scope.lists.append(
        ListSpec(
            id=str(component.get("id", "")),
            path=inner_path,
            label=label_of(component),
            guards=guards,
            scope=Scope(tuple(rows.fields), tuple(rows.lists)),
            min_rows=least,
            max_rows=most,
            is_fixed=component.get("allowAddRemove", True) is False,
            default_rows=default,
        )
    )


def _row_count(given: Any, default: int, what: str, component: dict[str, Any], draft: Draft) -> int:
    if given is None or given == "":
        return default
    if (isinstance(given, int) and not isinstance(given, bool)) or (isinstance(given, str) and given.isdecimal()):
        count = int(str(given)[:9])
        if 0 <= count <= MAX_ROWS:
            return count
    draft.error(
        "bad-row-limits",
        f"“{label_of(component)}”的 {what} 应为 0 到 {MAX_ROWS} 的整数。",
        f"{what} of {label_of(component)!r} must be a whole number from 0 to {MAX_ROWS}.",
        component,
    )
    return default


def _check_presentation(component: dict[str, Any], kind: str, draft: Draft) -> None:
    for attribute in FEEL_TEXTS.get(kind, ()):
        text = component.get(attribute)
        if isinstance(text, str) and text.startswith("="):
            draft.text("expression", text[1:], f"属性 {attribute}", f"the attribute {attribute}", component)
    source = component.get("source")
    is_outside = isinstance(source, str) and (source[:2] == "//" or not source.startswith(("=", "data:image/", "/")))
    if kind == "image" and is_outside:
        draft.error(
            "external-image",
            "图片须以 data: 内嵌，或来自本系统的路径（以 / 开头）；不能从其他网站加载。",
            "An image must be embedded (data:) or come from a path of this system; others are not loaded.",
            component,
        )


def _check_texts(draft: Draft, feel: FeelInterpreter | None) -> dict[str, frozenset[str]]:
    """Check every expression text in one crossing; return text -> the names it reads."""
    if not draft.texts:
        return {}
    results = (feel or shared_interpreter()).inspect([(text.kind, text.text) for text in draft.texts])
    names: dict[str, frozenset[str]] = {}
    for text, (problems, read) in zip(draft.texts, results, strict=True):
        names[text.text] = read
        draft.findings += [
            Finding(
                draft.file,
                "bad-pattern" if text.kind == "pattern" else "bad-feel",
                f"组件“{text.label}”的{text.what_zh}有误：{problem.zh}",
                f"In component {text.label!r}, {text.what} is wrong: {problem.en}",
                "error",
                text.component_id,
                text.label,
            )
            for problem in problems
        ]
    return names


def _warn_of_circles(scope: Scope, draft: Draft, names: dict[str, frozenset[str]]) -> None:
    found = circle(scope, names)
    if found:
        shown = " → ".join(found)
        draft.error(
            "condition-circle",
            f"隐藏条件或计算互相依赖成环：{shown}。",
            f"Conditions or computed values depend on each other in a circle: {shown}.",
        )
