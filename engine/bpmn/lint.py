"""Findings about what models refer to: job types, forms, decisions, called processes, groups, expressions, times."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

from lxml import etree

from engine.bpmn.bundle import Bundle, Surroundings, variable_types
from engine.bpmn.elements import JOB_TYPES, Element
from engine.bpmn.times import due_time, retry_delays
from engine.bpmn.xml import NS, tag
from engine.dmn import MAP_RESULTS
from engine.domain.findings import Finding
from engine.expressions import check, is_expression, normalise


def lint(bundle: Bundle, surroundings: Surroundings) -> list[Finding]:
    """Return the findings of a bundle whose files could be read."""
    findings: list[Finding] = []
    for key, process in bundle.processes.items():
        types = variable_types(key, bundle.processes, bundle.elements, bundle.forms, surroundings)
        names = {**types, **surroundings.input_names}
        place = _Place(bundle, surroundings, process.resource_name, key, names)
        for element in bundle.elements[key].values():
            findings += place.element(element)
        findings += place.flows(bundle.resources[process.resource_name].content)
        findings += [
            place.at(
                None,
                "variable-owned-by-host",
                f"变量 {name} 与事件日期重名。",
                f"The variable {name} is the name of an event date.",
            )
            for name in sorted(types.keys() & surroundings.input_names.keys())
            if name not in _form_names(bundle)
        ]
    findings += _cycles(bundle)
    return findings


def _form_names(bundle: Bundle) -> set[str]:
    return {name for form in bundle.forms.values() for name in form.fields}


class _Place:
    """The check of one process."""

    def __init__(
        self, bundle: Bundle, surroundings: Surroundings, file: str, process_key: str, names: dict[str, str]
    ) -> None:
        self.bundle = bundle
        self.surroundings = surroundings
        self.file = file
        self.process_key = process_key
        self.names = names

    def at(self, element: Element | None, rule: str, zh: str, en: str, *, warning: bool = False) -> Finding:
        """Return a finding at an element of this process, or at the process itself."""
        return Finding(
            self.file,
            rule,
            zh,
            en,
            "warning" if warning else "error",
            element.id if element else self.process_key,
            element.name if element else self.bundle.processes[self.process_key].name,
        )

    def element(self, element: Element) -> Iterator[Finding]:
        """Check one element."""
        if element.type in JOB_TYPES:
            yield from self._job(element)
        if element.type in ("userTask", "manualTask"):
            yield from self._user_task(element)
        if element.type == "businessRuleTask":
            yield from self._decision(element)
        if element.type == "callActivity":
            yield from self._call(element)
        if element.type == "scriptTask":
            yield from self._expression(element, element.script or "", "脚本", "script", kind="script")
        if element.timer is not None:
            yield from self._timer(element)
        if element.event == "conditional":
            yield from self._expression(element, element.condition or "", "条件", "condition")
        yield from self._loop(element)

    def flows(self, content: bytes) -> Iterator[Finding]:
        """Check the conditions on sequence flows of this process."""
        root = etree.fromstring(content)
        for process in root.iterfind("bpmn:process", NS):
            if process.get("id") != self.process_key:
                continue
            for flow in process.iter():
                condition = flow.find("bpmn:conditionExpression", NS) if tag(flow) == "sequenceFlow" else None
                if condition is None:
                    continue
                source = self.bundle.elements[self.process_key].get(flow.get("sourceRef", ""))
                label = flow.get("name") or flow.get("id")
                text = condition.text or ""
                if source is not None:
                    yield from self._expression(source, text, f"分支“{label}”的条件", f"condition of flow {label!r}")

    def _expression(
        self,
        element: Element,
        source: str,
        zh: str,
        en: str,
        *,
        kind: Literal["expression", "script"] = "expression",
        extra: dict[str, str] | None = None,
    ) -> Iterator[Finding]:
        text = normalise(source)
        if not text.strip():
            yield self.at(element, "empty-expression", f"{zh}为空。", f"The {en} is empty.")
            return
        names = {**self.names, **(extra or {})}
        for problem in check(text, kind=kind, names=names, functions=self.surroundings.function_stubs):
            yield self.at(
                element,
                "bad-expression",
                f"{zh} {text!r}：{problem.zh}",
                f"The {en} {text!r}: {problem.en}",
            )

    def _job(self, element: Element) -> Iterator[Finding]:
        if not element.topic:
            yield self.at(
                element,
                "job-type-missing",
                "服务任务没有指定作业类型（camunda:type=external 与 camunda:topic）。",
                "The service task names no job type (camunda:type=external and camunda:topic).",
            )
            return
        job_type = self.surroundings.job_types.get(element.topic)
        if job_type is None:
            known = "、".join(sorted(self.surroundings.job_types))
            yield self.at(
                element,
                "unknown-job-type",
                f"没有处理作业类型 {element.topic} 的程序。可用类型：{known}。",
                f"No handler does the job type {element.topic}. Known: {', '.join(sorted(self.surroundings.job_types))}.",
            )
        else:
            given = {mapping.target for mapping in element.inputs}
            for name in sorted(job_type.required_inputs - given):
                yield self.at(
                    element,
                    "job-input-missing",
                    f"作业类型 {element.topic} 需要输入参数 {name}。",
                    f"The job type {element.topic} needs the input parameter {name}.",
                )
            for name in sorted(given - job_type.inputs):
                yield self.at(
                    element,
                    "job-input-unknown",
                    f"作业类型 {element.topic} 没有输入参数 {name}。",
                    f"The job type {element.topic} has no input parameter {name}.",
                )
        for mapping in element.inputs:
            if mapping.is_expression:
                yield from self._expression(
                    element, mapping.source, f"输入参数 {mapping.target}", f"input {mapping.target}"
                )
        outputs = dict.fromkeys(job_type.outputs, "Any") if job_type else {}
        for mapping in element.outputs:
            if mapping.is_expression:
                yield from self._expression(
                    element, mapping.source, f"输出参数 {mapping.target}", f"output {mapping.target}", extra=outputs
                )
        try:
            retry_delays(element.retry_cycle)
        except ValueError as error:
            yield self.at(element, "bad-retry-cycle", f"重试间隔有误：{error}", f"Bad retry cycle: {error}")

    def _user_task(self, element: Element) -> Iterator[Finding]:
        if element.form_key is None:
            yield self.at(
                element, "form-missing", "用户任务没有指定表单。", "The user task names no form.", warning=True
            )
        elif element.form_key not in self.bundle.forms:
            yield self.at(
                element,
                "unknown-form",
                f"表单 {element.form_key} 不在本次部署中。",
                f"The form {element.form_key} is not in the deployment.",
            )
        else:
            form = self.bundle.forms[element.form_key]
            for name in sorted(form.names_read - self.names.keys() - form.fields.keys()):
                yield self.at(
                    element,
                    "unknown-variable",
                    f"表单 {form.key} 的条件读取 {name}，流程中没有这个变量。",
                    f"A condition of the form {form.key} reads {name}, which nothing in the process sets.",
                )
        if not (element.assignee or element.candidate_groups or element.candidate_users):
            yield self.at(
                element,
                "nobody-responsible",
                "用户任务没有办理人：请设置 candidateGroups、candidateUsers 或 assignee。",
                "Nobody may do the user task: set candidateGroups, candidateUsers or assignee.",
            )
        groups = self.surroundings.groups
        if groups is not None and element.candidate_groups and not is_expression(element.candidate_groups):
            for group in (part.strip() for part in element.candidate_groups.split(",")):
                if group not in groups:
                    yield self.at(
                        element,
                        "unknown-group",
                        f"没有角色 {group}。可用角色：{'、'.join(sorted(groups))}。",
                        f"There is no role {group}. Known: {', '.join(sorted(groups))}.",
                    )
        for text, zh, en in (
            (element.assignee, "办理人", "assignee"),
            (element.candidate_groups, "候选角色", "candidate groups"),
            (element.candidate_users, "候选人", "candidate users"),
            (element.due_date, "到期时间", "due date"),
            (element.follow_up_date, "跟进时间", "follow-up date"),
            (element.priority, "优先级", "priority"),
        ):
            if text and is_expression(text):
                yield from self._expression(element, text, zh, en)

    def _decision(self, element: Element) -> Iterator[Finding]:
        if not element.decision_ref or element.decision_ref not in self.bundle.decisions:
            yield self.at(
                element,
                "unknown-decision",
                f"决策 {element.decision_ref} 不在本次部署中。",
                f"The decision {element.decision_ref} is not in the deployment.",
            )
            return
        for name in sorted(self.bundle.decisions[element.decision_ref].inputs_read - self.names.keys()):
            yield self.at(
                element,
                "unknown-variable",
                f"决策 {element.decision_ref} 读取的变量 {name} 在流程中没有定义。",
                f"The decision {element.decision_ref} reads {name}, which nothing in the process sets.",
            )
        if not element.result_variable:
            yield self.at(
                element,
                "result-variable-missing",
                "业务规则任务没有结果变量。",
                "The business rule task has no result variable.",
            )
        if element.map_result not in MAP_RESULTS:
            yield self.at(
                element,
                "bad-map-result",
                f"mapDecisionResult {element.map_result} 无效。",
                f"mapDecisionResult {element.map_result} is not one of {', '.join(sorted(MAP_RESULTS))}.",
            )

    def _call(self, element: Element) -> Iterator[Finding]:
        called = element.called_element
        if not called or called not in self.bundle.processes:
            yield self.at(
                element,
                "unknown-process",
                f"被调用的流程 {called} 不在本次部署中。",
                f"The called process {called} is not in the deployment.",
            )
            return
        for mapping in element.in_mappings:
            yield from self._expression(
                element, mapping.source, f"传入 {mapping.target}", f"in mapping {mapping.target}"
            )
        inner = variable_types(
            called, self.bundle.processes, self.bundle.elements, self.bundle.forms, self.surroundings
        )
        names = {**inner, **self.surroundings.input_names}
        for mapping in element.out_mappings:
            for problem in check(
                mapping.source, kind="expression", names=names, functions=self.surroundings.function_stubs
            ):
                yield self.at(
                    element,
                    "bad-expression",
                    f"传出 {mapping.target}（{mapping.source!r}，在流程 {called} 中求值）：{problem.zh}",
                    f"The out mapping {mapping.target} ({mapping.source!r}, evaluated in process {called}): {problem.en}",
                )

    def _timer(self, element: Element) -> Iterator[Finding]:
        text = element.timer or ""
        if is_expression(text):
            yield from self._expression(element, text, "定时表达式", "timer expression")
            return
        try:
            due_time(element.timer_kind or "date", text, datetime(2000, 1, 1, tzinfo=UTC))
        except ValueError as error:
            yield self.at(element, "bad-time", f"定时设置有误：{error}", f"Bad time: {error}")
        if element.timer_kind == "cycle" and (element.attached_to is None or element.is_interrupting):
            yield self.at(
                element,
                "cycle-fires-once",
                "循环定时只在非中断边界事件上重复触发，此处只触发一次。",
                "A cycle repeats on non-interrupting boundary events only; here it fires once.",
                warning=True,
            )

    def _loop(self, element: Element) -> Iterator[Finding]:
        loop = element.multi_instance
        if loop is not None:
            source = loop.collection or loop.cardinality
            if source is None:
                yield self.at(
                    element,
                    "loop-without-items",
                    "多次执行（multi-instance）没有集合也没有次数。",
                    "The multi-instance has neither collection nor cardinality.",
                )
            else:
                yield from self._expression(element, source, "多次执行的集合", "multi-instance collection")
            if loop.condition:
                yield from self._expression(element, loop.condition, "多次执行的完成条件", "completion condition")
        if element.loop_condition:
            yield from self._expression(element, element.loop_condition, "循环条件", "loop condition")


def _cycles(bundle: Bundle) -> Iterator[Finding]:
    calls = {
        key: {element.called_element for element in elements.values() if element.called_element}
        for key, elements in bundle.elements.items()
    }
    for key in calls:
        seen: set[str] = set()
        queue = list(calls[key])
        while queue:
            called = queue.pop()
            if called == key:
                yield Finding(
                    bundle.processes[key].resource_name,
                    "call-cycle",
                    f"流程 {key} 直接或间接调用了自身。",
                    f"The process {key} calls itself, directly or through others.",
                    element_id=key,
                )
                break
            if called not in seen and called in calls:
                seen.add(called)
                queue += [name for name in calls[called] if name]
