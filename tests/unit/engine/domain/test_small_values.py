"""The small values of the core: resources, findings, actors, and a host that owns nothing."""

import dataclasses
import hashlib
import json
from uuid import UUID

import pytest

from engine.domain.actor import CLOCK, Actor, OnBehalfOf
from engine.domain.findings import Finding, errors
from engine.domain.host import Explained, HostFunction, NoHost
from engine.domain.resource import Resource


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("mediation/mediation.bpmn", "bpmn"),
        ("routing.DMN", "dmn"),
        ("accept.form", "form"),
        ("notes.txt", None),
        ("bpmn", "bpmn"),
        ("mediation.bpmn.bak", None),
        ("", None),
    ],
)
def test_the_ending_tells_what_a_resource_is(name: str, kind: str | None) -> None:
    assert Resource(name, b"").kind == kind


def test_a_resource_is_identified_by_its_content_alone() -> None:
    assert Resource("a.bpmn", b"<x/>").hash == Resource("b.dmn", b"<x/>").hash == hashlib.sha256(b"<x/>").hexdigest()
    assert Resource("a.bpmn", b"<x/>").hash != Resource("a.bpmn", b"<x />").hash


def test_warnings_do_not_forbid_a_deployment() -> None:
    warning = Finding("a.bpmn", "unknown-attribute", "未识别的属性", "An attribute is not understood", "warning")
    error = Finding("a.bpmn", "unknown-job-type", "未知的作业类型", "An unknown job type", element_id="Task_1")
    assert errors([warning, error]) == [error]


def test_a_finding_is_json() -> None:
    finding = Finding("a.bpmn", "unknown-job-type", "未知", "Unknown", element_id="Task_1", element_name="送达")
    assert json.loads(json.dumps(finding.as_dict())) == {
        "file": "a.bpmn",
        "rule": "unknown-job-type",
        "zh": "未知",
        "en": "Unknown",
        "severity": "error",
        "element_id": "Task_1",
        "element_name": "送达",
    }


def test_history_keeps_everything_about_standing_in_for_a_party() -> None:
    stood_in = OnBehalfOf("party-1", "phone", "2026-11-23", "document-1")
    assert stood_in.as_dict() == dataclasses.asdict(stood_in)


@pytest.mark.parametrize("value", [CLOCK, Actor("user:mediator"), Resource("a.bpmn", b""), Explained(1, {})])
def test_values_cannot_be_changed(value: object) -> None:
    name = dataclasses.fields(value)[0].name  # type: ignore[arg-type]
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, name, "changed")


def test_a_host_function_is_called_through() -> None:
    assert HostFunction("twice", "def twice(n: int) -> int: ...", lambda n: 2 * n).call(4) == 8


def test_no_host_owns_nothing_and_refuses_to_keep_anything() -> None:
    host = NoHost()
    assert (host.function_stubs(), dict(host.input_names)) == ({}, {})
    context = host.context(None, UUID(int=1), None)
    assert (dict(context.functions), dict(context.inputs)) == ({}, {})
    with pytest.raises(AssertionError, match="accepted_on"):
        host.record_inputs(None, UUID(int=1), {"accepted_on": 1}, actor_id="user:a", now=None, reason=None)
