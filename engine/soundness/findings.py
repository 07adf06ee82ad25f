"""What the token game has to say about a process, in sentences, each with the way that leads there."""

from collections.abc import Iterator, Sequence

from lxml import etree

from engine.domain.findings import Finding
from engine.soundness.exploration import MAX_STATES, Flaw, explore
from engine.soundness.net import Net, Node, read_net

LONGEST_TRACE = 24
"""Elements of a trace that are told; the beginning of a longer one is left out."""


def soundness_findings(file: str, process: etree._Element) -> list[Finding]:
    """Return warnings about a `process` element whose structure is in order.

    Rules: `deadlock` (a join waits for what never comes), `lack-of-synchronisation` (a second token arrives where one
    rests already), `no-way-to-end`, `never-reached`, `no-escalation` (a user task without due date and timer, so that
    nobody learns when it is left lying), `not-fully-explored`. Data are not looked at: a way that conditions exclude is
    played all the same, which is why these are warnings.
    """
    net = read_net(process)
    if net.key not in net.starts:
        return []
    return [*_flaws(file, net), *_unattended(file, net)]


def _flaws(file: str, net: Net) -> Iterator[Finding]:
    found = explore(net)
    for flaw in found.flaws:
        yield _finding(file, net, flaw)
    if not found.is_complete:
        yield _warning(
            file,
            net,
            None,
            "not-fully-explored",
            f"流程可能的状态超过 {MAX_STATES} 个，只检查了一部分。并行分支较多时，可拆成子流程或被调用流程。",
            f"The process can be in more than {MAX_STATES} states; only some were checked. "
            "With many parallel branches, split it into called processes.",
        )
    elif not found.flaws:
        for node in net.nodes.values():
            if node.id not in found.reached and net.flows and node.incoming:
                yield _warning(
                    file,
                    net,
                    node,
                    "never-reached",
                    "无论怎样选择分支，都不会执行到此元素。",
                    "No choice of ways ever leads to this element.",
                )


def _unattended(file: str, net: Net) -> Iterator[Finding]:
    for node in net.nodes.values():
        if node.is_user_task and not node.has_due_date and not _has_timer(net, node):
            yield _warning(
                file,
                net,
                node,
                "no-escalation",
                "用户任务既没有办理期限（camunda:dueDate），也没有定时边界事件：积压时无人知晓。",
                "The user task has neither a due date (camunda:dueDate) nor a timer boundary event: nobody would learn "
                "that it is left lying.",
            )


def _has_timer(net: Net, node: Node) -> bool:
    return any(event.trigger == "timer" for event in node.boundaries)


def _finding(file: str, net: Net, flaw: Flaw) -> Finding:
    node = net.nodes[flaw.element_id]
    zh, en = _way(net, flaw.trace)
    match flaw.kind:
        case "deadlock":
            return _warning(
                file,
                net,
                node,
                "deadlock",
                f"可能卡死：汇合“{node.name}”等待的分支不会再到达。路径：{zh}",
                f"Deadlock: the join {node.name!r} waits for a branch that never comes. Way: {en}",
            )
        case "lack-of-synchronisation":
            return _warning(
                file,
                net,
                node,
                "lack-of-synchronisation",
                f"分支未汇合：“{node.name}”会同时执行两次。路径：{zh}",
                f"Lack of synchronisation: {node.name!r} is entered a second time while it is still active. Way: {en}",
            )
        case "no-way-to-end":
            return _warning(
                file,
                net,
                node,
                "no-way-to-end",
                f"到“{node.name}”后流程再也无法结束。路径：{zh}",
                f"From {node.name!r} on the process can never end. Way: {en}",
            )


def _way(net: Net, trace: Sequence[str]) -> tuple[str, str]:
    names: list[str] = []
    for each in trace:
        if each in net.flows:
            if net.flow_names[each]:
                names[-1] += f"[{net.flow_names[each]}]"
        elif not names or names[-1] != _name(net, each):
            names.append(_name(net, each))
    cut = "… → " if len(names) > LONGEST_TRACE else ""
    way = cut + " → ".join(names[-LONGEST_TRACE:])
    return way + "。", way + "."


def _name(net: Net, key: str) -> str:
    if key in net.nodes:
        return net.nodes[key].name
    return next(event.name for node in net.nodes.values() for event in node.boundaries if event.id == key)


def _warning(file: str, net: Net, node: Node | None, rule: str, zh: str, en: str) -> Finding:
    return Finding(
        file, rule, zh, en, "warning", node.id if node is not None else net.key, node.name if node is not None else None
    )
