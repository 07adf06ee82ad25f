"""What rests on data that turned out wrong and can no longer change: gateways passed, decisions taken, work done."""

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa

from engine.bpmn.bundle import Bundle
from engine.bpmn.corrections import CorrectedVariables, scope_of_process
from engine.bpmn.elements import Element
from engine.bpmn.influence import Reach, Way, read_by_call, read_by_job, read_by_text, read_by_ways, ways_out
from engine.bpmn.scopes import Scopes, View
from engine.commands.advance import decide, host_context
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import TingzhuError
from engine.domain.host import InputChange
from engine.domain.values import Value, plain
from engine.expressions import ExpressionProblemError, Session, names_read, normalise
from engine.store.tables import history, user_task, user_task_completion


@dataclass(frozen=True, slots=True)
class Settled:
    """One thing that a correction does not undo."""

    kind: str
    """gateway, decision, script, job, call, timer, user-task, variable-ended or variable-overtaken"""
    element_id: str | None
    element_name: str | None
    process_key: str | None
    names: tuple[str, ...]
    """What it rests on, under the names by which it sees it."""
    was: Any = None
    """A gateway's target, a decision's result: as it was, or still is; plain JSON."""
    would_be: Any = None
    """What would come out now; None when nobody can tell any more."""

    @property
    def is_different(self) -> bool:
        """Whether it would come out otherwise now."""
        return self.would_be is not None and self.was != self.would_be

    @property
    def zh(self) -> str:
        """The sentence in Chinese."""
        return self._sentence(_ZH, "、", "，按更正后的内容应为 {would_be}", "，按更正后的内容结果不变")

    @property
    def en(self) -> str:
        """The sentence in English."""
        return self._sentence(_EN, ", ", "; it would be {would_be} now", "; it would be the same now")

    def _sentence(self, sentences: Mapping[str, str], comma: str, other: str, same: str) -> str:
        filled = sentences[self.kind].format(name=self.element_name, names=comma.join(self.names), was=self.was)
        if self.would_be is not None:
            filled += (other if self.is_different else same).format(would_be=self.would_be)
        return filled

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON, with its sentences."""
        return {
            "kind": self.kind,
            "element_id": self.element_id,
            "element_name": self.element_name,
            "process_key": self.process_key,
            "names": list(self.names),
            "was": self.was,
            "would_be": self.would_be,
            "is_different": self.is_different,
            "zh": self.zh,
            "en": self.en,
        }


_ZH = {
    "gateway": "分支“{name}”已按 {names} 走向“{was}”",
    "decision": "决策“{name}”已按 {names} 得出 {was}",
    "script": "计算步骤“{name}”已按 {names} 执行",
    "job": "自动作业“{name}”已按 {names} 创建或执行",
    "call": "子流程“{name}”已带着 {names} 开始",
    "timer": "期限“{name}”已按 {names} 到期触发",
    "user-task": "任务“{name}”已提交",
    "variable-ended": "{names} 所在的流程环节已结束，不再有后续步骤读取",
    "variable-overtaken": "{names} 此后已被其他步骤改为 {was}，保持不变",
}
_EN = {
    "gateway": "the gateway {name!r} went to {was!r} by {names}",
    "decision": "the decision {name!r} gave {was} by {names}",
    "script": "the script {name!r} ran with {names}",
    "job": "the job {name!r} was made or done with {names}",
    "call": "the called process {name!r} began with {names}",
    "timer": "the timer {name!r} fired by {names}",
    "user-task": "the user task {name!r} is completed",
    "variable-ended": "the part of the process that {names} belonged to has ended; nothing reads it any more",
    "variable-overtaken": "{names} was set to {was} by another step since, and stays so",
}


def settled_by(
    uow: UnitOfWork,
    instance: Any,
    bundle: Bundle,
    reach: Reach,
    task: Any,
    completion: Any,
    corrected: CorrectedVariables,
    snapshot_before: Mapping[str, Any] | None,
    input_changes: Sequence[InputChange],
) -> list[Settled]:
    """Return what came after a completion and rests on data of it that a correction has changed.

    `reach` says under which names these data are seen in each process; what gateways and decisions would come to now
    is worked out from the variables as they stand.
    """
    context = host_context(uow, instance.case_id)
    found = [*_variables(corrected)]
    passed = _passed(uow, task, completion)
    with uow.platform.evaluator.session(context.functions, uow.now) as session:
        then_and_now = _Comparison(
            uow, bundle, session, context.inputs, input_changes, snapshot_before, corrected.snapshot, completion.scope
        )
        for key, element_id in passed:
            element = bundle.elements.get(key, {}).get(element_id)
            if element is not None:
                found += _at_element(bundle, then_and_now, element, reach[key])
        found += _calls(bundle, reach, set(passed))
    found += _timers(uow, bundle, reach, completion)
    found += _user_tasks(uow, completion)
    return list({(each.kind, each.process_key, each.element_id, each.names): each for each in found}.values())


def _variables(corrected: CorrectedVariables) -> Iterator[Settled]:
    if corrected.gone:
        yield Settled("variable-ended", None, None, None, corrected.gone)
    for name, value in corrected.overtaken.items():
        yield Settled("variable-overtaken", None, None, None, (name,), was=plain(value))


def _passed(uow: UnitOfWork, task: Any, completion: Any) -> list[tuple[str, str]]:
    """Return (process key, element id) of what tokens of the case passed since the completion, itself left out."""
    rows = uow.connection.execute(
        sa.select(history.c.facts)
        .where(
            history.c.case_id == completion.case_id,
            history.c.instance_id == completion.instance_id,
            history.c.seq > completion.seq_before,
            history.c.kind == "elements-passed",
        )
        .order_by(history.c.seq)
    )
    places = [(key, element_id) for row in rows for key, element_id, _ in row.facts["elements"]]
    own = (task.process_key, task.element_id)
    return list(dict.fromkeys(places[1:] if places[:1] == [own] else places))


class _Comparison:
    """Evaluates with the variables as they were and as they are after a correction."""

    def __init__(
        self,
        uow: UnitOfWork,
        bundle: Bundle,
        session: Session,
        inputs: Mapping[str, Value],
        changes: Sequence[InputChange],
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any] | None,
        scope: int,
    ) -> None:
        self._decide = partial(decide, bundle, uow)
        self._bundle = bundle
        self._session = session
        now = dict.fromkeys(uow.platform.host.input_names) | dict(inputs)
        self._before = (before, now | {change.name: change.old for change in changes})
        self._after = (after, now)
        self._scope = scope
        self._derived: dict[str, dict[str, Value]] = {}
        """Process key -> what its decisions would give now: what comes after them rests on that."""

    def way(self, key: str, ways: Iterable[Way]) -> tuple[Any, Any]:
        """Return names of the targets that an exclusive choice leads to, before and now."""
        return self._way(self._view(self._before, key), key, ways), self._way(self._now(key), key, ways)

    def decision(self, element: Element) -> tuple[Any, Any]:
        """Return what a decision gives, before and now."""
        key = element.process_key
        before, after = self._decided(self._view(self._before, key), element), self._decided(self._now(key), element)
        if element.result_variable and after is not None:
            self._derived.setdefault(key, {})[element.result_variable] = after
        return plain(before), plain(after)

    def _now(self, key: str) -> Mapping[str, Value] | None:
        view = self._view(self._after, key)
        return view if view is None or key not in self._derived else ChainMap(self._derived[key], view)  # type: ignore[arg-type]

    def _view(self, at: tuple[Mapping[str, Any] | None, Mapping[str, Value]], key: str) -> View | None:
        snapshot, inputs = at
        number = scope_of_process(snapshot, key, self._scope)
        if snapshot is None or number is None:
            return None
        return View(Scopes.from_json(snapshot["scopes"]), number, inputs, self._bundle.names[key])

    def _way(self, view: Mapping[str, Value] | None, key: str, ways: Iterable[Way]) -> str | None:
        if view is None:
            return None
        for way in ways:
            try:
                if way.condition is None or self._session.evaluate(normalise(way.condition), view).value:
                    target = self._bundle.elements[key].get(way.target_id)
                    return target.name if target else way.target_id
            except (ExpressionProblemError, TingzhuError):
                return None  # it cannot be told any more: the view lacks what it reads
        return None

    def _decided(self, view: Mapping[str, Value] | None, element: Element) -> Any:
        if view is None or element.decision_ref is None:
            return None
        try:
            return self._decide(element.decision_ref, view, element.map_result)
        except TingzhuError:
            return None  # as above


def _at_element(bundle: Bundle, compare: _Comparison, element: Element, names: Set[str]) -> Iterator[Settled]:
    place = (element.id, element.name, element.process_key)
    ways = ways_out(bundle, element.process_key).get(element.id, ())
    if read := read_by_ways(ways, names):
        yield Settled("gateway", *place, tuple(sorted(read)), *compare.way(element.process_key, ways))
    if element.decision_ref in bundle.decisions:
        assert element.decision_ref is not None
        if read := bundle.decisions[element.decision_ref].inputs_read & frozenset(names):
            yield Settled("decision", *place, tuple(sorted(read)), *compare.decision(element))
    if element.type == "scriptTask" and (read := names_read(element.script or "") & names):
        yield Settled("script", *place, tuple(sorted(read)))
    if element.topic and (read := read_by_job(element, names)):
        yield Settled("job", *place, tuple(sorted(read)))


def _calls(bundle: Bundle, reach: Reach, passed: Set[tuple[str, str]]) -> Iterator[Settled]:
    """Yield the calls that have taken over what was wrong: their process began since."""
    began = {key for key, element_id in passed if bundle.elements[key][element_id].type == "startEvent"}
    for key, elements in bundle.elements.items():
        for element in elements.values():
            if element.called_element in began and (read := read_by_call(element, reach[key])):
                yield Settled("call", element.id, element.name, key, tuple(sorted(read)))


def _timers(uow: UnitOfWork, bundle: Bundle, reach: Reach, completion: Any) -> Iterator[Settled]:
    rows = uow.connection.execute(
        sa.select(history.c.element_id)
        .where(
            history.c.case_id == completion.case_id,
            history.c.instance_id == completion.instance_id,
            history.c.seq > completion.seq_before,
            history.c.kind == "timer-fired",
        )
        .order_by(history.c.seq)
    )
    for row in rows:
        for key, elements in bundle.elements.items():
            element = elements.get(row.element_id)
            if element is not None and (read := read_by_text(element.timer, reach[key])):
                yield Settled("timer", element.id, element.name, key, tuple(sorted(read)))


def _user_tasks(uow: UnitOfWork, completion: Any) -> Iterator[Settled]:
    rows = uow.connection.execute(
        sa.select(user_task.c.element_id, user_task.c.element_name, user_task.c.process_key)
        .join(user_task_completion, user_task_completion.c.user_task_id == user_task.c.id)
        .where(
            user_task_completion.c.instance_id == completion.instance_id,
            user_task_completion.c.seq_before > completion.seq_before,
            user_task_completion.c.retracted_at.is_(None),
        )
        .order_by(user_task_completion.c.seq_before)
    )
    for row in rows:
        yield Settled("user-task", row.element_id, row.element_name, row.process_key, ())
