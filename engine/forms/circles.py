"""Finds fields of a form whose visibility or value depends, in the end, on itself."""

from collections.abc import Mapping

from engine.forms.components import Scope


def circle(scope: Scope, names: Mapping[str, frozenset[str]]) -> list[str]:
    """Return the keys of one circle among the fields of the form itself, or an empty list.

    `names` says which names an expression text reads. What lies in rows or in groups with a path is not followed;
    evaluation stops after a bounded number of rounds anyway.
    """
    reads: dict[str, set[str]] = {}
    for spec in scope.fields:
        if len(spec.path) > 1:
            continue
        texts = [*spec.guards, *([spec.expression] if spec.expression is not None else [])]
        reads.setdefault(spec.path[0], set()).update(*(names.get(text, frozenset()) for text in texts))
    for rows in scope.lists:
        reads.setdefault(rows.path[0], set()).update(*(names.get(text, frozenset()) for text in rows.guards))
    done: set[str] = set()
    for start in reads:
        found = _follow(start, reads, [], done)
        if found:
            return found
    return []


def _follow(name: str, reads: Mapping[str, set[str]], trail: list[str], done: set[str]) -> list[str]:
    if name in trail:
        return [*trail[trail.index(name) :], name]
    if name in done:
        return []
    for following in sorted(reads.get(name, ())):
        found = _follow(following, reads, [*trail, name], done)
        if found:
            return found
    done.add(name)
    return []
