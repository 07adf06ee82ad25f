"""Which of the matching rules count, and how their outputs become one result (DMN 1.3, 8.2.10-8.2.11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from engine.domain.values import Value

HitPolicy = Literal["UNIQUE", "FIRST", "ANY", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"]
Aggregation = Literal["SUM", "MIN", "MAX", "COUNT"]

HIT_POLICIES: frozenset[str] = frozenset(
    {"UNIQUE", "FIRST", "ANY", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"}
)
AGGREGATIONS: frozenset[str] = frozenset({"SUM", "MIN", "MAX", "COUNT"})
SINGLE = frozenset({"UNIQUE", "FIRST", "ANY", "PRIORITY"})
"""Policies that give at most one result."""

Hit = dict[str, Value]


class PolicyViolatedError(Exception):
    """More rules match than the policy allows, or their outputs cannot be aggregated."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The order of an output column's allowed values, highest first."""

    name: str
    values: tuple[Value, ...]

    def rank(self, hit: Hit) -> int:
        """Return the place of a hit's value; unlisted values come last."""
        value = hit[self.name]
        return self.values.index(value) if value in self.values else len(self.values)


def apply_policy(policy: HitPolicy, hits: Sequence[Hit], rankings: Sequence[Ranking]) -> list[Hit]:
    """Return the hits that count, in order; raises PolicyViolatedError when the policy forbids them."""
    match policy:
        case "UNIQUE":
            if len(hits) > 1:
                raise PolicyViolatedError
            return list(hits)
        case "FIRST":
            return list(hits[:1])
        case "ANY":
            if any(hit != hits[0] for hit in hits):
                raise PolicyViolatedError
            return list(hits[:1])
        case "PRIORITY":
            return _ranked(hits, rankings)[:1]
        case "OUTPUT ORDER":
            return _ranked(hits, rankings)
        case "COLLECT" | "RULE ORDER":
            return list(hits)


def aggregate(aggregation: Aggregation, name: str, hits: Sequence[Hit]) -> list[Hit]:
    """Return one hit with the aggregated output `name`; none when nothing matched and there is nothing to count.

    Raises PolicyViolatedError for values that cannot be added or compared.
    """
    values = [hit[name] for hit in hits]
    if aggregation == "COUNT":
        return [{name: len(values)}]
    numbers = [value for value in values if isinstance(value, int | Decimal) and not isinstance(value, bool)]
    if len(numbers) != len(values):
        raise PolicyViolatedError
    if not numbers:
        return []
    match aggregation:
        case "SUM":
            return [{name: sum(numbers[1:], start=numbers[0])}]
        case "MIN":
            return [{name: min(numbers)}]
        case "MAX":
            return [{name: max(numbers)}]


def _ranked(hits: Sequence[Hit], rankings: Sequence[Ranking]) -> list[Hit]:
    return sorted(hits, key=lambda hit: tuple(ranking.rank(hit) for ranking in rankings))
