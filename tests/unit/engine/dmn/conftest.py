"""Builders of DMN files."""

from collections.abc import Sequence
from typing import Any

import pytest

DMN13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def table(
    rules: Sequence[Sequence[str]],
    *,
    inputs: Sequence[tuple[str, str]] = (("kind", "string"),),
    outputs: Sequence[tuple[str, str]] = (("route", "string"),),
    policy: str = 'hitPolicy="UNIQUE"',
    allowed: str = "",
    default: str = "",
    key: str = "Decision_route",
    requires: Sequence[str] = (),
) -> str:
    """One decision with a table; each rule lists its input cells, then its outputs."""
    columns = "".join(
        f'<input id="In_{n}" label="{text}"><inputExpression typeRef="{kind}"><text>{escape(text)}</text>'
        f"</inputExpression>{'<inputValues><text>' + escape(allowed) + '</text></inputValues>' if allowed else ''}</input>"
        for n, (text, kind) in enumerate(inputs)
    )
    columns += "".join(
        f'<output id="Out_{n}" name="{name}" typeRef="{kind}">'
        f"{'<defaultOutputEntry><text>' + escape(default) + '</text></defaultOutputEntry>' if default else ''}</output>"
        for n, (name, kind) in enumerate(outputs)
    )
    rows = "".join(
        f'<rule id="Rule_{n}">'
        + "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in row[: len(inputs)])
        + "".join(f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in row[len(inputs) :])
        + "</rule>"
        for n, row in enumerate(rules, 1)
    )
    return decision(f"<decisionTable {policy}>{columns}{rows}</decisionTable>", key=key, requires=requires)


def literal(expression: str, *, key: str, variable: str = "", requires: Sequence[str] = (), type_: str = "Any") -> str:
    """One decision with a literal expression."""
    named = f'<variable name="{variable}" typeRef="{type_}"/>' if variable else ""
    logic = f'{named}<literalExpression typeRef="{type_}"><text>{escape(expression)}</text></literalExpression>'
    return decision(logic, key=key, requires=requires)


def decision(logic: str, *, key: str = "Decision_route", requires: Sequence[str] = ()) -> str:
    """One decision around any logic."""
    needed = "".join(
        f'<informationRequirement><requiredDecision href="#{other}"/></informationRequirement>' for other in requires
    )
    return f'<decision id="{key}" name="分流 {key}">{needed}{logic}</decision>'


def definitions(*decisions: str, namespace: str = DMN13) -> bytes:
    """A DMN file."""
    return (
        f'<definitions xmlns="{namespace}" xmlns:camunda="http://camunda.org/schema/1.0/dmn" id="D" name="D" '
        f'namespace="http://camunda.org/schema/1.0/dmn">{"".join(decisions)}</definitions>'
    ).encode()


class Build:
    table = staticmethod(table)
    literal = staticmethod(literal)
    decision = staticmethod(decision)
    definitions = staticmethod(definitions)


@pytest.fixture(scope="session")
def build() -> Any:
    return Build
