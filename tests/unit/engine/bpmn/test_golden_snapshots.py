"""Snapshots that former builds stored: this build restores each and plays it to its end.

`python -m tests.unit.engine.bpmn.test_golden_snapshots` stores the shapes that are not there yet in the present format;
a file that exists is never written again.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.bpmn.definitions import compile_bundle
from engine.bpmn.run import Run
from engine.bpmn.snapshot import FORMAT
from engine.bpmn.tokens import waiting
from engine.domain.effects import IncidentFound, JobOpened, MessageAwaited, Place, TimerOpened, UserTaskOpened
from engine.domain.findings import errors
from engine.domain.resource import Resource
from engine.domain.stimuli import IncidentRetried
from engine.domain.values import decode, encode
from engine.expressions import Evaluator
from tests.bpmn_builder import (
    END,
    START,
    boundary,
    call,
    catches_message,
    file,
    message,
    multi_instance,
    node,
    parameters,
    process,
    service,
    subprocess,
    timer,
    user,
)
from tests.stepper import NOW, Stepper

GOLDEN = Path(__file__).with_name("golden")


@dataclass(frozen=True)
class Shape:
    """A process, what is done to it before it is stored, and what after; an act is "verb element {values}"."""

    content: bytes
    before: tuple[str, ...]
    after: tuple[str, ...]
    variables: dict[str, Any] = field(default_factory=dict)


def _begin(element_id: str) -> str:
    return f'<bpmn:startEvent id="{element_id}"/>'


def _end(element_id: str) -> str:
    return f'<bpmn:endEvent id="{element_id}"/>'


SHAPES = {
    "parallel-half-joined": Shape(
        file(
            process(
                "p", START, END, node("parallelGateway", "g"), node("parallelGateway", "j"),
                user("a"), user("b"), user("c"), user("z"),
                "start>g", "g>a", "g>b", "g>c", "a>j", "b>j", "c>j", "j>z", "z>end",
            )
        ),
        before=("complete b", "complete a"),
        after=("complete c", "complete z"),
    ),
    "boundary-timers": Shape(
        file(
            process(
                "p", START, END, user("a"), boundary("remind", "a", timer("Cycle", "R3/P1D"), False), user("r"),
                boundary("late", "a", timer("Duration", "P5D")), user("b"),
                "start>a", "a>end", "remind>r", "r>end", "late>b", "b>end",
            )
        ),
        before=("fire remind", "fire remind", "complete r"),
        after=("fire remind", "complete r", "fire late", "complete b", "complete r"),
        variables={
            "amount": Decimal("18000.00"),
            "accepted": date(2026, 3, 2),
            "heard_at": datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
            "parties": [{"role": "申请人", "share": 0.5}, None, True],
        },
    ),
    "called-process-two-deep": Shape(
        file(
            process("p", START, END, call("c", "q", {"n": "m + 1"}, {"m": "n"}), user("z"), "start>c", "c>z", "z>end"),
            process("q", _begin("qs"), _end("qe"), user("q1"), call("qc", "r", {"n": "n * 10"}, {"n": "n"}),
                    boundary("qt", "qc", timer("Duration", "P9D")), user("late"),
                    "qs>q1", "q1>qc", "qc>qe", "qt>late", "late>qe"),
            process("r", _begin("rs"), _end("re"), user("r1"), node("scriptTask", "r2", "<bpmn:script>n = n + 1</bpmn:script>", scriptFormat="python"),
                    "rs>r1", "r1>r2", "r2>re"),
        ),
        before=("complete q1",),
        after=("complete r1", "complete z"),
        variables={"m": 1},
    ),
    "multi-instance-parallel": Shape(
        file(
            process(
                "p", START, END, user("m", multi_instance("items", output=("answers", "answer"))), user("z"),
                boundary("t", "m", timer("Duration", "P9D")), user("late"), "start>m", "m>z", "z>end", "t>late", "late>end",
            )
        ),
        before=('complete m {"answer": 1}',),
        after=('complete m {"answer": 2}', 'complete m {"answer": 3}', "complete z"),
        variables={"items": ["x", "y", "z"]},
    ),
    "multi-instance-sequential": Shape(
        file(
            process(
                "p", START, END, user("m", multi_instance("items", sequential=True, condition="n > 6")), user("z"),
                "start>m", "m>z", "z>end",
            )
        ),
        before=('complete m {"n": 1}',),
        after=('complete m {"n": 2}', 'complete m {"n": 7}', "complete z"),
        variables={"items": ["x", "y", "z", "never"], "n": 0},
    ),
    "sub-process": Shape(
        file(
            process(
                "p", START, END,
                subprocess("s", _begin("s1"), _end("s2"), node("parallelGateway", "g"), node("parallelGateway", "j"),
                           user("a"), service("w", "work", parameters({"n": "${n}"}, {"n": "${done}"})),
                           "s1>g", "g>a", "g>w", "a>j", "w>j", "j>s2"),
                boundary("t", "s", timer("Duration", "P4D")), user("late"), user("z"),
                "start>s", "s>z", "z>end", "t>late", "late>end",
            )
        ),
        before=("complete a",),
        after=('job w {"done": 8}', "complete z"),
        variables={"n": 1},
    ),
    "event-gateway": Shape(
        file(
            message("m", "arrived"),
            process(
                "p", START, END, node("eventBasedGateway", "g"), node("intermediateCatchEvent", "got", catches_message("m")),
                node("intermediateCatchEvent", "silence", timer("Duration", "P5D")), user("a"), user("b"),
                "start>g", "g>got", "g>silence", "got>a", "silence>b", "a>end", "b>end",
            ),
        ),
        before=(),
        after=('message got {"n": 5}', "complete a"),
        variables={"n": 0},
    ),
    "inclusive-half-joined": Shape(
        file(
            process(
                "p", START, END, node("inclusiveGateway", "g", default="p_3_g_c"), node("inclusiveGateway", "j"),
                user("a"), user("b"), user("c"), user("z"),
                "start>g", "g>a:n > 0", "g>b:n > 1", "g>c", "a>j", "b>j", "c>j", "j>z", "z>end",
            )
        ),
        before=("complete b",),
        after=("complete a", "complete z"),
        variables={"n": 2},
    ),
    "incident": Shape(
        file(
            process(
                "p", START, END, node("parallelGateway", "g"), user("a"), user("b"),
                node("exclusiveGateway", "x", default="p_4_x_end"), user("z"),
                "start>g", "g>a", "g>b", "a>x", "x>end", "x>z:10 / n > 1", "b>end", "z>end",
            )
        ),
        before=("complete a",),
        after=('complete b {"n": 5}', "retry x", "complete z"),
        variables={"n": 0},
    ),
}  # fmt: skip

SAMPLES = sorted(GOLDEN.glob("v*/*.json"))


def act(stepper: Stepper, said: str) -> None:
    """Do what "verb element {values}" says."""
    verb, element_id, *rest = said.split(maxsplit=2)
    values = json.loads(rest[0]) if rest else {}
    if verb == "retry":
        (token_id,) = [found.place.token_id for found in stepper.incidents if found.place.element_id == element_id]
        stepper.take(IncidentRetried(token_id))
    else:
        getattr(stepper, verb)(element_id, **values)


def waiting_tokens(content: bytes, snapshot: dict[str, Any]) -> dict[int, tuple[str, str]]:
    """Return what waits in a restored snapshot: token id -> kind and element id."""
    bundle = compile_bundle([Resource("test.bpmn", content)])
    assert not errors(list(bundle.findings))
    with Evaluator().session({}, NOW) as session:
        run = Run(bundle, session, {}, NOW, lambda *_: None)
        run.restore(json.loads(json.dumps(snapshot)))
        return {
            token_id: (kind, run.place(run.workflow.find(token_id)).element_id)
            for token_id, kind in waiting(run).items()
        }


def open_row(effect: Any) -> dict[str, Any]:
    """Return of an open effect what its row keeps and playing on needs."""
    row: dict[str, Any] = {"token_id": effect.place.token_id, "element_id": effect.place.element_id}
    match effect:
        case UserTaskOpened():
            return row | {"kind": "user_task"}
        case JobOpened():
            return row | {"kind": "job", "input": encode(dict(effect.input))}
        case MessageAwaited():
            return row | {"kind": "message", "message_name": effect.message_name}
        case TimerOpened():
            return row | {
                "kind": "timer",
                "due_at": effect.due_at.isoformat(),
                "repeats_left": effect.repeats_left,
                "interval_seconds": effect.interval_seconds,
            }
    return row | {"kind": "incident"}


def opened(row: dict[str, Any]) -> Any:
    """Return the open effect of a stored row."""
    place = Place(row["token_id"], "p", row["element_id"], row["element_id"])
    match row["kind"]:
        case "user_task":
            return UserTaskOpened(place, None, None, (), (), 50, None, None, None)
        case "job":
            return JobOpened(place, "work", decode(row["input"]), ())
        case "message":
            return MessageAwaited(place, row["message_name"])
        case _:
            due_at = datetime.fromisoformat(row["due_at"])
            repeats = row["repeats_left"], row["interval_seconds"]
            return TimerOpened(place, "duration", "", (), due_at, None, None, False, *repeats)


def restored(content: bytes, sample: dict[str, Any]) -> Stepper:
    """Return a stepper that goes on from a stored sample."""
    stepper = Stepper(content, start=False)
    stepper.snapshot, stepper.state = sample["snapshot"], "active"
    stepper.now = datetime.fromisoformat(sample["now"])
    for row in sample["waiting"]:
        if row["kind"] == "incident":
            place = Place(row["token_id"], "p", row["element_id"], row["element_id"])
            stepper.incidents.append(IncidentFound(place, "", "", ""))
        else:
            stepper.open[row["token_id"]] = opened(row)
    return stepper


@pytest.mark.parametrize("path", SAMPLES, ids=[f"{path.parent.name}-{path.stem}" for path in SAMPLES])
def test_a_snapshot_of_a_former_build_cannot_be_restored_or_goes_another_way(path: Path) -> None:
    content, sample = path.with_suffix(".bpmn").read_bytes(), json.loads(path.read_text())
    assert f"v{sample['snapshot']['format']}" == path.parent.name
    stored = {row["token_id"]: (row["kind"], row["element_id"]) for row in sample["waiting"]}
    assert waiting_tokens(content, sample["snapshot"]) == stored

    stepper = restored(content, sample)
    for said in sample["acts"]:
        assert stepper.state == "active"
        act(stepper, said)
    assert stepper.state == "completed"
    assert stepper.open == {}
    assert stepper.passed == sample["passed"]
    assert stepper.own == decode(sample["variables"])


def test_a_shape_is_not_stored_in_the_present_format() -> None:
    assert {path.stem for path in (GOLDEN / f"v{FORMAT}").glob("*.json")} == SHAPES.keys()


def store(shape: Shape, path: Path) -> None:
    """Play a shape to where it is stored, store it, and play on to learn what is to be expected."""
    stepper = Stepper(shape.content, variables=shape.variables)
    for said in shape.before:
        act(stepper, said)
    sample: dict[str, Any] = {
        "now": stepper.now.isoformat(),
        "snapshot": stepper.snapshot,
        "waiting": [open_row(effect) for effect in (*stepper.open.values(), *stepper.incidents)],
        "acts": shape.after,
    }
    sample = json.loads(json.dumps(sample))
    stepper.passed.clear()
    for said in shape.after:
        act(stepper, said)
    assert stepper.state == "completed", stepper.waiting()
    sample |= {"passed": stepper.passed, "variables": encode(dict(stepper.own))}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".bpmn").write_bytes(shape.content)
    path.write_text(json.dumps(sample, ensure_ascii=False, indent=1) + "\n")


def main() -> None:
    """Store every shape that has no file in the present format."""
    for name, shape in SHAPES.items():
        path = GOLDEN / f"v{FORMAT}" / f"{name}.json"
        if not path.exists():
            store(shape, path)
            print(f"stored {path.name}")


if __name__ == "__main__":
    main()
