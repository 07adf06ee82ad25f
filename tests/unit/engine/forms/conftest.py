"""Builders of forms."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from engine.domain.errors import FormInvalidError
from engine.feel import shared_interpreter
from engine.forms import Form, parse_form


def content(*components: Any, **head: Any) -> bytes:
    """A form file."""
    data = {"id": "intake", "type": "default", "schemaVersion": 19, "components": list(components)} | head
    return json.dumps(data, ensure_ascii=False).encode()


def field(type_: str = "textfield", key: str = "name", label: str = "姓名", **attributes: Any) -> dict[str, Any]:
    """One keyed component."""
    return {"type": type_, "key": key, "label": label} | attributes


def hidden_when(feel: str, component: dict[str, Any]) -> dict[str, Any]:
    """The component with a condition."""
    return component | {"conditional": {"hide": f"={feel}"}}


def group(*components: Any, **attributes: Any) -> dict[str, Any]:
    return {"type": "group", "label": "分组", "components": list(components)} | attributes


def rows(*components: Any, path: str = "applicants", label: str = "申请人", **attributes: Any) -> dict[str, Any]:
    return {"type": "dynamiclist", "path": path, "label": label, "components": list(components)} | attributes


def form(*components: Any) -> Form:
    """A form that must be sound."""
    parsed, findings = parse_form("intake.form", content(*components))
    assert parsed is not None, findings
    assert [finding for finding in findings if finding.severity == "error"] == []
    return parsed


def validate(sound: Form, data: Mapping[str, Any], **initial: Any) -> dict[str, Any]:
    return sound.validate(data, shared_interpreter(), initial=initial)


def problems(sound: Form, data: Mapping[str, Any], **initial: Any) -> list[tuple[str, str]]:
    """(path, code) of every problem; [] when the data is accepted."""
    found: list[Any] = []
    try:
        validate(sound, data, **initial)
    except FormInvalidError as error:
        found = error.data["problems"]
    assert all(problem.zh and problem.en for problem in found)
    return [(problem.path, problem.code) for problem in found]


def sentences(sound: Form, data: Mapping[str, Any], **initial: Any) -> list[str]:
    try:
        validate(sound, data, **initial)
    except FormInvalidError as error:
        return [problem.zh for problem in error.data["problems"]]
    return []


class Build:
    content = staticmethod(content)
    field = staticmethod(field)
    hidden_when = staticmethod(hidden_when)
    group = staticmethod(group)
    rows = staticmethod(rows)
    form = staticmethod(form)
    validate = staticmethod(validate)
    problems = staticmethod(problems)
    sentences = staticmethod(sentences)


@pytest.fixture(scope="session")
def build() -> Any:
    return Build
