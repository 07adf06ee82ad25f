"""Columns of a layout: every element right of those before it, loops apart."""

from collections.abc import Mapping, Sequence


def ranks(
    ids: Sequence[str], following: Mapping[str, Sequence[str]], beside: Sequence[tuple[str, str]]
) -> dict[str, int]:
    """Return the column of every element.

    `following` are sequence flows, each of which goes one column on unless it closes a loop; `beside` are pairs of a
    host and what a boundary event of it leads to: in the host's column if nothing else pushes it on, each further one
    of the same host one column on.
    """
    order = _order(ids, following, beside)
    place = {each: index for index, each in enumerate(order)}
    columns = dict.fromkeys(ids, 0)
    for each in order:
        for target in following[each]:
            if place[target] > place[each]:
                columns[target] = max(columns[target], columns[each] + 1)
        for index, target in enumerate(dict.fromkeys(target for host, target in beside if host == each)):
            if place[target] > place[each]:
                columns[target] = max(columns[target], columns[each] + index)
    return columns


def _order(ids: Sequence[str], following: Mapping[str, Sequence[str]], beside: Sequence[tuple[str, str]]) -> list[str]:
    """Return a topological order of what is left when the flows that close a loop are taken away."""
    after = {each: [*following[each], *(target for host, target in beside if host == each)] for each in ids}
    entered = {target for targets in after.values() for target in targets}
    finished: list[str] = []
    seen: set[str] = set()
    for start in [each for each in ids if each not in entered] + list(ids):
        if start in seen:
            continue
        seen.add(start)
        stack = [(start, iter(after[start]))]
        while stack:
            each, remaining = stack[-1]
            for target in remaining:
                if target not in seen:
                    seen.add(target)
                    stack.append((target, iter(after[target])))
                    break
            else:
                finished.append(each)
                stack.pop()
    return finished[::-1]
