"""The token game: states, the moves possible in each, and what a move leads to (BPMN 2.0.2, chapter 13).

Data are left out: an exclusive gateway may take any exit, an inclusive one any exits, an event may come or not. Tokens
rest at activities, catching events, event-based gateways, sub-processes, and on flows into joins that wait for more.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from engine.soundness.net import Boundary, Net, Node

State = frozenset[str]
"""Where tokens rest: element ids, and ids of flows into joins; at most one token each."""

MAX_WAYS = 256
"""Ways through the gateways of one move; beyond it the rest is left out and the game counts as cut short."""


@dataclass(frozen=True, slots=True)
class Move:
    """Something that can happen in a state."""

    element: str
    """The activity that is completed, the event that comes."""
    kind: str
    """`complete`, `event` (caught), or `boundary`."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a move may lead to."""

    state: State
    passed: tuple[str, ...]
    """Elements that tokens went through or arrived at, and flows taken where there was a choice, in order."""
    crowded: tuple[str, ...] = ()
    """Places where a second token arrived: a lack of synchronisation."""


@dataclass(frozen=True, slots=True)
class _Run:
    """A move being played: tokens still to be moved along flows."""

    state: State
    moving: tuple[str, ...]
    passed: tuple[str, ...] = ()
    crowded: tuple[str, ...] = ()
    taken: frozenset[str] = frozenset()
    """Flows gone along in this move: a second time would be a loop that nothing ever stops at."""


