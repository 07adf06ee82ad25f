"""Plays the token game through every state it can reach, within a bound, and notes what goes wrong on the way."""

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from engine.soundness.game import Game, Outcome, State
from engine.soundness.net import Boundary, Net, Node

MAX_STATES = 20_000

FlawKind = Literal["deadlock", "lack-of-synchronisation", "no-way-to-end"]


@dataclass(frozen=True, slots=True)
class Flaw:
    """A way on which a process goes wrong."""

    kind: FlawKind
    element_id: str
    """The join that waits in vain, the place where tokens meet unsynchronised, or where the process cannot end from."""
    trace: tuple[str, ...]
    """The flow nodes passed and the flows chosen, from the start on."""


@dataclass
class Exploration:
    """What a game has shown."""

    flaws: list[Flaw] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)
    is_complete: bool = True
    """False when the bound was hit: no flaw found then does not mean that there is none."""


@dataclass(frozen=True, slots=True)
class _Step:
    before: State | None
    passed: tuple[str, ...]


def explore(net: Net) -> Exploration:
    """Play a process through.

    Branches behind non-interrupting events that never meet the main flow again are played apart: a reminder may come or
    not, and whether it is still under way matters to nobody.
    """
    game = Game(net)
    found = Exploration()
    apart = [event for event in _non_interrupting(net) if not _meets_main_flow(net, event)]
    skipped = frozenset(event.id for event in apart)
    _explore(game, game.start(), skipped, found)
    for event in apart:
        if _host_is_reached(net, event, found):
            _explore(game, game.start_at(event.id), skipped, found)
    found.is_complete = found.is_complete and not game.is_cut_short
    return found


def _explore(game: Game, first: list[Outcome], skipped: frozenset[str], found: Exploration) -> None:
    steps: dict[State, _Step] = {}
    leads_to: dict[State, set[State]] = {}
    waiting: deque[State] = deque()
    is_flawed = False

    def arrive(before: State | None, outcome: Outcome) -> None:
        nonlocal is_flawed
        found.reached.update(outcome.passed)
        if before is not None:
            leads_to[before].add(outcome.state)
        if outcome.state in steps and not outcome.crowded:
            return
        step = _Step(before, outcome.passed)
        if outcome.crowded:
            is_flawed = True
            flaw = Flaw("lack-of-synchronisation", _element(game.net, outcome.crowded[0]), _trace(steps, step))
            _note(found, flaw)
            return
        steps[outcome.state] = step
        join = _stuck_join(game.net, outcome.state)
        if join is not None:
            is_flawed = True
            _note(found, Flaw("deadlock", join, _trace(steps, step)))
            return
        waiting.append(outcome.state)

    for outcome in first:
        arrive(None, outcome)
    while waiting:
        if len(steps) > MAX_STATES:
            found.is_complete = False
            return
        state = waiting.popleft()
        leads_to.setdefault(state, set())
        for move in game.moves(state):
            if move.element in skipped:
                continue
            for outcome in game.play(state, move):
                arrive(state, outcome)
    if not is_flawed:
        for state in _cannot_end(steps, leads_to):
            place = sorted(state)[0]
            _note(found, Flaw("no-way-to-end", _element(game.net, place), _trace(steps, steps[state])))
            break


def _note(found: Exploration, flaw: Flaw) -> None:
    """Keep the first flaw of each kind at each element: the shortest way to it, since states come in that order."""
    if all((flaw.kind, flaw.element_id) != (each.kind, each.element_id) for each in found.flaws):
        found.flaws.append(flaw)


def _trace(steps: dict[State, _Step], last: _Step) -> tuple[str, ...]:
    parts: list[tuple[str, ...]] = []
    step: _Step | None = last
    while step is not None:
        parts.append(step.passed)
        step = steps[step.before] if step.before is not None else None
    return tuple(each for part in reversed(parts) for each in part)


def _stuck_join(net: Net, state: State) -> str | None:
    """Return a join in a scope where tokens rest in front of joins only, so that nothing can ever come to them."""
    flows = [place for place in state if place not in net.nodes]
    for flow in sorted(flows):
        join = net.nodes[net.flows[flow][1]]
        inside = {node.id for node in net.inside(join.scope)}
        if not any(place in inside for place in state):
            return join.id
    return None


def _cannot_end(steps: dict[State, _Step], leads_to: dict[State, set[State]]) -> list[State]:
    """Return the states from which the end cannot be reached, in the order in which they were found."""
    comes_from: dict[State, set[State]] = {}
    for before, states in leads_to.items():
        for after in states:
            comes_from.setdefault(after, set()).add(before)
    can_end = {frozenset[str]()}
    waiting: list[State] = [frozenset()]
    while waiting:
        for before in comes_from.get(waiting.pop(), ()):
            if before not in can_end:
                can_end.add(before)
                waiting.append(before)
    return [state for state in steps if state not in can_end]


def _element(net: Net, place: str) -> str:
    return place if place in net.nodes else net.flows[place][1]


# --- branches apart ------------------------------------------------------------------------------------------------


def _non_interrupting(net: Net) -> list[Boundary]:
    return [event for node in net.nodes.values() for event in node.boundaries if not event.is_interrupting]


def _host_is_reached(net: Net, event: Boundary, found: Exploration) -> bool:
    host = next(node for node in net.nodes.values() if event in node.boundaries)
    return host.id in found.reached


def _meets_main_flow(net: Net, event: Boundary) -> bool:
    """Return whether the branch behind an event comes to an element of the main flow, end events apart."""
    start = net.nodes[net.starts[net.key]]
    aside = {out for each in _non_interrupting(net) for out in each.outgoing}
    main = _nodes_ahead(net, start.outgoing, aside)
    branch = _nodes_ahead(net, event.outgoing, set())
    return any(not _ends_quietly(net.nodes[key]) for key in branch & main)


def _ends_quietly(node: Node) -> bool:
    return node.kind == "end" and node.trigger in ("", "message")


def _nodes_ahead(net: Net, flows: tuple[str, ...], left_out: set[str]) -> set[str]:
    seen: set[str] = set()
    waiting = list(flows)
    while waiting:
        key = net.flows[waiting.pop()][1]
        node = net.nodes.get(key)
        if node is None or key in seen:
            continue
        seen.add(key)
        out = [*node.outgoing, *(each for event in node.boundaries for each in event.outgoing)]
        if node.kind == "sub-process" and key in net.starts:
            out += net.nodes[net.starts[key]].outgoing
        waiting += [flow for flow in out if flow not in left_out]
    return seen
