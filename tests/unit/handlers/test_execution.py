"""One handler, one job: what comes of it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from marshmallow import Schema, fields

from casework.gateway_signatures import SigningKey
from engine.domain.errors import NotFoundError, UnavailableError
from handlers.errors import BpmnError, JobFailedError
from handlers.execution import Completed, Failed, Threw, execute, outcome_as_json, outcome_from_json, redacted
from handlers.registry import HandlerDefinition, HandlerJob
from handlers.settings import HandlerSettings, SmsSettings

JOB = HandlerJob(UUID(int=1), UUID(int=2), "key", 1)
SETTINGS = HandlerSettings(
    fonts=(Path("fonts"),), brand="听竹", sms=SmsSettings("http://127.0.0.1:1", SigningKey("tops3cret"))
)


class Input(Schema):
    """A bit of everything."""

    name = fields.String(required=True)
    due_on = fields.Date()
    amount = fields.Decimal()
    count = fields.Integer(strict=True)


class Output(Schema):
    """One result."""

    number = fields.String(required=True)


def context(*disclosed: str) -> Any:
    """Return as much of a context as running a handler needs."""
    return SimpleNamespace(settings=SETTINGS, disclosed=lambda: frozenset(disclosed))


def definition(run: Callable[[Any, HandlerJob, Any], Any]) -> HandlerDefinition:
    return HandlerDefinition("test", run, Input, Output, "测试。", "Test.")


def run(function: Callable[[Any], Any], given: dict[str, Any] | None = None, *disclosed: str) -> Any:
    """Run a function of the input as a handler."""
    return execute(
        definition(lambda _context, _job, input: function(input)), context(*disclosed), JOB, given or {"name": "x"}
    )


def raises(error: Exception) -> Callable[[Any], Any]:
    def function(_: Any) -> Any:
        raise error

    return function


def test_a_handler_gets_dates_and_decimals_as_such() -> None:
    seen: list[Any] = []
    run(
        lambda given: seen.append(given) or {"number": "1"},
        {"name": "x", "due_on": date(2026, 2, 1), "amount": Decimal("1.50")},
    )
    assert seen == [{"name": "x", "due_on": date(2026, 2, 1), "amount": Decimal("1.50")}]


def test_the_result_of_a_handler_becomes_the_outcome() -> None:
    assert run(lambda _: {"number": "12"}) == Completed({"number": "12"})


def test_ids_in_a_result_become_text() -> None:
    class Ids(Schema):
        id = fields.UUID()
        more = fields.List(fields.UUID())

    handler = HandlerDefinition("t", lambda *_: {"id": UUID(int=7), "more": (UUID(int=8),)}, Schema, Ids, "", "")
    assert execute(handler, context(), JOB, {}) == Completed({"id": str(UUID(int=7)), "more": [str(UUID(int=8))]})


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "name：缺少必填项"),
        ({"name": None}, "name：不能为空"),
        ({"name": 3}, "name：应为文字"),
        ({"name": "x", "colour": "red"}, "colour：没有这一项（可用：name、due_on、amount、count）"),
        ({"name": "x", "due_on": "soon"}, "due_on：应为日期"),
        ({"name": "x", "count": "many"}, "count：应为整数"),
    ],
)
def test_a_wrong_input_fails_for_good_and_says_what_is_wrong(given: dict[str, Any], sentence: str) -> None:
    outcome = execute(definition(lambda *_: pytest.fail("the handler ran")), context(), JOB, given)
    assert isinstance(outcome, Failed)
    assert outcome.is_final
    assert sentence in outcome.failure


@pytest.mark.parametrize("result", [None, "12", {"number": 12}, {}, {"number": "12", "extra": 1}])
def test_a_result_that_breaks_the_declared_output_fails_for_good(result: Any) -> None:
    outcome = run(lambda _: result)
    assert isinstance(outcome, Failed)
    assert outcome.is_final


def test_a_bpmn_error_is_thrown_with_its_variables() -> None:
    assert run(raises(BpmnError("no-paper", "没有纸", {"left": 0}))) == Threw("no-paper", "没有纸", {"left": 0})


@pytest.mark.parametrize("retry", [True, False])
def test_a_job_failure_says_whether_to_try_again(retry: bool) -> None:
    assert run(raises(JobFailedError("打印机离线", retry=retry))) == Failed("打印机离线", is_final=not retry)


def test_an_unexpected_exception_fails_with_type_and_text() -> None:
    assert run(raises(ZeroDivisionError("division by zero"))) == Failed("ZeroDivisionError: division by zero")


def test_what_is_missing_for_good_is_not_tried_again_and_what_is_out_of_reach_is() -> None:
    assert run(raises(NotFoundError(what="dispute", id="1"))).is_final
    assert not run(raises(UnavailableError())).is_final


def test_personal_data_and_secrets_never_reach_the_failures_text() -> None:
    text = "示例甲 370402199001011234 13800000001 jia@example.cn key tops3cret at http://u:pw12@host/x 示例路1号"
    outcome = run(raises(RuntimeError(text)), None, "示例甲", "示例路1号")
    for hidden in ("示例甲", "370402199001011234", "13800000001", "jia@", "tops3cret", "pw12", "示例路1号"):
        assert hidden not in outcome.failure
    assert outcome.failure.startswith("RuntimeError: ***")


def test_a_long_failure_is_cut() -> None:
    assert len(redacted("x" * 100_000, context())) == 1000


@pytest.mark.parametrize(
    "outcome",
    [
        Completed({"day": date(2026, 1, 2), "amount": Decimal("1.10"), "list": [1, None, "字"]}),
        Threw("code", "message", {"on": date(2026, 1, 2)}),
        Failed("failure", is_final=True),
    ],
)
def test_an_outcome_survives_the_way_from_the_child(outcome: Any) -> None:
    assert outcome_from_json(outcome_as_json(outcome)) == outcome
