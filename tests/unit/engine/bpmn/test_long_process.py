"""Long processes are built however deep their flows lead, or refused with a finding."""

from engine.bpmn.definitions import compile_bundle
from engine.domain.findings import errors
from engine.domain.resource import Resource
from tests.bpmn_builder import END, START, file, node, process, user


def _chain(length: int, *more: str) -> bytes:
    tasks = [user(f"task_{number}") for number in range(length)]
    ways = [f"task_{number}>task_{number + 1}" for number in range(length - 1)]
    return file(process("long", START, END, *tasks, "start>task_0", *ways, *more))


def test_chain_of_six_hundred_tasks_is_too_deep() -> None:
    bundle = compile_bundle([Resource("long.bpmn", _chain(600, "task_599>end"))])
    assert errors(list(bundle.findings)) == []
    assert "task_599" in bundle.specs["long"].task_specs


def test_loop_that_is_too_long_ends_in_a_traceback() -> None:
    gateway = node("exclusiveGateway", "again", default="long_2002_again_end")
    chain = _chain(2_000, gateway, "task_1999>again", "again>task_0:1 == 2", "again>end")
    bundle = compile_bundle([Resource("long.bpmn", chain)])
    assert [finding.rule for finding in errors(list(bundle.findings))] == ["cannot-be-built"]
