"""Random schedules over random process shapes: nothing is lost or doubled by storing and restoring in between."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn import library
from engine.bpmn.run import Run
from engine.bpmn.step import _apply
from engine.bpmn.tokens import changes, waiting
from engine.domain.effects import ElementPassed, JobOpened, MessageAwaited, TimerOpened, TokenClosed, UserTaskOpened
from engine.domain.stimuli import Started, Stimulus, TimerFired, UserTaskCompleted
from tests.bpmn_builder import START, boundary, call, file, multi_instance, node, process, subprocess, timer, user
from tests.effort import examples
from tests.stepper import Stepper

CALLED = process(
    "q", '<bpmn:startEvent id="qs"/>', user("q1"), boundary("qt", "q1", timer("Duration", "P2D")), user("q2"), user("q3"),
    "qs>q1", "q1>q3", "qt>q2", "q2>q3",
)  # fmt: skip

SHAPES = {
    "parallel with called process and loops": file(
        process("p", START, node("parallelGateway", "g"), node("parallelGateway", "j"), user("a"), boundary("r", "a", timer("Cycle", "R2/P1D"), False), user("remind"),
                call("c", "q"), boundary("ct", "c", timer("Duration", "P3D")), user("late"), node("exclusiveGateway", "xc"),
                user("m", multi_instance("items")), user("z"),
                "start>g", "g>a", "g>c", "g>m", "a>j", "r>remind", "c>xc", "ct>late", "late>xc", "xc>j", "m>j", "j>z"), CALLED),
    "nested parallel in a loop": file(
        process("p", START, node("exclusiveGateway", "x0"), node("parallelGateway", "g1"), node("parallelGateway", "g2"), node("parallelGateway", "j2"),
                node("parallelGateway", "j1"), user("a"), user("b"), user("c"), user("d"), node("exclusiveGateway", "x", default="p_10_x_end"), '<bpmn:endEvent id="end"/>',
                "start>x0", "x0>g1", "g1>a", "g1>g2", "g2>b", "g2>c", "b>j2", "c>j2", "j2>d", "d>j1", "x>end", "a>j1", "j1>x", "x>x0:n < 9")),
    "inclusive in a loop": file(
        process("p", START, node("exclusiveGateway", "x0"), node("inclusiveGateway", "g", default="p_4_g_c"), node("inclusiveGateway", "j"), user("a"), user("b"), user("c"),
                user("z"), node("exclusiveGateway", "x", default="p_9_x_end"), '<bpmn:endEvent id="end"/>',
                "start>x0", "x0>g", "g>a:n % 2 == 0", "g>b:n % 3 != 1", "g>c", "a>j", "b>j", "c>j", "j>z", "x>end", "z>x", "x>x0:n < 8")),
    "sub-process with a way out": file(
        process("p", START, subprocess("s", '<bpmn:startEvent id="s1"/>', node("parallelGateway", "g"), node("parallelGateway", "j"), user("a"), user("b"), user("c"),
                "s1>g", "g>a", "g>b", "a>j", "b>j", "j>c"), boundary("t", "s", timer("Duration", "P4D")), user("late"), user("z"), "start>s", "s>z", "t>late", "late>z")),
    "one after the other": file(
        process("p", START, user("m", multi_instance("items", sequential=True, condition="n > 6")), boundary("t", "m", timer("Cycle", "R/P1D"), False), node("task", "tick"), user("z"), "start>m", "m>z", "t>tick")),
}  # fmt: skip

START_WITH = {"n": 0, "items": ["x", "y", "z"]}


class Kept:
    """The same instance without any storing: one run that lives on."""

    def __init__(self, stepper: Stepper) -> None:
        self.passed: list[str] = []
        self.open: dict[int, str] = {}
        self._next = 1
        self._stepper = stepper
        self._session = stepper.evaluator.session({}, stepper.now)
        self.run = Run(stepper.bundle, self._session.__enter__(), {}, stepper.now, lambda *_: None)
        self.take(Started("p", START_WITH))

    def take(self, stimulus: Stimulus) -> None:
        library.set_counter(self._next)  # both runs number their tokens in this thread
        self.run.now = self._stepper.now
        self.run.effects.clear()
        before: Any = {}
        if isinstance(stimulus, Started):
            self.run.begin(stimulus.process_key, stimulus.variables)
        else:
            before = waiting(self.run)
            _apply(self.run, stimulus)
        self.run.settle()
        self._next = library.counter()
        for effect in [*self.run.effects, *changes(self.run, before)]:
            if isinstance(effect, ElementPassed):
                self.passed.append(effect.element_id)
            elif isinstance(effect, UserTaskOpened | TimerOpened | JobOpened | MessageAwaited):
                self.open[effect.place.token_id] = effect.place.element_id
            elif isinstance(effect, TokenClosed):
                self.open.pop(effect.token_id, None)


@settings(max_examples=examples(40), deadline=None)
@given(shape=st.sampled_from(sorted(SHAPES)), choices=st.lists(st.integers(0, 999), min_size=40, max_size=40))
def test_an_instance_that_is_stored_after_every_step_behaves_like_one_that_never_is(shape, choices):
    stored = Stepper(SHAPES[shape], variables=START_WITH)
    kept = Kept(stored)
    assert stored.passed == kept.passed
    for n, choice in enumerate(choices, 1):
        if stored.state != "active":
            break
        options = sorted(stored.open.values(), key=lambda effect: effect.place.token_id)
        chosen = options[choice % len(options)]
        same = [effect for effect in options if effect.place.element_id == chosen.place.element_id]
        twins = sorted(token for token, element in kept.open.items() if element == chosen.place.element_id)
        assert len(same) == len(twins)
        twin = twins[same.index(chosen)]
        if isinstance(chosen, UserTaskOpened):
            stored.take(UserTaskCompleted(chosen.place.token_id, {"n": n}))
            kept.take(UserTaskCompleted(twin, {"n": n}))
        else:
            is_last = chosen.repeats_left is None or chosen.repeats_left == 0
            stored.fire(chosen.place.element_id)
            if is_last:
                kept.open.pop(twin)
            kept.take(TimerFired(twin, is_last))
        assert stored.passed == kept.passed
        assert stored.waiting() == sorted(kept.open.values())
        assert json.loads(json.dumps(stored.snapshot)) == stored.snapshot
    if stored.state == "completed":
        assert stored.open == {}
        assert kept.run.workflow.completed
