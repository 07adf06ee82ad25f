"""What is wrong with a form file becomes findings, all at once, and never an exception."""

import json
from typing import Any

import pytest

from engine.forms import parse_form


def findings_of(content: bytes) -> dict[str, str]:
    """rule -> severity"""
    form, findings = parse_form("intake.form", content)
    assert all(finding.zh and finding.en and finding.file == "intake.form" for finding in findings)
    assert (form is None) == any(finding.severity == "error" for finding in findings)
    return {finding.rule: finding.severity for finding in findings}


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "json-not-well-formed"),
        (b"{", "json-not-well-formed"),
        (b"\xff\xfe", "json-not-well-formed"),
        (b'{"id": NaN}', "json-not-well-formed"),
        (b"[" * 100_000, "json-not-well-formed"),
        (b'{"a":' * 100_000, "json-not-well-formed"),
        (b"[]", "not-a-form"),
        (b'"form"', "not-a-form"),
        (b'{"type": "group", "id": "x"}', "not-a-form"),
        (b'{"id": "x", "properties": ' + b"[" * 70 + b"]" * 70 + b"}", "not-a-form"),
        (b" " * (512 * 1024 + 1), "file-too-large"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_file_that_is_no_form_is_refused(content: bytes, rule: str) -> None:
    assert findings_of(content) == {rule: "error"}


@pytest.mark.parametrize(
    ("head", "rule"),
    [
        ({"id": None}, "form-without-id"),
        ({"id": ""}, "form-without-id"),
        ({"id": "a b"}, "form-without-id"),
        ({"id": "../x"}, "form-without-id"),
        ({"id": {"a": 1}}, "form-without-id"),
        ({"schemaVersion": 20}, "unsupported-schema-version"),
        ({"schemaVersion": "19"}, "unsupported-schema-version"),
        ({"schemaVersion": True}, "unsupported-schema-version"),
        ({"components": {"a": 1}}, "not-a-form"),
        ({"components": ["text"]}, "not-a-form"),
    ],
)
def test_head_of_the_form_is_checked(build: Any, head: dict[str, Any], rule: str) -> None:
    assert findings_of(build.content(**head)) == {rule: "error"}


OPTIONS = [{"label": "A", "value": "a"}]
ERROR, WARNING = "error", "warning"


@pytest.mark.parametrize(
    ("component", "expected"),
    [
        ({"type": "html", "content": "<script>"}, {"unsafe-component": ERROR}),
        ({"type": "iframe", "url": "https://example.org"}, {"unsafe-component": ERROR}),
        ({"type": "documentPreview"}, {"unsafe-component": ERROR}),
        ({"type": "signature"}, {"unsupported-component": ERROR}),
        ({"type": ["textfield"]}, {"unsupported-component": ERROR}),
        ({}, {"unsupported-component": ERROR}),
        ({"type": "image", "source": "https://example.org/a.png"}, {"external-image": ERROR}),
        ({"type": "image", "source": "//example.org/a.png"}, {"external-image": ERROR}),
        ({"type": "image", "source": "data:text/html,x"}, {"external-image": ERROR}),
        ({"type": "textfield"}, {"bad-key": ERROR}),
        ({"type": "textfield", "key": "a.b"}, {"bad-key": ERROR}),
        ({"type": "textfield", "key": "1a"}, {"bad-key": ERROR}),
        ({"type": "textfield", "key": "class"}, {"bad-key": ERROR}),
        ({"type": "textfield", "key": "constructor"}, {"bad-key": ERROR}),
        ({"type": "textfield", "key": "__proto__"}, {"bad-key": ERROR}),
        ({"type": "textfield", "key": "this"}, {"bad-key": ERROR}),
        ({"type": "textfield", "key": "ａ"}, {"bad-key": ERROR}),
        ({"type": "textfield", "key": "a" * 101}, {"bad-key": ERROR}),
        ({"type": "textfield", "key": 5}, {"bad-key": ERROR}),
        ({"type": "group", "path": "a b"}, {"bad-key": ERROR}),
        ({"type": "dynamiclist"}, {"bad-key": ERROR}),
        ({"type": "textfield", "key": "a", "conditional": {"hide": "=b ="}}, {"bad-feel": ERROR}),
        ({"type": "textfield", "key": "a", "conditional": {"hide": "b"}}, {"bad-feel": ERROR}),
        ({"type": "textfield", "key": "a", "conditional": {"hide": 5}}, {"bad-feel": ERROR}),
        ({"type": "textfield", "key": "a", "conditional": {"hide": "=now() > b"}}, {"bad-feel": ERROR}),
        ({"type": "textfield", "key": "a", "conditional": {"hide": "=a = 1"}}, {"condition-circle": ERROR}),
        ({"type": "textfield", "key": "a", "readonly": "yes"}, {"bad-feel": ERROR}),
        ({"type": "textfield", "key": "a", "disabled": "yes"}, {"bad-attribute": ERROR}),
        ({"type": "textfield", "key": "a", "validate": []}, {}),
        ({"type": "textfield", "key": "a", "validate": [1]}, {"bad-attribute": ERROR}),
        ({"type": "textfield", "key": "a", "validate": {"required": "true"}}, {"bad-attribute": ERROR}),
        ({"type": "textfield", "key": "a", "validate": {"maxLength": "x"}}, {"bad-attribute": ERROR}),
        ({"type": "textfield", "key": "a", "validate": {"maxLength": "=("}}, {"bad-feel": ERROR}),
        ({"type": "textfield", "key": "a", "validate": {"validationType": "url"}}, {"bad-attribute": ERROR}),
        ({"type": "textfield", "key": "a", "validate": {"pattern": "(?<=a)b"}}, {"bad-pattern": ERROR}),
        ({"type": "textfield", "key": "a", "validate": {"pattern": "("}}, {"bad-pattern": ERROR}),
        ({"type": "textfield", "key": "a", "validate": {"pattern": "(a+)+"}}, {"slow-pattern": WARNING}),
        ({"type": "textfield", "key": "a", "validate": {"min": 5}}, {"unknown-attribute": WARNING}),
        ({"type": "textfield", "key": "a", "tooltip": "x"}, {"unknown-attribute": WARNING}),
        ({"type": "textfield", "key": "a", "defaultValue": 5}, {"bad-attribute": ERROR}),
        ({"type": "number", "key": "a", "decimalDigits": -1}, {"bad-attribute": ERROR}),
        ({"type": "number", "key": "a", "increment": 0}, {"bad-attribute": ERROR}),
        ({"type": "number", "key": "a", "increment": "1e400"}, {"bad-attribute": ERROR}),
        ({"type": "number", "key": "a", "validate": {"min": [1]}}, {"bad-attribute": ERROR}),
        ({"type": "datetime", "key": "a", "subtype": "week"}, {"bad-attribute": ERROR}),
        ({"type": "datetime", "key": "a", "defaultValue": "soon"}, {"bad-attribute": ERROR}),
        ({"type": "datetime", "key": "a", "disallowPassedDates": True}, {"past-dates-not-checked": WARNING}),
        ({"type": "select", "key": "a"}, {"bad-options": ERROR}),
        ({"type": "select", "key": "a", "values": OPTIONS, "valuesKey": "b"}, {"bad-options": ERROR}),
        ({"type": "select", "key": "a", "values": []}, {"bad-attribute": ERROR}),
        ({"type": "select", "key": "a", "values": "abc"}, {"bad-attribute": ERROR}),
        ({"type": "select", "key": "a", "values": [{"label": "A"}]}, {"bad-attribute": ERROR}),
        ({"type": "select", "key": "a", "values": OPTIONS * 2}, {"bad-options": ERROR}),
        ({"type": "select", "key": "a", "values": OPTIONS, "defaultValue": "b"}, {"bad-attribute": ERROR}),
        ({"type": "select", "key": "a", "values": OPTIONS, "defaultValue": 10**400}, {"bad-attribute": ERROR}),
        ({"type": "select", "key": "a", "valuesKey": "b c"}, {"bad-attribute": ERROR}),
        ({"type": "select", "key": "a", "valuesExpression": "b"}, {"bad-feel": ERROR}),
        ({"type": "expression", "key": "a"}, {"bad-feel": ERROR}),
        ({"type": "expression", "key": "a", "expression": "=a + 1"}, {"condition-circle": ERROR}),
        ({"type": "table", "dataSource": "=x +"}, {"bad-feel": ERROR}),
        ({"type": "dynamiclist", "path": "p", "properties": {"minRows": "x"}}, {"bad-row-limits": ERROR}),
        ({"type": "dynamiclist", "path": "p", "properties": {"maxRows": 1000}}, {"bad-row-limits": ERROR}),
        ({"type": "dynamiclist", "path": "p", "properties": {"minRows": 3, "maxRows": 2}}, {"bad-row-limits": ERROR}),
        ({"type": "dynamiclist", "path": "p", "defaultRepetitions": -1}, {"bad-row-limits": ERROR}),
        ({"type": "group", "components": 5}, {"not-a-form": ERROR}),
        ({"type": "text", "id": ""}, {"duplicate-component-id": ERROR}),
        ({"type": "text", "id": "intake"}, {"duplicate-component-id": ERROR}),
    ],
    ids=lambda value: json.dumps(value, ensure_ascii=True)[:60],
)  # fmt: skip
def test_mistake_in_a_component_is_a_finding(build: Any, component: dict[str, Any], expected: dict[str, str]) -> None:
    assert findings_of(build.content(component)) == expected


def test_finding_names_the_component(build: Any) -> None:
    component = build.field(id="Field_1", label="调解员", validate={"pattern": "("})
    _, findings = parse_form("a.form", build.content(component))
    assert findings[0].element_id == "Field_1"
    assert findings[0].element_name == "调解员"
    assert "调解员" in findings[0].zh


def test_harmless_components_need_nothing(build: Any) -> None:
    components = [
        {"type": "text", "text": "# 说明\n{{name}}"},
        {"type": "image", "source": "data:image/png;base64,AAAA"},
        {"type": "separator"},
        {"type": "spacer", "height": 20},
        {"type": "button", "label": "提交", "action": "submit"},
        {"type": "table", "label": "表", "dataSource": "=claims", "columns": [{"label": "A", "key": "a"}]},
        {"type": "group", "label": "空", "components": []},
    ]
    assert findings_of(build.content(*components)) == {}


@pytest.mark.parametrize(
    "components",
    [
        [{"type": "textfield", "key": "a"}, {"type": "number", "key": "a"}],
        [{"type": "textfield", "key": "g"}, {"type": "group", "path": "g", "components": [{"type": "textfield", "key": "a"}]}],
        [{"type": "group", "path": "g", "components": [{"type": "textfield", "key": "a"}]}, {"type": "textfield", "key": "g"}],
        [{"type": "dynamiclist", "path": "g"}, {"type": "dynamiclist", "path": "g"}],
        [{"type": "dynamiclist", "path": "g"}, {"type": "group", "path": "g", "components": [{"type": "textfield", "key": "a"}]}],
        [{"type": "dynamiclist", "path": "p", "components": [{"type": "textfield", "key": "a"}] * 2}],
        [{"type": "group", "path": "g", "components": [{"type": "textfield", "key": "a"}]}] * 2,
    ],
)  # fmt: skip
def test_key_that_is_taken_is_a_finding(build: Any, components: list[Any]) -> None:
    assert findings_of(build.content(*components)) == {"duplicate-key": "error"}


def test_same_key_in_different_rows_and_groups_is_fine(build: Any) -> None:
    inner = [{"type": "textfield", "key": "a"}]
    components = [
        *inner,
        {"type": "group", "path": "g", "components": inner},
        {"type": "dynamiclist", "path": "p", "components": inner},
    ]
    assert findings_of(build.content(*components)) == {}


def test_doubled_key_of_the_json_is_a_finding() -> None:
    assert "doubled-json-key" in findings_of(b'{"id": "a", "id": "b", "components": []}')


def test_circle_of_conditions_is_named(build: Any) -> None:
    components = [
        build.hidden_when("b = 1", build.field(key="a")),
        build.hidden_when("c = 1", build.field(key="b")),
        build.hidden_when("a = 1", build.field(key="c")),
    ]
    _, findings = parse_form("a.form", build.content(*components))
    assert [finding.rule for finding in findings] == ["condition-circle"]
    assert "a → b → c → a" in findings[0].zh


def test_too_many_or_too_deep_components_are_a_finding(build: Any) -> None:
    assert findings_of(build.content(*[{"type": "separator"}] * 500)) == {}
    assert findings_of(build.content(*[{"type": "separator"}] * 501)) == {"form-too-complex": "error"}
    component: dict[str, Any] = {"type": "separator"}
    for _ in range(12):
        component = {"type": "group", "components": [component]}
    assert findings_of(build.content(component)) == {"form-too-complex": "error"}


def test_fields_tell_the_process_what_it_gets(build: Any) -> None:
    form = build.form(
        build.field(validate={"required": True}),
        build.hidden_when("false", build.field(key="maybe", validate={"required": True})),
        build.field("number", key="amount", label="金额"),
        build.field("number", key="count", decimalDigits=0),
        build.field("checkbox", key="agreed"),
        build.field("datetime", key="filed_on", subtype="date"),
        build.field("datetime", key="at", subtype="datetime"),
        build.field("datetime", key="clock", subtype="time"),
        build.field("select", key="kind", values=OPTIONS),
        build.field("radio", key="level", values=[{"label": "一", "value": 1}]),
        build.field("taglist", key="tags", values=OPTIONS),
        build.field("select", key="mediator", valuesKey="mediators"),
        build.field("filepicker", key="files", multiple=True),
        build.field(key="shown_only", disabled=True),
        build.group(build.field(key="a"), path="g", label="组"),
        build.rows(build.field()),
        {"type": "expression", "key": "total", "expression": "=amount * rate"},
    )
    stubs = {name: info.type_stub for name, info in form.fields.items()}
    assert stubs == {
        "name": "str", "maybe": "str", "amount": "Decimal", "count": "int", "agreed": "bool", "filed_on": "date",
        "at": "datetime", "clock": "str", "kind": "str", "level": "int", "tags": "list[str]", "mediator": "Any",
        "files": "list[str]", "g": "dict[str, Any]", "applicants": "list[dict[str, Any]]", "total": "Any",
    }  # fmt: skip
    assert [name for name, info in form.fields.items() if info.required] == ["name"]
    assert form.fields["amount"].label == "金额"
    assert form.names_read == {"rate", "mediators"}
    assert form.key == "intake"
    assert form.file == "intake.form"
