"""Variables in scopes: one value each, visible at once to every branch."""

from collections.abc import Iterator, Mapping, Set
from typing import Any

from engine.domain.values import Value, decode, encode

ROOT = 0


class Scope:
    """Variables of a process, of a sub-process with input parameters, or of one multi-instance item."""

    __slots__ = ("kind", "parent", "process_key", "values")

    def __init__(self, kind: str, parent: int | None, process_key: str, values: dict[str, Value] | None = None) -> None:
        self.kind = kind
        self.parent = parent
        self.process_key = process_key
        self.values = values if values is not None else {}


class Scopes:
    """All scopes of one process instance, by number; 0 is the instance's own."""

    def __init__(self, process_key: str) -> None:
        self._scopes: dict[int, Scope] = {ROOT: Scope("process", None, process_key)}
        self.changes: list[tuple[str, str, Value]] = []
        """(process key, name, value) in the order of assignment, of this step."""

    def open(self, kind: str, parent: int | None, process_key: str, number: int) -> int:
        """Open a scope of kind `process`, `local` or `item` under `number`; return the number."""
        self._scopes[number] = Scope(kind, parent, process_key)
        return number

    def __getitem__(self, number: int) -> Scope:
        return self._scopes[number]

    def close(self, number: int) -> None:
        """Forget a scope."""
        if number != ROOT:
            self._scopes.pop(number, None)

    def chain(self, number: int) -> Iterator[Scope]:
        """Yield the scope and those around it, innermost first."""
        current: int | None = number
        while current is not None:
            scope = self._scopes[current]
            yield scope
            current = scope.parent

    def assign(self, number: int, name: str, value: Value) -> None:
        """Give a variable its value where it lives; a new one is born in the innermost item or process scope."""
        home = None
        for scope in self.chain(number):
            if name in scope.values:
                home = scope
                break
            if home is None and scope.kind != "local":
                home = scope
        assert home is not None
        if name in home.values and home.values[name] == value and type(home.values[name]) is type(value):
            return
        home.values[name] = value
        self.changes.append((home.process_key, name, value))

    def define(self, number: int, name: str, value: Value) -> None:
        """Give a variable its value in exactly this scope."""
        self._scopes[number].values[name] = value

    def keep_only(self, numbers: Set[int]) -> None:
        """Forget every scope that neither `numbers` nor their parents need."""
        needed = {ROOT}
        for number in numbers:
            current: int | None = number
            while current is not None and current not in needed:
                needed.add(current)
                current = self._scopes[current].parent if current in self._scopes else None
        self._scopes = {number: scope for number, scope in self._scopes.items() if number in needed}

    def as_json(self) -> dict[str, Any]:
        """Return the stored form."""
        return {
            str(number): [scope.kind, scope.parent, scope.process_key, {k: encode(v) for k, v in scope.values.items()}]
            for number, scope in self._scopes.items()
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Scopes":
        """Return the scopes that `as_json` stored."""
        scopes = cls("")
        scopes._scopes = {
            int(number): Scope(kind, parent, process_key, {k: decode(v) for k, v in values.items()})
            for number, (kind, parent, process_key, values) in stored.items()
        }
        return scopes


class View(Mapping[str, Value]):
    """What an expression at some place sees: its scopes, then the host's named inputs; declared but unset names are None."""

    __slots__ = ("_inputs", "_known", "_number", "_scopes")

    def __init__(self, scopes: Scopes, number: int, inputs: Mapping[str, Value], known: Set[str]) -> None:
        self._scopes = scopes
        self._number = number
        self._inputs = inputs
        self._known = known

    def __getitem__(self, name: str) -> Value:
        for scope in self._scopes.chain(self._number):
            if name in scope.values:
                return scope.values[name]
        if name in self._inputs:
            return self._inputs[name]
        if name in self._known:
            return None
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return (
            any(name in scope.values for scope in self._scopes.chain(self._number))
            or name in self._inputs
            or name in self._known
        )

    def __iter__(self) -> Iterator[str]:
        seen: set[str] = set()
        for scope in self._scopes.chain(self._number):
            seen |= scope.values.keys()
        return iter(seen | self._inputs.keys() | self._known)

    def __len__(self) -> int:
        return sum(1 for _ in self)
