"""Which names a source reads and assigns."""

import pytest

from engine.expressions import names_assigned, names_read


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("amount > 5 and 金额", {"amount", "金额"}),
        ("deadline('X', accepted_on)", {"deadline", "accepted_on"}),
        ("[c for c in claims if c > limit]", {"claims", "limit"}),
        ("[d for c in claims for d in c]", {"claims"}),
        ("{k: v + x for k, v in pairs}", {"pairs", "x"}),
        ("max(claims, key=lambda c: c[field])", {"max", "claims", "field"}),
        ("f'{a}-{b:>{width}}'", {"a", "b", "width"}),
        ("x = 1\ny = x + z", {"z"}),
        ("x = x + 1", {"x"}),
        ("x += 1", {"x"}),
        ("claim['a'] = b", {"claim", "b"}),
        ("if a:\n    x = 1\ny = x", {"a", "x"}),
        ("if a:\n    x = 1\nelse:\n    x = 2\ny = x", {"a"}),
        ("for c in claims:\n    last = c\ny = last", {"claims", "last"}),
        ("while a:\n    x = 1\ny = x", {"a", "x"}),
        ("try:\n    x = a\nexcept ValueError as e:\n    x = str(e)\ny = x", {"a", "ValueError", "str"}),
        ("def f(n, m=limit):\n    t = n + k\n    return t\ny = f(b)", {"limit", "k", "b"}),
        ("import math\nx = math.floor(a)", {"a"}),
        ("x: int = a", {"a"}),
        ("a >", set()),
    ],
)
def test_name_read_is_missed_or_made_up(source: str, names: set[str]) -> None:
    assert names_read(source) == names


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ("x = 1\ny: int = 2\nz += 1", {"x", "y", "z"}),
        ("a, (b, *c) = d", {"a", "b", "c"}),
        ("claim['amount'] = 1", {"claim"}),
        ("claims[0]['amount'] = 1", {"claims"}),
        ("claims.append(1)", {"claims"}),
        ("claims.index(1)", set()),
        ("for c in claims:\n    total = c", {"total"}),
        ("for c in claims:\n    c = 1", {"c"}),
        ("if a:\n    x = 1\nelse:\n    y = 2", {"x", "y"}),
        ("_t = 1", set()),
        ("import math\ndef f(n):\n    inner = n\n    return inner\nx = f(1)", {"x"}),
        ("x: int", set()),
        ("[v for v in a]", set()),
        ("class", set()),
    ],
)
def test_assigned_name_is_missed_or_made_up(script: str, names: set[str]) -> None:
    assert names_assigned(script) == names