class Game:
    """The game of one process."""

    def __init__(self, net: Net) -> None:
        self.net = net
        self.is_cut_short = False
        self._ahead = {flow: _reachable(net, flow) for flow in net.flows}
        self._hosts: Mapping[str, tuple[Node, Boundary]] = {
            boundary.id: (node, boundary) for node in net.nodes.values() for boundary in node.boundaries
        }

    def start(self) -> list[Outcome]:
        """Return what starting the process may lead to."""
        start = self.net.nodes[self.net.starts[self.net.key]]
        return self._play(_Run(frozenset(), start.outgoing, (start.id,)))

    def start_at(self, boundary_id: str) -> list[Outcome]:
        """Return what the branch behind a boundary event may lead to, played apart from all else."""
        return self._play(_Run(frozenset(), self._hosts[boundary_id][1].outgoing, (boundary_id,)))

    def moves(self, state: State) -> Iterator[Move]:
        """Yield what can happen in a state."""
        for place in sorted(state):
            node = self.net.nodes.get(place)
            if node is None:
                continue
            if node.kind in ("activity", "catch"):
                yield Move(node.id, "complete")
            elif node.kind == "event-gateway":
                for flow in node.outgoing:
                    yield Move(self.net.flows[flow][1], "event")
            for boundary in node.boundaries:
                if (
                    node.kind != "sub-process"
                    or boundary.trigger not in ("error", "escalation")
                    or self._may_throw(node)
                ):
                    yield Move(boundary.id, "boundary")

    def play(self, state: State, move: Move) -> list[Outcome]:
        """Return what a move may lead to: one outcome for every choice of the gateways behind it."""
        if move.kind == "boundary":
            host, boundary = self._hosts[move.element]
            left = self._without(state, host) if boundary.is_interrupting else state
            return self._play(_Run(left, boundary.outgoing, (boundary.id,)))
        node = self.net.nodes[move.element]
        if move.kind == "event":
            gateway = next(
                self.net.flows[flow][0]
                for flow in node.incoming
                if self.net.nodes.get(self.net.flows[flow][0], node).kind == "event-gateway"
                and self.net.flows[flow][0] in state
            )
            state = state - {gateway}
        return [
            outcome
            for flows in self._exits(node)
            for outcome in self._play(
                _moving(_Run(state - {node.id}, (), (node.id,)), flows, flows if node.conditional else ())
            )
        ]

    # --- one run -------------------------------------------------------------------------------------------------

    def _play(self, run: _Run) -> list[Outcome]:
        finished: list[Outcome] = []
        waiting = [run]
        while waiting:
            run = waiting.pop()
            if len(finished) + len(waiting) > MAX_WAYS:
                self.is_cut_short = True
                break
            if run.moving:
                waiting += reversed(self._along(run))
                continue
            after = self._settled(run)
            if after is None:
                finished.append(Outcome(run.state, run.passed, run.crowded))
            else:
                waiting += reversed(after)
        return finished

    def _along(self, run: _Run) -> list[_Run]:
        """Move one token along its flow."""
        flow, rest = run.moving[0], run.moving[1:]
        node = self.net.nodes.get(self.net.flows[flow][1])
        if node is None or flow in run.taken:
            return []
        run = _Run(run.state, rest, (*run.passed, node.id), run.crowded, run.taken | {flow})
        if node.is_joined:
            return [self._resting(run, flow)]
        match node.kind:
            case "activity" | "catch" | "event-gateway":
                return [self._resting(run, node.id)]
            case "sub-process":
                run = self._resting(run, node.id)
                start = self.net.starts.get(node.id)
                return [_moving(run, self.net.nodes[start].outgoing if start else ())]
            case "end" | "throw" if node.trigger in ("error", "escalation"):
                return self._thrown(run, node)
            case "end" if node.trigger == "terminate":
                gone = {each.id for each in self.net.inside(node.scope)}
                return [_Run(self._cleared(run.state, gone), (), run.passed, run.crowded, run.taken)]
            case "end":
                return [run]
            case _:
                return [
                    _moving(run, flows, flows if len(node.outgoing) > 1 and node.kind != "parallel" else ())
                    for flows in self._exits(node)
                ]

    def _settled(self, run: _Run) -> list[_Run] | None:
        """Fire joins that have all they wait for, and complete sub-processes that are empty; None when nothing is left."""
        for node in self.net.nodes.values():
            if not node.is_joined:
                continue
            arrived = [flow for flow in node.incoming if flow in run.state]
            missing = [flow for flow in node.incoming if flow not in run.state]
            if not arrived or (missing and (node.kind == "parallel" or self._may_come(run.state, node, missing))):
                continue
            fired = _Run(
                run.state - set(arrived),
                (),
                (*run.passed, node.id),
                run.crowded,
                run.taken - {*node.incoming},
            )
            return [
                _moving(fired, flows, flows if len(node.outgoing) > 1 and node.kind != "parallel" else ())
                for flows in self._exits(node)
            ]
        for place in run.state:
            scope = self.net.nodes.get(place)
            if scope is None or scope.kind != "sub-process" or self._tokens_inside(run.state, scope.id):
                continue
            done = _Run(run.state - {place}, (), run.passed, run.crowded, run.taken)
            return [_moving(done, flows) for flows in self._exits(scope)]
        return None

    def _thrown(self, run: _Run, node: Node) -> list[_Run]:
        """Let an error or escalation be caught by the nearest sub-process around that catches it."""
        scope: str | None = node.scope
        while scope is not None and scope in self.net.nodes:
            host = self.net.nodes[scope]
            for boundary in host.boundaries:
                if boundary.trigger == node.trigger and boundary.code in (None, node.code):
                    state = self._without(run.state, host) if boundary.is_interrupting else run.state
                    moving = () if boundary.is_interrupting else run.moving
                    caught = _Run(state, moving, (*run.passed, boundary.id), run.crowded, run.taken)
                    more = boundary.outgoing + (node.outgoing if not boundary.is_interrupting else ())
                    return [_moving(caught, more)]
            scope = self.net.parents.get(scope)
        if node.trigger == "error":  # nobody catches it here: it ends the process, and the caller may catch it
            return [_Run(frozenset(), (), run.passed, run.crowded, run.taken)]
        return [_moving(run, node.outgoing)]

    def _exits(self, node: Node) -> list[tuple[str, ...]]:
        """Return the sets of flows that tokens may leave a node by."""
        outgoing = node.outgoing
        if node.kind == "exclusive":
            return [(flow,) for flow in outgoing] or [()]
        is_choice = node.kind == "inclusive" or (node.kind in ("activity", "catch", "sub-process") and node.conditional)
        if not is_choice or len(outgoing) < 2:
            return [outgoing]
        always = tuple(flow for flow in outgoing if node.kind != "inclusive" and flow not in node.conditional)
        open_ = [flow for flow in outgoing if flow not in always]
        return [
            (*always, *chosen)
            for count in range(0 if always else 1, len(open_) + 1)
            for chosen in combinations(open_, count)
        ]

    # --- places --------------------------------------------------------------------------------------------------

    def _resting(self, run: _Run, place: str) -> _Run:
        crowded = (*run.crowded, place) if place in run.state else run.crowded
        return _Run(run.state | {place}, run.moving, run.passed, crowded, run.taken)

    def _without(self, state: State, host: Node) -> State:
        gone = {host.id}
        if host.kind == "sub-process":
            gone |= {node.id for node in self.net.inside(host.id)}
        return self._cleared(state, gone)

    def _cleared(self, state: State, nodes: set[str]) -> State:
        return frozenset(
            place for place in state if place not in nodes and self.net.flows.get(place, ("", ""))[1] not in nodes
        )

    def _tokens_inside(self, state: State, scope: str) -> bool:
        inside = {node.id for node in self.net.inside(scope)}
        return any(place in inside or self.net.flows.get(place, ("", ""))[1] in inside for place in state)

    def _may_come(self, state: State, join: Node, missing: list[str]) -> bool:
        """Return whether a token elsewhere can still arrive on a flow that an inclusive join lacks."""
        for place in state:
            node = self.net.nodes.get(place)
            starts = (
                list(node.outgoing) if node is not None else list(self.net.nodes[self.net.flows[place][1]].outgoing)
            )
            if node is None and self.net.flows[place][1] == join.id:
                continue
            if node is not None:
                starts += [flow for boundary in node.boundaries for flow in boundary.outgoing]
            if any(flow in missing or self._ahead[flow] & set(missing) for flow in starts):
                return True
        return False

    def _may_throw(self, host: Node) -> bool:
        """Return whether an activity inside a sub-process might throw what nobody inside catches."""
        return any(node.kind == "activity" and not node.is_user_task for node in self.net.inside(host.id))


def _moving(run: _Run, flows: tuple[str, ...], chosen: tuple[str, ...] = ()) -> _Run:
    return _Run(run.state, (*flows, *run.moving), (*run.passed, *chosen), run.crowded, run.taken)


def _reachable(net: Net, flow: str) -> frozenset[str]:
    """Return the flows that a token on `flow` can come along later."""
    seen: set[str] = set()
    waiting = [flow]
    while waiting:
        node = net.nodes.get(net.flows[waiting.pop()][1])
        if node is None:
            continue
        for each in (*node.outgoing, *(out for boundary in node.boundaries for out in boundary.outgoing)):
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    return frozenset(seen)
