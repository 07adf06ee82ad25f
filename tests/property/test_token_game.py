"""The token game and the engine agree: whatever the engine does, the game allows it; blocks that match are sound."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.domain.effects import TimerOpened, UserTaskOpened
from engine.soundness.exploration import explore
from engine.soundness.game import Game, Move, Outcome
from engine.soundness.net import read_net
from tests.bpmn_builder import END, START, boundary, file, node, process, subprocess, timer, user
from tests.effort import examples
from tests.stepper import Stepper

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


@dataclass
class Model:
    """A process under construction."""

    parts: list[str]
    count: int = 0

    def new(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"


Block = tuple[str, tuple["Block", ...]]

tasks: st.SearchStrategy[Block] = st.just(("task", ()))
blocks: st.SearchStrategy[Block] = st.recursive(
    tasks,
    lambda inner: st.one_of(
        st.tuples(st.just("sequence"), st.tuples(inner, inner)),
        st.tuples(st.sampled_from(["exclusive", "parallel", "inclusive", "loop"]), st.tuples(inner, inner)),
        st.tuples(st.sampled_from(["timer", "reminder", "sub-process", "timed sub-process"]), st.tuples(inner)),
    ),
    max_leaves=7,
)


def build(model: Model, block: Block) -> tuple[str, str]:
    """Add a block; return the ids by which it is entered and left."""
    kind, inner = block
    if kind == "task":
        task = model.new("t")
        model.parts.append(user(task))
        return task, task
    if kind in ("sub-process", "timed sub-process"):
        outer, model.parts = model.parts, []
        first, last = build(model, inner[0])
        sub, start, end = model.new("s"), model.new("start"), model.new("e")
        events = (f'<bpmn:startEvent id="{start}"/>', f'<bpmn:endEvent id="{end}"/>')
        outer.append(subprocess(sub, *events, *model.parts, f"{start}>{first}", f"{last}>{end}"))
        model.parts = outer
        if kind == "sub-process":
            return sub, sub
        event, meet = model.new("b"), model.new("x")
        model.parts += [boundary(event, sub, timer("Duration", "P1D")), node("exclusiveGateway", meet)]
        model.parts += [f"{sub}>{meet}", f"{event}>{meet}"]
        return sub, meet
    if kind in ("timer", "reminder"):
        task, event = model.new("t"), model.new("b")
        first, last = build(model, inner[0])
        model.parts += [
            user(task),
            boundary(event, task, timer("Duration", "P1D"), kind == "timer"),
            f"{event}>{first}",
        ]
        if kind == "reminder":
            noted = model.new("e")
            model.parts += [f'<bpmn:endEvent id="{noted}"/>', f"{last}>{noted}"]
            return task, task
        meet = model.new("x")
        model.parts += [node("exclusiveGateway", meet), f"{task}>{meet}", f"{last}>{meet}"]
        return task, meet
    (first_in, first_out), (second_in, second_out) = build(model, inner[0]), build(model, inner[1])
    if kind == "sequence":
        model.parts.append(f"{first_out}>{second_in}")
        return first_in, second_out
    split, join = model.new("g"), model.new("j")
    if kind == "loop":
        model.parts += [node("exclusiveGateway", split), node("exclusiveGateway", join)]
        model.parts += [f"{split}>{first_in}", f"{first_out}>{second_in}", f"{second_out}>{join}"]
        model.parts.append(f"{join}>{split}:n % 3 == 0")
        leave = model.new("t")
        model.parts += [user(leave), f"{join}>{leave}:n % 3 != 0"]
        return split, leave
    model.parts += [node(f"{kind}Gateway", split), node(f"{kind}Gateway", join)]
    conditions = {
        "exclusive": (":n % 2 == 0", ":n % 2 == 1"),
        "inclusive": (":n % 2 == 0", ":n % 3 != 0 or n % 2 == 1"),
    }
    one, two = conditions.get(kind, ("", ""))
    model.parts += [
        f"{split}>{first_in}{one}",
        f"{split}>{second_in}{two}",
        f"{first_out}>{join}",
        f"{second_out}>{join}",
    ]
    return split, join


def built(block: Block) -> bytes:
    model = Model([])
    first, last = build(model, block)
    return file(process("p", START, END, *model.parts, f"start>{first}", f"{last}>end"))


def game_of(content: bytes) -> Game:
    found = etree.fromstring(content).find(BPMN + "process")
    assert found is not None
    return Game(read_net(found))


def tokens(game: Game, outcome: Outcome) -> list[str]:
    return sorted(
        place for place in outcome.state if place in game.net.nodes and game.net.nodes[place].kind == "activity"
    )


def waiting(stepper: Stepper) -> list[str]:
    return sorted(effect.place.element_id for effect in stepper.open.values() if isinstance(effect, UserTaskOpened))


@settings(max_examples=examples(60), deadline=None)
@given(blocks)
def test_a_process_of_matching_blocks_is_sound(block: Block) -> None:
    found = explore(game_of(built(block)).net)
    assert found.flaws == []


@settings(max_examples=examples(60), deadline=None)
@given(blocks, st.lists(st.integers(0, 999), min_size=25, max_size=25))
def test_whatever_the_engine_does_the_game_allows(block: Block, choices: list[int]) -> None:
    content = built(block)
    game = game_of(content)
    stepper = Stepper(content, variables={"n": choices[0]})
    possible = [outcome for outcome in game.start() if tokens(game, outcome) == waiting(stepper)]
    assert possible, (waiting(stepper), [tokens(game, outcome) for outcome in game.start()])
    for n in choices:
        options = sorted(stepper.open.values(), key=lambda effect: effect.place.token_id)
        if not options or len(waiting(stepper)) != len(set(waiting(stepper))):
            break  # ended, or a reminder came twice: then the game, with its one token a place, cannot follow
        chosen = options[n % len(options)]
        if isinstance(chosen, TimerOpened):
            move = Move(chosen.place.element_id, "boundary")
            stepper.fire(chosen.place.element_id)
        else:
            move = Move(chosen.place.element_id, "complete")
            stepper.complete(chosen.place.element_id, n=n)
        after = [later for outcome in possible for later in game.play(outcome.state, move)]
        allowed = [outcome for outcome in after if tokens(game, outcome) == sorted(set(waiting(stepper)))]
        assert allowed, (move, waiting(stepper), [tokens(game, outcome) for outcome in after])
        possible = allowed
